//! Leads as clients see them.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    graphql::declared::kinds::{Code, Day, Department, Id, Instant, LeadReason},
    meeting::leads::{LeadKind, LeadResolution, LeadState, RecordRole, Tier},
};

/// 一页线索。 A page of leads.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LeadPage {
    /// 线索。 Leads.
    pub nodes: Vec<Lead>,
    /// 符合条件的总数。 How many there are in all.
    pub total_count: i64,
    /// 后面还有。 There is more after.
    pub has_next_page: bool,
    /// 本页末条的游标。 Cursor of the last.
    pub end_cursor: Option<String>,
    /// 线索不是结论。 A lead is no finding.
    pub note: String,
}

/// 部门间的一处差异，供人核实；不是结论。不含姓名和证件号码。
///
/// A difference between departments for a person to look at; no finding. It holds no name and no
/// identity number.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Lead {
    /// 标识，每次比对不变。 Identifier, the same at every search.
    pub id: Id,
    /// 编号。 Number.
    pub number: i64,
    /// 种类。 Kind.
    pub kind: Code<LeadKind>,
    /// 种类的中文名称。 Chinese name of the kind.
    pub kind_label: Option<String>,
    /// 可靠程度。 Tier.
    pub tier: Code<Tier>,
    /// 可靠程度的中文名称。 Chinese name of the tier.
    pub tier_label: Option<String>,
    /// 状态。 State.
    pub state: Code<LeadState>,
    /// 状态的中文名称。 Chinese name of the state.
    pub state_label: Option<String>,
    /// 数据已不再如此。 The data no longer say so.
    pub gone: bool,
    /// 行政区划代码。 Region.
    pub region_code: String,
    /// 行政区划名称。 Name of the region.
    pub region_name: Option<String>,
    /// 用人单位信用代码。 Credit code of the employer.
    pub employer_uscc: Option<String>,
    /// 用人单位名称。 Name of the employer.
    pub employer_name: Option<String>,
    /// 事件日期；职业病为报告日期。 Day of the event; of a disease that of its report.
    pub day: Option<Day>,
    /// 不一致之处。 What is missing or does not agree.
    pub reasons: Vec<LeadReason>,
    /// 一句话说明。 The same in one sentence.
    pub sentence: String,
    /// 涉及的记录，用 node(id) 按您的权限打开。 Records, to be opened with `node(id)` under your
    /// own rights.
    pub records: Vec<LeadRecord>,
    /// 被分派的部门。 Department that was asked.
    pub assigned: Option<Department>,
    /// 最近一次答复。 The last answer.
    pub answer: Option<String>,
    /// 办结方式。 How it was closed.
    pub resolution: Option<Code<LeadResolution>>,
    /// 版本，操作时须提供。 Version, which every step names.
    pub version: i32,
    /// 首次发现时间。 When it was found first.
    pub first_seen: Instant,
    /// 最近一次发现时间。 When it was found last.
    pub last_seen: Instant,
    /// 经过。 Its history.
    pub events: Vec<LeadEvent>,
    /// 线索不是结论。 A lead is no finding.
    pub note: String,
}

/// 线索涉及的一条记录。 A record that a lead points to.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LeadRecord {
    /// 全局标识。 Global identifier.
    pub id: Id,
    /// 记录类别。 Family.
    pub family: String,
    /// 记录类别的中文名。 Chinese name of the family.
    pub family_label: String,
    /// 作用。 Its part.
    pub role: Code<RecordRole>,
    /// 提供部门。 Department that holds it.
    pub department: Department,
    /// 与所指记录的异同。 What agrees with the subject, or does not.
    pub reasons: Vec<LeadReason>,
}

/// 线索的一步经过。 A step in the history of a lead.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LeadEvent {
    /// 账号的部门。 Its department.
    pub department: Department,
    /// 此步之后的版本。 Version after it.
    pub version: i32,
    /// FOUND、CHANGED、ASSIGNED、ANSWERED、CLOSED、GONE 或 RETURNED。 What was done.
    pub step: String,
    /// 此步之后的状态。 State after it.
    #[schemars(with = "Code<LeadState>")]
    pub state: String,
    /// 此步之后的可靠程度。 Tier after it.
    #[schemars(with = "Code<Tier>")]
    pub tier: String,
    /// 被分派的部门。 Department that was asked.
    pub assigned: Option<Department>,
    /// 办结方式。 How it was closed.
    #[schemars(with = "Option<Code<LeadResolution>>")]
    pub resolution: Option<String>,
    /// 所问、所答或理由。 What was asked, answered, or said at the end.
    pub words: Option<String>,
    /// 时间。 When.
    pub at: Instant,
    /// 账号。 Account.
    pub subject: String,
    /// 机构所辖区划。 Region of its organisation.
    pub region_code: String,
}

