//! Rules that a set of plans must satisfy before anything is judged by it. Every fault names the
//! row and the rule.

use std::collections::{BTreeMap, BTreeSet};

use super::{Comparison, IndustryRole, JudgingStrictness, Plan, Target, TargetScope, Unit};

/// Codes that exist in the reference tables, so that plans may name them.
#[derive(Debug, Clone, Default)]
pub struct KnownCodes {
    /// Codes of the table `key_industry`.
    pub industries: BTreeSet<String>,
    /// Codes of the table `department`.
    pub departments: BTreeSet<String>,
    /// Codes of the table `key_post`.
    pub posts: BTreeSet<String>,
    /// Codes of the clock rules.
    pub rules: BTreeSet<String>,
}

/// A row that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{row} [{rule}]: {en}")]
pub struct PlanFault {
    /// Identifier of the row.
    pub row: String,
    /// Stable code of the rule.
    pub rule: &'static str,
    /// Chinese message: what is wrong and what to do about it.
    pub zh: String,
    /// The same message in English.
    pub en: String,
}

fn fault(row: &str, rule: &'static str, zh: impl Into<String>, en: impl Into<String>) -> PlanFault {
    PlanFault { row: row.to_owned(), rule, zh: zh.into(), en: en.into() }
}

/// All faults of the plans, in the order of the plans.
#[must_use]
pub fn check(plans: &[Plan], known: &KnownCodes) -> Vec<PlanFault> {
    let by_id: BTreeMap<&str, &Plan> = plans.iter().map(|plan| (plan.id.as_str(), plan)).collect();
    let mut faults = Vec::new();
    for (index, plan) in plans.iter().enumerate() {
        period(plan, plans.iter().take(index), &mut faults);
        base_year(plan, &mut faults);
        codes(plan, known, &mut faults);
        amounts(plan, &mut faults);
        overlaps(plan, &mut faults);
        let mut above = Vec::new();
        let mut next = plan.parent.as_deref();
        while let Some(id) = next {
            let Some(higher) = by_id.get(id).filter(|_| above.len() < plans.len()) else {
                faults.push(fault(
                    &plan.id,
                    "PLAN_PARENT",
                    format!("上级计划 {id} 不存在或循环引用，请核对 parent 列"),
                    format!("the plan above, {id}, does not exist or leads back here; check the column parent"),
                ));
                break;
            };
            above.push(*higher);
            next = higher.parent.as_deref();
        }
        differences(plan, &above, &mut faults);
    }
    faults
}

fn period<'a>(plan: &Plan, others: impl Iterator<Item = &'a Plan>, faults: &mut Vec<PlanFault>) {
    if plan.first_year > plan.last_year {
        faults.push(fault(
            &plan.id,
            "PLAN_PERIOD",
            "结束年份早于开始年份",
            "the last year is before the first",
        ));
    }
    for other in others.filter(|other| other.region == plan.region) {
        if other.first_year <= plan.last_year && plan.first_year <= other.last_year {
            faults.push(fault(
                &plan.id,
                "PLAN_OVERLAP",
                format!("与同一地区的计划 {} 年份重叠，请调整有效期", other.id),
                format!("its years overlap those of {}, a plan of the same region; change the dates of validity", other.id),
            ));
        }
    }
    for target in plan.targets.iter().filter(|target| !plan.covers(target.year)) {
        faults.push(fault(
            &target.id,
            "TARGET_YEAR",
            format!("{}年不在计划期内", target.year),
            format!("{} is not a year of the plan", target.year),
        ));
    }
}

fn base_year(plan: &Plan, faults: &mut Vec<PlanFault>) {
    if let Some(base) = plan.base_year
        && !(1949..plan.first_year).contains(&base)
    {
        faults.push(fault(
            &plan.id,
            "BASE_YEAR",
            format!("基期年份 {base} 应早于计划首年且不为零"),
            format!(
                "the base year {base} must be a year before the first year of the plan, not zero"
            ),
        ));
    }
    let needs = |target: &&Target| {
        target.comparison.needs_base()
            && target.tolerance == JudgingStrictness::Exact
            && plan.complete
    };
    if plan.base_year.is_none() {
        for target in plan.targets.iter().filter(needs) {
            faults.push(fault(
                &target.id,
                "BASE_YEAR",
                "与基期比较的目标需要基期年份，请填写计划的 base_year",
                "a target against a base year needs one; fill in base_year of the plan",
            ));
        }
    }
}

fn codes(plan: &Plan, known: &KnownCodes, faults: &mut Vec<PlanFault>) {
    let mut unknown = |row: &str, rule: &'static str, code: &str, listed: &BTreeSet<String>| {
        if !listed.contains(code) {
            faults.push(fault(
                row,
                rule,
                format!("代码表中没有 {code}"),
                format!("there is no {code} in the code table"),
            ));
        }
    };
    for industry in &plan.industries {
        unknown(&plan.id, "UNKNOWN_INDUSTRY", &industry.industry, &known.industries);
    }
    for post in &plan.posts {
        unknown(&plan.id, "UNKNOWN_POST", &post.post, &known.posts);
    }
    for target in &plan.targets {
        if let TargetScope::Industry(industry) = &target.scope {
            unknown(&target.id, "UNKNOWN_INDUSTRY", industry, &known.industries);
        }
    }
    for obligation in &plan.obligations {
        unknown(&obligation.id, "UNKNOWN_RULE", &obligation.rule, &known.rules);
    }
    let named =
        plan.industries
            .iter()
            .filter_map(|industry| industry.department.as_ref())
            .chain(plan.members.iter().map(|member| &member.department))
            .map(|department| (&plan.id, department))
            .chain(
                plan.targets
                    .iter()
                    .filter_map(|target| Some((&target.id, target.department.as_ref()?))),
            )
            .chain(plan.tasks.iter().flat_map(|task| {
                task.departments.iter().map(move |department| (&task.id, department))
            }))
            .chain(plan.obligations.iter().flat_map(|owed| {
                owed.departments.iter().map(move |department| (&owed.id, department))
            }));
    for (row, department) in named {
        unknown(row, "UNKNOWN_DEPARTMENT", department, &known.departments);
    }
}

