//! Dates and times as China writes them. Asia/Shanghai has been UTC+8 without summer time since
//! 1992, so a fixed offset is exact for every record here.
//!
//! The module does not know what time it is, nor which days are holidays.

use strum::{IntoStaticStr, VariantArray};

use chrono::{
    DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc,
};

use super::text::half_width;

const SHANGHAI_HOURS: i64 = 8;

/// Why a text is no date or time.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray, IntoStaticStr, thiserror::Error,
)]
#[error("{}", self.message_en())]
pub enum TimeFault {
    /// Written in a form that is not read here.
    #[strum(serialize = "TIME_FORMAT")]
    Format,
    /// Well written, but no such day, such as 30 February.
    #[strum(serialize = "TIME_NO_SUCH_DATE")]
    NoSuchDate,
    /// Well written, but no such time of day, such as 24:30.
    #[strum(serialize = "TIME_NO_SUCH_TIME")]
    NoSuchTime,
}

/// The day it is in China at an instant.
#[must_use]
pub fn shanghai_date(instant: DateTime<Utc>) -> NaiveDate {
    let utc = instant.naive_utc();
    // Only the last hours before the end of chrono's calendar have no day in China.
    utc.checked_add_signed(TimeDelta::hours(SHANGHAI_HOURS)).unwrap_or(utc).date()
}

/// The year it is in China at an instant; yearly figures are cut by it.
#[must_use]
pub fn shanghai_year(instant: DateTime<Utc>) -> i32 {
    shanghai_date(instant).year()
}

/// Reads an instant: RFC 3339 with its offset, or a date and time without one, taken as
/// Asia/Shanghai: `YYYY-MM-DD HH:MM`, `YYYY-MM-DD HH:MM:SS`, `YYYY-MM-DDTHH:MM:SS`. What is finer
/// than a microsecond is cut off: `PostgreSQL` keeps no more, and a cursor must name what is kept.
///
/// # Errors
/// [`TimeFault`]; a date alone is [`TimeFault::Format`], because it is no instant.
pub fn parse_instant(raw: &str) -> Result<DateTime<Utc>, TimeFault> {
    let text = half_width(raw);
    let text = text.trim();
    let (Some(day), Some(separator), Some(rest)) =
        (text.get(..10), text.get(10..11), text.get(11..))
    else {
        return Err(TimeFault::Format);
    };
    if !matches!(separator, " " | "T" | "t") {
        return Err(TimeFault::Format);
    }
    let date = parse_fields(day, '-', 2..=2)?;
    if rest.bytes().all(|b| b.is_ascii_digit() || b == b':') {
        let local = date.and_time(parse_time(rest, separator == " ")?);
        return to_utc(local);
    }
    // The date is known to exist, so what is left to be wrong is the time or the writing.
    let instant =
        DateTime::<FixedOffset>::parse_from_rfc3339(text).map_err(|e| match e.kind() {
            chrono::format::ParseErrorKind::OutOfRange => TimeFault::NoSuchTime,
            _ => TimeFault::Format,
        })?;
    if instant.timestamp_subsec_nanos() >= 1_000_000_000 {
        return Err(TimeFault::NoSuchTime);
    }
    let instant = instant.with_timezone(&Utc);
    Ok(DateTime::from_timestamp_micros(instant.timestamp_micros()).unwrap_or(instant))
}

/// Reads a date: `YYYY-MM-DD`, `YYYY/M/D`, `YYYY年M月D日` or `YYYYMMDD`.
///
/// # Errors
/// [`TimeFault::Format`] or [`TimeFault::NoSuchDate`].
pub fn parse_date(raw: &str) -> Result<NaiveDate, TimeFault> {
    let text = half_width(raw);
    let text = text.trim();
    if text.contains('-') {
        return parse_fields(text, '-', 2..=2);
    }
    if text.contains('/') {
        return parse_fields(text, '/', 1..=2);
    }
    if let Some(chinese) = text.strip_suffix('日') {
        let (year, rest) = chinese.split_once('年').ok_or(TimeFault::Format)?;
        let (month, day) = rest.split_once('月').ok_or(TimeFault::Format)?;
        return date_of(year, month, day, 1..=2);
    }
    match (text.len(), text.get(..4), text.get(4..6), text.get(6..)) {
        (8, Some(year), Some(month), Some(day)) => date_of(year, month, day, 2..=2),
        _ => Err(TimeFault::Format),
    }
}

type Width = std::ops::RangeInclusive<usize>;

fn parse_fields(text: &str, separator: char, width: Width) -> Result<NaiveDate, TimeFault> {
    let fields: Vec<&str> = text.split(separator).collect();
    match fields.as_slice() {
        [year, month, day] => date_of(year, month, day, width),
        _ => Err(TimeFault::Format),
    }
}

fn date_of(year: &str, month: &str, day: &str, width: Width) -> Result<NaiveDate, TimeFault> {
    let year = number(year, &(4..=4))?;
    let (month, day) = (number(month, &width)?, number(day, &width)?);
    i32::try_from(year)
        .ok()
        .filter(|year| *year > 0)
        .and_then(|year| NaiveDate::from_ymd_opt(year, month, day))
        .ok_or(TimeFault::NoSuchDate)
}

fn parse_time(text: &str, seconds_optional: bool) -> Result<NaiveTime, TimeFault> {
    let fields: Vec<&str> = text.split(':').collect();
    let (hour, minute, second) = match fields.as_slice() {
        [hour, minute] if seconds_optional => (hour, minute, "00"),
        [hour, minute, second] => (hour, minute, *second),
        _ => return Err(TimeFault::Format),
    };
    let width = 2..=2;
    NaiveTime::from_hms_opt(number(hour, &width)?, number(minute, &width)?, number(second, &width)?)
        .ok_or(TimeFault::NoSuchTime)
}

fn number(text: &str, width: &Width) -> Result<u32, TimeFault> {
    if width.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) {
        text.parse().map_err(|_| TimeFault::Format)
    } else {
        Err(TimeFault::Format)
    }
}

/// A local time of Asia/Shanghai as an instant.
///
/// # Errors
/// [`TimeFault::NoSuchDate`] at the edge of the calendar.
pub fn shanghai(local: NaiveDateTime) -> Result<DateTime<Utc>, TimeFault> {
    to_utc(local)
}

fn to_utc(shanghai: NaiveDateTime) -> Result<DateTime<Utc>, TimeFault> {
    shanghai
        .checked_sub_signed(TimeDelta::hours(SHANGHAI_HOURS))
        .map(|utc| utc.and_utc())
        .ok_or(TimeFault::NoSuchDate)
}

impl TimeFault {
    fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::Format => (
                "日期或时间无法确定是哪一天、哪一时，请写全年、月、日，如 2025-03-01 或 2025-03-01 08:30",
                "it is not certain which day or time this is; write year, month and day in full, such as 2025-03-01 or 2025-03-01 08:30",
            ),
            Self::NoSuchDate => {
                ("日期不存在，请核对月份和日", "there is no such date; check the month and the day")
            }
            Self::NoSuchTime => (
                "时间不存在，请核对时、分、秒（00:00:00至23:59:59）",
                "there is no such time of day; check hours, minutes and seconds (00:00:00 to 23:59:59)",
            ),
        }
    }

    /// What is wrong and what to do, in Chinese.
    #[must_use]
    pub fn message_zh(self) -> &'static str {
        self.texts().0
    }

    /// What is wrong and what to do, in English.
    #[must_use]
    pub fn message_en(self) -> &'static str {
        self.texts().1
    }
}

#[cfg(test)]
mod tests;
