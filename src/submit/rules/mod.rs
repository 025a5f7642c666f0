//! Rules across fields: values the hub computes, checks of identifiers, and contradictions.
//!
//! A family without rules of its own gets only the shared ones.

mod accident;
mod base;
mod campaign;
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
use entity::typed::Record;

use crate::{
    store::reference::Reference,
    submit::draft::{Draft, View},
};

/// What rules may use besides the row.
#[derive(Clone, Copy, Debug)]
pub struct RuleContext<'a> {
    /// Code tables, for looking up codes and their validity.
    pub reference: &'a Reference,
    /// Code of the submitting department.
    pub department: &'a str,
    /// Source system of that department.
    pub source_system: &'a str,
    /// The current date in Asia/Shanghai.
    pub today: NaiveDate,
}

/// Applies the rules to a row.
pub fn apply(draft: &mut Draft, around: &RuleContext<'_>) {
    let row = &mut draft.shared();
    links::employer(row, around);
    links::industry(row, around);
    person::identity(row, around);
    of::<entity::accident::Entity>(draft, accident::apply);
    of::<entity::accident_victim::Entity>(draft, |row| victim::apply(row, around));
    of::<entity::campaign::Entity>(draft, campaign::apply);
    of::<entity::education_base::Entity>(draft, |row| base::apply(row, around.today));
    of::<entity::exposure_measurement::Entity>(draft, |row| exposure::apply(row, around));
    of::<entity::hazard_rectification::Entity>(draft, |row| hazard::apply(row, around));
    of::<entity::insured_unit_year::Entity>(draft, |row| unit_year::apply(row, around));
    of::<entity::occupational_disease_case::Entity>(draft, |row| disease::apply(row, around));
    of::<entity::training_record::Entity>(draft, training::apply);
    of::<entity::work_injury::Entity>(draft, |row| injury::apply(row, around.today));
}

/// Checks the change from what the store has to what the row says, in a family that guards a field.
pub fn step(draft: &mut Draft, from: &str) {
    of::<entity::hazard_rectification::Entity>(draft, |row| hazard::step(row, from));
    of::<entity::work_injury::Entity>(draft, |row| injury::step(row, from));
    of::<entity::education_base::Entity>(draft, |row| base::step(row, from));
}

/// Applies the rules of a family to a row that is one of its records.
fn of<R: Record>(draft: &mut Draft, rules: impl FnOnce(&mut View<'_, R::Column>)) {
    if let Some(mut row) = draft.of::<R>() {
        rules(&mut row);
    }
}

/// Natural key of a record.
#[must_use]
pub fn reference_of(department: &str, source_system: &str, source_key: &str) -> String {
    format!("{department}|{source_system}|{source_key}")
}
