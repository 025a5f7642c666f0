//! Indexes by which a page of one region is read in its order: a page of a county costs its own
//! rows, however many others the store holds.
//!
//! Each order that the catalogue calls indexed has `(region_code, column, id)`, the order by
//! identifier `(region_code, id)`, of rows that are not withdrawn. They take the place of those by
//! region alone and of those of the whole table. Accidents and employers are public in every region,
//! so that their pages also go through the whole table: they keep an index of each order without the
//! region.

use sea_orm_migration::prelude::*;

use crate::columns::{drop_region_orders, index, region_orders, run};

/// Replaces the indexes of pages by those of the pages of a region.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// A family: its table, the columns of its orders, the indexes that go.
type Pages = (&'static str, &'static [&'static str], &'static [&'static [&'static str]]);

const PAGES: [Pages; 11] = [
    ("employers", &["name_sort"], &[&["name_sort"]]),
    ("persons", &["name_sort"], &[&["region_code"], &["name_sort"]]),
    ("employments", &["insured_from"], &[&["region_code"]]),
    (
        "accidents",
        &["occurred_at", "employer_name_sort"],
        &[&["occurred_at"], &["employer_name_sort"]],
    ),
    ("accident_victims", &["name_sort"], &[&["region_code"], &["name_sort"]]),
    (
        "occupational_disease_cases",
        &["diagnosed_at", "name_sort", "employer_name_sort"],
        &[&["region_code", "diagnosed_at"], &["name_sort"], &["employer_name_sort"]],
    ),
    (
        "work_injuries",
        &["injured_at", "name_sort"],
        &[&["region_code", "injured_at"], &["name_sort"]],
    ),
    ("hazard_rectifications", &["found_at", "employer_name_sort"], &[&["employer_name_sort"]]),
    ("exposure_measurements", &["sampled_at", "employer_name_sort"], &[&["employer_name_sort"]]),
    ("training_records", &["ended_on", "name_sort"], &[&["name_sort"]]),
    ("insured_unit_years", &["year", "employer_name_sort"], &[&["employer_name_sort"]]),
];

/// Orders of the whole table, of families that are public in every region.
const EVERYWHERE: [(&str, &[&str]); 5] = [
    ("employers", &["updated_at", "id"]),
    ("employers", &["name_sort", "id"]),
    ("accidents", &["updated_at", "id"]),
    ("accidents", &["occurred_at", "id"]),
    ("accidents", &["employer_name_sort", "id"]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, orders, replaced) in PAGES {
            region_orders(manager, table, orders).await?;
            for columns in replaced {
                drop(manager, table, columns).await?;
            }
        }
        for (table, columns) in EVERYWHERE {
            index(manager, table, columns).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, columns) in EVERYWHERE {
            drop(manager, table, columns).await?;
        }
        for (table, orders, replaced) in PAGES {
            for columns in replaced {
                index(manager, table, columns).await?;
            }
            drop_region_orders(manager, table, orders).await?;
        }
        Ok(())
    }
}

async fn drop(manager: &SchemaManager<'_>, table: &str, columns: &[&str]) -> Result<(), DbErr> {
    run(manager, &format!("DROP INDEX ix_{table}_{}", columns.join("_"))).await
}
