use proptest::prelude::*;

use super::*;
use crate::domain::code::Coded as _;

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("valid test data")
}

#[test]
fn dates_are_read_in_four_forms() {
    let expected = date(2025, 3, 1);
    for text in [
        "2025-03-01",
        "2025/3/1",
        "2025/03/01",
        "2025年3月1日",
        "2025年03月01日",
        "20250301",
        " 2025-03-01\n",
        "２０２５年３月１日",
    ] {
        assert_eq!(parse_date(text), Ok(expected), "{text:?}");
    }
    assert_eq!(parse_date("2024-02-29"), Ok(date(2024, 2, 29)));
}

#[test]
fn impossible_dates_and_other_forms_are_told_apart() {
    use TimeFault::{Format, NoSuchDate};
    for (text, fault) in [
        ("2025-02-29", NoSuchDate),
        ("2025/13/1", NoSuchDate),
        ("20250230", NoSuchDate),
        ("2025年4月31日", NoSuchDate),
        ("0000-01-01", NoSuchDate),
        ("", Format),
        ("2025", Format),
        ("2025-3-1", Format),
        ("25-03-01", Format),
        ("2025-03", Format),
        ("2025-03-01-01", Format),
        ("+2025-03-01", Format),
        ("2025-03-01 08:00", Format),
        ("01/03/2025", Format),
        ("2025年3月", Format),
        ("2025月3年1日", Format),
        ("二〇二五年三月一日", Format),
        ("王王王", Format),
        ("2025年年1月1日", Format),
    ] {
        assert_eq!(parse_date(text), Err(fault), "{text:?}");
    }
}

#[test]
fn instants_are_read_with_and_without_offset() {
    for (text, expected) in [
        ("2025-03-01T00:30:00Z", "2025-03-01T00:30:00Z"),
        ("2025-03-01T08:30:00+08:00", "2025-03-01T00:30:00Z"),
        ("2025-03-01T08:30:00.250+08:00", "2025-03-01T00:30:00.250Z"),
        ("2025-02-28T19:30:00-05:00", "2025-03-01T00:30:00Z"),
        ("2025-03-01 08:30", "2025-03-01T00:30:00Z"),
        ("2025-03-01 08:30:00", "2025-03-01T00:30:00Z"),
        ("2025-03-01T08:30:00", "2025-03-01T00:30:00Z"),
        (" ２０２５-０３-０１\u{3000}０８：３０ ", "2025-03-01T00:30:00Z"),
        ("2025-01-01 07:59:59", "2024-12-31T23:59:59Z"),
    ] {
        let expected = DateTime::parse_from_rfc3339(expected).expect("valid test data");
        assert_eq!(parse_instant(text), Ok(expected.to_utc()), "{text:?}");
    }
}

#[test]
fn impossible_instants_and_other_forms_are_told_apart() {
    use TimeFault::{Format, NoSuchDate, NoSuchTime};
    for (text, fault) in [
        ("2025-02-29 08:30", NoSuchDate),
        ("2025-02-29T08:30:00Z", NoSuchDate),
        ("2025-03-01 24:00", NoSuchTime),
        ("2025-03-01 08:60:00", NoSuchTime),
        ("2025-03-01T23:59:60Z", NoSuchTime),
        ("2025-03-01T25:00:00Z", NoSuchTime),
        ("2025-03-01", Format),
        ("2025-03-01T08:30", Format),
        ("2025-03-01 8:30", Format),
        ("2025-03-01 08", Format),
        ("2025-03-01 ", Format),
        ("2025-03-01_08:30", Format),
        ("2025-03-01T08:30Z", Format),
        ("2025/03/01 08:30", Format),
        ("945", Format),
        ("二〇二五年三月一日八时", Format),
        ("", Format),
    ] {
        assert_eq!(parse_instant(text), Err(fault), "{text:?}");
    }
}

#[test]
fn the_day_in_china_changes_at_sixteen_hours_utc() {
    for (instant, day) in
        [("2024-12-31T15:59:59Z", date(2024, 12, 31)), ("2024-12-31T16:00:00Z", date(2025, 1, 1))]
    {
        let instant = DateTime::parse_from_rfc3339(instant).expect("valid test data").to_utc();
        assert_eq!(shanghai_date(instant), day);
        assert_eq!(shanghai_year(instant), day.year());
    }
    assert_eq!(
        shanghai_date(DateTime::<Utc>::MAX_UTC),
        DateTime::<Utc>::MAX_UTC.naive_utc().date()
    );
}

#[test]
fn codes_are_distinct() {
    let codes: std::collections::BTreeSet<_> =
        TimeFault::ALL.iter().copied().map(TimeFault::code).collect();
    assert_eq!(codes.len(), TimeFault::ALL.len());
}

proptest! {
    #[test]
    fn a_date_is_read_back_from_every_form(days in 0_u64..3_000_000) {
        let day = date(1, 1, 1) + chrono::Days::new(days);
        let (y, m, d) = (day.year(), day.month(), day.day());
        for text in [
            format!("{y:04}-{m:02}-{d:02}"),
            format!("{y:04}/{m}/{d}"),
            format!("{y:04}年{m}月{d}日"),
            format!("{y:04}{m:02}{d:02}"),
        ] {
            prop_assert_eq!(parse_date(&text), Ok(day));
        }
        let noon = parse_instant(&format!("{y:04}-{m:02}-{d:02} 12:00")).expect("valid test data");
        prop_assert_eq!(shanghai_date(noon), day);
    }

    #[test]
    fn any_text_is_read_without_panic(raw in any::<String>(), near in "[0-9]{4}\\PC{4,16}") {
        for text in [&raw, &near] {
            let _ = parse_date(text);
            let _ = parse_instant(text);
        }
    }
}
