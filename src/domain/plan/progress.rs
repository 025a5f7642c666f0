//! How far a task of a plan is at a region: reported by the department that carries it out, then
//! confirmed or sent back.

use strum::{IntoStaticStr, VariantArray};

use super::{Finality, ObligationKind};
use crate::domain::code::Coded as _;

/// State of a department's report on a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum TaskState {
    /// Nothing has been reported.
    Open,
    /// Reported, and not yet looked at.
    Reported,
    /// Confirmed as done.
    Confirmed,
    /// Sent back to the department, with the reason.
    Returned,
}

/// A step of the work on a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum TaskStep {
    /// The department says what it has done, or says it anew.
    Report,
    /// Somebody else confirms it.
    Confirm,
    /// Somebody else sends it back.
    Return,
}

impl TaskState {
    /// The state after a step; `None` where the step is not permitted.
    #[must_use]
    pub const fn after(self, step: TaskStep) -> Option<Self> {
        match (self, step) {
            (Self::Open | Self::Reported | Self::Returned, TaskStep::Report) => {
                Some(Self::Reported)
            }
            (Self::Reported, TaskStep::Confirm) => Some(Self::Confirmed),
            (Self::Reported | Self::Confirmed, TaskStep::Return) => Some(Self::Returned),
            _ => None,
        }
    }

    /// The steps that are open.
    pub fn steps(self) -> impl Iterator<Item = TaskStep> {
        TaskStep::ALL.iter().copied().filter(move |step| self.after(*step).is_some())
    }

    /// The state in Chinese, as shown to users.
    #[must_use]
    pub const fn name_zh(self) -> &'static str {
        match self {
            Self::Open => "未报告",
            Self::Reported => "已报告，待确认",
            Self::Confirmed => "已确认",
            Self::Returned => "已退回",
        }
    }

    /// The state in English, as shown to users.
    #[must_use]
    pub const fn name_en(self) -> &'static str {
        match self {
            Self::Open => "not reported",
            Self::Reported => "reported, to be confirmed",
            Self::Confirmed => "confirmed",
            Self::Returned => "sent back",
        }
    }
}

impl TaskStep {
    /// The step in Chinese, as shown to users.
    #[must_use]
    pub const fn name_zh(self) -> &'static str {
        match self {
            Self::Report => "报告",
            Self::Confirm => "确认",
            Self::Return => "退回",
        }
    }

    /// The step in English, as shown to users.
    #[must_use]
    pub const fn name_en(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Confirm => "confirm",
            Self::Return => "send back",
        }
    }
}

/// Something that the hub knows of a task by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskEvent {
    /// The return of the department of a kind and calendar year was signed.
    Return(ObligationKind, i32, Finality),
    /// A joint meeting was held in the calendar year of the task.
    Meeting,
    /// The region has a named education base by the end of that year.
    Base,
    /// The region held a campaign of the year's theme and a concentrated one in that year.
    Campaign,
}

impl TaskEvent {
    /// The event that a code names: `MEETING`, `BASE`, `CAMPAIGN`, or `ACCIDENT_RETURN/2023/FINAL`.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "MEETING" => return Some(Self::Meeting),
            "BASE" => return Some(Self::Base),
            "CAMPAIGN" => return Some(Self::Campaign),
            _ => {}
        }
        let mut parts = code.split('/');
        let kind = ObligationKind::from_code(parts.next()?)?;
        let (year, finality) = (parts.next()?.parse().ok()?, Finality::from_code(parts.next()?)?);
        parts.next().is_none().then_some(Self::Return(kind, year, finality))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_of_a_report_are_those_of_the_table() {
        use TaskState::{Confirmed, Open, Reported, Returned};
        use TaskStep::{Confirm, Report, Return};
        for (state, steps) in [
            (Open, vec![Report]),
            (Reported, vec![Report, Confirm, Return]),
            (Confirmed, vec![Return]),
            (Returned, vec![Report]),
        ] {
            assert_eq!(state.steps().collect::<Vec<_>>(), steps, "{state:?}");
        }
        assert_eq!(Reported.after(Confirm), Some(Confirmed));
        assert_eq!(Confirmed.after(Return), Some(Returned));
        assert_eq!(Returned.after(Report), Some(Reported));
    }

    #[test]
    fn an_event_is_named_by_its_kind_year_and_finality() {
        let own = TaskEvent::Return(ObligationKind::DiseaseReturn, 2024, Finality::Provisional);
        assert_eq!(TaskEvent::from_code("DISEASE_RETURN/2024/PROVISIONAL"), Some(own));
        assert_eq!(TaskEvent::from_code("MEETING"), Some(TaskEvent::Meeting));
        for wrong in
            ["", "MEETING/2024", "DISEASE_RETURN/2024", "DISEASE_RETURN/x/FINAL", "X/1/FINAL"]
        {
            assert_eq!(TaskEvent::from_code(wrong), None, "{wrong}");
        }
    }
}
