//! What a figure waits for, and who owes it.

use strum::{IntoStaticStr, VariantArray};

/// What a figure waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum AwaitedInput {
    /// The return of accidents, or an accident.
    AccidentReturn,
    /// The return of diseases, or a case.
    DiseaseReturn,
    /// The insured roll with key posts.
    Roll,
    /// Trainings.
    Trainings,
    /// Work injuries.
    Injuries,
    /// Years of insured employers.
    UnitYears,
    /// Hazards.
    Hazards,
    /// Exposure measurements.
    Measurements,
    /// Victims of accidents.
    Victims,
}

/// Who owes what of a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingInput {
    /// Departments.
    pub departments: Vec<String>,
    /// What.
    pub what: AwaitedInput,
    /// Year.
    pub year: i32,
}

impl AwaitedInput {
    const fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::AccidentReturn => {
                ("事故数据（无签报，也无记录）", "accidents (no return, no record)")
            }
            Self::DiseaseReturn => {
                ("职业病数据（无签报，也无记录）", "diseases (no return, no record)")
            }
            Self::Roll => ("重点岗位参保名册", "the insured roll with key posts"),
            Self::Trainings => ("培训记录", "trainings"),
            Self::Injuries => ("工伤认定记录", "recognised work injuries"),
            Self::UnitYears => ("单位年度参保缴费记录", "years of insured employers"),
            Self::Hazards => ("隐患整改记录", "hazards"),
            Self::Measurements => ("职业病危害因素检测记录", "exposure measurements"),
            Self::Victims => ("参保伤亡人员名单", "insured victims of accidents"),
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
