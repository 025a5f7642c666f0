//! Days and times as people write them in ledgers: `2024-3-5`, `2024/3/5 9:30`,
//! `2024年3月5日9时30分`, `20240305`, `2024.3.5`, `二〇二四年三月五日`. What could be two days
//! (`24-3-5`, `3/5/2024`) is not read.
//!
//! [`super::clock`] reads the exact forms that programs write, and is what questions are asked in.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::clock::{self, TimeFault};
use super::text::{half_width, without_invisible};

/// A day, and the time of it where that is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The day in China.
    pub day: NaiveDate,
    /// The instant, unless only the day is known.
    pub at: Option<DateTime<Utc>>,
    /// Whether it was written with an offset from UTC, as programs do.
    pub zoned: bool,
}

impl Moment {
    /// The instant; of a day alone, its beginning in Asia/Shanghai.
    #[must_use]
    pub fn instant(&self) -> Option<DateTime<Utc>> {
        self.at.or_else(|| clock::shanghai(self.day.and_time(NaiveTime::MIN)).ok())
    }
}

/// Reads a day, or a day and a time in Asia/Shanghai.
///
/// # Errors
/// [`TimeFault`]; what could be two days is [`TimeFault::Format`].
pub fn read(raw: &str) -> Result<Moment, TimeFault> {
    let text = numerals(&half_width(&without_invisible(raw)));
    let text = text.trim().trim_start_matches(['\'', '’', '‘', '`']).trim();
    let (day, rest) = date(text)?;
    let rest = behind_weekday(rest.trim());
    if rest.is_empty() {
        return Ok(Moment { day, at: None, zoned: false });
    }
    let (time, offset) = time(rest)?;
    // 9:30-10:00 is from half past nine to ten: west of Greenwich only programs write, behind a T.
    let west = offset.is_some_and(|offset| offset.local_minus_utc() < 0);
    if west && !rest.starts_with(['T', 't']) {
        return Err(TimeFault::Format);
    }
    let local = day.and_time(time);
    match offset {
        None => Ok(Moment { day, at: Some(clock::shanghai(local)?), zoned: false }),
        Some(offset) => {
            let at = local.checked_sub_offset(offset).ok_or(TimeFault::NoSuchDate)?.and_utc();
            let at = DateTime::from_timestamp_micros(at.timestamp_micros()).unwrap_or(at);
            Ok(Moment { day: clock::shanghai_date(at), at: Some(at), zoned: true })
        }
    }
}

/// Reads a day alone.
///
/// # Errors
/// As [`read`]; a time behind it is [`TimeFault::Format`].
pub fn read_day(raw: &str) -> Result<NaiveDate, TimeFault> {
    let moment = read(raw)?;
    if moment.at.is_none() { Ok(moment.day) } else { Err(TimeFault::Format) }
}

/// The first day of the count of days that spreadsheets keep; none for what is no plausible day of
/// a record.
#[must_use]
pub fn of_serial(serial: f64, from_1904: bool) -> Option<Moment> {
    // 1927 to 2064: nothing else that stands in a column of days looks like it.
    const PLAUSIBLE: std::ops::Range<f64> = 10_000.0..60_000.0;
    let serial = if from_1904 { serial + 1462.0 } else { serial };
    if !PLAUSIBLE.contains(&serial) {
        return None;
    }
    let origin = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    #[expect(clippy::cast_possible_truncation, reason = "its range is small")]
    let (days, seconds) = (serial.trunc() as i64, (serial.fract() * 86_400.0).round() as i64);
    let local = origin
        .and_time(NaiveTime::MIN)
        .checked_add_signed(TimeDelta::days(days) + TimeDelta::seconds(seconds))?;
    let at = if seconds == 0 { None } else { Some(clock::shanghai(local).ok()?) };
    Some(Moment { day: local.date(), at, zoned: false })
}

/// Digits at the beginning of a text, and what follows them.
fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.bytes().take_while(u8::is_ascii_digit).count())
}

fn small(text: &str) -> Result<u32, TimeFault> {
    if matches!(text.len(), 1 | 2) {
        text.parse().map_err(|_| TimeFault::Format)
    } else {
        Err(TimeFault::Format)
    }
}

fn day_of(year: &str, month: u32, day: u32) -> Result<NaiveDate, TimeFault> {
    let year = year.parse().map_err(|_| TimeFault::Format)?;
    NaiveDate::from_ymd_opt(year, month, day).filter(|_| year > 0).ok_or(TimeFault::NoSuchDate)
}

