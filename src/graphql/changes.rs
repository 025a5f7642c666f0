//! `changes`: what happened to records since a cursor, for systems that keep a copy.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use async_graphql::{
    Value,
    dynamic::{Field, FieldFuture, InputValue, Object, ResolverContext, TypeRef},
};
use entity::catalogue::{Family, Kind};
use uuid::Uuid;

use crate::{
    authz::{
        policy::Outcome,
        scope::{Scope, Use},
    },
    error::HubError,
    feed::cursor::question,
    graphql::{
        answer::Writer,
        object::written,
        plan::{Level, Plan, descend},
        query::{answered, global_id},
        selection::Picked,
        session::Session,
        shape::{Maker, Shape},
    },
    store::{
        cell::Cell,
        events::{Event, Heard},
        mark::Mark,
        row::{Classes, Row},
    },
};

/// Name of the root field.
pub const NAME: &str = "changes";
/// Changes of a page when `first` is not given.
pub const DEFAULT_FIRST: u64 = 200;
/// Most changes of a page.
pub const MOST_FIRST: u64 = 1_000;

/// The form of a page.
enum Part {
    TypeName,
    Events(Vec<(String, EventPart)>),
    Cursor,
    More,
}

/// What stands under a response name of a change.
enum EventPart {
    TypeName,
    Kind,
    Family,
    Id,
    Version,
    Changed,
    Previous,
    Reason,
    At,
    /// The record, by scope.
    Record(Vec<Shape>),
}

/// Records of one family that a page is about.
struct Records {
    scope: Arc<Scope>,
    level: Level,
    present: HashMap<Uuid, usize>,
    withdrawn: HashMap<Uuid, Row>,
}

/// A change as the caller may hear of it.
struct Told<'a> {
    event: &'a Event,
    /// The record as it is now, in the level of its family.
    present: Option<usize>,
    /// Whether number, time and reason of the version are shown.
    versions: bool,
    changed: Vec<String>,
}

/// The root field.
#[must_use]
pub fn field() -> Field {
    let argument = |name: &str, kind: TypeRef, about: &str| InputValue::new(name, kind).description(about);
    Field::new(NAME, TypeRef::named("ChangePage"), |ctx| {
        FieldFuture::new(async move { Ok(answered(&ctx, async |maker, uses| page(maker, &ctx, uses).await).await) })
    })
    .argument(argument(
        "after",
        TypeRef::named(TypeRef::STRING),
        "上一页的 cursor；不给则从头开始。\n\nThe `cursor` of the page before; without it, from the beginning.",
    ))
    .argument(argument(
        "families",
        TypeRef::named_nn_list(TypeRef::STRING),
        "只要这些数据类别；不给则为您可列出的全部。\n\nThese families only; without it, all you may list.",
    ))
    .argument(argument(
        "first",
        TypeRef::named(TypeRef::INT),
        "最多条数，1 至 1000，默认 200。\n\nChanges at most, 1 to 1000, 200 by default.",
    ))
    .description(
        "按提交顺序的变更，供保存副本的系统增量获取，含删除。\n\nChanges in the order in which they were committed, deletions included, for systems that keep a copy.",
    )
}

/// The page that the arguments ask for, as JSON.
async fn page(maker: &Maker<'_>, ctx: &ResolverContext<'_>, uses: &Picked<'_>) -> Result<Vec<u8>, HubError> {
    let session = maker.session;
    session.actor()?;
    let argument = |name: &str| ctx.args.get(name).map(|value| value.as_value().clone()).filter(|value| *value != Value::Null);
    let scopes = scopes(session, argument("families"))?;
    let first = first(argument("first").as_ref())?;
    let question = question(session.actor()?, &scopes);
    let after = match argument("after") {
        Some(Value::String(text)) => Some(Mark::opened(&session.services.seal, &question, &text)?),
        _ => None,
    };
    let mut plans: Vec<Plan> = scopes.iter().map(|scope| Plan::new(scope.family())).collect();
    let form = form(maker, &mut plans, uses)?;
    let told = asks(&form, |part| matches!(part, EventPart::Changed | EventPart::Reason));
    let heard = session.services.reader().changes(&scopes, after, first, told).await?;
    let mut records = Vec::with_capacity(scopes.len());
    for (number, (scope, plan)) in scopes.iter().zip(&plans).enumerate() {
        records.push(standing(session, scope, plan, &heard, number).await?);
    }
    let list: Vec<Told<'_>> = heard.events.iter().filter_map(|event| tell(session, records.get(event.scope)?, event)).collect();
    let cursor = heard.end.sealed(&session.services.seal, &question)?;
    let mut writer = Writer::new(&session.services.reference, session.language);
    writer.object(&form, |writer, part| match part {
        Part::Events(parts) => writer.list(&list, |writer, told| {
            if let Some(records) = records.get(told.event.scope) {
                write(writer, parts, records, told);
            }
        }),
        Part::Cursor => writer.value(&cursor),
        Part::More => writer.value(&heard.more),
        Part::TypeName => writer.value("ChangePage"),
    });
    Ok(writer.finish())
}

