//! What the store has under natural keys, before a submission decides.

use std::collections::HashMap;

use entity::catalogue::Family;
use sea_orm::{DbBackend, QueryResult, Statement};
use uuid::Uuid;

use crate::{
    authz::permit::Permit,
    error::HubError,
    store::{
        columns::{Arguments, among},
        database::Transaction,
        reference::numbered,
        texts::text,
        versions::Site,
    },
};

/// What the store has under a natural key.
#[derive(Clone, Debug)]
pub struct Known {
    /// Identifier.
    pub id: Uuid,
    /// Natural key.
    pub reference: String,
    /// Version.
    pub version: i32,
    /// Digest of its content.
    pub fingerprint: String,
    /// Where it lies.
    pub site: Site,
    /// Whether it was withdrawn.
    pub withdrawn: bool,
    /// The state it is in, in a family that guards one.
    pub state: Option<String>,
}

fn select(backend: DbBackend, family: &Family) -> String {
    format!(
        "SELECT id, ref, version, fingerprint, {}, {}, withdrawn_at IS NOT NULL, {} FROM {} WHERE {}",
        family.region_column(),
        family.industry_column().unwrap_or("NULL"),
        family.state_column().unwrap_or("NULL"),
        family.table,
        among(backend, "ref", 1)
    )
}

fn by_reference(rows: &[QueryResult]) -> Result<HashMap<String, Known>, HubError> {
    let read = |row: &QueryResult| {
        let entry = Known {
            id: row.try_get_by_index(0)?,
            reference: row.try_get_by_index(1)?,
            version: row.try_get_by_index(2)?,
            fingerprint: row.try_get_by_index(3)?,
            site: Site { region: row.try_get_by_index(4)?, industry: row.try_get_by_index(5)? },
            withdrawn: row.try_get_by_index(6)?,
            state: row.try_get_by_index(7)?,
        };
        Ok((row.try_get_by_index(1)?, entry))
    };
    rows.iter().map(read).collect()
}

impl Transaction {
    /// What the store has under these natural keys, locked until the transaction ends.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn known(&self, permit: &Permit, references: &[String]) -> Result<HashMap<String, Known>, HubError> {
        let lock = if self.backend() == DbBackend::Postgres { " ORDER BY id FOR UPDATE" } else { "" };
        let sql = text(self.backend(), permit.family().table, "known", false, || select(self.backend(), permit.family()) + lock);
        let mut arguments = Arguments::new(self.backend());
        arguments.texts(references)?;
        by_reference(&self.all_with(sql, arguments).await?)
    }

    /// Region and key industry of the rows of another family with these natural keys, whoever holds them. They stay as they
    /// are until the transaction ends: a row that is about to take its region from them cannot be overtaken by their move.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn places(
        &self,
        _permit: &Permit,
        family: &'static Family,
        references: &[String],
    ) -> Result<HashMap<String, (String, Option<String>)>, HubError> {
        let sql = text(self.backend(), family.table, "places", false, || {
            let lock = if self.backend() == DbBackend::Postgres { " ORDER BY id FOR SHARE" } else { "" };
            format!(
                "SELECT ref, {}, {} FROM {} WHERE {} AND withdrawn_at IS NULL{lock}",
                family.region_column(),
                family.industry_column().unwrap_or("NULL"),
                family.table,
                among(self.backend(), "ref", 1)
            )
        });
        let mut arguments = Arguments::new(self.backend());
        arguments.texts(references)?;
        let rows = self.all_with(sql, arguments).await?;
        rows.iter().map(|row| Ok((row.try_get_by_index(0)?, (row.try_get_by_index(1)?, row.try_get_by_index(2)?)))).collect()
    }

    /// Natural key, version and withdrawal of one record of the permit's department, locked.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn own(&self, permit: &Permit, id: Uuid) -> Result<Option<Known>, HubError> {
        let sql = format!("SELECT ref FROM {} WHERE id = ? AND department = ?", permit.family().table);
        let values = [id.into(), permit.department().into()];
        let statement = Statement::from_sql_and_values(self.backend(), numbered(self.backend(), &sql), values);
        let rows = self.all(statement).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let reference: String = row.try_get_by_index(0)?;
        Ok(self.known(permit, std::slice::from_ref(&reference)).await?.remove(&reference))
    }
}
