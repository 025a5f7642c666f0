//! Cells of a workbook as the texts that `submit` reads. What Excel has already spoilt is a fault,
//! not a guess.

use calamine::{DataRef, ExcelDateTime};
use entity::catalogue::{Field, Kind};

use super::fault::RowFault;
use crate::{
    domain::moment::{self, Moment},
    import::problem::Unread,
};

/// Excel keeps fifteen digits of a number; what is longer has lost its end.
const DIGITS: f64 = 1e15;
/// Excel's calendar ends with 9999-12-31.
const LAST_DAY: f64 = 2_958_466.0;

/// The text of a cell, as far as it has one, and what is wrong with it; `from_1904` is how the
/// workbook counts days.
pub fn text(
    field: &'static Field,
    cell: &DataRef<'_>,
    from_1904: bool,
) -> (Option<String>, Option<RowFault>) {
    let name = field.name;
    let day = matches!(field.kind, Kind::Date | Kind::DateTime);
    match cell {
        DataRef::Empty => (None, None),
        DataRef::String(text) => (Some(text.clone()), None),
        DataRef::SharedString(text) => (Some((*text).to_owned()), None),
        DataRef::Bool(yes) => (Some(truth(field.kind, *yes).to_owned()), None),
        DataRef::Error(error) => {
            (Some(error.to_string()), Some(RowFault::ErrorCell { field: name }))
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "what is beyond the precision is refused by its size"
        )]
        DataRef::Int(number) => numeric(field, *number as f64, from_1904),
        DataRef::Float(number) => numeric(field, *number, from_1904),
        DataRef::DateTime(moment) if day => match instant(field.kind, moment) {
            Some(text) => (Some(text), None),
            None => {
                (Some(number_text(moment.as_f64())), Some(RowFault::NumberForDate { field: name }))
            }
        },
        DataRef::DateTime(moment) => {
            let shown =
                instant(Kind::DateTime, moment).unwrap_or_else(|| number_text(moment.as_f64()));
            (Some(shown), Some(RowFault::DateForText { field: name }))
        }
        DataRef::DateTimeIso(text) if field.kind == Kind::Date => {
            (Some(text.chars().take(10).collect()), None)
        }
        DataRef::DateTimeIso(text) => (Some(text.clone()), None),
        DataRef::DurationIso(text) => {
            (Some(text.clone()), day.then_some(RowFault::NumberForDate { field: name }))
        }
    }
}

/// Whether a field is a day or an instant.
pub const fn is_day(field: &Field) -> bool {
    matches!(field.kind, Kind::Date | Kind::DateTime)
}

/// The text of a cell of which nothing is known but what stands there: days as `2024-03-05`,
/// instants as `2024-03-05 09:30:00` of Asia/Shanghai, times of day as `09:30:00`.
pub fn plain(cell: &DataRef<'_>) -> (String, Option<Unread>) {
    match cell {
        DataRef::Empty => (String::new(), None),
        DataRef::String(text) | DataRef::DurationIso(text) => (text.clone(), None),
        DataRef::DateTimeIso(text) => (text.replace('T', " "), None),
        DataRef::SharedString(text) => ((*text).to_owned(), None),
        DataRef::Bool(yes) => (truth(Kind::Bool, *yes).to_owned(), None),
        DataRef::Error(_) => (String::new(), Some(Unread::Error)),
        #[expect(
            clippy::cast_precision_loss,
            reason = "what is beyond the precision is refused by its size"
        )]
        DataRef::Int(number) => bare(*number as f64),
        DataRef::Float(number) => bare(*number),
        DataRef::DateTime(moment) if (0.0..1.0).contains(&moment.as_f64()) => {
            let (_, _, _, hour, minute, second, _) = moment.to_ymd_hms_milli();
            (format!("{hour:02}:{minute:02}:{second:02}"), None)
        }
        DataRef::DateTime(moment) => {
            let kind = if moment.as_f64().fract() == 0.0 { Kind::Date } else { Kind::DateTime };
            (instant(kind, moment).unwrap_or_else(|| number_text(moment.as_f64())), None)
        }
    }
}

fn bare(number: f64) -> (String, Option<Unread>) {
    (number_text(number), (number.abs() >= DIGITS).then_some(Unread::AteDigits))
}

const fn truth(kind: Kind, yes: bool) -> &'static str {
    match (kind, yes) {
        (Kind::Bool, true) => "是",
        (Kind::Bool, false) => "否",
        (_, true) => "TRUE",
        (_, false) => "FALSE",
    }
}

fn numeric(
    field: &'static Field,
    number: f64,
    from_1904: bool,
) -> (Option<String>, Option<RowFault>) {
    let text = number_text(number);
    let fault = match field.kind {
        // `20240305`, `202403050930`: how some systems write a day and a time.
        Kind::Date | Kind::DateTime
            if matches!(text.len(), 8 | 12 | 14)
                && number.fract() == 0.0
                && moment::read(&text).is_ok() =>
        {
            None
        }
        Kind::Date | Kind::DateTime if let Some(moment) = moment::of_serial(number, from_1904) => {
            return (Some(shown(&moment)), None);
        }
        Kind::Date | Kind::DateTime => Some(RowFault::NumberForDate { field: field.name }),
        _ if number.abs() >= DIGITS => Some(RowFault::AteDigits { field: field.name }),
        _ => None,
    };
    (Some(text), fault)
}

/// A moment as `submit` reads it.
fn shown(moment: &Moment) -> String {
    match moment.at {
        Some(at) => (at + chrono::TimeDelta::hours(8)).format("%Y-%m-%d %H:%M:%S").to_string(),
        None => moment.day.to_string(),
    }
}

/// The day of a text that is the number under which a spreadsheet keeps it; nothing for any other
/// text.
pub fn of_serial_text(kind: Kind, text: &str) -> Option<String> {
    let text = text.trim();
    let digits = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && text.split('.').next()?.len() == 5;
    if !matches!(kind, Kind::Date | Kind::DateTime) || !digits {
        return None;
    }
    moment::of_serial(text.parse().ok()?, false).map(|moment| shown(&moment))
}

/// A number as Excel shows it: fifteen digits, no exponent, no `.0`.
fn number_text(number: f64) -> String {
    if number.fract() == 0.0 {
        return format!("{number:.0}");
    }
    format!("{number:.14e}").parse::<f64>().unwrap_or(number).to_string()
}

/// A day as `2024-03-05`, also where an instant belongs and no time is said; an instant as
/// `2024-03-05 09:30:00` of Asia/Shanghai. None for what lies outside the calendar, a time of day
/// alone, or a span of time.
fn instant(kind: Kind, moment: &ExcelDateTime) -> Option<String> {
    let serial = moment.as_f64();
    if !(1.0..LAST_DAY).contains(&serial) || moment.is_duration() {
        return None;
    }
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    Some(match (kind, milli) {
        (Kind::Date, _) => date,
        (_, 0) if (hour, minute, second) == (0, 0, 0) => date,
        (_, 0) => format!("{date} {hour:02}:{minute:02}:{second:02}"),
        (_, milli) => format!("{date}T{hour:02}:{minute:02}:{second:02}.{milli:03}+08:00"),
    })
}

/// Whether a text is a long number as Excel writes it into CSV: `1.40602E+17`.
pub fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.trim().split_once("E+") else { return false };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let mantissa = mantissa
        .split_once('.')
        .is_some_and(|(whole, rest)| whole.len() == 1 && digits(whole) && digits(rest));
    mantissa && exponent.len() == 2 && digits(exponent)
}
