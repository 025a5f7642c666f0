//! `planTasks` and the steps of the work on them: what became of the tasks of plans at a region.

mod inputs;
mod types;

use async_graphql::dynamic::ResolverContext;
use futures_util::FutureExt as _;

use self::{
    inputs::{
        ConfirmPlanTask, PlanTasks, ReportPlanTask, ReportPlanTaskInput, ReturnPlanTask,
        ReviewPlanTaskInput,
    },
    types::{RegionTaskProgress, TaskReport},
};
use crate::{
    authz::meeting::Seat,
    domain::plan::{TaskState, TaskStep},
    error::HubError,
    graphql::{
        context::{seat, sitting},
        part::SubjectSchema,
    },
    meeting::tasks::TaskPart,
    store::meeting::tasks::{StoredTaskReport, TaskEvidence, TaskKey, TaskReportDraft},
};

/// The fields and types of tasks.
#[must_use]
pub fn part() -> SubjectSchema {
    SubjectSchema::default()
        .query("planTasks", |ctx, given| all(ctx, given).boxed())
        .mutation("reportPlanTask", |ctx, ReportPlanTask { input }| report(ctx, input).boxed())
        .mutation("confirmPlanTask", |ctx, ConfirmPlanTask { input }| {
            review(ctx, input, TaskStep::Confirm).boxed()
        })
        .mutation("returnPlanTask", |ctx, ReturnPlanTask { input }| {
            review(ctx, input, TaskStep::Return).boxed()
        })
        .choice("任务报告的状态。\n\nState of a report on a task.", |state| match state {
            TaskState::Open => "未报告。\n\nNothing has been reported.",
            TaskState::Reported => "已报告，待确认。\n\nReported, to be confirmed.",
            TaskState::Confirmed => "已确认。\n\nConfirmed as done.",
            TaskState::Returned => {
                "已退回，须重新报告。\n\nSent back to the department, to be reported anew."
            }
        })
}

async fn all(
    ctx: &ResolverContext<'_>,
    given: PlanTasks,
) -> Result<Vec<RegionTaskProgress>, HubError> {
    let seat = seat(ctx, &given.region)?;
    let sitting = sitting(ctx, &seat)?;
    let tasks = sitting.tasks(given.year.0).await?;
    Ok(tasks.iter().map(RegionTaskProgress::from).collect())
}

async fn report(
    ctx: &ResolverContext<'_>,
    input: ReportPlanTaskInput,
) -> Result<TaskReport, HubError> {
    let seat = seat(ctx, &input.region)?;
    let key = TaskKey { task: input.task.0, year: input.year.0 };
    let evidence = input.evidence.unwrap_or_default().into_iter().map(|one| TaskEvidence {
        title: one.title,
        record: one.record.map(|id| id.0),
        digest: one.digest,
    });
    let draft = TaskReportDraft { content: input.content, evidence: evidence.collect() };
    let stored = sitting(ctx, &seat)?.report_task(&key, input.version, &draft).await?;
    after(ctx, &seat, &stored).await
}

async fn review(
    ctx: &ResolverContext<'_>,
    input: ReviewPlanTaskInput,
    step: TaskStep,
) -> Result<TaskReport, HubError> {
    let seat = seat(ctx, &input.region)?;
    let key = TaskKey { task: input.task.0, year: input.year.0 };
    let stored = sitting(ctx, &seat)?
        .review_task((&key, &input.department.0), input.version, step, input.remark.as_deref())
        .await?;
    after(ctx, &seat, &stored).await
}

/// A report as it is after a step, with what the hub knows beside it.
async fn after(
    ctx: &ResolverContext<'_>,
    seat: &Seat,
    stored: &StoredTaskReport,
) -> Result<TaskReport, HubError> {
    let sitting = sitting(ctx, seat)?;
    let tasks = sitting.tasks(stored.key.year).await?;
    let own = |part: &&TaskPart| part.department == stored.department;
    tasks
        .iter()
        .filter(|task| task.task.id == stored.key.task)
        .flat_map(|task| &task.parts)
        .find(own)
        .map(TaskReport::from)
        .ok_or(HubError::NotFound)
}
