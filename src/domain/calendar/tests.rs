use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use super::{Calendar, DayKind, YearUnknown};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// The shipped calendar, read without the store.
pub(in crate::domain) fn shipped() -> Calendar {
    let mut reader =
        csv::Reader::from_reader(include_str!("../../../reference/holiday.csv").as_bytes());
    let (code, kind, year) = {
        let headers = reader.headers().expect("a heading").clone();
        let column = |name: &str| headers.iter().position(|own| own == name).expect("a column");
        (column("code"), column("kind"), column("year"))
    };
    let rows: Vec<_> = reader.records().map(|row| row.expect("a row")).collect();
    Calendar::new(rows.iter().map(|row| {
        (
            day(&row[code]),
            DayKind::from_code(&row[kind]).expect("a kind"),
            row[year].parse().expect("a year"),
        )
    }))
}

#[test]
fn the_notices_decide_and_weekends_are_off_otherwise() {
    let calendar = shipped();
    for (text, worked) in [
        ("2020-01-31", false),
        ("2020-02-01", false),
        ("2020-02-03", true),
        ("2019-05-02", false),
        ("2019-05-05", true),
        ("2023-01-02", false),
        ("2022-12-31", false),
        ("2024-02-09", true),
        ("2025-01-28", false),
        ("2026-02-28", true),
        ("2026-02-14", true),
        ("2026-03-01", false),
        ("2026-11-24", true),
    ] {
        assert_eq!(calendar.is_working_day(day(text)), Ok(worked), "{text}");
    }
    assert_eq!(calendar.years().collect::<Vec<_>>(), (2019..=2026).collect::<Vec<_>>());
}

#[test]
fn working_days_go_over_holidays_and_make_up_days() {
    let calendar = shipped();
    assert_eq!(calendar.add_working_days(day("2024-09-30"), 1), Ok(day("2024-10-08")));
    assert_eq!(
        calendar.add_working_days(day("2024-02-08"), 2),
        Ok(day("2024-02-18")),
        "a Sunday that is worked"
    );
    assert_eq!(calendar.add_working_days(day("2024-02-08"), 0), Ok(day("2024-02-08")));
    assert_eq!(calendar.next_working_day(day("2026-02-28")), Ok(day("2026-02-28")));
    assert_eq!(calendar.next_working_day(day("2026-02-15")), Ok(day("2026-02-24")));
}

#[test]
fn a_year_without_a_notice_is_an_error_that_names_it() {
    let calendar = shipped();
    assert_eq!(calendar.is_working_day(day("2018-12-29")), Err(YearUnknown(2018)));
    assert_eq!(calendar.add_working_days(day("2026-12-25"), 10), Err(YearUnknown(2027)));
    assert_eq!(
        calendar.add_working_days(day("2026-12-25"), 4).map(|day| day.to_string()),
        Ok("2026-12-31".to_owned())
    );
    assert_eq!(
        calendar.working_days_between(day("2026-12-31"), day("2027-01-04")),
        Err(YearUnknown(2027))
    );
    let error = YearUnknown(2027);
    assert_eq!(error.code(), "CALENDAR_YEAR_UNKNOWN");
    assert!(error.message_zh().contains("2027") && error.message_en().contains("2027"));
    assert_eq!(Calendar::default().is_working_day(NaiveDate::MAX), Err(YearUnknown(262_142)));
}

proptest! {
    #[test]
    fn a_count_of_working_days_is_found_again(offset in 0_u64..2500, count in 0_u32..120) {
        let calendar = shipped();
        let from = day("2019-01-01") + Days::new(offset);
        let to = calendar.add_working_days(from, count).expect("known years");
        prop_assert_eq!(calendar.working_days_between(from, to), Ok(count));
        prop_assert!(count == 0 || calendar.is_working_day(to) == Ok(true));
        prop_assert!(to >= from + Days::new(u64::from(count)));
    }

    #[test]
    fn the_next_working_day_is_the_first(offset in 0_u64..2800) {
        let calendar = shipped();
        let from = day("2019-01-01") + Days::new(offset);
        let next = calendar.next_working_day(from).expect("known years");
        prop_assert!(next >= from);
        prop_assert_eq!(calendar.is_working_day(next), Ok(true));
        let mut between = from;
        while between < next {
            prop_assert_eq!(calendar.is_working_day(between), Ok(false));
            between = between + Days::new(1);
        }
    }

    #[test]
    fn a_later_start_never_ends_earlier(offset in 0_u64..2500, later in 0_u64..60, count in 0_u32..60) {
        let calendar = shipped();
        let from = day("2019-01-01") + Days::new(offset);
        let one = calendar.add_working_days(from, count).expect("known years");
        let two = calendar.add_working_days(from + Days::new(later), count).expect("known years");
        prop_assert!(one <= two);
    }
}
