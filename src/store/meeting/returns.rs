//! Signed returns of departments, in all versions. They hold figures only, no personal data.

use chrono::{DateTime, Utc};
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::{
    authz::{chair::SignPermit, meeting::Seat},
    error::HubError,
    store::sql::{database::Database, statement::statement},
};

/// Identifies a return of a department: its kind, year and finality.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnKey {
    /// Code of the obligation the return fulfils.
    pub kind: String,
    /// Year of the figures.
    pub year: i32,
    /// `PROVISIONAL` or `FINAL`.
    pub finality: String,
}

/// One signed version of a return (签报).
#[derive(Clone, Debug)]
pub struct SignedReturn {
    /// Identifier of this version.
    pub id: Uuid,
    /// Region of the organisation that signed, as a code such as `140600`.
    pub region: String,
    /// Department that signed.
    pub department: String,
    /// Which return of it.
    pub which: ReturnKey,
    /// Version, from 1; the highest is in force.
    pub version: i32,
    /// Frozen content as JSON.
    pub content: String,
    /// SHA-256 of the content in hexadecimal digits.
    pub digest: String,
    /// Remark of the department; `None` without one.
    pub remark: Option<String>,
    /// Account that signed.
    pub subject: String,
    /// When this version was signed.
    pub signed_at: DateTime<Utc>,
}

/// A signature about to be stored.
#[derive(Clone, Debug)]
pub struct Signature<'a> {
    /// Identifier of the new version.
    pub id: Uuid,
    /// The return that is signed.
    pub which: &'a ReturnKey,
    /// Version that this one replaces; 0 for the first.
    pub replaces: i32,
    /// Content as JSON.
    pub content: &'a str,
    /// SHA-256 of the content in hexadecimal digits.
    pub digest: &'a str,
    /// Remark of the department; `None` without one.
    pub remark: Option<&'a str>,
}

pub(in crate::store) const COLUMNS: &str = "id, region_code, department, kind, data_year, finality, version, content, digest, remark, subject, signed_at";

pub(in crate::store) fn signed(row: &QueryResult) -> Result<SignedReturn, HubError> {
    Ok(SignedReturn {
        id: row.try_get_by_index(0)?,
        region: row.try_get_by_index(1)?,
        department: row.try_get_by_index(2)?,
        which: ReturnKey {
            kind: row.try_get_by_index(3)?,
            year: row.try_get_by_index(4)?,
            finality: row.try_get_by_index(5)?,
        },
        version: row.try_get_by_index(6)?,
        content: row.try_get_by_index(7)?,
        digest: row.try_get_by_index(8)?,
        remark: row.try_get_by_index(9)?,
        subject: row.try_get_by_index(10)?,
        signed_at: row.try_get_by_index(11)?,
    })
}

impl Database {
    /// Returns of a region, of one year or all, in all versions, the latest first.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn returns(
        &self,
        seat: &Seat,
        year: Option<i32>,
    ) -> Result<Vec<SignedReturn>, HubError> {
        let mut values: Vec<Value> = vec![seat.region().as_str().into()];
        let of_year = year.map_or("", |year| {
            values.push(year.into());
            " AND data_year = ?"
        });
        let sql = format!(
            "SELECT {COLUMNS} FROM meeting_returns WHERE region_code = ?{of_year} \
             ORDER BY data_year DESC, kind, department, finality, version DESC"
        );
        self.all(statement(self.backend(), &sql, values)).await?.iter().map(signed).collect()
    }

    /// Signs a return. Returns `None` when the version it replaces is not the latest.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn return_sign(
        &self,
        pen: &SignPermit,
        one: &Signature<'_>,
        now: DateTime<Utc>,
    ) -> Result<Option<SignedReturn>, HubError> {
        let sql = format!(
            "INSERT INTO meeting_returns (id, region_code, department, kind, data_year, finality, version, content, digest, remark, \
             subject, signed_at) SELECT ?, ?, ?, ?, ?, ?, COALESCE(MAX(version), 0) + 1, ?, ?, ?, ?, ? FROM meeting_returns \
             WHERE region_code = ? AND department = ? AND kind = ? AND data_year = ? AND finality = ? \
             HAVING COALESCE(MAX(version), 0) = ? \
             ON CONFLICT (region_code, department, kind, data_year, finality, version) DO NOTHING RETURNING {COLUMNS}"
        );
        let which = || -> [Value; 5] {
            let ReturnKey { kind, year, finality } = one.which;
            [
                pen.region().as_str().into(),
                pen.department().as_str().into(),
                kind.as_str().into(),
                (*year).into(),
                finality.as_str().into(),
            ]
        };
        let mut values: Vec<Value> = vec![one.id.into()];
        values.extend(which());
        values.extend([
            one.content.into(),
            one.digest.into(),
            one.remark.into(),
            pen.subject().into(),
            now.into(),
        ]);
        values.extend(which());
        values.push(one.replaces.into());
        self.returning(&sql, values).await?.first().map(signed).transpose()
    }

    /// A place in the change feed before which every change is known, as text: transaction (0 on
    /// SQLite) and position.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn feed_place(&self) -> Result<String, HubError> {
        let (transaction, position) = self.feed_horizon().await?.point().parts();
        Ok(format!("{transaction}/{position}"))
    }
}
