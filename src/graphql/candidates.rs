//! Persons a record may be about when no identity number links them: candidates for a human, never merged.

use std::sync::Arc;

use async_graphql::{
    Name, Value,
    dynamic::{Field, FieldFuture, FieldValue, InputValue, Object, TypeRef},
};
use entity::catalogue::Family;

use crate::{
    error::HubError,
    graphql::{
        fault::told,
        plan::{Node, attach, plan},
        query::parse_id,
        records::session,
        session::Session,
    },
    store::{
        cell::Cell,
        filter::{Filter, Test},
        read::{Page, Row, Selection},
    },
};

/// Most candidates shown.
const MOST: u64 = 20;
/// What is compared, beside the name: field of the record, reason.
const COMPARED: [(&str, &str); 3] = [("birthDate", "BIRTH_DATE"), ("sex", "SEX"), ("employerUscc", "EMPLOYER")];

struct Candidate {
    node: Arc<Node>,
    reasons: Vec<&'static str>,
}

/// `personCandidates(id)`.
#[must_use]
pub fn field() -> Field {
    Field::new("personCandidates", TypeRef::named_nn_list("PersonCandidate"), |ctx| {
        FieldFuture::new(async move {
            let session = session(&ctx);
            let id = match ctx.args.get("id").map(|value| value.as_value().clone()) {
                Some(Value::String(id)) => id,
                _ => String::new(),
            };
            let fields: Vec<_> = ctx
                .ctx
                .field()
                .selection_set()
                .filter(|field| field.name() == "person")
                .flat_map(|field| field.selection_set().collect::<Vec<_>>())
                .collect();
            let Some(found) = told(&ctx, candidates(session, &id, &fields).await) else { return Ok(None) };
            Ok(Some(FieldValue::list(found.into_iter().map(FieldValue::owned_any))))
        })
    })
    .argument(InputValue::new("id", TypeRef::named_nn(TypeRef::ID)).description("伤亡人员、病例或工伤的标识。\n\nA victim, case or injury."))
    .description(
        "没有证件号码可关联时，可能是同一人的劳动者：姓名相同，另列其他相同之处；由人确认，平台不合并。\n\nPersons of the same name with what else agrees, for a human to confirm; nothing is merged.",
    )
}

async fn candidates(session: &Session, id: &str, fields: &[async_graphql::SelectionField<'_>]) -> Result<Vec<Candidate>, HubError> {
    session.actor()?;
    let catalogue = &session.services.catalogue;
    let (family, id) = parse_id(catalogue, id)?;
    let persons = catalogue.find("Person").ok_or(HubError::NotFound)?;
    let reader = session.services.reader();
    let scope = session.scope(family)?;
    let row = reader.get(&scope, id, &compared(family)).await?.ok_or(HubError::NotFound)?;
    session.show(&scope, std::slice::from_ref(&row))?;
    // A masked name is no name to look for.
    let name = value(family, &row, "name").filter(|name| name.as_text().is_some_and(|name| !name.ends_with('*')));
    let (Some(name), Some(field)) = (name, persons.field("name")) else {
        return Err(HubError::invalid(
            "该记录没有您可查看的姓名，无法查找候选人。",
            "The record has no name you may read, so there is nothing to look for.",
        ));
    };
    let filter = Filter::Field(field, Test::In(vec![name.clone()]));
    let plan = plan(session, persons, fields)?;
    let mut selection = plan.selection.clone();
    for position in compared(persons).fields() {
        selection.field(*position);
    }
    let person_scope = session.scope(persons)?;
    let page = Page { selection: &selection, filter: &filter, keys: &[], from: None, backward: false, limit: MOST };
    let found = reader.page(&person_scope, &page).await?;
    let reasons: Vec<Vec<&'static str>> = found.iter().map(|person| reasons(family, &row, persons, person)).collect();
    let nodes = attach(session, &plan, found).await?;
    let mut list: Vec<Candidate> = nodes.into_iter().zip(reasons).map(|(node, reasons)| Candidate { node, reasons }).collect();
    list.sort_by_key(|candidate| std::cmp::Reverse(candidate.reasons.len()));
    Ok(list)
}

fn compared(family: &'static Family) -> Selection {
    let mut selection = Selection::default();
    for name in std::iter::once("name").chain(COMPARED.iter().map(|(name, _)| *name)) {
        if let Some(position) = family.position(name) {
            selection.field(position);
        }
    }
    selection
}

fn value<'a>(family: &'static Family, row: &'a Row, name: &str) -> Option<&'a Cell> {
    row.cells.get(family.position(name)?).filter(|cell| !cell.is_null())
}

fn reasons(family: &'static Family, row: &Row, persons: &'static Family, person: &Row) -> Vec<&'static str> {
    let agrees = |name: &str| value(family, row, name).is_some_and(|own| value(persons, person, name) == Some(own));
    std::iter::once("NAME").chain(COMPARED.iter().filter(|(name, _)| agrees(name)).map(|(_, reason)| *reason)).collect()
}

/// The type of a candidate.
#[must_use]
pub fn object() -> Object {
    Object::new("PersonCandidate")
        .description("可能是同一人的劳动者。\n\nA person the record may be about.")
        .field(
            Field::new("person", TypeRef::named_nn("Person"), |ctx| {
                let candidate = ctx.parent_value.downcast_ref::<Candidate>();
                FieldFuture::Value(candidate.map(|candidate| FieldValue::owned_any(Arc::clone(&candidate.node))))
            })
            .description("劳动者。\n\nThe person."),
        )
        .field(
            Field::new("reasons", TypeRef::named_nn_list_nn("MatchReason"), |ctx| {
                let candidate = ctx.parent_value.downcast_ref::<Candidate>();
                FieldFuture::Value(candidate.map(|candidate| {
                    FieldValue::list(candidate.reasons.iter().map(|reason| FieldValue::value(Value::Enum(Name::new(reason)))))
                }))
            })
            .description("相同之处。\n\nWhat agrees."),
        )
}
