//! Regions that hold records though the code table of regions no longer lists them: abolished since
//! the records came in. Pages that go region by region have to look there too.

use std::collections::BTreeSet;

use entity::catalogue::Catalogue;
use sea_orm::Statement;

use crate::{
    error::HubError,
    store::{reference::Reference, sql::database::Database},
};

/// Such regions of all families, as they were when the hub started. Records that come in later lie
/// in regions of the code table, which does not change while the hub runs, or in that of a record
/// they belong to.
#[derive(Clone, Debug, Default)]
pub struct UnlistedRegions(BTreeSet<String>);

impl UnlistedRegions {
    /// Looks for them in every family: one look into the index for each region there is.
    ///
    /// # Errors
    ///
    /// Whatever the database reports.
    pub async fn load(
        database: &Database,
        catalogue: &Catalogue,
        reference: &Reference,
    ) -> Result<Self, HubError> {
        let listed: BTreeSet<&str> = reference
            .table("region")
            .map(|table| table.codes.iter().map(|code| code.code.as_str()).collect())
            .unwrap_or_default();
        let mut unlisted = BTreeSet::new();
        for family in catalogue.families() {
            let (table, region) = (family.table, family.region_column());
            let next = |after: &str| {
                format!(
                    "SELECT MIN({region}) FROM {table} WHERE withdrawn_at IS NULL AND {region} > {after}"
                )
            };
            let sql = format!(
                "WITH RECURSIVE held(code) AS ({} UNION ALL SELECT ({}) FROM held WHERE code IS NOT NULL) \
                 SELECT code FROM held WHERE code IS NOT NULL",
                next("''"),
                next("held.code")
            );
            let rows = database.all(Statement::from_string(database.backend(), sql)).await?;
            for row in rows {
                let code: String = row.try_get_by_index(0)?;
                if !listed.contains(code.as_str()) {
                    unlisted.insert(code);
                }
            }
        }
        Ok(Self(unlisted))
    }

    /// Their codes.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}
