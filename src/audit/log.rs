//! The writer: one task that takes waiting entries together, links them, and commits them in one transaction.
//!
//! A caller waits until its entry is durable. Several hubs on one database are kept in line by the entry number: whoever
//! comes second finds it taken, reads the new end of the chain and links again.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use crate::{
    audit::{
        chain::{START, hash, linked},
        entry::Entry,
    },
    error::HubError,
    store::{audit::End, database::Database},
};

/// Most entries in one transaction.
const TOGETHER: usize = 256;
/// Entries that may wait; beyond that callers wait to hand in.
const WAITING: usize = 4_096;
/// Attempts to link after another hub was faster.
const ATTEMPTS: usize = 20;

type Answer = oneshot::Sender<Result<(), Arc<HubError>>>;

/// Handle to the log.
#[derive(Clone, Debug)]
pub struct AuditLog {
    sender: mpsc::Sender<(Entry, Answer)>,
}

impl AuditLog {
    /// Starts the writer. It ends when the last handle is dropped.
    #[must_use]
    pub fn start(database: Database) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        tokio::spawn(work(database, receiver));
        Self { sender }
    }

    /// Appends an entry and returns when it is durable.
    ///
    /// # Errors
    ///
    /// [`HubError::Unavailable`] when it could not be written; personal data must then not be returned.
    pub async fn append(&self, entry: Entry) -> Result<(), HubError> {
        self.hand_in(entry).await?.durable().await
    }

    /// Hands in an entry that says that what `entry` tells of has begun, and does not wait for it.
    ///
    /// # Errors
    ///
    /// [`HubError::Unavailable`] when the writer has stopped.
    pub async fn begin(&self, entry: &Entry) -> Result<Begun, HubError> {
        self.hand_in(Entry { outcome: "BEGUN".to_owned(), ..entry.clone() }).await
    }

    async fn hand_in(&self, entry: Entry) -> Result<Begun, HubError> {
        let (answer, wait) = oneshot::channel();
        self.sender.send((entry, answer)).await.map_err(|_| gone())?;
        Ok(Begun(Some(wait)))
    }
}

fn gone() -> HubError {
    HubError::Unavailable("the audit writer has stopped".into())
}

/// An entry on its way to the log. By default there is none, and nothing to wait for.
#[derive(Debug, Default)]
pub struct Begun(Option<oneshot::Receiver<Result<(), Arc<HubError>>>>);

impl Begun {
    /// Waits until the entry is durable; nothing may be written before. Asked again, it knows.
    ///
    /// # Errors
    ///
    /// [`HubError::Unavailable`] when it could not be written.
    pub async fn durable(&mut self) -> Result<(), HubError> {
        let Some(wait) = self.0.take() else { return Ok(()) };
        wait.await.map_err(|_| gone())?.map_err(|error| HubError::Unavailable(Box::new(error)))
    }
}

async fn work(database: Database, mut receiver: mpsc::Receiver<(Entry, Answer)>) {
    let mut end: Option<End> = None;
    let mut batch = Vec::with_capacity(TOGETHER);
    while receiver.recv_many(&mut batch, TOGETHER).await > 0 {
        let (entries, answers): (Vec<Entry>, Vec<Answer>) = batch.drain(..).unzip();
        let result = write(&database, &mut end, &entries).await.map_err(Arc::new);
        if let Err(error) = &result {
            end = None;
            tracing::error!(code = error.code(), "audit entries could not be written");
        }
        for answer in answers {
            // Whoever asked may be gone; the entry stays.
            let _ = answer.send(result.clone());
        }
    }
}

async fn write(database: &Database, end: &mut Option<End>, entries: &[Entry]) -> Result<(), HubError> {
    for _ in 0..ATTEMPTS {
        let start = match end.take() {
            Some(known) => known,
            None => database.audit_end().await?.unwrap_or(End { seq: 0, hash: START.to_owned() }),
        };
        let mut last = start;
        let mut links = Vec::with_capacity(entries.len());
        for entry in entries {
            let seq = last.seq + 1;
            let parts = linked(seq, entry);
            let link = hash(&parts, &last.hash);
            links.push((parts, std::mem::replace(&mut last.hash, link.clone()), link, &entry.owners));
            last.seq = seq;
        }
        match database.audit_append(&links).await {
            Ok(()) => {
                *end = Some(last);
                return Ok(());
            }
            Err(HubError::Conflict(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Err(HubError::Unavailable("the audit chain is busy".into()))
}
