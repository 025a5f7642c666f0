//! Whether a figure exists at all: who answers for a count of a region and year, and by what.
//!
//! A count of accidents is known, industry by industry, when the responsible department of the region has signed its return
//! of the year, zero included, or when there is an accident of that industry and year in the region. Diseases are handed in
//! for a region as a whole: the return of 卫健, or a case of the year. What no return is signed for is known where its
//! department has handed in records of that kind, region and year. All else is missing, and is no zero.
//!
//! A count is final when the return it belongs to is signed as final; where no plan asks for a return, when its year is over.

use super::{
    frame::Group,
    maker::Maker,
    owed::{Owed, What},
};
use crate::{
    domain::{
        department::Department,
        indicator::Indicator,
        plan::{Finality, ObligationKind},
        region::RegionCode,
        returns,
    },
    store::{
        meeting::figures::{Measure, responsible},
        reference::Reference,
    },
};

/// The return an indicator rests on.
pub(super) const fn kind_of(indicator: Indicator) -> Option<ObligationKind> {
    match indicator {
        Indicator::I1 | Indicator::I2 => Some(ObligationKind::AccidentReturn),
        Indicator::I3 => Some(ObligationKind::DiseaseReturn),
        _ => None,
    }
}

/// Whether a department answers by name for the accidents of an industry.
fn answered(reference: &Reference, industry: &str) -> bool {
    let code = reference.table("key_industry").and_then(|table| table.editions(industry).next());
    code.is_some_and(|code| code.attributes.contains_key("responsible_department"))
}

impl Maker<'_> {
    /// What a count of a group waits for; nothing where somebody answers for all of it. `number` gives the count of one industry.
    pub(super) fn owed(
        &self,
        region: &RegionCode,
        group: &Group,
        (year, measure): (i32, Measure),
        number: &dyn Fn(&str, Measure) -> i64,
    ) -> Option<Owed> {
        let there = |measure| self.taken.present(region, year, measure);
        let owed = |what, departments: Vec<String>| Some(Owed { departments, what, year });
        let only = |department: Department| vec![department.code().to_owned()];
        let of_industries = || self.departments(ObligationKind::AccidentReturn, group);
        match measure {
            Measure::Accidents | Measure::Deaths | Measure::Missing | Measure::Serious | Measure::Minor => {
                let unknown = |code: &&&String| {
                    let department = responsible(&self.services.reference, code);
                    let declared =
                        self.signed.latest(region, ObligationKind::AccidentReturn, department, year).is_some_and(|signed| {
                            // What no department answers for by name lies in the general statistics, which have no line of its own.
                            signed.content.figure(returns::Count::Accidents, Some(code.as_str())).is_some()
                                || !answered(&self.services.reference, code)
                        });
                    !declared && number(code, Measure::Accidents) == 0
                };
                let members = self.frame.members(group);
                let mut departments: Vec<String> =
                    members.iter().filter(unknown).map(|code| responsible(&self.services.reference, code).to_owned()).collect();
                departments.sort();
                departments.dedup();
                if departments.is_empty() { None } else { owed(What::AccidentReturn, departments) }
            }
            Measure::Pneumoconiosis | Measure::ShortExposure | Measure::UnknownExposure | Measure::Diseases => {
                let declared = self.signed.latest(region, ObligationKind::DiseaseReturn, Department::HEALTH.code(), year).is_some();
                if declared || there(Measure::Diseases) { None } else { owed(What::DiseaseReturn, only(Department::HEALTH)) }
            }
            Measure::KeyPosts if there(measure) => None,
            Measure::KeyPosts => owed(What::Roll, only(Department::HRSS)),
            Measure::SafetyTrained | Measure::HealthTrained | Measure::AnyTrained => {
                let (held, by) = match measure {
                    Measure::SafetyTrained => (Measure::SafetyTrainings, of_industries()),
                    Measure::HealthTrained => (Measure::HealthTrainings, only(Department::HEALTH)),
                    _ => (Measure::Trainings, only(Department::HRSS)),
                };
                let any = (self.first_trained()..=year).any(|year| self.taken.present(region, year, held));
                if any || there(measure) { None } else { owed(What::Trainings, by) }
            }
            Measure::Injuries | Measure::InjuriesAtWork | Measure::InjuriesByAccident => {
                let declared = self.signed.latest(region, ObligationKind::PlanReport, Department::HRSS.code(), year).is_some();
                if declared || there(Measure::Injuries) { None } else { owed(What::Injuries, only(Department::HRSS)) }
            }
            Measure::Units
            | Measure::Insured
            | Measure::Insurers
            | Measure::Premiums
            | Measure::Payers
            | Measure::Benefits
            | Measure::Beneficiaries
            | Measure::Prevention
            | Measure::Preventers => {
                if there(Measure::Units) {
                    None
                } else {
                    owed(What::UnitYears, only(Department::HRSS))
                }
            }
            Measure::HazardsDue | Measure::HazardsClosed | Measure::HazardsInTime | Measure::MajorDue | Measure::MajorClosed => {
                if there(Measure::HazardsDue) {
                    None
                } else {
                    owed(What::Hazards, of_industries())
                }
            }
            Measure::Points | Measure::PointsAbove => {
                if there(Measure::Points) {
                    None
                } else {
                    owed(What::Measurements, only(Department::HEALTH))
                }
            }
            Measure::InsuredVictims | Measure::MatchedVictims => {
                if there(Measure::InsuredVictims) {
                    None
                } else {
                    owed(What::Victims, of_industries())
                }
            }
            Measure::SafetyTrainings
            | Measure::HealthTrainings
            | Measure::Trainings
            | Measure::SafetyPassed
            | Measure::HealthPassed
            | Measure::Passed => None,
        }
    }

    /// Departments whose returns a group is made of.
    pub(super) fn departments(&self, kind: ObligationKind, group: &Group) -> Vec<String> {
        if kind != ObligationKind::AccidentReturn {
            return vec![Department::HEALTH.code().to_owned()];
        }
        let of = self.frame.members(group).into_iter().map(|code| responsible(&self.services.reference, code).to_owned());
        let mut departments: Vec<String> = of.collect();
        departments.sort();
        departments.dedup();
        departments
    }

    /// Departments that have still to sign the final return of a year, for a figure of a group; nothing where it is final.
    pub(super) fn unsigned(&self, indicator: Indicator, region: &RegionCode, group: &Group, year: i32) -> Option<Owed> {
        let kind = kind_of(indicator)?;
        let what = if kind == ObligationKind::AccidentReturn { What::AccidentReturn } else { What::DiseaseReturn };
        let waits = |department: &String| {
            let last = self.signed.latest(region, kind, department, year);
            let signed = last.is_some_and(|signed| signed.finality == Finality::Final);
            !signed && self.signed.asked(region, kind, department, year)
        };
        let departments: Vec<String> = self.departments(kind, group).into_iter().filter(waits).collect();
        (!departments.is_empty()).then_some(Owed { departments, what, year })
    }

    /// The first year in which a training counts.
    pub(super) fn first_trained(&self) -> i32 {
        use chrono::Datelike as _;
        self.frame.posts.since.map_or(i32::MIN, |day| day.year()).max(*self.taken.cube.years().start())
    }
}
