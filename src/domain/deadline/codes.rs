//! Codes of clocks: units and states.

/// What a clock counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

impl ClockUnit {
    /// Every unit.
    pub const ALL: [Self; 6] = [Self::CalendarDay, Self::WorkingDay, Self::Month, Self::Year, Self::Hour, Self::DayOfYear];

    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::CalendarDay => "CALENDAR_DAY",
            Self::WorkingDay => "WORKING_DAY",
            Self::Month => "MONTH",
            Self::Year => "YEAR",
            Self::Hour => "HOUR",
            Self::DayOfYear => "DAY_OF_YEAR",
        }
    }

    /// The unit with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|own| own.code() == code)
    }
}

impl DueState {
    /// Every state.
    pub const ALL: [Self; 6] = [Self::NotDue, Self::DueSoon, Self::Overdue, Self::Done, Self::DoneLate, Self::Suspended];

    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotDue => "NOT_DUE",
            Self::DueSoon => "DUE_SOON",
            Self::Overdue => "OVERDUE",
            Self::Done => "DONE",
            Self::DoneLate => "DONE_LATE",
            Self::Suspended => "SUSPENDED",
        }
    }

    /// The state with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|own| own.code() == code)
    }
}
