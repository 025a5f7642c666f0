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

/// A department's report on a task as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredTaskReport {
    /// Identifier of the report.
    pub id: Uuid,
    /// The task and its year.
    pub key: TaskKey,
    /// Code of the department that reported.
    pub department: String,
    /// How far it is.
    pub state: TaskState,
    /// What was said, and what shows it.
    pub draft: TaskReportDraft,
    /// Words of whoever confirmed it or sent it back; `None` without any.
    pub remark: Option<String>,
    /// Version, from 1; a step has to name the current one.
    pub version: i32,
    /// When it was last reported.
    pub reported_at: DateTime<Utc>,
    /// When it was confirmed or sent back; `None` since it was last reported.
    pub reviewed_at: Option<DateTime<Utc>>,
}

const COLUMNS: &str = "id, plan_task, year, department, state, content, evidence, remark, version, reported_at, reviewed_at";

fn report(row: &QueryResult) -> Result<StoredTaskReport, HubError> {
    let state: String = row.try_get_by_index(4)?;
    let evidence: String = row.try_get_by_index(6)?;
    Ok(StoredTaskReport {
        id: row.try_get_by_index(0)?,
        key: TaskKey { task: row.try_get_by_index(1)?, year: row.try_get_by_index(2)? },
        department: row.try_get_by_index(3)?,
        state: TaskState::from_code(&state)
            .ok_or_else(|| HubError::internal("a report on a task has no state of ours"))?,
        draft: TaskReportDraft {
            content: row.try_get_by_index(5)?,
            evidence: serde_json::from_str(&evidence).map_err(HubError::internal)?,
        },
        remark: row.try_get_by_index(7)?,
        version: row.try_get_by_index(8)?,
        reported_at: row.try_get_by_index(9)?,
        reviewed_at: row.try_get_by_index(10)?,
    })
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
            "SELECT {COLUMNS} FROM task_reports WHERE region_code = ? AND year = ? ORDER BY plan_task, department"
        );
        let values = vec![seat.region().as_str().into(), year.into()];
        self.all(statement(self.backend(), &sql, values)).await?.iter().map(report).collect()
    }

    /// Stores a report of a department: the first one for version 0, else the one that follows a
    /// version. Returns `None` where the version is not the current one.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn task_report(
        &self,
        permit: &ReportPermit,
        (key, version): (&TaskKey, i32),
        draft: &TaskReportDraft,
        now: DateTime<Utc>,
    ) -> Result<Option<StoredTaskReport>, HubError> {
        let evidence = serde_json::to_string(&draft.evidence).map_err(HubError::internal)?;
        let which = || -> [Value; 4] {
            [
                key.task.as_str().into(),
                permit.seat().region().as_str().into(),
                key.year.into(),
                permit.seat().department().as_str().into(),
            ]
        };
        let said = || -> [Value; 5] {
            [
                TaskState::Reported.code().into(),
                draft.content.as_str().into(),
                evidence.as_str().into(),
                permit.seat().subject().into(),
                now.into(),
            ]
        };
        let (sql, values) = if version == 0 {
            let sql = format!(
                "INSERT INTO task_reports (id, plan_task, region_code, year, department, state, content, evidence, subject, \
                 reported_at, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1) \
                 ON CONFLICT (region_code, year, plan_task, department) DO NOTHING RETURNING {COLUMNS}"
            );
            let mut values: Vec<Value> = vec![Uuid::now_v7().into()];
            values.extend(which());
            values.extend(said());
            (sql, values)
        } else {
            let sql = format!(
                "UPDATE task_reports SET state = ?, content = ?, evidence = ?, subject = ?, reported_at = ?, remark = NULL, \
                 reviewed_by = NULL, reviewed_at = NULL, version = version + 1 WHERE plan_task = ? AND region_code = ? \
                 AND year = ? AND department = ? AND version = ? RETURNING {COLUMNS}"
            );
            let mut values: Vec<Value> = said().into();
            values.extend(which());
            values.push(version.into());
            (sql, values)
        };
        self.returning(&sql, values).await?.first().map(report).transpose()
    }

    /// Stores that a report was confirmed or sent back. Returns `None` where the version is not the
    /// current one.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn task_review(
        &self,
        permit: &ReviewPermit,
        (id, version): (Uuid, i32),
        (state, remark): (TaskState, Option<&str>),
        now: DateTime<Utc>,
    ) -> Result<Option<StoredTaskReport>, HubError> {
        let sql = format!(
            "UPDATE task_reports SET state = ?, remark = ?, reviewed_by = ?, reviewed_at = ?, version = version + 1 \
             WHERE id = ? AND region_code = ? AND version = ? RETURNING {COLUMNS}"
        );
        let values = vec![
            state.code().into(),
            remark.into(),
            permit.seat().subject().into(),
            now.into(),
            id.into(),
            permit.seat().region().as_str().into(),
            version.into(),
        ];
        self.returning(&sql, values).await?.first().map(report).transpose()
    }
}
