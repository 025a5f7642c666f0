use proptest::prelude::*;

use super::{
    FigureFormula, Fraction, Goal, Indicator, Ratio, Reason, Renamed, Season, Share, TargetOutcome,
    TargetTolerance, YearCount, both, fall, rate, reduction, share,
};
use crate::domain::code::Coded as _;

const fn final_of(year: i32) -> Season {
    Season { year, base_year: Some(2019), plan: (2021, 2025), provisional: false }
}

fn goal(goal: Goal) -> Option<(Goal, TargetTolerance)> {
    Some((goal, TargetTolerance::Exact))
}

fn less(percent: i32) -> Option<(Goal, TargetTolerance)> {
    goal(Goal::ReducedBy(Fraction::hundredths(percent)))
}

fn count(
    year: i32,
    base: i64,
    now: i64,
    target: Option<(Goal, TargetTolerance)>,
) -> (TargetOutcome, &'static str) {
    let judged = reduction(final_of(year), YearCount::Known(base), YearCount::Known(now), target);
    (judged.outcome, judged.reason.code())
}

fn cases(year: i32, short: i64, all: i64, earlier: &[(i32, i64, i64)]) -> (TargetOutcome, Reason) {
    let earlier: Vec<Ratio> = earlier
        .iter()
        .map(|(year, n, d)| Ratio { year: *year, value: Fraction::new(*n, *d) })
        .collect();
    let of = Share { numerator: YearCount::Known(short), denominator: YearCount::Known(all) };
    let judged = fall(final_of(year), of, &earlier, goal(Goal::Falls));
    (judged.outcome, judged.reason)
}

#[test]
fn a_reduction_is_met_to_the_last_case() {
    assert_eq!(count(2024, 100, 85, less(15)), (TargetOutcome::Met, "TARGET_MET"));
    assert_eq!(count(2024, 100, 86, less(15)), (TargetOutcome::NotMet, "TARGET_NOT_MET"));
    // 14.96 % is printed as 15.0% and is not enough.
    let judged =
        reduction(final_of(2024), YearCount::Known(10_000), YearCount::Known(8_504), less(15));
    assert_eq!(judged.value.map(Fraction::percent).as_deref(), Some("15.0%"));
    assert_eq!((judged.outcome, judged.most), (TargetOutcome::NotMet, Some(8_500)));
}

#[test]
fn the_first_year_must_be_strictly_below_the_base() {
    assert_eq!(count(2021, 24, 24, goal(Goal::BelowBase)).0, TargetOutcome::NotMet);
    assert_eq!(count(2021, 24, 23, goal(Goal::BelowBase)).0, TargetOutcome::Met);
    assert_eq!(count(2021, 24, 25, goal(Goal::BelowBase)).0, TargetOutcome::NotMet);
}

#[test]
fn a_base_of_zero_is_to_be_held_at_zero() {
    for target in [goal(Goal::BelowBase), less(15)] {
        let kept = reduction(final_of(2024), YearCount::Known(0), YearCount::Known(0), target);
        assert_eq!(
            (kept.value, kept.outcome, kept.reason, kept.most),
            (None, TargetOutcome::Met, Reason::BaselineZeroHeld, Some(0))
        );
        assert_eq!(count(2024, 0, 1, target), (TargetOutcome::NotMet, "BASELINE_ZERO"));
    }
}

#[test]
fn a_small_base_leaves_only_zero() {
    let judged = reduction(final_of(2022), YearCount::Known(1), YearCount::Known(1), less(5));
    assert_eq!((judged.outcome, judged.most), (TargetOutcome::NotMet, Some(0)));
    assert_eq!(count(2022, 1, 0, less(5)).0, TargetOutcome::Met);
}

