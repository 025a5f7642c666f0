//! Rows behind links, in one statement for all keys of a level. A loader lives as long as its request and carries its
//! rights: nothing is shared between callers.

use std::{collections::HashMap, ops::Range, sync::Arc};

use async_graphql::dataloader::Loader;
use entity::catalogue::{Class, Link};

use crate::{
    authz::scope::Scope,
    error::HubError,
    services::Services,
    store::records::{
        filter::Filter,
        row::{Row, Selection},
    },
};

/// One use of a link in the document, with the keys of all rows above.
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
    /// Values of the link's own column, each once.
    pub values: Vec<String>,
}

/// A use of a link, told apart from all others.
#[derive(Clone, Debug)]
pub struct Key(pub Arc<Edge>);

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Key {}

impl std::hash::Hash for Key {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.0).hash(state);
    }
}

/// Rows of a level, those of one key next to each other.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// The rows.
    pub rows: Arc<Vec<Row>>,
    of: Arc<HashMap<String, Range<usize>>>,
}

impl Loaded {
    /// Which rows belong to a key.
    #[must_use]
    pub fn of(&self, value: &str) -> Range<usize> {
        self.of.get(value).cloned().unwrap_or_default()
    }
}

/// Loads rows behind links.
pub struct Links(Arc<Services>);

impl Links {
    /// For a hub.
    #[must_use]
    pub const fn new(services: Arc<Services>) -> Self {
        Self(services)
    }

    async fn level(&self, edge: &Edge) -> Result<Loaded, HubError> {
        let Edge { link, scope, selection, filter, limit, values } = edge;
        let mut rows = self.0.reader().behind(scope, link, values, selection, filter, *limit).await?;
        if link.many {
            rows.sort_by(|one, other| one.found.cmp(&other.found));
        } else {
            // Several departments may hold the same employer or person: the social-security record speaks first, where it
            // may be seen whose record it is.
            rows.sort_by_cached_key(|row| {
                (row.found.clone(), row.department != "HRSS" || !scope.shows(Class::Public, row.place()), row.id)
            });
            rows.dedup_by(|one, kept| one.found == kept.found);
        }
        let mut of: HashMap<String, Range<usize>> = HashMap::with_capacity(values.len());
        for (index, row) in rows.iter().enumerate() {
            if let Some(value) = &row.found {
                match of.get_mut(value) {
                    Some(range) => range.end = index + 1,
                    None => {
                        of.insert(value.clone(), index..index + 1);
                    }
                }
            }
        }
        Ok(Loaded { rows: Arc::new(rows), of: Arc::new(of) })
    }
}

impl Loader<Key> for Links {
    type Value = Loaded;
    type Error = Arc<HubError>;

    async fn load(&self, keys: &[Key]) -> Result<HashMap<Key, Self::Value>, Self::Error> {
        let mut loaded = HashMap::with_capacity(keys.len());
        for key in keys {
            loaded.insert(key.clone(), self.level(&key.0).await.map_err(Arc::new)?);
        }
        Ok(loaded)
    }
}
