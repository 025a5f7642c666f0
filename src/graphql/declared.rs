//! Types of the schema that follow from a Rust declaration: names, kinds and descriptions are read from its JSON Schema, so
//! that there is no second list of fields. Values of such a type are its JSON.

use async_graphql::dynamic::{Enum, EnumItem, Field, FieldFuture, Object, TypeRef};
use serde_json::{Map, Value};

use crate::graphql::value::part;

/// Objects and enums of a declaration.
#[derive(Default)]
pub struct Declared {
    /// Object types, the declaration itself last.
    pub objects: Vec<Object>,
    /// Enum types.
    pub enums: Vec<Enum>,
}

/// The types of a declaration. The outermost is called `prefix`, the others `prefix` and their own name.
#[must_use]
pub fn types(prefix: &str, declaration: &Value) -> Declared {
    let mut declared = Declared::default();
    let mut add = |name: &str, schema: &Value| {
        if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
            declared.objects.push(object(prefix, name, about(schema), properties));
        } else if let Some(values) = schema.get("oneOf").and_then(Value::as_array) {
            declared.enums.push(values.iter().fold(Enum::new(name).description(about(schema)), |list, value| {
                list.item(EnumItem::new(word(value, "const")).description(about(value)))
            }));
        }
    };
    for (name, schema) in declaration.get("$defs").and_then(Value::as_object).into_iter().flatten() {
        add(&format!("{prefix}{name}"), schema);
    }
    add(prefix, declaration);
    declared
}

fn object(prefix: &str, name: &str, description: &str, properties: &Map<String, Value>) -> Object {
    properties.iter().fold(Object::new(name).description(description), |object, (name, schema)| {
        let key = name.clone();
        let field = Field::new(name.as_str(), kind(prefix, schema), move |ctx| FieldFuture::Value(part(&ctx, &key)));
        object.field(field.description(about(schema)))
    })
}

fn about(schema: &Value) -> &str {
    word(schema, "description")
}

fn word<'a>(schema: &'a Value, name: &str) -> &'a str {
    schema.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Type of a property: required unless `null` is among its kinds; lists are never empty inside unless their items may be.
fn kind(prefix: &str, schema: &Value) -> TypeRef {
    if let Some(items) = schema.get("items") {
        return TypeRef::NonNull(Box::new(TypeRef::List(Box::new(kind(prefix, items)))));
    }
    if let Some(either) = schema.get("anyOf").and_then(Value::as_array) {
        let one = either.iter().find(|one| word(one, "type") != "null");
        return TypeRef::named(named(prefix, one.unwrap_or(schema)));
    }
    let optional = schema.get("type").and_then(Value::as_array).is_some_and(|kinds| kinds.iter().any(|kind| kind == "null"));
    let name = named(prefix, schema);
    if optional { TypeRef::named(name) } else { TypeRef::named_nn(name) }
}

fn named(prefix: &str, schema: &Value) -> String {
    if let Some(name) = word(schema, "$ref").strip_prefix("#/$defs/") {
        return format!("{prefix}{name}");
    }
    let is = |wanted: &str| match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == wanted),
        kind => kind.is_some_and(|kind| kind == wanted),
    };
    match word(schema, "format") {
        "date" => "Date",
        "date-time" => "DateTime",
        "int32" => TypeRef::INT,
        _ if is("integer") => "Long",
        _ if is("boolean") => TypeRef::BOOLEAN,
        _ => TypeRef::STRING,
    }
    .to_owned()
}
