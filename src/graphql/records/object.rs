//! The object type of a family. Its fields have no resolvers of their own: records are written as JSON by `answer`.

use async_graphql::dynamic::{Field as GraphqlField, FieldFuture, FieldValue, InputValue, Object, ResolverContext, TypeRef};
use entity::catalogue::{Family, Link};

use crate::{
    domain::region::RegionCode,
    graphql::{
        records::{
            inputs::{description, output_type},
            names::{Target, targets},
        },
        value::{object, part, session, text},
    },
    store::reference::Reference,
    submit::verdict::Remark,
};

/// In the place of a resolver, for fields that are written together with the root field above them.
#[must_use]
pub fn written<'a>(_: ResolverContext<'a>) -> FieldFuture<'a> {
    FieldFuture::Value(None)
}

/// The object type of a family.
#[must_use]
pub fn family_object(family: &'static Family, reference: &Reference) -> Object {
    let mut object = Object::new(family.name).description(format!("{}\n\n{}", family.zh, family.en)).implement("Node");
    for (name, target) in targets(family) {
        let field = match target {
            Target::Id => Some(
                GraphqlField::new(name, TypeRef::named_nn(TypeRef::ID), written).description("全局标识。\n\nGlobal identifier."),
            ),
            Target::Field(position) => family
                .at(position)
                .map(|field| GraphqlField::new(name, output_type(field, reference), written).description(description(field))),
            Target::Label(position) => Some(GraphqlField::new(name, TypeRef::named(TypeRef::STRING), written).description(
                format!("{}的中文名称。\n\nChinese name of the code.", family.at(position).map_or("", |field| field.label)),
            )),
            Target::Region(_) => {
                Some(GraphqlField::new(name, TypeRef::named("Region"), written).description("行政区划。\n\nThe region."))
            }
            Target::Link(position) => family.links.get(position).map(|found| link(found, name)),
        };
        if let Some(field) = field {
            object = object.field(field);
        }
    }
    object
}

fn link(link: &Link, name: String) -> GraphqlField {
    let kind = if link.many { TypeRef::named_nn_list_nn(link.to) } else { TypeRef::named(link.to) };
    let field = GraphqlField::new(name, kind, written)
        .description(format!("{}只含您可查看的记录。\n\n{} Only records you may see.", link.zh, link.en));
    if !link.many {
        return field;
    }
    field
        .argument(InputValue::new("where", TypeRef::named(format!("{}Where", link.to))).description("筛选条件。\n\nConditions."))
        .argument(
            InputValue::new("first", TypeRef::named(TypeRef::INT))
                .default_value(50)
                .description("最多条数，1 至 200。\n\nRows at most, 1 to 200."),
        )
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
