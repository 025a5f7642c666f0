//! Types of plans in the schema.

use async_graphql::dynamic::{Enum, EnumItem, Object, TypeRef};

use crate::{domain::plan::Measure, graphql::records::object::plain_object};

/// Enum types.
pub(super) fn enums() -> Vec<Enum> {
    let list = |name: &str, about: &str, items: &[(&str, &str)]| {
        items
            .iter()
            .fold(Enum::new(name).description(about), |list, (name, about)| list.item(EnumItem::new(*name).description(*about)))
    };
    let measures = Measure::ALL.into_iter().fold(
        Enum::new("PlanMeasure").description("目标所考核的指标。\n\nWhat a target measures."),
        |list, measure| {
            let about = format!("{}。\n\n{}.", measure.name_zh(), measure.name_en());
            list.item(EnumItem::new(measure.code()).description(about))
        },
    );
    vec![
        measures,
        list(
            "PlanComparison",
            "与什么比较。\n\nWhat a figure is compared with.",
            &[
                ("BELOW_BASE", "低于基期。\n\nBelow the base year."),
                ("REDUCED_BY", "较基期下降 amount%。\n\nDown on the base year by `amount` percent."),
                ("FALLS", "较上年下降。\n\nBelow the year before."),
                ("AT_LEAST", "不低于 amount。\n\nAt least `amount`."),
                ("AT_MOST", "不超过 amount。\n\nAt most `amount`."),
            ],
        ),
        list(
            "PlanTolerance",
            "考核尺度。\n\nHow strictly a target is judged.",
            &[
                ("EXACT", "严格。\n\nExactly."),
                ("ABOUT", "左右：只报告，不按小数判定。\n\nAbout: reported, not judged by a decimal."),
            ],
        ),
        list(
            "PlanUnit",
            "目标值的单位。\n\nUnit of an amount.",
            &[
                ("PERCENT", "百分之一。\n\nPercent."),
                ("PERSON", "人。\n\nPersons."),
                ("FEN", "分。\n\nFen, a hundredth of a yuan."),
                ("YEAR", "年。\n\nYears."),
                ("BASE", "个基地。\n\nEducation bases."),
            ],
        ),
        list(
            "PlanRole",
            "行业在计划中的类别。\n\nWhy a plan names an industry.",
            &[("KEY", "重点行业。\n\nKey industry."), ("DUST", "涉尘行业。\n\nDust industry.")],
        ),
        list(
            "PlanTaskKind",
            "任务或约定。\n\nTask or term.",
            &[("TASK", "任务。\n\nSomething to be done."), ("TERM", "约定。\n\nSomething to be kept to.")],
        ),
        list(
            "PlanObligationKind",
            "计划规定的报送种类。\n\nWhat a plan asks to be handed in.",
            &[
                ("ACCIDENT_RETURN", "安全生产事故起数和伤亡人数。\n\nAccidents and casualties."),
                ("DISEASE_RETURN", "尘肺病报告比例。\n\nPneumoconiosis ratio."),
                ("PLAN_FILING", "省级方案备案。\n\nFiling of a province's plan."),
                ("PLAN_REPORT", "省级年度落实情况。\n\nA province's yearly report."),
            ],
        ),
        list(
            "ReturnFinality",
            "快报或定报。\n\nProvisional or final figures.",
            &[
                ("PROVISIONAL", "快报，不作最终判定。\n\nProvisional; never used for a final judgement."),
                ("FINAL", "定报。\n\nFinal."),
            ],
        ),
        list(
            "ClockUnit",
            "时限单位。\n\nWhat a clock counts.",
            &[
                ("CALENDAR_DAY", "日。\n\nCalendar days."),
                ("WORKING_DAY", "工作日。\n\nWorking days."),
                ("MONTH", "月。\n\nMonths."),
                ("YEAR", "年。\n\nYears."),
                ("HOUR", "小时。\n\nHours."),
                ("DAY_OF_YEAR", "每年定日。\n\nA day of each year."),
            ],
        ),
    ]
}

fn s() -> TypeRef {
    TypeRef::named_nn(TypeRef::STRING)
}

fn o() -> TypeRef {
    TypeRef::named(TypeRef::STRING)
}

fn n(name: &str) -> TypeRef {
    TypeRef::named_nn(name)
}

fn l(name: &str) -> TypeRef {
    TypeRef::named_nn_list_nn(name)
}