/// The day a text begins with, and what follows it.
fn date(text: &str) -> Result<(NaiveDate, &str), TimeFault> {
    let (year, rest) = digits(text);
    if let (14 | 12 | 8, true) = (year.len(), rest.is_empty() || year.len() == 8) {
        let part = |range: std::ops::Range<usize>| year.get(range).unwrap_or_default();
        let day = day_of(part(0..4), small(part(4..6))?, small(part(6..8))?)?;
        // Only the digits of the time are left.
        return Ok((day, if year.len() > 8 { text.get(8..).unwrap_or_default() } else { rest }));
    }
    if year.len() != 4 {
        return Err(TimeFault::Format);
    }
    let rest = rest.trim_start();
    let mut letters = rest.chars();
    let separator = letters
        .next()
        .filter(|c| matches!(c, '-' | '/' | '.' | '年' | '‐' | '‑' | '–' | '−' | '。' | '、'))
        .ok_or(TimeFault::Format)?;
    let (month, rest) = digits(letters.as_str().trim_start());
    let rest = rest.trim_start();
    let wanted = if separator == '年' { '月' } else { separator };
    let rest = rest.strip_prefix(wanted).ok_or(TimeFault::Format)?;
    let (day, rest) = digits(rest.trim_start());
    let found = day_of(year, small(month)?, small(day)?)?;
    if separator == '年' {
        return Ok((found, rest.trim_start().strip_prefix(['日', '号']).unwrap_or(rest)));
    }
    let rest = rest.trim_start().strip_prefix(['日', '号']).unwrap_or(rest);
    // A stop behind it is none of its parts.
    let rest = if matches!(rest, "." | "。") { "" } else { rest };
    // Another part would make it something else than a day.
    if rest.starts_with(separator) { Err(TimeFault::Format) } else { Ok((found, rest)) }
}

/// What stands behind `星期二`, `(周二)` and the like.
fn behind_weekday(text: &str) -> &str {
    let inner = text.strip_prefix('(').unwrap_or(text);
    for name in ["星期", "周"] {
        let Some(rest) = inner.strip_prefix(name) else { continue };
        let mut letters = rest.chars();
        if letters.next().is_some_and(|c| "一二三四五六日天1234567".contains(c)) {
            let rest = letters.as_str();
            return rest.strip_prefix(')').unwrap_or(rest).trim_start();
        }
    }
    text
}

/// The half of the day a time is said in.
#[derive(Clone, Copy)]
enum Half {
    Morning,
    /// 中午11时, 12时 and 1时.
    Noon,
    Afternoon,
    /// From 5 to 11; 晚12时 could be of either day.
    Evening,
}

fn time(text: &str) -> Result<(NaiveTime, Option<FixedOffset>), TimeFault> {
    let text = text.strip_prefix(['T', 't']).unwrap_or(text).trim();
    let text =
        ["左右", "许"].iter().fold(text, |text, about| text.trim_end_matches(about).trim_end());
    let halves = [
        ("上午", Half::Morning),
        ("早上", Half::Morning),
        ("早晨", Half::Morning),
        ("清晨", Half::Morning),
        ("凌晨", Half::Morning),
        ("AM", Half::Morning),
        ("am", Half::Morning),
        ("下午", Half::Afternoon),
        ("傍晚", Half::Evening),
        ("晚上", Half::Evening),
        ("晚", Half::Evening),
        ("中午", Half::Noon),
        ("PM", Half::Afternoon),
        ("pm", Half::Afternoon),
    ];
    let (mut half, mut text) = (None, text);
    for (word, said) in halves {
        if let Some(rest) = text.strip_prefix(word).or_else(|| text.strip_suffix(word)) {
            (half, text) = (Some(said), rest.trim());
            break;
        }
    }
    let zero = text.strip_prefix('零').map(|rest| format!("0{rest}"));
    let text = zero.as_deref().unwrap_or(text);
    let (hour, rest) = digits(text);
    // What is left of twelve or fourteen digits.
    if matches!(hour.len(), 4 | 6) && rest.is_empty() && half.is_none() {
        let part = |range: std::ops::Range<usize>| hour.get(range).unwrap_or("00");
        return clock_time(small(part(0..2))?, small(part(2..4))?, small(part(4..6))?, 0)
            .map(|time| (time, None));
    }
    let hour = in_half(small(hour)?, half)?;
    let rest = rest.trim_start();
    if let Some(rest) = rest.strip_prefix(['时', '点']) {
        return chinese_time(hour, rest.trim()).map(|time| (time, None));
    }
    let rest = rest.strip_prefix(':').ok_or(TimeFault::Format)?;
    let (minute, rest) = digits(rest);
    if minute.len() != 2 {
        return Err(TimeFault::Format);
    }
    let (second, rest) = match rest.strip_prefix(':') {
        Some(rest) => digits(rest),
        None => ("00", rest),
    };
    let (fraction, rest) = match rest.strip_prefix(['.', ',']).filter(|_| second.len() == 2) {
        Some(rest) => digits(rest),
        None => ("0", rest),
    };
    if second.len() != 2 || !(1..=9).contains(&fraction.len()) {
        return Err(TimeFault::Format);
    }
    let nanoseconds = format!("{fraction:0<9}").parse().map_err(|_| TimeFault::Format)?;
    Ok((clock_time(hour, small(minute)?, small(second)?, nanoseconds)?, offset(rest.trim())?))
}

