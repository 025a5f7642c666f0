//! The writer: one task takes waiting entries together, links them, and commits them in one
//! transaction. A second task makes them durable, so that the next entries need not wait for the
//! disk.
//!
//! A caller waits until its entry is durable; a caller about to write waits until the entry is
//! written, and the store writes nothing without it. Several hubs on one database are serialised by
//! the entry number: the hub that finds its number taken reads the new end of the chain and links
//! again.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use chrono::{DateTime, Utc};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use crate::{
    audit::{
        chain::{START, link, linked},
        entry::Entry,
    },
    error::{HubError, Of},
    store::{
        audit::{AuditPosition, ChainEnd},
        sql::database::Database,
    },
};

/// Greatest number of entries in one transaction.
const TOGETHER: usize = 256;
/// Number of entries that may wait; beyond it callers wait before handing in theirs.
const WAITING: usize = 4_096;
/// Attempts to link after another hub was faster.
const ATTEMPTS: usize = 20;

/// When the caller is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Durable {
    /// As soon as the entry is durable.
    Now,
    /// As soon as the entry is written; the store makes it durable before anything written under
    /// its position.
    First,
}

type WriteResult = Result<AuditPosition, Arc<HubError>>;

/// Tasks for the writer.
#[derive(Debug)]
enum WriterTask {
    /// An entry to link and write.
    Entry(Box<PendingEntry>),
    /// A check whether entries are being written.
    Probe(Probe),
}

/// Tasks for the second task, which makes entries durable.
#[derive(Debug)]
enum LastEntry {
    /// A written entry.
    Entry(AuditPosition, oneshot::Sender<WriteResult>),
    /// A probe that the writer has passed on.
    Probe(Probe),
}

/// A check whether entries are written and become durable. It passes through the same queues as an
/// entry and leaves none.
#[derive(Debug)]
pub struct Probe {
    /// Identifier of the hub that checks.
    pub hub: Uuid,
    /// Time of the check.
    pub at: DateTime<Utc>,
    /// Set when the writer has done its part.
    pub written: Arc<AtomicBool>,
    /// Receives the result of the check.
    pub answer: oneshot::Sender<Result<(), HubError>>,
}

/// An entry that waits to be written.
#[derive(Debug)]
struct PendingEntry {
    entry: Entry,
    durable: Durable,
    answer: oneshot::Sender<WriteResult>,
}

/// Handle to the log.
#[derive(Clone, Debug)]
pub struct AuditLog {
    sender: mpsc::Sender<WriterTask>,
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
    /// [`HubError::Unavailable`] when it could not be written; personal data must then not be
    /// returned.
    pub async fn append(&self, entry: Entry) -> Result<(), HubError> {
        self.hand_in(entry, Durable::Now).await?.written().await.map(|_| ())
    }

    /// Hands in an entry stating that the operation of `entry` has begun, without waiting for it.
    /// The store makes it durable before anything that is written under its position.
    ///
    /// # Errors
    ///
    /// [`HubError::Unavailable`] when the writer has stopped.
    pub async fn begin(&self, entry: &Entry) -> Result<Begun, HubError> {
        self.hand_in(Entry { outcome: "BEGUN".to_owned(), ..entry.clone() }, Durable::First).await
    }

    async fn hand_in(&self, entry: Entry, durable: Durable) -> Result<Begun, HubError> {
        let (answer, wait) = oneshot::channel();
        self.sender
            .send(WriterTask::Entry(Box::new(PendingEntry { entry, durable, answer })))
            .await
            .map_err(|_| gone())?;
        Ok(Begun::Handed(wait))
    }

    /// Starts a check whether entries are written and become durable.
    ///
    /// # Errors
    ///
    /// [`HubError::Unavailable`] when the queue of entries is full, or the writer has stopped.
    pub fn probe(&self, probe: Probe) -> Result<(), HubError> {
        self.sender
            .try_send(WriterTask::Probe(probe))
            .map_err(|_| HubError::Unavailable("the audit writer takes nothing more".into()))
    }
}

fn gone() -> HubError {
    HubError::Unavailable("the audit writer has stopped".into())
}

/// An entry on its way into the log.
#[derive(Debug)]
pub enum Begun {
    /// Handed to the writer; not known to be written yet.
    Handed(oneshot::Receiver<WriteResult>),
    /// Written, at this position in the log.
    Written(AuditPosition),
}

