//! What departments should look at: differences between them, hazards past their deadline,
//! employers to visit.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Coded;

/// 一类部门间差异线索。
///
/// Leads of one kind: differences between the records of departments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LeadGroup {
    /// 线索种类。
    ///
    /// Kind of lead, by code and name.
    pub kind: Coded,
    /// 说明：线索，不是结论。
    ///
    /// What the kind means and what it does not: a lead, not a finding.
    pub explanation: String,
    /// 未关闭的确定比对线索数；隐去或尚未比对时为空。
    ///
    /// Number of open leads matched by identity number or record number; null if withheld or never
    /// searched.
    pub certain: Option<i64>,
    /// 未关闭的疑似线索数，待人工核对；隐去或尚未比对时为空。
    ///
    /// Number of open leads matched by likeness, for a person to check; null if withheld or never
    /// searched.
    pub candidates: Option<i64>,
    /// 已关闭线索数；隐去或尚未比对时为空。
    ///
    /// Number of closed leads; null if withheld or never searched.
    pub closed: Option<i64>,
    /// 没有数的原因：NOT_YOURS 该种类不涉及本部门；NO_RECORDS 没有可比对的记录；其余为空。
    ///
    /// Why there are no numbers: NOT_YOURS, the kind concerns other departments; NO_RECORDS, nothing
    /// was handed in that could be compared; else null.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// 两份名单的比对数；不适用时为空。
    ///
    /// Overlap of the two lists; null for kinds that do not compare two lists.
    pub overlap: Option<Overlap>,
    /// 最早的未关闭线索，不含姓名。
    ///
    /// The oldest open leads, without names of persons.
    pub lines: Vec<LeadLine>,
}

/// 同类事件两份名单的比对。
///
/// Overlap of two lists of the same events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Overlap {
    /// 第一份名单，如“应急”。
    ///
    /// Chinese name of the first list, such as 应急.
    pub here: String,
    /// 第二份名单，如“人社”。
    ///
    /// Chinese name of the second list, such as 人社.
    pub there: String,
    /// 两份都有；隐去时为空。
    ///
    /// Number of events on both lists; null if withheld.
    pub matched: Option<i64>,
    /// 仅第一份有；隐去时为空。
    ///
    /// Number of events only on the first list; null if withheld.
    pub only_here: Option<i64>,
    /// 仅第二份有；隐去时为空。
    ///
    /// Number of events only on the second list; null if withheld.
    pub only_there: Option<i64>,
    /// Chapman 法估计的总数；无匹配时为空。
    ///
    /// Chapman's estimate of the total number of events, rounded; null if nothing matches.
    pub estimate: Option<i64>,
    /// 95% 区间下限。
    ///
    /// Lower bound of its 95 % interval; null without an estimate.
    pub low: Option<i64>,
    /// 95% 区间上限。
    ///
    /// Upper bound of its 95 % interval; null without an estimate.
    pub high: Option<i64>,
    /// 估计的前提及其不足。
    ///
    /// Conditions of the estimate, and how far they do not hold.
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
    /// Region concerned.
    pub region: Coded,
    /// 涉及单位。
    ///
    /// Name of the employer concerned.
    pub employer: String,
    /// 事件日期；不详时为空。
    ///
    /// Day of the event; null if not known.
    pub day: Option<NaiveDate>,
    /// 不一致之处。
    ///
    /// What does not agree, in one Chinese sentence.
    pub reason: String,
    /// 承办部门；尚未分派时为空。
    ///
    /// Department the lead is assigned to; null if not assigned.
    pub assigned: Option<Coded>,
}

/// 一项逾期隐患。
///
/// A hazard not rectified by its deadline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Hazard {
    /// 隐患编号。
    ///
    /// Number of the hazard in its source system.
    pub number: String,
    /// 单位名称。
    ///
    /// Name of the employer.
    pub employer: String,
    /// 隐患所在地区。
    ///
    /// Region where the hazard is.
    pub region: Coded,
    /// 一般或重大。
    ///
    /// Whether it is a general or a major hazard.
    pub level: Coded,
    /// 隐患内容。
    ///
    /// Description of the hazard.
    pub description: String,
    /// 整改期限（延期的为延期后的期限）。
    ///
    /// Last day for the rectification, with any extension.
    pub deadline: NaiveDate,
    /// 至取数日的逾期天数。
    ///
    /// Number of days past the deadline, on the day the figures were taken.
    pub days_overdue: i64,
    /// 是否挂牌督办；未报的为空。
    ///
    /// Whether an authority has placed it under listed supervision (挂牌督办); null if that was not
    /// reported.
    pub supervised: Option<bool>,
    /// 负责部门。
    ///
    /// Department responsible for the hazard.
    pub department: Coded,
}

/// 建议走访的单位。
///
/// An employer proposed for a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Employer {
    /// 单位名称。
    ///
    /// Name of the employer.
    pub name: String,
    /// 统一社会信用代码；没有时为空。
    ///
    /// Unified social credit code; null if there is none.
    pub uscc: Option<String>,
    /// 单位所在地区。
    ///
    /// Region of the employer.
    pub region: Coded,
    /// 重点行业；不详时为空。
    ///
    /// Key industry of the employer; null if not known.
    pub industry: Option<Coded>,
    /// 理由，如“2024年2起事故，亡1人”，最严重的在前。
    ///
    /// Reasons in Chinese, most serious first, such as `2024年2起事故，亡1人`.
    pub reasons: Vec<String>,
}
