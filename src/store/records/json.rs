//! Values of records as JSON, the same in an answer and in an export: instants in Asia/Shanghai,
//! money as yuan, lists of codes as lists.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, Timelike as _, Utc};
use entity::catalogue::Kind;

use crate::store::sql::cell::{Cell, shown};

/// Appends a value.
pub fn write(out: &mut Vec<u8>, kind: Kind, cell: &Cell) {
    match (kind, cell) {
        (_, Cell::Null | Cell::Sealed(_)) => out.extend_from_slice(b"null"),
        (Kind::Codes(_), Cell::Text(list)) => {
            let codes: Vec<String> = serde_json::from_str(list).unwrap_or_default();
            // Texts into memory: neither their form nor the writer can fail.
            let _ = serde_json::to_writer(out, &codes);
        }
        (_, Cell::Text(text)) => text_of(out, text),
        (Kind::Money, Cell::Int(fen)) => {
            out.push(b'"');
            yuan(out, *fen);
            out.push(b'"');
        }
        (_, Cell::Int(number)) => {
            out.extend_from_slice(itoa::Buffer::new().format(*number).as_bytes())
        }
        (_, Cell::Bool(yes)) => out.extend_from_slice(if *yes { b"true" } else { b"false" }),
        (_, Cell::Date(day)) => {
            out.push(b'"');
            date(out, *day);
            out.push(b'"');
        }
        (_, Cell::Instant(at)) => {
            out.push(b'"');
            instant(out, *at);
            out.push(b'"');
        }
    }
}

/// Appends a text in quotation marks.
pub fn text_of(out: &mut Vec<u8>, text: &str) {
    if text.bytes().all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    } else {
        let _ = serde_json::to_writer(out, text);
    }
}

/// Appends an amount in fen as yuan with two decimals.
pub fn yuan(out: &mut Vec<u8>, fen: i64) {
    let most = fen.unsigned_abs();
    if fen < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(itoa::Buffer::new().format(most / 100).as_bytes());
    out.push(b'.');
    two(out, (most % 100) as u32);
}

/// Appends a day.
pub fn date(out: &mut Vec<u8>, day: NaiveDate) {
    match u32::try_from(day.year()) {
        Ok(year @ 0..=9999) => {
            two(out, year / 100);
            two(out, year % 100);
            out.push(b'-');
            two(out, day.month());
            out.push(b'-');
            two(out, day.day());
        }
        _ => out.extend_from_slice(day.to_string().as_bytes()),
    }
}

/// Appends an instant as [`shown`] writes it: most have whole seconds and a year of four digits,
/// and those are written here, as an export has millions of them.
pub fn instant(out: &mut Vec<u8>, at: DateTime<Utc>) {
    const EAST: u32 = 8;
    let (mut day, mut hour) = (at.date_naive(), at.hour() + EAST);
    if hour >= 24 {
        hour -= 24;
        day = day.checked_add_days(Days::new(1)).unwrap_or(day);
    }
    if !(0..=9998).contains(&at.year()) || at.nanosecond() >= 1_000_000_000 {
        out.extend_from_slice(shown(at).as_bytes());
        return;
    }
    date(out, day);
    out.push(b'T');
    two(out, hour);
    out.push(b':');
    two(out, at.minute());
    out.push(b':');
    two(out, at.second());
    if at.nanosecond() != 0 {
        let milliseconds = at.nanosecond() / 1_000_000;
        out.push(b'.');
        out.push(digit(milliseconds / 100));
        two(out, milliseconds % 100);
    }
    out.extend_from_slice(b"+08:00");
}

fn two(out: &mut Vec<u8>, number: u32) {
    out.push(digit(number / 10));
    out.push(digit(number));
}

fn digit(number: u32) -> u8 {
    b'0' + u8::try_from(number % 10).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(kind: Kind, cell: &Cell) -> serde_json::Value {
        let mut out = Vec::new();
        write(&mut out, kind, cell);
        serde_json::from_slice(&out).expect("JSON")
    }

    proptest! {
        #[test]
        fn values_are_written_as_their_canonical_texts(text in any::<String>(), number in any::<i64>(), micros in -99_999_999_999_999_999_i64..299_999_999_999_999_999, days in -800_000_i32..3_000_000) {
            let day = NaiveDate::from_num_days_from_ce_opt(days).expect("a day");
            let at = DateTime::from_timestamp_micros(micros).expect("an instant");
            for (kind, cell) in [
                (Kind::Text, Cell::Text(text)),
                (Kind::Money, Cell::Int(number)),
                (Kind::Int, Cell::Int(number)),
                (Kind::Date, Cell::Date(day)),
                (Kind::DateTime, Cell::Instant(at)),
                (Kind::DateTime, Cell::Instant(DateTime::from_timestamp(micros / 1_000_000, 0).expect("an instant"))),
            ] {
                prop_assert_eq!(written(kind, &cell), cell.json(kind));
            }
        }
    }

    #[test]
    fn nothing_is_null_and_a_list_of_codes_is_a_list() {
        assert_eq!(written(Kind::Int, &Cell::Null), serde_json::Value::Null);
        assert_eq!(written(Kind::Bool, &Cell::Bool(true)), true);
        assert_eq!(
            written(Kind::Codes("x"), &Cell::Text(r#"["A","B"]"#.to_owned())),
            serde_json::json!(["A", "B"])
        );
        assert_eq!(written(Kind::Text, &Cell::Text("\u{1}\"\\/朔".to_owned())), "\u{1}\"\\/朔");
    }
}
