//! The meeting as clients see it. Types of the materials follow from the declaration of their
//! content.

use brief::content::Brief;
use schemars::JsonSchema;
use serde::Serialize;

use crate::graphql::declared::kinds::{Day, Department, Id, Instant, MeetingKind, ResolutionState};

/// 一个地区一个年度的联席会议。 The joint meeting of a region and year.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct JointMeeting {
    /// 区划代码。 Region.
    pub region_code: String,
    /// 考核年度。 Year whose figures are judged.
    pub year: i32,
    /// 最近一次会议；尚未召集时为空。 The last meeting; empty before it is called.
    pub meeting: Option<Meeting>,
    /// 冻结的材料；尚未冻结时为空。 Frozen materials; empty before they are frozen.
    pub materials: Option<Materials>,
    /// 未办结的以往决议和本次决议。 Open resolutions of earlier meetings, and those of this one.
    pub resolutions: Vec<Resolution>,
    /// 会上使用的材料：已冻结的为冻结内容并附与今日的差异，否则为今日内容。
    ///
    /// The materials: as frozen with what differs today, or as of today where nothing is frozen.
    #[schemars(with = "Option<String>", extend("graphql" = "Brief"))]
    pub brief: Option<Brief>,
    /// 按今日数据编制的内容。 The content as of today.
    #[schemars(with = "Option<String>", extend("graphql" = "Brief"))]
    pub today: Option<Brief>,
}

/// 一次联席会议。 A joint meeting.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Meeting {
    /// 标识。 Identifier.
    pub id: Id,
    /// 区划代码。 Region.
    pub region_code: String,
    /// 考核年度。 Year whose figures it judges.
    pub year: i32,
    /// 该年度第几次。 Its number among those of the year.
    pub number: i32,
    /// 类型。 Kind.
    pub kind: MeetingKind,
    /// 召开时间。 When it is held.
    pub held_at: Option<Instant>,
    /// 成员单位。 Bodies that take part.
    pub members: Vec<Department>,
    /// 议程。 Agenda, in order.
    pub agenda: Vec<String>,
    /// 版本，修改时提供。 Version, to be given with a change.
    pub version: i32,
}

/// 冻结的材料。 Frozen materials.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Materials {
    /// 第几次冻结，最后一次有效。 Number; the last one counts.
    pub number: i32,
    /// 内容的 SHA-256，签报时提供。 SHA-256 of the content, to be given with a signature.
    pub digest: String,
    /// 冻结时间。 When they were frozen.
    pub frozen_at: Instant,
    /// 各成员单位的部分。 Parts of the members.
    pub parts: Vec<MaterialsPart>,
}

/// 一个成员单位的部分。 A member's part.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct MaterialsPart {
    /// 部门。 Department.
    pub department: Department,
    /// 签报时间；空为未签报。 When it signed; empty where the part is missing.
    pub signed_at: Option<Instant>,
    /// 说明。 Remark.
    pub remark: Option<String>,
}

/// 一项决议。 A resolution.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Resolution {
    /// 标识。 Identifier.
    pub id: Id,
    /// 编号：年度-会议-序号。 Year, meeting and number.
    pub number: String,
    /// 内容。 What is to be done.
    pub content: String,
    /// 承办部门。 Department that does it.
    pub owner: Department,
    /// 期限。 Until when.
    pub due: Option<Day>,
    /// 状态。 State.
    pub state: ResolutionState,
    /// 是否逾期。 Whether it is open past its date.
    pub overdue: bool,
    /// 是否由以往会议转来。 Whether it comes from an earlier meeting.
    pub carried: bool,
    /// 进展。 What was done so far.
    pub progress: Option<String>,
    /// 版本，修改时提供。 Version, to be given with a change.
    pub version: i32,
}
