//! The plans of the code tables, checked once, and the choice of plan for a region and year.

mod read;
#[cfg(test)]
mod tests;

use std::{borrow::Cow, collections::BTreeSet};

use self::read::{PlanRow, plan, rows};
use crate::{
    domain::{
        code::Coded as _,
        plan::{
            IndustryRole, Obligation, Plan, Target, TargetScope, Task,
            check::{KnownCodes, check},
        },
        region::RegionCode,
    },
    error::HubError,
    store::reference::{Reference, ReferenceCode},
};

/// Tables whose rows belong to a plan.
const PARTS: [&str; 6] =
    ["plan_industry", "plan_post", "plan_member", "plan_target", "plan_task", "plan_obligation"];

fn belongs(plans: &[Plan], row: &ReferenceCode) -> bool {
    row.attributes.get("plan").is_some_and(|own| plans.iter().any(|plan| plan.id == *own))
}

/// All plans of the code tables, checked against each other when loaded.
#[derive(Clone, Debug, Default)]
pub struct PlanSet(Vec<Plan>);

impl PlanSet {
    /// The plans of the code tables.
    ///
    /// # Errors
    ///
    /// [`HubError::Invalid`] naming the rows that cannot be read or break a rule, and the rule.
    pub fn load(reference: &Reference) -> Result<Self, HubError> {
        let plans = rows(reference, "plan")
            .map(|row| plan(reference, row))
            .collect::<Result<Vec<_>, _>>()?;
        if let Some(row) =
            PARTS.iter().flat_map(|table| rows(reference, table)).find(|row| !belongs(&plans, row))
        {
            return Err(PlanRow(row).wrong("plan"));
        }
        let codes = |table: &str| {
            rows(reference, table).map(|row| row.code.clone()).collect::<BTreeSet<_>>()
        };
        let known = KnownCodes {
            industries: codes("key_industry"),
            departments: codes("department"),
            posts: codes("key_post"),
            rules: codes("clock_rule"),
        };
        let faults = check(&plans, &known);
        if faults.is_empty() {
            return Ok(Self(plans));
        }
        let list = |say: fn(&crate::domain::plan::check::PlanFault) -> &str, gap: &str| {
            let lines = faults
                .iter()
                .take(5)
                .map(|fault| format!("{} [{}] {}", fault.row, fault.rule, say(fault)));
            lines.collect::<Vec<_>>().join(gap)
        };
        Err(HubError::invalid(
            format!("计划数据有 {} 处不合规则：{}。", faults.len(), list(|fault| &fault.zh, "；")),
            format!(
                "The plans break rules in {} places: {}.",
                faults.len(),
                list(|fault| &fault.en, "; ")
            ),
        ))
    }

    /// All plans, in the order of the table.
    #[must_use]
    pub fn all(&self) -> &[Plan] {
        &self.0
    }

