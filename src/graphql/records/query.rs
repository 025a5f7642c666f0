//! Root fields that read records: one, a list, any by identifier, and the versions of one.

use async_graphql::{
    Value,
    dynamic::{Field, FieldFuture, FieldValue, InputValue, ResolverContext, TypeRef},
};
use entity::catalogue::Family;

use crate::{
    authz::{policy::Outcome, scope::Zone},
    error::HubError,
    graphql::{
        fault::told,
        records::{
            answer::Writer,
            connection,
            plan::{self, Plan},
            selection::Picked,
            session::Session,
            shape::Maker,
        },
        value::{object, session, text},
    },
    store::{
        cell::Cell,
        global_id,
        row::Classes,
        versions::{self, Version},
    },
};

/// Versions of a record that are shown, latest first.
const MOST_VERSIONS: usize = 200;

fn id_argument(ctx: &ResolverContext<'_>) -> Result<String, HubError> {
    match ctx.args.get("id").map(|value| value.as_value().clone()) {
        Some(Value::String(text)) => Ok(text),
        Some(Value::Number(number)) => Ok(number.to_string()),
        _ => Err(HubError::NotFound),
    }
}

/// What a root field leaves in the answer: its JSON under its response name, or an error and nothing.
pub(in crate::graphql) async fn answered<'a, F>(ctx: &ResolverContext<'a>, json: F) -> Option<FieldValue<'a>>
where
    F: AsyncFnOnce(&Maker<'_>, &Picked<'_>) -> Result<Vec<u8>, HubError>,
{
    let maker = Maker { session: session(ctx), env: ctx.ctx.query_env };
    let operation = &maker.env.operation.node.selection_set.node;
    let own = ctx.ctx.item.node.response_key().node.as_str();
    let all = maker.picked("Query", &[operation]);
    let uses = all.iter().find(|picked| picked.key == own)?;
    let json = told(ctx, json(&maker, uses).await)?;
    maker.session.answers.put(own, json);
    None
}

async fn one(
    maker: &Maker<'_>,
    ctx: &ResolverContext<'_>,
    uses: &Picked<'_>,
    only: Option<&'static Family>,
) -> Result<Vec<u8>, HubError> {
    let session = maker.session;
    session.actor()?;
    let (family, id) = global_id::parse(&session.services.seal, &session.services.catalogue, &id_argument(ctx)?)?;
    if only.is_some_and(|only| only.name != family.name) {
        return Err(HubError::NotFound);
    }
    let mut plan = Plan::new(family);
    let shape = maker.shape(&mut plan, &uses.sets())?;
    let level = plan::single(session, &plan, id).await?;
    let mut writer = Writer::new(&session.services, session.language);
    writer.record(&shape, &level, 0);
    Ok(writer.finish())
}

/// `accident(id)`.
#[must_use]
pub fn single(family: &'static Family) -> Field {
    Field::new(family.single_name(), TypeRef::named(family.name), move |ctx| {
        FieldFuture::new(async move { Ok(answered(&ctx, async |maker, uses| one(maker, &ctx, uses, Some(family)).await).await) })
    })
    .argument(id_input())
    .description(format!("按标识查一条{}。\n\nOne of {} by identifier.", family.label, family.plural))
}

fn id_input() -> InputValue {
    InputValue::new("id", TypeRef::named_nn(TypeRef::ID)).description("全局标识。\n\nGlobal identifier.")
}

/// `accidents(where, orderBy, first, after, last, before)`.
#[must_use]
pub fn list(family: &'static Family) -> Field {
    let text = |name: &str, about: &str| InputValue::new(name, TypeRef::named(TypeRef::STRING)).description(about);
    let number = |name: &str, about: &str| InputValue::new(name, TypeRef::named(TypeRef::INT)).description(about);
    Field::new(family.list_name(), TypeRef::named(format!("{}Connection", family.name)), move |ctx| {
        FieldFuture::new(
            async move { Ok(answered(&ctx, async |maker, uses| connection::page(maker, family, &ctx, uses).await).await) },
        )
    })
    .argument(InputValue::new("where", TypeRef::named(format!("{}Where", family.name))).description("筛选条件。\n\nConditions."))
    .argument(
        InputValue::new("orderBy", TypeRef::named_nn_list(format!("{}Order", family.name)))
            .description("排序键，最多五个。\n\nKeys of the order, at most five."),
    )
    .argument(number("first", "从前取条数，1 至 200，默认 50。\n\nRows from the front, 1 to 200, 50 by default."))
    .argument(text("after", "从此游标之后。\n\nAfter this cursor."))
    .argument(number("last", "从后取条数，1 至 200。\n\nRows from the end, 1 to 200."))
    .argument(text("before", "到此游标之前。\n\nBefore this cursor."))
    .description(format!("{}列表，只含您可查看的。\n\n{}, those you may see.", family.label, family.plural))
}

