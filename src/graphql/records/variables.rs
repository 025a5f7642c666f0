//! Values of variables against the types their operation declares (GraphQL specification, §6.1.2),
//! before anything runs.
//!
//! A value that the operation declares no variable for is passed over, as the specification does:
//! urql sends all that it is given, and GraphiQL has one set of values for several operations.
//!
//! That they fit is all that a document already found valid leaves open, so such a document is not
//! validated again.

use std::fmt::Write as _;

use async_graphql::{
    Value, Variables,
    parser::types::OperationDefinition,
    registry::{MetaType, MetaTypeName, Registry},
};

use crate::error::HubError;

/// Refuses a request whose variables do not have the values their types ask for.
///
/// # Errors
///
/// [`HubError::Invalid`] naming the place and the type, never the value.
pub fn check(
    registry: &Registry,
    operation: &OperationDefinition,
    variables: &Variables,
) -> Result<(), HubError> {
    for definition in &operation.variable_definitions {
        let variable = &definition.node;
        let name = variable.name.node.as_str();
        let kind = variable.var_type.node.to_string();
        let default = variable.default_value.as_ref().map(|value| &value.node);
        let misfit = match variables.get(name).or(default) {
            Some(value) => misfit(registry, &kind, value),
            None => (!variable.var_type.node.nullable).then(|| Misfit::of(&kind)),
        };
        if let Some(misfit) = misfit {
            return Err(misfit.refused(&format!("${name}"), ("变量 ", "Variable ")));
        }
    }
    Ok(())
}

/// Refuses a value that does not have the form of an input type; the message calls it `name`.
///
/// # Errors
///
/// [`HubError::Invalid`] naming the place and the type, never the value.
pub fn fits(registry: &Registry, name: &str, kind: &str, value: &Value) -> Result<(), HubError> {
    match misfit(registry, kind, value) {
        None => Ok(()),
        Some(misfit) => Err(misfit.refused(name, ("", ""))),
    }
}

/// Stands for a variable inside a value of a document; neither a document nor JSON can hold bytes.
/// It fits everywhere: its value is held to the type of the variable, and the library compares that
/// type with the place.
#[must_use]
pub fn placeholder() -> Value {
    Value::Binary(Default::default())
}

/// Where a value does not fit, from the variable on, and what should stand there.
struct Misfit {
    place: String,
    kind: String,
    /// Whether the type has no field of that name.
    unknown: bool,
}

impl Misfit {
    fn of(kind: &str) -> Self {
        Self { place: String::new(), kind: kind.to_owned(), unknown: false }
    }

    fn unknown(kind: &str) -> Self {
        Self { unknown: true, ..Self::of(kind) }
    }

    /// What is wrong with the value of `name`, in the marks that each language sets around it.
    fn refused(&self, name: &str, (zh, en): (&str, &str)) -> HubError {
        let Self { place, kind, unknown } = self;
        if *unknown {
            return HubError::invalid(
                format!("{zh}{name}{place}：{kind} 没有这个字段。请对照 schema.graphql 修改。"),
                format!("{en}{name}{place}: {kind} has no such field. See schema.graphql."),
            );
        }
        HubError::invalid(
            format!("{zh}{name}{place} 的值无效，应为 {kind}。请对照 schema.graphql 修改。"),
            format!("{en}{name}{place} should be {kind}. See schema.graphql."),
        )
    }

    fn below(mut self, step: &str) -> Self {
        self.place.insert_str(0, step);
        self
    }
}

fn misfit(registry: &Registry, kind: &str, value: &Value) -> Option<Misfit> {
    match MetaTypeName::create(kind) {
        _ if *value == placeholder() => None,
        MetaTypeName::NonNull(_) if *value == Value::Null => Some(Misfit::of(kind)),
        MetaTypeName::NonNull(inner) => misfit(registry, inner, value),
        _ if *value == Value::Null => None,
        MetaTypeName::List(inner) => match value {
            Value::List(items) => items.iter().enumerate().find_map(|(index, item)| {
                let found = misfit(registry, inner, item)?;
                let mut step = String::new();
                let _ = write!(step, "[{index}]");
                Some(found.below(&step))
            }),
            one => misfit(registry, inner, one),
        },
        MetaTypeName::Named(name) => named(registry, name, value),
    }
}

fn named(registry: &Registry, name: &str, value: &Value) -> Option<Misfit> {
    let fits = match registry.types.get(name) {
        Some(MetaType::Scalar { is_valid, .. }) => {
            is_valid.as_ref().is_none_or(|check| check(value))
        }
        Some(MetaType::Enum { enum_values, .. }) => match value {
            Value::Enum(word) => enum_values.contains_key(word.as_str()),
            Value::String(word) => enum_values.contains_key(word.as_str()),
            _ => false,
        },
        Some(MetaType::InputObject { input_fields, .. }) => {
            let Value::Object(members) = value else {
                // A bare value where a condition is due is the commonest mistake of all.
                let example = if input_fields.contains_key("eq") { " {eq: …}" } else { "" };
                return Some(Misfit::of(&format!("{name}{example}")));
            };
            for (own, member) in members {
                let step = || format!(".{own}");
                match input_fields.get(own.as_str()) {
                    Some(field) => {
                        if let Some(found) = misfit(registry, &field.ty, member) {
                            return Some(found.below(&step()));
                        }
                    }
                    None => {
                        return Some(Misfit::unknown(name).below(&step()));
                    }
                }
            }
            let missing = input_fields.values().find(|field| {
                MetaTypeName::create(&field.ty).is_non_null()
                    && field.default_value.is_none()
                    && !members.contains_key(field.name.as_str())
            });
            return missing.map(|field| Misfit::of(&field.ty).below(&format!(".{}", field.name)));
        }
        // Validation refuses variables of other types.
        _ => true,
    };
    (!fits).then(|| Misfit::of(name))
}
