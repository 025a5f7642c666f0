//! What departments report of the tasks of plans, each for its region and year.

use chrono::{DateTime, Utc};
use sea_orm::{QueryResult, Value};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    authz::{
        chair::{ReportPermit, ReviewPermit},
        meeting::Seat,
    },
    domain::{code::Coded as _, plan::TaskState},
    error::HubError,
    store::sql::{database::Database, statement::statement},
};

/// A task of a plan in a calendar year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskKey {
    /// Identifier of the task, such as `SHUOZHOU-2021/TASK/2024/3`.
    pub task: String,
    /// Calendar year in which it is carried out.
    pub year: i32,
}

/// A piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskEvidence {
    /// What it is, such as the number of a document.
    pub title: String,
    /// Global identifier of a record of the hub; `None` for anything else.
    pub record: Option<String>,
    /// SHA-256 of a file in hexadecimal digits; `None` where none is named.
    pub digest: Option<String>,
}

/// What a department says of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskReportDraft {
    /// What was done.
    pub content: String,
    /// What shows it, in order.
    pub evidence: Vec<TaskEvidence>,
}

/// A step that was taken with a report; none is ever changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenTaskStep {
    /// Version that the step made, from 1.
    pub version: i32,
    /// State after it.
    pub state: TaskState,
    /// What the department says, and what shows it.
    pub draft: TaskReportDraft,
    /// Words of whoever confirmed it or sent it back; `None` without any.
    pub remark: Option<String>,
    /// Department and region of whoever took the step, by their codes.
    pub by: (String, String),
    /// When it was taken.
    pub at: DateTime<Utc>,
}

/// A department's report on a task with all its steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredTaskReport {
    /// The task and its year.
    pub key: TaskKey,
    /// Code of the department that reported.
    pub department: String,
    /// The step before the last ones, oldest first.
    pub earlier: Vec<TakenTaskStep>,
    /// The last step, which says how it stands.
    pub last: TakenTaskStep,
}

impl StoredTaskReport {
    /// When it was last reported.
    #[must_use]
    pub fn reported_at(&self) -> Option<DateTime<Utc>> {
        self.steps().filter(|step| step.state == TaskState::Reported).map(|step| step.at).last()
    }

    /// When it was confirmed or sent back; `None` since it was last reported.
    #[must_use]
    pub fn reviewed_at(&self) -> Option<DateTime<Utc>> {
        (self.last.state != TaskState::Reported).then_some(self.last.at)
    }

    /// All steps, oldest first.
    pub fn steps(&self) -> impl Iterator<Item = &TakenTaskStep> {
        self.earlier.iter().chain([&self.last])
    }
}

const COLUMNS: &str = "plan_task, year, department, version, state, content, evidence, remark, by_department, by_region, taken_at";

fn step(row: &QueryResult) -> Result<(TaskKey, String, TakenTaskStep), HubError> {
    let state: String = row.try_get_by_index(4)?;
    let evidence: String = row.try_get_by_index(6)?;
    let key = TaskKey { task: row.try_get_by_index(0)?, year: row.try_get_by_index(1)? };
    let step = TakenTaskStep {
        version: row.try_get_by_index(3)?,
        state: TaskState::from_code(&state)
            .ok_or_else(|| HubError::internal("a report on a task has no state of ours"))?,
        draft: TaskReportDraft {
            content: row.try_get_by_index(5)?,
            evidence: serde_json::from_str(&evidence).map_err(HubError::internal)?,
        },
        remark: row.try_get_by_index(7)?,
        by: (row.try_get_by_index(8)?, row.try_get_by_index(9)?),
        at: row.try_get_by_index(10)?,
    };
    Ok((key, row.try_get_by_index(2)?, step))
}

