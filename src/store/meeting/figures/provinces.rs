//! Provinces of which anything is held that a protected table counts, or that a lead is about.

use entity::catalogue::Catalogue;
use sea_orm::sea_query::{Alias, Expr, Query};

use crate::{
    domain::region::RegionCode,
    error::HubError,
    store::sql::{condition::built, database::Database},
};

/// Families of persons: a province without any of these has no small counts.
const COUNTED: [&str; 3] = [
    entity::occupational_disease_case::names::FAMILY,
    entity::work_injury::names::FAMILY,
    entity::employment::names::FAMILY,
];

/// Families of the records that leads are about.
const COMPARED: [&str; 5] = [
    entity::accident::names::FAMILY,
    entity::accident_victim::names::FAMILY,
    entity::occupational_disease_case::names::FAMILY,
    entity::work_injury::names::FAMILY,
    entity::person::names::FAMILY,
];

impl Database {
    /// Provinces in which there is a case of disease, an injury, or somebody on the roll.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn provinces_with_cases(
        &self,
        catalogue: &Catalogue,
    ) -> Result<Vec<RegionCode>, HubError> {
        self.provinces_of(catalogue, &COUNTED).await
    }

    /// Provinces in which there is any record that a lead can be about.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn provinces_with_leads(
        &self,
        catalogue: &Catalogue,
    ) -> Result<Vec<RegionCode>, HubError> {
        self.provinces_of(catalogue, &COMPARED).await
    }

    async fn provinces_of(
        &self,
        catalogue: &Catalogue,
        families: &[&str],
    ) -> Result<Vec<RegionCode>, HubError> {
        let mut found = Vec::new();
        for family in families.iter().filter_map(|name| catalogue.find(name)) {
            let mut select = Query::select();
            let province =
                format!("substr(\"{}\".\"{}\", 1, 2)", family.table, family.region_column());
            select.distinct().expr(Expr::cust(province)).from(Alias::new(family.table));
            for row in self.all(built(self.backend(), &select)).await? {
                let code: Option<String> = row.try_get_by_index(0)?;
                found.extend(code.and_then(|code| RegionCode::parse(&format!("{code}0000")).ok()));
            }
        }
        found.sort();
        found.dedup();
        Ok(found)
    }
}
