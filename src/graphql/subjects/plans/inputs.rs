//! What fields of plans are asked with.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::graphql::declared::kinds::{Day, Id, KeyIndustry, Year};

/// 工伤预防计划：给出地区时为该地区适用的计划，本级在前、上级在后。
///
/// Plans for work-injury prevention; of a region: those valid there, its own level first.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Plans {
    /// 区划代码；已撤销的代码按承继地区。 Region; an abolished code stands for its successor.
    pub region: Option<String>,
    /// 年度。 Year.
    pub year: Option<Year>,
}

/// 一个计划。 A plan.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PlanOf {
    /// 计划标识，如 SHUOZHOU-2021。 Identifier, such as SHUOZHOU-2021.
    pub id: Id,
}

/// 一个地区一个年度的目标：本地区没有计划的，按上级计划，并注明属于哪个计划。
///
/// Targets of a region in a year; a region without a plan of its own is answered by the one above,
/// and each target says whose it is.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Targets {
    /// 区划代码；已撤销的代码按承继地区。 Region; an abolished code stands for its successor.
    pub region: String,
    /// 年度。 Year.
    pub year: Year,
    /// 重点行业。 Key industry.
    pub industry: Option<KeyIndustry>,
}

/// 按时限规则计算最后一日。按自然日、月、年计的，节假日安排未公布时照算，并以 unknownYear
/// 注明可能顺延；须数工作日的报错，不猜测。
///
/// Last day of a clock. What counts days, months or years is counted beyond the known holidays too,
/// with unknownYear where it may still move; what needs working days of such a year is an error,
/// not a guess.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DeadlineOf {
    /// 时限规则代码（代码表 clock_rule）。 Code of the table clock_rule.
    pub rule: String,
    /// 起算日，当日不计。 Day it starts, not counted itself.
    pub from: Option<Day>,
    /// 年度（每年定日的规则）。 Year, for rules that name a day of the year.
    pub year: Option<Year>,
    /// 中止日数。 Days it stood still.
    pub suspended_days: Option<i32>,
    /// 是否延长。 Whether it was extended.
    pub extended: Option<bool>,
    /// 区划代码；已撤销的代码按承继地区。 Region; an abolished code stands for its successor.
    pub region: Option<String>,
}
