use proptest::prelude::*;

use super::*;
use crate::domain::code::Coded as _;

fn day(number: u32) -> NaiveDate {
    NaiveDate::from_num_days_from_ce_opt(738_000 + number as i32).unwrap_or_default()
}

fn complete() -> Dates {
    let days = [
        (Milestone::Found, 1),
        (Milestone::Ordered, 3),
        (Milestone::Deadline, 30),
        (Milestone::Submitted, 20),
        (Milestone::Rechecked, 25),
        (Milestone::Closed, 26),
    ];
    days.into_iter().fold(Dates::default(), |dates, (milestone, number)| {
        dates.with(milestone, Some(day(number)))
    })
}

#[test]
fn the_main_line_leads_from_registered_to_closed() {
    use HazardState::*;
    for pair in [Registered, Ordered, Rectifying, Submitted, Rechecked, Closed].windows(2) {
        assert!(
            matches!(pair, [from, to] if from.may_become(*to) && !to.may_become(*from)),
            "{pair:?}"
        );
    }
    assert!(
        !Registered.may_become(Closed)
            && !Submitted.may_become(Closed)
            && !Rejected.may_become(Submitted)
    );
    assert!(
        Submitted.may_become(Rejected) && Rejected.may_become(Rectifying),
        "what was not put right is put right again"
    );
    assert!(Closed.next().is_empty() && Transferred.next().is_empty());
}

#[test]
fn a_refusal_names_where_it_stands_where_it_was_to_go_and_what_is_allowed() {
    let (zh, en) = (
        HazardState::Rectifying.refusal_zh(HazardState::Closed),
        HazardState::Rectifying.refusal_en(HazardState::Closed),
    );
    for word in
        ["RECTIFYING", "CLOSED", "SUBMITTED", "SUPERVISED", "SUSPENDED_PRODUCTION", "TRANSFERRED"]
    {
        assert!(zh.contains(word) && en.contains(word), "{word}: {zh} {en}");
    }
    assert!(HazardState::Closed.refusal_zh(HazardState::Ordered).contains("撤回"));
}

#[test]
fn a_state_needs_its_dates_in_order_and_past() {
    let dates = complete();
    assert_eq!(check_dates(HazardState::Closed, &dates, day(40)), []);
    assert_eq!(
        check_dates(HazardState::Closed, &dates, day(25)),
        [DateFault::Future(Milestone::Closed)]
    );
    let without = dates.with(Milestone::Rechecked, None);
    assert_eq!(
        check_dates(HazardState::Closed, &without, day(40)),
        [DateFault::Missing(Milestone::Rechecked)]
    );
    let early = dates.with(Milestone::Ordered, Some(day(0)));
    assert_eq!(
        check_dates(HazardState::Closed, &early, day(40)),
        [DateFault::Order(Milestone::Found, Milestone::Ordered)]
    );
    assert_eq!(
        check_dates(HazardState::Rechecked, &dates, day(40)),
        [DateFault::Ahead(Milestone::Closed)]
    );
}

#[test]
fn a_second_round_may_keep_the_recheck_of_the_first() {
    let again = complete().with(Milestone::Closed, None).with(Milestone::Submitted, Some(day(28)));
    assert_eq!(check_dates(HazardState::Submitted, &again, day(40)), []);
    let faults = check_dates(HazardState::Rechecked, &again, day(40));
    assert_eq!(faults, [DateFault::Order(Milestone::Submitted, Milestone::Rechecked)]);
}

#[test]
fn overdue_is_what_is_not_put_right_after_its_last_day() {
    let dates = complete().with(Milestone::Closed, None);
    assert!(
        !is_overdue(HazardState::Rectifying, &dates, day(30))
            && is_overdue(HazardState::Rectifying, &dates, day(31))
    );
    assert!(!is_overdue(
        HazardState::Rectifying,
        &dates.with(Milestone::Extended, Some(day(60))),
        day(31)
    ));
    assert!(!is_overdue(HazardState::Submitted, &dates, day(90)), "it waits for the recheck");
    assert!(is_overdue(
        HazardState::Submitted,
        &dates.with(Milestone::Submitted, Some(day(31))),
        day(31)
    ));
    assert!(
        !is_overdue(HazardState::Closed, &dates, day(90))
            && !is_overdue(HazardState::Registered, &Dates::default(), day(90))
    );
}

fn any_state() -> impl Strategy<Value = HazardState> {
    prop::sample::select(HazardState::ALL.to_vec())
}

proptest! {
    #[test]
    fn codes_are_read_back_and_every_step_is_in_the_table_or_refused(from in any_state(), to in any_state()) {
        prop_assert_eq!(HazardState::from_code(from.code()), Some(from));
        prop_assert_eq!(from.may_become(to), from == to || from.next().contains(&to));
        prop_assert!(from.refusal_zh(to).contains(to.code()) && from.refusal_en(to).contains(from.code()));
    }

    #[test]
    fn no_step_of_the_main_line_needs_fewer_dates_than_the_one_before(from in any_state()) {
        for to in from.next() {
            let back = matches!((from, to), (HazardState::Rejected, _)) || *to == HazardState::Transferred;
            prop_assert!(back || from.needs().iter().all(|needed| to.needs().contains(needed)), "{:?} {:?}", from, to);
        }
    }

    #[test]
    fn a_state_without_faults_has_all_its_dates(state in any_state(), days in prop::array::uniform8(prop::option::of(0_u32..60))) {
        let milestones = [
            Milestone::Found, Milestone::Ordered, Milestone::Deadline, Milestone::Extended, Milestone::Submitted,
            Milestone::Rechecked, Milestone::Closed, Milestone::Transferred,
        ];
        let dates = milestones.into_iter().zip(days).fold(Dates::default(), |dates, (of, number)| dates.with(of, number.map(day)));
        let faults = check_dates(state, &dates, day(50));
        let whole = state.needs().iter().all(|needed| dates.of(*needed).is_some());
        prop_assert_eq!(whole, !faults.iter().any(|fault| matches!(fault, DateFault::Missing(_))));
        for fault in faults {
            prop_assert!(!fault.message_zh().is_empty() && !fault.message_en().is_empty() && fault.code().len() > 5);
        }
    }
}
