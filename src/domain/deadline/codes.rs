//! Codes of clocks: units and states.

use strum::{IntoStaticStr, VariantArray};

/// What a clock counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ClockUnit {
    /// 日: calendar days.
    CalendarDay,
    /// 工作日: working days by the holiday calendar.
    WorkingDay,
    /// 月: calendar months.
    Month,
    /// 年: calendar years.
    Year,
    /// 小时: hours; in a count of days such a rule ends on the day it starts.
    Hour,
    /// The period ends on a fixed day of each year, such as the end of February.
    DayOfYear,
}

/// State of something that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum DueState {
    /// Not done, and the last day is not yet near.
    NotDue,
    /// Not done, and the last day is within the warning period of the rule.
    DueSoon,
    /// Not done, and the last day is past.
    Overdue,
    /// Done on the last day or before.
    Done,
    /// Done after the last day.
    DoneLate,
    /// The clock is suspended.
    Suspended,
    /// A fact that decides it is not known.
    Undecided,
}
