//! Values of the store as values of GraphQL.

use async_graphql::{
    Name, Value,
    dynamic::{FieldValue, ResolverContext},
    indexmap::IndexMap,
};
use entity::catalogue::{Field, Kind};

use crate::{
    graphql::session::Session,
    store::{cell::Cell, reference::Reference},
    submit::verdict::Remark,
};

/// A value as shown.
#[must_use]
pub fn value(field: &Field, cell: &Cell, reference: &Reference) -> Value {
    match (field.kind, cell) {
        (_, Cell::Null) => Value::Null,
        (Kind::Code(table), Cell::Text(code)) => code_value(table, code, reference),
        (Kind::Codes(table), Cell::Text(list)) => {
            let codes: Vec<String> = serde_json::from_str(list).unwrap_or_default();
            Value::List(codes.iter().map(|code| code_value(table, code, reference)).collect())
        }
        (Kind::Int, Cell::Int(number)) => Value::from(*number),
        (_, Cell::Bool(yes)) => Value::Boolean(*yes),
        (kind, cell) => cell.text(kind).map_or(Value::Null, Value::String),
    }
}

fn code_value(table: &str, code: &str, reference: &Reference) -> Value {
    let is_enum = reference.table(table).is_some_and(|table| table.graphql_enum.is_some());
    if is_enum { Value::Enum(Name::new(code)) } else { Value::String(code.to_owned()) }
}

/// Remarks as kept in a record.
#[must_use]
pub fn findings<'a>(cell: &Cell) -> FieldValue<'a> {
    let list: Vec<Remark> = cell.as_text().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    FieldValue::list(list.into_iter().map(FieldValue::owned_any))
}

/// An object of plain values.
#[must_use]
pub fn object<const N: usize>(parts: [(&str, Value); N]) -> Value {
    Value::Object(parts.into_iter().map(|(name, value)| (Name::new(name), value)).collect::<IndexMap<_, _>>())
}

/// A text or nothing.
#[must_use]
pub fn text(value: Option<impl Into<String>>) -> Value {
    value.map_or(Value::Null, |text| Value::String(text.into()))
}

/// The session of a request.
#[must_use]
pub fn session<'a>(ctx: &ResolverContext<'a>) -> &'a Session {
    ctx.ctx.data_unchecked::<Session>()
}

/// A part of an object of plain values, by name.
#[must_use]
pub fn part<'a>(ctx: &ResolverContext<'a>, name: &str) -> Option<FieldValue<'a>> {
    match ctx.parent_value.as_value() {
        Some(Value::Object(parts)) => {
            parts.get(name).filter(|value| **value != Value::Null).map(|value| FieldValue::value(value.clone()))
        }
        _ => None,
    }
}
