//! The chain of events: each link covers the place of an event in the order of commits and its
//! digest. Places are known after a commit only, so links are made behind the writers, for what
//! readers may have reached already.

use sea_orm::{DbBackend, QueryResult, Statement, Value};

use crate::{
    error::HubError,
    store::{
        feed::checkpoint::FeedOffset,
        proof::{
            head::{COLUMNS, ProofHead},
            prover::{ProofInput, Prover},
        },
        sql::{
            database::{Database, Transaction},
            statement::numbered,
        },
    },
};

/// Name of the head of the chain.
pub const EVENTS: &str = "events";
/// Name of the head up to where events were cut off.
pub const CUT: &str = "events that were cut off";
/// Links made in one transaction.
const TOGETHER: i64 = 5_000;

/// The columns that [`link`] takes, in order.
pub(in crate::store) const LINKED: &str = "transaction_id, position, mac";

/// Adds an event to the head of a chain.
pub(in crate::store) fn link(
    prover: &Prover,
    head: &mut ProofHead,
    row: &QueryResult,
) -> Result<(), HubError> {
    let (turn, position): (i64, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    let mac: Option<String> = row.try_get_by_index(2)?;
    let parts = [
        ProofInput::Text(&head.head),
        ProofInput::Number(turn),
        ProofInput::Number(position),
        ProofInput::May(mac.as_deref()),
    ];
    head.head = prover.link("events", &parts);
    (head.turn, head.position, head.count) = (turn, position, head.count + 1);
    Ok(())
}

/// Events after a place, in order.
pub(in crate::store) fn after(
    backend: DbBackend,
    columns: &str,
    place: (i64, i64),
    rest: &str,
) -> Statement {
    let (sql, values): (String, Vec<Value>) = if backend == DbBackend::Postgres {
        let order = "transaction_id, position";
        (
            format!(
                "SELECT {columns} FROM change_events WHERE (transaction_id, position) > (?, ?){rest} ORDER BY {order}"
            ),
            vec![place.0.into(), place.1.into()],
        )
    } else {
        (
            format!(
                "SELECT {columns} FROM change_events WHERE position > ?{rest} ORDER BY position"
            ),
            vec![place.1.into()],
        )
    };
    let sql = format!("{} LIMIT {TOGETHER}", numbered(backend, &sql));
    Statement::from_sql_and_values(backend, sql, values)
}

impl Database {
    /// Begins the chain of a store without events; one with events has begun it already.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn begin_chain(&self) -> Result<(), HubError> {
        if self.head(EVENTS).await?.is_some() {
            return Ok(());
        }
        let head = ProofHead::new(EVENTS, "").sealed(self.proving()?);
        let sql = format!(
            "INSERT INTO chains ({COLUMNS}) SELECT {} WHERE NOT EXISTS (SELECT 1 FROM change_events) ON CONFLICT (name) DO NOTHING \
             RETURNING name",
            "CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS TEXT)"
        );
        if self.returning(&sql, head.values()).await?.is_empty()
            && self.head(EVENTS).await?.is_none()
        {
            tracing::error!("the head of the chain of events is gone: run `lianfang verify`");
        }
        Ok(())
    }

    /// Makes links for events that are not in the chain yet. Returns how many; when it is none, all
    /// that readers may reach are.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn chain_events(&self) -> Result<u64, HubError> {
        let Some(prover) = self.prover() else { return Ok(0) };
        let transaction = self.begin().await?;
        match transaction.chain_events(prover).await {
            Ok(0) => {
                transaction.rollback().await;
                Ok(0)
            }
            Ok(count) => transaction.commit().await.map(|()| count),
            Err(error) => {
                transaction.rollback().await;
                Err(error)
            }
        }
    }

    /// Makes all of them.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn chain_all_events(&self) -> Result<(), HubError> {
        // A full transaction may have left some; what has not ended yet is left for the next time.
        while self.chain_events().await? >= TOGETHER.unsigned_abs() {}
        Ok(())
    }
}

impl Transaction {
    async fn chain_events(&self, prover: &Prover) -> Result<u64, HubError> {
        let backend = self.backend();
        // A head that somebody has taken away is not made again: that would hide what was done to
        // the events.
        let Some(mut head) = ProofHead::existing(self, prover, EVENTS).await? else { return Ok(0) };
        let horizon =
            FeedOffset::of_horizon(self.unwatched(FeedOffset::horizon(backend)).await?.first())?;
        let closed = match backend {
            DbBackend::Postgres => format!(" AND transaction_id < {}", horizon.transaction),
            _ => format!(" AND position <= {}", horizon.position),
        };
        let rows =
            self.unwatched(after(backend, LINKED, (head.turn, head.position), &closed)).await?;
        for row in &rows {
            link(prover, &mut head, row)?;
        }
        if !rows.is_empty() {
            head.keep(self, prover).await?;
        }
        Ok(rows.len() as u64)
    }

    /// Moves the place up to where events were cut off over events that are about to be deleted.
    pub(in crate::store) async fn chain_cut(&self, rows: &[QueryResult]) -> Result<(), HubError> {
        let Some(prover) = self.prover() else { return Ok(()) };
        let mut head = ProofHead::locked(self, prover, CUT).await?;
        for row in rows {
            link(prover, &mut head, row)?;
        }
        head.keep(self, prover).await.map(|_| ())
    }
}
