//! Rules across fields: values the hub computes, identifiers, and what contradicts what.
//!
//! A family without rules of its own gets the shared ones only.

mod accident;
mod disease;
mod exposure;
mod hazard;
mod injury;
mod links;
mod person;
mod training;
mod unit_year;
mod victim;

use chrono::NaiveDate;

use crate::{store::reference::Reference, submit::draft::Draft};

/// What rules may know besides the row.
#[derive(Clone, Copy, Debug)]
pub struct Around<'a> {
    /// Code tables.
    pub reference: &'a Reference,
    /// Department that hands in.
    pub department: &'a str,
    /// System of that department.
    pub source_system: &'a str,
    /// Today in Asia/Shanghai.
    pub today: NaiveDate,
}

/// Applies the rules to a row.
pub fn apply(draft: &mut Draft, around: &Around<'_>) {
    links::employer(draft, around);
    links::industry(draft, around);
    person::identity(draft, around);
    match draft.family().name {
        "Accident" => accident::apply(draft),
        "AccidentVictim" => victim::apply(draft, around),
        "ExposureMeasurement" => exposure::apply(draft, around),
        "HazardRectification" => hazard::apply(draft, around),
        "InsuredUnitYear" => unit_year::apply(draft, around),
        "OccupationalDiseaseCase" => disease::apply(draft, around),
        "TrainingRecord" => training::apply(draft),
        "WorkInjury" => injury::apply(draft, around),
        _ => {}
    }
}

/// Checks the step from the state the store has to that of the row, in a family with a guarded state.
pub fn step(draft: &mut Draft, from: &str) {
    if draft.family().name == "HazardRectification" {
        hazard::step(draft, from);
    }
}

/// Natural key of a record.
#[must_use]
pub fn reference_of(department: &str, source_system: &str, source_key: &str) -> String {
    format!("{department}|{source_system}|{source_key}")
}
