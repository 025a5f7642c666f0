//! Whether a figure exists at all: who answers for a count of a region and year, and by what.
//!
//! A count of accidents is known, industry by industry, when the responsible department of the
//! region has signed its return of the year, zero included, or when there is an accident of that
//! industry and year in the region. Diseases are handed in for a region as a whole: the return of
//! 卫健, or a case of the year. What no return is signed for is known where its department has
//! handed in records of that kind, region and year. All else is missing, and is no zero.
//!
//! A count is final when the return it belongs to is signed as final; where no plan asks for a
//! return, when its year is over.

use super::{
    frame::IndustryGroup,
    maker::SheetBuilder,
    owed::{AwaitedInput, MissingInput},
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
        meeting::figures::{FigureMeasure, responsible},
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

impl SheetBuilder<'_> {
    /// What a count of a group waits for; nothing where somebody answers for all of it. `number`
    /// gives the count of one industry.
    pub(super) fn owed(
        &self,
        region: &RegionCode,
        group: &IndustryGroup,
        (year, measure): (i32, FigureMeasure),
        number: &dyn Fn(&str, FigureMeasure) -> i64,
    ) -> Option<MissingInput> {
        let there = |measure| self.taken.present(region, year, measure);
        let owed = |what, departments: Vec<String>| Some(MissingInput { departments, what, year });
        let only = |department: Department| vec![department.code().to_owned()];
        let of_industries = || self.departments(ObligationKind::AccidentReturn, group);
        match measure {
            FigureMeasure::Accidents
            | FigureMeasure::Deaths
            | FigureMeasure::Missing
            | FigureMeasure::Serious
            | FigureMeasure::Minor => {
                let unknown = |code: &&&String| {
                    let department = responsible(&self.services.reference, code);
                    let declared = self
                        .signed
                        .latest(region, ObligationKind::AccidentReturn, department, year)
                        .is_some_and(|signed| {
                            // What no department answers for by name lies in the general
                            // statistics, which have no line of its own.
                            signed
                                .content
                                .figure(returns::ReturnCount::Accidents, Some(code.as_str()))
                                .is_some()
                                || !answered(&self.services.reference, code)
                        });
                    !declared && number(code, FigureMeasure::Accidents) == 0
                };
                let members = self.frame.members(group);
                let mut departments: Vec<String> = members
                    .iter()
                    .filter(unknown)
                    .map(|code| responsible(&self.services.reference, code).to_owned())
                    .collect();
                departments.sort();
                departments.dedup();
                if departments.is_empty() {
                    None
                } else {
                    owed(AwaitedInput::AccidentReturn, departments)
                }
            }
            FigureMeasure::Pneumoconiosis
            | FigureMeasure::ShortExposure
            | FigureMeasure::UnknownExposure
            | FigureMeasure::Diseases => {
                let declared = self
                    .signed
                    .latest(region, ObligationKind::DiseaseReturn, Department::HEALTH.code(), year)
                    .is_some();
                if declared || there(FigureMeasure::Diseases) {
                    None
                } else {
                    owed(AwaitedInput::DiseaseReturn, only(Department::HEALTH))
                }
            }
            FigureMeasure::KeyPosts if there(measure) => None,
            FigureMeasure::KeyPosts => owed(AwaitedInput::Roll, only(Department::HRSS)),
            FigureMeasure::SafetyTrained
            | FigureMeasure::HealthTrained
            | FigureMeasure::AnyTrained => {
                let (held, by) = match measure {
                    FigureMeasure::SafetyTrained => {
                        (FigureMeasure::SafetyTrainings, of_industries())
                    }
                    FigureMeasure::HealthTrained => {
                        (FigureMeasure::HealthTrainings, only(Department::HEALTH))
                    }
                    _ => (FigureMeasure::Trainings, only(Department::HRSS)),
                };
                let any = (self.first_trained()..=year)
                    .any(|year| self.taken.present(region, year, held));
                if any || there(measure) { None } else { owed(AwaitedInput::Trainings, by) }
            }
            FigureMeasure::Injuries
            | FigureMeasure::InjuriesAtWork
            | FigureMeasure::InjuriesByAccident => {
                let declared = self
                    .signed
                    .latest(region, ObligationKind::PlanReport, Department::HRSS.code(), year)
                    .is_some();
                if declared || there(FigureMeasure::Injuries) {
                    None
                } else {
                    owed(AwaitedInput::Injuries, only(Department::HRSS))
                }
            }
            FigureMeasure::Units
            | FigureMeasure::Insured
            | FigureMeasure::Insurers
            | FigureMeasure::Premiums
            | FigureMeasure::Payers
            | FigureMeasure::Benefits
            | FigureMeasure::Beneficiaries
            | FigureMeasure::Prevention
            | FigureMeasure::Preventers => {
                if there(FigureMeasure::Units) {
                    None
                } else {
                    owed(AwaitedInput::UnitYears, only(Department::HRSS))
                }
            }
            FigureMeasure::HazardsDue
            | FigureMeasure::HazardsClosed
            | FigureMeasure::HazardsInTime
            | FigureMeasure::MajorDue
            | FigureMeasure::MajorClosed => {
                if there(FigureMeasure::HazardsDue) {
                    None
                } else {
                    owed(AwaitedInput::Hazards, of_industries())
                }
            }
            FigureMeasure::Points | FigureMeasure::PointsAbove => {
                if there(FigureMeasure::Points) {
                    None
                } else {
                    owed(AwaitedInput::Measurements, only(Department::HEALTH))
                }
            }
            FigureMeasure::InsuredVictims | FigureMeasure::MatchedVictims => {
                if there(FigureMeasure::InsuredVictims) {
                    None
                } else {
                    owed(AwaitedInput::Victims, of_industries())
                }
            }
            FigureMeasure::SafetyTrainings
            | FigureMeasure::HealthTrainings
            | FigureMeasure::Trainings
            | FigureMeasure::SafetyPassed
            | FigureMeasure::HealthPassed
            | FigureMeasure::Passed => None,
        }
    }

    /// Departments whose returns a group is made of.
    pub(super) fn departments(&self, kind: ObligationKind, group: &IndustryGroup) -> Vec<String> {
        if kind != ObligationKind::AccidentReturn {
            return vec![Department::HEALTH.code().to_owned()];
        }
        let of = self
            .frame
            .members(group)
            .into_iter()
            .map(|code| responsible(&self.services.reference, code).to_owned());
        let mut departments: Vec<String> = of.collect();
        departments.sort();
        departments.dedup();
        departments
    }

    /// Departments that have still to sign the final return of a year, for a figure of a group;
    /// nothing where it is final.
    pub(super) fn unsigned(
        &self,
        indicator: Indicator,
        region: &RegionCode,
        group: &IndustryGroup,
        year: i32,
    ) -> Option<MissingInput> {
        let kind = kind_of(indicator)?;
        let what = if kind == ObligationKind::AccidentReturn {
            AwaitedInput::AccidentReturn
        } else {
            AwaitedInput::DiseaseReturn
        };
        let waits = |department: &String| {
            let last = self.signed.latest(region, kind, department, year);
            let signed = last.is_some_and(|signed| signed.finality == Finality::Final);
            !signed && self.signed.asked(region, kind, department, year)
        };
        let departments: Vec<String> =
            self.departments(kind, group).into_iter().filter(waits).collect();
        (!departments.is_empty()).then_some(MissingInput { departments, what, year })
    }

    /// The first year in which a training counts.
    pub(super) fn first_trained(&self) -> i32 {
        use chrono::Datelike as _;
        self.frame
            .posts
            .since
            .map_or(i32::MIN, |day| day.year())
            .max(*self.taken.cube.years().start())
    }
}
