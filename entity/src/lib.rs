//! Record families of the hub, each declared once.
//!
//! A family is one file here: a sea-orm entity whose fields carry label, description, sensitivity
//! class, code table and whether they may be filtered, sorted, grouped. See
//! `docs/adding-a-record-family.md`.

pub mod accident;
pub mod accident_victim;
pub mod campaign;
pub mod catalogue;
pub mod education_base;
pub mod employer;
pub mod employment;
pub mod exposure_measurement;
pub mod hazard_rectification;
pub mod insured_unit_year;
pub mod occupational_disease_case;
pub mod person;
pub mod system;
pub mod training_record;
pub mod typed;
pub mod work_injury;

use catalogue::Family;

pub use entity_derive::{record, sql};

/// The families the hub ships with.
#[must_use]
pub fn families() -> Vec<&'static Family> {
    vec![
        &employer::FAMILY,
        &person::FAMILY,
        &employment::FAMILY,
        &accident::FAMILY,
        &accident_victim::FAMILY,
        &occupational_disease_case::FAMILY,
        &work_injury::FAMILY,
        &hazard_rectification::FAMILY,
        &exposure_measurement::FAMILY,
        &training_record::FAMILY,
        &insured_unit_year::FAMILY,
        &education_base::FAMILY,
        &campaign::FAMILY,
    ]
}
