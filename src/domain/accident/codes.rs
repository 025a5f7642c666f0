//! Codes and messages of accidents; the rules are in the parent module.

use super::{CasualtyBasis, CasualtyKind, CountMismatch, Grade};

impl Grade {
    /// Every grade, lightest first.
    pub const ALL: [Self; 4] = [Self::General, Self::Larger, Self::Major, Self::ExtraordinarilyMajor];

    /// Stable code, the name of the GraphQL enum value.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::General => "GENERAL",
            Self::Larger => "LARGER",
            Self::Major => "MAJOR",
            Self::ExtraordinarilyMajor => "EXTRAORDINARILY_MAJOR",
        }
    }

    /// The grade with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grade| grade.code() == code)
    }
}

impl CasualtyBasis {
    /// Every basis.
    pub const ALL: [Self; 2] = [Self::DeathsMissingInjured, Self::DeathsSerious];

    /// Stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::DeathsMissingInjured => "DEATHS_MISSING_INJURED",
            Self::DeathsSerious => "DEATHS_SERIOUS",
        }
    }

    /// The basis with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|basis| basis.code() == code)
    }
}

impl CasualtyKind {
    /// Every number, heaviest first.
    pub const ALL: [Self; 5] = [Self::Deaths, Self::Missing, Self::Serious, Self::AcutePoisonings, Self::Minor];

    /// Stable code: the name of the field.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Deaths => "DEATHS",
            Self::Missing => "MISSING",
            Self::Serious => "SERIOUS",
            Self::AcutePoisonings => "ACUTE_POISONINGS",
            Self::Minor => "MINOR",
        }
    }

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
        if self.entered > self.listed { "ACCIDENT_VICTIMS_MISSING" } else { "ACCIDENT_VICTIMS_SURPLUS" }
    }

    /// What differs and what to do, in Chinese.
    #[must_use]
    pub fn message_zh(self) -> String {
        let (name, entered, listed) = (self.kind.name_zh(), self.entered, self.listed);
        if entered > listed {
            format!("事故登记{name}{entered}人，人员名单只有{listed}人，请补录人员或更正人数")
        } else {
            format!("人员名单中{name}{listed}人，多于事故登记的{entered}人，请更正人数或人员的伤害程度")
        }
    }

    /// What differs and what to do, in English.
    #[must_use]
    pub fn message_en(self) -> String {
        let (name, entered, listed) = (self.kind.code(), self.entered, self.listed);
        if entered > listed {
            format!("{name}: {entered} entered, only {listed} listed; add the victims or correct the number")
        } else {
            format!("{name}: {listed} listed, only {entered} entered; correct the number or the degree of injury")
        }
    }
}
