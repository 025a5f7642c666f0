//! What records behind a figure do not say, how many they are, and which counties have none.

use strum::{IntoStaticStr, VariantArray};

use crate::domain::region::RegionCode;

/// What the records of a figure do not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum GapKind {
    /// Accidents that are still preliminary (快报) and are counted.
    PreliminaryAccidents,
    /// Accidents of the general statistics of which no industry is known, in no industry's count.
    AccidentsWithoutIndustry,
    /// New cases of pneumoconiosis of which no key industry is known, in no dust industry's ratio.
    CasesWithoutIndustry,
    /// Records of insured units without the premium paid, which adds nothing to the sum.
    UnitsWithoutPremium,
    /// Records of insured units without the benefits paid, which add nothing to the sum.
    UnitsWithoutBenefits,
    /// Records of insured units without the prevention fee spent, which adds nothing to the sum.
    UnitsWithoutPreventionFee,
    /// Holders of key posts whose only trainings have no result, counted as not trained.
    TrainingsWithoutResult,
    /// Holders of key posts without a first day of insurance, who are not counted.
    PostsWithoutStart,
    /// Holders of key posts of whom no key industry is known, in no industry's count.
    PostsWithoutIndustry,
    /// Trainings of holders of key posts without a number of the person, which count for nobody.
    TrainingsWithoutNumber,
    /// Victims without a number, or whose insurance has no first day, who are not compared.
    VictimsNotCompared,
    /// Counties of the region of which there are no records of what the figure rests on.
    CountiesWithoutRecords,
}

/// How many records of a figure do not say enough, or how many counties have none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureGap {
    /// What they do not say.
    pub kind: GapKind,
    /// Calendar year of the records.
    pub year: i32,
    /// How many there are; never zero.
    pub count: i64,
    /// The counties without records; empty for what records do not say.
    pub regions: Vec<RegionCode>,
}

impl FigureGap {
    /// What some records do not say.
    #[must_use]
    pub const fn of(kind: GapKind, year: i32, count: i64) -> Self {
        Self { kind, year, count, regions: Vec::new() }
    }
}

impl GapKind {
    /// What it means, in Chinese.
    #[must_use]
    pub const fn name_zh(self) -> &'static str {
        match self {
            Self::PreliminaryAccidents => "其中快报（未认定）事故",
            Self::AccidentsWithoutIndustry => "行业未填、未计入重点行业的事故",
            Self::CasesWithoutIndustry => "行业未填、未计入涉尘行业的尘肺病新发病例",
            Self::UnitsWithoutPremium => "未填实缴保险费的单位记录",
            Self::UnitsWithoutBenefits => "未填基金支付待遇的单位记录",
            Self::UnitsWithoutPreventionFee => "未填工伤预防费的单位记录",
            Self::TrainingsWithoutResult => "培训无考核结果的重点岗位人员",
            Self::PostsWithoutStart => "无参保起始日期、未计入的重点岗位人员",
            Self::PostsWithoutIndustry => "行业未填、未计入重点行业的重点岗位人员",
            Self::TrainingsWithoutNumber => "无证件号码、未计入任何人的重点岗位培训记录",
            Self::VictimsNotCompared => "无证件号码或参保起始日期、未作比对的伤亡人员",
            Self::CountiesWithoutRecords => "未上报相应记录的县区",
        }
    }

    /// What it means, in English.
    #[must_use]
    pub const fn name_en(self) -> &'static str {
        match self {
            Self::PreliminaryAccidents => "of these accidents, preliminary",
            Self::AccidentsWithoutIndustry => {
                "accidents without an industry, in no key industry's count"
            }
            Self::CasesWithoutIndustry => {
                "new cases of pneumoconiosis without an industry, in no dust industry's ratio"
            }
            Self::UnitsWithoutPremium => "records of units without the premium paid",
            Self::UnitsWithoutBenefits => "records of units without the benefits paid",
            Self::UnitsWithoutPreventionFee => "records of units without the prevention fee",
            Self::TrainingsWithoutResult => "holders of key posts whose trainings have no result",
            Self::PostsWithoutStart => {
                "holders of key posts without a first day of insurance, not counted"
            }
            Self::PostsWithoutIndustry => {
                "holders of key posts without an industry, in no key industry's count"
            }
            Self::TrainingsWithoutNumber => {
                "trainings of holders of key posts without an identity number, counted for nobody"
            }
            Self::VictimsNotCompared => {
                "victims without an identity number or a first day of insurance, not compared"
            }
            Self::CountiesWithoutRecords => "counties without such records",
        }
    }
}