fn amounts(plan: &Plan, faults: &mut Vec<PlanFault>) {
    for target in &plan.targets {
        let wrong = match (target.amount, target.unit) {
            (None, _) => target.comparison.needs_amount(),
            (Some(_), None) => true,
            (Some(amount), Some(Unit::Percent)) => !(0..=100).contains(&amount),
            (Some(amount), Some(_)) => amount < 0,
        };
        if wrong {
            faults.push(fault(
                &target.id,
                "TARGET_AMOUNT",
                "目标值缺失、缺单位、为负，或百分比超过100",
                "the amount is missing, without unit, negative, or a percentage above 100",
            ));
        }
    }
}

fn scopes_meet(left: &TargetScope, right: &TargetScope, plans: (&Plan, &Plan)) -> bool {
    let set = |scope: &TargetScope, plan: &Plan| -> Option<BTreeSet<String>> {
        match scope {
            TargetScope::All => None,
            TargetScope::Key => Some(
                plan.industries_of(IndustryRole::Key).into_iter().map(ToOwned::to_owned).collect(),
            ),
            TargetScope::Dust => Some(
                plan.industries_of(IndustryRole::Dust).into_iter().map(ToOwned::to_owned).collect(),
            ),
            TargetScope::Industry(industry) => Some(BTreeSet::from([industry.clone()])),
        }
    };
    match (set(left, plans.0), set(right, plans.1)) {
        (Some(left), Some(right)) => !left.is_disjoint(&right),
        _ => true,
    }
}

fn overlaps(plan: &Plan, faults: &mut Vec<PlanFault>) {
    for (index, target) in plan.targets.iter().enumerate() {
        let same = |other: &&Target| {
            other.measure == target.measure
                && other.year == target.year
                && scopes_meet(&other.scope, &target.scope, (plan, plan))
        };
        if let Some(other) = plan.targets.iter().take(index).find(same) {
            faults.push(fault(
                &target.id,
                "TARGET_OVERLAP",
                format!("与目标 {} 的年度、指标相同且行业重叠，请保留一个", other.id),
                format!(
                    "same year and measure as {}, and their industries overlap; keep one of them",
                    other.id
                ),
            ));
        }
    }
}

/// Whether the target of the lower plan asks for at least as much as that of the higher one.
fn refines(lower: (&Plan, &Target), higher: (&Plan, &Target)) -> bool {
    let ((low_plan, low), (high_plan, high)) = (lower, higher);
    let tolerance = low.tolerance == high.tolerance || low.tolerance == JudgingStrictness::Exact;
    let base = !low.comparison.needs_base()
        || high_plan.base_year.is_none()
        || low_plan.base_year == high_plan.base_year;
    let amount = match (low.comparison, high.comparison) {
        (Comparison::ReducedBy, Comparison::ReducedBy)
        | (Comparison::AtLeast, Comparison::AtLeast) => low.amount >= high.amount,
        (Comparison::AtMost, Comparison::AtMost) => low.amount <= high.amount,
        (Comparison::ReducedBy, Comparison::BelowBase) => low.amount > Some(0),
        (low, high) => low == high,
    };
    tolerance
        && base
        && amount
        && low.unit.is_none_or(|unit| high.unit.is_none_or(|other| unit == other))
}

/// Codes that a plan lists in one of its tables.
type PlanCodes = fn(&Plan) -> Vec<&str>;

fn differences(plan: &Plan, above: &[&Plan], faults: &mut Vec<PlanFault>) {
    for target in plan.targets.iter().filter(|target| target.differs.is_none()) {
        for higher in above {
            let contradicted = higher.targets.iter().find(|other| {
                other.measure == target.measure
                    && other.year == target.year
                    && scopes_meet(&target.scope, &other.scope, (plan, higher))
                    && !refines((plan, target), (higher, other))
            });
            if let Some(other) = contradicted {
                faults.push(fault(
                    &target.id,
                    "SILENT_DIFFERENCE",
                    format!("低于或不同于上级目标 {}，请在 differs 列说明", other.id),
                    format!("asks for less than {} above, or for something else; say so in the column differs", other.id),
                ));
            }
        }
    }
    if plan.differs.is_some() {
        return;
    }
    let lists: [(&str, PlanCodes); 3] = [
        ("plan_member", |plan| {
            plan.members.iter().map(|member| member.department.as_str()).collect()
        }),
        ("plan_industry", |plan| plan.industries_of(IndustryRole::Key)),
        ("plan_post", |plan| plan.posts.iter().map(|post| post.post.as_str()).collect()),
    ];
    for (table, list) in lists {
        let Some(higher) = above.iter().find(|higher| !list(higher).is_empty()) else { continue };
        let own = list(plan);
        let missing: Vec<&str> =
            list(higher).into_iter().filter(|code| !own.contains(code)).collect();
        if !own.is_empty() && !missing.is_empty() {
            let codes = missing.join(", ");
            faults.push(fault(
                &plan.id,
                "SILENT_DIFFERENCE",
                format!("{table} 缺少上级计划 {} 的 {codes}，请在 differs 列说明", higher.id),
                format!(
                    "{table} lacks {codes} of {} above; say so in the column differs",
                    higher.id
                ),
            ));
        }
    }
}
