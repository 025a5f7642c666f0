use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use super::{ClockError, ClockRule, ClockRun, ClockUnit, Clocks, DueState};
use crate::domain::{
    calendar::{YearUnknown, tests::shipped},
    region::RegionCode,
};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn rule(amount: u32, unit: ClockUnit) -> ClockRule {
    ClockRule {
        code: "R".to_owned(),
        name_zh: String::new(),
        name_en: String::new(),
        region: None,
        national: None,
        valid_from: None,
        valid_to: None,
        amount,
        unit,
        month: None,
        day: None,
        rolls: false,
        extension: 0,
        suspends: false,
        warn_days: 7,
        source: "law 1".to_owned(),
    }
}

fn yearly(month: u32, day: Option<u32>) -> ClockRule {
    ClockRule { month: Some(month), day, ..rule(0, ClockUnit::DayOfYear) }
}

#[test]
fn the_end_of_february_is_the_29th_in_a_leap_year() {
    let calendar = shipped();
    let february = yearly(2, None);
    for (year, text) in [
        (2022, "2022-02-28"),
        (2024, "2024-02-29"),
        (2026, "2026-02-28"),
        (2000, "2000-02-29"),
        (2100, "2100-02-28"),
    ] {
        assert_eq!(february.due_in(&calendar, year), Ok(day(text)), "{year}");
    }
    assert_eq!(yearly(7, None).due_in(&calendar, 2021), Ok(day("2021-07-31")));
    assert_eq!(yearly(12, None).due_in(&calendar, 2025), Ok(day("2025-12-31")));
    let rolling = ClockRule { rolls: true, ..yearly(2, None) };
    assert_eq!(rolling.due_in(&calendar, 2026), Ok(day("2026-02-28")), "a Saturday that is worked");
    assert_eq!(
        ClockRule { rolls: true, ..yearly(7, None) }.due_in(&calendar, 2021),
        Ok(day("2021-08-02")),
        "a Saturday that is not"
    );
}

#[test]
fn the_start_is_not_counted_and_a_last_day_off_moves() {
    let calendar = shipped();
    let thirty = ClockRule { rolls: true, ..rule(30, ClockUnit::CalendarDay) };
    assert_eq!(
        thirty.due(&calendar, &ClockRun::from(day("2024-03-05"))),
        Ok(day("2024-04-07")),
        "04-04 is Qingming, 04-07 is worked"
    );
    assert_eq!(
        rule(30, ClockUnit::CalendarDay).due(&calendar, &ClockRun::from(day("2024-03-05"))),
        Ok(day("2024-04-04"))
    );
    let year = ClockRule { rolls: true, ..rule(1, ClockUnit::Year) };
    assert_eq!(year.due(&calendar, &ClockRun::from(day("2024-02-29"))), Ok(day("2025-02-28")));
    assert_eq!(
        rule(1, ClockUnit::Month).due(&calendar, &ClockRun::from(day("2024-01-31"))),
        Ok(day("2024-02-29"))
    );
    assert_eq!(
        rule(10, ClockUnit::WorkingDay).due(&calendar, &ClockRun::from(day("2025-09-26"))),
        Ok(day("2025-10-16"))
    );
}

#[test]
fn suspension_and_extension_move_the_last_day_where_the_rule_knows_them() {
    let calendar = shipped();
    let run = ClockRun { start: day("2024-03-01"), suspended_days: 20, extended: false };
    let decision = ClockRule { suspends: true, rolls: true, ..rule(60, ClockUnit::CalendarDay) };
    assert_eq!(decision.due(&calendar, &run), Ok(day("2024-05-20")));
    assert_eq!(
        rule(60, ClockUnit::CalendarDay).due(&calendar, &run),
        Ok(day("2024-04-30")),
        "this one does not stand still"
    );
    let checked = ClockRule { suspends: true, ..rule(5, ClockUnit::WorkingDay) };
    let run = ClockRun { suspended_days: 5, ..ClockRun::from(day("2025-03-03")) };
    assert_eq!(checked.due(&calendar, &run), Ok(day("2025-03-17")), "not on Saturday the 15th");
    let reply = ClockRule { extension: 10, ..rule(10, ClockUnit::WorkingDay) };
    let extended = ClockRun { extended: true, ..ClockRun::from(day("2025-03-03")) };
    assert_eq!(reply.due(&calendar, &ClockRun::from(day("2025-03-03"))), Ok(day("2025-03-17")));
    assert_eq!(reply.due(&calendar, &extended), Ok(day("2025-03-31")));
}

