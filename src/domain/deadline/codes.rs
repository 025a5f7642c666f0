//! Codes of clocks: units and states.

use strum::{IntoStaticStr, VariantArray};

/// What a clock counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ClockUnit {
    /// 日.
    CalendarDay,
    /// 工作日.
    WorkingDay,
    /// 月.
    Month,
    /// 年.
    Year,
    /// 小时.
    Hour,
    /// A day of each year.
    DayOfYear,
}

/// Where something that is due stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum DueState {
    /// Time is left.
    NotDue,
    /// The last day is near.
    DueSoon,
    /// The last day is past and nothing came.
    Overdue,
    /// Done in time.
    Done,
    /// Done after the last day.
    DoneLate,
    /// The clock stands still.
    Suspended,
}
