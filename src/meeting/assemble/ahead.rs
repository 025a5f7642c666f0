//! Targets of a later year that nothing is set for yet in this one: a plan of five years that names
//! its last year only has aims from its first day. They are listed and never judged before their
//! year.

use brief::content::{Coded, Headline, Outcome};

use crate::{
    domain::{
        code::Coded as _,
        plan::{Plan, Target, TargetMeasure, TargetScope},
    },
    meeting::{assemble::coded, returns::MeetingContext},
};

/// One line for each target of the plan in force that lies ahead.
pub(super) fn headlines(sitting: &MeetingContext<'_>, year: i32) -> Vec<Headline> {
    let Some(plan) = sitting.rules.plans.nearest(sitting.seat.region(), year) else {
        return Vec::new();
    };
    ahead(plan, year).map(|target| headline(sitting, target)).collect()
}

/// The next target of each measure and scope that has none in the year.
fn ahead(plan: &Plan, year: i32) -> impl Iterator<Item = &Target> {
    plan.targets.iter().filter(move |target| {
        let same = |other: &&Target| other.measure == target.measure && other.scope == target.scope;
        let sooner = |other: &Target| (year..target.year).contains(&other.year);
        target.year > year && !plan.targets.iter().filter(same).any(sooner)
    })
}

fn headline(sitting: &MeetingContext<'_>, target: &Target) -> Headline {
    let reference = &sitting.services.reference;
    let indicator = match target.measure {
        TargetMeasure::Accidents => "I1",
        TargetMeasure::Casualties => "I2",
        TargetMeasure::PneumoconiosisRatio => "I3",
        TargetMeasure::SafetyTraining => "I4",
        TargetMeasure::HealthTraining => "I5",
        TargetMeasure::InjuryRate => "I6",
        other => other.code(),
    };
    Headline {
        indicator: Coded { code: indicator.to_owned(), label: target.measure.name_zh().to_owned() },
        industry: match &target.scope {
            TargetScope::Industry(code) => Some(coded(reference, "key_industry", code)),
            TargetScope::Key => {
                Some(Coded { code: "KEY".to_owned(), label: "重点行业合计".to_owned() })
            }
            TargetScope::Dust => {
                Some(Coded { code: "DUST".to_owned(), label: "涉尘行业合计".to_owned() })
            }
            TargetScope::All => None,
        },
        department: target.department.as_deref().map(|code| coded(reference, "department", code)),
        target: target.name_zh.clone(),
        actual: "—".to_owned(),
        outcome: Outcome::NotJudged,
        reason: format!("为{}年目标，届时判定", target.year),
        target_id: Some(target.id.clone()),
        reason_code: Some("TARGET_OF_LATER_YEAR".to_owned()),
    }
}
