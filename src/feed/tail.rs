//! The task that looks for new events. It is woken by commits of this process, by announcements of
//! other hubs, and by the clock, which makes up for lost messages and for transactions elsewhere
//! that delay events.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{Notify, watch},
    time::sleep,
};

use crate::{
    error::{HubError, Of},
    feed::{FeedState, WeakFeed},
    store::{
        feed::{affected, checkpoint::FeedCheckpoint},
        sql::database::Database,
    },
};

/// Interval at which it looks without being woken.
const POLL: Duration = Duration::from_millis(500);
/// It looks again after this long while events are held back by an open transaction, then after
/// twice as long, and so on.
const HELD: Duration = Duration::from_millis(20);
/// Commits within this interval are announced together.
const TOGETHER: Duration = Duration::from_millis(20);
/// Pause after a failure.
const PAUSE: Duration = Duration::from_secs(1);

/// Announces commits of this process to other hubs. Ends with the store or the feed.
pub(super) async fn announce(mut committed: watch::Receiver<u64>, feed: WeakFeed) {
    while committed.changed().await.is_ok() {
        let Some(database) = feed.upgrade().map(|feed| feed.database.clone()) else { return };
        if let Err(error) = database.announce().await {
            error.debug("a commit was not announced to other hubs");
        }
        drop(database);
        sleep(TOGETHER).await;
    }
}

/// Looks for new events until nobody waits for them.
pub(super) async fn run(feed: Arc<FeedState>) {
    let mut committed = feed.database.committed();
    let announced = Arc::new(Notify::new());
    let listening = Listening(tokio::spawn(listen(feed.database.clone(), Arc::clone(&announced))));
    let mut at: Option<FeedCheckpoint> = None;
    let mut patience = HELD;
    while !feed.deserted() {
        committed.borrow_and_update();
        let wait = match look(&feed, at).await {
            Ok(TailResult { end, more, held }) => {
                at = Some(end);
                let wait = if held { patience } else { POLL };
                patience = if held { (patience * 2).min(POLL) } else { HELD };
                (!more).then_some(wait)
            }
            Err(error) => {
                error.warn(Of::Hub, "the change feed could not be read");
                // What happened in the meantime is not known: start anew, and everybody looks.
                at = None;
                Some(PAUSE)
            }
        };
        let Some(wait) = wait else { continue };
        tokio::select! {
            _ = committed.changed() => {}
            () = announced.notified() => {}
            () = sleep(wait) => {}
        }
    }
    drop(listening);
}

/// The result of one look at the feed.
struct TailResult {
    end: FeedCheckpoint,
    more: bool,
    held: bool,
}

/// Looks once for new events after the checkpoint and notifies the readers concerned.
async fn look(feed: &FeedState, at: Option<FeedCheckpoint>) -> Result<TailResult, HubError> {
    let Some(at) = at else {
        // Events before this point were not seen, so everybody has to look.
        let end = feed.database.feed_horizon().await?;
        feed.tell(end, |_| true, FeedCheckpoint::default());
        return Ok(TailResult { end, more: true, held: false });
    };
    let stir = feed.database.affected_since(at).await?;
    feed.tell(stir.end, |group| affected::concerns(&stir.places, &group.scopes), at);
    Ok(TailResult { end: stir.end, more: stir.more, held: stir.held })
}

/// A task that is aborted when its handle is dropped.
struct Listening(tokio::task::JoinHandle<()>);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Listens for announcements of other hubs; without them there is nothing to do.
async fn listen(database: Database, announced: Arc<Notify>) {
    loop {
        match database.listener().await {
            Ok(None) => return,
            Ok(Some(mut listener)) => {
                announced.notify_one();
                while listener.heard().await.is_ok() {
                    announced.notify_one();
                }
            }
            Err(error) => error.debug("announcements of other hubs cannot be heard"),
        }
        sleep(PAUSE).await;
    }
}
