//! The change feed as a stream of notifications: who may continue from where, and who has to be
//! notified that there is something new.
//!
//! It signals *that* there may be events for a reader, never what is in them: pages are read where
//! the query reads them, under scopes. One task for the whole hub looks for new events (`tail`),
//! compares where they happened with the scopes of the waiting readers (`groups`), and wakes only
//! the readers concerned; while nobody waits the task does not run.

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
    /// A page without events is sent if there was none for this long.
    pub heartbeat: Duration,
    /// Number of days for which change events are kept.
    pub days: u32,
    /// Greatest number of simultaneous live connections.
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
    /// Position up to which the tail has looked and everybody has been notified.
    told: std::sync::Mutex<FeedCheckpoint>,
}

impl Feed {
    /// Starts the feed of a store: its commits are announced to other hubs, and old events are
    /// deleted.
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

    /// The settings with which the feed was started.
    #[must_use]
    pub fn settings(&self) -> FeedSettings {
        self.0.settings
    }

    /// Admission of live connections.
    #[must_use]
    pub fn limiter(&self) -> &ConnectionLimiter {
        &self.0.gate
    }

    /// Waits for events of these scopes after a position; `question` is that of
    /// [`cursor::question`]. Readers with the same question wait together.
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
    /// Notifies those concerned that there is something new, and then everybody of the position up
    /// to which the tail has looked.
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

    /// Whether nobody waits any more: then the tail ends, and the next reader starts another.
    fn deserted(&self) -> bool {
        let mut groups = self.groups.lock().unwrap_or_else(PoisonError::into_inner);
        groups.watched = !groups.all().is_empty();
        !groups.watched
    }
}

/// The feed, without keeping it alive.
type WeakFeed = Weak<FeedState>;