    /// The plan with this identifier, such as `SHUOZHOU-2021`.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Plan> {
        self.0.iter().find(|plan| plan.id == id)
    }

    /// Plans valid in a region, its own level first, then those above; of one year or all.
    #[must_use]
    pub fn for_region(&self, region: &RegionCode, year: Option<i32>) -> Vec<&Plan> {
        let valid =
            |plan: &&Plan| plan.holds_in(region) && year.is_none_or(|year| plan.covers(year));
        let mut found: Vec<&Plan> = self.0.iter().filter(valid).collect();
        // The longer the significant part of the code, the nearer the plan; later years first.
        let nearness = |plan: &Plan| plan.region.as_ref().map_or(0, |region| region.prefix().len());
        found.sort_by_key(|plan| std::cmp::Reverse((nearness(plan), plan.first_year)));
        found
    }

    /// The nearest plan with targets of its own, even if not all of them are known: the region is
    /// judged by it in that year.
    #[must_use]
    pub fn nearest(&self, region: &RegionCode, year: i32) -> Option<&Plan> {
        let plans = self.for_region(region, Some(year));
        plans
            .iter()
            .find(|plan| plan.complete || !plan.targets.is_empty())
            .or_else(|| plans.first())
            .copied()
    }

    /// Targets of a region in a year, each with its plan. The target of a nearer plan for a measure
    /// and industry replaces those of the plans above; all others are inherited.
    #[must_use]
    pub fn targets<'a>(
        &'a self,
        region: &RegionCode,
        year: i32,
        industry: Option<&'a str>,
    ) -> Vec<(&'a Plan, &'a Target)> {
        let mut found: Vec<(&Plan, &Target)> = Vec::new();
        for plan in self.for_region(region, Some(year)) {
            let nearer = found.len();
            for target in plan.targets(year, industry) {
                let set = found.iter().take(nearer).any(|(other, own)| {
                    own.measure == target.measure
                        && (own.scope == target.scope || covers(other, own, plan, target))
                });
                if !set {
                    found.push((plan, target));
                }
            }
        }
        found
    }

    /// Tasks and terms of a region in a year, each with its plan, nearest first. What two plans ask
    /// for in the same words is asked for once.
    #[must_use]
    pub fn tasks(&self, region: &RegionCode, year: i32) -> Vec<(&Plan, &Task)> {
        let level = level(region);
        let mut found: Vec<(&Plan, &Task)> = Vec::new();
        for plan in self.for_region(region, Some(year)) {
            let nearer = found.len();
            let own = plan.tasks.iter().filter(|task| {
                task.year.is_none_or(|own| own == year)
                    && task.levels.iter().any(|own| own == level)
            });
            for task in own {
                if !found.iter().take(nearer).any(|(_, other)| other.name_zh == task.name_zh) {
                    found.push((plan, task));
                }
            }
        }
        found
    }

    /// What is owed in a region, each kind by the nearest plan that asks for it at this level. A
    /// yearly obligation continues after the end of its plan, up to the figures of `until`, unless
    /// a later plan asks for the same kind.
    #[must_use]
    pub fn obligations(&self, region: &RegionCode, until: i32) -> Vec<PlanDuty<'_>> {
        let level = level(region);
        let mut found: Vec<PlanDuty<'_>> = Vec::new();
        for plan in self.for_region(region, None) {
            let nearer = found.len();
            for owed in
                plan.obligations.iter().filter(|owed| owed.levels.iter().any(|own| own == level))
            {
                let same = |other: &PlanDuty<'_>| {
                    other.owed.kind == owed.kind
                        && other.plan.first_year <= plan.last_year
                        && plan.first_year <= other.plan.last_year
                };
                if !found.iter().take(nearer).any(same) {
                    found.push(PlanDuty { plan, owed: Cow::Borrowed(owed), carried: false });
                }
            }
        }
        let mut carried = Vec::new();
        for standing in found.iter().filter(|one| one.owed.standing) {
            let succeeded = |year: i32| {
                found.iter().any(|other| {
                    other.owed.kind == standing.owed.kind
                        && other.plan.first_year > standing.plan.last_year
                        && other.plan.first_year <= year
                })
            };
            let years = standing.plan.last_year + 1..=until;
            let later = years
                .filter(|year| !succeeded(*year))
                .filter_map(|year| standing.owed.carried(year));
            carried.extend(later.map(|owed| PlanDuty {
                plan: standing.plan,
                owed: Cow::Owned(owed),
                carried: true,
            }));
        }
        found.extend(carried);
        found
    }
}

/// The level at which a region carries out what plans ask for: a zone does it like a county.
fn level(region: &RegionCode) -> &'static str {
    match region.level().code() {
        "ZONE" => "COUNTY",
        other => other,
    }
}

/// Something that a plan asks for at a region.
#[derive(Clone, Debug)]
pub struct PlanDuty<'a> {
    /// The plan that asks for it.
    pub plan: &'a Plan,
    /// The obligation, with the year of the figures it is for.
    pub owed: Cow<'a, Obligation>,
    /// Whether the plan has ended and the recurring obligation continues.
    pub carried: bool,
}

/// Whether the target of a nearer plan covers each industry of a target above.
fn covers(near: &Plan, own: &Target, far: &Plan, above: &Target) -> bool {
    let all = |plan: &Plan, scope: &TargetScope| -> Vec<String> {
        let listed = match scope {
            TargetScope::Industry(industry) => return vec![industry.clone()],
            TargetScope::Key => plan.industries_of(IndustryRole::Key),
            TargetScope::Dust => plan.industries_of(IndustryRole::Dust),
            TargetScope::All => return Vec::new(),
        };
        listed.into_iter().map(ToOwned::to_owned).collect()
    };
    let asked = all(far, &above.scope);
    own.scope == TargetScope::All
        || (!asked.is_empty() && asked.iter().all(|industry| near.in_scope(&own.scope, industry)))
}
