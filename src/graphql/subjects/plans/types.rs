//! Plans as clients see them.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    domain::{
        deadline::ClockUnit,
        plan::{
            Comparison, Finality, IndustryRole, JudgingStrictness, ObligationKind, TargetMeasure,
            TaskKind, Unit,
        },
    },
    graphql::declared::kinds::{Code, Day, Department, Id, KeyIndustry, KeyPost, RegionLevel},
};

/// 工伤预防计划。 A plan for work-injury prevention.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Plan {
    /// 标识，如 SHUOZHOU-2021。 Identifier, such as SHUOZHOU-2021.
    pub id: Id,
    /// 名称。 Name.
    pub name: String,
    /// 英文名称。 English name.
    pub name_en: String,
    /// 文号。 Number of the document.
    pub document: String,
    /// 地区；空为全国。 Region; empty for the whole country.
    pub region_code: Option<String>,
    /// 地区名称。 Name of the region.
    pub region_name: Option<String>,
    /// 首年。 First year.
    pub first_year: i32,
    /// 末年。 Last year.
    pub last_year: i32,
    /// 印发日期；此前不算逾期。 Day it was issued; nothing is overdue before it.
    pub issued_on: Option<Day>,
    /// 基期年份。 Base year, where stated.
    pub base_year: Option<i32>,
    /// 考核尺度。 How strictly its targets are judged.
    pub tolerance: Code<JudgingStrictness>,
    /// 各项数值是否已全部掌握。 Whether all of its numbers are known.
    pub complete: bool,
    /// 费率浮动周期，年。 Years of the window in which premiums float.
    pub float_years: Option<i32>,
    /// 上级计划。 Plan above.
    pub parent_id: Option<Id>,
    /// 与上级计划的不同。 How it differs from the plan above.
    pub differs: Option<String>,
    /// 行业。 Industries.
    pub industries: Vec<PlanIndustry>,
    /// 重点岗位。 Posts.
    pub posts: Vec<PlanPost>,
    /// 成员单位。 Member bodies.
    pub members: Vec<PlanMember>,
    /// 目标。 Targets.
    pub targets: Vec<PlanTarget>,
    /// 任务和约定。 Tasks and terms.
    pub tasks: Vec<PlanTask>,
    /// 报送要求。 What it asks to be handed in.
    pub obligations: Vec<PlanObligation>,
    /// 来源。 Source.
    pub source: String,
}

/// 年度目标。 A target of a year.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PlanTarget {
    /// 标识。 Identifier.
    pub id: Id,
    /// 所属计划。 Plan it stands in.
    pub plan_id: Id,
    /// 计划所属地区；空为全国。 Region of that plan; empty for the whole country.
    pub plan_region_code: Option<String>,
    /// 是否来自上级计划。 Whether it comes from a plan above the region asked for.
    pub inherited: bool,
    /// 考核年度。 Year whose figure is judged.
    pub year: i32,
    /// 基期年份。 Base year, where one is needed and stated.
    pub base_year: Option<i32>,
    /// 范围：行业代码、KEY 全部重点行业、DUST 全部涉尘行业、ALL。
    ///
    /// Industry, or KEY, DUST or ALL for all such industries together.
    pub scope: String,
    /// 单一行业。 The industry, if it is one.
    pub industry: Option<KeyIndustry>,
    /// 包含的行业；空为不限。 Industries the figure is made of; empty for all.
    pub industries: Vec<KeyIndustry>,
    /// 指标。 What is measured.
    pub measure: Code<TargetMeasure>,
    /// 比较方式。 What it is compared with.
    pub comparison: Code<Comparison>,
    /// 目标值。 Bound, in `unit`.
    pub amount: Option<i64>,
    /// 单位。 Unit.
    pub unit: Option<Code<Unit>>,
    /// 考核尺度。 How strictly it is judged.
    pub tolerance: Code<JudgingStrictness>,
    /// 责任部门。 Responsible department.
    pub department: Option<Department>,
    /// 内容。 In words.
    pub name: String,
    /// 英文。 In English.
    pub name_en: String,
    /// 未见原文时的可信度：MEDIUM。 How sure it is where the document itself was not read: MEDIUM.
    pub confidence: Option<String>,
    /// 与上级计划的不同。 How it differs from the plan above.
    pub differs: Option<String>,
    /// 文号及条款。 Document and place in it.
    pub source: String,
}

