//! What of an object is selected: fragments opened, uses of one response name joined (GraphQL
//! specification, §6.3.2).

use std::collections::HashMap;

use async_graphql::{
    Name, Positioned, Value, Variables,
    context::QueryEnv,
    parser::types::{
        DocumentOperations, ExecutableDocument, Field, FragmentDefinition, OperationDefinition,
        Selection, SelectionSet,
    },
};

use crate::error::HubError;

/// Fragments of a document by name.
pub type Fragments = HashMap<Name, Positioned<FragmentDefinition>>;

/// The operation that is asked for, with what belongs to it.
#[derive(Clone, Copy, Debug)]
pub struct AskedOperation<'a> {
    /// Fragments of its document.
    pub fragments: &'a Fragments,
    /// The operation.
    pub operation: &'a OperationDefinition,
    /// Values of its variables, as they were sent.
    pub variables: &'a Variables,
}

impl<'a> AskedOperation<'a> {
    /// The operation as the library executes it, or as it stands in the only operation of a
    /// document of which the library was given nothing but the root fields.
    #[must_use]
    pub fn of(env: &'a QueryEnv, whole: Option<&'a ExecutableDocument>) -> Self {
        if let Some((whole, operation)) =
            whole.and_then(|whole| Some((whole, only_operation(whole)?)))
        {
            let fragments = &whole.fragments;
            return Self { fragments, operation: &operation.node, variables: &env.variables };
        }
        let operation = &env.operation.node;
        Self { fragments: &env.fragments, operation, variables: &env.variables }
    }

    /// What is selected of the root type.
    #[must_use]
    pub const fn root(&self) -> &'a SelectionSet {
        &self.operation.selection_set.node
    }

    /// The value of a variable, which may be that of its definition.
    fn variable(&self, name: &str) -> Option<Value> {
        let definition =
            self.operation.variable_definitions.iter().find(|own| own.node.name.node == name)?;
        self.variables.get(name).or_else(|| definition.node.default_value()).cloned()
    }
}

/// The operation of a document that has no other.
#[must_use]
pub fn only_operation(document: &ExecutableDocument) -> Option<&Positioned<OperationDefinition>> {
    match &document.operations {
        DocumentOperations::Single(only) => Some(only),
        DocumentOperations::Multiple(all) if all.len() == 1 => all.values().next(),
        DocumentOperations::Multiple(_) => None,
    }
}

/// A response name with its uses. Validation has made sure that all stand for one field with the
/// same arguments.
#[derive(Clone, Debug)]
pub struct CollectedField<'a> {
    /// Name in the answer.
    pub key: &'a str,
    /// Name of the field.
    pub name: &'a str,
    /// Its uses, at least one.
    pub uses: Vec<&'a Field>,
}

impl<'a> CollectedField<'a> {
    /// What is selected below, of all uses together.
    #[must_use]
    pub fn sets(&self) -> Vec<&'a SelectionSet> {
        self.uses.iter().map(|field| &field.selection_set.node).collect()
    }

    /// The value of an argument; nothing when it is not given or null.
    ///
    /// # Errors
    ///
    /// [`HubError::Invalid`] when a variable in it has no value.
    pub fn argument(
        &self,
        asked: AskedOperation<'_>,
        name: &str,
    ) -> Result<Option<Value>, HubError> {
        let Some(field) = self.uses.first() else { return Ok(None) };
        let Some((_, given)) = field.arguments.iter().find(|(own, _)| own.node == name) else {
            return Ok(None);
        };
        let value = given
            .node
            .clone()
            .into_const_with(|name| asked.variable(&name).ok_or_else(missing_variable))?;
        Ok(Some(value).filter(|value| *value != Value::Null))
    }
}

fn missing_variable() -> HubError {
    HubError::invalid(
        "变量没有赋值。请在 variables 中给出。",
        "A variable has no value. Give it in `variables`.",
    )
}

/// Fields selected of an object, in the order of the answer. `is` says whether a type condition
/// holds for the object.
pub fn picked<'a>(
    fragments: &'a Fragments,
    sets: &[&'a SelectionSet],
    is: &dyn Fn(&str) -> bool,
) -> Vec<CollectedField<'a>> {
    let mut list = Vec::new();
    for set in sets {
        collect(fragments, set, is, &mut Vec::new(), &mut list);
    }
    list
}

fn collect<'a>(
    fragments: &'a Fragments,
    set: &'a SelectionSet,
    is: &dyn Fn(&str) -> bool,
    opened: &mut Vec<&'a str>,
    list: &mut Vec<CollectedField<'a>>,
) {
    for item in &set.items {
        match &item.node {
            Selection::Field(field) => {
                let field = &field.node;
                let key = field.response_key().node.as_str();
                match list.iter_mut().find(|picked| picked.key == key) {
                    Some(known) => known.uses.push(field),
                    None => list.push(CollectedField {
                        key,
                        name: field.name.node.as_str(),
                        uses: vec![field],
                    }),
                }
            }
            Selection::FragmentSpread(spread) => {
                let name = spread.node.fragment_name.node.as_str();
                if opened.contains(&name) {
                    continue;
                }
                opened.push(name);
                if let Some(fragment) = fragments.get(name)
                    && is(fragment.node.type_condition.node.on.node.as_str())
                {
                    collect(fragments, &fragment.node.selection_set.node, is, opened, list);
                }
            }
            Selection::InlineFragment(inline) => {
                if inline
                    .node
                    .type_condition
                    .as_ref()
                    .is_none_or(|condition| is(condition.node.on.node.as_str()))
                {
                    collect(fragments, &inline.node.selection_set.node, is, opened, list);
                }
            }
        }
    }
}
