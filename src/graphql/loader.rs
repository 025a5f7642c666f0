//! Rows behind links, in one statement for all keys of a level. A loader lives as long as its request and carries its
//! rights: nothing is shared between callers.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader;
use entity::catalogue::{Class, Link};

use crate::{
    authz::scope::Scope,
    error::HubError,
    services::Services,
    store::{
        filter::Filter,
        read::{Row, Selection},
    },
};

/// One key behind one use of a link in the document.
#[derive(Clone, Debug)]
pub struct Key {
    /// The use: the same for all keys of a level.
    pub edge: Arc<Edge>,
    /// Value of the link's own column.
    pub value: String,
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.edge, &other.edge) && self.value == other.value
    }
}

impl Eq for Key {}

impl std::hash::Hash for Key {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.edge).hash(state);
        self.value.hash(state);
    }
}

/// One use of a link in the document: what is wanted of the rows behind it.
#[derive(Debug)]
pub struct Edge {
    /// The link.
    pub link: &'static Link,
    /// Right to read the family behind it.
    pub scope: Arc<Scope>,
    /// Fields and links wanted.
    pub selection: Selection,
    /// Condition.
    pub filter: Filter,
    /// Rows at most for each key.
    pub limit: u64,
}

/// Loads rows behind links.
pub struct Links(Arc<Services>);

impl Links {
    /// For a hub.
    #[must_use]
    pub const fn new(services: Arc<Services>) -> Self {
        Self(services)
    }
}

impl Loader<Key> for Links {
    type Value = Arc<Vec<Row>>;
    type Error = Arc<HubError>;

    async fn load(&self, keys: &[Key]) -> Result<HashMap<Key, Self::Value>, Self::Error> {
        let mut groups: Vec<(Arc<Edge>, Vec<String>)> = Vec::new();
        for key in keys {
            match groups.iter_mut().find(|(edge, _)| Arc::ptr_eq(edge, &key.edge)) {
                Some((_, values)) => values.push(key.value.clone()),
                None => groups.push((Arc::clone(&key.edge), vec![key.value.clone()])),
            }
        }
        let mut loaded = HashMap::with_capacity(keys.len());
        for (edge, values) in groups {
            let rows = self
                .0
                .reader()
                .behind(&edge.scope, edge.link, &values, &edge.selection, &edge.filter, edge.limit)
                .await
                .map_err(Arc::new)?;
            let mut found: HashMap<String, Vec<Row>> = HashMap::new();
            for row in rows {
                if let Some(value) = row.found.clone() {
                    found.entry(value).or_default().push(row);
                }
            }
            for value in values {
                let mut own = found.remove(&value).unwrap_or_default();
                if !edge.link.many {
                    // Several departments may hold the same employer or person: the social-security record speaks first,
                    // where it may be seen whose record it is.
                    own.sort_by_key(|row| (row.department != "HRSS" || !edge.scope.shows(Class::Public, row.place()), row.id));
                    own.truncate(1);
                }
                loaded.insert(Key { edge: Arc::clone(&edge), value }, Arc::new(own));
            }
        }
        Ok(loaded)
    }
}
