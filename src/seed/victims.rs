//! Persons hurt in accidents: most work for the employer, some are passers-by or come from
//! elsewhere.

use chrono::{Datelike, NaiveDate};
use entity::accident_victim::names as field;
use serde_json::{Map, Value};

use super::{
    accidents::Accident, calendar, people::Person, row::SeedRow, scale::SeedSite, wording,
};

const TOPIC: u64 = 4;

/// A victim as the whole data set knows it.
#[derive(Debug)]
pub(super) struct Victim {
    /// Number in the county, from 0.
    pub index: u32,
    /// Place of the accident in the county's list.
    pub accident: u32,
    /// Number in the accident, from 1.
    pub ordinal: u32,
    pub person: Who,
    pub degree: &'static str,
    pub form: &'static str,
    pub died_at: Option<NaiveDate>,
    pub lost_workdays: u32,
    pub flaw: Flaw,
}

/// Who was hurt.
#[derive(Debug)]
pub(super) enum Who {
    /// A person of the roll, as a place in the county's list.
    Insured(u32),
    /// Someone whom 人社 does not know.
    Outsider(Box<Person>),
}

/// What is wrong with an entry on purpose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Flaw {
    #[default]
    None,
    /// No recognition was applied for.
    NoRecognition,
    /// The identity number is not given.
    NoIdentity,
    /// The name differs from the one 人社 has.
    OtherName,
    /// The department did not list this victim.
    NotListed,
}

/// Draws what follows from the degree of injury: form of employment, day of death, days lost.
pub(super) fn build(
    site: &SeedSite,
    index: u32,
    accident: &Accident,
    ordinal: u32,
    who: (Who, &'static str),
    degree: &'static str,
) -> Victim {
    let mut stream = site.stream(TOPIC, index);
    let (person, form) = who;
    let dead = degree == "DEATH";
    // Deaths count within 30 days, within 7 after road traffic and fire.
    let window = if matches!(accident.kind, "VEHICLE" | "FIRE") { 6 } else { 28 };
    let later = if stream.chance(820) { 0 } else { stream.between(1, window) };
    let died_at = dead.then(|| calendar::after(accident.day, later));
    let lost_workdays = match degree {
        "DEATH" | "MISSING" => 6000,
        "SERIOUS" => stream.between(105, 2200),
        "ACUTE_POISONING" => stream.between(5, 180),
        _ => stream.between(3, 100),
    };
    Victim {
        index,
        accident: accident.index,
        ordinal,
        person,
        degree,
        form,
        died_at,
        lost_workdays,
        flaw: Flaw::None,
    }
}

impl Victim {
    /// Number in the department's system.
    pub(super) fn number(&self, site: &SeedSite, accident: &Accident) -> String {
        format!("{}-{}", accident.number(site), self.ordinal)
    }
}

/// The victim as the department of the accident hands it in.
pub(super) fn row(
    site: &SeedSite,
    victim: &Victim,
    accident: &Accident,
    person: &Person,
) -> Map<String, Value> {
    let mut stream = site.stream(TOPIC + 1, victim.index);
    let words = wording::of(accident.kind);
    let name =
        if victim.flaw == Flaw::OtherName { person.other_name(site) } else { person.name(site) };
    let age = (accident.day.year() - person.born).clamp(18, 66);
    let worker = victim.form != "EXTERNAL";
    let identified = victim.flaw != Flaw::NoIdentity;
    let service = (accident.day - person.insured_from).num_days().clamp(30, 9_000) / 30;
    SeedRow::default()
        .text(field::VICTIM_NO, victim.number(site, accident))
        .text(field::ACCIDENT_NO, accident.number(site))
        .text(field::NAME, name)
        .maybe(field::ID_TYPE, identified.then_some("RESIDENT_ID"))
        .maybe(field::ID_NUMBER, identified.then(|| person.id_number(site)))
        .text(field::SEX, person.sex())
        .number(field::AGE, age as u32)
        .maybe(field::WORK_TYPE, worker.then_some(person.post))
        .maybe_number(field::SERVICE_MONTHS, worker.then_some(service as u32))
        .text(field::EMPLOYMENT_FORM, victim.form)
        .text(field::INJURY_DEGREE, victim.degree)
        .text(field::BODY_PART, stream.word(words.parts))
        .text(field::INJURY_NATURE, stream.word(words.injuries))
        .number(field::LOST_WORKDAYS, victim.lost_workdays)
        .day(field::DIED_AT, victim.died_at)
        .flag(field::TRAINED_BEFORE, worker && stream.chance(780))
        .done()
}
