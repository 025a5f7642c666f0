//! Records behind to-one links, read by the library's `DataLoader`: each level requests all records
//! its branches want at once, whatever links lead to them; nothing is read twice in a request.
//!
//! A level knows all its keys before it asks, so a batch never waits for more keys
//! (`max_batch_size(1)`). It is read where it is awaited rather than in a separate task, so that
//! its statements end with the request.

use std::{
    collections::{BTreeMap, HashMap},
    hash::{DefaultHasher, Hash, Hasher},
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

/// What is wanted of the records behind one use of a link.
#[derive(Debug)]
pub struct LinkSelection {
    /// The right to read the linked family.
    pub scope: Arc<Scope>,
    /// The to-one link that is followed.
    pub link: &'static Link,
    /// Fields and links to read of the linked record.
    pub selection: Selection,
}

impl LinkSelection {
    /// Family and column by which records are found: requests with the same pair share a
    /// statement.
    fn way(&self) -> (&'static str, &'static str) {
        (self.scope.family().table, self.link.foreign)
    }
}

/// A value of a link's column, and what is wanted of the record it leads to.
#[derive(Clone, Debug)]
pub struct RecordKey {
    wanted: Arc<LinkSelection>,
    value: Arc<str>,
    /// Hash of the text: the loader looks a key up several times, and this is computed once.
    hash: u64,
}

impl RecordKey {
    /// The key of a value.
    #[must_use]
    pub fn new(wanted: &Arc<LinkSelection>, value: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        (wanted.link.foreign, value).hash(&mut hasher);
        Self { wanted: Arc::clone(wanted), value: value.into(), hash: hasher.finish() }
    }
}

impl PartialEq for RecordKey {
    fn eq(&self, other: &Self) -> bool {
        let (own, its) = (&self.wanted, &other.wanted);
        self.hash == other.hash
            && self.value == other.value
            && (Arc::ptr_eq(own, its) || (own.way() == its.way() && own.selection == its.selection))
    }
}

impl Eq for RecordKey {}

impl Hash for RecordKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
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

    /// Records by their keys; keys without a visible record are missing.
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
    async fn read(
        &self,
        mut keys: Vec<&RecordKey>,
    ) -> Result<Vec<(RecordKey, Arc<Row>)>, HubError> {
        let Some(first) = keys.first() else { return Ok(Vec::new()) };
        let LinkSelection { scope, link, .. } = &*first.wanted;
        let mut all = first.wanted.selection.clone();
        keys.iter().for_each(|key| all.add(&key.wanted.selection));
        keys.sort_unstable_by(|one, other| one.value.cmp(&other.value));
        let mut values: Vec<String> = keys.iter().map(|key| key.value.to_string()).collect();
        values.dedup();
        let reader = self.0.reader();
        let mut rows = reader.behind(scope, link, &values, &all, &Filter::everything(), 1).await?;
        // Several departments may hold the same employer or person.
        rows.sort_by(|one, other| {
            let rank = |row: &Row| (!scope.prefers(row.place()), row.id);
            one.found.cmp(&other.found).then_with(|| rank(one).cmp(&rank(other)))
        });
        rows.dedup_by(|one, kept| one.found == kept.found);
        let mut rows = rows.into_iter().map(Arc::new).peekable();
        let mut records = Vec::with_capacity(keys.len());
        for key in keys {
            let value = Some(&*key.value);
            while rows.next_if(|row| row.found.as_deref() < value).is_some() {}
            let Some(row) = rows.peek().filter(|row| row.found.as_deref() == value) else {
                continue;
            };
            let own = &key.wanted.selection;
            let row = if *own == all {
                Arc::clone(row)
            } else {
                Arc::new(row.only(scope.family(), &all, own))
            };
            records.push((key.clone(), row));
        }
        Ok(records)
    }
}
