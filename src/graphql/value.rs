//! Plain values of GraphQL, and what a resolver finds in its context.

use async_graphql::{
    Name, Value,
    dynamic::{FieldValue, ResolverContext},
    indexmap::IndexMap,
};

use crate::graphql::records::session::Session;

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
