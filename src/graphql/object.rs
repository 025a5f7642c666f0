//! The object type of a family: each field picks from the row that was read.

use std::sync::Arc;

use async_graphql::dynamic::{Field as GraphqlField, FieldFuture, FieldValue, InputValue, Object, TypeRef};
use entity::catalogue::Family;

use crate::{
    domain::region::RegionCode,
    graphql::{
        inputs::{description, output_type},
        names::{Target, targets},
        plan::Node,
        records::{findings, object, part, session, text, value},
    },
    store::reference::Reference,
    submit::verdict::Remark,
};

/// The object type of a family.
#[must_use]
pub fn family_object(family: &'static Family, reference: &Reference) -> Object {
    let mut object = Object::new(family.name).description(format!("{}\n\n{}", family.zh, family.en)).implement("Node");
    for (name, target) in targets(family) {
        object = object.field(match target {
            Target::Id => GraphqlField::new(name, TypeRef::named_nn(TypeRef::ID), |ctx| {
                FieldFuture::Value(
                    node(ctx.parent_value)
                        .map(|node| FieldValue::value(crate::graphql::query::global_id(node.family, node.row.id))),
                )
            })
            .description("全局标识。\n\nGlobal identifier."),
            Target::Field(position) => plain(family, position, &name, reference),
            Target::Label(position) => {
                let table = family.at(position).map(|field| field.kind);
                GraphqlField::new(name, TypeRef::named(TypeRef::STRING), move |ctx| {
                    let label = node(ctx.parent_value).and_then(|node| {
                        let code = node.row.cells.get(position)?.as_text()?;
                        let entity::catalogue::Kind::Code(table) = table? else { return None };
                        session(&ctx).services.reference.label(table, code).map(ToOwned::to_owned)
                    });
                    FieldFuture::Value(label.map(FieldValue::value))
                })
                .description(format!(
                    "{}的中文名称。\n\nChinese name of the code.",
                    family.at(position).map_or("", |field| field.label)
                ))
            }
            Target::Region(position) => GraphqlField::new(name, TypeRef::named("Region"), move |ctx| {
                let code = node(ctx.parent_value).and_then(|node| node.row.cells.get(position)?.as_text().map(ToOwned::to_owned));
                FieldFuture::Value(code.and_then(|code| region(&session(&ctx).services.reference, &code)))
            })
            .description("行政区划。\n\nThe region."),
            Target::Link(position) => link(family, position, name),
        });
    }
    object
}

fn node<'a>(parent: &'a FieldValue<'_>) -> Option<&'a Node> {
    parent.downcast_ref::<Arc<Node>>().map(AsRef::as_ref)
}

fn plain(family: &'static Family, position: usize, name: &str, reference: &Reference) -> GraphqlField {
    let Some(field) = family.at(position) else {
        return GraphqlField::new(name, TypeRef::named(TypeRef::STRING), |_| FieldFuture::Value(None));
    };
    GraphqlField::new(name, output_type(field, reference), move |ctx| {
        let cell = node(ctx.parent_value).and_then(|node| node.row.cells.get(position));
        FieldFuture::Value(match cell {
            Some(cell) if field.name == "findings" => Some(findings(cell)),
            Some(cell) if !cell.is_null() => Some(FieldValue::value(value(field, cell, &session(&ctx).services.reference))),
            _ => None,
        })
    })
    .description(description(field))
}

fn link(family: &'static Family, position: usize, name: String) -> GraphqlField {
    let Some(link) = family.links.get(position) else {
        return GraphqlField::new(name, TypeRef::named(TypeRef::STRING), |_| FieldFuture::Value(None));
    };
    let kind = if link.many { TypeRef::named_nn_list_nn(link.to) } else { TypeRef::named(link.to) };
    let field = GraphqlField::new(name, kind, move |ctx| {
        let item = &ctx.ctx.item.node;
        let key = item.alias.as_ref().unwrap_or(&item.name).node.as_str();
        let behind = node(ctx.parent_value).and_then(|node| node.links.get(key));
        let shown = |node: &Arc<Node>| FieldValue::owned_any(Arc::clone(node));
        FieldFuture::Value(if link.many {
            Some(FieldValue::list(behind.into_iter().flatten().map(shown)))
        } else {
            behind.and_then(|nodes| nodes.first()).map(shown)
        })
    })
    .description(format!("{}只含您可查看的记录。\n\n{} Only records you may see.", link.zh, link.en));
    if link.many {
        field
            .argument(
                InputValue::new("where", TypeRef::named(format!("{}Where", link.to))).description("筛选条件。\n\nConditions."),
            )
            .argument(
                InputValue::new("first", TypeRef::named(TypeRef::INT))
                    .default_value(50)
                    .description("最多条数，1 至 200。\n\nRows at most, 1 to 200."),
            )
    } else {
        field
    }
}