#[test]
fn base_year_open_years_and_years_outside_the_plan_are_not_judged() {
    assert_eq!(count(2019, 24, 24, less(5)), (TargetOutcome::NotJudged, "BASE_YEAR"));
    assert_eq!(count(2020, 24, 30, less(5)), (TargetOutcome::NotJudged, "YEAR_NOT_IN_PLAN"));
    assert_eq!(count(2026, 24, 30, less(5)), (TargetOutcome::NotJudged, "YEAR_NOT_IN_PLAN"));
    let open = Season { provisional: true, ..final_of(2025) };
    for (base, now) in [(24, 3), (24, 30), (0, 0), (0, 1)] {
        let judged = reduction(open, YearCount::Known(base), YearCount::Known(now), less(20));
        assert_eq!(
            (judged.outcome, judged.reason),
            (TargetOutcome::NotJudged, Reason::Preliminary)
        );
        assert_eq!(judged.value, Fraction::reduction(base, now), "the number is told all the same");
    }
    assert_eq!(count(2024, 24, 3, None), (TargetOutcome::NotJudged, "NO_TARGET"));
}

#[test]
fn what_is_missing_withheld_or_negative_is_not_judged() {
    for (number, code) in [
        (YearCount::Missing, "NO_FIGURE"),
        (YearCount::Withheld, "WITHHELD"),
        (YearCount::Closed, "NOT_YOURS"),
        (YearCount::Known(-1), "NEGATIVE_COUNT"),
    ] {
        for (base, now) in [(number, YearCount::Known(3)), (YearCount::Known(3), number)] {
            let judged = reduction(final_of(2024), base, now, less(5));
            assert_eq!(
                (judged.value, judged.outcome, judged.reason.code()),
                (None, TargetOutcome::NotJudged, code)
            );
        }
        let of = Share { numerator: YearCount::Known(1), denominator: number };
        assert_eq!(share(final_of(2024), of, None).reason.code(), code);
        assert_eq!(fall(final_of(2024), of, &[], goal(Goal::Falls)).reason.code(), code);
        assert_eq!(rate(final_of(2024), None, of, None).reason.code(), code);
    }
}

#[test]
fn a_target_of_about_is_told_and_never_passed_or_failed() {
    let about = Some((Goal::ReducedBy(Fraction::hundredths(20)), TargetTolerance::About));
    let of = |numerator, denominator| Share {
        numerator: YearCount::Known(numerator),
        denominator: YearCount::Known(denominator),
    };
    for now in [300, 399, 400, 401, 600] {
        let judged = rate(final_of(2025), Some(of(500, 100_000)), of(now, 100_000), about);
        assert_eq!(
            (judged.value, judged.outcome),
            (Fraction::new(now, 100_000), TargetOutcome::About)
        );
    }
    assert_eq!(rate(final_of(2025), None, of(1, 100), about).reason, Reason::Missing);
    assert_eq!(
        rate(final_of(2025), Some(of(0, 100)), of(1, 100), about).reason,
        Reason::BaselineZeroNotHeld
    );
    assert_eq!(rate(final_of(2025), Some(of(1, 100)), of(1, 0), about).reason, Reason::Nothing);
}

#[test]
fn the_pneumoconiosis_ratio_has_to_fall_every_year() {
    assert_eq!(
        cases(2024, 2, 40, &[(2023, 3, 40), (2019, 1, 40)]),
        (TargetOutcome::Met, Reason::Met)
    );
    assert_eq!(cases(2024, 3, 40, &[(2023, 3, 40)]), (TargetOutcome::NotMet, Reason::Short));
    // Two fortieths and one twentieth are the same.
    assert_eq!(cases(2024, 2, 40, &[(2023, 1, 20)]), (TargetOutcome::NotMet, Reason::Short));
    assert_eq!(cases(2024, 0, 40, &[(2023, 0, 9)]), (TargetOutcome::Met, Reason::PreviousZeroHeld));
    assert_eq!(
        cases(2024, 1, 40, &[(2023, 0, 9)]),
        (TargetOutcome::NotMet, Reason::PreviousZeroNotHeld)
    );
    assert_eq!(cases(2024, 0, 0, &[(2023, 1, 9)]), (TargetOutcome::NotJudged, Reason::NoCases));
    let since = Reason::PreviousNull { year: 2021, lower: true };
    assert_eq!(
        cases(2024, 1, 40, &[(2023, 0, 0), (2022, 0, 0), (2021, 1, 9)]),
        (TargetOutcome::NotJudged, since)
    );
    assert!(since.message_zh().contains("2021") && since.message_en().contains("2021"));
    assert_eq!(cases(2024, 1, 40, &[(2023, 0, 0)]), (TargetOutcome::NotJudged, Reason::NoPrevious));
    assert_eq!(cases(2019, 1, 40, &[(2018, 2, 40)]), (TargetOutcome::NotJudged, Reason::BaseYear));
}