/// Scopes of the families asked for, by name; without a list, of all that may be listed.
fn scopes(session: &Session, families: Option<Value>) -> Result<Vec<Arc<Scope>>, HubError> {
    let catalogue = &session.services.catalogue;
    let names = match families {
        None => {
            let all = catalogue.families().map(|family| session.scope(family)).collect::<Result<Vec<_>, _>>()?;
            let mut listed: Vec<_> = all.into_iter().filter(|scope| scope.allows(Use::List, &[])).collect();
            listed.sort_by_key(|scope| scope.family().name);
            return Ok(listed);
        }
        Some(Value::List(list)) => list,
        Some(one) => vec![one],
    };
    let unknown = || {
        HubError::invalid(
            "families 须为一个或多个数据类别的名称，见 catalogue { families { name } }。",
            "`families` names one or more families; see `catalogue { families { name } }`.",
        )
    };
    let mut found = BTreeSet::new();
    for name in &names {
        let Value::String(name) = name else { return Err(unknown()) };
        found.insert(catalogue.find(name).ok_or_else(unknown)?.name);
    }
    if found.is_empty() {
        return Err(unknown());
    }
    found.into_iter().filter_map(|name| catalogue.find(name)).map(|family| session.scope(family)).collect()
}

fn first(value: Option<&Value>) -> Result<u64, HubError> {
    let given = match value {
        None => return Ok(DEFAULT_FIRST),
        Some(Value::Number(number)) => number.as_u64(),
        Some(_) => None,
    };
    given.filter(|number| (1..=MOST_FIRST).contains(number)).ok_or_else(|| {
        HubError::invalid(
            format!("changes 的 first 须为 1 至 {MOST_FIRST}。请用 cursor 继续。"),
            format!("`first` of `changes` is 1 to {MOST_FIRST}. Go on with `cursor`."),
        )
    })
}

fn form(maker: &Maker<'_>, plans: &mut [Plan], uses: &Picked<'_>) -> Result<Vec<(String, Part)>, HubError> {
    let mut parts = Vec::new();
    for picked in maker.picked("ChangePage", &uses.sets()) {
        let part = match picked.name {
            "events" => Part::Events(event_form(maker, plans, &picked)?),
            "cursor" => Part::Cursor,
            "more" => Part::More,
            _ => Part::TypeName,
        };
        parts.push((picked.key.to_owned(), part));
    }
    Ok(parts)
}

fn event_form(maker: &Maker<'_>, plans: &mut [Plan], uses: &Picked<'_>) -> Result<Vec<(String, EventPart)>, HubError> {
    let mut parts = Vec::new();
    for picked in maker.picked("Change", &uses.sets()) {
        let part = match picked.name {
            "kind" => EventPart::Kind,
            "family" => EventPart::Family,
            "id" => EventPart::Id,
            "version" => EventPart::Version,
            "changed" => EventPart::Changed,
            "previousVersion" => EventPart::Previous,
            "reason" => EventPart::Reason,
            "at" => EventPart::At,
            "record" => {
                let sets = picked.sets();
                EventPart::Record(plans.iter_mut().map(|plan| maker.shape(plan, &sets)).collect::<Result<_, _>>()?)
            }
            _ => EventPart::TypeName,
        };
        parts.push((picked.key.to_owned(), part));
    }
    Ok(parts)
}

fn asks(form: &[(String, Part)], what: fn(&EventPart) -> bool) -> bool {
    form.iter().any(|(_, part)| matches!(part, Part::Events(parts) if parts.iter().any(|(_, part)| what(part))))
}

/// The records of one family that a page is about, each read once, however many changes it had.
async fn standing(session: &Session, scope: &Arc<Scope>, plan: &Plan, heard: &Heard, number: usize) -> Result<Records, HubError> {
    let own = heard.events.iter().filter(|event| event.scope == number).map(|event| event.record);
    let ids: Vec<Uuid> = own.collect::<BTreeSet<_>>().into_iter().collect();
    if ids.is_empty() {
        let level = Level { rows: Arc::default(), below: Vec::new() };
        return Ok(Records { scope: Arc::clone(scope), level, present: HashMap::new(), withdrawn: HashMap::new() });
    }
    let found = session.services.reader().standing(scope, &ids, &plan.selection).await?;
    let present = found.present.iter().enumerate().map(|(index, row)| (row.id, index)).collect();
    let withdrawn = found.withdrawn.into_iter().map(|row| (row.id, row)).collect();
    let level = descend(session, plan, Arc::new(found.present)).await?;
    Ok(Records { scope: Arc::clone(scope), level, present, withdrawn })
}