/// A region as an object.
#[must_use]
pub fn region<'a>(reference: &Reference, code: &str) -> Option<FieldValue<'a>> {
    let found = reference.table("region")?.editions(code).next()?;
    let attribute = |name: &str| text(found.attributes.get(name).cloned());
    Some(FieldValue::value(object([
        ("code", found.code.clone().into()),
        ("name", found.name_zh.clone().into()),
        (
            "level",
            found.attributes.get("level").map_or_else(
                || {
                    RegionCode::parse(code).map_or(async_graphql::Value::Null, |code| {
                        async_graphql::Value::Enum(async_graphql::Name::new(code.level().code()))
                    })
                },
                |level| async_graphql::Value::Enum(async_graphql::Name::new(level)),
            ),
        ),
        ("fullName", attribute("full_name")),
        ("parentCode", text(found.parent.clone())),
        ("standard", attribute("standard")),
    ])))
}

/// An object type whose fields are parts of a plain value.
#[must_use]
pub fn plain_object(name: &str, description: &str, fields: &[(&'static str, TypeRef, &str)]) -> Object {
    fields.iter().fold(Object::new(name).description(description), |object, (name, kind, text)| {
        let name = *name;
        object.field(GraphqlField::new(name, kind.clone(), move |ctx| FieldFuture::Value(part(&ctx, name))).description(*text))
    })
}

/// Types that do not depend on a family: regions and remarks.
#[must_use]
pub fn shared_objects() -> Vec<Object> {
    let string = || TypeRef::named(TypeRef::STRING);
    let region = plain_object(
        "Region",
        "行政区划（GB/T 2260，功能区用统计或本地代码）。\n\nA region; development zones have statistical or local codes.",
        &[
            ("code", TypeRef::named_nn(TypeRef::STRING), "代码。\n\nCode."),
            ("name", TypeRef::named_nn(TypeRef::STRING), "名称。\n\nName."),
            ("level", TypeRef::named("RegionLevel"), "级别。\n\nLevel."),
            ("fullName", string(), "全称。\n\nFull name."),
            ("parentCode", string(), "上级代码。\n\nCode of the region above."),
            ("standard", string(), "代码标准。\n\nStandard the code belongs to."),
        ],
    );
    let remark = Object::new("Remark")
        .description(
            "对一行或一个字段的说明：被拒绝的原因，或需要核对之处。\n\nWhy a row was rejected, or what should be looked at.",
        )
        .field(
            GraphqlField::new("code", TypeRef::named_nn(TypeRef::STRING), |ctx| {
                FieldFuture::Value(remark_of(ctx.parent_value).map(|remark| FieldValue::value(remark.code.clone())))
            })
            .description("稳定代码。\n\nStable code."),
        )
        .field(
            GraphqlField::new("field", string(), |ctx| {
                FieldFuture::Value(remark_of(ctx.parent_value).and_then(|remark| remark.field.clone()).map(FieldValue::value))
            })
            .description("字段名。\n\nName of the field."),
        )
        .field(
            GraphqlField::new("message", TypeRef::named_nn(TypeRef::STRING), |ctx| {
                let english = session(&ctx).language == crate::error::Language::English;
                let say = |remark: &Remark| if english { remark.en.clone() } else { remark.zh.clone() };
                FieldFuture::Value(remark_of(ctx.parent_value).map(|remark| FieldValue::value(say(remark))))
            })
            .description("给人看的说明，含下一步。\n\nA sentence for people, with what to do next."),
        );
    vec![region, remark]
}

fn remark_of<'a>(parent: &'a FieldValue<'_>) -> Option<&'a Remark> {
    parent.downcast_ref::<Remark>()
}
