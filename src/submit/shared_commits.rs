//! Submissions of one new row that come at the same time are written together.
//!
//! Of each family one transaction is under way. Whoever comes meanwhile waits, and all who wait are
//! written by the next one: they share its statement and its wait for the disk. Nobody waits for
//! company: who finds nobody writing begins at once.
//!
//! A submission stays a matter of its own. If the transaction fails, nothing of it was written, and
//! each goes on alone, so that only the one at fault fails. If its client leaves, the others do not
//! notice.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use entity::catalogue::Family;
use tokio::sync::oneshot;

use crate::{
    error::{HubError, Of},
    store::{records::together::NewRecord, sql::database::Database},
};

/// Most submissions in one transaction.
const MOST: usize = 64;

/// Families with a transaction under way, each with those who wait for the next.
type Lanes = Arc<Mutex<HashMap<&'static str, Vec<WaitingRecord>>>>;

/// Where submissions of new rows meet.
#[derive(Clone, Debug)]
pub struct SharedCommits {
    database: Database,
    lanes: Lanes,
}

/// A submission that waits for the transaction under way to end.
#[derive(Debug)]
struct WaitingRecord {
    record: NewRecord,
    answer: oneshot::Sender<Result<bool, Arc<HubError>>>,
}

impl SharedCommits {
    /// Where submissions to this store meet; none is under way.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { database, lanes: Lanes::default() }
    }

    /// Writes a new row, alone or with others. `false` means that nothing was written and that the
    /// submission has to go on alone: its number or key may be taken.
    ///
    /// # Errors
    ///
    /// [`HubError::Unavailable`] when it is not known whether it was written.
    pub async fn write(&self, record: NewRecord) -> Result<bool, HubError> {
        let family = record.permit.family();
        let waits = {
            let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
            match lanes.get_mut(family.table) {
                Some(waiting) => {
                    let (answer, wait) = oneshot::channel();
                    waiting.push(WaitingRecord { record, answer });
                    Ok(wait)
                }
                None => {
                    lanes.insert(family.table, Vec::new());
                    Err(record)
                }
            }
        };
        match waits {
            Ok(wait) => wait
                .await
                .map_err(|_| HubError::Unavailable("a shared commit was given up".into()))?
                .map_err(|error| HubError::Unavailable(Box::new(error))),
            Err(record) => {
                let turn = LaneTurn { commits: self.clone(), family };
                Ok(turn.written(std::slice::from_ref(&record)).await?.contains(&record.row.id))
            }
        }
    }

    /// Writes those who waited.
    async fn write_waiting(turn: LaneTurn, group: Vec<WaitingRecord>) {
        // Of two with the same number or key the second will find it taken.
        let (mut numbers, mut keys) = (HashSet::new(), HashSet::new());
        let (mut records, mut answers, mut seconds) = (Vec::new(), Vec::new(), Vec::new());
        for WaitingRecord { record, answer } in group {
            let permit = &record.permit;
            let own = (permit.department().to_string(), permit.region().to_string());
            if answer.is_closed() {
                // Whoever asked has left, and begins anew under the same key.
            } else if numbers.insert(record.row.reference.clone())
                && keys.insert((own, record.key.clone()))
            {
                records.push(record);
                answers.push(answer);
            } else {
                seconds.push(answer);
            }
        }
        if records.is_empty() {
            return;
        }
        let written = turn.written(&records).await.map_err(Arc::new);
        // The next begin while these are told.
        drop(turn);
        for (record, answer) in records.iter().zip(answers) {
            let own = written.as_ref().map(|written| written.contains(&record.row.id));
            drop(answer.send(own.map_err(Arc::clone)));
        }
        seconds.into_iter().for_each(|answer| drop(answer.send(Ok(false))));
    }
}

/// The one transaction of a family that is under way. Those who waited follow when it ends, however
/// it ends.
struct LaneTurn {
    commits: SharedCommits,
    family: &'static Family,
}

impl LaneTurn {
    /// Identifiers of the rows that were written; none after an error that says that nothing was.
    async fn written(&self, records: &[NewRecord]) -> Result<HashSet<uuid::Uuid>, HubError> {
        match self.commits.database.create_together(self.family, records).await {
            Err(HubError::Overtaken(_)) => Ok(HashSet::new()),
            // One of them may be at fault, which it is told when it goes on alone.
            Err(error @ HubError::Internal(_)) => {
                error.warn(Of::Hub, "new rows are written one by one");
                Ok(HashSet::new())
            }
            written => written,
        }
    }
}

impl Drop for LaneTurn {
    fn drop(&mut self) {
        // Without a runtime nobody is left to wait.
        let runtime = tokio::runtime::Handle::try_current();
        let (group, runtime) = {
            let mut lanes = self.commits.lanes.lock().unwrap_or_else(PoisonError::into_inner);
            match (lanes.get_mut(self.family.table), runtime) {
                (Some(waiting), Ok(runtime)) if !waiting.is_empty() => {
                    (waiting.drain(..waiting.len().min(MOST)).collect(), runtime)
                }
                _ => {
                    lanes.remove(self.family.table);
                    return;
                }
            }
        };
        let next = Self { commits: self.commits.clone(), family: self.family };
        runtime.spawn(SharedCommits::write_waiting(next, group));
    }
}
