//! Returns that were owed and what became of them.

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Coded;

/// 报送状态。
///
/// State of a return.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReturnState {
    /// 已按时报送。
    ///
    /// Handed in on time.
    OnTime,
    /// 已报送，逾期。
    ///
    /// Handed in late.
    Late,
    /// 逾期未报。
    ///
    /// Overdue.
    Overdue,
    /// 未到期。
    ///
    /// Not due yet.
    NotDue,
}

/// 一项应报送事项。
///
/// A return that was owed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Return {
    /// 报送部门。
    ///
    /// Department that owes it.
    pub department: Coded,
    /// 事项，如“2023年事故起数和伤亡人数”。
    ///
    /// What it is: `2023年事故起数和伤亡人数`.
    pub title: String,
    /// 最后期限。
    ///
    /// Last day.
    pub due: NaiveDate,
    /// 状态。
    ///
    /// State.
    pub state: ReturnState,
    /// 签报时间。
    ///
    /// When it was signed.
    pub signed_at: Option<DateTime<Utc>>,
    /// 是否为预报数。
    ///
    /// Whether the figures are provisional.
    pub provisional: bool,
    /// 计划已期满、按其长期要求继续报送的，注明出处。
    ///
    /// Where it stands, if it goes on after its plan has ended.
    pub carried: Option<String>,
    /// 签报数与记录汇总数的差异及说明。
    ///
    /// Where signed figures and the sums of the records differ, in one sentence with the
    /// explanation given.
    pub difference: Option<String>,
}
