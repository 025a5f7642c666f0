//! `<family>Stats`: counts and sums by group.

use async_graphql::{
    Value,
    dynamic::{Field, FieldFuture, FieldValue, InputValue, Object, ResolverContext, TypeRef},
};
use entity::catalogue::{Family, Kind};

use crate::{
    domain::money::Fen,
    error::HubError,
    graphql::{
        fault::told,
        inputs::dimensions,
        object::plain_object,
        records::{object, session, text},
        session::Session,
        whereclause,
    },
    store::{
        aggregate::{Dimension, Group, Question},
        filter::Filter,
    },
};

/// The root field of a family's statistics.
#[must_use]
pub fn field(family: &'static Family) -> Field {
    Field::new(format!("{}Stats", family.single_name()), TypeRef::named_nn_list(format!("{}StatsGroup", family.name)), move |ctx| {
        FieldFuture::new(async move {
            let session = session(&ctx);
            let Some(groups) = told(&ctx, groups(session, family, &ctx).await) else { return Ok(None) };
            Ok(Some(FieldValue::list(groups.into_iter().map(FieldValue::value))))
        })
    })
    .argument(InputValue::new("where", TypeRef::named(format!("{}Where", family.name))).description("筛选条件。\n\nConditions."))
    .argument(
        InputValue::new("groupBy", TypeRef::named_nn_list(format!("{}GroupBy", family.name)))
            .description("分组维度，最多四个；不给则合计为一组。\n\nDimensions, at most four; none gives the whole as one group."),
    )
    .description(format!(
        "{}的计数与合计。只可汇总的数据中过小的单元不显示。\n\nCounts and sums of {}; small cells of data open only in sums are withheld.",
        family.label, family.plural
    ))
}

async fn groups(session: &Session, family: &'static Family, ctx: &ResolverContext<'_>) -> Result<Vec<Value>, HubError> {
    let scope = session.scope(family)?;
    let argument = |name: &str| ctx.args.get(name).map(|value| value.as_value().clone()).filter(|value| *value != Value::Null);
    let filter = argument("where").map_or_else(|| Ok(Filter::everything()), |value| whereclause::read(session, family, &value))?;
    let mut by: Vec<Dimension> = Vec::new();
    let names = match argument("groupBy") {
        None => Vec::new(),
        Some(Value::List(list)) => list,
        Some(one) => vec![one],
    };
    for name in names {
        let wanted = match &name {
            Value::Enum(name) => name.as_str(),
            Value::String(name) => name.as_str(),
            _ => "",
        };
        let found = dimensions(family).find(|dimension| dimension.name() == wanted);
        let found = found.ok_or_else(|| HubError::invalid("groupBy 的维度无效。", "`groupBy` names no dimension."))?;
        if by.contains(&found) || by.len() == 4 {
            return Err(HubError::invalid(
                "groupBy 最多四个维度，且不能重复。",
                "`groupBy` takes at most four dimensions, each once.",
            ));
        }
        by.push(found);
    }
    let mut wanted: Vec<String> = Vec::new();
    for group in ctx.ctx.field().selection_set().filter(|field| field.name() == "sums") {
        wanted.extend(group.selection_set().map(|field| field.name().to_owned()));
    }
    let sums: Vec<_> = family.all_fields().filter(|field| field.sum && wanted.iter().any(|name| name == field.name)).collect();
    let clause: Vec<_> = by.iter().map(|dimension| dimension.field().class).chain(sums.iter().map(|field| field.class)).collect();
    session.ask(family, &filter, &clause);
    let found = session.services.reader().groups(&scope, &Question { filter: &filter, by: &by, sums: &sums }).await?;
    Ok(found.into_iter().map(|group| shown(session, &by, &sums, group)).collect())
}

fn shown(session: &Session, by: &[Dimension], sums: &[&'static entity::catalogue::Field], group: Group) -> Value {
    let keys = by.iter().zip(group.keys).map(|(dimension, value)| {
        let label = match (dimension.field().kind, value.as_deref()) {
            (Kind::Code(table), Some(code)) => session.services.reference.label(table, code).map(ToOwned::to_owned),
            _ => value.clone(),
        };
        object([("dimension", dimension.name().into()), ("value", text(value)), ("label", text(label))])
    });
    let keys = Value::List(keys.collect());
    let sums = sums.iter().zip(group.sums).map(|(field, sum)| {
        let value = match (field.kind, sum) {
            (_, None) => Value::Null,
            (Kind::Money, Some(fen)) => Value::String(Fen(fen).to_string()),
            (_, Some(number)) => number.into(),
        };
        (async_graphql::Name::new(field.name), value)
    });
    let withheld = group.count.is_none();
    object([
        ("keys", keys),
        ("count", group.count.map_or(Value::Null, Value::from)),
        ("withheld", withheld.into()),
        ("sums", Value::Object(sums.collect())),
    ])
}

/// Types of a family's statistics.
#[must_use]
pub fn types(family: &'static Family) -> Vec<Object> {
    let sums: Vec<(&'static str, TypeRef, String)> = family
        .all_fields()
        .filter(|field| field.sum && !field.hidden)
        .map(|field| {
            let kind = if field.kind == Kind::Money { "Money" } else { "Long" };
            (field.name, TypeRef::named(kind), format!("{}合计。\n\nSum of {}.", field.label, field.name))
        })
        .collect();
    let mut fields = vec![
        ("keys", TypeRef::named_nn_list_nn("GroupKey"), "各维度的值。\n\nValues of the dimensions.".to_owned()),
        ("count", TypeRef::named("Long"), "记录数；过小而不显示时为空。\n\nNumber of records; empty where withheld.".to_owned()),
        (
            "withheld",
            TypeRef::named_nn(TypeRef::BOOLEAN),
            "是否因过小而不显示。\n\nWhether it is withheld as too small.".to_owned(),
        ),
    ];
    let mut objects = Vec::new();
    let sums_name = format!("{}Sums", family.name);
    if !sums.is_empty() {
        fields.push(("sums", TypeRef::named_nn(&sums_name), "合计。\n\nSums.".to_owned()));
        let list: Vec<_> = sums.iter().map(|(name, kind, text)| (*name, kind.clone(), text.as_str())).collect();
        let text = format!("{}的合计。\n\nSums of {}.", family.label, family.plural);
        objects.push(plain_object(&sums_name, &text, &list));
    }
    let list: Vec<_> = fields.iter().map(|(name, kind, text)| (*name, kind.clone(), text.as_str())).collect();
    let text = format!("{}的一组。\n\nA group of {}.", family.label, family.plural);
    objects.push(plain_object(&format!("{}StatsGroup", family.name), &text, &list));
    objects
}
