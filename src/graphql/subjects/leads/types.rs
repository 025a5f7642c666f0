//! Leads as clients see them.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    graphql::declared::kinds::{Code, Day, Department, Id, Instant, LeadReason},
    meeting::leads::{LeadKind, LeadResolution, LeadState, RecordRole, Tier},
};

/// 一页线索。 One page of leads.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LeadPage {
    /// 本页线索，先发现的在前。 The leads on this page, in the order in which they were found.
    pub nodes: Vec<Lead>,
    /// 符合条件的总数。 Number of leads that meet the conditions, over all pages.
    pub total_count: i64,
    /// 后面还有。 Whether there are more leads after this page.
    pub has_next_page: bool,
    /// 本页末条的游标，取下一页时作 after；空页没有。 Cursor of the last lead, to be passed as
    /// `after` for the next page; null for an empty page.
    pub end_cursor: Option<String>,
    /// 提示语：线索不是结论。 Notice to show with the leads: a lead is not a finding.
    pub note: String,
}

/// 部门间的一处差异，供人核实；不是结论。不含姓名和证件号码。
///
/// A difference between the records of two departments that a person should examine. It is not a
/// finding and contains no names or identity numbers of persons.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Lead {
    /// 标识，每次比对不变。 Global identifier, the same after every search.
    pub id: Id,
    /// 线索编号，至多九位，不连续。 Number of the lead, at most nine digits; numbers are not
    /// consecutive.
    pub number: i64,
    /// 线索种类。 Kind of difference.
    pub kind: Code<LeadKind>,
    /// 种类的中文名称。 Chinese name of the kind.
    pub kind_label: Option<String>,
    /// 可靠程度：确定比对，或待人核对。 Whether the records were matched with certainty or by
    /// likeness, for a person to check.
    pub tier: Code<Tier>,
    /// 可靠程度的中文名称。 Chinese name of the certainty.
    pub tier_label: Option<String>,
    /// 办理状态。 State of the work on the lead.
    pub state: Code<LeadState>,
    /// 状态的中文名称。 Chinese name of the state.
    pub state_label: Option<String>,
    /// 数据已不再如此。 Whether the data no longer show the difference.
    pub gone: bool,
    /// 行政区划代码（六位）。 Code of the region concerned.
    pub region_code: String,
    /// 行政区划名称。 Chinese name of the region.
    pub region_name: Option<String>,
    /// 用人单位信用代码；不详时为空。 Unified social credit code of the employer; null if not
    /// known.
    pub employer_uscc: Option<String>,
    /// 用人单位名称；不详时为空。 Name of the employer; null if not known.
    pub employer_name: Option<String>,
    /// 事件日期，职业病为报告日期；不详时为空。 Day of the event, for a disease the day of its
    /// report; null if not known.
    pub day: Option<Day>,
    /// 不一致之处。 What is missing or does not agree between the records.
    pub reasons: Vec<LeadReason>,
    /// 一句话说明，语言按 Accept-Language。 The same in one sentence, in the language of
    /// `Accept-Language`.
    pub sentence: String,
    /// 涉及的记录，用 node(id) 按您的权限打开。 The records concerned, of families you may list;
    /// open each with `node(id)` under your own rights.
    pub records: Vec<LeadRecord>,
    /// 被分派的部门；尚未分派时为空。 Department the lead is assigned to; null if not assigned.
    pub assigned: Option<Department>,
    /// 最近一次答复；尚未答复时为空。 Latest answer of that department; null if none was given.
    pub answer: Option<String>,
    /// 办结方式；未办结时为空。 How the lead was settled; null while it is open.
    pub resolution: Option<Code<LeadResolution>>,
    /// 版本，操作时须提供。 Version of the lead, to be passed to `assignLead`, `answerLead` and
    /// `closeLead`.
    pub version: i32,
    /// 首次发现时间。 When a search first found the difference.
    pub first_seen: Instant,
    /// 最近一次发现时间。 When a search last found the difference.
    pub last_seen: Instant,
    /// 经过：查找、分派、答复、办结，先发生的在前。 History of the lead: searches, assignments,
    /// answers and closing, oldest first.
    pub events: Vec<LeadEvent>,
    /// 提示语：线索不是结论。 Notice to show with the lead: a lead is not a finding.
    pub note: String,
}

