//! Cuts old change events off. What is deleted is always the beginning of the order, never the
//! newest event, and where the cut lies is kept: a reader that has not come that far is told to
//! make its copy anew instead of missing something.

use chrono::{DateTime, Utc};
use sea_orm::{DbBackend, Statement, Value};
use uuid::Uuid;

use crate::{
    error::HubError,
    store::{
        feed::checkpoint::FeedOffset,
        sql::{
            database::{Database, Transaction},
            statement::numbered,
        },
    },
};

/// Events deleted in one transaction, so that no writer waits long.
const TOGETHER: u64 = 5_000;

impl Database {
    /// Deletes the events before the first one that is not older than an instant. Returns how many.
    ///
    /// # Errors
    ///
    /// Only what the database says; what was cut by then stays cut.
    pub async fn feed_prune(&self, older_than: DateTime<Utc>) -> Result<u64, HubError> {
        self.chain_all_events().await?;
        let mut all = 0;
        loop {
            let transaction = self.begin().await?;
            let cut = match cut(&transaction, older_than).await {
                Ok(cut) => cut,
                Err(error) => {
                    transaction.rollback().await;
                    return Err(error);
                }
            };
            transaction.commit().await?;
            all += cut;
            if cut < TOGETHER {
                return Ok(all);
            }
        }
    }
}

async fn cut(transaction: &Transaction, older_than: DateTime<Utc>) -> Result<u64, HubError> {
    let backend = transaction.backend();
    let statement = |sql: &str, values: Vec<Value>| {
        Statement::from_sql_and_values(backend, numbered(backend, sql), values)
    };
    // Not beyond what readers may have reached: on PostgreSQL an event of a transaction still open
    // may come before others.
    let horizon =
        FeedOffset::of_horizon(transaction.all(FeedOffset::horizon(backend)).await?.first())?;
    let (order, closed, bound) = match backend {
        DbBackend::Postgres => {
            ("transaction_id, position", "transaction_id < ?", horizon.transaction)
        }
        _ => ("position", "position <= ?", horizon.position),
    };
    // One more than are deleted: the newest stays.
    let sql = format!(
        "SELECT transaction_id, position, mac, record_id, version, at FROM change_events WHERE {closed} ORDER BY {order} LIMIT {}",
        TOGETHER + 1
    );
    let rows = transaction.all(statement(&sql, vec![bound.into()])).await?;
    let mut last: Option<(i64, i64, Uuid, i32)> = None;
    let mut going = 0;
    for row in rows.iter().take(rows.len().saturating_sub(1)) {
        if row.try_get_by_index::<DateTime<Utc>>(5)? >= older_than {
            break;
        }
        last = Some((
            row.try_get_by_index(0)?,
            row.try_get_by_index(1)?,
            row.try_get_by_index(3)?,
            row.try_get_by_index(4)?,
        ));
        going += 1;
    }
    let Some((number, position, record, version)) = last else { return Ok(0) };
    // Two hubs may cut at the same time: the place goes forward only.
    transaction.chain_cut(rows.get(..going).unwrap_or_default()).await?;
    let kept = "INSERT INTO feed_cut (one, transaction_id, position, record_id, version, older_than) VALUES (1, ?, ?, ?, ?, ?) \
                ON CONFLICT (one) DO UPDATE SET transaction_id = excluded.transaction_id, position = excluded.position, \
                record_id = excluded.record_id, version = excluded.version, older_than = excluded.older_than \
                WHERE (feed_cut.transaction_id, feed_cut.position) < (excluded.transaction_id, excluded.position)";
    let values =
        vec![number.into(), position.into(), record.into(), version.into(), older_than.into()];
    transaction.run(statement(kept, values)).await?;
    let deleted = match backend {
        DbBackend::Postgres => statement(
            "DELETE FROM change_events WHERE (transaction_id, position) <= (?, ?)",
            vec![number.into(), position.into()],
        ),
        _ => statement("DELETE FROM change_events WHERE position <= ?", vec![position.into()]),
    };
    transaction.run(deleted).await
}