fn chinese_time(hour: u32, rest: &str) -> Result<NaiveTime, TimeFault> {
    match rest {
        "" | "整" | "正" => return clock_time(hour, 0, 0, 0),
        "半" => return clock_time(hour, 30, 0, 0),
        _ => {}
    }
    let (minute, rest) = digits(rest);
    let minute = small(minute)?;
    let rest = rest.trim().strip_prefix('分').unwrap_or(rest).trim();
    if rest.is_empty() {
        return clock_time(hour, minute, 0, 0);
    }
    let (second, rest) = digits(rest);
    if matches!(rest.trim(), "" | "秒") {
        clock_time(hour, minute, small(second)?, 0)
    } else {
        Err(TimeFault::Format)
    }
}

/// The hour of twenty-four; what contradicts its half of the day could be either.
const fn in_half(hour: u32, half: Option<Half>) -> Result<u32, TimeFault> {
    match (half, hour) {
        (None, hour)
        | (Some(Half::Morning), hour @ 0..12)
        | (Some(Half::Afternoon), hour @ 12..24) => Ok(hour),
        (Some(Half::Noon), hour @ 11..=13) => Ok(hour),
        (Some(Half::Evening), hour @ 17..24) => Ok(hour),
        (Some(Half::Afternoon), hour @ 1..12)
        | (Some(Half::Noon), hour @ 1..=2)
        | (Some(Half::Evening), hour @ 5..12) => Ok(hour + 12),
        _ => Err(TimeFault::Format),
    }
}

fn clock_time(
    hour: u32,
    minute: u32,
    second: u32,
    nanoseconds: u32,
) -> Result<NaiveTime, TimeFault> {
    // Finer than a microsecond nothing is kept.
    NaiveTime::from_hms_nano_opt(hour, minute, second, nanoseconds / 1000 * 1000)
        .ok_or(TimeFault::NoSuchTime)
}

fn offset(text: &str) -> Result<Option<FixedOffset>, TimeFault> {
    if text.is_empty() {
        return Ok(None);
    }
    if matches!(text, "Z" | "z" | "UTC") {
        return Ok(FixedOffset::east_opt(0));
    }
    let sign = match text.chars().next() {
        Some('+') => 1,
        Some('-' | '−') => -1,
        _ => return Err(TimeFault::Format),
    };
    let plain: String = text.chars().skip(1).filter(|c| *c != ':').collect();
    let (Some(hours), Some(minutes), true) =
        (plain.get(..2), plain.get(2..), plain.bytes().all(|byte| byte.is_ascii_digit()))
    else {
        return Err(TimeFault::Format);
    };
    let minutes = if minutes.is_empty() { 0 } else { small(minutes)? };
    let hours = small(hours)?;
    let seconds = i32::try_from(hours * 3600 + minutes * 60).map_err(|_| TimeFault::Format)?;
    if hours > 23 || minutes > 59 || !matches!(plain.len(), 2 | 4) {
        return Err(TimeFault::NoSuchTime);
    }
    FixedOffset::east_opt(sign * seconds).map(Some).ok_or(TimeFault::NoSuchTime)
}

/// Chinese numerals as digits, in a text that has a year in them; the numeral of a weekday stays.
fn numerals(text: &str) -> String {
    const DIGITS: &str = "〇一二三四五六七八九";
    let digit = |c: char| {
        if c == '零' || c == '○' || c == 'Ｏ' {
            Some(0)
        } else {
            DIGITS.chars().position(|own| own == c)
        }
    };
    let is_numeral = |c: char| digit(c).is_some() || c == '十';
    if !text.contains('年') || !text.trim_start().starts_with(is_numeral) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    for c in text.chars().chain(['\0']) {
        let weekday = run.is_empty() && (out.ends_with("星期") || out.ends_with('周'));
        if is_numeral(c) && !weekday {
            run.push(c);
            continue;
        }
        if !run.is_empty() {
            let tens = run.split_once('十').map(|(tens, ones)| {
                let value = |text: &str, none: usize| {
                    if text.is_empty() { Some(none) } else { text.chars().next().and_then(digit) }
                };
                let single = tens.chars().count() <= 1 && ones.chars().count() <= 1;
                value(tens, 1)
                    .zip(value(ones, 0))
                    .filter(|_| single)
                    .map(|(tens, ones)| tens * 10 + ones)
            });
            match tens {
                Some(Some(number)) => out.push_str(&number.to_string()),
                Some(None) => out.push_str(&run),
                None => out.extend(run.chars().filter_map(digit).map(|digit| digit.to_string())),
            }
            run.clear();
        }
        if c != '\0' {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests;
