//! Tables of the first record families.

use sea_orm_migration::prelude::*;

use crate::columns::{Of, create_family, drop_tables};

/// Adds the tables of employers, persons, employments, accidents, victims, diseases and injuries.
#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 7] = [
    "employers",
    "persons",
    "employments",
    "accidents",
    "accident_victims",
    "occupational_disease_cases",
    "work_injuries",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        employers(manager).await?;
        persons(manager).await?;
        employments(manager).await?;
        accidents(manager).await?;
        accident_victims(manager).await?;
        occupational_disease_cases(manager).await?;
        work_injuries(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &TABLES).await
    }
}

/// Columns are `(name, type, required)`.
async fn employers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_family(
        manager,
        "employers",
        &[
            ("employer_no", Of::Text, true),
            ("uscc", Of::Text, false),
            ("name", Of::Text, true),
            ("name_sort", Of::Text, false),
            ("region_code", Of::Text, true),
            ("address", Of::Text, false),
            ("industry_code", Of::Text, false),
            ("key_industry", Of::Text, false),
            ("economic_type", Of::Text, false),
            ("scale", Of::Text, false),
            ("insured_persons", Of::Int, false),
            ("dust_exposed_persons", Of::Int, false),
            ("employer_key", Of::Text, true),
        ],
        &[&["employer_key"], &["region_code", "key_industry"], &["uscc"], &["name_sort"]],
    )
    .await
}

async fn persons(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_family(
        manager,
        "persons",
        &[
            ("person_no", Of::Text, true),
            ("name", Of::Text, true),
            ("name_sort", Of::Text, false),
            ("id_type", Of::Text, true),
            ("id_number", Of::Bytes, false),
            ("person_key", Of::Text, false),
            ("sex", Of::Text, false),
            ("birth_date", Of::Date, false),
            ("phone", Of::Bytes, false),
            ("residence_address", Of::Bytes, false),
            ("region_code", Of::Text, true),
            ("key_industry", Of::Text, false),
            ("employer_uscc", Of::Text, false),
            ("employer_no", Of::Text, false),
            ("employer_key", Of::Text, false),
        ],
        &[&["person_key"], &["region_code"], &["employer_key"], &["name_sort"]],
    )
    .await
}

async fn employments(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_family(
        manager,
        "employments",
        &[
            ("employment_no", Of::Text, true),
            ("id_type", Of::Text, true),
            ("id_number", Of::Bytes, false),
            ("person_key", Of::Text, false),
            ("employer_uscc", Of::Text, false),
            ("employer_no", Of::Text, false),
            ("region_code", Of::Text, true),
            ("key_industry", Of::Text, false),
            ("post", Of::Text, false),
            ("key_post", Of::Text, false),
            ("employment_form", Of::Text, false),
            ("dust_exposure_since", Of::Bytes, false),
            ("insured_from", Of::Date, false),
            ("insured_to", Of::Date, false),
            ("employer_key", Of::Text, false),
        ],
        &[&["person_key"], &["employer_key"], &["region_code"]],
    )
    .await
}

async fn accidents(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_family(
        manager,
        "accidents",
        &[
            ("accident_no", Of::Text, true),
            ("occurred_at", Of::Instant, true),
            ("reported_at", Of::Instant, false),
            ("region_code", Of::Text, true),
            ("address", Of::Text, false),
            ("employer_uscc", Of::Text, false),
            ("employer_no", Of::Text, false),
            ("employer_name", Of::Text, false),
            ("employer_name_sort", Of::Text, false),
            ("industry_code", Of::Text, false),
            ("key_industry", Of::Text, false),
            ("accident_type", Of::Text, true),
            ("accident_type_edition", Of::Text, true),
            ("deaths", Of::Int, true),
            ("missing", Of::Int, true),
            ("serious_injuries", Of::Int, true),
            ("acute_poisonings", Of::Int, true),
            ("minor_injuries", Of::Int, true),
            ("casualties", Of::Int, true),
            ("direct_loss_fen", Of::BigInt, false),
            ("grade", Of::Text, false),
            ("lost_workdays", Of::Int, false),
            ("hazardous_chemical", Of::Bool, false),
            ("road_traffic", Of::Bool, false),
            ("fire", Of::Bool, false),
            ("nature", Of::Text, false),
            ("stat_status", Of::Text, false),
            ("cause_agent", Of::Text, false),
            ("injury_agent", Of::Text, false),
            ("course", Of::Text, false),
            ("direct_cause", Of::Text, false),
            ("approved_at", Of::Date, false),
            ("employer_key", Of::Text, false),
        ],
        &[
            &["region_code", "key_industry", "occurred_at"],
            &["occurred_at"],
            &["employer_key"],
            &["employer_name_sort"],
        ],
    )
    .await
}

