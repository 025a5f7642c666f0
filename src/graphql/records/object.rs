//! The object type of a family. Its fields have no resolvers of their own: records are written as
//! JSON by `answer`.

use async_graphql::dynamic::{
    Field as GraphqlField, FieldFuture, InputValue, Object, ResolverContext, TypeRef,
};
use entity::catalogue::{Family, Link};
use schemars::JsonSchema;

use crate::{
    graphql::records::{
        inputs::{description, output_type},
        names::{FieldTarget, targets},
    },
    store::reference::Reference,
};

/// In the place of a resolver, for fields that are written together with the root field above them.
#[must_use]
pub fn written<'a>(_: ResolverContext<'a>) -> FieldFuture<'a> {
    FieldFuture::Value(None)
}

/// A record in a declaration: its type is named there, and it is written from the rows.
#[derive(JsonSchema)]
#[schemars(with = "String", inline)]
pub struct RecordValue;

/// The object type of a family.
#[must_use]
pub fn family_object(family: &'static Family, reference: &Reference) -> Object {
    let mut object = Object::new(family.name)
        .description(format!("{}\n\n{}", family.zh, family.en))
        .implement("Node");
    for (name, target) in targets(family) {
        let field = match target {
            FieldTarget::Id => {
                Some(GraphqlField::new(name, TypeRef::named_nn(TypeRef::ID), written).description(
                    "全局标识。\n\nGlobal identifier of the record, as `node` takes it.",
                ))
            }
            FieldTarget::Field(position) => family.at(position).map(|field| {
                GraphqlField::new(name, output_type(field, reference), written)
                    .description(description(field))
            }),
            FieldTarget::Label(position) => family.at(position).map(|field| {
                GraphqlField::new(name, TypeRef::named(TypeRef::STRING), written).description(
                    format!(
                        "{}的中文名称。\n\nChinese name of the code in `{}`.",
                        field.label, field.name
                    ),
                )
            }),
            FieldTarget::Region(position) => family.at(position).map(|field| {
                GraphqlField::new(name, TypeRef::named("Region"), written).description(format!(
                    "{}对应的行政区划。\n\nRegion of the code in `{}`.",
                    field.label, field.name
                ))
            }),
            FieldTarget::Link(position) => {
                family.links.get(position).map(|found| link(found, name))
            }
        };
        if let Some(field) = field {
            object = object.field(field);
        }
    }
    object
}

fn link(link: &Link, name: String) -> GraphqlField {
    let kind = if link.many { TypeRef::named_nn_list_nn(link.to) } else { TypeRef::named(link.to) };
    let field = GraphqlField::new(name, kind, written).description(format!(
        "{}只含您可查看的记录。\n\n{} Only records you may see are included.",
        link.zh, link.en
    ));
    if !link.many {
        return field;
    }
    field
        .argument(
            InputValue::new("where", TypeRef::named(format!("{}Where", link.to)))
                .description("筛选条件。\n\nConditions that the linked records must meet."),
        )
        .argument(
            InputValue::new("first", TypeRef::named(TypeRef::INT)).default_value(50).description(
                "最多条数，1 至 200。\n\nGreatest number of records to return, 1 to 200.",
            ),
        )
}
