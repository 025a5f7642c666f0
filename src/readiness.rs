//! Whether a hub can do its work: read, write, commit and audit. What was found holds for a second;
//! one question is under way at a time, however many ask, and whoever asks meanwhile is told what
//! it waits for.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use tokio::{
    sync::{oneshot, watch},
    time::timeout,
};
use uuid::Uuid;

use crate::{
    audit::log::{AuditLog, Probe},
    context::OpCtx,
    error::{HubError, Of},
    store::sql::database::Database,
};

/// What was found holds for so long.
const HOLDS: Duration = Duration::from_secs(1);
/// Whoever asks waits for so long.
const PATIENCE: Duration = Duration::from_secs(2);
/// Rows of hubs that are gone are forgotten after this.
const GONE: TimeDelta = TimeDelta::days(1);

/// What keeps a hub from its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Blocker {
    /// The database does not answer.
    #[error("database: it does not answer")]
    Database,
    /// The database takes no writes: a standby, or read-only.
    #[error("write: the database takes no writes, it is a standby or read-only")]
    ReadOnly,
    /// Entries of the audit log are not written.
    #[error("audit: entries of the audit log are not written")]
    Audit,
    /// What is written does not become durable.
    #[error("commit: what is written does not become durable in time")]
    Commit,
}

/// How far a question is.
#[derive(Default)]
struct ProbeStage {
    /// The database has answered.
    read: AtomicBool,
    /// The audit log has been written.
    written: Arc<AtomicBool>,
}

impl ProbeStage {
    /// What it waits for.
    fn fault(&self) -> Blocker {
        if !self.read.load(Ordering::Relaxed) {
            Blocker::Database
        } else if self.written.load(Ordering::Relaxed) {
            Blocker::Commit
        } else {
            Blocker::Audit
        }
    }
}

/// What is known.
#[derive(Default)]
struct LastAnswer {
    last: Option<(Instant, Result<(), Blocker>)>,
    under_way: Option<(Instant, Arc<ProbeStage>)>,
}

/// Of one hub.
#[derive(Clone)]
pub struct Readiness(Arc<Inner>);

struct Inner {
    database: Database,
    audit: AuditLog,
    hub: Uuid,
    known: Mutex<LastAnswer>,
    found: watch::Sender<u64>,
}

impl Readiness {
    /// Of a hub that writes to this store through this log.
    #[must_use]
    pub fn new(database: Database, audit: AuditLog) -> Self {
        let hub = OpCtx::begin("readiness").new_id();
        Self(Arc::new(Inner {
            database,
            audit,
            hub,
            known: Mutex::default(),
            found: watch::Sender::new(0),
        }))
    }

    /// Whether the hub can work.
    ///
    /// # Errors
    ///
    /// What keeps it from that.
    pub async fn ask(&self) -> Result<(), Blocker> {
        let mut found = self.0.found.subscribe();
        let (since, stage) = {
            let mut known = self.known();
            match &known.last {
                Some((at, result)) if at.elapsed() < HOLDS => return *result,
                _ => {}
            }
            match &known.under_way {
                Some((since, stage)) => (*since, Arc::clone(stage)),
                None => {
                    let (since, stage) = (Instant::now(), Arc::new(ProbeStage::default()));
                    known.under_way = Some((since, Arc::clone(&stage)));
                    tokio::spawn(self.clone().look(Arc::clone(&stage)));
                    (since, stage)
                }
            }
        };
        let left = PATIENCE.saturating_sub(since.elapsed());
        let told = matches!(timeout(left, found.changed()).await, Ok(Ok(())));
        if let (true, Some((_, result))) = (told, self.known().last) {
            return result;
        }
        Err(stage.fault())
    }

    fn known(&self) -> std::sync::MutexGuard<'_, LastAnswer> {
        self.0.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks, however long it takes: every step has a bound of its own.
    async fn look(self, stage: Arc<ProbeStage>) {
        let result = self.looked(&stage).await.map_err(|error| {
            let fault = if error.is_standby() { Blocker::ReadOnly } else { stage.fault() };
            error.warn(Of::Hub, &format!("not ready: {fault}"));
            fault
        });
        let mut known = self.known();
        known.under_way = None;
        known.last = Some((Instant::now(), result));
        drop(known);
        self.0.found.send_modify(|number| *number = number.wrapping_add(1));
    }

    async fn looked(&self, stage: &ProbeStage) -> Result<(), HubError> {
        let Inner { database, audit, hub, .. } = &*self.0;
        database.ping().await?;
        stage.read.store(true, Ordering::Relaxed);
        let (answer, wait) = oneshot::channel();
        let at = OpCtx::begin("readiness").now();
        audit.probe(Probe { hub: *hub, at, written: Arc::clone(&stage.written), answer })?;
        wait.await.map_err(|_| HubError::Unavailable("the audit writer has stopped".into()))??;
        if self.known().last.is_none() {
            database.probes_prune(at - GONE).await?;
        }
        Ok(())
    }
}
