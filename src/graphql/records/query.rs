//! Root fields that read records: a single one, a list, any by its identifier.

use async_graphql::{
    Value,
    dynamic::{Field, FieldValue, InputValue, ResolverContext, TypeRef},
};
use entity::catalogue::{Catalogue, Family};

use crate::{
    error::HubError,
    graphql::{
        context::session,
        fault::{report, resolved},
        records::{
            answer::JsonWriter,
            connection, levels,
            plan::ReadPlan,
            selection::{AskedOperation, CollectedField},
            shape::ShapeBuilder,
        },
    },
    store::records::global_id,
};

fn id_argument(ctx: &ResolverContext<'_>) -> Result<String, HubError> {
    match ctx.args.get("id").map(|value| value.as_value().clone()) {
        Some(Value::String(text)) => Ok(text),
        Some(Value::Number(number)) => Ok(number.to_string()),
        _ => Err(HubError::NotFound),
    }
}

/// Answers a root field: stores its JSON under its response name, or reports an error and leaves
/// `null`.
pub(in crate::graphql) async fn answered<'a, F>(
    ctx: &ResolverContext<'a>,
    json: F,
) -> Option<FieldValue<'a>>
where
    F: AsyncFnOnce(&ShapeBuilder<'_>, &CollectedField<'_>) -> Result<Vec<u8>, HubError>,
{
    let session = session(ctx);
    let asked = AskedOperation::of(ctx.ctx.query_env, session.document.as_deref());
    let maker = ShapeBuilder { session, asked };
    let own = ctx.ctx.item.node.response_key().node.as_str();
    let all = maker.picked("Query", &[asked.root()]);
    let uses = all.iter().find(|picked| picked.key == own)?;
    let json = report(ctx, json(&maker, uses).await)?;
    maker.session.answers.put(own, json);
    None
}

async fn one(
    maker: &ShapeBuilder<'_>,
    ctx: &ResolverContext<'_>,
    uses: &CollectedField<'_>,
    only: Option<&'static Family>,
) -> Result<Vec<u8>, HubError> {
    let session = maker.session;
    session.actor()?;
    let (family, id) =
        global_id::parse(&session.services.seal, &session.services.catalogue, &id_argument(ctx)?)?;
    if only.is_some_and(|only| only.name != family.name) {
        return Err(HubError::NotFound);
    }
    let mut plan = ReadPlan::new(family);
    let shape = maker.shape(&mut plan, &uses.sets())?;
    let level = levels::single(session, &plan, id).await?;
    let mut writer = JsonWriter::new(&session.services, session.language);
    writer.record(&shape, &level, 0);
    Ok(writer.finish())
}

/// Whether a field of `Query` reads records of a family, so that what is selected of it is read by
/// the executor of records alone.
#[must_use]
pub fn reads_records(catalogue: &Catalogue, name: &str) -> bool {
    catalogue.families().any(|family| family.single_name() == name || family.list_name() == name)
}

/// The field `accident(id)`, for each family under its singular: one record, or an error.
#[must_use]
pub fn single(family: &'static Family) -> Field {
    Field::new(family.single_name(), TypeRef::named(family.name), move |ctx| {
        resolved(async move {
            answered(&ctx, async |maker, uses| one(maker, &ctx, uses, Some(family)).await).await
        })
    })
    .argument(id_input())
    .description(format!(
        "按标识查一条{}。\n\nOne `{}` record by its global identifier; `NOT_FOUND` if there is none you may see.",
        family.label, family.name
    ))
}

fn id_input() -> InputValue {
    InputValue::new("id", TypeRef::named_nn(TypeRef::ID))
        .description("全局标识。\n\nGlobal identifier of the record.")
}

/// The field `accidents(where, orderBy, first, after, last, before)`, for each family.
#[must_use]
pub fn list(family: &'static Family) -> Field {
    let text = |name: &str, about: &str| {
        InputValue::new(name, TypeRef::named(TypeRef::STRING)).description(about)
    };
    let number = |name: &str, about: &str| {
        InputValue::new(name, TypeRef::named(TypeRef::INT)).description(about)
    };
    Field::new(
        family.list_name(),
        TypeRef::named(format!("{}Connection", family.name)),
        move |ctx| {
            resolved(async move {
                answered(&ctx, async |maker, uses| {
                    connection::page(maker, family, &ctx, uses).await
                })
                .await
            })
        },
    )
    .argument(
        InputValue::new("where", TypeRef::named(format!("{}Where", family.name)))
            .description("筛选条件。\n\nConditions that the records must meet."),
    )
    .argument(
        InputValue::new("orderBy", TypeRef::named_nn_list(format!("{}Order", family.name)))
            .description("排序键，最多五个，不能重复；默认按标识，先入库的在前。\n\nSort keys, most significant first, at most five, each field once. Default: by identifier, oldest first."),
    )
    .argument(number(
        "first",
        "从前取条数，1 至 200，默认 50；与 after 搭配。\n\nNumber of records from the start, 1 to 200, 50 by default; goes with `after`.",
    ))
    .argument(text("after", "从此游标之后，与 first 搭配。\n\nOnly records after this cursor; goes with `first`."))
    .argument(number("last", "从后取条数，1 至 200；与 before 搭配。\n\nNumber of records from the end, 1 to 200; goes with `before`."))
    .argument(text("before", "到此游标之前，与 last 搭配。\n\nOnly records before this cursor; goes with `last`."))
    .description(format!(
        "{}列表，只含您可查看的。\n\n`{}` records, only those you may see, page by page.",
        family.label, family.name
    ))
}

/// The field `node(id)`: a record of any family, by its global identifier.
#[must_use]
pub fn node() -> Field {
    Field::new("node", TypeRef::named("Node"), |ctx| {
        resolved(async move {
            answered(&ctx, async |maker, uses| one(maker, &ctx, uses, None).await).await
        })
    })
    .argument(id_input())
    .description("按标识查任一记录。\n\nA record of any type by its global identifier; `NOT_FOUND` if there is none you may see.")
}