/// 计划所列行业。 An industry of a plan.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PlanIndustry {
    /// 行业。 Industry.
    pub industry: KeyIndustry,
    /// 重点或涉尘。 Key or dust.
    pub role: Code<IndustryRole>,
    /// 责任部门。 Responsible department.
    pub department: Option<Department>,
    /// MAIN 主线、PARALLEL 同步推进、LED 大企业带动。 MAIN, PARALLEL or LED, where the plan says
    /// so.
    pub focus: Option<String>,
    /// 文号及条款。 Document and place in it.
    pub source: String,
}

/// 计划所列重点岗位。 A post whose holders are trained.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PlanPost {
    /// 岗位。 Post.
    pub post: KeyPost,
    /// 计划中的称谓。 Wording of the plan.
    pub name: String,
    /// 英文。 In English.
    pub name_en: String,
    /// 通用类别：HEAD、DEPARTMENT、TEAM。 Common category: HEAD, DEPARTMENT or TEAM.
    pub category: String,
    /// 只适用于该行业。 Only for this industry.
    pub industry: Option<KeyIndustry>,
    /// 文号及条款。 Document and place in it.
    pub source: String,
}

/// 成员单位。 A member body.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PlanMember {
    /// 部门。 Department.
    pub department: Department,
    /// 是否牵头。 Whether it leads.
    pub leads: bool,
    /// 文号及条款。 Document and place in it.
    pub source: String,
}

/// 年度任务或约定。 A task of a year, or a term.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PlanTask {
    /// 标识。 Identifier.
    pub id: Id,
    /// 年度；空为计划期内每年。 Year; empty for every year of the plan.
    pub year: Option<i32>,
    /// 序号。 Its number there.
    pub number: i32,
    /// 任务或约定。 Task or term.
    pub kind: Code<TaskKind>,
    /// 由哪几级承担。 Levels that do it.
    pub levels: Vec<RegionLevel>,
    /// 承担部门。 Departments that do it.
    pub departments: Vec<Department>,
    /// 写明的日期。 Days named by it.
    pub due: Vec<Day>,
    /// 约定的数值。 Amount of a term.
    pub amount: Option<i64>,
    /// 单位。 Unit of the amount.
    pub unit: Option<Code<Unit>>,
    /// 内容。 In words.
    pub name: String,
    /// 英文。 In English.
    pub name_en: String,
    /// 文号及条款。 Document and place in it.
    pub source: String,
}

/// 计划规定的报送。 Figures or a report that a plan asks for.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PlanObligation {
    /// 标识。 Identifier.
    pub id: Id,
    /// 种类。 Kind.
    pub kind: Code<ObligationKind>,
    /// 报送部门，各报各的。 Departments, each its own.
    pub departments: Vec<Department>,
    /// 哪几级报送。 Levels that owe it.
    pub levels: Vec<RegionLevel>,
    /// 数据年度。 Year of the figures.
    pub data_year: i32,
    /// 截止年份。 Year in which it is due.
    pub due_year: i32,
    /// 时限规则。 Clock rule.
    pub rule: String,
    /// 快报或定报。 Provisional or final.
    pub finality: Code<Finality>,
    /// 是否为长期要求：计划期满后每年照报，直至后续计划另有规定。
    ///
    /// Whether it is owed again every year, also after the plan has ended, until a successor says
    /// otherwise.
    pub standing: bool,
    /// 内容。 In words.
    pub name: String,
    /// 英文。 In English.
    pub name_en: String,
    /// 文号及条款。 Document and place in it.
    pub source: String,
}

/// 按规则计算的最后一日。 Last day of a clock.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Deadline {
    /// 最后一日。 Last day.
    pub due: Day,
    /// 采用的规则（地区规则优先）。 Rule that was used; a regional one comes first.
    pub rule: String,
    /// 名称。 Name.
    pub name: String,
    /// 英文名称。 English name.
    pub name_en: String,
    /// 期限数。 How many units.
    #[schemars(with = "i32")]
    pub amount: u32,
    /// 单位。 Unit.
    pub unit: Code<ClockUnit>,
    /// 地区规则所属地区。 Region of a regional rule.
    pub region_code: Option<String>,
    /// 法律条款。 Law and article.
    pub source: String,
    /// 该年节假日安排未公布，最后一日可能顺延。 Year whose holidays are not known, so that the last
    /// day may still move.
    pub unknown_year: Option<i32>,
}
