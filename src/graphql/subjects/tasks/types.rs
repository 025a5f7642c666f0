//! Tasks of a region as clients see them.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    domain::plan::TaskState,
    graphql::{
        declared::kinds::{Code, Day, Department, Id, Instant},
        subjects::plans::types::PlanTask,
    },
    meeting::tasks::{KnownEvent, RegionTask, TaskPart},
    store::meeting::tasks::{StoredTaskReport, TakenTaskStep, TaskEvidence},
};

/// 一项计划任务在一个地区的落实情况。 A task of a plan with what became of it at a region.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RegionTaskProgress {
    /// 所属计划的标识。 Identifier of the plan that asks for it.
    pub plan_id: Id,
    /// 任务或约定。 The task or term.
    pub task: PlanTask,
    /// 各承担部门的落实情况，未报告的也列出。 One entry for each department that carries it out,
    /// reported or not.
    pub reports: Vec<TaskReport>,
}

/// 一个部门的任务报告。 What a department reported of a task.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TaskReport {
    /// 承担部门。 Department that carries the task out.
    pub department: Department,
    /// 状态。 State of the report.
    pub state: Code<TaskState>,
    /// 是否逾期：过了计划写明的日期（没有写明的，过了当年）仍未报告或已退回。 Whether nothing was
    /// reported, or it was sent back, after the last day of the plan, or after the year where the plan
    /// names no day.
    pub overdue: bool,
    /// 平台自己知道的情况；与任务无关或无从知道的为空列表。 What the hub knows by itself; an empty list
    /// if it knows nothing of such a task.
    pub known: Vec<TaskKnownEvent>,
    /// 报告内容；未报告时为空。 What was reported; null if nothing was.
    pub content: Option<String>,
    /// 佐证。 Evidence that was named.
    pub evidence: Vec<TaskEvidenceItem>,
    /// 最近报告时间；未报告时为空。 When it was last reported; null if never.
    pub reported_at: Option<Instant>,
    /// 确认或退回的时间；尚未处理时为空。 When it was confirmed or sent back; null if neither.
    pub reviewed_at: Option<Instant>,
    /// 确认说明或退回理由；没有时为空。 Remark on the confirmation, or the reason for sending it back;
    /// null if there is none.
    pub remark: Option<String>,
    /// 历次报告、确认和退回，先的在前；不会被改写。 All steps, oldest first; none is ever changed.
    pub steps: Vec<TaskStepTaken>,
    /// 版本，未报告时为 0；报告、确认、退回时提供。 Version, 0 where nothing was reported; to be passed
    /// to the next step.
    pub version: i32,
}

/// 一次报告、确认或退回。 One step: reported, confirmed or sent back.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TaskStepTaken {
    /// 之后的版本。 Version that the step made.
    pub version: i32,
    /// 之后的状态。 State after the step.
    pub state: Code<TaskState>,
    /// 办理的部门。 Department of whoever took the step.
    pub department: Department,
    /// 办理机构的区划代码。 Region code of the organisation that took the step.
    pub region_code: String,
    /// 时间。 When it was taken.
    pub at: Instant,
    /// 当时的报告内容。 What the report said then.
    pub content: String,
    /// 当时的佐证。 Evidence that was named then.
    pub evidence: Vec<TaskEvidenceItem>,
    /// 确认说明或退回理由；没有时为空。 Remark, or the reason for sending it back; null if there is none.
    pub remark: Option<String>,
}

/// 平台自己知道的一个情况。 Something that the hub knows of a task by itself.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TaskKnownEvent {
    /// 情况（中文）。 What it is, in Chinese.
    pub text: String,
    /// 是否已发生；未到期的为空。 Whether it happened; null while it is not due.
    pub happened: Option<bool>,
    /// 发生日期；没有发生的为空。 Day on which it happened; null if it has not.
    pub day: Option<Day>,
}

/// 一件佐证。 One piece of evidence.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TaskEvidenceItem {
    /// 名称或文号。 Title or number of the document.
    pub title: String,
    /// 平台记录的全局标识，按本人权限用 node 打开；不是平台记录的为空。 Global identifier of a record,
    /// to be opened with `node` under your own rights; null if it is none.
    pub record: Option<Id>,
    /// 文件的 SHA-256；没有时为空。 SHA-256 of the file in hexadecimal digits; null if none was named.
    pub digest: Option<String>,
}

impl From<&RegionTask<'_>> for RegionTaskProgress {
    fn from(own: &RegionTask<'_>) -> Self {
        Self {
            plan_id: Id(own.plan.id.clone()),
            task: PlanTask::from(own.task),
            reports: own.parts.iter().map(TaskReport::from).collect(),
        }
    }
}

impl From<&TaskPart> for TaskReport {
    fn from(own: &TaskPart) -> Self {
        let report = own.report.as_ref();
        Self {
            department: Department::from(&own.department),
            state: Code(own.state()),
            overdue: own.overdue,
            known: own.known.iter().map(TaskKnownEvent::from).collect(),
            content: report.map(|report| report.last.draft.content.clone()),
            evidence: report
                .map(|report| {
                    report.last.draft.evidence.iter().map(TaskEvidenceItem::from).collect()
                })
                .unwrap_or_default(),
            reported_at: report.and_then(StoredTaskReport::reported_at).map(Instant),
            reviewed_at: report.and_then(StoredTaskReport::reviewed_at).map(Instant),
            remark: report.and_then(|report| report.last.remark.clone()),
            steps: report
                .map(|report| report.steps().map(TaskStepTaken::from).collect())
                .unwrap_or_default(),
            version: own.version(),
        }
    }
}

impl From<&TakenTaskStep> for TaskStepTaken {
    fn from(own: &TakenTaskStep) -> Self {
        let (department, region) = &own.by;
        Self {
            version: own.version,
            state: Code(own.state),
            department: Department::from(department),
            region_code: region.clone(),
            at: Instant(own.at),
            content: own.draft.content.clone(),
            evidence: own.draft.evidence.iter().map(TaskEvidenceItem::from).collect(),
            remark: own.remark.clone(),
        }
    }
}

impl From<&KnownEvent> for TaskKnownEvent {
    fn from(own: &KnownEvent) -> Self {
        Self { text: own.text.clone(), happened: own.happened, day: own.day.map(Day) }
    }
}

impl From<&TaskEvidence> for TaskEvidenceItem {
    fn from(own: &TaskEvidence) -> Self {
        Self {
            title: own.title.clone(),
            record: own.record.clone().map(Id),
            digest: own.digest.clone(),
        }
    }
}
