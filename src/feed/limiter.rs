//! Who may stay connected: a bounded number at a time, and nobody once the hub is stopping.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    time::timeout,
};

/// The gate of a hub.
#[derive(Debug)]
pub struct ConnectionLimiter {
    places: Arc<Semaphore>,
    most: u32,
    closing: watch::Sender<bool>,
}

/// Somebody who is connected, until dropped.
#[derive(Debug)]
pub struct ConnectionPermit {
    _place: OwnedSemaphorePermit,
    closing: watch::Receiver<bool>,
}

impl ConnectionLimiter {
    pub(super) fn new(most: usize) -> Self {
        let most = u32::try_from(most)
            .unwrap_or(u32::MAX)
            .min(u32::try_from(Semaphore::MAX_PERMITS).unwrap_or(u32::MAX));
        let places = Arc::new(Semaphore::new(usize::try_from(most).unwrap_or(usize::MAX)));
        Self { places, most, closing: watch::Sender::new(false) }
    }

    /// Lets somebody in, unless there are too many or the hub is stopping.
    #[must_use]
    pub fn admit(&self) -> Option<ConnectionPermit> {
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        let closing = self.closing.subscribe();
        let open = !*closing.borrow();
        open.then_some(ConnectionPermit { _place: place, closing })
    }

    /// How many are connected.
    #[must_use]
    pub fn connected(&self) -> usize {
        usize::try_from(self.most)
            .unwrap_or(usize::MAX)
            .saturating_sub(self.places.available_permits())
    }

    /// Asks all who are connected to go, and waits for them, no longer than this.
    pub async fn close(&self, patience: Duration) {
        self.closing.send_replace(true);
        let gone = timeout(patience, self.places.acquire_many(self.most)).await;
        if gone.is_err() {
            tracing::warn!(
                connected = self.connected(),
                "some live connections did not end in time"
            );
        }
    }
}

impl ConnectionPermit {
    /// Returns when the hub is stopping.
    pub async fn asked_to_go(&mut self) {
        // A gate that is gone asks too.
        let _ = self.closing.wait_for(|closing| *closing).await;
    }
}
