//! Tables of the families that the joint meeting needs.

use sea_orm_migration::prelude::*;

use crate::columns::{Of, create_family, drop_tables};

/// Adds the tables of hazards, exposure measurements, trainings and insured unit years.
#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 4] =
    ["hazard_rectifications", "exposure_measurements", "training_records", "insured_unit_years"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        hazard_rectifications(manager).await?;
        exposure_measurements(manager).await?;
        training_records(manager).await?;
        insured_unit_years(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &TABLES).await
    }
}

/// Columns are `(name, type, required)`.
async fn hazard_rectifications(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_family(
        manager,
        "hazard_rectifications",
        &[
            ("hazard_no", Of::Text, true),
            ("found_at", Of::Date, true),
            ("source", Of::Text, true),
            ("region_code", Of::Text, true),
            ("employer_uscc", Of::Text, false),
            ("employer_no", Of::Text, false),
            ("employer_name", Of::Text, false),
            ("employer_name_sort", Of::Text, false),
            ("industry_code", Of::Text, false),
            ("key_industry", Of::Text, false),
            ("level", Of::Text, true),
            ("category", Of::Text, false),
            ("site", Of::Text, false),
            ("description", Of::Text, false),
            ("measures", Of::Text, false),
            ("ordered_at", Of::Date, false),
            ("deadline", Of::Date, false),
            ("extended_deadline", Of::Date, false),
            ("submitted_at", Of::Date, false),
            ("recheck_at", Of::Date, false),
            ("closed_at", Of::Date, false),
            ("status", Of::Text, true),
            ("supervised", Of::Bool, false),
            ("supervised_at", Of::Date, false),
            ("transferred_at", Of::Date, false),
            ("transferred_to", Of::Text, false),
            ("fund_fen", Of::BigInt, false),
            ("responsible_person", Of::Text, false),
            ("rechecker", Of::Text, false),
            ("employer_key", Of::Text, false),
        ],
        &[
            &["region_code", "key_industry", "found_at"],
            &["employer_key"],
            &["status", "deadline"],
            &["employer_name_sort"],
        ],
    )
    .await
}

async fn exposure_measurements(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_family(
        manager,
        "exposure_measurements",
        &[
            ("measurement_no", Of::Text, true),
            ("sampled_at", Of::Date, true),
            ("employer_uscc", Of::Text, false),
            ("employer_no", Of::Text, false),
            ("employer_name", Of::Text, false),
            ("employer_name_sort", Of::Text, false),
            ("region_code", Of::Text, true),
            ("industry_code", Of::Text, false),
            ("key_industry", Of::Text, false),
            ("post", Of::Text, false),
            ("point", Of::Text, false),
            ("factor", Of::Text, true),
            ("measure_kind", Of::Text, true),
            ("dust_fraction", Of::Text, false),
            ("value_ug", Of::Int, true),
            ("free_silica_permille", Of::Int, false),
            ("exposed_workers", Of::Int, false),
            ("institution", Of::Text, false),
            ("protective_equipment", Of::Text, false),
            ("silica_class", Of::Text, false),
            ("limit_ug", Of::Int, false),
            ("limit_edition", Of::Text, false),
            ("exceeded", Of::Bool, false),
            ("employer_key", Of::Text, false),
        ],
        &[
            &["region_code", "key_industry", "sampled_at"],
            &["employer_key"],
            &["employer_name_sort"],
        ],
    )
    .await
}

async fn training_records(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_family(
        manager,
        "training_records",
        &[
            ("training_no", Of::Text, true),
            ("name", Of::Text, true),
            ("name_sort", Of::Text, false),
            ("id_type", Of::Text, false),
            ("id_number", Of::Bytes, false),
            ("person_key", Of::Text, false),
            ("employer_uscc", Of::Text, false),
            ("employer_no", Of::Text, false),
            ("region_code", Of::Text, true),
            ("industry_code", Of::Text, false),
            ("key_industry", Of::Text, false),
            ("key_post", Of::Text, false),
            ("training_domain", Of::Text, true),
            ("mode", Of::Text, true),
            ("hours", Of::Int, false),
            ("started_on", Of::Date, false),
            ("ended_on", Of::Date, true),
            ("exam_at", Of::Date, false),
            ("passed", Of::Bool, false),
            ("certificate_no", Of::Text, false),
            ("employer_key", Of::Text, false),
        ],
        &[
            &["region_code", "key_industry", "ended_on"],
            &["person_key"],
            &["employer_key"],
            &["name_sort"],
        ],
    )
    .await
}

async fn insured_unit_years(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_family(
        manager,
        "insured_unit_years",
        &[
            ("unit_year_no", Of::Text, true),
            ("year", Of::Int, true),
            ("insured_unit_no", Of::Text, false),
            ("employer_uscc", Of::Text, false),
            ("employer_no", Of::Text, false),
            ("employer_name", Of::Text, false),
            ("employer_name_sort", Of::Text, false),
            ("region_code", Of::Text, true),
            ("industry_code", Of::Text, false),
            ("key_industry", Of::Text, false),
            ("insured_since", Of::Date, false),
            ("risk_class", Of::Int, true),
            ("base_rate_per_100000", Of::Int, true),
            ("float_step", Of::Text, true),
            ("floated_rate_per_100000", Of::Int, false),
            ("insured_persons", Of::Int, true),
            ("wage_bill_fen", Of::BigInt, false),
            ("premium_due_fen", Of::BigInt, false),
            ("premium_paid_fen", Of::BigInt, false),
            ("benefit_medical_fen", Of::BigInt, false),
            ("benefit_disability_fen", Of::BigInt, false),
            ("benefit_death_fen", Of::BigInt, false),
            ("benefit_other_fen", Of::BigInt, false),
            ("benefits_fen", Of::BigInt, false),
            ("employer_paid_fen", Of::BigInt, false),
            ("prevention_fen", Of::BigInt, false),
            ("burden_band", Of::Text, false),
            ("new_injuries", Of::Int, false),
            ("new_deaths", Of::Int, false),
            ("new_serious", Of::Int, false),
            ("new_disease_cases", Of::Int, false),
            ("employer_key", Of::Text, false),
        ],
        &[&["region_code", "year", "key_industry"], &["employer_key"], &["employer_name_sort"]],
    )
    .await
}
