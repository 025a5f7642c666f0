//! What fields of tasks are asked with.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::graphql::declared::kinds::{Department, Id, Year};

/// 一个地区一个年度的计划任务和约定及其落实情况，本级计划在前；与上级计划文字相同的只列一次。
///
/// Tasks and terms of a region in a year with what became of them, those of the region's own plan
/// first. What two plans ask for in the same words is listed once.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PlanTasks {
    /// 区划代码：本地区或下级。 Region code: your own region or one below it.
    pub region: String,
    /// 任务所属年度。 Calendar year of the tasks.
    pub year: Year,
}

/// 报告任务的落实情况（本级承担部门的 STEWARD 或 SECRETARY）；确认前可以重新报告。
///
/// Reports what was done of a task. For STEWARD or SECRETARY of a department that carries it out, at
/// exactly that region; it can be reported anew until it is confirmed.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReportPlanTask {
    /// 任务和报告。 The task and the report.
    pub input: ReportPlanTaskInput,
}

/// 确认任务报告（本级或上级人社；人社自己的报告由上级人社确认）。与平台记录不符的须写明理由。
///
/// Confirms a report. For STEWARD or SECRETARY of HRSS at that level or above; reports of HRSS itself
/// are confirmed above it. A remark is required where the hub knows otherwise.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ConfirmPlanTask {
    /// 任务、部门和说明。 The task, the department and a remark.
    pub input: ReviewPlanTaskInput,
}

/// 退回任务报告，须写明理由；由有权确认的人退回。 Sends a report back with the reason; for whoever
/// may confirm it.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReturnPlanTask {
    /// 任务、部门和理由。 The task, the department and the reason.
    pub input: ReviewPlanTaskInput,
}

/// 任务报告。 What a department reports of a task.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReportPlanTaskInput {
    /// 任务所在区划代码（六位）。 Code of the region that carries the task out.
    pub region: String,
    /// 任务的标识。 `id` of the task.
    pub task: Id,
    /// 任务所属年度。 Calendar year of the task.
    pub year: Year,
    /// 所见版本，未报告过的为 0；已被他人修改时返回 CONFLICT。 `version` of the report as you read it,
    /// 0 where nothing was reported; CONFLICT if someone has changed it since.
    pub version: i32,
    /// 做了什么、结果如何，1 至 1000 字。 What was done and with what result, 1 to 1,000 characters.
    pub content: String,
    /// 佐证，最多 20 件。 Evidence, at most 20 pieces.
    pub evidence: Option<Vec<TaskEvidenceInput>>,
}

/// 一件佐证。 One piece of evidence.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TaskEvidenceInput {
    /// 名称或文号，1 至 200 字。 Title or number of the document, 1 to 200 characters.
    pub title: String,
    /// 平台记录的全局标识；不是平台记录的不填。 Global identifier of a record of the hub, if it is one.
    pub record: Option<Id>,
    /// 文件的 SHA-256，64 位十六进制；可不填。 SHA-256 of the file in 64 hexadecimal digits; optional.
    pub digest: Option<String>,
}

/// 确认或退回。 A report to confirm or to send back.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReviewPlanTaskInput {
    /// 任务所在区划代码（六位）。 Code of the region that carries the task out.
    pub region: String,
    /// 任务的标识。 `id` of the task.
    pub task: Id,
    /// 任务所属年度。 Calendar year of the task.
    pub year: Year,
    /// 报告的部门。 Department that reported.
    pub department: Department,
    /// 所见版本；已被他人修改时返回 CONFLICT。 `version` of the report as you read it; CONFLICT if
    /// someone has changed it since.
    pub version: i32,
    /// 说明或退回理由，1 至 1000 字。 Remark, or the reason for sending it back, 1 to 1,000 characters.
    pub remark: Option<String>,
}
