//! Code tables: enums of the schema, and queries on codes and regions.

use async_graphql::{
    Name, Value,
    dynamic::{Enum, EnumItem, Field, FieldFuture, FieldValue, InputValue, Object, TypeRef},
};

use crate::{
    graphql::{
        records::object::{plain_object, region},
        value::{object, session, text},
    },
    store::reference::{Code, Reference, Table},
};

/// Enums of all tables that are enums.
#[must_use]
pub fn enums(reference: &Reference) -> Vec<Enum> {
    reference.tables().filter_map(|table| table.graphql_enum.as_ref().map(|name| code_enum(name, table))).collect()
}

fn code_enum(name: &str, table: &Table) -> Enum {
    let mut list = Enum::new(name).description(format!("{}\n\n{}", table.name_zh, table.name_en));
    let mut seen: Vec<&str> = Vec::new();
    for code in &table.codes {
        if !seen.contains(&code.code.as_str()) {
            seen.push(&code.code);
            list = list.item(EnumItem::new(&code.code).description(format!("{}。\n\n{}.", code.name_zh, code.name_en)));
        }
    }
    list
}

fn shown(table: &Table, code: &Code) -> Value {
    let attributes = code.attributes.iter().map(|(name, value)| (Name::new(name), Value::String(value.clone()))).collect();
    object([
        ("table", table.name.clone().into()),
        ("code", code.code.clone().into()),
        ("edition", code.edition.clone().into()),
        ("name", code.name_zh.clone().into()),
        ("nameEn", text(Some(code.name_en.clone()).filter(|name| !name.is_empty()))),
        ("validFrom", text(code.valid_from.map(|day| day.to_string()))),
        ("validTo", text(code.valid_to.map(|day| day.to_string()))),
        ("parentCode", text(code.parent.clone())),
        ("replacedBy", text(code.replaced_by.clone())),
        ("source", code.source.clone().into()),
        ("attributes", Value::Object(attributes)),
    ])
}

/// Root fields on code tables, open to everybody: they hold no records.
#[must_use]
pub fn fields() -> Vec<Field> {
    let string = |name: &str, about: &str| InputValue::new(name, TypeRef::named(TypeRef::STRING)).description(about);
    let codes = Field::new("codes", TypeRef::named_nn_list_nn("Code"), |ctx| {
        let session = session(&ctx);
        let argument = |name: &str| match ctx.args.get(name).map(|value| value.as_value().clone()) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        };
        let (code, parent, edition) = (argument("code"), argument("parent"), argument("edition"));
        let table = argument("table").and_then(|name| session.services.reference.table(&name));
        let found = table.into_iter().flat_map(|table| table.codes.iter().map(move |code| (table, code))).filter(|(_, found)| {
            code.as_ref().is_none_or(|code| *code == found.code)
                && parent.as_ref().is_none_or(|parent| Some(parent) == found.parent.as_ref())
                && edition.as_ref().is_none_or(|edition| *edition == found.edition)
        });
        FieldFuture::Value(Some(FieldValue::list(found.map(|(table, code)| FieldValue::value(shown(table, code))))))
    })
    .argument(InputValue::new("table", TypeRef::named_nn(TypeRef::STRING)).description("代码表名。\n\nName of the table."))
    .argument(string("code", "代码。\n\nCode."))
    .argument(string("parent", "上级代码。\n\nCode above."))
    .argument(string("edition", "版本。\n\nEdition."))
    .description("代码表中的代码。\n\nCodes of a table.");
    let one = Field::new("region", TypeRef::named("Region"), |ctx| {
        let session = session(&ctx);
        FieldFuture::Value(match ctx.args.get("code").map(|value| value.as_value().clone()) {
            Some(Value::String(code)) => region(&session.services.reference, &code),
            _ => None,
        })
    })
    .argument(InputValue::new("code", TypeRef::named_nn(TypeRef::STRING)).description("行政区划代码。\n\nRegion code."))
    .description("一个行政区划。\n\nA region.");
    vec![codes, one]
}

/// The type of a code.
#[must_use]
pub fn code_object() -> Object {
    let (need, may) = (|| TypeRef::named_nn(TypeRef::STRING), || TypeRef::named(TypeRef::STRING));
    plain_object(
        "Code",
        "代码表中的一个代码及其版本。\n\nA code with its edition.",
        &[
            ("table", need(), "代码表名。\n\nTable."),
            ("code", need(), "代码。\n\nCode."),
            ("edition", need(), "版本。\n\nEdition."),
            ("name", need(), "名称。\n\nChinese name."),
            ("nameEn", may(), "英文名称。\n\nEnglish name."),
            ("validFrom", TypeRef::named("Date"), "生效日期。\n\nFirst day it holds."),
            ("validTo", TypeRef::named("Date"), "失效日期。\n\nLast day it holds."),
            ("parentCode", may(), "上级代码。\n\nCode above."),
            ("replacedBy", may(), "取代它的代码。\n\nCode that took its place."),
            ("source", need(), "出处。\n\nWhere it comes from."),
            ("attributes", TypeRef::named_nn("Json"), "其他属性。\n\nFurther columns."),
        ],
    )
}
