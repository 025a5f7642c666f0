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
        .choice("判定结果。\n\nResult of judging a figure against its target.", |own| match own {
            TargetOutcome::Met => "达标。\n\nThe target is met.",
            TargetOutcome::NotMet => "未达标。\n\nThe target is not met.",
            TargetOutcome::About => "“左右”指标，只报数。\n\nThe target is approximate (“左右”): the figure is reported, not judged.",
            TargetOutcome::NotJudged => "不判定，理由另列。\n\nNot judged; the reason is given beside it.",
        })
        .choice("指标算法。\n\nHow a figure is computed from its numerator and denominator.", |own| match own {
            FigureFormula::Reduction => "（基准年−本年）÷基准年，百分比。\n\n(Base year − this year) ÷ base year, in percent.",
            FigureFormula::Share => "分子÷分母，百分比。\n\nNumerator ÷ denominator, in percent.",
            FigureFormula::PerMille => "分子÷分母，千分比。\n\nNumerator ÷ denominator, in per mille.",
        })
        .choice("曲线所示数值。\n\nFigure that a line shows over the years.", |own: SeriesMeasure| match own {
            SeriesMeasure::Accidents => "事故起数。\n\nNumber of accidents.".to_owned(),
            SeriesMeasure::Casualties => "伤亡人数。\n\nNumber of casualties.".to_owned(),
            _ => label(own.indicator()),
        })
        .choice("尘肺病报告比例的分母。\n\nDenominator of the pneumoconiosis ratio.", |own| match own {
            DenominatorBasis::Pneumoconiosis => "当年新发尘肺病。\n\nNew cases of pneumoconiosis in the year.",
            DenominatorBasis::AllDiseases => "当年新发职业病。\n\nNew cases of occupational disease in the year.",
        })
        .choice("工伤事故发生率的口径。\n\nWhich recognised work injuries the injury rate counts.", |own| match own {
            InjuryBasis::All => "全部认定和视同。\n\nAll recognised or deemed work injuries.",
            InjuryBasis::WithoutCommuting => "不含上下班途中。\n\nAll except accidents on the way to or from work.",
            InjuryBasis::AccidentsOnly => {
                "仅事故伤害：不含上下班途中、职业病和视同。\n\nAccidents at work only: without commuting, occupational diseases and deemed injuries."
            }
        })
        .choice("职业病计年的日期。\n\nDate that decides the year in which a disease case counts.", |own| match own {
            DiseaseYear::Diagnosed => "诊断日期。\n\nDate of the diagnosis.",
            DiseaseYear::Reported => {
                "报告日期，未填的按诊断日期。\n\nDate of the report; without one, the date of the diagnosis."
            }
        })
}
