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
    /// 会议所属区划代码（六位）。 Code of the region that holds the meeting.
    pub region_code: String,
    /// 考核年度。 Calendar year whose figures the meeting judges.
    pub year: i32,
    /// 最近一次会议；尚未召集时为空。 The latest meeting on that year; null before one is called.
    pub meeting: Option<Meeting>,
    /// 冻结的材料；尚未冻结时为空。 The latest frozen materials; null before they are frozen.
    pub materials: Option<Materials>,
    /// 以往会议未办结的决议，以及本次和上次会议的全部决议。 Open resolutions of earlier meetings,
    /// and all resolutions of this meeting and the one before.
    pub resolutions: Vec<Resolution>,
    /// 会上使用的材料：已冻结的为冻结内容并附与今日的差异（限成员单位和可看实数的），
    /// 否则为今日内容。
    ///
    /// Content of the materials: as frozen, with the differences from today, for members and
    /// callers who see exact figures; otherwise today's content.
    #[schemars(with = "Option<String>", extend("graphql" = "Brief"))]
    pub brief: Option<Brief>,
    /// 按今日数据编制的内容。 Content compiled from today's data, whether or not materials are
    /// frozen.
    #[schemars(with = "Option<String>", extend("graphql" = "Brief"))]
    pub today: Option<Brief>,
}

/// 一次联席会议。 One joint meeting.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Meeting {
    /// 会议的全局标识。 Global identifier of the meeting.
    pub id: Id,
    /// 会议所属区划代码（六位）。 Code of the region that holds the meeting.
    pub region_code: String,
    /// 考核年度。 Calendar year whose figures the meeting judges.
    pub year: i32,
    /// 该年度第几次。 Number of the meeting among those on that year, counted from 1.
    pub number: i32,
    /// 会议类型。 Kind of meeting.
    pub kind: MeetingKind,
    /// 召开时间；未定时为空。 When the meeting takes place; null while not fixed.
    pub held_at: Option<Instant>,
    /// 成员单位。 Departments that take part.
    pub members: Vec<Department>,
    /// 议程，按次序。 Agenda items, in order.
    pub agenda: Vec<String>,
    /// 版本，修改时提供。 Version of the meeting, to be passed to `changeMeeting`.
    pub version: i32,
}

/// 冻结的材料。 Frozen materials of a meeting.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Materials {
    /// 第几次冻结，最后一次有效。 How many times the materials were frozen; only the latest version
    /// is valid.
    pub number: i32,
    /// 内容的 SHA-256，十六进制，签报时提供；对非成员单位为空。 SHA-256 of the content in hexadecimal
    /// digits, to be passed to `signMaterials`; null for departments that are no members.
    pub digest: Option<String>,
    /// 冻结时间。 When the materials were frozen.
    pub frozen_at: Instant,
    /// 各成员单位的部分，按成员次序，未签报的也列出。 One part for each member, signed or not, in
    /// the order of the members.
    pub parts: Vec<MaterialsPart>,
}

/// 一个成员单位的部分。 The part of one member of the meeting.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct MaterialsPart {
    /// 成员单位。 Department of the member.
    pub department: Department,
    /// 签报时间；空为未签报。 When the member signed these materials; null if it has not signed.
    pub signed_at: Option<Instant>,
    /// 签报时的说明；没有时为空。 Remark made with the signature; null if there is none.
    pub remark: Option<String>,
}

/// 一项决议。 One resolution of a meeting.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Resolution {
    /// 决议的全局标识。 Global identifier of the resolution.
    pub id: Id,
    /// 编号：年度-会议-序号，如 2024-1-3。 Year, number of the meeting and serial number, such as
    /// `2024-1-3`.
    pub number: String,
    /// 内容。 What is to be done.
    pub content: String,
    /// 承办部门。 Department responsible for carrying it out.
    pub owner: Department,
    /// 办理期限；没有期限的为空。 Day by which it is to be done; null if there is none.
    pub due: Option<Day>,
    /// 办理状态。 State of the resolution.
    pub state: ResolutionState,
    /// 是否逾期：未办结且已过期限。 Whether it is still open after its `due` day.
    pub overdue: bool,
    /// 是否由以往会议转来。 Whether it was carried over from an earlier meeting.
    pub carried: bool,
    /// 进展；未报告时为空。 What has been done so far, as last reported; null if nothing was
    /// reported.
    pub progress: Option<String>,
    /// 版本，修改时提供。 Version of the resolution, to be passed to `settleResolution`.
    pub version: i32,
}
