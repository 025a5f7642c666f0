//! One engine for all deadlines: rules are data and count calendar days, working days, months or
//! years, or name a day of each year.
//!
//! The start day of a clock is not counted. A rule may move a last day that is not a working day to
//! the next working day, may allow an extension, and may suspend the clock while another authority
//! decides. A region may set a stricter rule, never a looser one. Where the holiday calendar ends,
//! the engine returns an error; it does not guess.

use chrono::{Days, Months, NaiveDate};

use super::{
    calendar::{Calendar, YearUnknown},
    region::RegionCode,
};

mod codes;
mod strict;

pub use codes::{ClockUnit, DueState};
pub use strict::ClockFault;

/// A rule of the table `clock_rule`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClockRule {
    /// Code of the rule, such as `RECOGNITION_EMPLOYER`; a regional rule has a code of its own.
    pub code: String,
    /// Chinese name of the rule, as shown to users.
    pub name_zh: String,
    /// English name of the rule, as shown to users.
    pub name_en: String,
    /// Region in which it applies; `None` for the whole country.
    pub region: Option<RegionCode>,
    /// Code of the national rule that a regional rule tightens; `None` for a national rule.
    pub national: Option<String>,
    /// First day on which it applies; none where it always did.
    pub valid_from: Option<NaiveDate>,
    /// Last day on which it applies; none where a later edition has not replaced it.
    pub valid_to: Option<NaiveDate>,
    /// How many units.
    pub amount: u32,
    /// What `amount` and `extension` count, or [`ClockUnit::DayOfYear`].
    pub unit: ClockUnit,
    /// Month, 1 to 12, of a rule that names a day of the year; `None` otherwise.
    pub month: Option<u32>,
    /// Day of `month`; `None` for the last day of that month.
    pub day: Option<u32>,
    /// Whether a last day that is not a working day moves to the next working day.
    pub rolls: bool,
    /// Units that an extension adds to `amount`; 0 where none is allowed.
    pub extension: u32,
    /// Whether the clock is suspended while another authority decides.
    pub suspends: bool,
    /// Number of days before the last one from which the state is [`DueState::DueSoon`]; 0 for
    /// never.
    pub warn_days: u32,
    /// Law and article that the rule comes from.
    pub source: String,
}

/// The facts of one run of a clock, from which its last day follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockRun {
    /// Day that starts the clock; it is not counted itself.
    pub start: NaiveDate,
    /// Days of suspension; they count only where the rule suspends.
    pub suspended_days: u32,
    /// Whether the extension of the rule was granted.
    pub extended: bool,
}

impl ClockRun {
    /// A run that starts on a day, with neither suspension nor extension.
    #[must_use]
    pub const fn from(start: NaiveDate) -> Self {
        Self { start, suspended_days: 0, extended: false }
    }
}

/// Why a clock has no last day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClockError {
    /// The computation reaches a year whose holidays are not known. The last day before rolling is
    /// given where it could be computed.
    YearUnknown(YearUnknown, Option<NaiveDate>),
    /// The date is outside the range of the date type, or the rule is of the other kind.
    Impossible,
}

impl From<YearUnknown> for ClockError {
    fn from(error: YearUnknown) -> Self {
        Self::YearUnknown(error, None)
    }
}

