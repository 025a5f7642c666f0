//! The meeting itself: who takes part with which section, what was resolved before.

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Coded;

/// 一项决议。
///
/// A resolution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Resolution {
    /// 编号，如 2023-1-3。
    ///
    /// Number, `2023-1-3`.
    pub number: String,
    /// 决议内容。
    ///
    /// What was resolved.
    pub text: String,
    /// 承办部门。
    ///
    /// Department that carries it out.
    pub owner: Coded,
    /// 办结期限。
    ///
    /// Due date.
    pub due: Option<NaiveDate>,
    /// 状态：在办、已办结、逾期、转入下次会议。
    ///
    /// `OPEN` 在办, `DONE` 已办结, `OVERDUE` 逾期, `CARRIED` 转入下次会议.
    pub state: Coded,
    /// 进展。
    ///
    /// What was done so far.
    pub progress: Option<String>,
}

/// 会议。
///
/// The meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Meeting {
    /// 名称，如“第2次（专题）”。
    ///
    /// Its title: year, number and kind.
    pub title: String,
    /// 召开时间。
    ///
    /// When it is held.
    pub held_at: Option<DateTime<Utc>>,
    /// 成员单位。
    ///
    /// Bodies that take part.
    pub members: Vec<Coded>,
    /// 议程。
    ///
    /// Agenda, in order.
    pub agenda: Vec<String>,
    /// 材料各部分及签报情况。
    ///
    /// Parts of the materials, with who signed.
    pub parts: Vec<Part>,
}

/// 一个部门负责的材料部分。
///
/// A department's part of the materials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// 部门。
    ///
    /// The department.
    pub department: Coded,
    /// 签报时间；未签报为空。
    ///
    /// When it signed; empty where the part is missing.
    pub signed_at: Option<DateTime<Utc>>,
    /// 说明。
    ///
    /// What it says about its part.
    pub remark: Option<String>,
}
