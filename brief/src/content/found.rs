//! What departments should look at: differences between them, hazards past their deadline,
//! employers to visit.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Coded;

/// 一类部门间差异线索。
///
/// Differences of one kind between two departments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LeadGroup {
    /// 种类。
    ///
    /// Kind.
    pub kind: Coded,
    /// 说明：线索，不是结论。
    ///
    /// What the kind means and what it does not: a lead, not a finding.
    pub explanation: String,
    /// 未关闭的确定比对线索数；隐去或尚未比对时为空。
    ///
    /// Leads not closed that rest on an identity number or a record number; empty where withheld,
    /// or where nobody has searched.
    pub certain: Option<i64>,
    /// 未关闭的疑似线索数，待人工核对；隐去或尚未比对时为空。
    ///
    /// Leads not closed that rest on likeness and wait for a person to look; empty where withheld,
    /// or where nobody has searched.
    pub candidates: Option<i64>,
    /// 已关闭线索数；隐去或尚未比对时为空。
    ///
    /// Closed leads; empty where withheld, or where nobody has searched.
    pub closed: Option<i64>,
    /// 两份名单的比对数；不适用时为空。
    ///
    /// Counts of both sides, where the kind compares two lists.
    pub overlap: Option<Overlap>,
    /// 最早的未关闭线索，不含姓名。
    ///
    /// The oldest open ones, without names.
    pub lines: Vec<LeadLine>,
}

/// 同类事件两份名单的比对。
///
/// Two lists of the same events and what they have in common.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Overlap {
    /// 第一份名单，如“应急”。
    ///
    /// Name of the first list, `应急`.
    pub here: String,
    /// 第二份名单，如“人社”。
    ///
    /// Name of the second list, `人社`.
    pub there: String,
    /// 两份都有；隐去时为空。
    ///
    /// In both; empty where withheld.
    pub matched: Option<i64>,
    /// 仅第一份有；隐去时为空。
    ///
    /// Only in the first; empty where withheld.
    pub only_here: Option<i64>,
    /// 仅第二份有；隐去时为空。
    ///
    /// Only in the second; empty where withheld.
    pub only_there: Option<i64>,
    /// Chapman 法估计的总数；无匹配时为空。
    ///
    /// Estimate of all events by Chapman, rounded; empty where nothing matches.
    pub estimate: Option<i64>,
    /// 95% 区间下限。
    ///
    /// Lower end of its 95 % interval.
    pub low: Option<i64>,
    /// 95% 区间上限。
    ///
    /// Upper end.
    pub high: Option<i64>,
    /// 估计的前提及其不足。
    ///
    /// What has to hold for the estimate, and that it does not quite.
    pub caveat: String,
}

/// 一条未关闭线索，不含个人信息。
///
/// One open lead, without personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LeadLine {
    /// 线索编号。
    ///
    /// Number of the lead.
    pub number: String,
    /// 地区。
    ///
    /// Region.
    pub region: Coded,
    /// 涉及单位。
    ///
    /// Employer concerned.
    pub employer: String,
    /// 事件日期。
    ///
    /// Day of the event.
    pub day: Option<NaiveDate>,
    /// 不一致之处。
    ///
    /// What does not agree, in one sentence.
    pub reason: String,
    /// 承办部门。
    ///
    /// Department that was asked.
    pub assigned: Option<Coded>,
}

/// 一项逾期隐患。
///
/// A hazard past its deadline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Hazard {
    /// 编号。
    ///
    /// Number.
    pub number: String,
    /// 单位。
    ///
    /// Employer.
    pub employer: String,
    /// 地区。
    ///
    /// Region.
    pub region: Coded,
    /// 一般或重大。
    ///
    /// General or major.
    pub level: Coded,
    /// 隐患内容。
    ///
    /// What it is.
    pub description: String,
    /// 整改期限。
    ///
    /// Deadline.
    pub deadline: NaiveDate,
    /// 至取数日的逾期天数。
    ///
    /// Days past it, on the day the figures were taken.
    pub days_overdue: i64,
    /// 是否挂牌督办。
    ///
    /// Whether it is supervised by name (挂牌督办).
    pub supervised: bool,
    /// 负责部门。
    ///
    /// Department that holds it.
    pub department: Coded,
}

/// 建议走访的单位。
///
/// An employer to visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Employer {
    /// 名称。
    ///
    /// Name.
    pub name: String,
    /// 统一社会信用代码。
    ///
    /// Credit code, where there is one.
    pub uscc: Option<String>,
    /// 地区。
    ///
    /// Region.
    pub region: Coded,
    /// 行业。
    ///
    /// Industry.
    pub industry: Option<Coded>,
    /// 理由，最严重的在前。
    ///
    /// Why, most serious first: `2024年2起事故，亡1人`.
    pub reasons: Vec<String>,
}
