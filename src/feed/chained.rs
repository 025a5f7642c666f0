//! Makes the links of the chain of events, behind the writers.

use std::time::Duration;

use tokio::{sync::watch, time::sleep};

use crate::{error::Of, feed::WeakFeed};

/// How long after a commit links are made: whoever writes a lot has many made at once.
const PAUSE: Duration = Duration::from_millis(500);

/// Makes links after each commit, until the feed is gone.
pub(super) async fn keep(mut committed: watch::Receiver<u64>, feed: WeakFeed) {
    loop {
        let Some(database) = feed.upgrade().map(|feed| feed.database.clone()) else { return };
        if let Err(error) = database.chain_all_events().await {
            error.warn(Of::Hub, "events could not be chained");
        }
        drop(database);
        sleep(PAUSE).await;
        if committed.changed().await.is_err() {
            return;
        }
    }
}
