//! Targets of a later year that nothing is set for yet in this one: a plan of five years that names
//! its last year only has aims from its first day. They are listed and never judged before their
//! year. The targets of the plans above count as they will in their year.

use brief::content::{Coded, Headline, Outcome};

use crate::{
    domain::{
        code::Coded as _,
        plan::{Target, TargetMeasure, TargetScope},
    },
    meeting::{assemble::coded, materials::LATER_YEAR, returns::MeetingContext},
};

/// One line for each target that lies ahead, of the plans in force: the next one of each measure and
/// scope that has none in the year.
pub(super) fn headlines(sitting: &MeetingContext<'_>, year: i32) -> Vec<Headline> {
    let (plans, region) = (&sitting.rules.plans, sitting.seat.region());
    let last = plans.for_region(region, Some(year)).iter().map(|plan| plan.last_year).max();
    let mut set: Vec<&Target> =
        plans.targets(region, year, None).into_iter().map(|(_, target)| target).collect();
    let mut lines = Vec::new();
    for later in (year + 1)..=last.unwrap_or(year) {
        for (plan, target) in plans.targets(region, later, None) {
            let same = |own: &&Target| own.measure == target.measure && own.scope == target.scope;
            if plan.covers(year) && !set.iter().any(same) {
                set.push(target);
                lines.push(headline(sitting, target));
            }
        }
    }
    lines
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
        reason_code: Some(LATER_YEAR.to_owned()),
    }
}
