//! Parsed documents, cached by their text: clients send the same few over and over.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use async_graphql::{
    Positioned, Request, Variables,
    parser::{
        parse_query,
        types::{
            DocumentOperations, ExecutableDocument, Field, OperationDefinition, OperationType,
            Selection, SelectionSet,
        },
    },
};
use entity::catalogue::Catalogue;
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};

use crate::{
    error::HubError,
    graphql::records::{query::reads_records, selection::only_operation},
    http::limits::{DocumentLimits, check_text},
};

/// Documents cached at most; the least used ones are evicted.
const KEPT: usize = 512;

/// A GraphQL document that was parsed, and whether it has been validated.
#[derive(Debug)]
pub struct ParsedDocument {
    /// The syntax tree of the document.
    pub parsed: Arc<ExecutableDocument>,
    /// The root fields alone, where that is all the library has to know of a valid document; see
    /// `root_fields`.
    pub roots: Option<ExecutableDocument>,
    /// SHA-256 of its text in hexadecimal digits.
    pub hash: String,
    valid: AtomicBool,
}

/// The cache of documents.
#[derive(Debug)]
pub struct Documents {
    kept: Cache<String, Arc<ParsedDocument>>,
    catalogue: Arc<Catalogue>,
}

impl Documents {
    /// An empty cache; the catalogue says which root fields read records.
    #[must_use]
    pub fn new(catalogue: Arc<Catalogue>) -> Self {
        Self { kept: Cache::new(KEPT), catalogue }
    }

    /// The document for a text, parsed now or taken from the cache.
    ///
    /// # Errors
    ///
    /// [`HubError::TooComplex`] when it is too long, [`HubError::Invalid`] when it does not parse.
    pub fn get(
        &self,
        limits: &DocumentLimits,
        text: &str,
    ) -> Result<Arc<ParsedDocument>, HubError> {
        if let Some(known) = self.kept.get(text) {
            return Ok(known);
        }
        check_text(limits, text)?;
        let parsed = parse_query(text).map_err(|error| unparsable(&error))?;
        let document = Arc::new(ParsedDocument {
            roots: root_fields(&parsed, &|name| reads_records(&self.catalogue, name)),
            parsed: Arc::new(parsed),
            hash: format!("{:x}", Sha256::digest(text.as_bytes())),
            valid: AtomicBool::new(false),
        });
        self.kept.insert(text.to_owned(), Arc::clone(&document));
        Ok(document)
    }
}

/// A document with the same root fields and nothing below them. The library copies the document of
/// every request and walks through it; what is selected of records is no business of its. `None`
/// where some root field is answered by the library, or where anything may be left out: `@skip` and
/// `@include` are the library's.
fn root_fields(
    document: &ExecutableDocument,
    reads_records: &dyn Fn(&str) -> bool,
) -> Option<ExecutableDocument> {
    let operation = only_operation(document)?;
    let OperationDefinition { ty, variable_definitions, directives, selection_set } =
        &operation.node;
    let mut fragments = document.fragments.values().map(|fragment| &fragment.node);
    let conditional = !directives.is_empty()
        || has_directives(&selection_set.node)
        || fragments
            .any(|own| !own.directives.is_empty() || has_directives(&own.selection_set.node));
    if *ty != OperationType::Query || conditional {
        return None;
    }
    let alone = |item: &Positioned<Selection>| {
        let Selection::Field(field) = &item.node else { return None };
        let Field { alias, name, arguments, selection_set, .. } = &field.node;
        let field = reads_records(name.node.as_str()).then(|| Field {
            alias: alias.clone(),
            name: name.clone(),
            arguments: arguments.clone(),
            directives: Vec::new(),
            selection_set: Positioned::new(SelectionSet::default(), selection_set.pos),
        })?;
        let field = Positioned::new(field, item.pos);
        Some(Positioned::new(Selection::Field(field), item.pos))
    };
    let items = selection_set.node.items.iter().map(alone).collect::<Option<Vec<_>>>()?;
    let operation = Positioned::new(
        OperationDefinition {
            ty: *ty,
            variable_definitions: variable_definitions.clone(),
            directives: Vec::new(),
            selection_set: Positioned::new(SelectionSet { items }, selection_set.pos),
        },
        operation.pos,
    );
    let operations = match &document.operations {
        DocumentOperations::Single(_) => DocumentOperations::Single(operation),
        DocumentOperations::Multiple(all) => DocumentOperations::Multiple(
            all.keys().cloned().zip(std::iter::once(operation)).collect(),
        ),
    };
    Some(ExecutableDocument { operations, fragments: HashMap::new() })
}

/// Whether a directive stands anywhere in a selection.
fn has_directives(set: &SelectionSet) -> bool {
    set.items.iter().any(|item| {
        let (directives, below) = match &item.node {
            Selection::Field(field) => (&field.node.directives, Some(&field.node.selection_set)),
            Selection::FragmentSpread(spread) => (&spread.node.directives, None),
            Selection::InlineFragment(inline) => {
                (&inline.node.directives, Some(&inline.node.selection_set))
            }
        };
        !directives.is_empty() || below.is_some_and(|below| has_directives(&below.node))
    })
}

