//! The indicators of a joint meeting and how each is judged against the target of its year.
//!
//! Sources: domain reference §6.2 and §6.3; 晋人社厅发〔2021〕24号 attachments 1 and 2. All
//! judgements use exact numbers. What cannot be judged is reported as not judged, with the reason,
//! and never counts as met. The module knows no records, regions or plans: the caller has counted
//! and says which target of which plan applies.

use strum::{IntoStaticStr, VariantArray};

mod codes;
mod judge;
mod reason;
mod renamed;

use super::fraction::Fraction;

pub use judge::{Ratio, Season, Share, YearCount, both, fall, rate, reduction, share};
pub use reason::Reason;
pub use renamed::Renamed;

/// An indicator of the domain reference, §6.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Indicator {
    /// 安全生产事故起数降幅: reduction of work-safety accidents against the base year.
    I1,
    /// 伤亡人数降幅: reduction of casualties against the base year.
    I2,
    /// 尘肺病报告比例: share of new pneumoconiosis cases with less than five years of exposure.
    I3,
    /// 重点岗位人员安全生产培训覆盖率: share of key-post holders trained in work safety.
    I4,
    /// 重点岗位人员职业卫生培训覆盖率: share of key-post holders trained in occupational health.
    I5,
    /// 工伤事故发生率: recognised work injuries per thousand insured persons.
    I6,
    /// 支缴率: benefits paid by the fund as a share of premiums, both in fen.
    I7,
    /// 预防费使用率: prevention fee as a share of the premiums of the year before, both in fen.
    I8,
    /// 隐患整改率: hazards closed as a share of those due.
    I9,
    /// 报送及时率: returns signed on time and complete as a share of those due.
    I10,
    /// 职业病危害因素检测超标率: share of exposure measurements above the limit.
    I11,
    /// 数据匹配率: share of insured accident victims matched to a recognised injury.
    I15,
    /// 重点岗位人员工伤预防培训覆盖率 (工伤预防（安全生产、职业病防治）能力提升培训工程,
    /// 人社部发〔2020〕90号 三(五)).
    I16,
}

/// How a figure is computed from its two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum FigureFormula {
    /// (base − current) ÷ base, in percent.
    Reduction,
    /// numerator ÷ denominator, in percent.
    Share,
    /// numerator ÷ denominator, in per mille.
    PerMille,
}

/// What a plan requires of the figure of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Strictly below the base year, as the plan 2021–2025 requires of the year 2021.
    BelowBase,
    /// Below the base year by at least this share of it.
    ReducedBy(Fraction),
    /// At least this value.
    AtLeast(Fraction),
    /// At most this value.
    AtMost(Fraction),
    /// Lower than in the year before.
    Falls,
}

/// How strictly a target is judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TargetTolerance {
    /// Judged on the exact number.
    #[default]
    Exact,
    /// “左右” (about): the figure is reported, but neither passed nor failed.
    About,
}

/// The outcome of judging a figure against its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum TargetOutcome {
    /// 达标: the target is met.
    Met,
    /// 未达标: the target is not met.
    NotMet,
    /// “左右”指标，只报数: a target of “about”, reported without judgement.
    About,
    /// 不判定: not judged; [`FigureJudgement::reason`] says why.
    NotJudged,
}

/// The judged figure of a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureJudgement {
    /// The figure; `None` where it is not defined, such as a share of nothing.
    pub value: Option<Fraction>,
    /// Outcome for the target of the year.
    pub outcome: TargetOutcome,
    /// Why the outcome is what it is, for every outcome.
    pub reason: Reason,
    /// The highest count that still meets the target, where the target is about a count: for a
    /// count of one or two this says more than a percentage.
    pub most: Option<i64>,
}

impl FigureJudgement {
    fn new(value: Option<Fraction>, outcome: TargetOutcome, reason: Reason) -> Self {
        Self { value, outcome, reason, most: None }
    }

    fn open(value: Option<Fraction>, reason: Reason) -> Self {
        Self::new(value, TargetOutcome::NotJudged, reason)
    }

    /// The same figure while the returns behind it are not signed as final: it is still shown, but
    /// no longer judged.
    #[must_use]
    pub const fn unsigned(self) -> Self {
        match self.outcome {
            TargetOutcome::Met | TargetOutcome::NotMet => {
                let met = matches!(self.outcome, TargetOutcome::Met);
                Self { outcome: TargetOutcome::NotJudged, reason: Reason::Unsigned { met }, ..self }
            }
            TargetOutcome::About | TargetOutcome::NotJudged => self,
        }
    }

    /// The same figure where some counties have handed in nothing: not even an aim without a number
    /// is held against it.
    #[must_use]
    pub const fn silent(self) -> Self {
        match self.outcome {
            TargetOutcome::NotJudged => self,
            TargetOutcome::Met | TargetOutcome::NotMet | TargetOutcome::About => {
                Self { outcome: TargetOutcome::NotJudged, reason: Reason::CountiesSilent, ..self }
            }
        }
    }

    /// The same figure where something other than the count prevents a judgement.
    #[must_use]
    pub const fn undecided(self, reason: Reason) -> Self {
        match self.outcome {
            TargetOutcome::Met | TargetOutcome::NotMet => {
                Self { outcome: TargetOutcome::NotJudged, reason, ..self }
            }
            TargetOutcome::About | TargetOutcome::NotJudged => self,
        }
    }
}

#[cfg(test)]
mod tests;
