//! Those who wait for the same events: what is new is compared with their scopes once for all of
//! them.

use std::{
    collections::HashMap,
    sync::{Arc, Weak},
};

use tokio::sync::watch;

use crate::{
    authz::scope::Scope,
    store::feed::checkpoint::{FeedCheckpoint, FeedOffset},
};

/// All who wait, by question.
#[derive(Debug, Default)]
pub(super) struct FollowerGroups {
    by_question: HashMap<String, Weak<FollowerGroup>>,
    /// Whether a task looks at what is new.
    pub(super) watched: bool,
}

impl FollowerGroups {
    /// The group of a question.
    pub(super) fn join(&mut self, question: &str, scopes: &[Arc<Scope>]) -> Arc<FollowerGroup> {
        if let Some(group) = self.by_question.get(question).and_then(Weak::upgrade) {
            return group;
        }
        let group = Arc::new(FollowerGroup {
            scopes: scopes.to_vec(),
            news: watch::Sender::new(CommitNews::default()),
        });
        self.by_question.insert(question.to_owned(), Arc::downgrade(&group));
        group
    }

    /// All groups in which somebody waits.
    pub(super) fn all(&mut self) -> Vec<Arc<FollowerGroup>> {
        let mut all = Vec::with_capacity(self.by_question.len());
        self.by_question.retain(|_, group| group.upgrade().map(|group| all.push(group)).is_some());
        all
    }
}

/// Those who ask one question.
#[derive(Debug)]
pub(super) struct FollowerGroup {
    pub(super) scopes: Vec<Arc<Scope>>,
    news: watch::Sender<CommitNews>,
}

/// The latest that a group was told of.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct CommitNews {
    /// Up to where the news before reached: whoever has come so far has missed nothing up to
    /// `from`.
    pub(super) before: FeedOffset,
    /// Where it begins.
    pub(super) from: FeedCheckpoint,
    /// Up to where it reaches.
    pub(super) to: FeedOffset,
}

impl FollowerGroup {
    /// There may be something between these places.
    pub(super) fn tell(&self, from: FeedCheckpoint, to: FeedCheckpoint) {
        self.news.send_modify(|news| *news = CommitNews { before: news.to, from, to: to.point() });
    }

    /// Changes with every news.
    pub(super) fn commits(&self) -> watch::Receiver<CommitNews> {
        self.news.subscribe()
    }
}
