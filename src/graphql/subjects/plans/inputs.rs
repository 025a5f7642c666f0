//! What fields of plans are asked with.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::graphql::declared::kinds::{Day, Id, KeyIndustry, Year};

/// 工伤预防计划：给出地区时为该地区适用的计划，本级在前、上级在后。 Plans for the prevention of
/// work injuries. With a region: the plans that apply there, its own level first, then those above.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Plans {
    /// 区划代码；已撤销的代码按承继地区；不给则为全部地区。 Region code; an abolished code means
    /// its successor. All regions if omitted.
    pub region: Option<String>,
    /// 只要涵盖此年度的；不给则不限。 Only plans that cover this calendar year; any year if
    /// omitted.
    pub year: Option<Year>,
}

/// 一个计划；没有时返回 NOT_FOUND。 One plan; NOT_FOUND if there is none.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PlanOf {
    /// 计划标识，如 SHUOZHOU-2021。 Identifier of the plan, such as `SHUOZHOU-2021`.
    pub id: Id,
}

/// 一个地区一个年度的目标：本地区没有计划的，按上级计划，并注明属于哪个计划。
///
/// Targets of a region in a year. A region without a plan of its own gets those of the plan above;
/// `planId` says which plan each target belongs to.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Targets {
    /// 区划代码；已撤销的代码按承继地区。 Region code; an abolished code means its successor.
    pub region: String,
    /// 考核年度。 Calendar year that is judged.
    pub year: Year,
    /// 只要适用于此重点行业的；不给则为全部。 Only targets that apply to this key industry; all if
    /// omitted.
    pub industry: Option<KeyIndustry>,
}

/// 按时限规则计算最后一日。按自然日、月、年计的，节假日安排未公布时照算，
/// 并以 unknownYear注明可能顺延；须数工作日的报错，不猜测。
///
/// Last day of a statutory period. Days, months and years are counted even without a holiday notice
/// (see `unknownYear`); working days of such a year are an error.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DeadlineOf {
    /// 时限规则代码（代码表 clock_rule）。 Code of the deadline rule in the code table
    /// `clock_rule`.
    pub rule: String,
    /// 起算日，当日不计；与 year 给出其一。 Day from which the period runs, itself not counted.
    /// Give either this or `year`.
    pub from: Option<Day>,
    /// 年度（每年定日的规则）；与 from 给出其一。 Calendar year, for rules that name a day of the
    /// year. Give either this or `from`.
    pub year: Option<Year>,
    /// 中止日数，0 至 36500，默认 0。 Number of days the period was suspended, 0 to 36500; 0 by
    /// default.
    pub suspended_days: Option<i32>,
    /// 是否延长，默认否。 Whether the period was extended as the rule permits; false by default.
    pub extended: Option<bool>,
    /// 区划代码，已撤销的按承继地区；不给则为本地区。 Region code; an abolished code means its
    /// successor. Your own region if omitted.
    pub region: Option<String>,
}
