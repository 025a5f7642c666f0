//! That a transaction with change events was committed in this process. It says nothing of what
//! they hold.

use std::sync::Arc;

use tokio::sync::watch;

/// Commits with events, counted.
#[derive(Clone, Debug)]
pub(in crate::store) struct CommitSignal(Arc<watch::Sender<u64>>);

impl Default for CommitSignal {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(0)))
    }
}

impl CommitSignal {
    /// Events were committed.
    pub(in crate::store) fn committed(&self) {
        self.0.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Changes after every commit with events in this process.
    pub(in crate::store) fn heard(&self) -> watch::Receiver<u64> {
        self.0.subscribe()
    }
}
