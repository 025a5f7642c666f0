//! Hazards 事故隐患 from discovery to closure: states, permitted transitions, and the dates each
//! state requires.
//!
//! Source: domain reference §3.12; 安全生产法 article 41. Overdue is not a state: it follows from
//! the deadline and a given day. A first report may arrive in any state, because another system may
//! have tracked the hazard before; after that only the permitted transitions are accepted.

use chrono::NaiveDate;
use strum::{IntoStaticStr, VariantArray};

mod codes;
#[cfg(test)]
mod tests;

/// State of a hazard in the process of rectification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum HazardState {
    /// 已登记: found and registered; no order has been issued yet.
    Registered,
    /// 已责令整改: the authority has ordered rectification by a deadline.
    Ordered,
    /// 整改中: rectification is in progress.
    Rectifying,
    /// 已提请复查: the employer reports the hazard as put right and asks for a recheck.
    Submitted,
    /// 复查合格: the recheck confirmed that the hazard is put right.
    Rechecked,
    /// 已销号: struck off the list; a final state.
    Closed,
    /// 复查不合格: the recheck found the hazard not put right.
    Rejected,
    /// 已移送: handed over to another department; a final state.
    Transferred,
    /// 挂牌督办中: under named supervision until it is put right.
    Supervised,
    /// 停产整改中: production is stopped until the hazard is put right.
    SuspendedProduction,
}

impl HazardState {
    /// The states that can follow this one directly.
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

    /// The dates that a hazard in this state must have.
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

    /// Whether the transition to `to` is permitted. Staying in the same state always is.
    #[must_use]
    pub fn may_become(self, to: Self) -> bool {
        self == to || self.next().contains(&to)
    }

    /// Whether the known date of the recheck belongs to the latest submission rather than to an
    /// earlier round.
    const fn is_judged(self) -> bool {
        matches!(self, Self::Rechecked | Self::Rejected | Self::Closed)
    }
}

/// A dated step of a hazard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Milestone {
    /// 发现: the day the hazard was found.
    Found,
    /// 责令整改: the day of the order to put it right.
    Ordered,
    /// 整改期限: the last day for putting it right.
    Deadline,
    /// 延期后的期限: the deadline after an extension, which replaces the first one.
    Extended,
    /// 提请复查: the day the employer asked for a recheck.
    Submitted,
    /// 复查: the day of the recheck.
    Rechecked,
    /// 销号: the day the hazard was struck off the list.
    Closed,
    /// 移送: the day it was handed over to another department.
    Transferred,
}

/// The known dates of a hazard, by milestone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Dates([Option<NaiveDate>; 8]);

impl Dates {
    /// Sets the date of a milestone, or removes it.
    #[must_use]
    pub fn with(mut self, milestone: Milestone, day: Option<NaiveDate>) -> Self {
        if let Some(slot) = self.0.get_mut(milestone as usize) {
            *slot = day;
        }
        self
    }

    /// The date of a milestone, if it is known.
    #[must_use]
    pub fn of(&self, milestone: Milestone) -> Option<NaiveDate> {
        self.0.get(milestone as usize).copied().flatten()
    }

    /// The last day for putting the hazard right: the extended deadline if there is one, else the
    /// first.
    #[must_use]
    pub fn due(&self) -> Option<NaiveDate> {
        self.of(Milestone::Extended).or_else(|| self.of(Milestone::Deadline))
    }
}

/// What is wrong with the dates of a hazard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateFault {
    /// A date that the state requires is missing.
    Missing(Milestone),
    /// The second milestone is dated before the first.
    Order(Milestone, Milestone),
    /// The date of something that has happened lies in the future.
    Future(Milestone),
    /// There is a date although, by the state, this has not happened.
    Ahead(Milestone),
}

/// Pairs of milestones that must be in this order if both have a date.
const ORDER: [(Milestone, Milestone); 7] = [
    (Milestone::Found, Milestone::Ordered),
    (Milestone::Ordered, Milestone::Deadline),
    (Milestone::Deadline, Milestone::Extended),
    (Milestone::Ordered, Milestone::Submitted),
    (Milestone::Submitted, Milestone::Rechecked),
    (Milestone::Rechecked, Milestone::Closed),
    (Milestone::Found, Milestone::Transferred),
];

/// Checks that the dates a state needs are known and in order, and that steps taken are not dated
/// in the future. The day of finding is checked by the declaration of its field instead.
#[must_use]
pub fn check_dates(state: HazardState, dates: &Dates, today: NaiveDate) -> Vec<DateFault> {
    let mut faults: Vec<DateFault> = state
        .needs()
        .iter()
        .filter(|needed| dates.of(**needed).is_none())
        .map(|needed| DateFault::Missing(*needed))
        .collect();
    for (first, then) in ORDER {
        // Between rounds of rectification the known recheck belongs to the earlier round.
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

/// Whether a hazard is overdue on a day: not put right by the end of its last day. A hazard that
/// the employer reported as put right in time is not overdue while it waits for the recheck.
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
