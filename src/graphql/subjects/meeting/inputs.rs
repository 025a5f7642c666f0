//! What fields of the meeting are asked with.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::graphql::declared::kinds::{
    Day, Department, Id, Instant, MeetingKind, ResolutionState, Year,
};

/// 一个地区一个年度的联席会议：材料、会议、决议，一次取全。 The joint meeting of a region and year:
/// meeting, materials and resolutions in one answer.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct JointMeetingOf {
    /// 区划代码：本地区或下级。 Region code: your own region or one below it.
    pub region: String,
    /// 考核年度。 Calendar year whose figures the meeting judges.
    pub year: Year,
    /// 当年第几次会议；不给则为最近一次。 Number of the meeting in that year; the last one by
    /// default.
    pub number: Option<i32>,
}

/// 一个地区的历次联席会议，最近的在前，最多 200 次。 All joint meetings of a region, latest first,
/// at most 200.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct JointMeetings {
    /// 区划代码：本地区或下级。 Region code: your own region or one below it.
    pub region: String,
}

/// 召集联席会议（本级人社会议办公室，SECRETARY）。 Calls a joint meeting. Only for the HRSS office
/// (role SECRETARY) at exactly that region.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CallMeeting {
    /// 会议的地区、年度和安排。 Region, year and plan of the meeting.
    pub input: CallMeetingInput,
}

/// 修改会议类型、时间、成员和议程，须全部给出（本级人社会议办公室，SECRETARY）。
///
/// Replaces kind, time, members and agenda of a meeting; give all of them. Only for the HRSS office
/// (role SECRETARY).
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChangeMeeting {
    /// 会议及其新的安排。 The meeting and its new plan.
    pub input: ChangeMeetingInput,
}

/// 把今日内容冻结为会议材料；此后各成员单位签报，重新冻结须重新签报。 Freezes today's content as
/// the materials, for the members to sign; freezing again requires signing again. HRSS office only.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FreezeMaterials {
    /// 所冻结材料的会议。 The meeting whose materials are frozen.
    pub input: FreezeMaterialsInput,
}

/// 签报本单位的部分（本级成员单位的 SECRETARY 或 STEWARD）。 Signs your department's part of the
/// materials. For SECRETARY or STEWARD of a member at exactly that region.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SignMaterials {
    /// 会议、所见材料和说明。 The meeting, the materials you saw, and a remark.
    pub input: SignMaterialsInput,
}

/// 登记会议决议（本级人社会议办公室）；未办结的自动转入下次会议。 Records a resolution of a
/// meeting; while open it is carried to the next meeting. HRSS office only.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AddResolution {
    /// 会议和决议。 The meeting and the resolution.
    pub input: AddResolutionInput,
}

/// 报告进展（承办部门）或办结（人社会议办公室）。 Reports progress on a resolution (its owner) or
/// changes its state (the HRSS office).
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SettleResolution {
    /// 决议及其状态和进展。 The resolution with its state and progress.
    pub input: SettleResolutionInput,
}

/// 召集会议。 A joint meeting to call.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CallMeetingInput {
    /// 会议所属区划代码（六位）。 Code of the region that holds the meeting.
    pub region: String,
    /// 考核年度，2000 至 2100。 Calendar year whose figures the meeting judges, 2000 to 2100.
    pub year: i32,
    /// 会议类型。 Kind of meeting.
    pub kind: MeetingKind,
    /// 召开时间；未定时不填。 When the meeting takes place; omit it while not fixed.
    pub held_at: Option<Instant>,
    /// 成员单位，1 至 50 个。 Departments that take part, 1 to 50.
    pub members: Vec<Department>,
    /// 议程，最多 50 项，每项 1 至 1000 字。 Agenda items in order, at most 50 of 1 to 1,000
    /// characters each.
    pub agenda: Vec<String>,
}

/// 修改会议安排。 A joint meeting and its new plan, which replaces the old one.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChangeMeetingInput {
    /// 会议所属区划代码（六位）。 Code of the region that holds the meeting.
    pub region: String,
    /// 会议的全局标识。 Global identifier of the meeting.
    pub meeting: Id,
    /// 所见版本；已被他人修改时返回 CONFLICT。 `version` of the meeting as you read it; CONFLICT if
    /// someone has changed it since.
    pub version: i32,
    /// 会议类型。 Kind of meeting.
    pub kind: MeetingKind,
    /// 召开时间；不填则改为未定。 When the meeting takes place; omitting it makes the time
    /// undecided.
    pub held_at: Option<Instant>,
    /// 成员单位，1 至 50 个。 Departments that take part, 1 to 50.
    pub members: Vec<Department>,
    /// 议程，最多 50 项，每项 1 至 1000 字。 Agenda items in order, at most 50 of 1 to 1,000
    /// characters each.
    pub agenda: Vec<String>,
}

/// 冻结材料。 The meeting whose materials are frozen.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FreezeMaterialsInput {
    /// 会议所属区划代码（六位）。 Code of the region that holds the meeting.
    pub region: String,
    /// 会议的全局标识。 Global identifier of the meeting.
    pub meeting: Id,
}

/// 签报本单位的部分。 The materials your department signs.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SignMaterialsInput {
    /// 会议所属区划代码（六位）。 Code of the region that holds the meeting.
    pub region: String,
    /// 会议的全局标识。 Global identifier of the meeting.
    pub meeting: Id,
    /// 所见材料的 SHA-256；已重新冻结或已签报时返回 CONFLICT。 `digest` of the materials you saw;
    /// CONFLICT if they were frozen again or you have signed already.
    pub digest: String,
    /// 说明，1 至 1000 字；可不填。 Remark of the department, 1 to 1,000 characters; optional.
    pub remark: Option<String>,
}

/// 登记决议。 A resolution to record.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AddResolutionInput {
    /// 会议所属区划代码（六位）。 Code of the region that holds the meeting.
    pub region: String,
    /// 会议的全局标识。 Global identifier of the meeting.
    pub meeting: Id,
    /// 内容，1 至 1000 字。 What is to be done, 1 to 1,000 characters.
    pub content: String,
    /// 承办部门。 Department responsible for carrying it out.
    pub owner: Department,
    /// 办理期限；没有期限的不填。 Day by which it is to be done; omit it if there is none.
    pub due: Option<Day>,
}

/// 报告进展或办结。 A resolution with its state and progress.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SettleResolutionInput {
    /// 会议所属区划代码（六位）。 Code of the region that holds the meeting.
    pub region: String,
    /// 决议的全局标识。 Global identifier of the resolution.
    pub resolution: Id,
    /// 所见版本；已被他人修改时返回 CONFLICT。 `version` of the resolution as you read it; CONFLICT
    /// if someone has changed it since.
    pub version: i32,
    /// 状态，不变的照填；只有人社会议办公室可改变。 State of the resolution; repeat the present one
    /// to leave it. Only the HRSS office may change it.
    pub state: ResolutionState,
    /// 进展，1 至 1000 字；不填则保留原有的。 What has been done so far, 1 to 1,000 characters; the
    /// last report stays if omitted.
    pub progress: Option<String>,
}
