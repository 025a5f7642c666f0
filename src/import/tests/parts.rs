//! The small parts: numbers, times, patterns, cells.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::domain::{clock::TimeFault, code::Coded as _};
use crate::import::cell_spec::{NumberSpec, Pad, Round, TimeFormat};
use crate::import::condition::matches;
use crate::import::split::Splitter;
use crate::import::transforms::{at, day, local, number, pad_left, time_of_day};

fn read(text: &str, times: i64, decimals: u32, round: Round) -> Option<Value> {
    number(text, &NumberSpec { times, decimals, round })
}

#[test]
fn numbers_are_read_exactly_or_not_at_all() {
    for (text, times, decimals, round, expected) in [
        ("12", 1, 0, Round::Refuse, Some(json!(12))),
        ("-3", 1, 0, Round::Refuse, Some(json!(-3))),
        ("１,234.０", 1, 0, Round::Refuse, Some(json!(1234))),
        ("4.35", 12, 0, Round::Nearest, Some(json!(52))),
        ("0.08", 12, 0, Round::Nearest, Some(json!(1))),
        ("0.125", 12, 0, Round::Nearest, Some(json!(2))),
        ("-0.125", 12, 0, Round::Nearest, Some(json!(-2))),
        ("4.35", 12, 0, Round::Truncate, Some(json!(52))),
        ("1.5", 1, 0, Round::Refuse, None),
        ("123.45", 10_000, 2, Round::Refuse, Some(json!("1234500.00"))),
        ("-0.5", 1, 2, Round::Refuse, Some(json!("-0.50"))),
        ("0.005", 1, 2, Round::Refuse, None),
        ("12,34", 1, 0, Round::Refuse, None),
        ("1e3", 1, 0, Round::Refuse, None),
        ("2.20E+11", 1, 0, Round::Refuse, None),
        ("", 1, 0, Round::Refuse, None),
        (".5", 1, 0, Round::Nearest, None),
        ("5.", 1, 0, Round::Nearest, None),
        ("--5", 1, 0, Round::Refuse, None),
        ("一人", 1, 0, Round::Refuse, None),
        ("999999999999999", 1, 0, Round::Refuse, None),
    ] {
        assert_eq!(read(text, times, decimals, round), expected, "{text}");
    }
}

#[test]
fn times_of_day_are_read_as_numbers_and_2400_ends_the_day() {
    let time = |text: &str| {
        time_of_day(text, TimeFormat::Hhmm)
            .map(|time| time.map(|time| time.format("%H:%M").to_string()))
    };
    for (text, expected) in [
        ("5", "00:05"),
        ("0", "00:00"),
        ("945", "09:45"),
        ("1715", "17:15"),
        ("0005", "00:05"),
        ("２３５９", "23:59"),
    ] {
        assert_eq!(time(text), Ok(Some(expected.to_owned())), "{text}");
    }
    assert_eq!(time("2400"), Ok(None));
    for (text, code) in [
        ("9999", "TIME_NO_SUCH_TIME"),
        ("1260", "TIME_NO_SUCH_TIME"),
        ("", "TIME_FORMAT"),
        ("-5", "TIME_FORMAT"),
    ] {
        assert_eq!(time(text).map_err(TimeFault::code), Err(code), "{text}");
    }
    let eve = day("2012-12-31", &[]).expect("a day");
    assert_eq!(
        at(eve, None).map(|moment| moment.to_string()),
        Some("2013-01-01 00:00:00".to_owned())
    );
}

#[test]
fn days_and_moments_are_read_in_the_formats_of_the_profile() {
    let formats =
        |formats: &[&str]| formats.iter().map(|format| (*format).to_owned()).collect::<Vec<_>>();
    let american = formats(&["%m/%d/%Y"]);
    assert_eq!(
        day("03/14/2012", &american).map(|day| day.to_string()),
        Ok("2012-03-14".to_owned())
    );
    assert_eq!(day("02/30/2012", &american).map_err(TimeFault::code), Err("TIME_NO_SUCH_DATE"));
    assert_eq!(day("2012-03-14", &american).map_err(TimeFault::code), Err("TIME_FORMAT"));
    let chinese = formats(&["%Y年%m月%d日%H时%M分", "%Y-%m-%d %H:%M"]);
    for text in ["2024年3月5日9时5分", "２０２４-03-05 09:05"] {
        assert_eq!(
            local(text, &chinese).map(|moment| moment.to_string()),
            Ok("2024-03-05 09:05:00".to_owned()),
            "{text}"
        );
    }
}

#[test]
fn padding_counts_characters_and_leaves_empty_cells_empty() {
    let pad = Pad { width: 4, with: '0' };
    for (text, expected) in [("7", "0007"), ("", ""), ("12345", "12345"), ("煤", "000煤")] {
        assert_eq!(pad_left(text, &pad), expected);
    }
}

#[test]
fn a_star_stands_for_any_text() {
    for (pattern, text, expected) in [
        ("conveyor*", "Conveyor, Belt feeder", true),
        ("*belt*", "Conveyor, Belt feeder", true),
        ("*belt", "Conveyor, Belt feeder", false),
        ("c*b*r", "Conveyor, Belt feeder", true),
        ("a*a", "a", false),
        ("abc", "ABC", true),
        ("abc", "abcd", false),
        ("*", "", true),
        ("**", "x", true),
    ] {
        assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
    }
}

proptest! {
    #[test]
    fn what_a_csv_writer_writes_is_split_into_the_same_cells(cells in prop::collection::vec("[a-c,\"\n 煤]{0,6}", 1..6)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&cells).expect("written");
        let line = String::from_utf8(writer.into_inner().expect("written")).expect("UTF-8");
        let mut found = Splitter::new(',');
        for line in line.strip_suffix('\n').unwrap_or(&line).split('\n') {
            found.feed(line);
        }
        prop_assert!(!found.is_open() && !found.is_stray());
        prop_assert_eq!(found.finish(), cells);
    }

    #[test]
    fn reading_any_number_text_never_fails_badly(text in "\\PC{0,20}", times in 1_i64..100, decimals in 0_u32..4) {
        for round in [Round::Refuse, Round::Nearest, Round::Truncate] {
            let _ = read(&text, times, decimals, round);
        }
    }

    #[test]
    fn whole_numbers_survive(value in -1_000_000_000_i64..1_000_000_000) {
        prop_assert_eq!(read(&value.to_string(), 1, 0, Round::Refuse), Some(json!(value)));
    }
}
