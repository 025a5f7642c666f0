//! Codes of plans: measures, comparisons, scopes, tolerances, kinds of tasks and obligations.

use strum::{IntoStaticStr, VariantArray};

/// What a target measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum TargetMeasure {
    /// I1 安全生产事故起数.
    Accidents,
    /// I2 伤亡人数.
    Casualties,
    /// I3 尘肺病报告比例.
    PneumoconiosisRatio,
    /// I4 重点岗位安全生产培训覆盖率.
    SafetyTraining,
    /// I5 重点岗位职业卫生培训覆盖率.
    HealthTraining,
    /// 重点岗位工伤预防培训覆盖率 (both trainings together, as the national plan words it).
    PostTraining,
    /// I6 工伤事故发生率.
    InjuryRate,
    /// 新就业形态人员职业伤害发生率.
    NewFormInjuryRate,
    /// 重点平台企业职业伤害发生率.
    PlatformInjuryRate,
    /// 尘肺病等重点职业病新发例数.
    PneumoconiosisCases,
    /// I14 培训人次.
    TrainedPersons,
    /// 线下培训人次.
    TrainedOffline,
    /// 线上培训人次.
    TrainedOnline,
    /// 一线班组长培训人数.
    TrainedTeamLeaders,
    /// 培训任务完成率.
    TrainingTask,
    /// 工伤预防费.
    PreventionFee,
}

/// How the figure of a year stands to what it is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Comparison {
    /// Lower than in the base year.
    BelowBase,
    /// Lower than in the base year by at least the amount in percent.
    ReducedBy,
    /// Lower than in the year before.
    Falls,
    /// At least the amount.
    AtLeast,
    /// At most the amount.
    AtMost,
}

/// How strictly a target is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum JudgingStrictness {
    /// To the last digit.
    Exact,
    /// 左右: the figure is reported and not judged by a decimal.
    About,
}

/// Industries a figure is made of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TargetScope {
    /// One industry.
    Industry(String),
    /// All key industries of the plan together.
    Key,
    /// All dust industries of the plan together.
    Dust,
    /// Everything.
    All,
}

/// Why a plan names an industry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum IndustryRole {
    /// 重点行业.
    Key,
    /// 涉尘行业.
    Dust,
}

/// Unit of an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Unit {
    /// 百分之一.
    Percent,
    /// 人.
    Person,
    /// 分.
    Fen,
    /// 年.
    Year,
    /// 个（基地）.
    Base,
}

/// Task or term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum TaskKind {
    /// Something to be done.
    Task,
    /// Something to be kept to.
    Term,
}

/// What is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ObligationKind {
    /// Accidents and casualties of a year, to 人社 of the same level.
    AccidentReturn,
    /// Pneumoconiosis ratio of a year, to 人社 of the same level.
    DiseaseReturn,
    /// Filing of a province's plan with the ministry.
    PlanFiling,
    /// A province's yearly report on the plan to the ministry.
    PlanReport,
}

/// Whether figures are the last word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Finality {
    /// 快报: never used for a final judgement.
    Provisional,
    /// 定报.
    Final,
}

impl TargetMeasure {
    const fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::Accidents => ("安全生产事故起数", "Work-safety accidents"),
            Self::Casualties => ("伤亡人数", "Casualties"),
            Self::PneumoconiosisRatio => {
                ("尘肺病报告比例", "Pneumoconiosis cases under five years of exposure")
            }
            Self::SafetyTraining => {
                ("重点岗位人员安全生产培训覆盖率", "Key posts trained in safety")
            }
            Self::HealthTraining => {
                ("重点岗位人员职业卫生培训覆盖率", "Key posts trained in occupational health")
            }
            Self::PostTraining => {
                ("重点岗位人员工伤预防培训覆盖率", "Key posts trained in injury prevention")
            }
            Self::InjuryRate => ("工伤事故发生率", "Rate of work injuries"),
            Self::NewFormInjuryRate => {
                ("新就业形态人员职业伤害发生率", "Injury rate of new-form workers")
            }
            Self::PlatformInjuryRate => {
                ("重点平台企业职业伤害发生率", "Injury rate of key platform enterprises")
            }
            Self::PneumoconiosisCases => {
                ("尘肺病等重点职业病新发例数", "New cases of pneumoconiosis and other key diseases")
            }
            Self::TrainedPersons => ("培训人次", "Persons trained"),
            Self::TrainedOffline => ("线下培训人次", "Persons trained offline"),
            Self::TrainedOnline => ("线上培训人次", "Persons trained online"),
            Self::TrainedTeamLeaders => ("一线班组长培训人数", "First-line team leaders trained"),
            Self::TrainingTask => ("培训任务完成率", "Share of the training task done"),
            Self::PreventionFee => ("工伤预防费", "Prevention fee"),
        }
    }

    /// 中文名称。
    #[must_use]
    pub const fn name_zh(self) -> &'static str {
        self.texts().0
    }

    /// English name.
    #[must_use]
    pub const fn name_en(self) -> &'static str {
        self.texts().1
    }
}

impl Comparison {
    /// Whether it needs an amount.
    #[must_use]
    pub const fn needs_amount(self) -> bool {
        matches!(self, Self::ReducedBy | Self::AtLeast | Self::AtMost)
    }

    /// Whether it needs a base year.
    #[must_use]
    pub const fn needs_base(self) -> bool {
        matches!(self, Self::BelowBase | Self::ReducedBy)
    }
}

impl TargetScope {
    /// The scope with this code: `KEY`, `DUST`, `ALL` or an industry, which is not looked up here.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        match code {
            "KEY" => Self::Key,
            "DUST" => Self::Dust,
            "ALL" => Self::All,
            industry => Self::Industry(industry.to_owned()),
        }
    }

    /// Its code.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Industry(industry) => industry,
            Self::Key => "KEY",
            Self::Dust => "DUST",
            Self::All => "ALL",
        }
    }
}
