//! The change feed as a stream of news: who may go on from where, and who has to be told that there
//! is something new.
//!
//! It says *that* there may be events for somebody, never what is in them: pages are read where the
//! query reads them, under scopes. One task for the whole hub looks at what is new (`tail`),
//! compares where it happened with the scopes of those who wait (`groups`), and wakes only them;
//! while nobody waits there is no such task.

use std::{
    sync::{Arc, PoisonError, Weak},
    time::Duration,
};

use crate::{
    authz::scope::Scope,
    feed::{
        follower::FeedFollower,
        groups::{FollowerGroup, FollowerGroups},
        limiter::ConnectionLimiter,
    },
    store::{feed::checkpoint::FeedCheckpoint, sql::database::Database},
};

mod chained;
pub mod cursor;
pub mod follower;
mod groups;
pub mod limiter;
mod retention;
mod tail;

/// Settings of the feed.
#[derive(Clone, Copy, Debug)]
pub struct FeedSettings {
    /// A page without events is sent after so long without one.
    pub heartbeat: Duration,
    /// Days for which change events are kept.
    pub days: u32,
    /// Live connections at the same time.
    pub connections: usize,
}

impl Default for FeedSettings {
    fn default() -> Self {
        Self { heartbeat: Duration::from_secs(15), days: 400, connections: 10_000 }
    }
}

/// The feed of a hub; clones are the same feed.
#[derive(Clone, Debug)]
pub struct Feed(Arc<FeedState>);

#[derive(Debug)]
struct FeedState {
    database: Database,
    settings: FeedSettings,
    gate: ConnectionLimiter,
    groups: std::sync::Mutex<FollowerGroups>,
    /// Up to where the tail has looked, and told everybody.
    told: std::sync::Mutex<FeedCheckpoint>,
}

impl Feed {
    /// Starts the feed of a store: its commits are announced to other hubs, and old events are cut
    /// off.
    #[must_use]
    pub fn start(database: Database, settings: FeedSettings) -> Self {
        let (committed, written) = (database.committed(), database.committed());
        let shared = FeedState {
            database,
            settings,
            gate: ConnectionLimiter::new(settings.connections),
            groups: std::sync::Mutex::default(),
            told: std::sync::Mutex::default(),
        };
        let feed = Self(Arc::new(shared));
        tokio::spawn(tail::announce(committed, Arc::downgrade(&feed.0)));
        tokio::spawn(chained::keep(written, Arc::downgrade(&feed.0)));
        tokio::spawn(retention::keep(Arc::downgrade(&feed.0)));
        feed
    }

    /// Settings.
    #[must_use]
    pub fn settings(&self) -> FeedSettings {
        self.0.settings
    }

    /// Who may stay connected.
    #[must_use]
    pub fn limiter(&self) -> &ConnectionLimiter {
        &self.0.gate
    }

    /// Somebody waits for events of these scopes after a place; `question` is that of
    /// [`cursor::question`]. Those with the same question wait together.
    #[must_use]
    pub fn follow(
        &self,
        question: &str,
        scopes: &[Arc<Scope>],
        after: Option<FeedCheckpoint>,
    ) -> FeedFollower {
        let mut groups = self.0.groups.lock().unwrap_or_else(PoisonError::into_inner);
        let group = groups.join(question, scopes);
        if !std::mem::replace(&mut groups.watched, true) {
            tokio::spawn(tail::run(Arc::clone(&self.0)));
        }
        drop(groups);
        FeedFollower::new(self.clone(), group, after)
    }

    fn checkpoint(&self) -> FeedCheckpoint {
        *self.0.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl FeedState {
    /// Tells those whom it concerns that there is something new, and then everybody up to where was
    /// looked.
    fn tell(
        &self,
        to: FeedCheckpoint,
        concerns: impl Fn(&FollowerGroup) -> bool,
        from: FeedCheckpoint,
    ) {
        let all = self.groups.lock().unwrap_or_else(PoisonError::into_inner).all();
        for group in all {
            if concerns(&group) {
                group.tell(from, to);
            }
        }
        *self.told.lock().unwrap_or_else(PoisonError::into_inner) = to;
    }

    /// Whether nobody waits any more: then the tail ends, and the next who comes starts another.
    fn deserted(&self) -> bool {
        let mut groups = self.groups.lock().unwrap_or_else(PoisonError::into_inner);
        groups.watched = !groups.all().is_empty();
        !groups.watched
    }
}

/// The feed, as long as somebody else holds it.
type WeakFeed = Weak<FeedState>;
