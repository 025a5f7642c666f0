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

/// 工伤预防计划。 A plan for the prevention of work injuries.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Plan {
    /// 标识，如 SHUOZHOU-2021。 Identifier, such as `SHUOZHOU-2021`.
    pub id: Id,
    /// 中文名称。 Chinese title of the plan.
    pub name: String,
    /// 英文名称。 English title of the plan.
    pub name_en: String,
    /// 文号。 Number of the document that issued the plan.
    pub document: String,
    /// 地区代码；空为全国。 Code of the region the plan is for; null for the whole country.
    pub region_code: Option<String>,
    /// 地区名称；空为全国。 Chinese name of that region; null for the whole country.
    pub region_name: Option<String>,
    /// 首年。 First calendar year of the plan.
    pub first_year: i32,
    /// 末年。 Last calendar year of the plan.
    pub last_year: i32,
    /// 印发日期，此前不算逾期；不详时为空。 Day on which the plan was issued; nothing is overdue
    /// before it. Null if not known.
    pub issued_on: Option<Day>,
    /// 基期年份；计划未写明时为空。 Year that reductions are measured against; null if the plan
    /// names none.
    pub base_year: Option<i32>,
    /// 考核尺度。 How strictly the plan's targets are judged.
    pub tolerance: Code<JudgingStrictness>,
    /// 各项数值是否已全部掌握。 Whether all figures of the plan are known to the hub.
    pub complete: bool,
    /// 费率浮动周期，年；计划未规定时为空。 Number of years over which premium rates float; null if
    /// the plan does not say.
    pub float_years: Option<i32>,
    /// 上级计划；没有时为空。 Plan of the level above; null if there is none.
    pub parent_id: Option<Id>,
    /// 与上级计划的不同；没有时为空。 How the plan differs from the plan above; null if it does
    /// not.
    pub differs: Option<String>,
    /// 计划所列行业。 Industries that the plan names.
    pub industries: Vec<PlanIndustry>,
    /// 计划所列重点岗位。 Posts whose holders the plan wants trained.
    pub posts: Vec<PlanPost>,
    /// 联席会议成员单位。 Departments that take part under the plan.
    pub members: Vec<PlanMember>,
    /// 各年度目标。 Targets, year by year.
    pub targets: Vec<PlanTarget>,
    /// 各年度任务和约定。 Tasks and terms.
    pub tasks: Vec<PlanTask>,
    /// 报送要求。 Figures and reports that the plan requires.
    pub obligations: Vec<PlanObligation>,
    /// 来源：文号及附件。 Document and attachments that the plan was taken from.
    pub source: String,
}

/// 年度目标。 A target of one year.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PlanTarget {
    /// 目标的标识。 Identifier of the target.
    pub id: Id,
    /// 所属计划。 Plan that sets the target.
    pub plan_id: Id,
    /// 计划所属地区；空为全国。 Code of the region of that plan; null for the whole country.
    pub plan_region_code: Option<String>,
    /// 是否来自上级计划（仅 targets 查询）。 Whether it comes from a plan above the region you
    /// asked for; always false within a `plan`.
    pub inherited: bool,
    /// 考核年度。 Calendar year whose figure is judged.
    pub year: i32,
    /// 基期年份；不需要或未写明时为空。 Year it is measured against; null if none is needed or
    /// named.
    pub base_year: Option<i32>,
    /// 范围：行业代码、KEY 全部重点行业、DUST 全部涉尘行业、ALL。 Code of an industry, or KEY (all
    /// key industries), DUST (all dust industries) or ALL.
    pub scope: String,
    /// 单一行业；涉及多个行业时为空。 The industry, if the target is about exactly one; null
    /// otherwise.
    pub industry: Option<KeyIndustry>,
    /// 包含的行业；空为不限。 Industries that the figure covers; an empty list means all.
    pub industries: Vec<KeyIndustry>,
    /// 指标。 Figure that the target is about.
    pub measure: Code<TargetMeasure>,
    /// 比较方式。 How the figure is compared: with the base year, the year before, or `amount`.
    pub comparison: Code<Comparison>,
    /// 目标值，单位见 unit；比较方式不需要时为空。 Value of the target, in `unit`; null if the
    /// comparison needs none.
    pub amount: Option<i64>,
    /// amount 的单位；没有 amount 时为空。 Unit of `amount`; null without an amount.
    pub unit: Option<Code<Unit>>,
    /// 考核尺度。 How strictly the target is judged.
    pub tolerance: Code<JudgingStrictness>,
    /// 责任部门；未写明时为空。 Department responsible for the target; null if none is named.
    pub department: Option<Department>,
    /// 目标内容（中文）。 The target in words, in Chinese.
    pub name: String,
    /// 目标内容（英文）。 The target in words, in English.
    pub name_en: String,
    /// 未见原文时的可信度：MEDIUM；见过原文的为空。 MEDIUM if the document itself was not seen;
    /// null otherwise.
    pub confidence: Option<String>,
    /// 与上级计划的不同；没有时为空。 How the target differs from the plan above; null if it does
    /// not.
    pub differs: Option<String>,
    /// 文号及条款。 Number of the document, with article or section.
    pub source: String,
}

