//! Returns and tasks that were owed and what became of them.

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Coded;

/// 报送状态。
///
/// State of a return that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReturnState {
    /// 已按时报送。
    ///
    /// Signed in time.
    OnTime,
    /// 已报送，逾期。
    ///
    /// Signed after the last day.
    Late,
    /// 逾期未报。
    ///
    /// The last day has passed and nothing was signed.
    Overdue,
    /// 未到期。
    ///
    /// The last day has not passed yet.
    NotDue,
}

/// 一项应报送事项。
///
/// A return that a department owes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Return {
    /// 报送部门。
    ///
    /// Department that owes it.
    pub department: Coded,
    /// 事项，如“2023年事故起数和伤亡人数”。
    ///
    /// What has to be returned, in Chinese, such as `2023年事故起数和伤亡人数`.
    pub title: String,
    /// 最后期限。
    ///
    /// Last day on which it can be made in time.
    pub due: NaiveDate,
    /// 报送状态。
    ///
    /// Whether it was made in time.
    pub state: ReturnState,
    /// 签报时间；未签报为空。
    ///
    /// When it was signed; null if not signed.
    pub signed_at: Option<DateTime<Utc>>,
    /// 是否为预报数。
    ///
    /// Whether provisional figures are due.
    pub provisional: bool,
    /// 计划已期满、按其长期要求继续报送的，注明出处；其他为空。
    ///
    /// Provision that continues after the plan has ended; null for other returns.
    pub carried: Option<String>,
    /// 签报数与记录汇总数的差异及说明；没有差异时为空。
    ///
    /// Difference between signed figures and the sums of the records, with the explanation given,
    /// in one Chinese sentence; null if there is none.
    pub difference: Option<String>,
}

/// 一项计划任务在一个部门的落实情况。
///
/// A task of the plan with what became of it at one department.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TaskLine {
    /// 任务或约定的内容。
    ///
    /// The task or term in words, in Chinese.
    pub text: String,
    /// 文号及条款。
    ///
    /// Number of the document, with article or section.
    pub source: String,
    /// 承担部门。
    ///
    /// Department that carries it out.
    pub department: Coded,
    /// 期限；计划没有写明的为空。
    ///
    /// Last day for it; null if the plan names none.
    pub due: Option<NaiveDate>,
    /// 状态：OPEN 未报告、OVERDUE 逾期未报、REPORTED 已报告待确认、CONFIRMED 已确认、RETURNED 已退回。
    ///
    /// State: OPEN, OVERDUE, REPORTED, CONFIRMED or RETURNED.
    pub state: Coded,
    /// 平台自己知道的情况，逐句。
    ///
    /// What the hub knows of it by itself, in Chinese sentences.
    pub known: Vec<String>,
    /// 报告内容；未报告时为空。
    ///
    /// What the department reported; null if nothing was reported.
    pub report: Option<String>,
    /// 佐证的名称或文号。
    ///
    /// Titles or numbers of the evidence that was named.
    pub evidence: Vec<String>,
    /// 确认说明或退回理由；没有时为空。
    ///
    /// Remark on the confirmation, or the reason for sending it back; null if there is none.
    pub remark: Option<String>,
}
