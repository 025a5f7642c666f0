//! The tasks of the year's plans, a line for each department that carries one out.

use brief::content::{Coded, TaskLine};

use crate::{
    domain::{code::Coded as _, plan::TaskState},
    error::HubError,
    meeting::{
        assemble::coded,
        returns::MeetingContext,
        tasks::{RegionTask, TaskPart},
    },
};

/// The lines of a year.
pub(super) async fn lines(
    sitting: &MeetingContext<'_>,
    year: i32,
) -> Result<Vec<TaskLine>, HubError> {
    let reference = &sitting.services.reference;
    let line = |task: &RegionTask<'_>, part: &TaskPart| {
        let report = part.report.as_ref();
        TaskLine {
            text: task.task.name_zh.clone(),
            source: task.task.source.clone(),
            department: coded(reference, "department", &part.department),
            due: task.due(),
            state: state(part),
            known: part.known.iter().map(|event| event.text.clone()).collect(),
            report: report.map(|report| report.last.draft.content.clone()),
            evidence: report
                .map(|report| {
                    report.last.draft.evidence.iter().map(|one| one.title.clone()).collect()
                })
                .unwrap_or_default(),
            remark: report.and_then(|report| report.last.remark.clone()),
        }
    };
    let tasks = sitting.tasks(year).await?;
    Ok(tasks.iter().flat_map(|task| task.parts.iter().map(|part| line(task, part))).collect())
}

/// The state; what should have been reported by now says so.
fn state(part: &TaskPart) -> Coded {
    if part.overdue && part.state() == TaskState::Open {
        return Coded { code: "OVERDUE".to_owned(), label: "逾期未报".to_owned() };
    }
    Coded { code: part.state().code().to_owned(), label: part.state().name_zh().to_owned() }
}
