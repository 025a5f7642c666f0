//! All tables together: their heads in one, so that no table can be emptied with its head, or put back
//! to what it was, while the others stay.
//!
//! The head of the tables holds the digests of their heads, one over the other, and how often any of
//! them has moved. The head of the audit log repeats that number as it was known at the last entry:
//! tables that were all put back together are older than the log. A hub that meets them so does not
//! seal their head again.

use crate::{
    error::HubError,
    store::{
        audit::AUDIT,
        proof::{
            head::{COLUMNS, ProofHead, over},
            prover::Prover,
            witnessed::WITNESSED,
        },
        sql::{
            database::{Database, Transaction},
            snapshot::Snapshot,
            statement::statement,
        },
        verify::Check,
    },
};

/// Name of the head of the tables in the table `chains`.
pub const TABLES: &str = "tables";

/// How the heads of tables have changed in a transaction.
#[derive(Debug, Default)]
pub(super) struct TablesMove {
    digests: Vec<String>,
    new: i64,
}

impl TablesMove {
    /// A head as it was, before it moves: one that never moved is not in the head of the tables.
    pub(super) fn leave(&mut self, before: &ProofHead) {
        if before.position > 0 {
            self.digests.push(before.mac.clone());
        } else {
            self.new += 1;
        }
    }

    /// The head as it is now. One that somebody else has changed has no digest, and what the tables
    /// hold of it stays what it was.
    pub(super) fn enter(&mut self, now: &ProofHead) {
        self.digests.push(now.mac.clone());
    }

    /// Whether nothing has moved.
    pub(super) const fn is_empty(&self) -> bool {
        self.digests.is_empty()
    }
}

impl Transaction {
    /// Moves the head of the tables on, as the last of all heads: whoever holds it waits for no
    /// other. Gives how often it has moved.
    pub(super) async fn move_tables(
        &self,
        prover: &Prover,
        moved: TablesMove,
    ) -> Result<i64, HubError> {
        let mut head = ProofHead::locked(self, prover, TABLES).await?;
        if head.position < prover.moved() {
            tracing::error!("the tables are older than this hub knows them: run verify");
            // It stays found, however often they move from here on.
            head.mac.clear();
        }
        for digest in moved.digests {
            head.head = over(&head.head, &digest);
        }
        head.count += moved.new;
        head.position += 1;
        let times = head.position;
        head.keep(self, prover).await?;
        Ok(times)
    }
}

/// Whether the heads of all tables are those of one time, which is no older than the audit log and
/// than what was kept elsewhere: how often they had moved, and their head.
///
/// # Errors
///
/// What the database says.
pub(in crate::store) async fn verified(
    database: &Database,
    snapshot: &mut Snapshot,
    prover: &Prover,
    kept: Option<(i64, &str)>,
) -> Result<Check, HubError> {
    let mut check = Check::new("tables: all are of one time, no older than the log");
    let sql = format!("SELECT {COLUMNS} FROM chains");
    let found = snapshot.look(statement(database.backend(), &sql, Vec::new())).await;
    let mut heads = Vec::new();
    for row in check.read(found, || "chains".to_owned())?.unwrap_or_default() {
        heads.extend(check.read(ProofHead::read(&row), || "chains".to_owned())?);
    }
    let of = |name: &str| heads.iter().find(|head| head.name == name);
    let own = heads
        .iter()
        .filter(|head| head.position > 0 && WITNESSED.iter().any(|table| table.table == head.name));
    let (mut all, mut count) = (String::new(), 0);
    for head in own {
        check.looked += 1;
        (all, count) = (over(&all, &head.mac), count + 1);
    }
    let tables = of(TABLES);
    let fits = tables.map_or(count == 0, |head| {
        head.holds(prover) && head.count == count && (count == 0 || head.head == all)
    });
    if !fits {
        check.fault("chains: the heads of the tables are not all of one time; one was changed, removed or put back".to_owned());
    }
    let moved = tables.map_or(0, |head| head.position);
    let logged = of(AUDIT).filter(|head| head.holds(prover)).map_or(0, |head| head.turn);
    if moved < logged {
        check.fault(format!(
            "chains: the tables have moved {moved} times, and {logged} times when the log was last written"
        ));
    }
    if let Some((times, head)) = kept {
        let own = tables.map_or("", |own| own.head.as_str());
        if moved < times || (moved == times && own != head) {
            check.fault(format!(
                "chains: the tables have moved {moved} times, and {times} times at the checkpoint"
            ));
        }
    }
    Ok(check)
}
