//! Checks of a store that need no access to its records: they count and show nothing.
//!
//! Records, versions, events and receipts are compared with each other, and the values of every row
//! with its newest version. Sealed values are opened if the keys are available. Rows are read in
//! batches.

mod codes;
mod counted;
mod events;
mod forms;
mod proved;
mod receipts;
mod rows;
mod schema;
mod values;

use entity::catalogue::Catalogue;
use sea_orm::{QueryResult, Statement, Value};
use uuid::Uuid;

use crate::{
    error::HubError,
    store::{proof::checkpoint::Checkpoint, seal::Seal, sql::database::Database},
};

/// The result of one check, printed as one line by `lianfang verify`.
#[derive(Clone, Debug)]
pub struct Check {
    /// What was checked, as a sentence that holds if all is well.
    pub name: String,
    /// Number of rows or entries checked.
    pub looked: i64,
    /// Number of those that are wrong.
    pub wrong: i64,
    /// The first of those, as table and record, without any value.
    pub places: Vec<String>,
}

/// Places that one check lists at most.
const NAMED: usize = 10;

impl Check {
    /// A check that has not examined anything yet.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), looked: 0, wrong: 0, places: Vec::new() }
    }

    /// Counts one fault and notes where it is.
    pub fn fault(&mut self, place: String) {
        self.wrong += 1;
        if self.places.len() < NAMED {
            self.places.push(place);
        }
    }

    /// A value that was read. If it cannot be read, the result is `None` and the check has a fault;
    /// only an outage ends everything. The cause is not shown, because it quotes values.
    ///
    /// # Errors
    ///
    /// [`HubError::Unavailable`] when the database is away.
    pub fn read<T>(
        &mut self,
        found: Result<T, HubError>,
        place: impl FnOnce() -> String,
    ) -> Result<Option<T>, HubError> {
        match found {
            Ok(found) => Ok(Some(found)),
            Err(HubError::Internal(_)) => {
                self.fault(format!("{} cannot be read", place()));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

/// A value of whatever type, so that reading can go on after one of the wrong type.
fn raw(row: &QueryResult, index: usize) -> Option<Value> {
    let value = row.try_get_by_index::<String>(index).map(Value::from);
    let value = value.or_else(|_| row.try_get_by_index::<i64>(index).map(Value::from));
    let value = value.or_else(|_| row.try_get_by_index::<f64>(index).map(Value::from));
    value.or_else(|_| row.try_get_by_index::<Vec<u8>>(index).map(Value::from)).ok()
}

/// The identifier of a record as text.
fn shown_id(row: &QueryResult, index: usize) -> String {
    row.try_get_by_index::<Uuid>(index)
        .map_or_else(|_| "with an identifier that is none".to_owned(), |id| id.to_string())
}

/// The text of a key, or a placeholder if it is not text.
fn shown_text(row: &QueryResult, index: usize) -> String {
    row.try_get_by_index(index).unwrap_or_else(|_| "(no text)".to_owned())
}

/// Whether nothing was ever submitted.
///
/// # Errors
///
/// What the database says.
pub async fn is_empty(database: &Database) -> Result<bool, HubError> {
    Ok(database
        .one(Statement::from_string(
            database.backend(),
            "SELECT version FROM record_versions LIMIT 1",
        ))
        .await?
        .is_none())
}

pub use codes::shipped as codes;
pub(in crate::store) use forms::finite;
pub use schema::{Schema, blank, compared as schema};

/// Rows of the tables that change in place, and these tables as a whole; empty without keys.
///
/// # Errors
///
/// What the database says.
pub async fn tables(database: &Database) -> Result<Vec<Check>, HubError> {
    tables_since(database, None).await
}

async fn tables_since(
    database: &Database,
    kept: Option<&Checkpoint>,
) -> Result<Vec<Check>, HubError> {
    match database.prover() {
        Some(prover) => rows::witnessed(database, prover, kept).await,
        None => Ok(Vec::new()),
    }
}

/// Records, versions, events and receipts compared with each other. Without keys, sealed values are
/// compared as stored, unless they were sealed again since, and no keyed digest is checked.
///
/// # Errors
///
/// What the database says.
pub async fn records(
    database: &Database,
    catalogue: &Catalogue,
    seal: Option<&Seal>,
) -> Result<Vec<Check>, HubError> {
    since(database, catalogue, seal, None).await
}

/// The same, also compared with a checkpoint that was stored elsewhere.
///
/// # Errors
///
/// What the database says.
pub async fn since(
    database: &Database,
    catalogue: &Catalogue,
    seal: Option<&Seal>,
    kept: Option<&Checkpoint>,
) -> Result<Vec<Check>, HubError> {
    let mut checks = forms::all(database).await?;
    for family in catalogue.families() {
        checks.extend(counted::family(database, catalogue, family).await?);
        checks.extend(values::family(database, family, seal).await?);
    }
    checks.extend(counted::events(database).await?);
    checks.push(receipts::acknowledged(database).await?);
    checks.extend(proved::logged(database).await?);
    if let Some(prover) = database.prover() {
        checks.push(proved::versions(database, catalogue, prover).await?);
        checks.extend(events::chained(database, prover, kept).await?);
    }
    checks.extend(tables_since(database, kept).await?);
    Ok(checks)
}