/// A step about to be stored.
#[derive(Clone, Copy, Debug)]
pub struct NewTaskStep<'a> {
    /// The task and its year.
    pub key: &'a TaskKey,
    /// Code of the department whose report it is.
    pub department: &'a str,
    /// Version that it follows; 0 for the first.
    pub follows: i32,
    /// State after it.
    pub state: TaskState,
    /// What the department says.
    pub draft: &'a TaskReportDraft,
    /// Words of whoever confirms it or sends it back.
    pub remark: Option<&'a str>,
}

impl Database {
    /// Reports on the tasks of a region in a year.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn task_reports(
        &self,
        seat: &Seat,
        year: i32,
    ) -> Result<Vec<StoredTaskReport>, HubError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM task_reports WHERE region_code = ? AND year = ? ORDER BY plan_task, department, version"
        );
        let values = vec![seat.region().as_str().into(), year.into()];
        let mut reports: Vec<StoredTaskReport> = Vec::new();
        for row in self.all(statement(self.backend(), &sql, values)).await? {
            let (key, department, taken) = step(&row)?;
            match reports.last_mut().filter(|own| own.key == key && own.department == department) {
                Some(own) => own.earlier.push(std::mem::replace(&mut own.last, taken)),
                None => reports.push(StoredTaskReport {
                    key,
                    department,
                    earlier: Vec::new(),
                    last: taken,
                }),
            }
        }
        Ok(reports)
    }

    /// Stores the report of a department. Returns whether the version it follows is the current one.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn task_report(
        &self,
        permit: &ReportPermit,
        (key, follows): (&TaskKey, i32),
        draft: &TaskReportDraft,
        now: DateTime<Utc>,
    ) -> Result<bool, HubError> {
        let department = permit.seat().department().as_str();
        let state = TaskState::Reported;
        let new = NewTaskStep { key, department, follows, state, draft, remark: None };
        self.task_step(permit.seat(), new, now).await
    }

    /// Stores that a report was confirmed or sent back. Returns whether the version it follows is the
    /// current one.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn task_review(
        &self,
        permit: &ReviewPermit,
        known: &StoredTaskReport,
        (state, remark): (TaskState, Option<&str>),
        now: DateTime<Utc>,
    ) -> Result<bool, HubError> {
        let new = NewTaskStep {
            key: &known.key,
            department: &known.department,
            follows: known.last.version,
            state,
            draft: &known.last.draft,
            remark,
        };
        self.task_step(permit.seat(), new, now).await
    }

    async fn task_step(
        &self,
        seat: &Seat,
        new: NewTaskStep<'_>,
        now: DateTime<Utc>,
    ) -> Result<bool, HubError> {
        let sql = "INSERT INTO task_reports (id, plan_task, region_code, year, department, version, state, content, evidence, remark, \
            subject, by_department, by_region, taken_at) \
            SELECT ?, ?, ?, ?, ?, COALESCE(MAX(version), 0) + 1, ?, ?, ?, ?, ?, ?, ?, ? FROM task_reports \
            WHERE plan_task = ? AND region_code = ? AND year = ? AND department = ? HAVING COALESCE(MAX(version), 0) = ? \
            ON CONFLICT (region_code, year, plan_task, department, version) DO NOTHING RETURNING id";
        let evidence = serde_json::to_string(&new.draft.evidence).map_err(HubError::internal)?;
        let which = || -> [Value; 4] {
            [
                new.key.task.as_str().into(),
                seat.region().as_str().into(),
                new.key.year.into(),
                new.department.into(),
            ]
        };
        let mut values: Vec<Value> = vec![Uuid::now_v7().into()];
        values.extend(which());
        values.extend::<[Value; 8]>([
            new.state.code().into(),
            new.draft.content.as_str().into(),
            evidence.into(),
            new.remark.into(),
            seat.subject().into(),
            seat.department().as_str().into(),
            seat.home().as_str().into(),
            now.into(),
        ]);
        values.extend(which());
        values.push(new.follows.into());
        Ok(!self.returning(sql, values).await?.is_empty())
    }
}