/// 线索涉及的一条记录。 One record that a lead refers to.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LeadRecord {
    /// 记录的全局标识，用 node(id) 打开。 Global identifier of the record, for `node(id)`.
    pub id: Id,
    /// 记录类别（类型名，如 Accident）。 Family of the record, by type name such as `Accident`.
    pub family: String,
    /// 记录类别的中文名。 Chinese name of the family.
    pub family_label: String,
    /// 作用。 Role of the record in the lead.
    pub role: Code<RecordRole>,
    /// 提供部门。 Department that provides the record.
    pub department: Department,
    /// 与所指记录的异同。 How the record agrees with or differs from the record the lead is about.
    pub reasons: Vec<LeadReason>,
}

/// 线索的一步经过。 One step in the history of a lead.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LeadEvent {
    /// 账号的部门。 Department of the account that took the step.
    pub department: Department,
    /// 此步之后的版本。 Version of the lead after the step.
    pub version: i32,
    /// FOUND、CHANGED、ASSIGNED、ANSWERED、CLOSED、GONE 或 RETURNED。 What was done: FOUND,
    /// CHANGED, ASSIGNED, ANSWERED, CLOSED, GONE or RETURNED.
    pub step: String,
    /// 此步之后的状态。 State of the lead after the step.
    #[schemars(with = "Code<LeadState>")]
    pub state: String,
    /// 此步之后的可靠程度。 Certainty of the lead after the step.
    #[schemars(with = "Code<Tier>")]
    pub tier: String,
    /// 此步之后被分派的部门；没有时为空。 Department the lead was assigned to after the step; null
    /// if none.
    pub assigned: Option<Department>,
    /// 办结方式；不是办结的为空。 How the lead was settled; null for other steps.
    #[schemars(with = "Option<Code<LeadResolution>>")]
    pub resolution: Option<String>,
    /// 所问、所答或理由；没有时为空。 Text of the question, answer or closing reason; null if there
    /// is none.
    pub words: Option<String>,
    /// 此步的时间。 When the step was taken.
    pub at: Instant,
    /// 操作账号。 Account that took the step.
    pub subject: String,
    /// 机构所辖区划。 Region code of the account's organisation.
    pub region_code: String,
}

/// 一次比对。 Result of one search for leads.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LeadRun {
    /// 所比对的行政区划代码。 Code of the region that was searched.
    pub region_code: String,
    /// 比对开始的时间。 When the search began.
    pub at: Instant,
    /// 进行中、已完成或失败。 Whether the search goes on, is finished, or has failed.
    pub state: LeadRunState,
    /// 已比对的种类数。 Number of kinds that have been searched for.
    pub searched: i64,
    /// 全部种类数。 Number of kinds in all.
    pub total: i64,
    /// 失败的原因和处理办法；未失败为空。 Why it failed and what to do; null if it did not fail.
    pub failure: Option<String>,
    /// 各种类的结果；进行中、失败或服务重启后为空列表，可查 leadSummary。
    ///
    /// Results, one entry per kind of lead; an empty list while the search goes on, after it has
    /// failed, and after the hub was started anew: see `leadSummary`.
    pub kinds: Vec<LeadRunKind>,
    /// 提示语：线索不是结论。 Notice to show with the result: a lead is not a finding.
    pub note: String,
}

/// 比对的状态。 State of a search for leads.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum LeadRunState {
    /// 进行中，结果出来后保存；用 leadRun 查看进度。 It goes on, and its result will be kept; follow
    /// it with `leadRun`.
    Running,
    /// 已完成，线索已保存。 It is finished and its leads are kept.
    Finished,
    /// 失败，线索未变。 It has failed; no lead has changed.
    Failed,
}

/// 一次比对中一个种类的结果。 What a search found of one kind of lead.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LeadRunKind {
    /// 线索种类。 Kind of lead.
    pub kind: Code<LeadKind>,
    /// 种类的中文名称。 Chinese name of the kind.
    pub kind_label: Option<String>,
    /// 确定比对的差异数。 Number of differences matched with certainty.
    pub certain: i64,
    /// 待人核对的差异数。 Number of differences that a person has to check.
    pub candidates: i64,
    /// 新发现的线索数。 Number of leads found for the first time.
    pub new: i64,
    /// 内容有变的线索数。 Number of known leads whose content changed.
    pub changed: i64,
    /// 无变化的线索数。 Number of known leads without change.
    pub same: i64,
    /// 数据不再如此、已自动办结的线索数。 Number of leads that the data no longer show; they were
    /// closed automatically.
    pub gone: i64,
    /// 再次出现、重新打开的线索数。 Number of closed leads that appeared again and were reopened.
    pub returned: i64,
}

