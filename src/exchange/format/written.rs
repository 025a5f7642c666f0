//! Values as cells of a workbook, in the forms in which [`super::excel`] reads them again. A text
//! is always written as a text, whatever it begins with; the hub writes no formulas.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, Timelike, Utc};
use entity::catalogue::{Field, Kind};
use rust_xlsxwriter::{ExcelDateTime, Format, Worksheet, XlsxError};
use serde_json::Value;

use super::lists::{line, name_of};
use crate::{
    domain::{clock, money::Fen, text::half_width},
    store::reference::Reference,
};

/// Most UTF-16 units in a cell.
const LONGEST: usize = 32_767;
/// Largest number whose digits Excel keeps, with two decimals.
const MOST_YUAN: i64 = 10_000_000_000_000;

/// Writes a value as it was sent. What is no value of its field is written as the text it is.
pub fn value(
    sheet: &mut Worksheet,
    (row, place): (u32, u16),
    field: &Field,
    value: &Value,
    format: &Format,
    reference: &Reference,
) -> Result<(), XlsxError> {
    let text = text(value);
    let trimmed = half_width(&text);
    let trimmed = trimmed.trim();
    match field.kind {
        Kind::Int => {
            if let Ok(number) = trimmed.parse::<i32>() {
                sheet.write_number_with_format(row, place, number, format)?;
                return Ok(());
            }
        }
        Kind::Money => {
            if let Some(yuan) = yuan(&text) {
                sheet.write_number_with_format(row, place, yuan, format)?;
                return Ok(());
            }
        }
        Kind::Date => {
            if let Some(day) = clock::parse_date(&text)
                .ok()
                .and_then(|day| moment(day.and_time(chrono::NaiveTime::MIN)))
            {
                sheet.write_datetime_with_format(row, place, &day, format)?;
                return Ok(());
            }
        }
        Kind::DateTime => {
            if let Some(instant) =
                clock::parse_instant(&text).ok().and_then(shanghai).and_then(moment)
            {
                sheet.write_datetime_with_format(row, place, &instant, format)?;
                return Ok(());
            }
        }
        _ => {}
    }
    let shown = match field.kind {
        Kind::Code(table) => coded(reference, table, trimmed).unwrap_or(text),
        Kind::Codes(table) => {
            let all: Vec<String> = trimmed
                .split('|')
                .map(|one| coded(reference, table, one.trim()).unwrap_or_else(|| one.to_owned()))
                .collect();
            all.join("|")
        }
        Kind::Bool => match trimmed {
            "true" | "1" => "是".to_owned(),
            "false" | "0" => "否".to_owned(),
            _ => text,
        },
        _ => text,
    };
    sheet.write_string_with_format(row, place, cut(shown), format)?;
    Ok(())
}

/// A JSON value as people would write it.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join("|"),
        other => other.to_string(),
    }
}

/// An amount whose digits all survive in a cell.
fn yuan(text: &str) -> Option<f64> {
    let fen = Fen::parse(text).ok().filter(|fen| fen.0 < MOST_YUAN * 100)?;
    fen.to_string().parse().ok()
}

fn shanghai(instant: DateTime<Utc>) -> Option<NaiveDateTime> {
    instant.naive_utc().checked_add_signed(TimeDelta::hours(8))
}

/// A moment that a cell can hold whole: Excel counts wrong before March 1900, and knows nothing
/// finer than milliseconds.
fn moment(local: NaiveDateTime) -> Option<ExcelDateTime> {
    let from = NaiveDate::from_ymd_opt(1900, 3, 1)?;
    let whole = local.nanosecond().is_multiple_of(1_000_000) && local.nanosecond() < 1_000_000_000;
    if local.date() < from || local.year() > 9999 || !whole {
        return None;
    }
    let [month, day, hour] = [local.month(), local.day(), local.hour()]
        .map(|part| u8::try_from(part).unwrap_or_default());
    let date = ExcelDateTime::from_ymd(u16::try_from(local.year()).ok()?, month, day).ok()?;
    let (minute, second) = (u8::try_from(local.minute()).ok()?, u8::try_from(local.second()).ok()?);
    date.and_hms_milli(
        hour.into(),
        minute,
        second,
        u16::try_from(local.nanosecond() / 1_000_000).ok()?,
    )
    .ok()
}

/// A known code with its name.
fn coded(reference: &Reference, table: &str, code: &str) -> Option<String> {
    let code = reference.table(table)?.editions(&code.to_ascii_uppercase()).last()?;
    Some(line(&code.code, name_of(code)))
}

/// No more than a cell holds.
pub fn cut(text: String) -> String {
    if text.len() <= LONGEST {
        return text;
    }
    let mut units = 0;
    text.chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= LONGEST
        })
        .collect()
}
