//! `plans`, `plan`, `targets` and `deadline`: what the meeting goes by. Plans and clocks are public documents; who reads
//! them has a role that reads, like everything here.

mod types;
mod values;

use async_graphql::{
    Name, Value,
    dynamic::{Field, FieldFuture, FieldValue, InputValue, ResolverContext, TypeRef},
};

use crate::{
    authz::meeting::Seat,
    domain::{deadline::Run, plan::Plan},
    error::HubError,
    graphql::{
        arguments::{Arguments, rules},
        fault::told,
        part::Part,
        records::session::Session,
        value::{object, session, text},
    },
    meeting::rulebook::settled,
};

/// The fields and types of plans.
#[must_use]
pub fn part() -> Part {
    Part { queries: fields(), objects: types::objects(), enums: types::enums(), ..Part::default() }
}

fn word(code: &str) -> Value {
    Value::Enum(Name::new(code))
}

/// Whoever reads at all may read plans, of any region.
fn reads(session: &Session) -> Result<Seat, HubError> {
    let actor = session.actor()?;
    Seat::new(&session.services.policy, actor, actor.region())
}

fn plans(session: &Session, ctx: &ResolverContext<'_>) -> Result<Vec<Value>, HubError> {
    reads(session)?;
    let (arguments, rules) = (Arguments(ctx), rules(ctx));
    let year = arguments.year("year")?;
    let found: Vec<&Plan> = if arguments.word("region").is_some() {
        rules.plans.for_region(&arguments.region(session)?, year)
    } else {
        rules.plans.all().iter().filter(|plan| year.is_none_or(|year| plan.covers(year))).collect()
    };
    Ok(found.into_iter().map(|plan| values::plan(rules, plan)).collect())
}

fn one(session: &Session, ctx: &ResolverContext<'_>) -> Result<Value, HubError> {
    reads(session)?;
    let id = Arguments(ctx).word("id").unwrap_or_default();
    let rules = rules(ctx);
    rules.plans.get(&id).map(|plan| values::plan(rules, plan)).ok_or(HubError::NotFound)
}

fn targets(session: &Session, ctx: &ResolverContext<'_>) -> Result<Vec<Value>, HubError> {
    reads(session)?;
    let (arguments, rules) = (Arguments(ctx), rules(ctx));
    let region = arguments.region(session)?;
    let year = arguments.year("year")?.unwrap_or_default();
    let industry = arguments.word("industry");
    let found = rules.plans.targets(&region, year, industry.as_deref());
    Ok(found.into_iter().map(|(plan, target)| values::target(plan, target, Some(&region))).collect())
}

fn deadline(session: &Session, ctx: &ResolverContext<'_>) -> Result<Value, HubError> {
    reads(session)?;
    let (arguments, rules) = (Arguments(ctx), rules(ctx));
    let region = arguments.region(session)?;
    let rule = rules.clock(&arguments.word("rule").unwrap_or_default(), &region)?;
    let suspended = arguments.number("suspendedDays").unwrap_or_default();
    let suspended_days = u32::try_from(suspended).ok().filter(|days| *days <= 36_500).ok_or_else(|| {
        HubError::invalid("suspendedDays 不能为负，也不能超过 36500。", "suspendedDays must lie between 0 and 36500.")
    })?;
    let due = match (arguments.day("from")?, arguments.year("year")?) {
        (Some(start), None) => rule.due(&rules.calendar, &Run { start, suspended_days, extended: arguments.yes("extended") }),
        (None, Some(year)) => rule.due_in(&rules.calendar, year),
        _ => {
            return Err(HubError::invalid(
                "请给出起算日 from 或年份 year 之一。",
                "Give either the day it starts, `from`, or the `year`.",
            ));
        }
    };
    let (due, unknown_year) = settled(due)?;
    Ok(object([
        ("due", due.to_string().into()),
        ("rule", rule.code.as_str().into()),
        ("name", rule.name_zh.as_str().into()),
        ("nameEn", rule.name_en.as_str().into()),
        ("amount", rule.amount.into()),
        ("unit", word(rule.unit.code())),
        ("regionCode", text(rule.region.as_ref().map(|region| region.as_str()))),
        ("source", rule.source.as_str().into()),
        ("unknownYear", unknown_year.map_or(Value::Null, Into::into)),
    ]))
}

