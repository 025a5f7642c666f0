//! Codes and messages of accidents; the rules are in the parent module.

use super::{CasualtyKind, CountMismatch};
use crate::domain::code::Coded as _;

impl CasualtyKind {
    fn name_zh(self) -> &'static str {
        match self {
            Self::Deaths => "死亡",
            Self::Missing => "失踪",
            Self::Serious => "重伤",
            Self::AcutePoisonings => "急性工业中毒",
            Self::Minor => "轻伤",
        }
    }
}

impl CountMismatch {
    /// Stable code: more victims entered than listed, or the reverse.
    #[must_use]
    pub fn code(self) -> &'static str {
        if self.entered > self.listed {
            "ACCIDENT_VICTIMS_MISSING"
        } else {
            "ACCIDENT_VICTIMS_SURPLUS"
        }
    }

    /// What differs and what to do, in Chinese.
    #[must_use]
    pub fn message_zh(self) -> String {
        let (name, entered, listed) = (self.kind.name_zh(), self.entered, self.listed);
        if entered > listed {
            format!("事故登记{name}{entered}人，人员名单只有{listed}人，请补录人员或更正人数")
        } else {
            format!(
                "人员名单中{name}{listed}人，多于事故登记的{entered}人，请更正人数或人员的伤害程度"
            )
        }
    }

    /// What differs and what to do, in English.
    #[must_use]
    pub fn message_en(self) -> String {
        let (name, entered, listed) = (self.kind.code(), self.entered, self.listed);
        if entered > listed {
            format!(
                "{name}: {entered} entered, only {listed} listed; add the victims or correct the number"
            )
        } else {
            format!(
                "{name}: {listed} listed, only {entered} entered; correct the number or the degree of injury"
            )
        }
    }
}
