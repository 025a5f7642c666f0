//! What is done to a cell on its way to a field: dates, times of day, numbers, padding.

use chrono::format::{Parsed, StrftimeItems, parse};
use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime};
use serde_json::Value;

use crate::domain::clock::{TimeFault, parse_date};
use crate::domain::moment;
use crate::domain::text::half_width;

use super::cell_spec::{Controls, NumberSpec, Pad, Round, TimeFormat};

/// Largest number read, so that sums over any file stay exact.
const MAX_NUMBER: i128 = 1_000_000_000_000;

/// A text padded on the left; an empty one stays empty.
pub(super) fn pad_left(text: &str, pad: &Pad) -> String {
    let missing = pad.width.saturating_sub(text.chars().count());
    if text.is_empty() || missing == 0 {
        return text.to_owned();
    }
    std::iter::repeat_n(pad.with, missing).chain(text.chars()).collect()
}

/// A day in one of the formats; with none given, in the forms that the hub reads everywhere.
pub(super) fn day(text: &str, formats: &[String]) -> Result<NaiveDate, TimeFault> {
    if formats.is_empty() {
        return parse_date(text);
    }
    first_fit(text, formats, |parts| parts.to_naive_date().map_err(|_| TimeFault::NoSuchDate))
}

/// A day and time in one of the formats; one without an hour means midnight.
pub(super) fn local(text: &str, formats: &[String]) -> Result<NaiveDateTime, TimeFault> {
    first_fit(text, formats, |parts| {
        let day = parts.to_naive_date().map_err(|_| TimeFault::NoSuchDate)?;
        let time = match parts.hour_mod_12() {
            None => NaiveTime::MIN,
            Some(_) => parts.to_naive_time().map_err(|_| TimeFault::NoSuchTime)?,
        };
        Ok(day.and_time(time))
    })
}

/// What the first format that fits makes of a text; the fault of one that fits is told rather than
/// that none does.
fn first_fit<T>(
    text: &str,
    formats: &[String],
    read: impl Fn(&Parsed) -> Result<T, TimeFault>,
) -> Result<T, TimeFault> {
    let text = half_width(text);
    let mut fault = TimeFault::Format;
    for format in formats {
        let mut parts = Parsed::new();
        if parse(&mut parts, text.trim(), StrftimeItems::new(format)).is_ok() {
            match read(&parts) {
                Ok(found) => return Ok(found),
                Err(found) => fault = found,
            }
        }
    }
    Err(fault)
}

/// An instant in RFC 3339 with the offset.
pub(super) fn instant(local: NaiveDateTime, offset: FixedOffset) -> Option<String> {
    let utc = local.checked_sub_offset(offset)?;
    Some(DateTime::<FixedOffset>::from_naive_utc_and_offset(utc, offset).to_rfc3339())
}

/// A time of day; none is 24:00, the end of the day.
pub(super) fn time_of_day(text: &str, format: TimeFormat) -> Result<Option<NaiveTime>, TimeFault> {
    match format {
        TimeFormat::Clock => parse_clock(text).map(Some),
        TimeFormat::Hhmm => {
            let digits = half_width(text);
            let digits = digits.trim();
            if digits.is_empty()
                || digits.len() > 4
                || !digits.bytes().all(|byte| byte.is_ascii_digit())
            {
                return Err(TimeFault::Format);
            }
            let number: u32 = digits.parse().map_err(|_| TimeFault::Format)?;
            if number == 2400 {
                return Ok(None);
            }
            NaiveTime::from_hms_opt(number / 100, number % 100, 0)
                .map(Some)
                .ok_or(TimeFault::NoSuchTime)
        }
    }
}

/// A day with a time of day; 24:00 is midnight of the next day.
pub(super) fn at(day: NaiveDate, time: Option<NaiveTime>) -> Option<NaiveDateTime> {
    match time {
        Some(time) => Some(day.and_time(time)),
        None => day.checked_add_days(Days::new(1)).map(|next| next.and_time(NaiveTime::MIN)),
    }
}

