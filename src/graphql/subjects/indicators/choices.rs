//! Enums of indicators.

use crate::{
    domain::indicator::{FigureFormula, Indicator, TargetOutcome},
    graphql::part::SubjectSchema,
    meeting::indicators::{DenominatorBasis, InjuryBasis, SeriesMeasure},
    store::meeting::figures::DiseaseYear,
};

fn label(indicator: Indicator) -> String {
    format!("{}。\n\n{}.", indicator.label_zh(), indicator.label_en())
}

pub(super) fn add(part: SubjectSchema) -> SubjectSchema {
    part.choice("指标。\n\nAn indicator.", label)
        .choice("判定结果。\n\nWhat became of a target.", |own| match own {
            TargetOutcome::Met => "达标。\n\nMet.",
            TargetOutcome::NotMet => "未达标。\n\nNot met.",
            TargetOutcome::About => "“左右”指标，只报数。\n\nA target of about: told, not judged.",
            TargetOutcome::NotJudged => "不判定，理由另列。\n\nNot judged; the reason stands beside it.",
        })
        .choice("指标算法。\n\nHow a figure follows from its two numbers.", |own| match own {
            FigureFormula::Reduction => "（基准年−本年）÷基准年。\n\n(base − year) ÷ base.",
            FigureFormula::Share => "分子÷分母，百分比。\n\nNumerator ÷ denominator, in percent.",
            FigureFormula::PerMille => "分子÷分母，千分比。\n\nNumerator ÷ denominator, in per mille.",
        })
        .choice("曲线所示数值。\n\nWhat a line shows.", |own: SeriesMeasure| match own {
            SeriesMeasure::Accidents => "事故起数。\n\nAccidents.".to_owned(),
            SeriesMeasure::Casualties => "伤亡人数。\n\nCasualties.".to_owned(),
            _ => label(own.indicator()),
        })
        .choice("尘肺病报告比例的分母。\n\nDenominator of the share of pneumoconiosis.", |own| match own {
            DenominatorBasis::Pneumoconiosis => "当年新发尘肺病。\n\nNew pneumoconiosis of the year.",
            DenominatorBasis::AllDiseases => "当年新发职业病。\n\nNew occupational diseases of the year.",
        })
        .choice("工伤事故发生率的口径。\n\nInjuries of the rate.", |own| match own {
            InjuryBasis::All => "全部认定和视同。\n\nAll that were recognised or deemed.",
            InjuryBasis::WithoutCommuting => "不含上下班途中。\n\nWithout accidents on the way to or from work.",
            InjuryBasis::AccidentsOnly => {
                "仅事故伤害：不含上下班途中、职业病和视同。\n\nAccidents only: no commuting, no disease, nothing deemed."
            }
        })
        .choice("职业病计年的日期。\n\nDay that gives a case of disease its year.", |own| match own {
            DiseaseYear::Diagnosed => "诊断日期。\n\nDay of the diagnosis.",
            DiseaseYear::Reported => {
                "报告日期，未填的按诊断日期。\n\nDay of the report; of the diagnosis where no report is dated."
            }
        })
}
