//! What fields of leads are asked with.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    graphql::declared::kinds::{Code, Department, First, Id, Year},
    meeting::leads::{LeadKind, LeadResolution, LeadState, Tier},
};

/// 部门间差异线索，按发现先后排列。人社部门看本地区全部；其他部门看涉及本部门记录或分派给本部门的。线索不是结论。
///
/// Leads in the order in which they were found. 人社 sees all of its region, other departments
/// those that concern their records or were assigned to them. A lead is no finding.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Leads {
    /// 行政区划代码，本级或下级。 Region, your own or below.
    pub region: String,
    /// 种类。 Kind.
    pub kind: Option<Code<LeadKind>>,
    /// 状态。 State.
    pub state: Option<Code<LeadState>>,
    /// 可靠程度。 Tier.
    pub tier: Option<Code<Tier>>,
    /// 涉及其记录或分派给该部门。 That concerns its records or was assigned to it.
    pub department: Option<Department>,
    /// 条数，1 至 200，默认 50。 Leads, 1 to 200, 50 by default.
    pub first: Option<First>,
    /// 从此游标之后。 After this cursor.
    pub after: Option<String>,
}

/// 线索按种类汇总，附两份名单的重合与估计。比对数非联席会议用途不显示。
///
/// Leads by kind, with what two lists have in common, which is withheld outside the meeting.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Summaries {
    /// 行政区划代码，本级或下级。 Region, your own or below.
    pub region: String,
    /// 事件发生年份；不填为全部。 Year of the events; all without it.
    pub year: Option<Year>,
}

/// 重新比对本地区的全部线索：已有的保持原编号，数据不再如此的自动办结，再次出现的重新打开。仅限人社部门。
///
/// Look for all leads of a region again: known ones keep their identity, those the data no longer
/// say close themselves, and open again when they return. 人社 only.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SearchLeads {
    /// 行政区划代码，本级或下级。 Region, your own or below.
    pub region: String,
}

/// 把线索分派给一个部门，或改派、再问。仅限人社部门。 Ask a department about a lead, or another
/// one, or again. 人社 only.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AssignLead {
    /// 内容。 What is done.
    pub input: AssignLeadInput,
}

/// 代表被分派的部门答复。不得写证件号码。 Answer for the department that was asked. No identity
/// numbers.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AnswerLead {
    /// 内容。 What is done.
    pub input: AnswerLeadInput,
}

/// 办结线索并说明理由。仅限人社部门。 Close a lead and say why. 人社 only.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CloseLead {
    /// 内容。 What is done.
    pub input: CloseLeadInput,
}

/// 分派线索。 Assignment of a lead.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AssignLeadInput {
    /// 线索标识。 Identifier of the lead.
    pub id: Id,
    /// 您看到的版本；他人已处理时返回 CONFLICT。 Version you saw; CONFLICT when somebody was
    /// faster.
    pub version: i32,
    /// 被问的部门。 Department that is asked.
    pub department: Department,
    /// 所问，不超过 1000 字，不得含证件号码。 What is asked, at most 1,000 characters, no identity
    /// number.
    pub words: Option<String>,
}

/// 答复线索。 Answer to a lead.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AnswerLeadInput {
    /// 线索标识。 Identifier of the lead.
    pub id: Id,
    /// 您看到的版本；他人已处理时返回 CONFLICT。 Version you saw; CONFLICT when somebody was
    /// faster.
    pub version: i32,
    /// 答复，1 至 1000 字，不得含证件号码。 The answer, 1 to 1,000 characters, no identity number.
    pub words: String,
}

/// 办结线索。 Closing of a lead.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CloseLeadInput {
    /// 线索标识。 Identifier of the lead.
    pub id: Id,
    /// 您看到的版本；他人已处理时返回 CONFLICT。 Version you saw; CONFLICT when somebody was
    /// faster.
    pub version: i32,
    /// 办结方式；RESOLVED_BY_DATA 由平台设定。 How; RESOLVED_BY_DATA is set by the hub.
    pub resolution: Code<LeadResolution>,
    /// 理由，1 至 1000 字，不得含证件号码。 Why, 1 to 1,000 characters, no identity number.
    pub words: String,
}
