//! Education bases 警示教育基地 from the decision to build one to its name: states, permitted steps, and
//! the days each state needs.
//!
//! Source: 山西《工伤预防警示教育基地建设指导意见（试行）》(2023-08): evaluation, publication without objection,
//! plaque. A first report may arrive in any state; after that only the permitted steps are accepted.

use chrono::NaiveDate;
use strum::{IntoStaticStr, VariantArray};

/// State of a base.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum BaseState {
    /// 已立项.
    Planned,
    /// 建设中.
    Building,
    /// 已申请评估.
    Applied,
    /// 评估合格.
    Evaluated,
    /// 公示中.
    Published,
    /// 已命名.
    Named,
    /// 复评合格.
    Reviewed,
    /// 已撤销命名.
    Revoked,
}

/// A day that a state needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BaseDay {
    /// 评估.
    Evaluated,
    /// 公示.
    Published,
    /// 命名.
    Named,
    /// 撤销命名.
    Revoked,
}

impl BaseState {
    /// The states that can follow this one directly.
    #[must_use]
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Planned => &[Self::Building, Self::Applied],
            Self::Building => &[Self::Applied],
            Self::Applied => &[Self::Evaluated, Self::Building],
            Self::Evaluated => &[Self::Published],
            Self::Published => &[Self::Named, Self::Building],
            Self::Named => &[Self::Reviewed, Self::Revoked],
            Self::Reviewed => &[Self::Revoked],
            Self::Revoked => &[Self::Building],
        }
    }

    /// Whether a base may be told in that state after this one: the same, or one that follows.
    #[must_use]
    pub fn may_become(self, to: Self) -> bool {
        self == to || self.next().contains(&to)
    }

    /// The days that a base in this state must have, in their order.
    #[must_use]
    pub const fn needs(self) -> &'static [BaseDay] {
        use BaseDay::{Evaluated, Named, Published, Revoked};
        match self {
            Self::Planned | Self::Building | Self::Applied => &[],
            Self::Evaluated => &[Evaluated],
            Self::Published => &[Evaluated, Published],
            Self::Named | Self::Reviewed => &[Evaluated, Published, Named],
            Self::Revoked => &[Evaluated, Published, Named, Revoked],
        }
    }

    /// Whether the base carries the name.
    #[must_use]
    pub const fn is_named(self) -> bool {
        matches!(self, Self::Named | Self::Reviewed)
    }

    /// The state in Chinese, as shown to users.
    #[must_use]
    pub const fn name_zh(self) -> &'static str {
        match self {
            Self::Planned => "已立项",
            Self::Building => "建设中",
            Self::Applied => "已申请评估",
            Self::Evaluated => "评估合格",
            Self::Published => "公示中",
            Self::Named => "已命名",
            Self::Reviewed => "复评合格",
            Self::Revoked => "已撤销命名",
        }
    }
}

/// What is wrong with the days of a base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BaseFault {
    /// The state needs a day that is not told.
    Missing(BaseDay),
    /// A day lies before the one that has to come first.
    Order(BaseDay),
}

/// Checks the days of a base; `day` gives each, `planned` comes before all of them.
pub fn check_days(
    state: BaseState,
    planned: Option<NaiveDate>,
    day: impl Fn(BaseDay) -> Option<NaiveDate>,
) -> Vec<BaseFault> {
    let mut faults = Vec::new();
    let mut before = planned;
    for needed in state.needs() {
        match day(*needed) {
            None => faults.push(BaseFault::Missing(*needed)),
            Some(own) => {
                if before.is_some_and(|before| own < before) {
                    faults.push(BaseFault::Order(*needed));
                }
                before = Some(own);
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::code::Coded as _;

    #[test]
    fn a_base_is_named_after_evaluation_and_publication_alone() {
        let before: Vec<BaseState> = BaseState::ALL
            .iter()
            .copied()
            .filter(|state| state.next().contains(&BaseState::Named))
            .collect();
        assert_eq!(before, [BaseState::Published]);
        assert!(!BaseState::Planned.may_become(BaseState::Named));
        assert!(BaseState::Named.may_become(BaseState::Named));
    }

    #[test]
    fn the_days_of_a_base_are_there_and_in_order() {
        let of = |day: u32| NaiveDate::from_ymd_opt(2024, 3, day);
        let days = |evaluated, published, named| {
            check_days(BaseState::Named, of(1), move |day| match day {
                BaseDay::Evaluated => evaluated,
                BaseDay::Published => published,
                BaseDay::Named => named,
                BaseDay::Revoked => None,
            })
        };
        assert_eq!(days(of(2), of(2), of(9)), []);
        assert_eq!(days(None, of(2), of(9)), [BaseFault::Missing(BaseDay::Evaluated)]);
        assert_eq!(days(of(5), of(3), of(9)), [BaseFault::Order(BaseDay::Published)]);
        assert_eq!(check_days(BaseState::Building, None, |_| None), []);
    }
}
