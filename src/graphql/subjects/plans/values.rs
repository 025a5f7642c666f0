//! Plans as plain values of GraphQL.

use async_graphql::Value;

use crate::{
    domain::{
        plan::{Member, Obligation, Plan, PlanIndustry, PlanPost, Role, Scope, Target, Task},
        region::RegionCode,
    },
    graphql::{
        subjects::plans::word,
        value::{object, text},
    },
    meeting::rulebook::Rulebook,
};

fn code(code: Option<&str>) -> Value {
    code.map_or(Value::Null, word)
}

fn words(codes: &[String]) -> Value {
    Value::List(codes.iter().map(|code| word(code)).collect())
}

fn number<T: Into<Value>>(number: Option<T>) -> Value {
    number.map_or(Value::Null, Into::into)
}

fn list<'a, T: 'a>(items: &'a [T], value: impl Fn(&'a T) -> Value) -> Value {
    Value::List(items.iter().map(value).collect())
}

/// `Plan`.
pub(super) fn plan(rules: &Rulebook, plan: &Plan) -> Value {
    let region = plan.region.as_ref().map(RegionCode::as_str);
    object([
        ("id", plan.id.as_str().into()),
        ("name", plan.name_zh.as_str().into()),
        ("nameEn", plan.name_en.as_str().into()),
        ("document", plan.document.as_str().into()),
        ("regionCode", text(region)),
        ("regionName", text(region.and_then(|code| rules.regions.name(code)))),
        ("firstYear", plan.first_year.into()),
        ("lastYear", plan.last_year.into()),
        ("issuedOn", text(plan.issued_on.map(|day| day.to_string()))),
        ("baseYear", number(plan.base_year)),
        ("tolerance", word(plan.tolerance.code())),
        ("complete", plan.complete.into()),
        ("floatYears", number(plan.float_years)),
        ("parentId", text(plan.parent.as_deref())),
        ("differs", text(plan.differs.as_deref())),
        ("industries", list(&plan.industries, industry)),
        ("posts", list(&plan.posts, post)),
        ("members", list(&plan.members, member)),
        ("targets", list(&plan.targets, |own| target(plan, own, None))),
        ("tasks", list(&plan.tasks, task)),
        ("obligations", list(&plan.obligations, obligation)),
        ("source", plan.source.as_str().into()),
    ])
}

fn industry(industry: &PlanIndustry) -> Value {
    object([
        ("industry", word(&industry.industry)),
        ("role", word(industry.role.code())),
        ("department", code(industry.department.as_deref())),
        ("focus", text(industry.focus.as_deref())),
        ("source", industry.source.as_str().into()),
    ])
}

fn post(post: &PlanPost) -> Value {
    object([
        ("post", word(&post.post)),
        ("name", post.name_zh.as_str().into()),
        ("nameEn", post.name_en.as_str().into()),
        ("category", post.category.as_str().into()),
        ("industry", code(post.industry.as_deref())),
        ("source", post.source.as_str().into()),
    ])
}

fn member(member: &Member) -> Value {
    object([("department", word(&member.department)), ("leads", member.leads.into()), ("source", member.source.as_str().into())])
}

/// `PlanTarget`, as it is asked for at a region.
pub(super) fn target(plan: &Plan, target: &Target, asked: Option<&RegionCode>) -> Value {
    let (industry, industries) = match &target.scope {
        Scope::Industry(own) => (Some(own.as_str()), vec![own.as_str()]),
        Scope::Key => (None, plan.industries_of(Role::Key)),
        Scope::Dust => (None, plan.industries_of(Role::Dust)),
        Scope::All => (None, Vec::new()),
    };
    object([
        ("id", target.id.as_str().into()),
        ("planId", plan.id.as_str().into()),
        ("planRegionCode", text(plan.region.as_ref().map(RegionCode::as_str))),
        ("inherited", asked.is_some_and(|asked| plan.region.as_ref() != Some(asked)).into()),
        ("year", target.year.into()),
        ("baseYear", number(plan.base_year.filter(|_| target.comparison.needs_base()))),
        ("scope", target.scope.code().into()),
        ("industry", code(industry)),
        ("industries", Value::List(industries.into_iter().map(word).collect())),
        ("measure", word(target.measure.code())),
        ("comparison", word(target.comparison.code())),
        ("amount", number(target.amount)),
        ("unit", code(target.unit.map(|unit| unit.code()))),
        ("tolerance", word(target.tolerance.code())),
        ("department", code(target.department.as_deref())),
        ("name", target.name_zh.as_str().into()),
        ("nameEn", target.name_en.as_str().into()),
        ("differs", text(target.differs.as_deref())),
        ("confidence", text(target.confidence.as_deref())),
        ("source", target.source.as_str().into()),
    ])
}

fn task(task: &Task) -> Value {
    object([
        ("id", task.id.as_str().into()),
        ("year", number(task.year)),
        ("number", task.number.into()),
        ("kind", word(task.kind.code())),
        ("levels", words(&task.levels)),
        ("departments", words(&task.departments)),
        ("due", Value::List(task.due.iter().map(|day| day.to_string().into()).collect())),
        ("amount", number(task.amount)),
        ("unit", code(task.unit.map(|unit| unit.code()))),
        ("name", task.name_zh.as_str().into()),
        ("nameEn", task.name_en.as_str().into()),
        ("source", task.source.as_str().into()),
    ])
}

fn obligation(owed: &Obligation) -> Value {
    object([
        ("id", owed.id.as_str().into()),
        ("kind", word(owed.kind.code())),
        ("departments", words(&owed.departments)),
        ("levels", words(&owed.levels)),
        ("dataYear", owed.data_year.into()),
        ("dueYear", owed.due_year.into()),
        ("rule", owed.rule.as_str().into()),
        ("finality", word(owed.finality.code())),
        ("standing", owed.standing.into()),
        ("name", owed.name_zh.as_str().into()),
        ("nameEn", owed.name_en.as_str().into()),
        ("source", owed.source.as_str().into()),
    ])
}
