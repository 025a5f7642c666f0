//! Demonstration data: made-up records of two provinces from 2019 to 2025, the same ones every time
//! for a scale.
//!
//! The proportions follow the figures published by newspapers and yearbooks (about 0.9 deaths per
//! accident, four in five occupational diseases are pneumoconiosis, about five recognitions per
//! thousand insured); the records themselves are invented. Identity numbers carry birth dates of
//! 1900 to 1903, telephone numbers begin with 120, organisation codes with XY: none of them can be
//! anybody's. The module knows neither the store nor the submission pipeline.

mod accidents;
mod calendar;
mod county;
mod discrepancies;
mod diseases;
mod employers;
mod exposures;
mod hazards;
mod heavy_industry;
mod injuries;
mod light_industry;
mod names;
mod people;
mod planted;
mod prevention;
mod reports;
mod roster;
mod row;
mod scale;
mod sector;
mod signing;
mod stream;
mod trainings;
mod unit_years;
mod victims;
mod wording;

#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use serde_json::{Map, Value};

use county::County;
use scale::{SeedSite, sites};
use victims::{Flaw, Who};

pub use planted::{KINDS, Planted, planted};
pub use reports::{ReportedTask, reports};
pub use scale::{Scale, UnknownScale};
pub use signing::{Signing, signings};

/// Most rows of a batch.
pub const BATCH_ROWS: usize = 1_000;

/// Families in the order in which they are handed in.
pub const FAMILIES: [&str; 13] = [
    "Employer",
    "Person",
    "Employment",
    "Accident",
    "AccidentVictim",
    "OccupationalDiseaseCase",
    "WorkInjury",
    "HazardRectification",
    "ExposureMeasurement",
    "TrainingRecord",
    "InsuredUnitYear",
    "EducationBase",
    "Campaign",
];

/// Rows of one family that one organisation hands in together.
#[derive(Clone, Debug, PartialEq)]
pub struct SeedBatch {
    /// Name of the record family, as in the schema.
    pub family: &'static str,
    /// Code of the department that hands it in.
    pub department: &'static str,
    /// Region code of the city whose organisation hands it in; every row lies in one of its
    /// counties.
    pub region: &'static str,
    /// At least one row, at most [`BATCH_ROWS`]; fields by their name in the schema.
    pub rows: Vec<Map<String, Value>>,
}

/// All data of a scale, family after family and city after city. One county is held in memory at a
/// time.
pub fn batches(scale: Scale) -> impl Iterator<Item = SeedBatch> {
    SeedBatches {
        sites: sites(scale),
        family: 0,
        site: 0,
        open: Vec::new(),
        ready: VecDeque::new(),
    }
}

/// Rows that [`batches`] yields for a scale.
#[must_use]
pub fn total_rows(scale: Scale) -> u64 {
    let rows = |county: County| {
        let listed = county.victims.iter().filter(|victim| victim.flaw != Flaw::NotListed).count();
        let twice = county.reported_twice();
        let of_twice = |victim: &&victims::Victim| {
            twice.iter().any(|accident| accident.index == victim.accident)
        };
        let again = twice.len()
            + county.victims.iter().filter(of_twice).count()
            + county.numbered_twice().len();
        let persons = county.roster.persons.len() * 2 + again;
        let meeting = hazards::of(&county).len()
            + exposures::of(&county).len()
            + trainings::of(&county).all.len()
            + 1
            + prevention::campaigns(&county.site).len();
        let employers = county.employers.all.len() * (1 + calendar::YEARS.len());
        employers
            + persons
            + county.accidents.len()
            + listed
            + county.cases.len()
            + county.injuries.len()
            + meeting
    };
    sites(scale).into_iter().map(|site| rows(County::build(site)) as u64).sum()
}

type SeedRows = Vec<Map<String, Value>>;

struct SeedBatches {
    sites: Vec<SeedSite>,
    family: usize,
    site: usize,
    /// Rows of the present city that do not fill a batch yet, by department.
    open: Vec<(&'static str, SeedRows)>,
    ready: VecDeque<SeedBatch>,
}

impl Iterator for SeedBatches {
    type Item = SeedBatch;