/// 一次比对。 A search.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LeadRun {
    /// 行政区划代码。 Region.
    pub region_code: String,
    /// 时间。 When.
    pub at: Instant,
    /// 各种类的结果。 Kind by kind.
    pub kinds: Vec<LeadRunKind>,
    /// 线索不是结论。 A lead is no finding.
    pub note: String,
}

/// 一次比对中一个种类的结果。 What a search found of one kind.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LeadRunKind {
    /// 种类。 Kind.
    pub kind: Code<LeadKind>,
    /// 种类的中文名称。 Chinese name of the kind.
    pub kind_label: Option<String>,
    /// 确定比对的差异数。 Differences that are certain.
    pub certain: i64,
    /// 待人核对的差异数。 Differences that wait for a person.
    pub candidates: i64,
    /// 新发现。 New.
    pub new: i64,
    /// 内容有变。 Changed.
    pub changed: i64,
    /// 无变化。 As before.
    pub same: i64,
    /// 数据不再如此，已自动办结。 No longer so, closed by themselves.
    pub gone: i64,
    /// 再次出现，重新打开。 Returned and open again.
    pub returned: i64,
}

/// 一个种类的线索汇总。 Leads of one kind in numbers.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LeadSummary {
    /// 种类。 Kind.
    pub kind: Code<LeadKind>,
    /// 名称。 Name.
    pub label: String,
    /// 持有所指记录的部门。 Departments that hold the record.
    pub here: Vec<Department>,
    /// 应有对应记录的部门。 Departments of the record that is missing or differs.
    pub there: Vec<Department>,
    /// 该种类可达到的可靠程度。 The best tier the kind reaches.
    pub tier: Code<Tier>,
    /// 满多少日方列为线索。 Days that pass before it is a lead.
    #[schemars(with = "i32")]
    pub wait_days: u32,
    /// 同一事件的两个日期最多相差日数。 How far apart two days of one event may lie.
    #[schemars(with = "i32")]
    pub near_days: u32,
    /// 含义与可能的原因。 What it means, and what it does not.
    pub explanation: String,
    /// 依据。 Rules it rests on.
    pub basis: String,
    /// 未办结，确定比对。 Not closed, certain.
    pub certain: LeadCount,
    /// 未办结，待人核对。 Not closed, waiting for a person.
    pub candidates: LeadCount,
    /// 已办结。 Closed.
    pub closed: LeadCount,
    /// 两份名单的重合（比对两份名单的种类）。 What two lists have in common, where two are
    /// compared.
    pub overlap: Option<LeadOverlap>,
    /// 最近一次比对时间；为空则从未比对，计数无意义。
    ///
    /// When the region was searched last; never when empty, and then the counts say nothing.
    pub searched_at: Option<Instant>,
    /// 线索不是结论。 A lead is no finding.
    pub note: String,
}

/// 一个计数。 A count.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LeadCount {
    /// 计数；不显示时为空。 The count; empty where it is withheld.
    pub count: Option<i64>,
    /// 是否因涉及他部门记录而不显示。 Whether it is withheld, because it goes over records of
    /// others.
    pub protected: bool,
    /// 不显示的原因：PROTECTED 涉及他部门记录；NOT_YOURS 该种类不涉及本部门，无权查看，不是零。
    ///
    /// Why it is not shown: PROTECTED, it goes over records of others; NOT_YOURS, the kind is
    /// between other departments and not open to you, which is not zero.
    pub reason: Option<String>,
}

/// 两份名单的重合。 What two lists have in common.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LeadOverlap {
    /// 两边都有。 In both.
    pub matched: LeadCount,
    /// 仅此方有。 Only here.
    pub only_here: LeadCount,
    /// 仅彼方有。 Only there.
    pub only_there: LeadCount,
    /// 总数估计；无匹配或经保护时为空。 Estimate of all; empty where nothing matches or counts are
    /// protected.
    pub estimate: Option<LeadEstimate>,
    /// 估计的前提与局限。 What has to hold for the estimate.
    pub caveat: String,
}

/// Chapman 估计及其百分之九十五区间。 Chapman's estimate with its 95 % interval.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LeadEstimate {
    /// 估计总数，四舍五入。 The estimate, to the nearest whole.
    pub total: u64,
    /// 区间下限，向下取整。 Lower end, rounded down.
    pub low: u64,
    /// 区间上限，向上取整。 Upper end, rounded up.
    pub high: u64,
    /// 匹配数少于七，不可靠。 Fewer than seven matches: not reliable.
    pub weak: bool,
}