/// `09:45` or `09:45:00`.
pub(super) fn parse_clock(text: &str) -> Result<NaiveTime, TimeFault> {
    let text = half_width(text);
    let text = text.trim();
    let found = NaiveTime::parse_from_str(text, "%H:%M")
        .or_else(|_| NaiveTime::parse_from_str(text, "%H:%M:%S"));
    found.map_err(|error| match error.kind() {
        chrono::format::ParseErrorKind::OutOfRange => TimeFault::NoSuchTime,
        _ => TimeFault::Format,
    })
}

/// Takes control characters out of a cell; ends of lines and tabs stay.
pub(super) fn without_controls(cell: &mut String, controls: Controls) {
    let control = |c: char| c.is_control() && !matches!(c, '\n' | '\t' | '\r' | '\0');
    if cell.contains(control) {
        *cell = match controls {
            Controls::Drop => cell.replace(control, ""),
            Controls::Blank => cell.replace(control, " ").trim().to_owned(),
        };
    }
}

/// The least or the greatest of cells that are all days or instants, or all numbers; an empty text
/// of none. None where they are neither.
pub(super) fn extreme<'c>(cells: &[&'c str], least: bool) -> Option<&'c str> {
    fn pick<'c, K: Ord>(
        cells: &[&'c str],
        least: bool,
        key: impl Fn(&str) -> Option<K>,
    ) -> Option<&'c str> {
        let mut keyed: Vec<(K, &'c str)> =
            cells.iter().map(|cell| Some((key(cell)?, *cell))).collect::<Option<_>>()?;
        // A stable order: of equal ones the first counts.
        keyed.sort_by(|one, other| if least { one.0.cmp(&other.0) } else { other.0.cmp(&one.0) });
        keyed.first().map(|(_, cell)| *cell)
    }
    if cells.is_empty() {
        return Some("");
    }
    let millionths = NumberSpec { times: 1, decimals: 6, round: Round::Truncate };
    let instant = |text: &str| moment::read(text).ok().map(|moment| (moment.day, moment.at));
    let scaled =
        |text: &str| number(text, &millionths)?.as_str()?.replace('.', "").parse::<i128>().ok();
    pick(cells, least, scaled).or_else(|| pick(cells, least, instant))
}

/// A number by its rule, computed in decimals and never through floating point; none if it is not
/// one. Full-width digits and thousands separators are read.
pub(super) fn number(text: &str, rule: &NumberSpec) -> Option<Value> {
    let text = half_width(text);
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = ungrouped(whole)?;
    let fraction = fraction.trim_end_matches('0');
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty()
        || whole.len() > 15
        || fraction.len() > 9
        || !plain(&whole)
        || !plain(fraction)
        || digits.ends_with('.')
    {
        return None;
    }
    let scale = 10_i128.pow(u32::try_from(fraction.len()).ok()?);
    let value: i128 = format!("{whole}{fraction}").parse().ok()?;
    let unit = 10_i128.pow(rule.decimals);
    let scaled = value * i128::from(rule.times) * unit;
    let result = match (scaled % scale, rule.round) {
        (0, _) | (_, Round::Truncate) => scaled / scale,
        (_, Round::Nearest) => (scaled + scale / 2) / scale,
        (_, Round::Refuse) => return None,
    };
    if result > MAX_NUMBER * unit {
        return None;
    }
    let sign = if negative { -1 } else { 1 };
    if rule.decimals == 0 {
        return i64::try_from(result * sign).ok().map(Value::from);
    }
    let minus = if negative && result != 0 { "-" } else { "" };
    let width = usize::try_from(rule.decimals).ok()?;
    Some(format!("{minus}{}.{:0width$}", result / unit, result % unit).into())
}

/// A whole number, as conditions read it.
pub(super) fn whole(text: &str) -> Option<i64> {
    number(text, &NumberSpec { times: 1, decimals: 0, round: Round::Refuse })?.as_i64()
}

/// The digits without thousands separators, which must stand every three digits.
fn ungrouped(whole: &str) -> Option<String> {
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let mut digits = first.to_owned();
    for group in groups {
        if group.len() != 3 || first.is_empty() || first.len() > 3 {
            return None;
        }
        digits.push_str(group);
    }
    Some(digits)
}