/// What may be told of a change. As in the history of a record, its zone as it is now decides.
fn tell<'a>(session: &Session, records: &Records, event: &'a Event) -> Option<Told<'a>> {
    let present = records.present.get(&event.record).copied();
    let row = present.and_then(|index| records.level.rows.get(index)).or_else(|| records.withdrawn.get(&event.record));
    let zone = row.and_then(|row| records.scope.zone_of(&row.region, &row.department, row.industry.as_deref()));
    let (Some(row), Some(zone)) = (row, zone.filter(|zone| zone.shows_versions())) else {
        return Some(Told { event, present, versions: false, changed: Vec::new() });
    };
    let family = records.scope.family();
    let mut changed: Vec<String> = event.changed.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let mut classes = Classes::default();
    changed.retain(|name| match family.field(name) {
        Some(field) if zone.outcome(field.class) == Outcome::Full => {
            classes.add(field.class);
            true
        }
        _ => false,
    });
    // That a medical fact of a person changed is a fact about that person.
    session.show_classes(&records.scope, row, classes);
    Some(Told { event, present, versions: true, changed })
}

fn write(writer: &mut Writer<'_>, parts: &[(String, EventPart)], records: &Records, told: &Told<'_>) {
    let family: &'static Family = records.scope.family();
    let event = told.event;
    let versions = |value: i32| told.versions.then_some(value);
    writer.object(parts, |writer, part| match part {
        EventPart::TypeName => writer.value("Change"),
        EventPart::Kind => writer.value(if told.present.is_some() { "UPSERT" } else { "TOMBSTONE" }),
        EventPart::Family => writer.value(family.name),
        EventPart::Id => writer.value(&global_id(family, event.record)),
        EventPart::Version => writer.value(&versions(event.version)),
        EventPart::Previous => writer.value(&versions(event.version - 1).filter(|version| *version > 0)),
        EventPart::Changed => writer.value(&told.changed),
        EventPart::Reason => writer.text(event.reason.as_deref().filter(|_| told.versions)),
        EventPart::At => {
            let at = told.versions.then(|| Cell::Instant(event.at).text(Kind::DateTime)).flatten();
            writer.text(at.as_deref());
        }
        EventPart::Record(shapes) => match (told.present, shapes.get(event.scope)) {
            (Some(index), Some(shape)) => writer.record(shape, &records.level, index),
            _ => writer.text(None),
        },
    });
}

/// Types of the feed.
#[must_use]
pub fn types() -> [Object; 2] {
    let field = |name: &str, kind: TypeRef, about: &str| Field::new(name, kind, written).description(about);
    let page = Object::new("ChangePage")
        .description("变更的一页。\n\nA page of changes.")
        .field(field("events", TypeRef::named_nn_list_nn("Change"), "变更，先提交的在前。\n\nThe changes, first committed first."))
        .field(field(
            "cursor",
            TypeRef::named_nn(TypeRef::STRING),
            "下次从此继续；没有变更时也给出。\n\nWhere to go on, given also when there are no changes.",
        ))
        .field(field(
            "more",
            TypeRef::named_nn(TypeRef::BOOLEAN),
            "现在是否还有。本页为空时也可能还有。\n\nWhether there is more right now, which may be so even when this page is empty.",
        ));
    let change = Object::new("Change")
        .description("一条记录的一次变更。\n\nOne change of a record.")
        .field(field("kind", TypeRef::named_nn("ChangeKind"), "种类。\n\nIts kind."))
        .field(field("family", TypeRef::named_nn(TypeRef::STRING), "数据类别。\n\nFamily of the record."))
        .field(field("id", TypeRef::named_nn(TypeRef::ID), "记录的全局标识。\n\nGlobal identifier of the record."))
        .field(field(
            "version",
            TypeRef::named(TypeRef::INT),
            "变更后的版本；版本不可见时为空。\n\nVersion it became; empty where versions are not shown.",
        ))
        .field(field(
            "previousVersion",
            TypeRef::named(TypeRef::INT),
            "变更前的版本；新增或版本不可见时为空。\n\nVersion before; empty for a new record and where versions are not shown.",
        ))
        .field(field(
            "changed",
            TypeRef::named_nn_list_nn(TypeRef::STRING),
            "有变化且您可完整查看的字段。\n\nNames of the fields that changed, those you may read fully.",
        ))
        .field(field(
            "reason",
            TypeRef::named(TypeRef::STRING),
            "撤回的原因；版本不可见时为空。\n\nWhy it was withdrawn; empty where versions are not shown.",
        ))
        .field(field(
            "at",
            TypeRef::named("DateTime"),
            "变更时间；版本不可见时为空。\n\nWhen it changed; empty where versions are not shown.",
        ))
        .field(field(
            "record",
            TypeRef::named("Node"),
            "记录现在的内容；删除时为空。\n\nThe record as it is now; empty for a tombstone.",
        ));
    [page, change]
}