impl ClockRule {
    /// Whether this edition applies on a day.
    #[must_use]
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }

    /// Whether it is the rule of that code, or stands beside it in a region that contains the one
    /// asked about.
    fn answers(&self, code: &str, region: Option<&RegionCode>) -> bool {
        match (&self.region, region) {
            (None, _) => self.code == code,
            (Some(own), Some(region)) => {
                self.national.as_deref() == Some(code) && own.contains(region)
            }
            (Some(_), None) => false,
        }
    }

    /// The last day of a clock.
    ///
    /// # Errors
    ///
    /// [`ClockError::YearUnknown`] when a working day is asked for beyond the calendar,
    /// [`ClockError::Impossible`] for a rule that names a day of the year.
    pub fn due(&self, calendar: &Calendar, run: &ClockRun) -> Result<NaiveDate, ClockError> {
        let amount = self.amount + if run.extended { self.extension } else { 0 };
        let last = match self.unit {
            ClockUnit::CalendarDay => run.start.checked_add_days(Days::new(u64::from(amount))),
            ClockUnit::WorkingDay => Some(calendar.add_working_days(run.start, amount)?),
            ClockUnit::Month => run.start.checked_add_months(Months::new(amount)),
            ClockUnit::Year => amount
                .checked_mul(12)
                .and_then(|months| run.start.checked_add_months(Months::new(months))),
            // Hours are counted by instants; counted in days they end on the day they began.
            ClockUnit::Hour => Some(run.start),
            ClockUnit::DayOfYear => None,
        };
        let still = if self.suspends { run.suspended_days } else { 0 };
        let last = last
            .and_then(|last| last.checked_add_days(Days::new(u64::from(still))))
            .ok_or(ClockError::Impossible)?;
        // Working days end on a working day, also where a suspension moved the last of them.
        if self.rolls || (self.unit == ClockUnit::WorkingDay && still > 0) {
            rolled(calendar, last)
        } else {
            Ok(last)
        }
    }

    /// The day of a year that the rule names.
    ///
    /// # Errors
    ///
    /// As [`Self::due`]; [`ClockError::Impossible`] for a rule that counts from an event.
    pub fn due_in(&self, calendar: &Calendar, year: i32) -> Result<NaiveDate, ClockError> {
        let month = self
            .month
            .filter(|_| self.unit == ClockUnit::DayOfYear)
            .ok_or(ClockError::Impossible)?;
        let last = match self.day {
            Some(day) => NaiveDate::from_ymd_opt(year, month, day),
            None => {
                let (next_year, next) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
                NaiveDate::from_ymd_opt(next_year, next, 1).and_then(|first| first.pred_opt())
            }
        };
        let last = last.ok_or(ClockError::Impossible)?;
        if self.rolls { rolled(calendar, last) } else { Ok(last) }
    }

    /// State of something due on the day `due`, as of `today`.
    #[must_use]
    pub fn state(
        &self,
        due: NaiveDate,
        done: Option<NaiveDate>,
        suspended: bool,
        today: NaiveDate,
    ) -> DueState {
        match done {
            Some(done) if done <= due => DueState::Done,
            Some(_) => DueState::DoneLate,
            None if suspended => DueState::Suspended,
            None if today > due => DueState::Overdue,
            None => {
                let soon = due.checked_sub_days(Days::new(u64::from(self.warn_days)));
                if self.warn_days > 0 && soon.is_some_and(|soon| soon <= today) {
                    DueState::DueSoon
                } else {
                    DueState::NotDue
                }
            }
        }
    }
}

/// The first working day from a day on.
fn rolled(calendar: &Calendar, last: NaiveDate) -> Result<NaiveDate, ClockError> {
    calendar.next_working_day(last).map_err(|error| ClockError::YearUnknown(error, Some(last)))
}

/// All rules: editions of one follow each other, and none is looser in a region than in the country.
#[derive(Debug, Clone, Default)]
pub struct Clocks(Vec<ClockRule>);

impl Clocks {
    /// Checks the rules against each other.
    ///
    /// # Errors
    ///
    /// One fault for each regional rule that is looser than the national one or stands beside none,
    /// and for each edition that applies at the same time as another of its rule.
    pub fn new(rules: Vec<ClockRule>) -> Result<Self, Vec<ClockFault>> {
        let faults = strict::faults(&rules);
        if faults.is_empty() { Ok(Self(rules)) } else { Err(faults) }
    }

    /// The editions of a rule that apply somewhere in a region: for bounds that hold whenever a
    /// clock started.
    pub fn editions<'a>(
        &'a self,
        code: &'a str,
        region: &'a RegionCode,
    ) -> impl Iterator<Item = &'a ClockRule> {
        self.0.iter().filter(move |rule| rule.answers(code, Some(region)))
    }

    /// The rule of that code in a region for a clock that starts on a day: the nearest regional one
    /// beside it, else the national one. None where no edition applies on that day.
    #[must_use]
    pub fn rule(
        &self,
        code: &str,
        region: Option<&RegionCode>,
        start: NaiveDate,
    ) -> Option<&ClockRule> {
        nearest(self.0.iter().filter(|rule| rule.answers(code, region) && rule.holds_on(start)))
    }
}

fn nearest<'a>(rules: impl Iterator<Item = &'a ClockRule>) -> Option<&'a ClockRule> {
    rules.max_by_key(|rule| rule.region.as_ref().map_or(0, |region| region.prefix().len()))
}

#[cfg(test)]
mod tests;
