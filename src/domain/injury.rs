//! Degree of injury 伤害程度 of one person, and its agreement with lost workdays.
//!
//! Sources: GB/T 6441-1986 (105 and 6000 lost workdays), GB 6441-2025 (no casualty), GB/T 15499
//! (conversion of an injury to lost workdays), 生产安全事故统计报表制度 (2016). Lost workdays are a
//! standard conversion, not the days of actual absence; the conversion table itself is not part of
//! this module.

use strum::{IntoStaticStr, VariantArray};

/// Lost workdays from which an injury is serious (GB/T 6441-1986).
pub const SERIOUS_FROM_LOST_WORKDAYS: u32 = 105;

/// Lost workdays of a death, and the most that one person can have (GB/T 6441-1986, GB/T 15499).
pub const DEATH_LOST_WORKDAYS: u32 = 6000;

/// Workdays of absence from which an acute poisoning is counted (统计报表制度 2016).
pub const POISONING_FROM_WORKDAYS: u32 = 3;

/// What happened to a person, from nothing to death.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum InjuryDegree {
    /// 零伤亡: nobody was harmed (GB 6441-2025).
    None,
    /// 轻伤: under 105 lost workdays.
    Minor,
    /// 重伤: 105 lost workdays and more, not fatal.
    Serious,
    /// 急性工业中毒: counted with serious injuries.
    AcutePoisoning,
    /// 失踪: counted with deaths.
    Missing,
    /// 死亡: the person died of the accident, converted to 6000 lost workdays.
    Death,
}

/// A degree that does not agree with the lost workdays; the record is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
pub enum InjuryWarning {
    /// More than 6000 lost workdays for one person.
    #[strum(serialize = "INJURY_LOST_WORKDAYS_ABOVE_MAXIMUM")]
    AboveMaximum,
    /// Lost workdays for a person without injury.
    #[strum(serialize = "INJURY_NONE_WITH_LOST_WORKDAYS")]
    NoneWithLostWorkdays,
    /// A minor injury with 105 lost workdays or more.
    #[strum(serialize = "INJURY_MINOR_TOO_LONG")]
    MinorTooLong,
    /// A serious injury with fewer than 105 lost workdays.
    #[strum(serialize = "INJURY_SERIOUS_TOO_SHORT")]
    SeriousTooShort,
    /// An acute poisoning with fewer than 3 workdays.
    #[strum(serialize = "INJURY_POISONING_TOO_SHORT")]
    PoisoningTooShort,
    /// A death that is not 6000 lost workdays.
    #[strum(serialize = "INJURY_DEATH_NOT_MAXIMUM")]
    DeathNotMaximum,
}

/// The degree that a number of lost workdays stands for (GB/T 6441-1986).
///
/// Permanent total disability is converted to 6000 as well, so [`InjuryDegree::Death`] here means
/// "counts like a death": propose it, never record a death from it.
#[must_use]
pub fn degree_from_lost_workdays(days: u32) -> InjuryDegree {
    match days {
        0 => InjuryDegree::None,
        1..SERIOUS_FROM_LOST_WORKDAYS => InjuryDegree::Minor,
        SERIOUS_FROM_LOST_WORKDAYS..DEATH_LOST_WORKDAYS => InjuryDegree::Serious,
        _ => InjuryDegree::Death,
    }
}

/// The disagreement between a degree and the lost workdays recorded with it, if there is one.
///
/// A serious injury with exactly 6000 is permanent total disability and agrees; a missing person
/// has no lost workdays yet.
#[must_use]
pub fn check_lost_workdays(degree: InjuryDegree, days: u32) -> Option<InjuryWarning> {
    if days > DEATH_LOST_WORKDAYS {
        return Some(InjuryWarning::AboveMaximum);
    }
    match degree {
        InjuryDegree::None if days > 0 => Some(InjuryWarning::NoneWithLostWorkdays),
        InjuryDegree::Minor if days >= SERIOUS_FROM_LOST_WORKDAYS => {
            Some(InjuryWarning::MinorTooLong)
        }
        InjuryDegree::Serious if days < SERIOUS_FROM_LOST_WORKDAYS => {
            Some(InjuryWarning::SeriousTooShort)
        }
        InjuryDegree::AcutePoisoning if days < POISONING_FROM_WORKDAYS => {
            Some(InjuryWarning::PoisoningTooShort)
        }
        InjuryDegree::Death if days != DEATH_LOST_WORKDAYS => Some(InjuryWarning::DeathNotMaximum),
        _ => None,
    }
}

