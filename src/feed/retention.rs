//! Cuts old change events off, once a day.

use std::time::Duration;

use chrono::TimeDelta;
use tokio::time::sleep;

use crate::{context::OpCtx, error::Of, feed::WeakFeed};

/// After the start, so that a hub started again and again does it too.
const FIRST: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Cuts until the feed is gone.
pub(super) async fn keep(feed: WeakFeed) {
    sleep(FIRST).await;
    while let Some((database, days)) =
        feed.upgrade().map(|feed| (feed.database.clone(), feed.settings.days))
    {
        let older_than = OpCtx::begin("feed").now() - TimeDelta::days(i64::from(days));
        match database.feed_prune(older_than).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, days, "old change events were cut off"),
            Err(error) => error.warn(Of::Hub, "old change events could not be cut off"),
        }
        drop(database);
        sleep(DAY).await;
    }
}
