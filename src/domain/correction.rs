//! Corrections 数据校核: whoever uses a record says what is wrong with it; its holder verifies it,
//! and corrects it or says why it stays as it is, within ten working days.
//!
//! Source: 政务数据共享条例（国务院令第809号） 第二十六条.

use strum::{IntoStaticStr, VariantArray};

/// Code of the clock for the holder's answer, in `reference/clock_rule.csv`.
pub const CLOCK: &str = "SHARING_VERIFY";

/// State of a request for correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum CorrectionState {
    /// Raised, and not yet answered.
    Open,
    /// The holder agrees and has yet to correct the record.
    Accepted,
    /// The holder has corrected the record.
    Corrected,
    /// The holder says why the record stays as it is.
    Rejected,
    /// Whoever raised it took it back.
    Withdrawn,
}

/// A step of the work on a request for correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum CorrectionStep {
    /// The holder agrees.
    Accept,
    /// The holder says that the record has been corrected.
    Correct,
    /// The holder says why the record stays as it is.
    Reject,
    /// Whoever raised it takes it back.
    Withdraw,
}

impl CorrectionState {
    /// The state after a step; `None` where the step is not permitted.
    #[must_use]
    pub const fn after(self, step: CorrectionStep) -> Option<Self> {
        use CorrectionStep::{Accept, Correct, Reject, Withdraw};
        match (self, step) {
            (Self::Open, Accept) => Some(Self::Accepted),
            (Self::Open | Self::Accepted, Correct) => Some(Self::Corrected),
            (Self::Open | Self::Accepted, Reject) => Some(Self::Rejected),
            (Self::Open | Self::Accepted, Withdraw) => Some(Self::Withdrawn),
            _ => None,
        }
    }

    /// Whether nothing is left to do.
    #[must_use]
    pub const fn is_settled(self) -> bool {
        matches!(self, Self::Corrected | Self::Rejected | Self::Withdrawn)
    }

    /// The state in Chinese, as shown to users.
    #[must_use]
    pub const fn name_zh(self) -> &'static str {
        match self {
            Self::Open => "待核实",
            Self::Accepted => "已核实，待更正",
            Self::Corrected => "已更正",
            Self::Rejected => "核实无误",
            Self::Withdrawn => "已撤回",
        }
    }

    /// The state in English, as shown to users.
    #[must_use]
    pub const fn name_en(self) -> &'static str {
        match self {
            Self::Open => "to be verified",
            Self::Accepted => "verified, to be corrected",
            Self::Corrected => "corrected",
            Self::Rejected => "found to be right",
            Self::Withdrawn => "taken back",
        }
    }
}

impl CorrectionStep {
    /// Whether the step needs words: the holder's reason for leaving a record as it is.
    #[must_use]
    pub const fn needs_words(self) -> bool {
        matches!(self, Self::Reject)
    }

    /// What the step is called in the audit log.
    #[must_use]
    pub const fn operation(self) -> &'static str {
        match self {
            Self::Accept => "accept correction",
            Self::Correct => "settle correction",
            Self::Reject => "reject correction",
            Self::Withdraw => "withdraw correction",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::code::Coded as _;

    #[test]
    fn what_is_settled_stays_settled_and_nothing_else_is() {
        for &state in CorrectionState::ALL {
            let open = CorrectionStep::ALL.iter().any(|step| state.after(*step).is_some());
            assert_eq!(open, !state.is_settled(), "{state:?}");
        }
    }
}
