//! `<family>Stats`: counts and sums by group.

use async_graphql::{
    Value,
    dynamic::{Field, InputValue, Object, ResolverContext, TypeRef},
};
use entity::catalogue::{Family, Field as Column, Kind};

use crate::{
    domain::money::Fen,
    error::HubError,
    graphql::{
        declared::description,
        fault::resolved,
        records::{
            answer::JsonWriter,
            disclosure::{Disclosure, GroupKey},
            inputs::dimensions,
            object::written,
            query::answered,
            selection::CollectedField,
            shape::{Plain, ShapeBuilder},
            whereclause,
        },
    },
    store::records::{
        aggregate::{GroupDimension, StatsGroup, StatsQuestion},
        filter::Filter,
    },
};

/// The root field of a family's statistics.
#[must_use]
pub fn field(family: &'static Family) -> Field {
    Field::new(format!("{}Stats", family.single_name()), TypeRef::named_nn_list(format!("{}StatsGroup", family.name)), move |ctx| {
        resolved(async move { answered(&ctx, async |maker, uses| groups(maker, family, &ctx, uses).await).await })
    })
    .argument(InputValue::new("where", TypeRef::named(format!("{}Where", family.name))).description("筛选条件。\n\nConditions that the counted records must meet."))
    .argument(
        InputValue::new("groupBy", TypeRef::named_nn_list(format!("{}GroupBy", family.name)))
            .description("分组维度，最多四个，不能重复；不给则合计为一组。\n\nDimensions to group by, at most four, each once; without any, all records form one group."),
    )
    .description(format!(
        "{}的计数与合计。可列出的数据按实数计；只可汇总的数据只能按已公布的统计维度（代码表 published_dimension）分组，并以单个值筛选，计数加有噪声，过小的组不显示，统归最后一组（无 keys、无 count，有无不显示的组都在）。\n\nCounts and sums of `{}` records by group. They are exact for records you may list. Records open to you only in aggregate can be grouped by published dimensions alone (code table `published_dimension`), and every condition must hold one of these at a single value; their counts carry noise. Groups that are too small are withheld and left to the last group, which has no `keys` and no `count` and is there whether or not anything was withheld.",
        family.label, family.name
    ))
}

/// The form of a group.
enum GroupField {
    TypeName,
    Keys(Plain),
    Count,
    Withheld,
    Sums(Plain),
    Disclosure(Plain),
}

async fn groups(
    maker: &ShapeBuilder<'_>,
    family: &'static Family,
    ctx: &ResolverContext<'_>,
    uses: &CollectedField<'_>,
) -> Result<Vec<u8>, HubError> {
    let session = maker.session;
    let scope = session.scope(family)?;
    let argument = |name: &str| {
        ctx.args
            .get(name)
            .map(|value| value.as_value().clone())
            .filter(|value| *value != Value::Null)
    };
    let filter = argument("where").map_or_else(
        || Ok(Filter::everything()),
        |value| whereclause::read(session, family, &value),
    )?;
    let mut by: Vec<GroupDimension> = Vec::new();
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
        let found = found.ok_or_else(|| {
            HubError::invalid("groupBy 的维度无效。", "`groupBy` names no dimension.")
        })?;
        if by.contains(&found) || by.len() == 4 {
            return Err(HubError::invalid(
                "groupBy 最多四个维度，且不能重复。",
                "`groupBy` takes at most four dimensions, each once.",
            ));
        }
        by.push(found);
    }
    let mut parts = Vec::new();
    for picked in maker.picked(&format!("{}StatsGroup", family.name), &uses.sets()) {
        let part = match picked.name {
            "keys" => GroupField::Keys(maker.plain("GroupKey", &picked.sets())),
            "count" => GroupField::Count,
            "withheld" => GroupField::Withheld,
            "disclosure" => GroupField::Disclosure(maker.plain("Disclosure", &picked.sets())),
            "sums" => {
                GroupField::Sums(maker.plain(&format!("{}Sums", family.name), &picked.sets()))
            }
            _ => GroupField::TypeName,
        };
        parts.push((picked.key.to_owned(), part));
    }
    let wanted = |name: &str| {
        parts.iter().any(|(_, part)| matches!(part, GroupField::Sums(plain) if plain.iter().any(|(_, own)| own == name)))
    };
    let sums: Vec<&'static Column> =
        family.all_fields().filter(|field| field.sum && wanted(field.name)).collect();
    let named: Vec<&'static Column> =
        by.iter().map(GroupDimension::field).chain(sums.iter().copied()).collect();
    session.ask_sums(family, &filter, &named);
    let question = StatsQuestion { filter: &filter, by: &by, sums: &sums };
    let rules = &session.services.disclosure;
    let found = session.services.reader().statistics(&scope, rules, &question).await?;
    session.grouped(family, found.groups.len());
    let mut writer = JsonWriter::new(&session.services, session.language);
    writer.list(&found.groups, |writer, group| {
        writer.object(&parts, |writer, part| match part {
            GroupField::TypeName => writer.value(&format!("{}StatsGroup", family.name)),
            GroupField::Keys(plain) => {
                writer.list(by.iter().zip(&group.keys), |writer, (dimension, value)| {
                    let (value, reference) = (value.as_deref(), &session.services.reference);
                    let label = match (dimension.field().kind, value) {
                        (Kind::Code(table), Some(code)) => reference.label(table, code),
                        _ => value,
                    };
                    writer.plain(plain, &GroupKey { dimension: dimension.name(), value, label });
                })
            }
            GroupField::Count => writer.value(&group.count),
            GroupField::Withheld => writer.value(&group.count.is_none()),
            GroupField::Disclosure(plain) => {
                writer.plain(plain, &Disclosure::new(found.method, rules))
            }
            GroupField::Sums(plain) => writer.object(plain, |writer, name| match name.as_str() {
                "__typename" => writer.value(&format!("{}Sums", family.name)),
                name => sum(writer, &sums, group, name),
            }),
        });
    });
    Ok(writer.finish())
}

