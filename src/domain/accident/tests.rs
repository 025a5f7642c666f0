use proptest::prelude::*;

use super::*;

const YUAN: i64 = 100;

fn deaths(deaths: u32) -> Casualties {
    Casualties { deaths, ..Casualties::default() }
}

fn serious(serious: u32) -> Casualties {
    Casualties { serious, ..Casualties::default() }
}

#[test]
fn bounds_of_deaths_belong_to_the_higher_grade() {
    for (number, expected) in [
        (0, Grade::General),
        (2, Grade::General),
        (3, Grade::Larger),
        (9, Grade::Larger),
        (10, Grade::Major),
        (29, Grade::Major),
        (30, Grade::ExtraordinarilyMajor),
        (u32::MAX, Grade::ExtraordinarilyMajor),
    ] {
        assert_eq!(grade(&deaths(number), None, false), Some(expected), "{number}");
        let missing = Casualties { missing: number, ..Casualties::default() };
        assert_eq!(grade(&missing, None, false), Some(expected), "{number}");
    }
}

#[test]
fn bounds_of_serious_injuries_belong_to_the_higher_grade() {
    for (number, expected) in [
        (9, Grade::General),
        (10, Grade::Larger),
        (49, Grade::Larger),
        (50, Grade::Major),
        (99, Grade::Major),
        (100, Grade::ExtraordinarilyMajor),
    ] {
        assert_eq!(grade(&serious(number), None, false), Some(expected), "{number}");
    }
}

#[test]
fn bounds_of_loss_belong_to_the_higher_grade() {
    for (fen, expected) in [
        (10_000_000 * YUAN - 1, Grade::General),
        (10_000_000 * YUAN, Grade::Larger),
        (50_000_000 * YUAN - 1, Grade::Larger),
        (50_000_000 * YUAN, Grade::Major),
        (100_000_000 * YUAN - 1, Grade::Major),
        (100_000_000 * YUAN, Grade::ExtraordinarilyMajor),
        (i64::MIN, Grade::General),
    ] {
        let nobody = Casualties::default();
        assert_eq!(grade(&nobody, Some(fen), false), Some(expected), "{fen}");
    }
}

#[test]
fn the_highest_criterion_decides_and_deaths_are_not_added_to_serious_injuries() {
    let mixed = Casualties { deaths: 2, serious: 9, minor: 500, ..Casualties::default() };
    assert_eq!(grade(&mixed, Some(0), false), Some(Grade::General));
    assert_eq!(grade(&mixed, Some(50_000_000 * YUAN), false), Some(Grade::Major));
}

#[test]
fn missing_persons_count_with_deaths_and_poisonings_with_serious_injuries() {
    let flood = Casualties { deaths: 1, missing: 2, ..Casualties::default() };
    assert_eq!(grade(&flood, None, false), Some(Grade::Larger));
    let gas = Casualties { serious: 4, acute_poisonings: 6, ..Casualties::default() };
    assert_eq!(grade(&gas, None, false), Some(Grade::Larger));
}

#[test]
fn a_construction_accident_with_loss_only_is_graded_from_one_million_yuan() {
    let nobody = Casualties::default();
    for (fen, expected) in [
        (None, None),
        (Some(0), None),
        (Some(1_000_000 * YUAN - 1), None),
        (Some(1_000_000 * YUAN), Some(Grade::General)),
        (Some(10_000_000 * YUAN), Some(Grade::Larger)),
    ] {
        assert_eq!(grade(&nobody, fen, true), expected, "{fen:?}");
    }
    let one_minor = Casualties { minor: 1, ..Casualties::default() };
    assert_eq!(grade(&one_minor, Some(0), true), Some(Grade::General));
    assert_eq!(grade(&nobody, None, false), Some(Grade::General));
}

#[test]
fn casualties_follow_their_basis() {
    let all = Casualties { deaths: 1, missing: 2, serious: 4, acute_poisonings: 8, minor: 16 };
    assert_eq!(casualties(&all, CasualtyBasis::DeathsMissingInjured), 31);
    assert_eq!(casualties(&all, CasualtyBasis::DeathsSerious), 15);
}

#[test]
fn the_toll_window_is_seven_days_for_road_traffic_and_fire() {
    for (road_traffic, fire, days) in
        [(false, false, 30), (true, false, 7), (false, true, 7), (true, true, 7)]
    {
        assert_eq!(toll_window_days(road_traffic, fire), days);
    }
}

#[test]
fn the_type_edition_changes_on_the_first_of_july_2026() {
    for (year, month, day, edition) in [
        (2019, 1, 1, "GB/T 6441-1986"),
        (2026, 6, 30, "GB/T 6441-1986"),
        (2026, 7, 1, "GB 6441-2025"),
        (2030, 1, 1, "GB 6441-2025"),
    ] {
        let date = NaiveDate::from_ymd_opt(year, month, day).expect("valid test data");
        assert_eq!(accident_type_edition(date), edition);
    }
}

#[test]
fn numbers_that_differ_from_the_victims_listed_are_named() {
    let entered = Casualties { deaths: 2, serious: 1, ..Casualties::default() };
    let listed = Casualties { deaths: 1, serious: 1, minor: 3, ..Casualties::default() };
    let found = count_mismatch(&entered, &listed);
    let short: Vec<_> = found.iter().map(|m| (m.kind, m.code())).collect();
    assert_eq!(
        short,
        [
            (CasualtyKind::Deaths, "ACCIDENT_VICTIMS_MISSING"),
            (CasualtyKind::Minor, "ACCIDENT_VICTIMS_SURPLUS"),
        ]
    );
    assert_eq!(found[0].message_zh(), "事故登记死亡2人，人员名单只有1人，请补录人员或更正人数");
    assert_eq!(count_mismatch(&entered, &entered), []);
}

#[test]
fn codes_read_back_and_grades_are_ordered() {
    for &grade in Grade::ALL {
        assert_eq!(Grade::from_code(grade.code()), Some(grade));
    }
    for &basis in CasualtyBasis::ALL {
        assert_eq!(CasualtyBasis::from_code(basis.code()), Some(basis));
    }
    assert!(Grade::ALL.is_sorted());
}

fn any_casualties() -> impl Strategy<Value = Casualties> {
    let n = prop_oneof![0_u32..200, any::<u32>()];
    (n.clone(), n.clone(), n.clone(), n.clone(), n).prop_map(
        |(deaths, missing, serious, acute_poisonings, minor)| Casualties {
            deaths,
            missing,
            serious,
            acute_poisonings,
            minor,
        },
    )
}

proptest! {
    #[test]
    fn more_harm_never_lowers_the_grade(
        before in any_casualties(),
        loss in proptest::option::of(any::<i64>()),
        construction in any::<bool>(),
        more_deaths in 0_u32..40,
        more_loss in 0_i64..20_000_000_000,
    ) {
        let after = Casualties { deaths: before.deaths.saturating_add(more_deaths), ..before };
        let after_loss = Some(loss.unwrap_or(0).saturating_add(more_loss));
        prop_assert!(grade(&after, after_loss, construction) >= grade(&before, loss, construction));
        prop_assert!(
            casualties(&before, CasualtyBasis::DeathsSerious)
                <= casualties(&before, CasualtyBasis::DeathsMissingInjured)
        );
    }
}
