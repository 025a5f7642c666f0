//! Records behind links to one, by the library's `DataLoader`: a level asks once for all that its
//! branches want, whatever links lead there; what was read is not read again within the request.
//!
//! A level knows all its keys before it asks, so a batch never waits for more
//! (`max_batch_size(1)`), and it is read where it is waited for instead of in a task of its own:
//! when a request ends, so do its statements.

use std::{
    collections::{BTreeMap, HashMap, hash_map::Entry},
    hash::{Hash, Hasher},
    mem,
    sync::{Arc, Mutex, PoisonError},
};

use async_graphql::dataloader::{DataLoader, HashMapCache, Loader};
use entity::catalogue::Link;
use futures_util::future::{BoxFuture, join, join_all, try_join_all};

use crate::{
    authz::scope::Scope,
    error::HubError,
    services::Services,
    store::records::{
        filter::Filter,
        row::{Row, Selection},
    },
};

/// What is wanted of the record behind a use of a link.
#[derive(Debug)]
pub struct LinkSelection {
    /// Right to read its family.
    pub scope: Arc<Scope>,
    /// The link.
    pub link: &'static Link,
    /// Fields and links of it.
    pub selection: Selection,
}

impl LinkSelection {
    /// Family and column by which records are found: what is asked of the same is asked in one
    /// statement.
    fn way(&self) -> (&'static str, &'static str) {
        (self.scope.family().table, self.link.foreign)
    }
}

/// The record that a value of a link's column leads to, and what is wanted of it.
#[derive(Clone, Debug)]
pub struct RecordKey {
    wanted: Arc<LinkSelection>,
    value: Arc<str>,
}

impl RecordKey {
    /// The key of a value.
    #[must_use]
    pub fn new(wanted: &Arc<LinkSelection>, value: &str) -> Self {
        Self { wanted: Arc::clone(wanted), value: value.into() }
    }
}

impl PartialEq for RecordKey {
    fn eq(&self, other: &Self) -> bool {
        let (own, its) = (&self.wanted, &other.wanted);
        self.value == other.value
            && (Arc::ptr_eq(own, its) || (own.way() == its.way() && own.selection == its.selection))
    }
}

impl Eq for RecordKey {}

impl Hash for RecordKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.wanted.link.foreign.hash(state);
        self.value.hash(state);
    }
}

type BatchQueue = Arc<Mutex<Vec<BoxFuture<'static, ()>>>>;

/// The loader of one request.
pub struct RecordLoader {
    loader: DataLoader<Statements, HashMapCache>,
    batches: BatchQueue,
}

impl RecordLoader {
    /// A loader that has read nothing yet.
    #[must_use]
    pub fn new(services: Arc<Services>) -> Self {
        let batches = BatchQueue::default();
        let queue = Arc::clone(&batches);
        let spawn = move |batch| queue.lock().unwrap_or_else(PoisonError::into_inner).push(batch);
        let loader = DataLoader::with_cache(Statements(services), spawn, HashMapCache::default())
            .max_batch_size(1);
        Self { loader, batches }
    }

    /// Records by their keys; none where there is none that may be seen.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub async fn load(
        &self,
        keys: Vec<RecordKey>,
    ) -> Result<HashMap<RecordKey, Arc<Row>>, HubError> {
        // The loader hands its batch over while it is polled first.
        let asked = self.loader.load_many(keys);
        let batches = async {
            let batches =
                mem::take(&mut *self.batches.lock().unwrap_or_else(PoisonError::into_inner));
            join_all(batches).await;
        };
        let (found, ()) = join(asked, batches).await;
        found.map_err(|shared| Arc::try_unwrap(shared).unwrap_or_else(HubError::internal))
    }
}

struct Statements(Arc<Services>);

impl Loader<RecordKey> for Statements {
    type Value = Arc<Row>;
    type Error = Arc<HubError>;

    async fn load(
        &self,
        keys: &[RecordKey],
    ) -> Result<HashMap<RecordKey, Arc<Row>>, Arc<HubError>> {
        let mut ways: BTreeMap<_, Vec<&RecordKey>> = BTreeMap::new();
        for key in keys {
            ways.entry(key.wanted.way()).or_default().push(key);
        }
        let found = try_join_all(ways.into_values().map(|keys| self.read(keys))).await?;
        Ok(found.into_iter().flatten().collect())
    }
}

impl Statements {
    /// Reads the records of keys of one family and column: of each record what any of them wants,
    /// in one statement.
    async fn read(&self, keys: Vec<&RecordKey>) -> Result<Vec<(RecordKey, Arc<Row>)>, HubError> {
        let Some(first) = keys.first() else { return Ok(Vec::new()) };
        let LinkSelection { scope, link, .. } = &*first.wanted;
        let mut all = first.wanted.selection.clone();
        keys.iter().for_each(|key| all.add(&key.wanted.selection));
        let mut values: Vec<String> = keys.iter().map(|key| key.value.to_string()).collect();
        values.sort_unstable();
        values.dedup();
        let rows =
            self.0.reader().behind(scope, link, &values, &all, &Filter::everything(), 1).await?;
        let mut records: HashMap<String, Arc<Row>> = HashMap::with_capacity(rows.len());
        for row in rows {
            let Some(value) = row.found.clone() else { continue };
            // Several departments may hold the same employer or person.
            let rank = |row: &Row| (!scope.prefers(row.place()), row.id);
            match records.entry(value) {
                Entry::Vacant(free) => drop(free.insert(Arc::new(row))),
                Entry::Occupied(mut other) => {
                    if rank(&row) < rank(other.get()) {
                        other.insert(Arc::new(row));
                    }
                }
            }
        }
        let own = |key: &RecordKey| {
            let row = records.get(&*key.value)?;
            let own = &key.wanted.selection;
            Some(if *own == all {
                Arc::clone(row)
            } else {
                Arc::new(row.only(scope.family(), &all, own))
            })
        };
        Ok(keys.into_iter().filter_map(|key| Some((key.clone(), own(key)?))).collect())
    }
}