fn sum(writer: &mut JsonWriter<'_>, sums: &[&'static Column], group: &StatsGroup, name: &str) {
    let found = sums.iter().zip(&group.sums).find(|(field, _)| field.name == name);
    match found.map(|(field, sum)| (field.kind, *sum)) {
        Some((Kind::Money, Some(fen))) => writer.value(&Fen(fen).to_string()),
        Some((_, number)) => writer.value(&number),
        None => writer.text(None),
    }
}

/// Types of a family's statistics.
#[must_use]
pub fn types(family: &'static Family) -> Vec<Object> {
    let field =
        |name: &str, kind: TypeRef, about: &str| Field::new(name, kind, written).description(about);
    let sums: Vec<&Column> =
        family.all_fields().filter(|field| field.sum && !field.hidden).collect();
    let mut group = Object::new(format!("{}StatsGroup", family.name))
        .description(format!("{}的一组。\n\nA group of `{}` records.", family.label, family.name))
        .field(field(
            "keys",
            TypeRef::named_nn_list_nn("GroupKey"),
            "各维度的值，次序同 groupBy；最后的其余组没有。\n\nValues of the dimensions, in the order of `groupBy`; an empty list for the last group, which stands for what is withheld.",
        ))
        .field(field("count", TypeRef::named("Long"), "记录数；不显示时为空。\n\nNumber of records; null if withheld."))
        .field(field(
            "withheld",
            TypeRef::named_nn(TypeRef::BOOLEAN),
            "是否不显示；不表示确有不显示的记录。\n\nWhether the count is withheld; true does not mean that there are such records.",
        ));
    group = group.field(field(
        "disclosure",
        TypeRef::named_nn("Disclosure"),
        &description::<Disclosure>(),
    ));
    if sums.is_empty() {
        return vec![group];
    }
    let name = format!("{}Sums", family.name);
    group = group.field(field("sums", TypeRef::named_nn(&name), "合计；只可汇总的字段加有噪声并取三位有效数字，单位不足时为空。\n\nSums. Those of fields open to you only in aggregate carry noise, have three significant digits and are null if there are too few different contributors."));
    let totals = Object::new(name).description(format!(
        "{}的合计。\n\nSums over a group of `{}` records.",
        family.label, family.name
    ));
    let totals = sums.into_iter().fold(totals, |totals, column| {
        let kind = if column.kind == Kind::Money { "Money" } else { "Long" };
        totals.field(field(
            column.name,
            TypeRef::named(kind),
            &format!("{}合计；没有值或不显示时为空。\n\nSum of `{}`; null if no record has a value or the sum is withheld.", column.label, column.name),
        ))
    });
    vec![totals, group]
}
