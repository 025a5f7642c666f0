//! Leads between departments: reading them, searching for them, and the work on them.

mod input;
mod shown;
mod types;

use async_graphql::{
    Value,
    dynamic::{Enum, EnumItem, Field, FieldFuture, FieldValue, InputValue, ResolverContext, TypeRef},
};

use crate::{
    authz::meeting::Seat,
    error::HubError,
    graphql::{arguments::Arguments, fault::told, part::Part, records::session::Session, value::session},
    meeting::leads::{self, Act, Lead, Role, Wanted},
    store::{global_id, seal::Seal},
};

use input::Given;

/// Kind of the identifiers of leads.
const LEAD: &str = "Lead";
/// Leads of a page when none is asked for, and at most.
const FIRST: (i64, i64) = (50, 200);

/// Fields and types of leads.
#[must_use]
pub fn part() -> Part {
    Part {
        queries: vec![list(), summary()],
        mutations: vec![search(), step("assignLead"), step("answerLead"), step("closeLead")],
        objects: types::objects(),
        inputs: types::inputs(),
        enums: vec![roles()],
    }
}

/// A resolver whose answer is a plain value.
fn answered<F>(name: &str, kind: TypeRef, resolve: F) -> Field
where
    F: for<'a> Fn(&'a Session, &'a ResolverContext<'a>) -> futures_util::future::BoxFuture<'a, Result<Value, HubError>>
        + Copy
        + Send
        + Sync
        + 'static,
{
    Field::new(name, kind, move |ctx| {
        FieldFuture::new(async move {
            let result = resolve(session(&ctx), &ctx).await;
            Ok(told(&ctx, result).map(FieldValue::value))
        })
    })
}

fn region_argument() -> InputValue {
    InputValue::new("region", TypeRef::named_nn(TypeRef::STRING))
        .description("行政区划代码，本级或下级。\n\nRegion, your own or below.")
}

fn list() -> Field {
    let may = |name: &str, kind: &str, about: &str| InputValue::new(name, TypeRef::named(kind)).description(about);
    answered("leads", TypeRef::named("LeadPage"), |session, ctx| {
        Box::pin(async move {
            let given = Arguments(ctx);
            let seat = given.seat(session)?;
            let first = given.number("first").unwrap_or(FIRST.0);
            if !(1..=FIRST.1).contains(&first) {
                return Err(HubError::invalid(
                    format!("first 应为 1 至 {}。", FIRST.1),
                    format!("`first` is 1 to {}.", FIRST.1),
                ));
            }
            let wanted = Wanted {
                kind: given.word("kind").as_deref().and_then(leads::Kind::from_code),
                state: given.word("state").as_deref().and_then(leads::State::from_code),
                tier: given.word("tier").as_deref().and_then(leads::Tier::from_code),
                department: given.word("department"),
                after: input::after(&session.services.seal, given.word("after").as_deref())?,
                first: u64::try_from(first).unwrap_or(1),
                ..Wanted::default()
            };
            let page = session.services.database.leads(&seat, &wanted).await?;
            let ids: Vec<_> = page.leads.iter().map(|lead| lead.id).collect();
            let asked = ctx.ctx.look_ahead().field("nodes").field("events").exists();
            let events = if asked { session.services.database.lead_events(&seat, &ids).await? } else { Vec::new() };
            Ok(shown::page(session, &page, &events))
        })
    })
    .argument(region_argument())
    .argument(may("kind", "LeadKind", "种类。\n\nKind."))
    .argument(may("state", "LeadState", "状态。\n\nState."))
    .argument(may("tier", "LeadTier", "可靠程度。\n\nTier."))
    .argument(may("department", "Department", "涉及其记录或分派给该部门。\n\nThat concerns its records or was assigned to it."))
    .argument(may("first", TypeRef::INT, "条数，1 至 200，默认 50。\n\nLeads, 1 to 200, 50 by default."))
    .argument(may("after", TypeRef::STRING, "从此游标之后。\n\nAfter this cursor."))
    .description(
        "部门间差异线索，按发现先后排列。人社部门看本地区全部；其他部门看涉及本部门记录或分派给本部门的。线索不是结论。\n\nLeads in the order in which they were found. 人社 sees all of its region, other departments those that concern their records or were assigned to them. A lead is no finding.",
    )
}

