//! Types of the schema derived from Rust declarations: names, kinds and descriptions come from the
//! JSON Schema, so that there is no second list of fields. The doc comment becomes the description:
//! Chinese first, then English.
//!
//! Values of an object type are the JSON of its struct ([`field`]); arguments and inputs are
//! deserialised into theirs ([`given`]).

pub mod field;
pub mod form;
pub mod given;
pub mod kinds;

use async_graphql::{
    Value as Const,
    dynamic::{
        Enum, EnumItem, Field, FieldFuture, FieldValue, InputObject, InputValue, Object,
        ResolverContext, TypeRef,
    },
};
use schemars::{JsonSchema, schema_for};
use serde_json::{Map, Value};

use crate::graphql::declared::kinds::NAMED;

/// Objects and enums derived from one declaration.
#[derive(Default)]
pub struct Declared {
    /// Object types; that of the declaration itself comes last.
    pub objects: Vec<Object>,
    /// Enum types that the object types refer to.
    pub enums: Vec<Enum>,
}

/// The types of a declaration. The outermost is named `prefix`, the others `prefix` followed by
/// their own name.
#[must_use]
pub fn types(prefix: &str, declaration: &Value) -> Declared {
    let mut declared = Declared::default();
    for (name, schema) in definitions(declaration) {
        declared.add(prefix, &format!("{prefix}{name}"), schema);
    }
    declared.add(prefix, prefix, declaration);
    declared
}

/// The objects and enums a declaration refers to, under their own names.
#[must_use]
pub fn outputs(declaration: &Value) -> Declared {
    let mut declared = Declared::default();
    definitions(declaration).for_each(|(name, schema)| declared.add("", name, schema));
    declared
}

/// The input objects and enums a declaration refers to.
#[must_use]
pub fn inputs(declaration: &Value) -> (Vec<InputObject>, Vec<Enum>) {
    let (mut inputs, mut enums) = (Vec::new(), Vec::new());
    for (name, schema) in definitions(declaration) {
        match choice(name, schema) {
            Some(choice) => enums.push(choice),
            None => {
                let input = InputObject::new(name).description(about(schema));
                inputs.push(input_values(schema).into_iter().fold(input, InputObject::field));
            }
        }
    }
    (inputs, enums)
}

/// The fields of a declaration as arguments, or as fields of an input object.
#[must_use]
pub fn input_values(schema: &Value) -> Vec<InputValue> {
    let value = |(name, schema): (&String, &Value)| {
        InputValue::new(name, kind("", schema)).description(about(schema))
    };
    properties(schema).map(value).collect()
}

impl Declared {
    fn add(&mut self, prefix: &str, name: &str, schema: &Value) {
        match choice(name, schema) {
            Some(choice) => self.enums.push(choice),
            None => self.objects.push(object(prefix, name, schema)),
        }
    }
}

fn definitions(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    schema.get("$defs").and_then(Value::as_object).into_iter().flatten()
}

fn properties(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    schema.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

fn choice(name: &str, schema: &Value) -> Option<Enum> {
    let values = schema.get("oneOf").and_then(Value::as_array)?;
    Some(values.iter().fold(Enum::new(name).description(about(schema)), |list, value| {
        list.item(EnumItem::new(word(value, "const")).description(about(value)))
    }))
}

fn object(prefix: &str, name: &str, schema: &Value) -> Object {
    properties(schema).fold(
        Object::new(name).description(about(schema)),
        |object, (name, schema)| {
            let key = name.clone();
            let field = Field::new(name.as_str(), kind(prefix, schema), move |ctx| {
                FieldFuture::Value(part(&ctx, &key))
            });
            object.field(field.description(about(schema)))
        },
    )
}

/// A field of an object that was built as one value, by name.
fn part<'a>(ctx: &ResolverContext<'a>, name: &str) -> Option<FieldValue<'a>> {
    let Some(Const::Object(parts)) = ctx.parent_value.as_value() else { return None };
    parts
        .get(name)
        .filter(|value| **value != Const::Null)
        .map(|value| FieldValue::value(value.clone()))
}

/// The description of a declaration.
#[must_use]
pub fn description<T: JsonSchema>() -> String {
    about(&schema_for!(T).to_value())
}

/// The description in a JSON Schema. Lines that were broken in the doc comment are joined again,
/// without a space after Chinese punctuation. A short one with both languages on one line, `名称。
/// Name.`, becomes two paragraphs as well.
#[must_use]
pub fn about(schema: &Value) -> String {
    let mut text = String::new();
    let mut lines = word(schema, "description").lines().map(str::trim).peekable();
    while let Some(line) = lines.next() {
        text.push_str(line);
        match lines.peek() {
            None => {}
            Some(next) if line.is_empty() || next.is_empty() => text.push('\n'),
            Some(_) if line.ends_with(['，', '。', '；', '：', '、', '）', '”']) => {}
            Some(_) => text.push(' '),
        }
    }
    match text.split_once("。 ") {
        Some((zh, en)) if !text.contains('\n') => format!("{zh}。\n\n{en}"),
        _ => text,
    }
}

fn word<'a>(schema: &'a Value, name: &str) -> &'a str {
    schema.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn is(schema: &Value, wanted: &str) -> bool {
    match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == wanted),
        kind => kind.is_some_and(|kind| kind == wanted),
    }
}

/// Type of a property: required unless `null` is among its kinds; items of a list are never null
/// unless their type allows it.
#[must_use]
pub fn kind(prefix: &str, schema: &Value) -> TypeRef {
    if let Some(either) = schema.get("anyOf").and_then(Value::as_array) {
        let some = either.iter().find(|one| word(one, "type") != "null");
        return TypeRef::named(named(prefix, some.unwrap_or(schema)));
    }
    let own = match schema.get("items") {
        Some(items) => TypeRef::List(Box::new(kind(prefix, items))),
        None => TypeRef::named(named(prefix, schema)),
    };
    if is(schema, "null") { own } else { TypeRef::NonNull(Box::new(own)) }
}

fn named(prefix: &str, schema: &Value) -> String {
    if let Some(name) = reference(schema) {
        return format!("{prefix}{name}");
    }
    match (word(schema, NAMED), word(schema, "format")) {
        ("", "date") => "Date",
        ("", "date-time") => "DateTime",
        ("", "int32") => TypeRef::INT,
        ("", _) if is(schema, "integer") => "Long",
        ("", _) if is(schema, "boolean") => TypeRef::BOOLEAN,
        ("", _) => TypeRef::STRING,
        (name, _) => name,
    }
    .to_owned()
}

/// Name of the declaration that a schema refers to.
fn reference(schema: &Value) -> Option<&str> {
    word(schema, "$ref").strip_prefix("#/$defs/")
}
