//! Joint meetings, their frozen materials, and who signed which part. No personal data.

use chrono::{DateTime, Utc};
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::{
    authz::{
        chair::{ConvenePermit, SignPermit},
        meeting::Seat,
    },
    error::HubError,
    store::sql::{database::Database, statement::statement},
};

/// What is set when a meeting is called, and may change until it is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeetingDraft {
    /// Code of `meeting_kind`.
    pub kind: String,
    /// When it takes place; `None` until a date is set.
    pub held_at: Option<DateTime<Utc>>,
    /// Codes of the departments that take part.
    pub members: Vec<String>,
    /// Agenda, in order.
    pub agenda: Vec<String>,
}

/// A joint meeting (联席会议) as stored.
#[derive(Clone, Debug)]
pub struct StoredMeeting {
    /// Identifier of the meeting.
    pub id: Uuid,
    /// Region that holds the meeting, as a code such as `140600`.
    pub region: String,
    /// Year whose figures the meeting discusses.
    pub year: i32,
    /// Number among the meetings of the region and year, from 1.
    pub number: i32,
    /// What is planned.
    pub plan: MeetingDraft,
    /// Version, from 1; a change has to name the current one.
    pub version: i32,
    /// When it was called.
    pub created_at: DateTime<Utc>,
}

/// Frozen materials (材料) of a meeting.
#[derive(Clone, Debug)]
pub struct StoredMaterials {
    /// Identifier of this set of materials.
    pub id: Uuid,
    /// Number among the materials of the meeting, from 1; the highest is in force.
    pub number: i32,
    /// The content as JSON.
    pub content: String,
    /// SHA-256 of the content in hexadecimal digits.
    pub digest: String,
    /// When they were frozen.
    pub frozen_at: DateTime<Utc>,
}

/// The signature of a department on its part of the materials.
#[derive(Clone, Debug)]
pub struct SignedPart {
    /// Code of the department that signed, such as `EMERGENCY`.
    pub department: String,
    /// Remark of the department on its part; `None` without one.
    pub remark: Option<String>,
    /// When the department signed.
    pub signed_at: DateTime<Utc>,
}

const MEETING: &str =
    "id, region_code, year, number, kind, held_at, members, agenda, version, created_at";
const MATERIALS: &str = "id, number, content, digest, frozen_at";

fn meeting(row: &QueryResult) -> Result<StoredMeeting, HubError> {
    let list = |index: usize| -> Result<Vec<String>, HubError> {
        serde_json::from_str(&row.try_get_by_index::<String>(index)?).map_err(HubError::internal)
    };
    Ok(StoredMeeting {
        id: row.try_get_by_index(0)?,
        region: row.try_get_by_index(1)?,
        year: row.try_get_by_index(2)?,
        number: row.try_get_by_index(3)?,
        plan: MeetingDraft {
            kind: row.try_get_by_index(4)?,
            held_at: row.try_get_by_index(5)?,
            members: list(6)?,
            agenda: list(7)?,
        },
        version: row.try_get_by_index(8)?,
        created_at: row.try_get_by_index(9)?,
    })
}

fn materials(row: &QueryResult) -> Result<StoredMaterials, HubError> {
    Ok(StoredMaterials {
        id: row.try_get_by_index(0)?,
        number: row.try_get_by_index(1)?,
        content: row.try_get_by_index(2)?,
        digest: row.try_get_by_index(3)?,
        frozen_at: row.try_get_by_index(4)?,
    })
}

fn json(list: &[String]) -> Result<Value, HubError> {
    serde_json::to_string(list).map(Value::from).map_err(HubError::internal)
}

