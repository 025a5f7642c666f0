//! The inputs that a figure is waiting for, and who owes them.

use strum::{IntoStaticStr, VariantArray};

/// An input that a figure is waiting for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum AwaitedInput {
    /// The return of accidents, or at least one accident record.
    AccidentReturn,
    /// Records of the accidents of which a return tells.
    AccidentRecords,
    /// The return of diseases, or at least one disease case.
    DiseaseReturn,
    /// Records of the disease cases of which a return tells.
    DiseaseRecords,
    /// How long those with pneumoconiosis were exposed, in the records of their cases.
    ExposureTimes,
    /// Insurance records of persons in key posts.
    Roll,
    /// Records of trainings with their examinations.
    Trainings,
    /// Records of work-injury recognition.
    Injuries,
    /// Yearly records of insured employers.
    UnitYears,
    /// The premiums paid, in the yearly records of insured employers.
    Premiums,
    /// The benefits paid, in the yearly records of insured employers.
    Benefits,
    /// The prevention fee spent, in the yearly records of insured employers.
    PreventionFee,
    /// Records of hazards and their rectification.
    Hazards,
    /// Measurements of hazard factors at workplaces.
    Measurements,
    /// Records of accident victims.
    Victims,
}

/// An input of a year that is missing, and who owes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingInput {
    /// Codes of the departments that owe it, such as `EMERGENCY`.
    pub departments: Vec<String>,
    /// The kind of records or return that is missing.
    pub what: AwaitedInput,
    /// Calendar year that the input describes.
    pub year: i32,
}

impl AwaitedInput {
    const fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::AccidentReturn => {
                ("事故数据（无签报，也无记录）", "accidents (no return, no record)")
            }
            Self::AccidentRecords => {
                ("事故记录（已签报，未上报记录）", "records of accidents (signed, but no record)")
            }
            Self::DiseaseRecords => {
                ("职业病记录（已签报，未上报记录）", "records of diseases (signed, but no record)")
            }
            Self::DiseaseReturn => {
                ("职业病数据（无签报，也无记录）", "diseases (no return, no record)")
            }
            Self::ExposureTimes => {
                ("尘肺病病例的接尘工龄", "times of exposure, in the cases of pneumoconiosis")
            }
            Self::Roll => ("重点岗位参保名册", "the insured roll with key posts"),
            Self::Trainings => ("培训记录", "trainings"),
            Self::Injuries => ("工伤认定记录", "recognised work injuries"),
            Self::UnitYears => ("单位年度参保缴费记录", "years of insured employers"),
            Self::Premiums => ("单位年度记录中的实缴保险费", "premiums paid, in those records"),
            Self::Benefits => ("单位年度记录中的基金支付待遇", "benefits paid, in those records"),
            Self::PreventionFee => {
                ("单位年度记录中的工伤预防费", "prevention fee spent, in those records")
            }
            Self::Hazards => ("隐患整改记录", "hazards"),
            Self::Measurements => ("职业病危害因素检测记录", "exposure measurements"),
            Self::Victims => ("参保伤亡人员名单", "insured victims of accidents"),
        }
    }

    /// Name of the input in Chinese, as shown to users.
    #[must_use]
    pub const fn name_zh(self) -> &'static str {
        self.texts().0
    }

    /// Name of the input in English, as shown to users.
    #[must_use]
    pub const fn name_en(self) -> &'static str {
        self.texts().1
    }
}