/// Object types.
pub(super) fn objects() -> Vec<Object> {
    let source = || ("source", s(), "文号及条款。\n\nDocument and place in it.");
    vec![
        plan(),
        target(),
        plain_object(
            "PlanIndustry",
            "计划所列行业。\n\nAn industry of a plan.",
            &[
                ("industry", n("KeyIndustry"), "行业。\n\nIndustry."),
                ("role", n("PlanRole"), "重点或涉尘。\n\nKey or dust."),
                ("department", TypeRef::named("Department"), "责任部门。\n\nResponsible department."),
                ("focus", o(), "MAIN 主线、PARALLEL 同步推进、LED 大企业带动。\n\nMAIN, PARALLEL or LED, where the plan says so."),
                source(),
            ],
        ),
        plain_object(
            "PlanPost",
            "计划所列重点岗位。\n\nA post whose holders are trained.",
            &[
                ("post", n("KeyPost"), "岗位。\n\nPost."),
                ("name", s(), "计划中的称谓。\n\nWording of the plan."),
                ("nameEn", s(), "英文。\n\nIn English."),
                ("category", s(), "通用类别：HEAD、DEPARTMENT、TEAM。\n\nCommon category: HEAD, DEPARTMENT or TEAM."),
                ("industry", TypeRef::named("KeyIndustry"), "只适用于该行业。\n\nOnly for this industry."),
                source(),
            ],
        ),
        plain_object(
            "PlanMember",
            "成员单位。\n\nA member body.",
            &[
                ("department", n("Department"), "部门。\n\nDepartment."),
                ("leads", n(TypeRef::BOOLEAN), "是否牵头。\n\nWhether it leads."),
                source(),
            ],
        ),
        plain_object(
            "PlanTask",
            "年度任务或约定。\n\nA task of a year, or a term.",
            &[
                ("id", n(TypeRef::ID), "标识。\n\nIdentifier."),
                ("year", TypeRef::named(TypeRef::INT), "年度；空为计划期内每年。\n\nYear; empty for every year of the plan."),
                ("number", n(TypeRef::INT), "序号。\n\nIts number there."),
                ("kind", n("PlanTaskKind"), "任务或约定。\n\nTask or term."),
                ("levels", l("RegionLevel"), "由哪几级承担。\n\nLevels that do it."),
                ("departments", l("Department"), "承担部门。\n\nDepartments that do it."),
                ("due", l("Date"), "写明的日期。\n\nDays named by it."),
                ("amount", TypeRef::named("Long"), "约定的数值。\n\nAmount of a term."),
                ("unit", TypeRef::named("PlanUnit"), "单位。\n\nUnit of the amount."),
                ("name", s(), "内容。\n\nIn words."),
                ("nameEn", s(), "英文。\n\nIn English."),
                source(),
            ],
        ),
        plain_object(
            "PlanObligation",
            "计划规定的报送。\n\nFigures or a report that a plan asks for.",
            &[
                ("id", n(TypeRef::ID), "标识。\n\nIdentifier."),
                ("kind", n("PlanObligationKind"), "种类。\n\nKind."),
                ("departments", l("Department"), "报送部门，各报各的。\n\nDepartments, each its own."),
                ("levels", l("RegionLevel"), "哪几级报送。\n\nLevels that owe it."),
                ("dataYear", n(TypeRef::INT), "数据年度。\n\nYear of the figures."),
                ("dueYear", n(TypeRef::INT), "截止年份。\n\nYear in which it is due."),
                ("rule", s(), "时限规则。\n\nClock rule."),
                ("finality", n("ReturnFinality"), "快报或定报。\n\nProvisional or final."),
                (
                    "standing",
                    n(TypeRef::BOOLEAN),
                    "是否为长期要求：计划期满后每年照报，直至后续计划另有规定。\n\nWhether it is owed again every year, also after the plan has ended, until a successor says otherwise.",
                ),
                ("name", s(), "内容。\n\nIn words."),
                ("nameEn", s(), "英文。\n\nIn English."),
                source(),
            ],
        ),
        plain_object(
            "Deadline",
            "按规则计算的最后一日。\n\nLast day of a clock.",
            &[
                ("due", n("Date"), "最后一日。\n\nLast day."),
                ("rule", s(), "采用的规则（地区规则优先）。\n\nRule that was used; a regional one comes first."),
                ("name", s(), "名称。\n\nName."),
                ("nameEn", s(), "英文名称。\n\nEnglish name."),
                ("amount", n(TypeRef::INT), "期限数。\n\nHow many units."),
                ("unit", n("ClockUnit"), "单位。\n\nUnit."),
                ("regionCode", o(), "地区规则所属地区。\n\nRegion of a regional rule."),
                ("source", s(), "法律条款。\n\nLaw and article."),
                (
                    "unknownYear",
                    TypeRef::named(TypeRef::INT),
                    "该年节假日安排未公布，最后一日可能顺延。\n\nYear whose holidays are not known, so that the last day may still move.",
                ),
            ],
        ),
    ]
}

