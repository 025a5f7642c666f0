//! Resolutions of joint meetings: who carries them out, by when, and how far they are.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::{
    authz::{chair::ConvenePermit, meeting::Seat},
    error::HubError,
    store::{
        meeting::meetings::StoredMeeting,
        sql::{database::Database, statement::statement},
    },
};

/// Content of a resolution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolutionTask {
    /// What is to be done.
    pub content: String,
    /// Code of the department responsible, such as `EMERGENCY`.
    pub owner: String,
    /// Last day to carry it out; `None` when no deadline was set.
    pub due: Option<NaiveDate>,
}

/// A resolution (决议) of a joint meeting as stored.
#[derive(Clone, Debug)]
pub struct StoredResolution {
    /// Identifier of the resolution.
    pub id: Uuid,
    /// The meeting that resolved it.
    pub meeting: Uuid,
    /// Year and number of that meeting.
    pub of: (i32, i32),
    /// Number among the resolutions of the meeting, from 1.
    pub number: i32,
    /// What is resolved.
    pub task: ResolutionTask,
    /// Code of `resolution_state`.
    pub state: String,
    /// Report on what has been done so far; `None` until somebody reports.
    pub progress: Option<String>,
    /// Version, from 1; a change has to name the current one.
    pub version: i32,
    /// When it was done or dropped; `None` while it is open.
    pub settled_at: Option<DateTime<Utc>>,
}

const COLUMNS: &str = "r.id, r.meeting_id, m.year, m.number, r.number, r.content, r.owner, r.due, r.state, r.progress, r.version, r.settled_at";

fn resolution(row: &QueryResult) -> Result<StoredResolution, HubError> {
    Ok(StoredResolution {
        id: row.try_get_by_index(0)?,
        meeting: row.try_get_by_index(1)?,
        of: (row.try_get_by_index(2)?, row.try_get_by_index(3)?),
        number: row.try_get_by_index(4)?,
        task: ResolutionTask {
            content: row.try_get_by_index(5)?,
            owner: row.try_get_by_index(6)?,
            due: row.try_get_by_index(7)?,
        },
        state: row.try_get_by_index(8)?,
        progress: row.try_get_by_index(9)?,
        version: row.try_get_by_index(10)?,
        settled_at: row.try_get_by_index(11)?,
    })
}

impl Database {
    /// Resolutions of a region, oldest first: those that are open, and all of the given meetings.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn resolutions(
        &self,
        seat: &Seat,
        of: &[Uuid],
    ) -> Result<Vec<StoredResolution>, HubError> {
        let mut values: Vec<Value> = vec![seat.region().as_str().into()];
        values.extend(of.iter().map(|id| Value::from(*id)));
        let marks = vec!["?"; of.len()].join(", ");
        let also =
            if of.is_empty() { String::new() } else { format!(" OR r.meeting_id IN ({marks})") };
        let sql = format!(
            "SELECT {COLUMNS} FROM meeting_resolutions r JOIN meetings m ON m.id = r.meeting_id \
             WHERE r.region_code = ? AND (r.state = 'OPEN'{also}) ORDER BY m.year, m.number, r.number"
        );
        self.all(statement(self.backend(), &sql, values)).await?.iter().map(resolution).collect()
    }

    /// A resolution of a region.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn resolution(
        &self,
        seat: &Seat,
        id: Uuid,
    ) -> Result<Option<StoredResolution>, HubError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM meeting_resolutions r JOIN meetings m ON m.id = r.meeting_id WHERE r.id = ? AND r.region_code = ?"
        );
        let values = vec![id.into(), seat.region().as_str().into()];
        self.one(statement(self.backend(), &sql, values))
            .await?
            .as_ref()
            .map(resolution)
            .transpose()
    }

    /// Adds a resolution to a meeting of the chair's region. Returns its identifier.
    ///
    /// # Errors
    ///
    /// [`HubError::Conflict`] when another one is added at the same moment; what the database says.
    pub async fn resolution_add(
        &self,
        chair: &ConvenePermit,
        about: &StoredMeeting,
        task: &ResolutionTask,
        now: DateTime<Utc>,
    ) -> Result<Uuid, HubError> {
        let sql = "INSERT INTO meeting_resolutions (id, meeting_id, region_code, number, content, owner, due, state, version, subject, created_at) \
            SELECT ?, m.id, m.region_code, COALESCE((SELECT MAX(number) FROM meeting_resolutions WHERE meeting_id = m.id), 0) + 1, \
            ?, ?, ?, 'OPEN', 1, ?, ? FROM meetings m WHERE m.id = ? AND m.region_code = ? \
            ON CONFLICT (meeting_id, number) DO NOTHING RETURNING id";
        let id = Uuid::now_v7();
        let values = vec![
            id.into(),
            task.content.as_str().into(),
            task.owner.as_str().into(),
            task.due.into(),
            chair.subject().into(),
            now.into(),
            about.id.into(),
            chair.region().as_str().into(),
        ];
        if self.returning(sql, values).await?.is_empty() {
            return Err(HubError::conflict(
                "同一时刻另有决议被登记，请重试。",
                "Another resolution is being added at the same moment. Try again.",
            ));
        }
        Ok(id)
    }

    /// Updates the state of a resolution. The caller has checked that the seat may. Returns whether
    /// the version named was still current.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn resolution_settle(
        &self,
        seat: &Seat,
        (id, version): (Uuid, i32),
        (state, progress): (&str, Option<&str>),
        now: DateTime<Utc>,
    ) -> Result<bool, HubError> {
        let sql = "UPDATE meeting_resolutions SET state = ?, progress = COALESCE(?, progress), version = version + 1, subject = ?, \
            settled_at = ? WHERE id = ? AND region_code = ? AND version = ? RETURNING id";
        let settled = (state != "OPEN").then_some(now);
        let values = vec![
            state.into(),
            progress.into(),
            seat.subject().into(),
            settled.into(),
            id.into(),
            seat.region().as_str().into(),
            version.into(),
        ];
        Ok(!self.returning(sql, values).await?.is_empty())
    }
}