fn summary() -> Field {
    answered("leadSummary", TypeRef::named_nn_list("LeadSummary"), |session, ctx| {
        Box::pin(async move {
            let given = Arguments(ctx);
            let (seat, year) = (given.seat(session)?, given.year("year")?);
            let summary = leads::summary(&session.services, &seat, year).await?;
            session.count(&leads::compared(&session.services.catalogue), summary.len());
            Ok(Value::List(summary.iter().map(|own| shown::summary(session, own)).collect()))
        })
    })
    .argument(region_argument())
    .argument(InputValue::new("year", TypeRef::named(TypeRef::INT)).description("事件发生年份；不填为全部。\n\nYear of the events; all without it."))
    .description(
        "线索按种类汇总，附两份名单的重合与估计。比对数非联席会议用途不显示。\n\nLeads by kind, with what two lists have in common, which is withheld outside the meeting.",
    )
}

fn search() -> Field {
    answered("searchLeads", TypeRef::named("LeadRun"), |session, ctx| {
        Box::pin(async move {
            let region = Arguments(ctx).region(session)?;
            let run = leads::search(&session.services, &session.ctx, session.actor()?, &region).await?;
            Ok(shown::run(session, &run))
        })
    })
    .argument(region_argument())
    .description(
        "重新比对本地区的全部线索：已有的保持原编号，数据不再如此的自动办结，再次出现的重新打开。仅限人社部门。\n\nLook for all leads of a region again: known ones keep their identity, those the data no longer say close themselves, and open again when they return. 人社 only.",
    )
}

fn step(name: &'static str) -> Field {
    let (input, about) = match name {
        "assignLead" => (
            "AssignLeadInput",
            "把线索分派给一个部门，或改派、再问。仅限人社部门。\n\nAsk a department about a lead, or another one, or again. 人社 only.",
        ),
        "answerLead" => (
            "AnswerLeadInput",
            "代表被分派的部门答复。不得写证件号码。\n\nAnswer for the department that was asked. No identity numbers.",
        ),
        _ => ("CloseLeadInput", "办结线索并说明理由。仅限人社部门。\n\nClose a lead and say why. 人社 only."),
    };
    answered(name, TypeRef::named("Lead"), |session, ctx| {
        Box::pin(async move {
            let given = Given::input(ctx)?;
            let words = given.word("words").map(ToOwned::to_owned);
            let act = match ctx.ctx.item.node.name.node.as_str() {
                "assignLead" => Act::Assign { department: given.word("department").unwrap_or_default().to_owned(), words },
                "answerLead" => Act::Answer { words: words.unwrap_or_default() },
                _ => Act::Close {
                    resolution: given
                        .word("resolution")
                        .and_then(leads::Resolution::from_code)
                        .ok_or_else(|| HubError::invalid("没有该办结方式。", "No such resolution."))?,
                    words: words.unwrap_or_default(),
                },
            };
            let actor = session.actor()?;
            let version = given.number("version").and_then(|version| i32::try_from(version).ok()).unwrap_or_default();
            let lead =
                leads::act(&session.services, &session.ctx, actor, (given.id(&session.services.seal, LEAD), version), &act).await?;
            told_whole(session, &lead).await
        })
    })
    .argument(InputValue::new("input", TypeRef::named_nn(input)).description("内容。\n\nWhat is done."))
    .description(about)
}

/// A lead with its history, to whoever has just worked on it.
async fn told_whole(session: &Session, lead: &Lead) -> Result<Value, HubError> {
    let actor = session.actor()?;
    let seat = Seat::new(&session.services.policy, actor, actor.region())?;
    let events = session.services.database.lead_events(&seat, &[lead.id]).await?;
    Ok(shown::lead(session, lead, &events))
}

fn roles() -> Enum {
    let about = |role: Role| match role {
        Role::Subject => "线索所指的记录。\n\nThe lead is about it.",
        Role::Context => "该记录所属的事故等。\n\nIt belongs to the subject, such as its accident.",
        Role::Other => "与之不一致的记录。\n\nIt does not agree with the subject.",
        Role::Candidate => "可能与之对应，待人核对。\n\nIt may belong to the subject; a person has to look.",
    };
    Role::ALL
        .into_iter()
        .fold(Enum::new("LeadRole").description("记录在线索中的作用。\n\nPart of a record in a lead."), |list, role| {
            list.item(EnumItem::new(role.code()).description(about(role)))
        })
}

/// Identifier of a lead for clients.
fn id(seal: &Seal, lead: &Lead) -> String {
    global_id::of_name(seal, LEAD, lead.id)
}