/// 一个种类的线索汇总。 Number of leads of one kind, with what the kind means.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LeadSummary {
    /// 线索种类。 Kind of lead.
    pub kind: Code<LeadKind>,
    /// 种类的名称，语言按 Accept-Language。 Name of the kind, in the language of `Accept-Language`.
    pub label: String,
    /// 持有所指记录的部门。 Departments that provide the record a lead of this kind is about.
    pub here: Vec<Department>,
    /// 应有对应记录的部门。 Departments whose corresponding record is missing or differs.
    pub there: Vec<Department>,
    /// 该种类可达到的可靠程度。 Highest certainty that leads of this kind can reach.
    pub tier: Code<Tier>,
    /// 满多少日方列为线索。 Number of days after the event before a difference becomes a lead.
    #[schemars(with = "i32")]
    pub wait_days: u32,
    /// 同一事件的两个日期最多相差日数。 Greatest number of days between two records' dates for them
    /// to count as the same event.
    #[schemars(with = "i32")]
    pub near_days: u32,
    /// 含义与可能的原因，语言按 Accept-Language。 What a lead of this kind means and what may
    /// explain it, in the language of `Accept-Language`.
    pub explanation: String,
    /// 法律依据。 Legal provisions the kind is based on.
    pub basis: String,
    /// 未办结，确定比对。 Open leads that are certain.
    pub certain: LeadCount,
    /// 未办结，待人核对。 Open leads that a person has to check.
    pub candidates: LeadCount,
    /// 已办结的线索。 Closed leads.
    pub closed: LeadCount,
    /// 两份名单的重合；不比对两份名单的种类和从未比对的地区为空。 Overlap of the two lists; null
    /// for kinds that do not compare two lists and for a region never searched.
    pub overlap: Option<LeadOverlap>,
    /// 最近一次比对时间；为空则从未比对，计数无意义。 When the region was last searched; null if
    /// never, and then the counts mean nothing.
    pub searched_at: Option<Instant>,
    /// 提示语：线索不是结论。 Notice to show with the summary: a lead is not a finding.
    pub note: String,
}

/// 一个计数。 A count that may be withheld.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LeadCount {
    /// 计数；不显示时为空。 The count; null if it is withheld.
    pub count: Option<i64>,
    /// 是否因涉及他部门记录而不显示。 Whether it is withheld because it includes records of other
    /// departments.
    pub protected: bool,
    /// 不显示的原因：PROTECTED 涉及他部门记录；NOT_YOURS 该种类不涉及本部门，无权查看，不是零；
    /// NO_RECORDS 本地区没有这类线索所涉的记录，无从比对，也不是零；显示时为空。
    ///
    /// Why there is none: PROTECTED, it includes records of others; NOT_YOURS, the kind concerns
    /// other departments only (this does not mean zero); NO_RECORDS, nothing was handed in that such
    /// leads could be about (nor does this). Null if shown.
    pub reason: Option<String>,
}

/// 两份名单的重合。 Overlap of two lists of the same events.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LeadOverlap {
    /// 两边都有。 Events on both lists.
    pub matched: LeadCount,
    /// 仅此方（here）名单有。 Events only on the list of the departments in `here`.
    pub only_here: LeadCount,
    /// 仅彼方（there）名单有。 Events only on the list of the departments in `there`.
    pub only_there: LeadCount,
    /// 总数估计；无匹配或经保护时为空。 Estimated total number of events; null if nothing matches
    /// or counts are withheld.
    pub estimate: Option<LeadEstimate>,
    /// 估计的前提与局限。 Conditions and limits of the estimate, to be shown with it.
    pub caveat: String,
}

/// Chapman 估计及其百分之九十五区间。 Chapman's estimate of the total number of events, with its 95
/// % interval.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LeadEstimate {
    /// 估计总数，四舍五入。 Estimated total, rounded to the nearest whole number.
    pub total: u64,
    /// 区间下限，向下取整。 Lower bound of the interval, rounded down.
    pub low: u64,
    /// 区间上限，向上取整。 Upper bound of the interval, rounded up.
    pub high: u64,
    /// 匹配数少于七，不可靠。 Whether the estimate is unreliable because fewer than seven events
    /// match.
    pub weak: bool,
}
