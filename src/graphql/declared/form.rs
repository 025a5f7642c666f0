//! The selection on an object that is built as one value; its JSON is written accordingly. This is
//! cheaper than a resolver for every field where there are thousands of them.

use std::collections::HashMap;

use async_graphql::parser::types::SelectionSet;
use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::Value;

use crate::graphql::{
    declared::{kind, properties},
    records::{answer::JsonWriter, shape::ShapeBuilder},
};

/// The object types of a declaration: for each, its fields with their types, by name.
#[derive(Debug)]
pub struct Types(HashMap<String, HashMap<String, String>>);

impl Types {
    /// The types of a struct and of all structs inside it.
    #[must_use]
    pub fn of<T: JsonSchema>() -> Self {
        let mut generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
        generator.subschema_for::<T>();
        let own = |schema: &Value| {
            properties(schema)
                .map(|(name, schema)| (name.clone(), kind("", schema).type_name().to_owned()))
                .collect()
        };
        Self(
            generator
                .take_definitions(true)
                .iter()
                .map(|(name, schema)| (name.clone(), own(schema)))
                .collect(),
        )
    }
}

/// The form of an answer, made from its selection.
#[derive(Debug)]
pub struct AnswerForm {
    name: String,
    parts: Vec<(String, FormField)>,
}

#[derive(Debug)]
enum FormField {
    TypeName,
    Value(String),
    Below(String, AnswerForm),
}

impl AnswerForm {
    /// The form of a selection on the type with that name.
    #[must_use]
    pub fn new(
        maker: &ShapeBuilder<'_>,
        types: &Types,
        name: &str,
        sets: &[&SelectionSet],
    ) -> Option<Self> {
        let fields = types.0.get(name)?;
        let mut parts = Vec::new();
        for picked in maker.picked(name, sets) {
            let below = fields
                .get(picked.name)
                .and_then(|kind| Self::new(maker, types, kind, &picked.sets()));
            let part = match below {
                _ if picked.name == "__typename" => FormField::TypeName,
                Some(below) => FormField::Below(picked.name.to_owned(), below),
                None => FormField::Value(picked.name.to_owned()),
            };
            parts.push((picked.key.to_owned(), part));
        }
        Some(Self { name: name.to_owned(), parts })
    }

    /// Whether a field of the object is selected.
    #[must_use]
    pub fn selects(&self, name: &str) -> bool {
        self.parts.iter().any(|(_, part)| matches!(part, FormField::Value(own) | FormField::Below(own, _) if own == name))
    }

    /// Writes a value in this form: an object, a list of objects, or `null`.
    pub fn write(&self, writer: &mut JsonWriter<'_>, value: &Value) {
        match value {
            Value::Array(list) => writer.list(list, |writer, one| self.write(writer, one)),
            Value::Object(own) => writer.object(&self.parts, |writer, part| match part {
                FormField::TypeName => writer.value(&self.name),
                FormField::Value(name) => writer.value(own.get(name).unwrap_or(&Value::Null)),
                FormField::Below(name, form) => {
                    form.write(writer, own.get(name).unwrap_or(&Value::Null))
                }
            }),
            _ => writer.text(None),
        }
    }
}