/// 计划所列行业。 An industry that a plan names.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PlanIndustry {
    /// 行业代码。 The industry.
    pub industry: KeyIndustry,
    /// 重点或涉尘。 Whether it is named as a key industry or as a dust industry.
    pub role: Code<IndustryRole>,
    /// 责任部门；未写明时为空。 Department responsible for the industry; null if none is named.
    pub department: Option<Department>,
    /// MAIN 主线、PARALLEL 同步推进、LED 大企业带动；未写明时为空。 MAIN, PARALLEL (pursued
    /// alongside) or LED (led by large enterprises); null if the plan does not say.
    pub focus: Option<String>,
    /// 文号及条款。 Number of the document, with article or section.
    pub source: String,
}

/// 计划所列重点岗位。 A post whose holders the plan wants trained.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PlanPost {
    /// 岗位代码。 The post.
    pub post: KeyPost,
    /// 计划中的称谓（中文）。 Name of the post in the wording of the plan, in Chinese.
    pub name: String,
    /// 计划中的称谓（英文）。 Name of the post in English.
    pub name_en: String,
    /// 通用类别：HEAD 负责人、DEPARTMENT 部门、TEAM 班组。 Common category: HEAD (of the employer),
    /// DEPARTMENT or TEAM.
    pub category: String,
    /// 只适用于该行业；空为不限。 Only for this industry; null for all.
    pub industry: Option<KeyIndustry>,
    /// 文号及条款。 Number of the document, with article or section.
    pub source: String,
}

/// 成员单位。 A department that takes part under a plan.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PlanMember {
    /// 成员单位。 The department.
    pub department: Department,
    /// 是否牵头。 Whether it is the leading department.
    pub leads: bool,
    /// 文号及条款。 Number of the document, with article or section.
    pub source: String,
}

/// 年度任务或约定。 A task of a year, or a term of the plan.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::graphql::subjects) struct PlanTask {
    /// 任务或约定的标识。 Identifier of the task or term.
    pub id: Id,
    /// 年度；空为计划期内每年。 Calendar year of the task; null for every year of the plan.
    pub year: Option<i32>,
    /// 该年度内的序号。 Number of the task within its year.
    pub number: i32,
    /// 任务或约定。 Whether it is a task or a term.
    pub kind: Code<TaskKind>,
    /// 由哪几级承担。 Administrative levels that have to do it.
    pub levels: Vec<RegionLevel>,
    /// 承担部门。 Departments that have to do it.
    pub departments: Vec<Department>,
    /// 写明的日期。 Days named in the plan; an empty list if there are none.
    pub due: Vec<Day>,
    /// 约定的数值，单位见 unit；没有时为空。 Value of a term, in `unit`; null if there is none.
    pub amount: Option<i64>,
    /// amount 的单位；没有 amount 时为空。 Unit of `amount`; null without an amount.
    pub unit: Option<Code<Unit>>,
    /// 内容（中文）。 The task or term in words, in Chinese.
    pub name: String,
    /// 内容（英文）。 The task or term in words, in English.
    pub name_en: String,
    /// 文号及条款。 Number of the document, with article or section.
    pub source: String,
}

/// 计划规定的报送。 Figures or a report that a plan requires.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PlanObligation {
    /// 报送要求的标识。 Identifier of the requirement.
    pub id: Id,
    /// 报送的种类。 Kind of return or report.
    pub kind: Code<ObligationKind>,
    /// 报送部门，各报各的。 Departments that have to make it, each its own.
    pub departments: Vec<Department>,
    /// 哪几级报送。 Administrative levels that have to make it.
    pub levels: Vec<RegionLevel>,
    /// 数据年度。 Calendar year that the figures describe.
    pub data_year: i32,
    /// 截止年份。 Calendar year in which it is due.
    pub due_year: i32,
    /// 时限规则（代码表 clock_rule）。 Code of the deadline rule in the table `clock_rule`.
    pub rule: String,
    /// 快报或定报。 Whether provisional or final figures are required.
    pub finality: Code<Finality>,
    /// 是否为长期要求：计划期满后每年照报，直至后续计划另有规定。 Whether it is due again every
    /// year, even after the plan has ended, until a later plan says otherwise.
    pub standing: bool,
    /// 内容（中文）。 The requirement in words, in Chinese.
    pub name: String,
    /// 内容（英文）。 The requirement in words, in English.
    pub name_en: String,
    /// 文号及条款。 Number of the document, with article or section.
    pub source: String,
}

/// 按规则计算的最后一日。 Last day of a statutory period.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Deadline {
    /// 按期完成的最后一日。 Last day of the period.
    pub due: Day,
    /// 采用的规则（地区规则优先）。 Code of the rule applied (table `clock_rule`); a regional rule
    /// takes precedence over a national one.
    pub rule: String,
    /// 规则的中文名称。 Chinese name of the rule.
    pub name: String,
    /// 规则的英文名称。 English name of the rule.
    pub name_en: String,
    /// 期限数，单位见 unit；每年定日的为 0。 Length of the period, in `unit`; 0 for a fixed day of
    /// the year.
    #[schemars(with = "i32")]
    pub amount: u32,
    /// 期限的单位。 Unit of `amount`.
    pub unit: Code<ClockUnit>,
    /// 地区规则所属地区；全国规则为空。 Code of the region of a regional rule; null for a national
    /// rule.
    pub region_code: Option<String>,
    /// 法律条款。 Law or document, with article or section.
    pub source: String,
    /// 节假日安排未公布的年份，最后一日可能顺延；已确定的为空。 Year whose public holidays are not
    /// published yet, so that `due` may still move; null if `due` is certain.
    pub unknown_year: Option<i32>,
}
