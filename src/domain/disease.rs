//! Occupational diseases: edition of the catalogue, exposure, pneumoconiosis stage, report nature.
//!
//! Sources: 职业病分类和目录 (2013 and 2024 editions), GBZ 70-2015 (stages), the report cards of
//! the health system, GB/T 16180-2014 (disability grades). The list of diseases is reference data
//! and not known here. A case keeps the edition valid on its diagnosis date.

use chrono::NaiveDate;
use strum::{IntoStaticStr, VariantArray};

/// Exposure under which a case counts as short, in months: five years (晋人社厅发〔2021〕24号
/// attachment 1 note 2).
pub const FIVE_YEARS_IN_MONTHS: u32 = 60;

/// Stage of a pneumoconiosis (GBZ 70-2015).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, IntoStaticStr)]
pub enum Stage {
    /// 壹期: stage I, the mildest.
    #[strum(serialize = "STAGE_1")]
    Stage1,
    /// 贰期: stage II.
    #[strum(serialize = "STAGE_2")]
    Stage2,
    /// 叁期: stage III, the most severe.
    #[strum(serialize = "STAGE_3")]
    Stage3,
}

/// Why a case was reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ReportNature {
    /// 首次诊断: first diagnosis, the only nature that counts as a new case.
    First,
    /// 晋期: progression of a known case to a higher stage.
    Progression,
    /// 死亡: death of a person with a known case.
    Death,
    /// 调入、调出: a known case moved into or out of the region.
    Transfer,
}

/// A finding about a case; the case is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
pub enum DiseaseWarning {
    /// The disability grade is milder than the stage leads to (GB/T 16180-2014, from memory).
    #[strum(serialize = "DISEASE_GRADE_TOO_MILD_FOR_STAGE")]
    GradeTooMildForStage,
}

/// The edition of 职业病分类和目录 on the day of the diagnosis: `2024` from 2025-08-01, `2013`
/// before. Editions before 2013 are not distinguished.
#[must_use]
pub fn catalogue_edition(diagnosed: NaiveDate) -> &'static str {
    match NaiveDate::from_ymd_opt(2025, 8, 1) {
        Some(start) if diagnosed >= start => "2024",
        _ => "2013",
    }
}

/// Exposure 接尘工龄 in months, from the two numbers of the report card. Only actual exposure
/// counts; gaps must be deducted beforehand.
#[must_use]
pub fn exposure_months(years: u32, months: u32) -> u32 {
    years.saturating_mul(12).saturating_add(months)
}

/// Whether an exposure is under five years: 59 months are, 60 are not (晋人社厅发〔2021〕24号
/// attachment 1 note 2). Years are never rounded: 4 years 11 months stay under five.
#[must_use]
pub fn under_five_years(months: u32) -> bool {
    months < FIVE_YEARS_IN_MONTHS
}

/// The stage behind a code of the health-record table CV05.01.026, where 壹期 is 2, 贰期 3 and
/// 叁期 4.
#[must_use]
pub fn stage_from_source_code(code: &str) -> Option<Stage> {
    match code {
        "2" => Some(Stage::Stage1),
        "3" => Some(Stage::Stage2),
        "4" => Some(Stage::Stage3),
        _ => None,
    }
}

/// Whether a report counts for 尘肺病报告比例: only a first diagnosis is a new case
/// (晋人社厅发〔2021〕24号 attachment 1 note 2).
#[must_use]
pub fn counts_for_ratio(nature: ReportNature) -> bool {
    nature == ReportNature::First
}

/// Warns when a disability grade (1 worst to 10) is milder than a pneumoconiosis of this stage
/// leads to: stage 3 to grade 3 or worse, stage 2 to 4 or worse, stage 1 to 7 or worse
/// (GB/T 16180-2014, from memory; a warning only).
#[must_use]
pub fn check_stage_and_grade(stage: Stage, disability_grade: u8) -> Option<DiseaseWarning> {
    let mildest = match stage {
        Stage::Stage1 => 7,
        Stage::Stage2 => 4,
        Stage::Stage3 => 3,
    };
    (disability_grade > mildest).then_some(DiseaseWarning::GradeTooMildForStage)
}

impl DiseaseWarning {
    /// What was noticed and what to do, in Chinese.
    #[must_use]
    pub fn message_zh(self) -> &'static str {
        match self {
            Self::GradeTooMildForStage => {
                "伤残等级轻于该尘肺期别通常对应的等级（GB/T 16180-2014），请核对期别与鉴定结论"
            }
        }
    }

    /// What was noticed and what to do, in English.
    #[must_use]
    pub fn message_en(self) -> &'static str {
        match self {
            Self::GradeTooMildForStage => {
                "the disability grade is milder than this stage leads to (GB/T 16180-2014); check the stage and the appraisal"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::code::Coded as _;

    #[test]
    fn the_catalogue_changes_on_the_first_of_august_2025() {
        for (year, month, day, edition) in [
            (2019, 5, 1, "2013"),
            (2025, 7, 31, "2013"),
            (2025, 8, 1, "2024"),
            (2026, 11, 22, "2024"),
        ] {
            let diagnosed = NaiveDate::from_ymd_opt(year, month, day).expect("valid test data");
            assert_eq!(catalogue_edition(diagnosed), edition);
        }
    }

    #[test]
    fn four_years_and_eleven_months_are_under_five_years() {
        for (years, months, total, under) in [
            (0, 0, 0, true),
            (4, 7, 55, true),
            (4, 11, 59, true),
            (5, 0, 60, false),
            (4, 12, 60, false),
            (u32::MAX, u32::MAX, u32::MAX, false),
        ] {
            assert_eq!(exposure_months(years, months), total);
            assert_eq!(under_five_years(total), under, "{years} years {months} months");
        }
    }

    #[test]
    fn source_codes_of_the_stage_run_from_two_to_four() {
        for (code, expected) in [
            ("1", None),
            ("2", Some("STAGE_1")),
            ("3", Some("STAGE_2")),
            ("4", Some("STAGE_3")),
            ("5", None),
            ("", None),
        ] {
            assert_eq!(stage_from_source_code(code).map(Stage::code), expected);
        }
    }

    #[test]
    fn only_a_first_diagnosis_counts_for_the_ratio() {
        for &nature in ReportNature::ALL {
            assert_eq!(counts_for_ratio(nature), nature.code() == "FIRST");
        }
    }

    #[test]
    fn a_grade_milder_than_the_stage_warns() {
        for (stage, mildest) in [(Stage::Stage1, 7), (Stage::Stage2, 4), (Stage::Stage3, 3)] {
            for grade in 1..=10 {
                let warned = check_stage_and_grade(stage, grade).is_some();
                assert_eq!(warned, grade > mildest, "{stage:?} {grade}");
            }
        }
    }

    #[test]
    fn codes_read_back() {
        for &stage in Stage::ALL {
            assert_eq!(Stage::from_code(stage.code()), Some(stage));
        }
        for &nature in ReportNature::ALL {
            assert_eq!(ReportNature::from_code(nature.code()), Some(nature));
        }
    }
}
