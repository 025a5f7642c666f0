//! Returns that were owed and what became of them.

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
