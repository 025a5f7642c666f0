//! Those who wait for the same events: what is new is compared with their scopes once for all of them.

use std::{
    collections::HashMap,
    sync::{Arc, Weak},
};

use tokio::sync::watch;

use crate::{
    authz::scope::Scope,
    store::feed::mark::{Mark, Point},
};

/// All who wait, by question.
#[derive(Debug, Default)]
pub(super) struct Groups {
    by_question: HashMap<String, Weak<Group>>,
    /// Whether a task looks at what is new.
    pub(super) watched: bool,
}

impl Groups {
    /// The group of a question.
    pub(super) fn join(&mut self, question: &str, scopes: &[Arc<Scope>]) -> Arc<Group> {
        if let Some(group) = self.by_question.get(question).and_then(Weak::upgrade) {
            return group;
        }
        let group = Arc::new(Group { scopes: scopes.to_vec(), news: watch::Sender::new(News::default()) });
        self.by_question.insert(question.to_owned(), Arc::downgrade(&group));
        group
    }

    /// All groups in which somebody waits.
    pub(super) fn all(&mut self) -> Vec<Arc<Group>> {
        let mut all = Vec::with_capacity(self.by_question.len());
        self.by_question.retain(|_, group| group.upgrade().map(|group| all.push(group)).is_some());
        all
    }
}

/// Those who ask one question.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) scopes: Vec<Arc<Scope>>,
    news: watch::Sender<News>,
}

/// The latest that a group was told of.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct News {
    /// Up to where the news before reached: whoever has come so far has missed nothing up to `from`.
    pub(super) before: Point,
    /// Where it begins.
    pub(super) from: Mark,
    /// Up to where it reaches.
    pub(super) to: Point,
}

impl Group {
    /// There may be something between these places.
    pub(super) fn tell(&self, from: Mark, to: Mark) {
        self.news.send_modify(|news| *news = News { before: news.to, from, to: to.point() });
    }

    /// Changes with every news.
    pub(super) fn news(&self) -> watch::Receiver<News> {
        self.news.subscribe()
    }
}
