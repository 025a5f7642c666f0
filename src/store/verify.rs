//! Checks of a store that need no right to its records: they count, they show nothing.
//!
//! Records, versions, events and receipts are compared with each other, and the values of every row with its newest version.
//! What is sealed is opened where the keys are at hand. Whatever is read row by row is read a step at a time.

mod counted;
mod receipts;
mod values;

use entity::catalogue::Catalogue;
use sea_orm::Statement;

use crate::{
    error::HubError,
    store::{database::Database, seal::Seal},
};

/// One check.
#[derive(Clone, Debug)]
pub struct Check {
    /// What was looked at.
    pub name: String,
    /// How many.
    pub looked: i64,
    /// How many are not as they should be.
    pub wrong: i64,
}

/// Whether nothing was ever handed in.
///
/// # Errors
///
/// What the database says.
pub async fn is_empty(database: &Database) -> Result<bool, HubError> {
    Ok(database.one(Statement::from_string(database.backend(), "SELECT version FROM record_versions LIMIT 1")).await?.is_none())
}

/// Records, versions, events and receipts against each other. Without keys, what is sealed is compared as it is kept, where
/// it was not sealed again since.
///
/// # Errors
///
/// What the database says.
pub async fn records(database: &Database, catalogue: &Catalogue, seal: Option<&Seal>) -> Result<Vec<Check>, HubError> {
    let mut checks = Vec::new();
    for family in catalogue.families() {
        checks.extend(counted::family(database, family).await?);
        checks.extend(values::family(database, family, seal).await?);
    }
    checks.extend(counted::events(database).await?);
    checks.push(receipts::acknowledged(database).await?);
    Ok(checks)
}
