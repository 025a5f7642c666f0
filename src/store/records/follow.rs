//! Rows that take their region and industry from a row of another family move with it. Their sealed
//! values are sealed again, because they are bound to the place.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use entity::catalogue::{Family, Field};
use sea_orm::{DbBackend, QueryResult, Value};
use uuid::Uuid;

use crate::{
    authz::permit::ChildPermit,
    error::HubError,
    store::{
        records::versions::RecordSite,
        seal::{Bond, Seal},
        sql::{database::Transaction, statement::statement},
    },
};

/// A row whose region or industry changed.
#[derive(Clone, Debug)]
pub struct MovedRow {
    /// Natural key of the row: department, source system and number.
    pub reference: String,
    /// Where the row lies now.
    pub site: RecordSite,
    /// Where the row lay before.
    pub was: RecordSite,
}

/// A row that moved along with another one.
#[derive(Clone, Debug)]
pub struct Followed {
    /// Identifier of the row.
    pub id: Uuid,
    /// Version of the row after the move.
    pub version: i32,
    /// Natural key of the row: department, source system and number.
    pub reference: String,
    /// Department that holds it.
    pub department: String,
    /// Values that were sealed again, by field.
    pub sealed: Vec<(&'static Field, Vec<u8>)>,
    withdrawn: bool,
}

impl Transaction {
    /// Moves the department's rows of the child family that belong to a row that moved. Returns
    /// those that are not withdrawn; the caller appends their new versions.
    ///
    /// # Errors
    ///
    /// What the database says; [`HubError::Internal`] when a sealed value does not open.
    pub async fn follow(
        &self,
        permit: &ChildPermit<'_>,
        seal: &Seal,
        moved: &MovedRow,
        now: DateTime<Utc>,
    ) -> Result<Vec<Followed>, HubError> {
        let (backend, child) = (self.backend(), permit.family());
        let sealed: Vec<&'static Field> =
            child.fields.iter().filter(|field| field.sealed).collect();
        let mut columns = format!(
            "id, version, ref, department, withdrawn_at IS NOT NULL, {}",
            child.region_column()
        );
        let _ = write!(columns, ", {}", child.industry_column().unwrap_or("NULL"));
        for field in &sealed {
            let _ = write!(columns, ", {}", field.column);
        }
        let lock = if backend == DbBackend::Postgres { " FOR UPDATE" } else { "" };
        let of = format!("{} WHERE {} = ? AND department = ?", child.table, permit.column());
        let values =
            vec![moved.reference.as_str().into(), permit.parent().department().as_str().into()];
        let rows = self
            .all(statement(
                backend,
                &format!("SELECT {columns} FROM {of} ORDER BY id{lock}"),
                values,
            ))
            .await?;
        let mut followed = Vec::with_capacity(rows.len());
        for row in &rows {
            let row = again(seal, child, &sealed, row, moved)?;
            self.put(child, &row, moved, now).await?;
            if !row.withdrawn {
                followed.push(row);
            }
        }
        Ok(followed)
    }

    async fn put(
        &self,
        child: &Family,
        row: &Followed,
        moved: &MovedRow,
        now: DateTime<Utc>,
    ) -> Result<(), HubError> {
        let mut set = format!("{} = ?, updated_at = ?, version = ?", child.region_column());
        let mut values: Vec<Value> =
            vec![moved.site.region.as_str().into(), now.into(), row.version.into()];
        if let Some(name) = child.industry_column() {
            let _ = write!(set, ", {name} = ?");
            values.push(moved.site.industry.clone().into());
        }
        for (field, sealed) in &row.sealed {
            let _ = write!(set, ", {} = ?", field.column);
            values.push(sealed.clone().into());
        }
        values.push(row.id.into());
        let sql = format!("UPDATE {} SET {set} WHERE id = ?", child.table);
        self.run(statement(self.backend(), &sql, values)).await.map(|_| ())
    }
}

/// The row as it will be; a withdrawn row moves without a new version.
fn again(
    seal: &Seal,
    child: &'static Family,
    fields: &[&'static Field],
    row: &QueryResult,
    moved: &MovedRow,
) -> Result<Followed, HubError> {
    let (id, department): (Uuid, String) = (row.try_get_by_index(0)?, row.try_get_by_index(3)?);
    let (region, industry): (String, Option<String>) =
        (row.try_get_by_index(5)?, row.try_get_by_index(6)?);
    let withdrawn: bool = row.try_get_by_index(4)?;
    let was = Bond {
        record: id,
        department: &department,
        region: &region,
        industry: industry.as_deref(),
    };
    let industry = child.industry_column().and(moved.site.industry.as_deref());
    let now = Bond { region: &moved.site.region, industry, ..was };
    let mut sealed = Vec::new();
    for (index, field) in fields.iter().enumerate() {
        let Some(bytes) = row.try_get_by_index::<Option<Vec<u8>>>(7 + index)? else { continue };
        let text = seal.open(&was.place(child.table, field.column), &bytes)?;
        sealed.push((*field, seal.seal(&now.place(child.table, field.column), &text)?));
    }
    let version = row.try_get_by_index::<i32>(1)? + i32::from(!withdrawn);
    Ok(Followed { id, version, reference: row.try_get_by_index(2)?, department, sealed, withdrawn })
}
