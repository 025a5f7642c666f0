//! One who follows the feed: where they stand, and when a page is worth reading.

use std::sync::Arc;

use tokio::{
    sync::watch,
    time::{Instant, timeout_at},
};

use crate::{
    feed::{
        Feed,
        groups::{CommitNews, FollowerGroup},
    },
    store::feed::checkpoint::FeedCheckpoint,
};

/// One who follows the feed.
#[derive(Debug)]
pub struct FeedFollower {
    feed: Feed,
    news: watch::Receiver<CommitNews>,
    at: Option<FeedCheckpoint>,
    /// Whether all there was has been read since they began to wait. Only then does silence say
    /// anything.
    current: bool,
    _group: Arc<FollowerGroup>,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Read a page from here on.
    Read(Option<FeedCheckpoint>),
    /// Nothing has happened up to here.
    Quiet(FeedCheckpoint),
}

impl FeedFollower {
    pub(super) fn new(
        feed: Feed,
        group: Arc<FollowerGroup>,
        after: Option<FeedCheckpoint>,
    ) -> Self {
        Self { feed, news: group.commits(), at: after, current: false, _group: group }
    }

    /// Waits until there may be something to read, or until a time.
    pub async fn turn(&mut self, until: Instant) -> Turn {
        let (true, Some(at)) = (self.current, self.at) else { return Turn::Read(self.at) };
        loop {
            // In this order: up to the place that the tail has told everybody of, whatever concerns
            // this group was told before.
            let told = self.feed.checkpoint();
            let news = *self.news.borrow_and_update();
            if news.to > at.point() {
                // All who have heard the news before stand at the same place now, so that they
                // share a page.
                let from = if news.before <= at.point() { later(at, news.from) } else { at };
                self.at = Some(from);
                return Turn::Read(self.at);
            }
            // The sender lives as long as the group, which is held here.
            if !matches!(timeout_at(until, self.news.changed()).await, Ok(Ok(()))) {
                let at = later(at, told);
                self.at = Some(at);
                return Turn::Quiet(at);
            }
        }
    }

    /// A page was read up to a place; `more` when there is more already.
    pub const fn read(&mut self, end: FeedCheckpoint, more: bool) {
        self.at = Some(end);
        self.current = !more;
    }
}

fn later(one: FeedCheckpoint, other: FeedCheckpoint) -> FeedCheckpoint {
    if other.point() > one.point() { other } else { one }
}