impl InjuryWarning {
    fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::AboveMaximum => (
                "一人的损失工作日最多6000日，请按GB/T 15499核对",
                "one person has at most 6000 lost workdays; check against GB/T 15499",
            ),
            Self::NoneWithLostWorkdays => (
                "零伤亡却有损失工作日，请更正伤害程度或损失工作日",
                "no injury but lost workdays; correct the degree or the days",
            ),
            Self::MinorTooLong => (
                "损失工作日达到105日应为重伤，请核对伤害程度",
                "105 lost workdays or more are a serious injury; check the degree",
            ),
            Self::SeriousTooShort => (
                "重伤的损失工作日应不少于105日，请核对伤害程度",
                "a serious injury has at least 105 lost workdays; check the degree",
            ),
            Self::PoisoningTooShort => (
                "急性工业中毒应为3个工作日以上，请核对伤害程度",
                "an acute industrial poisoning has at least 3 workdays; check the degree",
            ),
            Self::DeathNotMaximum => (
                "死亡的损失工作日按6000日计，请更正",
                "a death counts as 6000 lost workdays; correct the number",
            ),
        }
    }

    /// What disagrees and what to do, in Chinese.
    #[must_use]
    pub fn message_zh(self) -> &'static str {
        self.texts().0
    }

    /// What disagrees and what to do, in English.
    #[must_use]
    pub fn message_en(self) -> &'static str {
        self.texts().1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::code::Coded as _;

    #[test]
    fn lost_workdays_give_the_degree() {
        for (days, expected) in [
            (0, InjuryDegree::None),
            (1, InjuryDegree::Minor),
            (104, InjuryDegree::Minor),
            (105, InjuryDegree::Serious),
            (5999, InjuryDegree::Serious),
            (6000, InjuryDegree::Death),
            (u32::MAX, InjuryDegree::Death),
        ] {
            assert_eq!(degree_from_lost_workdays(days), expected, "{days}");
        }
    }

    #[test]
    fn a_degree_that_disagrees_with_the_days_warns() {
        use InjuryDegree as D;
        use InjuryWarning as W;
        for (degree, days, expected) in [
            (D::None, 0, None),
            (D::None, 1, Some(W::NoneWithLostWorkdays)),
            (D::Minor, 0, None),
            (D::Minor, 104, None),
            (D::Minor, 105, Some(W::MinorTooLong)),
            (D::Serious, 104, Some(W::SeriousTooShort)),
            (D::Serious, 105, None),
            (D::Serious, 6000, None),
            (D::AcutePoisoning, 2, Some(W::PoisoningTooShort)),
            (D::AcutePoisoning, 3, None),
            (D::Missing, 0, None),
            (D::Missing, 6000, None),
            (D::Death, 5999, Some(W::DeathNotMaximum)),
            (D::Death, 6000, None),
            (D::Death, 6001, Some(W::AboveMaximum)),
        ] {
            assert_eq!(check_lost_workdays(degree, days), expected, "{degree:?} {days}");
        }
    }

    #[test]
    fn codes_read_back_and_are_distinct() {
        for &degree in InjuryDegree::ALL {
            assert_eq!(InjuryDegree::from_code(degree.code()), Some(degree));
        }
        assert_eq!(InjuryDegree::from_code("none"), None);
        let codes: std::collections::BTreeSet<_> =
            InjuryWarning::ALL.iter().copied().map(InjuryWarning::code).collect();
        assert_eq!(codes.len(), InjuryWarning::ALL.len());
    }
}
