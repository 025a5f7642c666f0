//! Arguments, deserialised into the struct that declares them: a missing or unsuitable one is an
//! error, and never silently zero.

use std::sync::Arc;

use async_graphql::{Name, Value, dynamic::InputValue, indexmap::IndexMap};
use schemars::{JsonSchema, generate::SchemaSettings};
use serde::de::DeserializeOwned;

use crate::{
    error::HubError,
    graphql::declared::{input_values, kinds::languages, properties, reference},
};

/// The declaration of the arguments of a field.
#[derive(Clone, Debug)]
pub struct ArgumentDeclaration(Arc<serde_json::Value>);

impl ArgumentDeclaration {
    /// The arguments that a struct declares.
    #[must_use]
    pub fn of<A: JsonSchema>() -> Self {
        Self(Arc::new(
            SchemaSettings::draft2020_12()
                .for_deserialize()
                .into_generator()
                .into_root_schema_for::<A>()
                .to_value(),
        ))
    }

    /// Their JSON Schema.
    #[must_use]
    pub fn schema(&self) -> &serde_json::Value {
        &self.0
    }

    /// The arguments as declared in the schema.
    #[must_use]
    pub fn values(&self) -> Vec<InputValue> {
        input_values(&self.0)
    }

    /// Deserialises the arguments.
    ///
    /// # Errors
    ///
    /// [`HubError::Invalid`] naming the argument.
    pub fn read<A: DeserializeOwned>(&self, given: &IndexMap<Name, Value>) -> Result<A, HubError> {
        let value = self.listed(&self.0, Value::Object(given.clone()));
        serde_path_to_error::deserialize(value).map_err(|error| {
            let (place, message) = (error.path().to_string(), error.inner().to_string());
            match languages(&message) {
                Some((zh, en)) => {
                    HubError::invalid(format!("{place}：{zh}。"), format!("{place}: {en}."))
                }
                None => HubError::invalid(
                    format!("{place} 的值无效。请对照 schema.graphql 修改。"),
                    format!("`{place}` does not fit. See schema.graphql."),
                ),
            }
        })
    }

    /// A single value where a list is declared becomes a list of one (GraphQL specification,
    /// §3.11).
    fn listed(&self, schema: &serde_json::Value, value: Value) -> Value {
        let either = schema
            .get("anyOf")
            .and_then(serde_json::Value::as_array)
            .and_then(|list| list.first())
            .unwrap_or(schema);
        let own =
            reference(either).and_then(|name| self.0.get("$defs")?.get(name)).unwrap_or(either);
        match (own.get("items"), value) {
            (_, Value::Null) => Value::Null,
            (Some(items), Value::List(list)) => {
                Value::List(list.into_iter().map(|item| self.listed(items, item)).collect())
            }
            (Some(items), one) => Value::List(vec![self.listed(items, one)]),
            (None, Value::Object(mut members)) => {
                for (name, schema) in properties(own) {
                    if let Some(member) = members.get_mut(name.as_str()) {
                        *member = self.listed(schema, std::mem::take(member));
                    }
                }
                Value::Object(members)
            }
            (None, value) => value,
        }
    }
}
