//! Objects that are made as one value and written by what is selected of them: their types as data, the form of a
//! selection, and the JSON of it. Cheaper than a resolver for every field where there are thousands of them.

use async_graphql::{
    dynamic::{Field, Object, TypeRef},
    parser::types::SelectionSet,
};
use serde_json::Value;

use crate::graphql::records::{answer::Writer, object::written, shape::Maker};

/// An object type: its name, what it is, and its fields as name, type as in the schema (`[Point!]!`), and what it is.
#[derive(Clone, Copy, Debug)]
pub struct Type {
    /// Name.
    pub name: &'static str,
    /// 中文 and English.
    pub about: &'static str,
    /// Fields.
    pub fields: &'static [(&'static str, &'static str, &'static str)],
}

impl Type {
    /// The type for the schema.
    #[must_use]
    pub fn object(&self) -> Object {
        self.fields.iter().fold(Object::new(self.name).description(self.about), |object, (name, kind, about)| {
            object.field(Field::new(*name, type_ref(kind), written).description(*about))
        })
    }
}

/// A type as the schema writes it.
fn type_ref(kind: &str) -> TypeRef {
    match kind.strip_suffix('!') {
        Some(kind) => TypeRef::NonNull(Box::new(type_ref(kind))),
        None => match kind.strip_prefix('[').and_then(|kind| kind.strip_suffix(']')) {
            Some(kind) => TypeRef::List(Box::new(type_ref(kind))),
            None => TypeRef::named(kind),
        },
    }
}

/// The form of an answer.
#[derive(Debug)]
pub struct Form {
    name: &'static str,
    parts: Vec<(String, Part)>,
}

#[derive(Debug)]
enum Part {
    TypeName,
    Value(String),
    Below(String, Form),
}

impl Form {
    /// The form of a selection on the type of that name.
    #[must_use]
    pub fn new(maker: &Maker<'_>, types: &'static [Type], name: &str, sets: &[&SelectionSet]) -> Option<Self> {
        let own = types.iter().find(|own| own.name == name)?;
        let mut parts = Vec::new();
        // Selections live as long as the document.
        for picked in crate::graphql::records::selection::picked(&maker.env.fragments, sets, &|condition| condition == own.name) {
            let field = own.fields.iter().find(|(field, ..)| *field == picked.name);
            let kind = field.map(|(_, kind, _)| kind.trim_matches(['[', ']', '!'])).unwrap_or_default();
            let part = match Self::new(maker, types, kind, &picked.sets()) {
                _ if picked.name == "__typename" => Part::TypeName,
                Some(below) => Part::Below(picked.name.to_owned(), below),
                None => Part::Value(picked.name.to_owned()),
            };
            parts.push((picked.key.to_owned(), part));
        }
        Some(Self { name: own.name, parts })
    }

    /// Whether a field of the object is selected.
    #[must_use]
    pub fn selects(&self, name: &str) -> bool {
        self.parts.iter().any(|(_, part)| matches!(part, Part::Value(own) | Part::Below(own, _) if own == name))
    }

    /// Writes a value in this form: an object, a list of them, or nothing.
    pub fn write(&self, writer: &mut Writer<'_>, value: &Value) {
        match value {
            Value::Array(list) => writer.list(list, |writer, one| self.write(writer, one)),
            Value::Object(own) => writer.object(&self.parts, |writer, part| match part {
                Part::TypeName => writer.value(self.name),
                Part::Value(name) => writer.value(own.get(name).unwrap_or(&Value::Null)),
                Part::Below(name, form) => form.write(writer, own.get(name).unwrap_or(&Value::Null)),
            }),
            _ => writer.text(None),
        }
    }
}
