//! The meeting itself: who takes part with which section, what was resolved before.

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Coded;

/// 一项决议。
///
/// One resolution of a meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Resolution {
    /// 编号：年度-会议-序号，如 2023-1-3。
    ///
    /// Year, number of the meeting and serial number, such as `2023-1-3`.
    pub number: String,
    /// 决议内容。
    ///
    /// What is to be done.
    pub text: String,
    /// 承办部门。
    ///
    /// Department responsible for carrying it out.
    pub owner: Coded,
    /// 办结期限；没有期限的为空。
    ///
    /// Day by which it is to be done; null if there is none.
    pub due: Option<NaiveDate>,
    /// 状态：OPEN 在办、DONE 已办结、OVERDUE 逾期、CARRIED 由以往会议转入本次会议。
    ///
    /// State of the resolution: OPEN, DONE, OVERDUE, or CARRIED over from an earlier meeting.
    pub state: Coded,
    /// 进展；未报告时为空。
    ///
    /// What has been done so far, as last reported; null if nothing was reported.
    pub progress: Option<String>,
}

/// 会议。
///
/// The joint meeting the materials belong to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Meeting {
    /// 名称，如“2024年度第2次（专题）”。
    ///
    /// Title of the meeting in Chinese: year, number and kind.
    pub title: String,
    /// 召开时间；未定时为空。
    ///
    /// When the meeting takes place; null while not fixed.
    pub held_at: Option<DateTime<Utc>>,
    /// 成员单位。
    ///
    /// Departments that take part.
    pub members: Vec<Coded>,
    /// 议程，按次序。
    ///
    /// Agenda items, in order.
    pub agenda: Vec<String>,
    /// 材料各部分及签报情况。
    ///
    /// Parts of the materials, one for each member, with their signatures.
    pub parts: Vec<Part>,
}

/// 一个部门负责的材料部分。
///
/// The part of the materials that one department is responsible for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// 负责的部门。
    ///
    /// The department.
    pub department: Coded,
    /// 签报时间；未签报为空。
    ///
    /// When the department signed; null if it has not signed.
    pub signed_at: Option<DateTime<Utc>>,
    /// 签报时的说明；没有时为空。
    ///
    /// Remark made with the signature; null if there is none.
    pub remark: Option<String>,
}
