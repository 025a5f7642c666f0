//! The answer as it leaves: `data` only when something was executed, `errors` only when there are
//! some, root fields in the order in which they were asked for.

use std::collections::{BTreeMap, HashMap};

use async_graphql::{
    Response, Value,
    parser::types::{ExecutableDocument, OperationDefinition},
};
use serde::Serialize;

use crate::{error::HubError, graphql::records::selection::picked};

/// An answer to be written.
pub struct AnswerBody<'a> {
    /// The document.
    pub document: &'a ExecutableDocument,
    /// The operation that was executed.
    pub operation: &'a OperationDefinition,
    /// What the library says.
    pub response: &'a Response,
    /// Root fields that were written by themselves.
    pub written: HashMap<String, Vec<u8>>,
    /// Whether anything was executed.
    pub executed: bool,
}

impl AnswerBody<'_> {
    /// The answer in JSON.
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] when a value has no form in JSON.
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
