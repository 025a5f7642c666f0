//! Codes of plans: measures, comparisons, scopes, tolerances, kinds of tasks and obligations.

use strum::{IntoStaticStr, VariantArray};

/// The figure that a target measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum TargetMeasure {
    /// I1 安全生产事故起数: number of work-safety accidents.
    Accidents,
    /// I2 伤亡人数: number of casualties.
    Casualties,
    /// I3 尘肺病报告比例: share of new pneumoconiosis cases under five years of exposure.
    PneumoconiosisRatio,
    /// I4 重点岗位安全生产培训覆盖率: share of key-post holders trained in work safety.
    SafetyTraining,
    /// I5 重点岗位职业卫生培训覆盖率: share of key-post holders trained in occupational health.
    HealthTraining,
    /// 重点岗位工伤预防培训覆盖率 (both trainings together, as the national plan words it).
    PostTraining,
    /// I6 工伤事故发生率: recognised work injuries per thousand insured persons.
    InjuryRate,
    /// 新就业形态人员职业伤害发生率: injury rate of workers in new forms of employment.
    NewFormInjuryRate,
    /// 重点平台企业职业伤害发生率: injury rate of key platform enterprises.
    PlatformInjuryRate,
    /// 尘肺病等重点职业病新发例数: new cases of pneumoconiosis and other key diseases.
    PneumoconiosisCases,
    /// I14 培训人次: attendances at trainings; a person trained twice counts twice.
    TrainedPersons,
    /// 线下培训人次: attendances at trainings offline.
    TrainedOffline,
    /// 线上培训人次: attendances at trainings online.
    TrainedOnline,
    /// 一线班组长培训人数: first-line team leaders trained.
    TrainedTeamLeaders,
    /// 培训任务完成率: share of the training task that is done.
    TrainingTask,
    /// 工伤预防费: prevention fee set aside, in fen.
    PreventionFee,
}

/// How the figure of a year is compared with a bound or an earlier year.
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
    /// Judged on the exact figure.
    Exact,
    /// 左右 (about): the figure is reported and not judged.
    About,
}

/// Industries that a figure covers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TargetScope {
    /// One industry, by its code of the table `key_industry`.
    Industry(String),
    /// All key industries of the plan together.
    Key,
    /// All dust industries of the plan together.
    Dust,
    /// All industries, key or not.
    All,
}

/// The role in which a plan names an industry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum IndustryRole {
    /// 重点行业: key industry.
    Key,
    /// 涉尘行业: industry with exposure to dust.
    Dust,
}

/// Unit in which an amount is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Unit {
    /// 百分之一: percent, so that 20 stands for 20 %.
    Percent,
    /// 人: number of persons.
    Person,
    /// 分: fen, one hundredth of a yuan.
    Fen,
    /// 年: number of years.
    Year,
    /// 个（基地）: number of education bases.
    Base,
}

/// Whether an entry is a task or a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum TaskKind {
    /// Something that must be done.
    Task,
    /// Something that must be complied with.
    Term,
}

/// The kind of figures or report that is owed.
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

impl ObligationKind {
    /// What is handed in, in Chinese: 事故起数和伤亡人数.
    #[must_use]
    pub const fn subject_zh(self) -> &'static str {
        match self {
            Self::AccidentReturn => "事故起数和伤亡人数",
            Self::DiseaseReturn => "尘肺病报告比例",
            Self::PlanFiling => "实施方案",
            Self::PlanReport => "计划落实情况",
        }
    }
}

/// Whether figures are preliminary or final.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Finality {
    /// 快报: never used for a final judgement.
    Provisional,
    /// 定报: final figures, by which targets are judged.
    Final,
}

impl TargetMeasure {
    const fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::Accidents => ("安全生产事故起数", "Number of work-safety accidents"),
            Self::Casualties => ("伤亡人数", "Number of casualties"),
            Self::PneumoconiosisRatio => (
                "尘肺病报告比例",
                "Share of new pneumoconiosis cases with less than five years of exposure",
            ),
            Self::SafetyTraining => (
                "重点岗位人员安全生产培训覆盖率",
                "Share of key-post holders trained in work safety",
            ),
            Self::HealthTraining => (
                "重点岗位人员职业卫生培训覆盖率",
                "Share of key-post holders trained in occupational health",
            ),
            Self::PostTraining => (
                "重点岗位人员工伤预防培训覆盖率",
                "Share of key-post holders trained in the prevention of work injuries",
            ),
            Self::InjuryRate => {
                ("工伤事故发生率", "Recognised work injuries per thousand insured persons")
            }
            Self::NewFormInjuryRate => (
                "新就业形态人员职业伤害发生率",
                "Injury rate of workers in new forms of employment",
            ),
            Self::PlatformInjuryRate => {
                ("重点平台企业职业伤害发生率", "Injury rate of key platform enterprises")
            }
            Self::PneumoconiosisCases => {
                ("尘肺病等重点职业病新发例数", "New cases of pneumoconiosis and other key diseases")
            }
            Self::TrainedPersons => ("培训人次", "Attendances at trainings"),
            Self::TrainedOffline => ("线下培训人次", "Attendances at offline trainings"),
            Self::TrainedOnline => ("线上培训人次", "Attendances at online trainings"),
            Self::TrainedTeamLeaders => {
                ("一线班组长培训人数", "Number of first-line team leaders trained")
            }
            Self::TrainingTask => ("培训任务完成率", "Share of the training task done"),
            Self::PreventionFee => ("工伤预防费", "Prevention fee set aside"),
        }
    }

    /// Name of the measure in Chinese, as shown to users.
    #[must_use]
    pub const fn name_zh(self) -> &'static str {
        self.texts().0
    }

    /// Name of the measure in English, as shown to users.
    #[must_use]
    pub const fn name_en(self) -> &'static str {
        self.texts().1
    }
}

impl Comparison {
    /// Whether the comparison needs an amount.
    #[must_use]
    pub const fn needs_amount(self) -> bool {
        matches!(self, Self::ReducedBy | Self::AtLeast | Self::AtMost)
    }

    /// Whether the comparison needs a base year.
    #[must_use]
    pub const fn needs_base(self) -> bool {
        matches!(self, Self::BelowBase | Self::ReducedBy)
    }
}

impl TargetScope {
    /// The scope with this code: `KEY`, `DUST`, `ALL` or an industry code, which is not checked
    /// here.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        match code {
            "KEY" => Self::Key,
            "DUST" => Self::Dust,
            "ALL" => Self::All,
            industry => Self::Industry(industry.to_owned()),
        }
    }

    /// Code of the scope, the inverse of [`Self::from_code`].
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
