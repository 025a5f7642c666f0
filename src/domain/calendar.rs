//! Working days (工作日) by the notices of the State Council: statutory holidays with the days
//! moved for them, and weekend days that are worked instead.
//!
//! A year without a notice is an error that names the year: a guessed calendar is worse than none.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, Weekday};

/// How a notice classifies a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DayKind {
    /// A day off: a statutory holiday, or a day moved next to one.
    Holiday,
    /// A weekend day that is worked to make up for a holiday.
    Workday,
}

impl DayKind {
    /// The kind with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "HOLIDAY" => Some(Self::Holiday),
            "WORKDAY" => Some(Self::Workday),
            _ => None,
        }
    }
}

/// The notice for a year is not in the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{}", self.message_en())]
pub struct YearUnknown(pub i32);

impl YearUnknown {
    /// Stable code of the error, for messages and the API.
    #[must_use]
    pub const fn code(self) -> &'static str {
        "CALENDAR_YEAR_UNKNOWN"
    }

    /// What is wrong and what to do, in Chinese.
    #[must_use]
    pub fn message_zh(self) -> String {
        format!(
            "没有{}年的节假日安排，无法计算工作日。请在国务院办公厅通知公布后补入 reference/holiday.csv",
            self.0
        )
    }

    /// What is wrong and what to do, in English.
    #[must_use]
    pub fn message_en(self) -> String {
        format!(
            "the holidays of {} are not known, so working days cannot be counted; add the notice to reference/holiday.csv",
            self.0
        )
    }
}

/// Holidays and make-up working days.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    years: BTreeSet<i32>,
    days: BTreeMap<NaiveDate, DayKind>,
}

impl Calendar {
    /// A calendar of days, each with the year of its notice. A year is known if its notice names
    /// any day.
    #[must_use]
    pub fn new(days: impl IntoIterator<Item = (NaiveDate, DayKind, i32)>) -> Self {
        let mut calendar = Self::default();
        for (day, kind, year) in days {
            calendar.years.insert(year);
            calendar.days.insert(day, kind);
        }
        calendar
    }

    /// Years for which the notice on holidays is in the data.
    pub fn years(&self) -> impl Iterator<Item = i32> + '_ {
        self.years.iter().copied()
    }

    /// Whether a day is worked.
    ///
    /// # Errors
    ///
    /// [`YearUnknown`] when the notice for its year is not known.
    pub fn is_working_day(&self, day: NaiveDate) -> Result<bool, YearUnknown> {
        if !self.years.contains(&day.year()) {
            return Err(YearUnknown(day.year()));
        }
        Ok(match self.days.get(&day) {
            Some(DayKind::Holiday) => false,
            Some(DayKind::Workday) => true,
            None => !matches!(day.weekday(), Weekday::Sat | Weekday::Sun),
        })
    }

    /// The day itself if it is a working day, else the next working day.
    ///
    /// # Errors
    ///
    /// [`YearUnknown`] when the search reaches a year that is not known.
    pub fn next_working_day(&self, day: NaiveDate) -> Result<NaiveDate, YearUnknown> {
        let mut day = day;
        while !self.is_working_day(day)? {
            day = after(day)?;
        }
        Ok(day)
    }

    /// The day `count` working days after `day`, which is not counted itself.
    ///
    /// # Errors
    ///
    /// [`YearUnknown`] when a day in between lies in a year that is not known.
    pub fn add_working_days(&self, day: NaiveDate, count: u32) -> Result<NaiveDate, YearUnknown> {
        let (mut day, mut left) = (day, count);
        while left > 0 {
            day = after(day)?;
            if self.is_working_day(day)? {
                left -= 1;
            }
        }
        Ok(day)
    }

    /// The day `count` days from Monday to Friday after `day`: what a period of working days comes to
    /// while nobody knows the holidays.
    #[must_use]
    pub fn add_weekdays(day: NaiveDate, count: u32) -> NaiveDate {
        let after = day.iter_days().skip(1).filter(|day| day.weekday().number_from_monday() <= 5);
        after.take(count as usize).last().unwrap_or(day)
    }

    /// Number of working days after `from`, up to and including `to`; 0 if `to` is not later.
    ///
    /// # Errors
    ///
    /// [`YearUnknown`] when a day between lies in a year that is not known.
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> Result<u32, YearUnknown> {
        let (mut day, mut count) = (from, 0);
        while day < to {
            day = after(day)?;
            count += u32::from(self.is_working_day(day)?);
        }
        Ok(count)
    }
}

/// The following day; the last day of the date type has none, and no notice covers its year.
fn after(day: NaiveDate) -> Result<NaiveDate, YearUnknown> {
    day.succ_opt().ok_or(YearUnknown(day.year()))
}

#[cfg(test)]
pub(super) mod tests;