/// Where a document does not parse, and what would be allowed there. Nothing of the document itself
/// is repeated.
fn unparsable(error: &async_graphql::parser::Error) -> HubError {
    let place = error
        .positions()
        .next()
        .map_or_else(String::new, |at| format!(" {}:{}", at.line, at.column));
    let expected = match error {
        async_graphql::parser::Error::Syntax { message, .. } => message
            .lines()
            .find_map(|line| line.split_once("expected "))
            .map(|(_, names)| names.trim().replace('_', " ")),
        _ => None,
    };
    let (zh, en) = expected.map_or_else(Default::default, |names| {
        (format!("此处应为（语法名）：{names}。"), format!(" Expected here: {names}."))
    });
    HubError::invalid(
        format!("查询文档有语法错误{place}。{zh}"),
        format!("The document does not parse{place}.{en}"),
    )
}

impl ParsedDocument {
    /// Whether it has been found valid.
    #[must_use]
    pub fn known_valid(&self) -> bool {
        self.valid.load(Ordering::Relaxed)
    }

    /// Whether validation with these variables covers the whole document: the library skips an
    /// argument whose variable is missing, and checks only one of several operations.
    #[must_use]
    pub fn judged_whole(&self, operation: &OperationDefinition, variables: &Variables) -> bool {
        self.parsed.operations.iter().count() == 1
            && operation
                .variable_definitions
                .iter()
                .all(|own| variables.contains_key(&own.node.name.node))
    }

    /// Records that the whole document was found valid.
    pub fn found_valid(&self) {
        self.valid.store(true, Ordering::Relaxed);
    }

    /// The operation a request selects.
    ///
    /// # Errors
    ///
    /// [`HubError::Invalid`] when it is not clear which.
    pub fn selected(&self, request: &Request) -> Result<&OperationDefinition, HubError> {
        let unclear = || {
            HubError::invalid(
                "文档有多个操作或没有该名称的操作。请用 operationName 指明。",
                "Say with `operationName` which operation is meant.",
            )
        };
        match (&self.parsed.operations, &request.operation_name) {
            (DocumentOperations::Single(operation), None) => Ok(&operation.node),
            (DocumentOperations::Single(_), Some(_)) => Err(unclear()),
            (DocumentOperations::Multiple(all), Some(name)) => {
                all.get(name.as_str()).map(|operation| &operation.node).ok_or_else(unclear)
            }
            (DocumentOperations::Multiple(all), None) if all.len() == 1 => {
                all.values().next().map(|operation| &operation.node).ok_or_else(unclear)
            }
            (DocumentOperations::Multiple(_), None) => Err(unclear()),
        }
    }
}

/// Kind of an operation, for the audit log: `query`, `mutation` or `subscription`.
#[must_use]
pub const fn kind(operation: &OperationDefinition) -> &'static str {
    match operation.ty {
        OperationType::Query => "query",
        OperationType::Mutation => "mutation",
        OperationType::Subscription => "subscription",
    }
}

/// Kind of an operation and its root fields, for the audit log: `subscription changes`.
#[must_use]
pub fn summary(operation: &OperationDefinition) -> String {
    use async_graphql::parser::types::Selection;
    let mut roots: Vec<&str> = operation
        .selection_set
        .node
        .items
        .iter()
        .filter_map(|item| {
            if let Selection::Field(field) = &item.node {
                Some(field.node.name.node.as_str())
            } else {
                None
            }
        })
        .take(10)
        .collect();
    roots.dedup();
    format!("{} {}", kind(operation), roots.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_is_given_root_fields_alone_where_nothing_else_is_its_business() {
        let alone = |text: &str| {
            let parsed = parse_query(text).expect("a document");
            let roots = root_fields(&parsed, &|name| matches!(name, "accidents" | "accident"))?;
            let only = only_operation(&roots).expect("one operation");
            Some(only.node.selection_set.node.items.len())
        };
        for (text, roots) in [
            ("{ accidents { nodes { id } } }", 1),
            (
                "query A($n: Int = 1) { a: accidents(first: $n) { nodes { ...F } } b: accident(id: 1) { id } } fragment F on Accident { id }",
                2,
            ),
        ] {
            assert_eq!(alone(text), Some(roots), "{text}");
        }
        for text in [
            "{ accidents { nodes { id } } meetings { id } }",
            "{ __typename accidents { totalCount } }",
            "{ ...R } fragment R on Query { accidents { totalCount } }",
            "{ ... { accidents { totalCount } } }",
            "query($x: Boolean!) { accidents { nodes { id @skip(if: $x) } } }",
            "query($x: Boolean!) { accidents @include(if: $x) { totalCount } }",
            "query($x: Boolean!) { accidents { nodes { ...F } } } fragment F on Accident { ... @skip(if: $x) { id } }",
            "mutation { accidents { id } }",
            "query A { accidents { totalCount } } query B { accidents { totalCount } }",
        ] {
            assert_eq!(alone(text), None, "{text}");
        }
    }
}
