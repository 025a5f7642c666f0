//! Whether a figure exists at all: who answers for a count of a region and year, and by what.
//!
//! A count of accidents is known, industry by industry, when there is an accident of that industry
//! and year in the region, or when the responsible department of the region has signed that there
//! was none. A return that tells of accidents of which no record was handed in makes no zero: the
//! records are missing. Diseases are handed in for a region as a whole: a case of the year, or a
//! return of 卫健 that tells of none. What no return is signed for is known where its department has
//! handed in records of that kind, region and year; an amount, where one of these states it. All
//! else is missing, and is no zero.
//!
//! A count is final when the return it belongs to is signed as final; where no plan asks for a
//! return, when its year is over.

use std::collections::BTreeSet;

use super::{
    cube::RegionTotals,
    declared::{Declared, kind_of},
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
        returns::ReturnCount,
    },
    store::meeting::figures::{FigureMeasure, responsible},
};

impl SheetBuilder<'_> {
    /// Whether there is pneumoconiosis, and of none of the cases it is known how long the exposure
    /// was: that none was short is not known then. Whoever has no exact figures is told nothing of
    /// single records.
    fn no_exposure_known(
        &self,
        totals: &RegionTotals<'_>,
        group: &IndustryGroup,
        year: i32,
    ) -> bool {
        let number = |measure| totals.sum(|own| self.frame.holds(group, own), year, measure);
        let cases = number(FigureMeasure::Pneumoconiosis);
        self.shade.is_none() && cases > 0 && number(FigureMeasure::UnknownExposure) >= cases
    }

    /// What a count of a group waits for; nothing where somebody answers for all of it.
    pub(super) fn waits(
        &self,
        totals: &RegionTotals<'_>,
        group: &IndustryGroup,
        (year, measure): (i32, FigureMeasure),
    ) -> Vec<MissingInput> {
        let region = totals.region();
        let number =
            |industry: &str, of: FigureMeasure| totals.sum(|own| own == Some(industry), year, of);
        let there = |measure| self.taken.present(region, year, measure);
        let owed = |what, departments: Vec<String>| {
            (!departments.is_empty()).then_some(MissingInput { departments, what, year })
        };
        let only = |department: Department| vec![department.code().to_owned()];
        let of_industries = || self.departments(ObligationKind::AccidentReturn, group);
        let one = match measure {
            FigureMeasure::Accidents
            | FigureMeasure::Deaths
            | FigureMeasure::Missing
            | FigureMeasure::Serious
            | FigureMeasure::Minor
            | FigureMeasure::PreliminaryAccidents
            | FigureMeasure::AccidentsWithoutIndustry => {
                let without = |wanted: Declared| {
                    let own = |code: &str| {
                        number(code, FigureMeasure::Accidents) == 0
                            && self.accidents_declared(region, code, year) == wanted
                    };
                    self.answering(group, &own)
                };
                let silent = owed(AwaitedInput::AccidentReturn, without(Declared::Nothing));
                let unrecorded = owed(AwaitedInput::AccidentRecords, without(Declared::AtLeastOne));
                return silent.into_iter().chain(unrecorded).collect();
            }
            FigureMeasure::Pneumoconiosis
            | FigureMeasure::ShortExposure
            | FigureMeasure::UnknownExposure
            | FigureMeasure::Diseases => {
                match self.declared(
                    (region, year),
                    (ObligationKind::DiseaseReturn, Department::HEALTH),
                    ReturnCount::Diseases,
                ) {
                    _ if measure == FigureMeasure::ShortExposure
                        && self.no_exposure_known(totals, group, year) =>
                    {
                        owed(AwaitedInput::ExposureTimes, only(Department::HEALTH))
                    }
                    _ if there(FigureMeasure::Diseases) => None,
                    Declared::Zero => None,
                    Declared::AtLeastOne => {
                        owed(AwaitedInput::DiseaseRecords, only(Department::HEALTH))
                    }
                    Declared::Nothing => {
                        owed(AwaitedInput::DiseaseReturn, only(Department::HEALTH))
                    }
                }
            }
            FigureMeasure::KeyPosts if there(measure) => None,
            FigureMeasure::UndatedPosts if there(measure) || there(FigureMeasure::KeyPosts) => None,
            FigureMeasure::KeyPosts | FigureMeasure::UndatedPosts => {
                owed(AwaitedInput::Roll, only(Department::HRSS))
            }
            FigureMeasure::SafetyTrained
            | FigureMeasure::SafetyUnexamined
            | FigureMeasure::HealthTrained
            | FigureMeasure::HealthUnexamined
            | FigureMeasure::AnyTrained
            | FigureMeasure::AnyUnexamined => self.trainings_owed(totals, group, (year, measure)),
            FigureMeasure::Injuries
            | FigureMeasure::InjuriesAtWork
            | FigureMeasure::InjuriesByAccident => {
                let declared = self.declared(
                    (region, year),
                    (ObligationKind::PlanReport, Department::HRSS),
                    ReturnCount::Injuries,
                );
                if declared == Declared::Zero || there(FigureMeasure::Injuries) {
                    None
                } else {
                    owed(AwaitedInput::Injuries, only(Department::HRSS))
                }
            }
            FigureMeasure::Units
            | FigureMeasure::Insured
            | FigureMeasure::Insurers
            | FigureMeasure::Premiums
            | FigureMeasure::PremiumsStated
            | FigureMeasure::Payers
            | FigureMeasure::Benefits
            | FigureMeasure::BenefitsStated
            | FigureMeasure::Beneficiaries
            | FigureMeasure::Prevention
            | FigureMeasure::PreventionStated
            | FigureMeasure::Preventers => {
                let stated = match measure {
                    FigureMeasure::Premiums => {
                        Some((FigureMeasure::PremiumsStated, AwaitedInput::Premiums))
                    }
                    FigureMeasure::Benefits => {
                        Some((FigureMeasure::BenefitsStated, AwaitedInput::Benefits))
                    }
                    FigureMeasure::Prevention => {
                        Some((FigureMeasure::PreventionStated, AwaitedInput::PreventionFee))
                    }
                    _ => None,
                };
                match stated {
                    _ if !there(FigureMeasure::Units) => {
                        owed(AwaitedInput::UnitYears, only(Department::HRSS))
                    }
                    // Whether an employer's record states an amount is nothing that whoever has no
                    // exact figures is told.
                    Some((stated, what)) if self.shade.is_none() => {
                        let number =
                            |measure| totals.sum(|own| self.frame.holds(group, own), year, measure);
                        if number(FigureMeasure::Units) > 0 && number(stated) == 0 {
                            owed(what, only(Department::HRSS))
                        } else {
                            None
                        }
                    }
                    _ => None,
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
            | FigureMeasure::SafetyUnnumbered
            | FigureMeasure::HealthUnnumbered
            | FigureMeasure::AnyUnnumbered
            | FigureMeasure::UnclearVictims
            | FigureMeasure::SafetyPassed
            | FigureMeasure::HealthPassed
            | FigureMeasure::Passed => None,
        };
        one.into_iter().collect()
    }

    /// The departments that answer for those industries of a group of which `own` says yes.
    fn answering(&self, group: &IndustryGroup, own: &dyn Fn(&str) -> bool) -> Vec<String> {
        let of = self.frame.members(group).into_iter().filter(|code| own(code.as_str()));
        let of = of.map(|code| responsible(&self.services.reference, code).to_owned());
        of.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The trainings that the number of trained holders of key posts waits for. Trainings in safety
    /// are handed in by the departments that answer for the industries: each of them with holders
    /// on the roll must have handed in one, for whichever of its industries.
    fn trainings_owed(
        &self,
        totals: &RegionTotals<'_>,
        group: &IndustryGroup,
        (year, measure): (i32, FigureMeasure),
    ) -> Option<MissingInput> {
        let (held, trained) = match measure {
            FigureMeasure::SafetyTrained | FigureMeasure::SafetyUnexamined => {
                (FigureMeasure::SafetyTrainings, FigureMeasure::SafetyTrained)
            }
            FigureMeasure::HealthTrained | FigureMeasure::HealthUnexamined => {
                (FigureMeasure::HealthTrainings, FigureMeasure::HealthTrained)
            }
            _ => (FigureMeasure::Trainings, FigureMeasure::AnyTrained),
        };
        let of = |code: &str| responsible(&self.services.reference, code);
        let holders =
            |code: &str| totals.sum(|own| own == Some(code), year, FigureMeasure::KeyPosts) > 0;
        let handed_in = |department: Option<&str>| {
            // A training without an industry may be of any.
            let own = |industry: Option<&str>| {
                department.is_none_or(|name| industry.is_none_or(|code| of(code) == name))
            };
            let there = |year, measure| self.taken.present_of(totals.region(), year, measure, own);
            there(year, trained) || (self.first_trained()..=year).any(|year| there(year, held))
        };
        let departments = match held {
            FigureMeasure::SafetyTrainings => {
                // Where the roll names no holder at all, every industry counts.
                let any = self.frame.members(group).into_iter().any(|code| holders(code));
                self.answering(group, &|code| (holders(code) || !any) && !handed_in(Some(of(code))))
            }
            _ if handed_in(None) => return None,
            FigureMeasure::HealthTrainings => vec![Department::HEALTH.code().to_owned()],
            _ => vec![Department::HRSS.code().to_owned()],
        };
        (!departments.is_empty()).then_some(MissingInput {
            departments,
            what: AwaitedInput::Trainings,
            year,
        })
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
