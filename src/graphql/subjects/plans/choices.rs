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
    part.choice("目标所考核的指标。\n\nWhat a target measures.", |own: TargetMeasure| {
        format!("{}。\n\n{}.", own.name_zh(), own.name_en())
    })
    .choice("与什么比较。\n\nWhat a figure is compared with.", |own| match own {
        Comparison::BelowBase => "低于基期。\n\nBelow the base year.",
        Comparison::ReducedBy => {
            "较基期下降 amount%。\n\nDown on the base year by `amount` percent."
        }
        Comparison::Falls => "较上年下降。\n\nBelow the year before.",
        Comparison::AtLeast => "不低于 amount。\n\nAt least `amount`.",
        Comparison::AtMost => "不超过 amount。\n\nAt most `amount`.",
    })
    .choice("考核尺度。\n\nHow strictly a target is judged.", |own| match own {
        JudgingStrictness::Exact => "严格。\n\nExactly.",
        JudgingStrictness::About => {
            "左右：只报告，不按小数判定。\n\nAbout: reported, not judged by a decimal."
        }
    })
    .choice("目标值的单位。\n\nUnit of an amount.", |own| match own {
        Unit::Percent => "百分之一。\n\nPercent.",
        Unit::Person => "人。\n\nPersons.",
        Unit::Fen => "分。\n\nFen, a hundredth of a yuan.",
        Unit::Year => "年。\n\nYears.",
        Unit::Base => "个基地。\n\nEducation bases.",
    })
    .choice("行业在计划中的类别。\n\nWhy a plan names an industry.", |own| match own {
        IndustryRole::Key => "重点行业。\n\nKey industry.",
        IndustryRole::Dust => "涉尘行业。\n\nDust industry.",
    })
    .choice("任务或约定。\n\nTask or term.", |own| match own {
        TaskKind::Task => "任务。\n\nSomething to be done.",
        TaskKind::Term => "约定。\n\nSomething to be kept to.",
    })
    .choice("计划规定的报送种类。\n\nWhat a plan asks to be handed in.", |own| match own {
        ObligationKind::AccidentReturn => {
            "安全生产事故起数和伤亡人数。\n\nAccidents and casualties."
        }
        ObligationKind::DiseaseReturn => "尘肺病报告比例。\n\nPneumoconiosis ratio.",
        ObligationKind::PlanFiling => "省级方案备案。\n\nFiling of a province's plan.",
        ObligationKind::PlanReport => "省级年度落实情况。\n\nA province's yearly report.",
    })
    .choice("快报或定报。\n\nProvisional or final figures.", |own| match own {
        Finality::Provisional => {
            "快报，不作最终判定。\n\nProvisional; never used for a final judgement."
        }
        Finality::Final => "定报。\n\nFinal.",
    })
    .choice("时限单位。\n\nWhat a clock counts.", |own| match own {
        ClockUnit::CalendarDay => "日。\n\nCalendar days.",
        ClockUnit::WorkingDay => "工作日。\n\nWorking days.",
        ClockUnit::Month => "月。\n\nMonths.",
        ClockUnit::Year => "年。\n\nYears.",
        ClockUnit::Hour => "小时。\n\nHours.",
        ClockUnit::DayOfYear => "每年定日。\n\nA day of each year.",
    })
}