#[test]
fn a_working_day_beyond_the_calendar_is_an_error_that_names_the_year() {
    let calendar = shipped();
    let reply = rule(10, ClockUnit::WorkingDay);
    assert_eq!(
        reply.due(&calendar, &ClockRun::from(day("2026-12-28"))),
        Err(ClockError::YearUnknown(YearUnknown(2027), None))
    );
    let employer = ClockRule { rolls: true, ..rule(30, ClockUnit::CalendarDay) };
    let ends = employer.due(&calendar, &ClockRun::from(day("2026-12-15")));
    assert_eq!(
        ends,
        Err(ClockError::YearUnknown(YearUnknown(2027), Some(day("2027-01-14")))),
        "the day itself is known"
    );
    assert_eq!(
        rule(30, ClockUnit::CalendarDay).due(&calendar, &ClockRun::from(day("2026-12-15"))),
        Ok(day("2027-01-14"))
    );
    assert_eq!(
        rule(1, ClockUnit::Year).due(&calendar, &ClockRun::from(NaiveDate::MAX)),
        Err(ClockError::Impossible)
    );
    assert_eq!(
        yearly(2, None).due(&calendar, &ClockRun::from(day("2024-01-01"))),
        Err(ClockError::Impossible)
    );
}

#[test]
fn states_follow_the_last_day() {
    let clock = rule(30, ClockUnit::CalendarDay);
    let due = day("2024-04-04");
    let state = |done: Option<&str>, suspended, today: &str| {
        clock.state(due, done.map(day), suspended, day(today))
    };
    assert_eq!(state(None, false, "2024-03-20"), DueState::NotDue);
    assert_eq!(state(None, false, "2024-03-28"), DueState::DueSoon);
    assert_eq!(state(None, false, "2024-04-04"), DueState::DueSoon, "the last day is in time");
    assert_eq!(state(None, false, "2024-04-05"), DueState::Overdue);
    assert_eq!(state(None, true, "2024-04-05"), DueState::Suspended);
    assert_eq!(state(Some("2024-04-04"), false, "2024-05-01"), DueState::Done);
    assert_eq!(state(Some("2024-04-05"), true, "2024-05-01"), DueState::DoneLate);
}

#[test]
fn a_region_may_be_stricter_and_never_looser() {
    let regional = |own: ClockRule| ClockRule {
        code: "R/140581".to_owned(),
        region: RegionCode::parse("140581").ok(),
        national: Some("R".to_owned()),
        ..own
    };
    let national = || ClockRule { extension: 10, ..rule(10, ClockUnit::WorkingDay) };
    for own in [
        rule(5, ClockUnit::WorkingDay),
        rule(10, ClockUnit::CalendarDay),
        ClockRule { extension: 15, ..rule(5, ClockUnit::WorkingDay) },
    ] {
        assert!(Clocks::new(vec![national(), regional(own.clone())]).is_ok(), "{own:?}");
    }
    for own in [
        rule(11, ClockUnit::WorkingDay),
        rule(11, ClockUnit::CalendarDay),
        rule(1, ClockUnit::Month),
        ClockRule { extension: 20, ..rule(5, ClockUnit::WorkingDay) },
        ClockRule { rolls: true, ..rule(5, ClockUnit::WorkingDay) },
        ClockRule { suspends: true, ..rule(5, ClockUnit::WorkingDay) },
    ] {
        let faults = Clocks::new(vec![national(), regional(own.clone())]).expect_err("looser");
        assert_eq!(faults[0].row, "R/140581", "{own:?}");
        assert!(faults[0].zh.contains("宽松") && faults[0].en.contains("law 1"));
    }
    let days = vec![rule(10, ClockUnit::CalendarDay), regional(rule(3, ClockUnit::WorkingDay))];
    assert!(
        Clocks::new(days).is_err(),
        "three working days over a Spring Festival are more than ten days"
    );
    let mut later = yearly(3, None);
    later.code = "R".to_owned();
    assert!(Clocks::new(vec![yearly(2, None), regional(later)]).is_err());
    assert!(
        Clocks::new(vec![regional(rule(1, ClockUnit::WorkingDay))]).is_err(),
        "beside no national rule"
    );
}

