//! What the executor leaves for the HTTP edge: the JSON of each root field that reads records, under
//! its response name.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// JSON of root fields by response name.
#[derive(Clone, Debug, Default)]
pub struct Answers(Arc<Mutex<HashMap<String, Vec<u8>>>>);

impl Answers {
    /// Leaves the JSON of a root field.
    pub fn put(&self, key: &str, json: Vec<u8>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned(), json);
    }

    /// All that was left.
    #[must_use]
    pub fn take(&self) -> HashMap<String, Vec<u8>> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
