//! What the store already has under natural keys, before a submission is decided.

use std::collections::HashMap;

use entity::catalogue::Family;
use sea_orm::{DbBackend, QueryResult, Statement};
use uuid::Uuid;

use crate::{
    authz::permit::Permit,
    domain::region::RegionCode,
    error::HubError,
    store::{
        records::{natural_key::number_of, versions::RecordSite},
        sql::{
            columns::{StatementParameters, among},
            database::Transaction,
            statement::numbered,
            texts::text,
        },
    },
};

/// A stored record, as far as a submission needs it.
#[derive(Clone, Debug)]
pub struct StoredRecord {
    /// Identifier of the record.
    pub id: Uuid,
    /// Natural key: department, source system and number, and a mark where that was taken.
    pub reference: String,
    /// Current version of the record; a rewrite adds one.
    pub version: i32,
    /// Digest of its content, to recognise an unchanged row.
    pub fingerprint: String,
    /// Region and industry where the record lies.
    pub site: RecordSite,
    /// Whether it was withdrawn.
    pub withdrawn: bool,
    /// What the field says of which changes are guarded, as text.
    pub guarded: Option<String>,
}

/// What the store has under one number.
#[derive(Clone, Debug, Default)]
pub struct NumberHolder {
    /// Records the organisation may write.
    pub own: Vec<StoredRecord>,
    /// Natural keys of all records under the number, including those of others.
    pub taken: Vec<String>,
}

fn select(backend: DbBackend, family: &Family, rest: &str) -> String {
    // PostgreSQL only: SQLite writes one at a time.
    let lock = if backend == DbBackend::Postgres { " ORDER BY id FOR UPDATE" } else { "" };
    format!(
        "SELECT id, ref, version, fingerprint, {}, {}, withdrawn_at IS NOT NULL, CAST({} AS TEXT) FROM {} WHERE {rest}{lock}",
        family.region_column(),
        family.industry_column().unwrap_or("NULL"),
        family.guarded_column().unwrap_or("NULL"),
        family.table,
    )
}

/// Condition for rows with these numbers, whoever holds them.
fn under(backend: DbBackend) -> String {
    let [whole, marked] = ["ref", "number_ref"].map(|column| among(backend, column, 1));
    format!("({whole} OR ({marked} AND number_ref <> ref))")
}

fn read(row: &QueryResult) -> Result<StoredRecord, HubError> {
    Ok(StoredRecord {
        id: row.try_get_by_index(0)?,
        reference: row.try_get_by_index(1)?,
        version: row.try_get_by_index(2)?,
        fingerprint: row.try_get_by_index(3)?,
        site: RecordSite { region: row.try_get_by_index(4)?, industry: row.try_get_by_index(5)? },
        withdrawn: row.try_get_by_index(6)?,
        guarded: row.try_get_by_index(7)?,
    })
}

fn covers(permit: &Permit, region: &str) -> bool {
    RegionCode::parse(region).is_ok_and(|region| permit.covers_region(&region))
}

impl Transaction {
    /// What the store has under these numbers, locked until the transaction ends. Of records the
    /// organisation may not write, only the keys are returned.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn known(
        &self,
        permit: &Permit,
        references: &[String],
    ) -> Result<HashMap<String, NumberHolder>, HubError> {
        let backend = self.backend();
        let sql = text(backend, permit.family().table, "known", false, || {
            select(backend, permit.family(), &under(backend))
        });
        let mut arguments = StatementParameters::new(backend);
        arguments.texts(references)?;
        let mut held: HashMap<String, NumberHolder> = HashMap::new();
        for row in self.all_with(sql, arguments).await? {
            let known = read(&row)?;
            let of = held.entry(number_of(&known.reference).to_owned()).or_default();
            of.taken.push(known.reference.clone());
            if covers(permit, &known.site.region) {
                of.own.push(known);
            }
        }
        Ok(held)
    }

    /// Natural keys and places of the organisation's rows of another family under these numbers.
    /// They stay as they are until the transaction ends: a row that is about to take its region
    /// from them cannot be overtaken by their move.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn places(
        &self,
        permit: &Permit,
        family: &'static Family,
        references: &[String],
    ) -> Result<HashMap<String, Vec<(String, RecordSite)>>, HubError> {
        let sql = text(self.backend(), family.table, "places", false, || {
            let lock =
                if self.backend() == DbBackend::Postgres { " ORDER BY id FOR SHARE" } else { "" };
            format!(
                "SELECT ref, {}, {} FROM {} WHERE {} AND withdrawn_at IS NULL{lock}",
                family.region_column(),
                family.industry_column().unwrap_or("NULL"),
                family.table,
                under(self.backend())
            )
        });
        let mut arguments = StatementParameters::new(self.backend());
        arguments.texts(references)?;
        let mut places: HashMap<String, Vec<(String, RecordSite)>> = HashMap::new();
        for row in self.all_with(sql, arguments).await? {
            let reference: String = row.try_get_by_index(0)?;
            let site =
                RecordSite { region: row.try_get_by_index(1)?, industry: row.try_get_by_index(2)? };
            if covers(permit, &site.region) {
                places.entry(number_of(&reference).to_owned()).or_default().push((reference, site));
            }
        }
        Ok(places)
    }

    /// One record of the permit's department, locked.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn own(&self, permit: &Permit, id: Uuid) -> Result<Option<StoredRecord>, HubError> {
        let sql = select(self.backend(), permit.family(), "id = ? AND department = ?");
        let values = [id.into(), permit.department().as_str().into()];
        let statement =
            Statement::from_sql_and_values(self.backend(), numbered(self.backend(), &sql), values);
        self.all(statement).await?.first().map(read).transpose()
    }
}
