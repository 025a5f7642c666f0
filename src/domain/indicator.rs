//! The indicators of a joint meeting and how each is judged against the target of its year.
//!
//! Sources: domain reference §6.2 and §6.3; 晋人社厅发〔2021〕24号 attachments 1 and 2. Everything
//! is judged on exact numbers. What cannot be judged is said not to be, with the reason, and never
//! counts as met. The module knows no records, no regions and no plans: whoever asks has counted,
//! and says which target of which plan it is.

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
    /// 安全生产事故起数降幅.
    I1,
    /// 伤亡人数降幅.
    I2,
    /// 尘肺病报告比例.
    I3,
    /// 重点岗位人员安全生产培训覆盖率.
    I4,
    /// 重点岗位人员职业卫生培训覆盖率.
    I5,
    /// 工伤事故发生率.
    I6,
    /// 支缴率.
    I7,
    /// 预防费使用率.
    I8,
    /// 隐患整改率.
    I9,
    /// 报送及时率.
    I10,
    /// 职业病危害因素检测超标率.
    I11,
    /// 数据匹配率.
    I15,
    /// 重点岗位人员工伤预防培训覆盖率 (工伤预防（安全生产、职业病防治）能力提升培训工程,
    /// 人社部发〔2020〕90号 三(五)).
    I16,
}

/// How a figure follows from its two numbers.
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

/// What a plan asks of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Strictly below the base year (2021 of the plan 2021–2025).
    BelowBase,
    /// Lower than the base year by at least this share of it.
    ReducedBy(Fraction),
    /// At least this.
    AtLeast(Fraction),
    /// At most this.
    AtMost(Fraction),
    /// Lower than the year before.
    Falls,
}

/// How close a target has to be reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TargetTolerance {
    /// To the last case.
    #[default]
    Exact,
    /// “左右”: the number is told, and nothing is passed or failed by one decimal.
    About,
}

/// What became of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum TargetOutcome {
    /// 达标.
    Met,
    /// 未达标.
    NotMet,
    /// “左右”指标，只报数.
    About,
    /// 不判定.
    NotJudged,
}

/// A figure of a year, judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureJudgement {
    /// The figure; none where it is not defined.
    pub value: Option<Fraction>,
    /// What became of the target.
    pub outcome: TargetOutcome,
    /// Why.
    pub reason: Reason,
    /// The highest count that still meets the target, where the target is about a count: beside a
    /// count of one or two it says more than any percentage.
    pub most: Option<i64>,
}

impl FigureJudgement {
    fn new(value: Option<Fraction>, outcome: TargetOutcome, reason: Reason) -> Self {
        Self { value, outcome, reason, most: None }
    }

    fn open(value: Option<Fraction>, reason: Reason) -> Self {
        Self::new(value, TargetOutcome::NotJudged, reason)
    }

    /// The same figure while the returns it rests on are not signed as final: what the records say
    /// is told and not judged.
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

    /// The same figure where something else than the count decides that it cannot be judged.
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