type Many = fn(&Session, &ResolverContext<'_>) -> Result<Vec<Value>, HubError>;
type One = fn(&Session, &ResolverContext<'_>) -> Result<Value, HubError>;

fn list(name: &str, kind: &str, answer: Many) -> Field {
    Field::new(name, TypeRef::named_nn_list(kind), move |ctx| {
        let found = told(&ctx, answer(session(&ctx), &ctx));
        FieldFuture::Value(found.map(|found| FieldValue::list(found.into_iter().map(FieldValue::value))))
    })
}

fn single(name: &str, kind: &str, answer: One) -> Field {
    Field::new(name, TypeRef::named(kind), move |ctx| {
        FieldFuture::Value(told(&ctx, answer(session(&ctx), &ctx)).map(FieldValue::value))
    })
}

fn region() -> InputValue {
    InputValue::new("region", TypeRef::named(TypeRef::STRING))
        .description("区划代码；已撤销的代码按承继地区。\n\nRegion; an abolished code stands for its successor.")
}

fn fields() -> Vec<Field> {
    let year = |required: bool| {
        let kind = if required { TypeRef::named_nn(TypeRef::INT) } else { TypeRef::named(TypeRef::INT) };
        InputValue::new("year", kind).description("年度。\n\nYear.")
    };
    vec![
        list("plans", "Plan", plans).argument(region()).argument(year(false)).description(
            "工伤预防计划：给出地区时为该地区适用的计划，本级在前、上级在后。\n\nPlans for work-injury prevention; of a region: those valid there, its own level first.",
        ),
        single("plan", "Plan", one)
            .argument(InputValue::new("id", TypeRef::named_nn(TypeRef::ID)).description("计划标识，如 SHUOZHOU-2021。\n\nIdentifier, such as SHUOZHOU-2021."))
            .description("一个计划。\n\nA plan."),
        list("targets", "PlanTarget", targets)
            .argument(
                InputValue::new("region", TypeRef::named_nn(TypeRef::STRING))
                    .description("区划代码；已撤销的代码按承继地区。\n\nRegion; an abolished code stands for its successor."),
            )
            .argument(year(true))
            .argument(InputValue::new("industry", TypeRef::named("KeyIndustry")).description("重点行业。\n\nKey industry."))
            .description(
                "一个地区一个年度的目标：本地区没有计划的，按上级计划，并注明属于哪个计划。\n\nTargets of a region in a year; a region without a plan of its own is answered by the one above, and each target says whose it is.",
            ),
        single("deadline", "Deadline", deadline)
            .argument(InputValue::new("rule", TypeRef::named_nn(TypeRef::STRING)).description("时限规则代码（代码表 clock_rule）。\n\nCode of the table clock_rule."))
            .argument(InputValue::new("from", TypeRef::named("Date")).description("起算日，当日不计。\n\nDay it starts, not counted itself."))
            .argument(InputValue::new("year", TypeRef::named(TypeRef::INT)).description("年度（每年定日的规则）。\n\nYear, for rules that name a day of the year."))
            .argument(region())
            .argument(InputValue::new("suspendedDays", TypeRef::named(TypeRef::INT)).description("中止日数。\n\nDays it stood still."))
            .argument(InputValue::new("extended", TypeRef::named(TypeRef::BOOLEAN)).description("是否延长。\n\nWhether it was extended."))
            .description(
                "按时限规则计算最后一日。按自然日、月、年计的，节假日安排未公布时照算，并以 unknownYear 注明可能顺延；须数工作日的报错，不猜测。\n\nLast day of a clock. What counts days, months or years is counted beyond the known holidays too, with unknownYear where it may still move; what needs working days of such a year is an error, not a guess.",
            ),
    ]
}
