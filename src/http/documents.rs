//! Parsed documents, cached by their text: clients send the same few over and over.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_graphql::{
    Request, Variables,
    parser::{
        parse_query,
        types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType},
    },
};
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};

use crate::{
    error::HubError,
    http::limits::{DocumentLimits, check_text},
};

/// Documents cached at most; the least used ones are evicted.
const KEPT: usize = 512;

/// A GraphQL document that was parsed, and whether it has been validated.
#[derive(Debug)]
pub struct ParsedDocument {
    /// The syntax tree of the document.
    pub parsed: ExecutableDocument,
    /// SHA-256 of its text in hexadecimal digits.
    pub hash: String,
    valid: AtomicBool,
}

/// The cache of documents.
#[derive(Debug)]
pub struct Documents(Cache<String, Arc<ParsedDocument>>);

impl Default for Documents {
    fn default() -> Self {
        Self(Cache::new(KEPT))
    }
}

impl Documents {
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
        if let Some(known) = self.0.get(text) {
            return Ok(known);
        }
        check_text(limits, text)?;
        let parsed = parse_query(text).map_err(|error| unparsable(&error))?;
        let document = Arc::new(ParsedDocument {
            parsed,
            hash: format!("{:x}", Sha256::digest(text.as_bytes())),
            valid: AtomicBool::new(false),
        });
        self.0.insert(text.to_owned(), Arc::clone(&document));
        Ok(document)
    }
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