#[test]
fn a_coverage_is_met_at_its_bound() {
    let of = |trained, all| Share {
        numerator: YearCount::Known(trained),
        denominator: YearCount::Known(all),
    };
    let target = goal(Goal::AtLeast(Fraction::hundredths(95)));
    assert_eq!(share(final_of(2024), of(95, 100), target).outcome, TargetOutcome::Met);
    assert_eq!(share(final_of(2024), of(9499, 10_000), target).outcome, TargetOutcome::NotMet);
    assert_eq!(share(final_of(2024), of(0, 0), target).reason, Reason::Nothing);
    let most = goal(Goal::AtMost(Fraction::hundredths(3)));
    assert_eq!(share(final_of(2024), of(3, 100), most).outcome, TargetOutcome::Met);
    assert_eq!(share(final_of(2024), of(31, 1000), most).outcome, TargetOutcome::NotMet);
}

#[test]
fn accidents_and_casualties_must_both_hold() {
    use TargetOutcome::{About, Met, NotJudged, NotMet};
    assert_eq!(both(Met, Met), Met);
    for (one, other, of_both) in [
        (Met, NotMet, NotMet),
        (NotJudged, NotMet, NotMet),
        (Met, NotJudged, NotJudged),
        (About, Met, About),
    ] {
        assert_eq!(both(one, other), of_both);
        assert_eq!(both(other, one), of_both);
    }
}

#[test]
fn a_renamed_region_counts_where_it_is_now() {
    let pairs = [("A", "B"), ("B", "C"), ("D", "C"), ("X", "Y"), ("Y", "X")];
    let renamed: Renamed =
        pairs.iter().map(|(old, new)| ((*old).to_owned(), (*new).to_owned())).collect();
    assert_eq!((renamed.now("A"), renamed.now("C"), renamed.now("E")), ("C", "C", "E"));
    assert_eq!(renamed.before("C").collect::<Vec<_>>(), ["A", "B", "D"]);
    assert_eq!(renamed.now("X"), "X", "a circle moves nothing");
}

#[test]
fn every_code_comes_back_and_every_reason_has_both_sentences() {
    for &indicator in Indicator::ALL {
        assert_eq!(Indicator::from_code(indicator.code()), Some(indicator));
        assert!(!indicator.label_zh().is_empty() && !indicator.label_en().is_empty());
        assert!(FigureFormula::ALL.contains(&indicator.formula()));
    }
    for &outcome in TargetOutcome::ALL {
        assert_eq!(TargetOutcome::from_code(outcome.code()), Some(outcome));
    }
    for reason in Reason::ALL {
        assert!(
            !reason.message_zh().is_empty()
                && !reason.message_en().is_empty()
                && !reason.code().is_empty()
        );
    }
}

proptest! {
    #[test]
    fn fewer_cases_never_turn_met_into_not_met(base in 0..500_i64, now in 1..500_i64, percent in 0..=40_i32) {
        let rank = |outcome| if outcome == TargetOutcome::Met { 1 } else { 0 };
        prop_assert!(rank(count(2023, base, now - 1, less(percent)).0) >= rank(count(2023, base, now, less(percent)).0));
    }

    #[test]
    fn the_most_is_the_last_count_that_meets(base in 0..500_i64, percent in 0..=40_i32) {
        let most = reduction(final_of(2023), YearCount::Known(base), YearCount::Known(base), less(percent)).most.expect("a count");
        prop_assert_eq!(count(2023, base, most, less(percent)).0, TargetOutcome::Met);
        prop_assert_eq!(count(2023, base, most + 1, less(percent)).0, TargetOutcome::NotMet);
    }

    #[test]
    fn a_fall_is_judged_as_the_products_say(a in 0..50_i64, b in 1..50_i64, c in 1..50_i64, d in 1..50_i64) {
        let met = cases(2024, a, b, &[(2023, c, d)]).0 == TargetOutcome::Met;
        prop_assert_eq!(met, a * d < c * b);
    }
}