    fn next(&mut self) -> Option<SeedBatch> {
        while self.ready.is_empty() {
            let family = FAMILIES.get(self.family).copied()?;
            match self.sites.get(self.site).copied() {
                Some(site) => {
                    self.fill(family, site);
                    self.site += 1;
                }
                None => (self.family, self.site) = (self.family + 1, 0),
            }
        }
        self.ready.pop_front()
    }
}

impl SeedBatches {
    /// Adds the rows of one county; closes the batches of the city after its last county.
    fn fill(&mut self, family: &'static str, site: SeedSite) {
        let region = site.place.city.as_str();
        let (open, ready) = (&mut self.open, &mut self.ready);
        rows(&County::build(site), family, &mut |department, row| {
            let place =
                open.iter().position(|(known, _)| *known == department).unwrap_or_else(|| {
                    open.push((department, SeedRows::new()));
                    open.len() - 1
                });
            let Some((_, rows)) = open.get_mut(place) else { return };
            rows.push(row);
            if rows.len() == BATCH_ROWS {
                ready.push_back(SeedBatch {
                    family,
                    department,
                    region,
                    rows: std::mem::take(rows),
                });
            }
        });
        if self.sites.get(self.site + 1).is_none_or(|next| next.place.city != site.place.city) {
            let rest = self.open.drain(..).filter(|(_, rows)| !rows.is_empty());
            self.ready.extend(rest.map(|(department, rows)| SeedBatch {
                family,
                department,
                region,
                rows,
            }));
        }
    }
}

/// A row under another number, as it is handed in a second time.
fn renumbered(mut row: Map<String, Value>, fields: &[&str]) -> Map<String, Value> {
    for field in fields {
        if let Some(number) = row.get(*field).and_then(Value::as_str).map(discrepancies::again) {
            row.insert((*field).to_owned(), number.into());
        }
    }
    row
}

/// Hands every row of a family in a county to `take`, with its department.
fn rows(county: &County, family: &str, take: &mut dyn FnMut(&'static str, Map<String, Value>)) {
    let site = &county.site;
    let employed = || {
        county
            .roster
            .persons
            .iter()
            .filter_map(|person| Some((person, county.employer(person.employer)?)))
    };
    let at = |place: u32| {
        county
            .roster
            .persons
            .get(place as usize)
            .and_then(|person| Some((person, county.employer(person.employer)?)))
    };
    match family {
        "Employer" => county
            .employers
            .all
            .iter()
            .for_each(|employer| take("HRSS", employers::row(site, employer))),
        "Person" => {
            employed()
                .for_each(|(person, employer)| take("HRSS", people::row(site, person, employer)));
            for person in county.numbered_twice() {
                let Some(employer) = county.employer(person.employer) else { continue };
                take(
                    "HRSS",
                    renumbered(
                        people::row(site, person, employer),
                        &[entity::person::names::PERSON_NO],
                    ),
                );
            }
        }
        "Employment" => employed().for_each(|(person, employer)| {
            take("HRSS", people::employment_row(site, person, employer))
        }),
        "Accident" => {
            for accident in &county.accidents {
                let Some(employer) = county.employer(accident.employer) else { continue };
                take(accident.sector.department, accidents::row(site, accident, employer));
            }
            for accident in county.reported_twice() {
                let Some(employer) = county.employer(accident.employer) else { continue };
                take(
                    accident.sector.department,
                    renumbered(
                        accidents::row(site, accident, employer),
                        &[entity::accident::names::ACCIDENT_NO],
                    ),
                );
            }
        }
        "AccidentVictim" => {
            let twice: Vec<u32> =
                county.reported_twice().iter().map(|accident| accident.index).collect();
            for victim in county.victims.iter().filter(|victim| victim.flaw != Flaw::NotListed) {
                let Some(accident) = county.accidents.get(victim.accident as usize) else {
                    continue;
                };
                let person = match &victim.person {
                    Who::Insured(place) => county.roster.persons.get(*place as usize),
                    Who::Outsider(person) => Some(&**person),
                };
                let Some(person) = person else { continue };
                let row = victims::row(site, victim, accident, person);
                if twice.contains(&accident.index) {
                    take(
                        accident.sector.department,
                        renumbered(
                            row.clone(),
                            &[
                                entity::accident_victim::names::ACCIDENT_NO,
                                entity::accident_victim::names::VICTIM_NO,
                            ],
                        ),
                    );
                }
                take(accident.sector.department, row);
            }
        }
        "OccupationalDiseaseCase" => {
            for case in &county.cases {
                let Some((person, employer)) = at(case.person) else { continue };
                take("HEALTH", diseases::row(site, case, person, employer));
            }
        }
        "HazardRectification" => {
            for hazard in hazards::of(county) {
                let Some(employer) = county.employer(hazard.employer) else { continue };
                take(hazard.department, hazards::row(site, &hazard, employer));
            }
        }
        "ExposureMeasurement" => {
            for measurement in exposures::of(county) {
                let Some(employer) = county.employer(measurement.employer) else { continue };
                take("HEALTH", exposures::row(site, &measurement, employer));
            }
        }
        "TrainingRecord" => {
            for training in trainings::of(county).all {
                let Some((person, employer)) = at(training.person) else { continue };
                let department = trainings::department(employer.sector, training.domain);
                take(department, trainings::row(site, &training, person, employer));
            }
        }
        "EducationBase" => take("HRSS", prevention::base(site)),
        "Campaign" => prevention::campaigns(site).into_iter().for_each(|row| take("HRSS", row)),
        "InsuredUnitYear" => {
            for unit in unit_years::of(county) {
                let Some(employer) = county.employer(unit.employer) else { continue };
                take("HRSS", unit_years::row(site, &unit, employer));
            }
        }
        _ => {
            for injury in &county.injuries {
                let Some((person, employer)) = at(injury.person) else { continue };
                let links = county.links(injury);
                take("HRSS", injuries::row(site, injury, person, employer, &links));
            }
        }
    }
}

impl County {
    /// The accident and the disease case that a work injury names.
    fn links(&self, injury: &injuries::Injury) -> injuries::InjuryLinks<'_> {
        match injury.basis {
            injuries::InjuryCause::Victim(place) => {
                let victim = self.victims.get(place as usize);
                let accident =
                    victim.and_then(|victim| self.accidents.get(victim.accident as usize));
                injuries::InjuryLinks { accident, case: None }
            }
            injuries::InjuryCause::Case(place) => {
                injuries::InjuryLinks { accident: None, case: self.cases.get(place as usize) }
            }
            _ => injuries::InjuryLinks::default(),
        }
    }
}