#[test]
fn the_nearest_rule_holds() {
    let own = ClockRule {
        code: "R/140581".to_owned(),
        region: RegionCode::parse("140581").ok(),
        national: Some("R".to_owned()),
        ..rule(5, ClockUnit::WorkingDay)
    };
    let clocks = Clocks::new(vec![rule(10, ClockUnit::WorkingDay), own]).expect("they hold");
    let amount = |region: Option<&str>| {
        let region = region.and_then(|code| RegionCode::parse(code).ok());
        clocks.rule("R", region.as_ref(), day("2024-03-05")).map(|rule| rule.amount)
    };
    assert_eq!(
        (amount(Some("140581")), amount(Some("140500")), amount(None)),
        (Some(5), Some(10), Some(10))
    );
    assert_eq!(clocks.rule("OTHER", None, day("2024-03-05")), None);
}

#[test]
fn a_term_that_changes_counts_from_the_day_it_changes() {
    let old = ClockRule { valid_to: Some(day("2025-06-30")), ..rule(30, ClockUnit::CalendarDay) };
    let new = ClockRule { valid_from: Some(day("2025-07-01")), ..rule(15, ClockUnit::CalendarDay) };
    let clocks = Clocks::new(vec![new.clone(), old.clone()]).expect("they follow each other");
    let amount = |start: &str| clocks.rule("R", None, day(start)).map(|rule| rule.amount);
    assert_eq!(amount("2025-06-30"), Some(30));
    assert_eq!(amount("2025-07-01"), Some(15));
    let later = Clocks::new(vec![new.clone()]).expect("one edition");
    assert_eq!(later.rule("R", None, day("2025-06-30")), None, "no rule before the first edition");
    let both = ClockRule { valid_to: None, ..old.clone() };
    let faults = Clocks::new(vec![both, new.clone()]).expect_err("both on 1 July");
    assert_eq!((faults.len(), faults[0].row.as_str()), (1, "R"));

    let region = RegionCode::parse("140581").expect("a region");
    let regional = ClockRule {
        code: "R/140581".to_owned(),
        region: Some(region.clone()),
        national: Some("R".to_owned()),
        ..rule(20, ClockUnit::CalendarDay)
    };
    let faults = Clocks::new(vec![old.clone(), new.clone(), regional.clone()])
        .expect_err("looser than the newer edition");
    assert_eq!((faults.len(), faults[0].row.as_str()), (1, "R/140581"));
    let until = ClockRule { valid_to: old.valid_to, ..regional };
    let clocks = Clocks::new(vec![old, new, until]).expect("the regional one ends with the older");
    let amount = |start: &str| clocks.rule("R", Some(&region), day(start)).map(|rule| rule.amount);
    assert_eq!((amount("2025-06-30"), amount("2025-07-01")), (Some(20), Some(15)));
}

proptest! {
    #[test]
    fn a_later_start_or_a_longer_stop_never_ends_earlier(
        offset in 0_u64..2300, later in 0_u64..40, amount in 0_u32..90, still in 0_u32..60, more in 0_u32..30, which in 0_usize..3,
    ) {
        let calendar = shipped();
        let unit = [ClockUnit::CalendarDay, ClockUnit::WorkingDay, ClockUnit::Month][which];
        let clock = ClockRule { rolls: true, suspends: true, ..rule(if which == 2 { amount % 6 } else { amount }, unit) };
        let start = day("2019-01-01") + Days::new(offset);
        let base = clock.due(&calendar, &ClockRun { start, suspended_days: still, extended: false }).expect("known years");
        let later = clock.due(&calendar, &ClockRun { start: start + Days::new(later), suspended_days: still, extended: false }).expect("known years");
        let longer = clock.due(&calendar, &ClockRun { start, suspended_days: still + more, extended: false }).expect("known years");
        prop_assert!(base <= later && base <= longer);
        prop_assert_eq!(calendar.is_working_day(base), Ok(true));
    }
}
