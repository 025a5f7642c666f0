//! Regions that hold records though the code table of regions no longer lists them: abolished since
//! the records came in, or before the year that a record is about. Pages that go region by region have to look there too.

use std::{
    collections::BTreeSet,
    sync::{Arc, PoisonError, RwLock},
};

use entity::catalogue::Catalogue;
use sea_orm::Statement;

use crate::{
    error::HubError,
    store::{reference::Reference, sql::database::Database},
};

/// Such regions of all families: those found when the hub started, those it has taken a record in
/// for since, and, after a while, those of other hubs on the same store.
#[derive(Debug, Default)]
pub struct UnlistedRegions {
    listed: BTreeSet<String>,
    found: RwLock<Arc<BTreeSet<String>>>,
}

/// Regions that records may lie in.
pub(in crate::store) struct KnownRegions<'a> {
    reference: &'a Reference,
    unlisted: Arc<BTreeSet<String>>,
}

impl<'a> KnownRegions<'a> {
    /// Those of the code table and those that are not in it.
    pub(in crate::store) fn new(reference: &'a Reference, unlisted: &UnlistedRegions) -> Self {
        Self { reference, unlisted: unlisted.found() }
    }

    /// Their codes.
    pub(in crate::store) fn codes(&self) -> impl Iterator<Item = &str> {
        let table = self.reference.table("region");
        let listed = table.map(|table| table.codes.as_slice()).unwrap_or_default();
        let listed = listed.iter().map(|code| code.code.as_str());
        listed.chain(self.unlisted.iter().map(String::as_str))
    }
}

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
        let listed = reference
            .table("region")
            .map(|table| table.codes.iter().map(|code| code.code.clone()).collect())
            .unwrap_or_default();
        let regions = Self { listed, found: RwLock::default() };
        regions.refresh(database, catalogue).await?;
        Ok(regions)
    }

    /// Looks again.
    ///
    /// # Errors
    ///
    /// Whatever the database reports.
    pub async fn refresh(
        &self,
        database: &Database,
        catalogue: &Catalogue,
    ) -> Result<(), HubError> {
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
                self.note(&code);
            }
        }
        Ok(())
    }

    /// Notes a region that a record is about to lie in.
    pub fn note(&self, code: &str) {
        if self.listed.contains(code) || self.found().contains(code) {
            return;
        }
        let mut found = self.found.write().unwrap_or_else(PoisonError::into_inner);
        Arc::make_mut(&mut found).insert(code.to_owned());
    }

    fn found(&self) -> Arc<BTreeSet<String>> {
        Arc::clone(&self.found.read().unwrap_or_else(PoisonError::into_inner))
    }
}