impl Database {
    /// Meetings of a region, of one year or all, newest first; at most 200.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn meetings(
        &self,
        seat: &Seat,
        year: Option<i32>,
    ) -> Result<Vec<StoredMeeting>, HubError> {
        let mut values: Vec<Value> = vec![seat.region().as_str().into()];
        let of_year = year.map_or("", |year| {
            values.push(year.into());
            " AND year = ?"
        });
        let sql = format!(
            "SELECT {MEETING} FROM meetings WHERE region_code = ?{of_year} ORDER BY year DESC, number DESC LIMIT 200"
        );
        self.all(statement(self.backend(), &sql, values)).await?.iter().map(meeting).collect()
    }

    /// A meeting of a region.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn meeting(&self, seat: &Seat, id: Uuid) -> Result<Option<StoredMeeting>, HubError> {
        let sql = format!("SELECT {MEETING} FROM meetings WHERE id = ? AND region_code = ?");
        let values = vec![id.into(), seat.region().as_str().into()];
        self.one(statement(self.backend(), &sql, values)).await?.as_ref().map(meeting).transpose()
    }

    /// Calls a meeting; it gets the next number of its region and year.
    ///
    /// # Errors
    ///
    /// [`HubError::Conflict`] when another one is called at the same moment; what the database
    /// says.
    pub async fn meeting_call(
        &self,
        chair: &ConvenePermit,
        id: Uuid,
        year: i32,
        plan: &MeetingDraft,
        now: DateTime<Utc>,
    ) -> Result<StoredMeeting, HubError> {
        let sql = format!(
            "INSERT INTO meetings (id, region_code, year, number, kind, held_at, members, agenda, version, subject, created_at, updated_at) \
             SELECT ?, ?, ?, COALESCE(MAX(number), 0) + 1, ?, ?, ?, ?, 1, ?, ?, ? FROM meetings WHERE region_code = ? AND year = ? \
             ON CONFLICT (region_code, year, number) DO NOTHING RETURNING {MEETING}"
        );
        let region = chair.region().as_str();
        let values = vec![
            id.into(),
            region.into(),
            year.into(),
            plan.kind.as_str().into(),
            plan.held_at.into(),
            json(&plan.members)?,
            json(&plan.agenda)?,
            chair.subject().into(),
            now.into(),
            now.into(),
            region.into(),
            year.into(),
        ];
        self.returning(&sql, values).await?.first().map(meeting).transpose()?.ok_or_else(|| {
            HubError::conflict(
                "同一时刻另有会议被召集，请重试。",
                "Another meeting is being called at the same moment. Try again.",
            )
        })
    }

    /// Changes the plan of a meeting. Returns `None` when the version named is no longer current.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn meeting_change(
        &self,
        chair: &ConvenePermit,
        (id, version): (Uuid, i32),
        plan: &MeetingDraft,
        now: DateTime<Utc>,
    ) -> Result<Option<StoredMeeting>, HubError> {
        let sql = format!(
            "UPDATE meetings SET kind = ?, held_at = ?, members = ?, agenda = ?, version = version + 1, subject = ?, updated_at = ? \
             WHERE id = ? AND region_code = ? AND version = ? RETURNING {MEETING}"
        );
        let values = vec![
            plan.kind.as_str().into(),
            plan.held_at.into(),
            json(&plan.members)?,
            json(&plan.agenda)?,
            chair.subject().into(),
            now.into(),
            id.into(),
            chair.region().as_str().into(),
            version.into(),
        ];
        self.returning(&sql, values).await?.first().map(meeting).transpose()
    }

    /// Freezes materials for a meeting of the chair's region.
    ///
    /// # Errors
    ///
    /// [`HubError::Conflict`] when others are frozen at the same moment; what the database says.
    pub async fn materials_freeze(
        &self,
        chair: &ConvenePermit,
        about: &StoredMeeting,
        (content, digest): (&str, &str),
        now: DateTime<Utc>,
    ) -> Result<StoredMaterials, HubError> {
        let sql = format!(
            "INSERT INTO meeting_materials (id, meeting_id, number, content, digest, subject, frozen_at) \
             SELECT ?, m.id, COALESCE((SELECT MAX(number) FROM meeting_materials WHERE meeting_id = m.id), 0) + 1, ?, ?, ?, ? \
             FROM meetings m WHERE m.id = ? AND m.region_code = ? \
             ON CONFLICT (meeting_id, number) DO NOTHING RETURNING {MATERIALS}"
        );
        let values = vec![
            Uuid::now_v7().into(),
            content.into(),
            digest.into(),
            chair.subject().into(),
            now.into(),
            about.id.into(),
            chair.region().as_str().into(),
        ];
        self.returning(&sql, values).await?.first().map(materials).transpose()?.ok_or_else(|| {
            HubError::conflict(
                "同一时刻另有材料被冻结，请重试。",
                "Other materials are being frozen at the same moment. Try again.",
            )
        })
    }

    /// The latest frozen materials of a meeting of the seat's region, and their signatures by
    /// department.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn materials(
        &self,
        seat: &Seat,
        about: &StoredMeeting,
    ) -> Result<Option<(StoredMaterials, Vec<SignedPart>)>, HubError> {
        if about.region != seat.region().as_str() {
            return Ok(None);
        }
        let sql = format!(
            "SELECT {MATERIALS} FROM meeting_materials WHERE meeting_id = ? ORDER BY number DESC LIMIT 1"
        );
        let Some(row) = self.one(statement(self.backend(), &sql, vec![about.id.into()])).await?
        else {
            return Ok(None);
        };
        let found = materials(&row)?;
        let sql = "SELECT department, remark, signed_at FROM meeting_parts WHERE materials_id = ? ORDER BY department";
        let rows = self.all(statement(self.backend(), sql, vec![found.id.into()])).await?;
        let signed = rows.iter().map(|row| {
            Ok(SignedPart {
                department: row.try_get_by_index(0)?,
                remark: row.try_get_by_index(1)?,
                signed_at: row.try_get_by_index(2)?,
            })
        });
        let signed = signed.collect::<Result<_, HubError>>()?;
        Ok(Some((found, signed)))
    }

    /// Signs the part of frozen materials that belongs to the department of the pen. Returns
    /// whether it was unsigned before.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn part_sign(
        &self,
        pen: &SignPermit,
        materials: Uuid,
        remark: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<bool, HubError> {
        let sql = "INSERT INTO meeting_parts (materials_id, department, remark, subject, signed_at) \
            SELECT f.id, ?, ?, ?, ? FROM meeting_materials f JOIN meetings m ON m.id = f.meeting_id \
            WHERE f.id = ? AND m.region_code = ? ON CONFLICT (materials_id, department) DO NOTHING RETURNING department";
        let values = vec![
            pen.department().as_str().into(),
            remark.into(),
            pen.subject().into(),
            now.into(),
            materials.into(),
            pen.region().as_str().into(),
        ];
        Ok(!self.returning(sql, values).await?.is_empty())
    }
}