impl Begun {
    /// Waits until the entry is written; nothing may be written before that. May be called again.
    ///
    /// # Errors
    ///
    /// [`HubError::Unavailable`] when it could not be written.
    pub async fn written(&mut self) -> Result<AuditPosition, HubError> {
        let place = match self {
            Self::Handed(wait) => wait
                .await
                .map_err(|_| gone())?
                .map_err(|error| HubError::Unavailable(Box::new(error)))?,
            Self::Written(place) => return Ok(place.clone()),
        };
        *self = Self::Written(place.clone());
        Ok(place)
    }
}

async fn work(database: Database, mut receiver: mpsc::Receiver<WriterTask>) {
    let mut end: Option<ChainEnd> = None;
    let mut batch = Vec::with_capacity(TOGETHER);
    let (written, flushes) = mpsc::channel(WAITING);
    tokio::spawn(flush(database.clone(), flushes));
    while receiver.recv_many(&mut batch, TOGETHER).await > 0 {
        let (mut entries, mut waiting, mut probes) =
            (Vec::with_capacity(batch.len()), Vec::with_capacity(batch.len()), Vec::new());
        for task in batch.drain(..) {
            match task {
                WriterTask::Entry(one) => {
                    entries.push(one.entry);
                    waiting.push((one.durable, one.answer));
                }
                WriterTask::Probe(probe) => probes.push(probe),
            }
        }
        for probe in probes {
            match database.probe_audit().await {
                Ok(()) => {
                    probe.written.store(true, Ordering::Relaxed);
                    if written.send(LastEntry::Probe(probe)).await.is_err() {
                        return;
                    }
                }
                Err(error) => drop(probe.answer.send(Err(error))),
            }
        }
        if entries.is_empty() {
            continue;
        }
        let places = match write(&database, &mut end, &entries).await {
            Ok(places) => places,
            Err(error) => {
                end = None;
                error.alarm(Of::Hub, "audit entries could not be written");
                let error = Arc::new(error);
                // The caller may be gone, here and below; the entry remains.
                waiting
                    .into_iter()
                    .for_each(|(_, answer)| drop(answer.send(Err(Arc::clone(&error)))));
                continue;
            }
        };
        for ((durable, answer), place) in waiting.into_iter().zip(places) {
            if durable == Durable::First {
                let _ = answer.send(Ok(place));
            } else if written.send(LastEntry::Entry(place, answer)).await.is_err() {
                return;
            }
        }
    }
}

/// Makes written entries durable, all waiting ones at once, while the writer continues.
async fn flush(database: Database, mut receiver: mpsc::Receiver<LastEntry>) {
    let mut batch = Vec::with_capacity(TOGETHER);
    while receiver.recv_many(&mut batch, WAITING).await > 0 {
        let (mut written, mut probes) = (Vec::with_capacity(batch.len()), Vec::new());
        for last in batch.drain(..) {
            match last {
                LastEntry::Entry(place, answer) => written.push((place, answer)),
                LastEntry::Probe(probe) => probes.push(probe),
            }
        }
        // Entries arrive in the order of their numbers.
        if let Some((last, _)) = written.last() {
            let result = database.audit_flush(last).await.map_err(Arc::new);
            if let Err(error) = &result {
                error.alarm(Of::Hub, "audit entries could not be made durable");
            }
            for (place, answer) in written {
                let _ = answer.send(result.clone().map(|()| place));
            }
        }
        for probe in probes {
            let result = database.probe_commit(probe.hub, probe.at).await;
            let _ = probe.answer.send(result);
        }
    }
}

/// Links and writes entries. Returns their places.
async fn write(
    database: &Database,
    end: &mut Option<ChainEnd>,
    entries: &[Entry],
) -> Result<Vec<AuditPosition>, HubError> {
    let prover = database.proving()?;
    for _ in 0..ATTEMPTS {
        let known = match end.take() {
            Some(known) => known,
            None => database.audit_end(START).await?,
        };
        let mut last = known.place.clone();
        let mut links = Vec::with_capacity(entries.len());
        for entry in entries {
            let seq = last.seq + 1;
            let parts = linked(seq, entry);
            let hash = link(prover, &parts, &entry.owners, &last.hash);
            links.push((
                parts,
                std::mem::replace(&mut last.hash, hash.clone()),
                hash,
                &entry.owners,
            ));
            last.seq = seq;
        }
        match database.audit_append(&known, &links).await {
            Ok(()) => {
                *end = Some(ChainEnd { place: last, ..known });
                return Ok(links
                    .into_iter()
                    .map(|(parts, _, hash, _)| AuditPosition { seq: parts.seq, hash })
                    .collect());
            }
            Err(HubError::Overtaken(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Err(HubError::Unavailable("the audit chain is busy".into()))
}
