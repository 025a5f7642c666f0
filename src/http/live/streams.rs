//! Subscriptions with the same question share each page that is read and written.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use async_graphql::{
    Request,
    parser::types::{OperationDefinition, Selection},
};
use futures_util::{
    FutureExt as _,
    future::{BoxFuture, Shared, WeakShared},
};
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use crate::{
    audit::entry::EntryDisclosure,
    authz::actor::Actor,
    context::OpCtx,
    error::{HubError, Language},
    graphql::records::{changes::WrittenPage, session::Session, subscription::Live},
    http::state::AppState,
    store::feed::checkpoint::FeedCheckpoint,
};

/// All streams with at least one subscriber, by their question.
#[derive(Debug)]
pub struct Streams {
    kept: Mutex<LastPage>,
    /// Pages read at the same time, so that a commit that concerns many subscribers leaves room for
    /// requests.
    pages: Semaphore,
}

#[derive(Debug, Default)]
struct LastPage {
    by_key: HashMap<[u8; 32], Weak<FeedStream>>,
    /// Number of streams at which those without subscribers are removed.
    full: usize,
}

/// One question to the feed, shared by one or more subscribers.
#[derive(Debug)]
pub(super) struct FeedStream {
    /// The validated subscription: its filter, fields and the caller's rights.
    pub live: Live,
    /// Kind of the operation and its root field, for the audit log.
    pub operation: String,
    /// SHA-256 of the document in hexadecimal digits.
    pub hash: String,
    /// Pages being read, by the place they begin at.
    pages: Mutex<HashMap<Option<FeedCheckpoint>, WeakShared<PendingPage>>>,
}

/// A page that is being read.
type PendingPage = BoxFuture<'static, Arc<PageRead>>;

/// A page that was read, or the error, and which records it shows.
#[derive(Debug)]
pub(super) struct PageRead {
    pub page: Result<Arc<WrittenPage>, Arc<HubError>>,
    pub shown: EntryDisclosure,
}

impl Streams {
    /// No streams yet. Pages use at most a quarter of the hub's places for requests.
    #[must_use]
    pub fn new(places: usize) -> Self {
        Self { kept: Mutex::default(), pages: Semaphore::new((places / 4).max(1)) }
    }

    /// The stream for a question: an existing one, or this one.
    pub(super) fn join(
        &self,
        key: [u8; 32],
        live: Live,
        operation: String,
        hash: String,
    ) -> Arc<FeedStream> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept.by_key.get(&key).and_then(Weak::upgrade) {
            return known;
        }
        if kept.by_key.len() >= kept.full {
            kept.by_key.retain(|_, stream| stream.strong_count() > 0);
            kept.full = (kept.by_key.len() * 2).max(64);
        }
        let stream = Arc::new(FeedStream { live, operation, hash, pages: Mutex::default() });
        kept.by_key.insert(key, Arc::downgrade(&stream));
        stream
    }
}

impl FeedStream {
    /// The page after a place: the one already being read for another subscriber, or a new one.
    pub fn page(
        self: &Arc<Self>,
        edge: &Arc<AppState>,
        (actor, ctx, language): (&Arc<Actor>, &OpCtx, Language),
        after: Option<FeedCheckpoint>,
    ) -> Shared<PendingPage> {
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(reading) = pages.get(&after).and_then(WeakShared::upgrade) {
            return reading;
        }
        let session = edge.session(Some(Arc::clone(actor)), ctx.clone(), language);
        let (stream, edge) = (Arc::clone(self), Arc::clone(edge));
        let reading =
            async move { Arc::new(stream.read(&edge, &session, after).await) }.boxed().shared();
        pages.retain(|_, page| page.upgrade().is_some());
        pages.extend(reading.downgrade().map(|weak| (after, weak)));
        reading
    }

    async fn read(
        &self,
        edge: &AppState,
        session: &Session,
        after: Option<FeedCheckpoint>,
    ) -> PageRead {
        let reading = async {
            let closed = |_| HubError::Unavailable("the hub is stopping".into());
            let _turn = edge.streams.pages.acquire().await.map_err(closed)?;
            let _place = edge.places.acquire().await.map_err(closed)?;
            self.live.page(session, after).await
        };
        let late = || HubError::Unavailable("a page took too long".into());
        let page =
            tokio::time::timeout(edge.timeout, reading).await.unwrap_or_else(|_| Err(late()));
        PageRead { page: page.map(Arc::new).map_err(Arc::new), shown: session.collector.drain() }
    }
}

/// What a page depends on besides its place: the caller's rights, language and purpose, and the
/// question. If `after` is a variable used nowhere else, its value only says where a subscriber
/// began.
pub(super) fn key(
    (actor, language): (&Actor, Language),
    request: &Request,
    operation: &OperationDefinition,
    hash: &str,
) -> [u8; 32] {
    let begin = beginning(operation).filter(|name| uses(&request.query, name) == 2);
    let mut digest = Sha256::new();
    let mut add = |part: &str| {
        digest.update(part.len().to_be_bytes());
        digest.update(part.as_bytes());
    };
    for part in [
        actor.department().as_str(),
        actor.region().as_str(),
        &actor.sorted_roles(),
        actor.purpose().as_str(),
        hash,
    ] {
        add(part);
    }
    add(if actor.ticket().is_some() { "case" } else { "" });
    add(if language == Language::English { "en" } else { "zh" });
    add(request.operation_name.as_deref().unwrap_or_default());
    for (name, value) in
        request.variables.iter().filter(|(name, _)| begin.as_deref() != Some(name.as_str()))
    {
        add(name.as_str());
        add(&value.to_string());
    }
    digest.finalize().into()
}

/// Name of the variable that holds the starting place.
fn beginning(operation: &OperationDefinition) -> Option<String> {
    operation.selection_set.node.items.iter().find_map(|item| {
        let Selection::Field(field) = &item.node else { return None };
        let (_, after) = field.node.arguments.iter().find(|(name, _)| name.node == "after")?;
        // A variable alone begins with `$`; a text begins with a quote.
        after.node.to_string().strip_prefix('$').map(ToOwned::to_owned)
    })
}

/// How often a variable occurs in a document, including comments and strings.
fn uses(document: &str, name: &str) -> usize {
    let is_own = |rest: &str| {
        rest.strip_prefix(name).is_some_and(|rest| {
            !rest.starts_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '_')
        })
    };
    document.split('$').skip(1).filter(|rest| is_own(rest)).count()
}

#[cfg(test)]
mod tests {
    use super::uses;

    #[test]
    fn a_variable_is_counted_wherever_it_stands() {
        let document = "subscription($after: String, $afterwards: Int) { changes(after: $after) { cursor } } # $after_1";
        assert_eq!(uses(document, "after"), 2);
        assert_eq!(uses(document, "afterwards"), 1);
    }
}