/// `node(id)`.
#[must_use]
pub fn node() -> Field {
    Field::new("node", TypeRef::named("Node"), |ctx| {
        FieldFuture::new(async move { Ok(answered(&ctx, async |maker, uses| one(maker, &ctx, uses, None).await).await) })
    })
    .argument(id_input())
    .description("按标识查任一记录。\n\nAny record by identifier.")
}

/// `history(id)`.
#[must_use]
pub fn history() -> Field {
    Field::new("history", TypeRef::named_nn_list("RecordVersion"), |ctx| {
        FieldFuture::new(async move {
            let session = session(&ctx);
            let Some(list) = told(&ctx, versions_of(session, &ctx).await) else { return Ok(None) };
            Ok(Some(FieldValue::list(list.into_iter().map(FieldValue::value))))
        })
    })
    .argument(id_input())
    .description("一条记录的各版本，新版在前；无权查看的字段不含在内。\n\nVersions of a record, latest first, without fields you may not read.")
}

async fn versions_of(session: &Session, ctx: &ResolverContext<'_>) -> Result<Vec<Value>, HubError> {
    session.actor()?;
    let (family, id) = global_id::parse(&session.services.seal, &session.services.catalogue, &id_argument(ctx)?)?;
    let scope = session.scope(family)?;
    let row = session.services.reader().ever(&scope, id).await?.ok_or(HubError::NotFound)?;
    let past = versions::history(&session.services.database, &scope, id).await?;
    // The zone of the record as its newest version says decides: a version never shows more than the record does.
    let (region, industry) = (&past.site.region, past.site.industry.as_deref());
    let zone = scope.zone_of(region, &past.department, industry).ok_or(HubError::NotFound)?;
    if !zone.shows_versions() {
        return Err(HubError::forbidden(
            "版本的编号和时间属于内部信息，您无权查看该记录的历史。",
            "Numbers and times of versions are internal; you may not read the history of this record.",
        ));
    }
    let mut shown = Classes::default();
    let mut list = Vec::new();
    let place = (past.department.as_str(), past.site.region.as_str());
    for version in session.services.reader().told(family, zone, place, past.versions)?.into_iter().take(MOST_VERSIONS) {
        list.push(version_value(session, (family, zone, place), &version, &mut shown)?);
    }
    session.show_classes(&scope, &row, shown);
    Ok(list)
}

fn version_value(
    session: &Session,
    (family, zone, place): (&'static Family, &Zone, (&str, &str)),
    version: &Version,
    shown: &mut Classes,
) -> Result<Value, HubError> {
    let visible = session.services.reader().shown(family, zone, place, &version.content)?;
    visible.keys().filter_map(|name| family.field(name)).for_each(|field| shown.add(field.class));
    // A masked value may change in what the mask hides: that it changed is told only where all of it is shown.
    let names: Vec<String> = serde_json::from_str(&version.changed).unwrap_or_default();
    let fields = names.iter().filter_map(|name| family.kept(name));
    let changed = fields.filter(|field| zone.outcome(field.class) == Outcome::Full).map(|field| field.name.to_owned());
    Ok(object([
        ("version", version.version.into()),
        ("action", Value::Enum(async_graphql::Name::new(&version.action))),
        ("at", Cell::Instant(version.at).text(entity::catalogue::Kind::DateTime).map_or(Value::Null, Value::String)),
        ("department", Value::Enum(async_graphql::Name::new(&version.department))),
        ("regionCode", version.region.clone().into()),
        ("reason", text(version.reason.clone())),
        ("changed", Value::List(changed.map(Value::String).collect())),
        ("content", Value::from_json(visible.into()).map_err(HubError::internal)?),
    ]))
}
