//! Hazards 事故隐患 from being found to being closed: states, the steps between them, the dates
//! each state needs.
//!
//! Source: domain reference §3.12; 安全生产法 article 41. Being overdue is no state: it follows
//! from the deadline and a day. A first report may come in any state, since another system may have
//! a history of its own; after that only the steps of the table are taken.

use chrono::NaiveDate;
use strum::{IntoStaticStr, VariantArray};

mod codes;
#[cfg(test)]
mod tests;

/// Where a hazard stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum HazardState {
    /// 已登记.
    Registered,
    /// 已责令整改.
    Ordered,
    /// 整改中.
    Rectifying,
    /// 已提请复查.
    Submitted,
    /// 复查合格.
    Rechecked,
    /// 已销号.
    Closed,
    /// 复查不合格.
    Rejected,
    /// 已移送.
    Transferred,
    /// 挂牌督办中.
    Supervised,
    /// 停产整改中.
    SuspendedProduction,
}

impl HazardState {
    /// The states one step away.
    #[must_use]
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Registered => &[Self::Ordered, Self::Transferred],
            Self::Ordered => &[
                Self::Rectifying,
                Self::Submitted,
                Self::Supervised,
                Self::SuspendedProduction,
                Self::Transferred,
            ],
            Self::Rectifying => {
                &[Self::Submitted, Self::Supervised, Self::SuspendedProduction, Self::Transferred]
            }
            Self::Supervised => &[Self::Rectifying, Self::Submitted, Self::SuspendedProduction],
            Self::SuspendedProduction => &[Self::Rectifying, Self::Submitted, Self::Supervised],
            Self::Submitted => &[Self::Rechecked, Self::Rejected],
            Self::Rejected => &[Self::Rectifying, Self::Supervised, Self::SuspendedProduction],
            Self::Rechecked => &[Self::Closed],
            Self::Closed | Self::Transferred => &[],
        }
    }

    /// The dates a hazard in this state has.
    #[must_use]
    pub const fn needs(self) -> &'static [Milestone] {
        use Milestone::{Closed, Deadline, Found, Ordered, Rechecked, Submitted, Transferred};
        match self {
            Self::Registered => &[Found],
            Self::Ordered | Self::Rectifying | Self::Supervised | Self::SuspendedProduction => {
                &[Found, Ordered, Deadline]
            }
            Self::Submitted => &[Found, Ordered, Deadline, Submitted],
            Self::Rechecked | Self::Rejected => &[Found, Ordered, Deadline, Submitted, Rechecked],
            Self::Closed => &[Found, Ordered, Deadline, Submitted, Rechecked, Closed],
            Self::Transferred => &[Found, Transferred],
        }
    }

    /// Whether a hazard may go from here to there. Staying where it is is always allowed.
    #[must_use]
    pub fn may_become(self, to: Self) -> bool {
        self == to || self.next().contains(&to)
    }

    /// Whether the recheck it has a date of judged what was submitted last, rather than what was
    /// submitted before.
    const fn is_judged(self) -> bool {
        matches!(self, Self::Rechecked | Self::Rejected | Self::Closed)
    }
}

/// A dated step of a hazard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Milestone {
    /// 发现.
    Found,
    /// 责令整改.
    Ordered,
    /// 整改期限.
    Deadline,
    /// 延期后的期限.
    Extended,
    /// 提请复查.
    Submitted,
    /// 复查.
    Rechecked,
    /// 销号.
    Closed,
    /// 移送.
    Transferred,
}

/// The dates known of a hazard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Dates([Option<NaiveDate>; 8]);

impl Dates {
    /// With a date, or without it.
    #[must_use]
    pub fn with(mut self, milestone: Milestone, day: Option<NaiveDate>) -> Self {
        if let Some(slot) = self.0.get_mut(milestone as usize) {
            *slot = day;
        }
        self
    }

    /// The date of a milestone.
    #[must_use]
    pub fn of(&self, milestone: Milestone) -> Option<NaiveDate> {
        self.0.get(milestone as usize).copied().flatten()
    }

    /// The last day for putting the hazard right: the extended deadline, else the first one.
    #[must_use]
    pub fn due(&self) -> Option<NaiveDate> {
        self.of(Milestone::Extended).or_else(|| self.of(Milestone::Deadline))
    }
}

/// What is wrong with the dates of a hazard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateFault {
    /// The state needs this date.
    Missing(Milestone),
    /// The second is dated before the first.
    Order(Milestone, Milestone),
    /// It has not come yet.
    Future(Milestone),
    /// The state says that this has not happened.
    Ahead(Milestone),
}

/// Milestones that have to follow each other, as far as both have a date.
const ORDER: [(Milestone, Milestone); 7] = [
    (Milestone::Found, Milestone::Ordered),
    (Milestone::Ordered, Milestone::Deadline),
    (Milestone::Deadline, Milestone::Extended),
    (Milestone::Ordered, Milestone::Submitted),
    (Milestone::Submitted, Milestone::Rechecked),
    (Milestone::Rechecked, Milestone::Closed),
    (Milestone::Found, Milestone::Transferred),
];

/// Checks that the dates a state needs are there, in order and past.
#[must_use]
pub fn check_dates(state: HazardState, dates: &Dates, today: NaiveDate) -> Vec<DateFault> {
    let mut faults: Vec<DateFault> = state
        .needs()
        .iter()
        .filter(|needed| dates.of(**needed).is_none())
        .map(|needed| DateFault::Missing(*needed))
        .collect();
    for (first, then) in ORDER {
        // Between rounds the recheck that is known belongs to the round before.
        let judged =
            (first, then) != (Milestone::Submitted, Milestone::Rechecked) || state.is_judged();
        if let (Some(earlier), Some(later)) = (dates.of(first), dates.of(then))
            && judged
            && later < earlier
        {
            faults.push(DateFault::Order(first, then));
        }
    }
    for happened in [
        Milestone::Ordered,
        Milestone::Submitted,
        Milestone::Rechecked,
        Milestone::Closed,
        Milestone::Transferred,
    ] {
        if dates.of(happened).is_some_and(|day| day > today) {
            faults.push(DateFault::Future(happened));
        }
    }
    for (milestone, own) in [
        (Milestone::Closed, HazardState::Closed),
        (Milestone::Transferred, HazardState::Transferred),
    ] {
        if state != own && dates.of(milestone).is_some() {
            faults.push(DateFault::Ahead(milestone));
        }
    }
    faults
}

/// Whether a hazard is overdue on a day: not put right by the end of its last day. What the
/// employer says it has put right in time is not overdue while it waits to be looked at.
#[must_use]
pub fn is_overdue(state: HazardState, dates: &Dates, day: NaiveDate) -> bool {
    let Some(due) = dates.due() else { return false };
    match state {
        HazardState::Rechecked | HazardState::Closed | HazardState::Transferred => false,
        HazardState::Submitted => {
            dates.of(Milestone::Submitted).is_some_and(|submitted| submitted > due)
        }
        _ => day > due,
    }
}
