//! The content of the materials, ready to be shown: every figure comes with the numbers it was made
//! of, every judgement with its reason, and what is missing is said to be missing and never shown
//! as zero.
//!
//! Texts are Chinese, for the people in the room. Money is in fen, shares are exact fractions of
//! two whole numbers beside the text that is printed. The content has one JSON form, in the order
//! of the declaration, so that it can be hashed; its types in the GraphQL schema follow from this
//! declaration too, descriptions included.

mod counted;
mod found;
mod judged;
mod met;
mod owed;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use counted::{Heat, HeatRow, Tally};
pub use found::{Employer, Hazard, LeadGroup, LeadLine, Overlap};
pub use judged::{Figure, Formula, Headline, Outcome, Point, Trend};
pub use met::{Meeting, Part, Resolution};
pub use owed::{Return, ReturnState, TaskLine};

/// 代码及其中文名称。
///
/// A code with its Chinese name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Coded {
    /// 代码（区划、行业、部门、种类）。
    ///
    /// Stable code of a region, industry, department, kind and the like.
    pub code: String,
    /// 中文名称。
    ///
    /// Chinese name of the code.
    pub label: String,
}

/// 一次联席会议的材料。
///
/// Content of the materials of one joint meeting, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Brief {
    /// 所属地区、年度和口径。
    ///
    /// Region, year and plan of the materials, and what their figures are based on.
    pub head: Head,
    /// 各项目标及是否达标，按规划中的次序。
    ///
    /// One entry for each target of the plan, in the plan's order.
    pub headlines: Vec<Headline>,
    /// 指标表：先全区域，再分行业，再分下级地区。
    ///
    /// The indicator table: the whole region first, then by industry, then by region below.
    pub figures: Vec<Figure>,
    /// 规划各年走势与年度目标阶梯。
    ///
    /// Values over the years of the plan, with the target of each year.
    pub trends: Vec<Trend>,
    /// 本年事故按类型，由多到少。
    ///
    /// Accidents of the year by type, most first.
    pub accident_types: Vec<Tally>,
    /// 下级地区与行业交叉的事故起数。
    ///
    /// Accidents of the year by region below and industry, as a grid.
    pub heat: Heat,
    /// 新报告尘肺病按接尘工龄。
    ///
    /// Newly reported pneumoconiosis by years of exposure, shortest first.
    pub exposure: Vec<Tally>,
    /// 应报送事项及报送情况。
    ///
    /// Returns that departments owe, and whether they were made.
    pub returns: Vec<Return>,
    /// 本年度计划任务的落实情况；在任务列入材料以前冻结的为空。
    ///
    /// Tasks of the plan in that year with what became of them; null in materials that were frozen
    /// before tasks were part of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tasks: Option<Vec<TaskLine>>,
    /// 部门间数据差异线索，按种类。
    ///
    /// Differences between departments' records (leads), by kind.
    pub leads: Vec<LeadGroup>,
    /// 逾期未整改隐患，逾期最久的在前。
    ///
    /// Hazards not rectified by their deadline, the longest overdue first.
    pub hazards: Vec<Hazard>,
    /// 隐患为何未列全（无权列示、条数过多）；已列全的为空。
    ///
    /// Why the hazards listed are not all there are, in Chinese; null if they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hazards_note: Option<String>,
    /// 建议走访的单位及理由。
    ///
    /// Employers proposed for a visit, with the reasons.
    pub employers: Vec<Employer>,
    /// 拟走访单位为何未列全（无权列示、家数过多）；已列全的为空。
    ///
    /// Why the employers listed are not all there are, in Chinese; null if they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employers_note: Option<String>,
    /// 以往会议未办结的决议和上次会议的决议。
    ///
    /// Open resolutions of earlier meetings, and the resolutions of the last meeting.
    pub resolutions: Vec<Resolution>,
    /// 会议本身；尚未召集时为空。
    ///
    /// The meeting itself; null before it is called.
    pub meeting: Option<Meeting>,
    /// 冻结内容与今日数据的差异；未冻结时为空列表。
    ///
    /// Differences between the frozen content and today's data; an empty list if nothing is frozen,
    /// and in the frozen content itself.
    pub differences: Vec<Difference>,
}

/// 冻结内容与今日数据的一处差异。
///
/// One place where the frozen content differs from today's data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// 所在，如“I1 安全生产事故起数降幅，煤矿”。
    ///
    /// Where it is, in Chinese: part of the materials, indicator, region, industry.
    pub place: String,
    /// 冻结时的值。
    ///
    /// Value in the frozen content.
    pub then: String,
    /// 今日的值。
    ///
    /// Value by today's data.
    pub now: String,
}

/// 材料的归属和口径。
///
/// Region, year and plan of the materials, and what their figures are based on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Head {
    /// 会议所属地区。
    ///
    /// Region that holds the meeting.
    pub region: Coded,
    /// 考核年度。
    ///
    /// Calendar year whose figures are judged.
    pub year: i32,
    /// 规划标识和名称。
    ///
    /// Identifier and title of the plan.
    pub plan: Coded,
    /// 降幅的基期年；规划未写明时为空。
    ///
    /// Year that reductions are measured against; null if the plan names none.
    pub base_year: Option<i32>,
    /// 规划出处和文号。
    ///
    /// Where the plan is published, with the number of the document.
    pub source: String,
    /// 规划是否尚有未知目标。
    ///
    /// Whether some of the plan's targets are not known to the hub yet.
    pub incomplete_plan: bool,
    /// 取数时间。
    ///
    /// When the figures were taken.
    pub taken_at: DateTime<Utc>,
    /// 取数时变更流的位置。
    ///
    /// Position in the change feed up to which records are counted.
    pub position: String,
    /// 年度未结束或数据未定：不作最终判定。
    ///
    /// Whether nothing is judged finally, because the year is not over or figures are not final.
    pub provisional: bool,
    /// 统计口径，逐句说明。
    ///
    /// What was counted and how, one Chinese sentence each: casualties, denominators, editions of
    /// codes, state of the records.
    pub basis: Vec<String>,
    /// 是否按阈值隐去小数目。
    ///
    /// Whether counts below the threshold are withheld from you.
    pub protected: bool,
    /// 冻结内容的 SHA-256；未冻结时为空。
    ///
    /// SHA-256 of the frozen content in hexadecimal digits; null if nothing is frozen.
    pub digest: Option<String>,
}

impl Brief {
    /// JSON Schema of the content: names, kinds and descriptions of all its types, for whoever
    /// shows it in another form.
    #[must_use]
    pub fn declaration() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }
}
