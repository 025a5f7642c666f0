//! What fields of leads are asked with.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    graphql::declared::kinds::{Code, Department, First, Id, Year},
    meeting::leads::{LeadKind, LeadResolution, LeadState, Tier},
};

/// 部门间差异线索，按发现先后排列。人社部门看本地区全部；其他部门看分派给本部门的，
/// 以及本部门自己的记录即可说明的；部门间比对得出的，分派后才显示。线索不是结论。
///
/// Leads (differences between departments' records), first found first. HRSS sees all of its
/// region; others see those assigned to them and those that their own records tell. What only the
/// records of others show is told once it is assigned. A lead is not a finding.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Leads {
    /// 行政区划代码，本级或下级。 Region code: your own region or one below it.
    pub region: String,
    /// 只要此种类。 Only leads of this kind.
    pub kind: Option<Code<LeadKind>>,
    /// 只要此状态。 Only leads in this state.
    pub state: Option<Code<LeadState>>,
    /// 只要此可靠程度。 Only leads of this certainty.
    pub tier: Option<Code<Tier>>,
    /// 涉及其记录或分派给该部门。 Only leads about records of this department or assigned to it.
    pub department: Option<Department>,
    /// 条数，1 至 200，默认 50。 Maximum number of leads on a page, 1 to 200; 50 by default.
    pub first: Option<First>,
    /// 从此游标之后，即上一页的 endCursor。 The `endCursor` of the previous page.
    pub after: Option<String>,
}

/// 线索按种类汇总，附两份名单的重合与估计。比对数只向人社部门显示。
///
/// Leads counted by kind. For kinds that compare two lists, also the overlap and an estimate; the
/// overlap is shown to HRSS alone.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Summaries {
    /// 行政区划代码，本级或下级。 Region code: your own region or one below it.
    pub region: String,
    /// 事件发生年份；不填为全部。 Only events of this calendar year; all years if omitted.
    pub year: Option<Year>,
}

/// 重新比对本地区的全部线索：已有的保持原编号，数据不再如此的自动办结，再次出现的重新打开。
/// 二十秒（或请求时限的一半）内未完成的在后台继续，state 为 RUNNING、kinds 为空，用 leadRun 查看。仅限人社部门（STEWARD 或 SECRETARY）。
///
/// Searches a region for leads. Known ones keep their identifier; those the data no longer show are
/// closed, and reopened if they return. A search that takes more than 20 seconds, or half of what a
/// request may take, goes on in the background: `state` is RUNNING and `kinds` is empty; follow it
/// with `leadRun`. HRSS only, STEWARD or SECRETARY.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SearchLeads {
    /// 行政区划代码，本级或下级。 Region code: your own region or one below it.
    pub region: String,
}

/// 本地区正在进行的比对，或最近一次覆盖本地区的比对（包括夜间全省比对）；从未比对为空。
/// 进度只有执行比对的服务知道，请比较 at。仅限人社部门（STEWARD 或 SECRETARY）。
///
/// The search for leads that goes on in a region, or else the last one that covered it, the night's
/// of the province among them; null before the first. Only the hub that searches knows how far it
/// is; another hub on the same store knows the last finished one: compare `at`. HRSS only, STEWARD
/// or SECRETARY.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LeadRunOf {
    /// 行政区划代码，本级或下级。 Region code: your own region or one below it.
    pub region: String,
}

/// 把线索分派给一个部门，或改派、再问。仅限人社部门（STEWARD 或 SECRETARY）。 Assigns a lead to a
/// department, to another one instead, or to the same one again. HRSS only, STEWARD or SECRETARY.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AssignLead {
    /// 线索、部门和所问。 The lead, the department and the question.
    pub input: AssignLeadInput,
}

/// 代表被分派的部门答复（STEWARD 或 SECRETARY）。不得写证件号码。 Answers a lead for the department
/// it is assigned to, as STEWARD or SECRETARY. No identity numbers in the text.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AnswerLead {
    /// 线索和答复。 The lead and the answer.
    pub input: AnswerLeadInput,
}

/// 办结线索并说明理由。仅限人社部门（STEWARD 或 SECRETARY）。 Closes a lead with a resolution and a
/// reason. HRSS only, STEWARD or SECRETARY.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CloseLead {
    /// 线索、办结方式和理由。 The lead, the resolution and the reason.
    pub input: CloseLeadInput,
}

/// 分派线索。 The lead to assign, to whom, and what is asked.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AssignLeadInput {
    /// 线索的全局标识。 Global identifier of the lead.
    pub id: Id,
    /// 您看到的版本；他人已处理时返回 CONFLICT。 `version` of the lead as you read it; CONFLICT if
    /// someone has acted on it since.
    pub version: i32,
    /// 所分派的部门。 Department that is to answer.
    pub department: Department,
    /// 所问，不超过 1000 字，不得含证件号码。 Question to the department, at most 1,000 characters,
    /// without identity numbers.
    pub words: Option<String>,
}

/// 答复线索。 The lead to answer, and the answer.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AnswerLeadInput {
    /// 线索的全局标识。 Global identifier of the lead.
    pub id: Id,
    /// 您看到的版本；他人已处理时返回 CONFLICT。 `version` of the lead as you read it; CONFLICT if
    /// someone has acted on it since.
    pub version: i32,
    /// 答复，1 至 1000 字，不得含证件号码。 Answer of the department, 1 to 1,000 characters,
    /// without identity numbers.
    pub words: String,
}

/// 办结线索。 The lead to close, how, and why.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CloseLeadInput {
    /// 线索的全局标识。 Global identifier of the lead.
    pub id: Id,
    /// 您看到的版本；他人已处理时返回 CONFLICT。 `version` of the lead as you read it; CONFLICT if
    /// someone has acted on it since.
    pub version: i32,
    /// 办结方式；RESOLVED_BY_DATA 由平台设定。 How the lead is settled. RESOLVED_BY_DATA is set by
    /// the hub and refused here.
    pub resolution: Code<LeadResolution>,
    /// 理由，1 至 1000 字，不得含证件号码。 Reason, 1 to 1,000 characters, without identity
    /// numbers.
    pub words: String,
}
