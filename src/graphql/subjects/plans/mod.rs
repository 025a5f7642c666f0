//! `plans`, `plan`, `targets` and `deadline`: what the meeting goes by. Plans and clocks are public
//! documents; who reads them has a role that reads, like everything here.

mod choices;
mod inputs;
pub(super) mod types;
mod values;

use async_graphql::dynamic::ResolverContext;
use chrono::{Datelike as _, NaiveDate};
use futures_util::{FutureExt as _, future::ready};

use self::{
    inputs::{DeadlineOf, PlanOf, Plans, Targets},
    types::{Deadline, Plan, PlanTarget},
};
use crate::{
    authz::meeting::Seat,
    domain::{
        deadline::{ClockRule, ClockRun},
        plan,
    },
    error::HubError,
    graphql::{
        context::{region, rules, session},
        declared::kinds::{Code, Day},
        part::SubjectSchema,
    },
    meeting::rulebook::settled,
};

/// The fields and types of plans.
#[must_use]
pub fn part() -> SubjectSchema {
    choices::add(SubjectSchema::default())
        .query("plans", |ctx, given| ready(plans(ctx, &given)).boxed())
        .query("plan", |ctx, given| ready(one(ctx, &given)).boxed())
        .query("targets", |ctx, given| ready(targets(ctx, &given)).boxed())
        .query("deadline", |ctx, given| ready(deadline(ctx, &given)).boxed())
}

/// Whoever reads at all may read plans, of any region.
fn reads(ctx: &ResolverContext<'_>) -> Result<Seat, HubError> {
    let session = session(ctx);
    let actor = session.actor()?;
    Seat::new(&session.services.policy, actor, actor.region())
}

fn plans(ctx: &ResolverContext<'_>, given: &Plans) -> Result<Vec<Plan>, HubError> {
    reads(ctx)?;
    let rules = rules(ctx);
    let year = given.year.map(|year| year.0);
    let found: Vec<&plan::Plan> = match &given.region {
        Some(code) => rules.plans.for_region(&region(ctx, code)?, year),
        None => rules
            .plans
            .all()
            .iter()
            .filter(|plan| year.is_none_or(|year| plan.covers(year)))
            .collect(),
    };
    Ok(found.into_iter().map(|plan| values::plan(rules, plan)).collect())
}

fn one(ctx: &ResolverContext<'_>, given: &PlanOf) -> Result<Plan, HubError> {
    reads(ctx)?;
    let rules = rules(ctx);
    rules.plans.get(&given.id.0).map(|plan| values::plan(rules, plan)).ok_or(HubError::NotFound)
}

fn targets(ctx: &ResolverContext<'_>, given: &Targets) -> Result<Vec<PlanTarget>, HubError> {
    reads(ctx)?;
    let region = region(ctx, &given.region)?;
    let industry = given.industry.as_ref().map(|industry| industry.0.as_str());
    let found = rules(ctx).plans.targets(&region, given.year.0, industry);
    Ok(found
        .into_iter()
        .map(|(plan, target)| values::target(plan, target, Some(&region)))
        .collect())
}

fn deadline(ctx: &ResolverContext<'_>, given: &DeadlineOf) -> Result<Deadline, HubError> {
    reads(ctx)?;
    let rules = rules(ctx);
    let region = match &given.region {
        Some(code) => region(ctx, code)?,
        None => session(ctx).actor()?.region().clone(),
    };
    let suspended_days =
        u32::try_from(given.suspended_days.unwrap_or_default()).ok().filter(|days| *days <= 36_500);
    let suspended_days = suspended_days.ok_or_else(|| {
        HubError::invalid(
            "suspendedDays 不能为负，也不能超过 36500。",
            "suspendedDays must lie between 0 and 36500.",
        )
    })?;
    let extended = given.extended.unwrap_or_default();
    let start = match (given.from, given.year) {
        // A clock that starts at the end of the calendar ends behind it.
        (Some(Day(start)), None) if !(1949..=2100).contains(&start.year()) => {
            return Err(HubError::invalid(
                "from 应在 1949 至 2100 年之间。",
                "`from` must lie between 1949 and 2100.",
            ));
        }
        (Some(Day(start)), None) => start,
        (None, Some(year)) => NaiveDate::from_ymd_opt(year.0, 1, 1).unwrap_or(NaiveDate::MAX),
        _ => {
            return Err(HubError::invalid(
                "请给出起算日 from 或年份 year 之一。",
                "Give either the day it starts, `from`, or the `year`.",
            ));
        }
    };
    let rule = rules.clock(&given.rule, &region, start)?;
    let run = ClockRun { start, suspended_days, extended };
    permits(rule, &run)?;
    let due = match given.year {
        Some(year) => rule.due_in(&rules.calendar, year.0),
        None => rule.due(&rules.calendar, &run),
    };
    let (due, unknown_year) = settled(due)?;
    Ok(Deadline {
        due: Day(due),
        rule: rule.code.clone(),
        name: rule.name_zh.clone(),
        name_en: rule.name_en.clone(),
        amount: rule.amount,
        unit: Code(rule.unit),
        region_code: rule.region.as_ref().map(ToString::to_string),
        source: rule.source.clone(),
        unknown_year,
    })
}

/// Refuses a suspension or an extension that the rule does not have: the day would be the same
/// without it.
fn permits(rule: &ClockRule, run: &ClockRun) -> Result<(), HubError> {
    let code = &rule.code;
    if run.suspended_days > 0 && !rule.suspends {
        return Err(HubError::invalid(
            format!("时限 {code} 不因中止而顺延。请去掉 suspendedDays。"),
            format!("The period {code} is not suspended. Leave out `suspendedDays`."),
        ));
    }
    if run.extended && rule.extension == 0 {
        return Err(HubError::invalid(
            format!("时限 {code} 没有可延长的规定。请去掉 extended。"),
            format!("The period {code} cannot be extended. Leave out `extended`."),
        ));
    }
    Ok(())
}
