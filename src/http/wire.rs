//! The answer as sent: `data` only if something was executed, `errors` only if there are any, root
//! fields in the order in which they were requested.

use std::collections::{BTreeMap, HashMap};

use async_graphql::{
    Response, Value,
    parser::types::{ExecutableDocument, OperationDefinition},
};
use serde::Serialize;

use crate::{error::HubError, graphql::records::selection::picked};

/// An answer to be written as JSON.
pub struct AnswerBody<'a> {
    /// Document of the request, for its fragments.
    pub document: &'a ExecutableDocument,
    /// The operation that was executed.
    pub operation: &'a OperationDefinition,
    /// The answer of the GraphQL library.
    pub response: &'a Response,
    /// JSON of the root fields that were written separately, by response name.
    pub written: HashMap<String, Vec<u8>>,
    /// Whether the document was executed.
    pub executed: bool,
}

impl AnswerBody<'_> {
    /// The answer in JSON.
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] when a value cannot be written as JSON.
    pub fn json(&self, extensions: &BTreeMap<String, Value>) -> Result<Vec<u8>, HubError> {
        let mut out = Vec::with_capacity(256 + self.written.values().map(Vec::len).sum::<usize>());
        out.push(b'{');
        if self.executed {
            out.extend_from_slice(b"\"data\":");
            self.data(&mut out)?;
            out.push(b',');
        }
        if !self.response.errors.is_empty() {
            out.extend_from_slice(b"\"errors\":");
            value(&mut out, &self.response.errors)?;
            out.push(b',');
        }
        out.extend_from_slice(b"\"extensions\":");
        value(&mut out, extensions)?;
        out.push(b'}');
        Ok(out)
    }

    fn data(&self, out: &mut Vec<u8>) -> Result<(), HubError> {
        let Value::Object(roots) = &self.response.data else {
            return value(out, &self.response.data);
        };
        out.push(b'{');
        let mut first = true;
        let sets = [&self.operation.selection_set.node];
        for key in
            picked(&self.document.fragments, &sets, &|_| true).iter().map(|picked| picked.key)
        {
            // A field that `@skip` left out has no value.
            let Some(root) = roots.get(key) else { continue };
            if !first {
                out.push(b',');
            }
            first = false;
            value(out, key)?;
            out.push(b':');
            match self.written.get(key) {
                Some(json) => out.extend_from_slice(json),
                None => value(out, root)?,
            }
        }
        out.push(b'}');
        Ok(())
    }
}

fn value(out: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) -> Result<(), HubError> {
    serde_json::to_writer(out, value).map_err(HubError::internal)
}