fn plan() -> Object {
    plain_object(
        "Plan",
        "工伤预防计划。\n\nA plan for work-injury prevention.",
        &[
            ("id", n(TypeRef::ID), "标识，如 SHUOZHOU-2021。\n\nIdentifier, such as SHUOZHOU-2021."),
            ("name", s(), "名称。\n\nName."),
            ("nameEn", s(), "英文名称。\n\nEnglish name."),
            ("document", s(), "文号。\n\nNumber of the document."),
            ("regionCode", o(), "地区；空为全国。\n\nRegion; empty for the whole country."),
            ("regionName", o(), "地区名称。\n\nName of the region."),
            ("firstYear", n(TypeRef::INT), "首年。\n\nFirst year."),
            ("lastYear", n(TypeRef::INT), "末年。\n\nLast year."),
            ("issuedOn", TypeRef::named("Date"), "印发日期；此前不算逾期。\n\nDay it was issued; nothing is overdue before it."),
            ("baseYear", TypeRef::named(TypeRef::INT), "基期年份。\n\nBase year, where stated."),
            ("tolerance", n("PlanTolerance"), "考核尺度。\n\nHow strictly its targets are judged."),
            ("complete", n(TypeRef::BOOLEAN), "各项数值是否已全部掌握。\n\nWhether all of its numbers are known."),
            ("floatYears", TypeRef::named(TypeRef::INT), "费率浮动周期，年。\n\nYears of the window in which premiums float."),
            ("parentId", TypeRef::named(TypeRef::ID), "上级计划。\n\nPlan above."),
            ("differs", o(), "与上级计划的不同。\n\nHow it differs from the plan above."),
            ("industries", l("PlanIndustry"), "行业。\n\nIndustries."),
            ("posts", l("PlanPost"), "重点岗位。\n\nPosts."),
            ("members", l("PlanMember"), "成员单位。\n\nMember bodies."),
            ("targets", l("PlanTarget"), "目标。\n\nTargets."),
            ("tasks", l("PlanTask"), "任务和约定。\n\nTasks and terms."),
            ("obligations", l("PlanObligation"), "报送要求。\n\nWhat it asks to be handed in."),
            ("source", s(), "来源。\n\nSource."),
        ],
    )
}

fn target() -> Object {
    plain_object(
        "PlanTarget",
        "年度目标。\n\nA target of a year.",
        &[
            ("id", n(TypeRef::ID), "标识。\n\nIdentifier."),
            ("planId", n(TypeRef::ID), "所属计划。\n\nPlan it stands in."),
            ("planRegionCode", o(), "计划所属地区；空为全国。\n\nRegion of that plan; empty for the whole country."),
            ("inherited", n(TypeRef::BOOLEAN), "是否来自上级计划。\n\nWhether it comes from a plan above the region asked for."),
            ("year", n(TypeRef::INT), "考核年度。\n\nYear whose figure is judged."),
            ("baseYear", TypeRef::named(TypeRef::INT), "基期年份。\n\nBase year, where one is needed and stated."),
            (
                "scope",
                s(),
                "范围：行业代码、KEY 全部重点行业、DUST 全部涉尘行业、ALL。\n\nIndustry, or KEY, DUST or ALL for all such industries together.",
            ),
            ("industry", TypeRef::named("KeyIndustry"), "单一行业。\n\nThe industry, if it is one."),
            ("industries", l("KeyIndustry"), "包含的行业；空为不限。\n\nIndustries the figure is made of; empty for all."),
            ("measure", n("PlanMeasure"), "指标。\n\nWhat is measured."),
            ("comparison", n("PlanComparison"), "比较方式。\n\nWhat it is compared with."),
            ("amount", TypeRef::named("Long"), "目标值。\n\nBound, in `unit`."),
            ("unit", TypeRef::named("PlanUnit"), "单位。\n\nUnit."),
            ("tolerance", n("PlanTolerance"), "考核尺度。\n\nHow strictly it is judged."),
            ("department", TypeRef::named("Department"), "责任部门。\n\nResponsible department."),
            ("name", s(), "内容。\n\nIn words."),
            ("nameEn", s(), "英文。\n\nIn English."),
            ("confidence", o(), "未见原文时的可信度：MEDIUM。\n\nHow sure it is where the document itself was not read: MEDIUM."),
            ("differs", o(), "与上级计划的不同。\n\nHow it differs from the plan above."),
            ("source", s(), "文号及条款。\n\nDocument and place in it."),
        ],
    )
}
