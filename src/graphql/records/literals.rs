//! Values written into a document against the types of their arguments (GraphQL specification,
//! §5.6.1). The library takes any value where an object is due, and a resolver that reads objects
//! would take it for no value at all: a condition that is none, an order that is not kept.

use async_graphql::{
    Positioned,
    parser::types::{
        ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
    },
    registry::{MetaTypeName, Registry},
};

use crate::{error::HubError, graphql::records::variables};

/// Refuses an operation in which a value does not have the form of its argument's type. Fields and
/// arguments that do not exist are left to the library, which names them.
///
/// # Errors
///
/// [`HubError::Invalid`] naming the place and the type, never the value.
pub fn check(
    registry: &Registry,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
) -> Result<(), HubError> {
    let root = match operation.ty {
        OperationType::Query => Some(registry.query_type.as_str()),
        OperationType::Mutation => registry.mutation_type.as_deref(),
        OperationType::Subscription => registry.subscription_type.as_deref(),
    };
    selected(registry, root.unwrap_or_default(), &operation.selection_set.node)?;
    document.fragments.values().try_for_each(|fragment| {
        let of = fragment.node.type_condition.node.on.node.as_str();
        selected(registry, of, &fragment.node.selection_set.node)
    })
}

/// Values in a selection of an object of that type.
fn selected(registry: &Registry, of: &str, set: &SelectionSet) -> Result<(), HubError> {
    set.items.iter().try_for_each(|Positioned { node, .. }| match node {
        Selection::Field(field) => arguments(registry, of, &field.node),
        Selection::InlineFragment(part) => {
            let narrowed = part.node.type_condition.as_ref().map(|on| on.node.on.node.as_str());
            selected(registry, narrowed.unwrap_or(of), &part.node.selection_set.node)
        }
        // Each fragment is looked at by itself.
        Selection::FragmentSpread(_) => Ok(()),
    })
}

fn arguments(registry: &Registry, of: &str, field: &Field) -> Result<(), HubError> {
    let name = field.name.node.as_str();
    let declared = registry.types.get(of).and_then(|of| of.field_by_name(name));
    let Some(declared) = declared else { return Ok(()) };
    for (argument, value) in &field.arguments {
        let argument = argument.node.as_str();
        let Some(input) = declared.args.get(argument) else { continue };
        let Ok(value) = value
            .node
            .clone()
            .into_const_with(|_| Ok::<_, std::convert::Infallible>(variables::placeholder()));
        variables::fits(registry, &format!("{name}.{argument}"), &input.ty, &value)?;
    }
    selected(registry, MetaTypeName::concrete_typename(&declared.ty), &field.selection_set.node)
}