async fn accident_victims(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_family(
        manager,
        "accident_victims",
        &[
            ("victim_no", Of::Text, true),
            ("accident_no", Of::Text, true),
            ("name", Of::Text, false),
            ("name_sort", Of::Text, false),
            ("id_type", Of::Text, false),
            ("id_number", Of::Bytes, false),
            ("person_key", Of::Text, false),
            ("sex", Of::Text, false),
            ("age", Of::Int, false),
            ("work_type", Of::Text, false),
            ("service_months", Of::Int, false),
            ("employment_form", Of::Text, false),
            ("injury_degree", Of::Text, true),
            ("body_part", Of::Bytes, false),
            ("injury_nature", Of::Bytes, false),
            ("lost_workdays", Of::Int, false),
            ("died_at", Of::Date, false),
            ("trained_before", Of::Bool, false),
            ("region_code", Of::Text, true),
            ("key_industry", Of::Text, false),
            ("accident_ref", Of::Text, true),
            ("injury_key", Of::Text, false),
        ],
        &[&["accident_ref"], &["person_key"], &["injury_key"], &["region_code"], &["name_sort"]],
    )
    .await
}

async fn occupational_disease_cases(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_family(
        manager,
        "occupational_disease_cases",
        &[
            ("card_no", Of::Text, true),
            ("report_nature", Of::Text, true),
            ("name", Of::Text, true),
            ("name_sort", Of::Text, false),
            ("sex", Of::Text, false),
            ("birth_date", Of::Date, false),
            ("id_type", Of::Text, false),
            ("id_number", Of::Bytes, false),
            ("person_key", Of::Text, false),
            ("phone", Of::Bytes, false),
            ("residence_address", Of::Bytes, false),
            ("employer_uscc", Of::Text, false),
            ("employer_no", Of::Text, false),
            ("employer_name", Of::Text, false),
            ("employer_name_sort", Of::Text, false),
            ("region_code", Of::Text, true),
            ("industry_code", Of::Text, false),
            ("key_industry", Of::Text, false),
            ("work_type", Of::Text, false),
            ("hazard_factors", Of::Text, false),
            ("exposure_start", Of::Bytes, false),
            ("exposure_months_total", Of::Int, false),
            ("exposure_years", Of::Int, false),
            ("exposure_months", Of::Int, false),
            ("under_five_years", Of::Bool, false),
            ("disease_class", Of::Text, false),
            ("disease_code", Of::Text, true),
            ("catalogue_edition", Of::Text, true),
            ("pneumoconiosis_kind", Of::Text, false),
            ("stage", Of::Text, false),
            ("tuberculosis", Of::Bytes, false),
            ("diagnosed_at", Of::Date, true),
            ("reported_at", Of::Date, false),
            ("diagnosing_institution", Of::Text, false),
            ("certificate_no", Of::Bytes, false),
            ("died_at", Of::Bytes, false),
            ("death_cause", Of::Bytes, false),
            ("employer_key", Of::Text, false),
        ],
        &[
            &["region_code", "diagnosed_at"],
            &["person_key"],
            &["employer_key"],
            &["name_sort"],
            &["employer_name_sort"],
        ],
    )
    .await
}

async fn work_injuries(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_family(
        manager,
        "work_injuries",
        &[
            ("case_no", Of::Text, true),
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
            ("applicant_kind", Of::Text, false),
            ("injured_at", Of::Date, true),
            ("applied_at", Of::Date, false),
            ("accepted_at", Of::Date, false),
            ("decided_at", Of::Date, false),
            ("result", Of::Text, false),
            ("article", Of::Text, false),
            ("course", Of::Text, false),
            ("body_part", Of::Bytes, false),
            ("fatal", Of::Bool, false),
            ("appraised_at", Of::Bytes, false),
            ("disability_grade", Of::Text, false),
            ("care_grade", Of::Text, false),
            ("accident_no", Of::Text, false),
            ("accident_department", Of::Text, false),
            ("accident_source_system", Of::Text, false),
            ("disease_card_no", Of::Text, false),
            ("disease_card_source_system", Of::Text, false),
            ("employer_key", Of::Text, false),
            ("accident_ref", Of::Text, false),
            ("disease_case_ref", Of::Text, false),
            ("injury_key", Of::Text, false),
        ],
        &[
            &["region_code", "injured_at"],
            &["person_key"],
            &["employer_key"],
            &["accident_ref"],
            &["injury_key"],
            &["disease_case_ref"],
            &["name_sort"],
        ],
    )
    .await
}
