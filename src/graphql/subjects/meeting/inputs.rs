//! What fields of the meeting are asked with.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::graphql::declared::kinds::{
    Day, Department, Id, Instant, MeetingKind, ResolutionState, Year,
};

/// 一个地区一个年度的联席会议：材料、会议、决议，一次取全。
///
/// The joint meeting of a region and year: materials, meeting and resolutions in one answer.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct JointMeetingOf {
    /// 区划代码。 Region.
    pub region: String,
    /// 考核年度。 Year whose figures are judged.
    pub year: Year,
}

/// 一个地区的历次联席会议，最近的在前。 All meetings of a region, the last first.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct JointMeetings {
    /// 区划代码。 Region.
    pub region: String,
}

/// 召集联席会议（本级人社会议办公室）。 Calls a joint meeting; for the office of 人社 at that
/// level.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CallMeeting {
    /// 内容。 What is asked for.
    pub input: CallMeetingInput,
}

/// 修改会议时间、成员和议程。 Changes time, members and agenda of a meeting.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChangeMeeting {
    /// 内容。 What is asked for.
    pub input: ChangeMeetingInput,
}

/// 把今日内容冻结为会议材料；此后各成员单位签报。 Freezes today's content as materials, for the
/// members to sign.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FreezeMaterials {
    /// 内容。 What is asked for.
    pub input: FreezeMaterialsInput,
}

/// 签报本单位的部分。 Signs the part of the own department.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SignMaterials {
    /// 内容。 What is asked for.
    pub input: SignMaterialsInput,
}

/// 登记会议决议；未办结的自动转入下次会议。 Adds a resolution; while open it is carried to the next
/// meeting.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AddResolution {
    /// 内容。 What is asked for.
    pub input: AddResolutionInput,
}

/// 报告进展（承办部门）或办结（人社会议办公室）。 Reports progress (its owner) or settles it (the
/// office of 人社).
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SettleResolution {
    /// 内容。 What is asked for.
    pub input: SettleResolutionInput,
}

/// 召集会议。 Calls a meeting.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CallMeetingInput {
    /// 会议所属区划代码。 Region of the meeting.
    pub region: String,
    /// 考核年度。 Year whose figures it judges.
    pub year: i32,
    /// 类型。 Kind.
    pub kind: MeetingKind,
    /// 召开时间。 When it is held.
    pub held_at: Option<Instant>,
    /// 成员单位。 Bodies that take part.
    pub members: Vec<Department>,
    /// 议程。 Agenda, in order.
    pub agenda: Vec<String>,
}

/// 修改会议安排。 Changes what is planned of a meeting.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChangeMeetingInput {
    /// 会议所属区划代码。 Region of the meeting.
    pub region: String,
    /// 会议标识。 The meeting.
    pub meeting: Id,
    /// 所见版本。 The version that was seen.
    pub version: i32,
    /// 类型。 Kind.
    pub kind: MeetingKind,
    /// 召开时间。 When it is held.
    pub held_at: Option<Instant>,
    /// 成员单位。 Bodies that take part.
    pub members: Vec<Department>,
    /// 议程。 Agenda, in order.
    pub agenda: Vec<String>,
}

/// 冻结材料。 Freezes materials.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FreezeMaterialsInput {
    /// 会议所属区划代码。 Region of the meeting.
    pub region: String,
    /// 会议标识。 The meeting.
    pub meeting: Id,
}

/// 签报本单位的部分。 Signs the own part.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SignMaterialsInput {
    /// 会议所属区划代码。 Region of the meeting.
    pub region: String,
    /// 会议标识。 The meeting.
    pub meeting: Id,
    /// 所见材料的 SHA-256。 Digest of the materials that were seen.
    pub digest: String,
    /// 说明。 Remark.
    pub remark: Option<String>,
}

/// 登记决议。 Adds a resolution.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AddResolutionInput {
    /// 会议所属区划代码。 Region of the meeting.
    pub region: String,
    /// 会议标识。 The meeting.
    pub meeting: Id,
    /// 内容，1 至 1000 字。 What is to be done.
    pub content: String,
    /// 承办部门。 Department that does it.
    pub owner: Department,
    /// 期限。 Until when.
    pub due: Option<Day>,
}

/// 报告进展或办结。 Reports progress or settles.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SettleResolutionInput {
    /// 会议所属区划代码。 Region of the meeting.
    pub region: String,
    /// 决议标识。 The resolution.
    pub resolution: Id,
    /// 所见版本。 The version that was seen.
    pub version: i32,
    /// 状态；只有人社会议办公室可改变。 State; only the office of 人社 changes it.
    pub state: ResolutionState,
    /// 进展。 What was done so far.
    pub progress: Option<String>,
}
