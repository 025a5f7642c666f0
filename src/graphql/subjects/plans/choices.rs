//! Enums of plans.

use crate::{
    domain::{
        deadline::ClockUnit,
        plan::{
            Comparison, Finality, IndustryRole, JudgingStrictness, ObligationKind, TargetMeasure,
            TaskKind, Unit,
        },
    },
    graphql::part::SubjectSchema,
};

pub(super) fn add(part: SubjectSchema) -> SubjectSchema {
    part.choice("目标所考核的指标。\n\nFigure that a target is about.", |own: TargetMeasure| {
        format!("{}。\n\n{}.", own.name_zh(), own.name_en())
    })
    .choice("与什么比较。\n\nCondition that the figure of the year must meet.", |own| match own {
        Comparison::BelowBase => "低于基期。\n\nLower than in the base year.",
        Comparison::ReducedBy => {
            "较基期下降 amount%。\n\nAt least `amount` percent lower than in the base year."
        }
        Comparison::Falls => "较上年下降。\n\nLower than in the previous year.",
        Comparison::AtLeast => "不低于 amount。\n\nAt least `amount`.",
        Comparison::AtMost => "不超过 amount。\n\nAt most `amount`.",
    })
    .choice("考核尺度。\n\nHow strictly a target is judged.", |own| match own {
        JudgingStrictness::Exact => "严格。\n\nJudged on the exact figure.",
        JudgingStrictness::About => {
            "左右：只报告，不按小数判定。\n\nApproximate (“左右”): the figure is reported, not judged."
        }
    })
    .choice("目标值的单位。\n\nUnit of `amount`.", |own| match own {
        Unit::Percent => "百分比，20 即 20%。\n\nPercent: 20 stands for 20 %.",
        Unit::Person => "人。\n\nPersons.",
        Unit::Fen => "分。\n\nFen, one hundredth of a yuan.",
        Unit::Year => "年。\n\nYears.",
        Unit::Base => "个基地。\n\nEducation bases.",
    })
    .choice("行业在计划中的类别。\n\nRole in which a plan names an industry.", |own| match own {
        IndustryRole::Key => "重点行业。\n\nKey industry.",
        IndustryRole::Dust => "涉尘行业。\n\nIndustry with exposure to dust.",
    })
    .choice("任务或约定。\n\nWhether an entry is a task or a term.", |own| match own {
        TaskKind::Task => "任务。\n\nTask: something that must be done.",
        TaskKind::Term => "约定。\n\nTerm: something that must be complied with.",
    })
    .choice("计划规定的报送种类。\n\nFigures or report that a plan requires.", |own| match own {
        ObligationKind::AccidentReturn => {
            "安全生产事故起数和伤亡人数。\n\nNumbers of accidents and casualties in a year."
        }
        ObligationKind::DiseaseReturn => "尘肺病报告比例。\n\nPneumoconiosis ratio of a year.",
        ObligationKind::PlanFiling => "省级方案备案。\n\nFiling of a province's plan with the ministry.",
        ObligationKind::PlanReport => "省级年度落实情况。\n\nYearly report of a province on carrying out the plan.",
    })
    .choice("快报或定报。\n\nWhether figures are provisional or final.", |own| match own {
        Finality::Provisional => {
            "快报，不作最终判定。\n\nProvisional; never used for a final judgement."
        }
        Finality::Final => "定报。\n\nFinal; targets are judged by it.",
    })
    .choice("时限单位。\n\nUnit in which a time limit is counted.", |own| match own {
        ClockUnit::CalendarDay => "日。\n\nCalendar days.",
        ClockUnit::WorkingDay => "工作日。\n\nWorking days by the holiday calendar.",
        ClockUnit::Month => "月。\n\nCalendar months.",
        ClockUnit::Year => "年。\n\nCalendar years.",
        ClockUnit::Hour => "小时。\n\nHours.",
        ClockUnit::DayOfYear => "每年定日。\n\nA fixed day of each year.",
    })
}
