//! Places in the order of change events, and how one is recognised later.
//!
//! On PostgreSQL a transaction gets its number, and its events their positions, before it commits.
//! Events are shown in the order of transaction and position, and only those of transactions older
//! than every open one: nothing appears before a place that a reader has reached. On SQLite, with
//! its single writer, positions follow the order of commits.
//!
//! The place alone could belong to a different history: after a restore the same numbers are
//! assigned again. A stored place therefore includes a digest of the last event up to it, and
//! reading continues only if that event is still the same.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use sea_orm::{DbBackend, QueryResult, Statement, Value};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    error::HubError,
    store::{
        seal::Seal,
        sql::{database::Database, statement::numbered},
    },
};

pub use crate::store::sql::point::FeedOffset;

const PLACE: &str = "changes";

/// A place with a digest of the last event up to it; 0 where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct FeedCheckpoint {
    pub(in crate::store) point: FeedOffset,
    pub(in crate::store) last: u64,
}

impl FeedCheckpoint {
    /// Transaction and position of the place, without the digest that identifies its last event.
    #[must_use]
    pub const fn point(self) -> FeedOffset {
        self.point
    }

    /// The place right after an event.
    pub(in crate::store) fn behind(point: FeedOffset, record: Uuid, version: i32) -> Self {
        Self { point, last: digest(point.position, record, version) }
    }

    /// A statement for the last event up to a place; its row goes to [`FeedCheckpoint::of_last`].
    pub(in crate::store) fn last(backend: DbBackend, point: FeedOffset) -> Statement {
        let (sql, values): (_, Vec<Value>) = match backend {
            DbBackend::Postgres => (
                "SELECT position, record_id, version FROM change_events WHERE (transaction_id, position) <= (?, ?) \
                 ORDER BY transaction_id DESC, position DESC LIMIT 1",
                vec![point.transaction.into(), point.position.into()],
            ),
            _ => (
                "SELECT position, record_id, version FROM change_events WHERE position <= ? ORDER BY position DESC LIMIT 1",
                vec![point.position.into()],
            ),
        };
        Statement::from_sql_and_values(backend, numbered(backend, sql), values)
    }

    /// The place with the event that [`FeedCheckpoint::last`] found.
    ///
    /// # Errors
    ///
    /// Only what the database says.
    pub(in crate::store) fn of_last(
        point: FeedOffset,
        row: Option<&QueryResult>,
    ) -> Result<Self, HubError> {
        let Some(row) = row else { return Ok(Self { point, last: 0 }) };
        Ok(Self {
            point,
            last: digest(
                row.try_get_by_index(0)?,
                row.try_get_by_index(1)?,
                row.try_get_by_index(2)?,
            ),
        })
    }

    /// The place as opaque text, bound to a question; its length does not depend on the place.
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] when sealing fails.
    pub fn sealed(self, seal: &Seal, question: &str) -> Result<String, HubError> {
        let text = format!(
            "{question}{:020}{:020}{:016x}",
            self.point.transaction, self.point.position, self.last
        );
        Ok(BASE64_URL_SAFE_NO_PAD.encode(seal.seal(PLACE, &text)?))
    }

    /// The place in such a text.
    ///
    /// # Errors
    ///
    /// [`HubError::Invalid`] when it was issued for another question.
    pub fn opened(seal: &Seal, question: &str, text: &str) -> Result<Self, HubError> {
        let sealed = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| refused())?;
        let text = seal.open(PLACE, &sealed).map_err(|_| refused())?;
        let numbers = text.strip_prefix(question).ok_or_else(refused)?;
        let (transaction, rest) = numbers.split_at_checked(20).ok_or_else(refused)?;
        let (position, last) = rest.split_at_checked(20).ok_or_else(refused)?;
        let number = |text: &str| text.parse().map_err(|_| refused());
        let point = FeedOffset::new(number(transaction)?, number(position)?);
        Ok(Self { point, last: u64::from_str_radix(last, 16).map_err(|_| refused())? })
    }
}

fn refused() -> HubError {
    HubError::invalid(
        "游标无效：它属于另一机构、另一组 families，或发出后您的权限已有变化。请使用相同的 families，或不带 after 重新开始。",
        "The cursor belongs to another organisation or other families, or your rights have changed since. Use the same \
         `families`, or start again without `after`.",
    )
}

fn digest(position: i64, record: Uuid, version: i32) -> u64 {
    let mut digest = Sha256::new();
    digest.update(position.to_be_bytes());
    digest.update(record.as_bytes());
    digest.update(version.to_be_bytes());
    let bytes = digest.finalize();
    bytes.iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

/// State of the order of events.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) struct OrderState {
    /// The place before which no further events can appear.
    pub horizon: FeedCheckpoint,
    /// The requested place, as the store knows it; `None` when the events after it were pruned.
    pub asked: Option<FeedCheckpoint>,
    /// Whether events exist that an older, still open transaction holds back.
    pub held: bool,
}

/// Reads the state of the order of events, and the last event up to a place: one row, by index.
fn statement(backend: DbBackend, asked: FeedOffset) -> Statement {
    let last = |condition: &str| match backend {
        DbBackend::Postgres => format!(
            "LEFT JOIN LATERAL (SELECT position, record_id, version FROM change_events WHERE {condition} \
             ORDER BY transaction_id DESC, position DESC LIMIT 1)"
        ),
        _ => format!(
            "LEFT JOIN (SELECT position, record_id, version FROM change_events WHERE {condition} ORDER BY position DESC LIMIT 1)"
        ),
    };
    let columns = "l.position, l.record_id, l.version, a.position, a.record_id, a.version, \
                   c.transaction_id, c.position, c.record_id, c.version";
    let held = match backend {
        DbBackend::Postgres => "EXISTS (SELECT 1 FROM change_events WHERE transaction_id >= h.x)",
        _ => "false",
    };
    let (sql, values): (_, Vec<Value>) = match backend {
        DbBackend::Postgres => (
            format!(
                "SELECT h.x, 0::bigint, {columns}, {held} FROM (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS x) AS h \
                 {} AS l ON true {} AS a ON true LEFT JOIN feed_cut AS c ON true",
                last("transaction_id < h.x"),
                last("(transaction_id, position) <= (?, ?)"),
            ),
            vec![asked.transaction.into(), asked.position.into()],
        ),
        _ => (
            format!(
                "SELECT 0, COALESCE(l.position, 0), {columns}, {held} FROM (SELECT 1) AS h \
                 {} AS l ON true {} AS a ON true LEFT JOIN feed_cut AS c ON true",
                last("true"),
                last("position <= ?"),
            ),
            vec![asked.position.into()],
        ),
    };
    Statement::from_sql_and_values(backend, numbered(backend, &sql), values)
}

impl Database {
    /// The state of the order of events, and what the store knows about a place.
    ///
    /// # Errors
    ///
    /// Only what the database says.
    pub(in crate::store) async fn feed_stands(
        &self,
        asked: FeedOffset,
    ) -> Result<OrderState, HubError> {
        let Some(row) = self.one(statement(self.backend(), asked)).await? else {
            return Ok(OrderState {
                horizon: FeedCheckpoint::default(),
                asked: Some(FeedCheckpoint::default()),
                held: false,
            });
        };
        let event = |first: usize| -> Result<Option<u64>, HubError> {
            let Some(position) = row.try_get_by_index::<Option<i64>>(first)? else {
                return Ok(None);
            };
            Ok(Some(digest(
                position,
                row.try_get_by_index(first + 1)?,
                row.try_get_by_index(first + 2)?,
            )))
        };
        let cut = match row.try_get_by_index::<Option<i64>>(8)? {
            None => None,
            Some(transaction) => Some((
                FeedOffset::new(transaction, row.try_get_by_index(9)?),
                event(9)?.unwrap_or_default(),
            )),
        };
        let known = |point: FeedOffset, last: Option<u64>| match (last, cut) {
            (Some(last), _) => Some(FeedCheckpoint { point, last }),
            (None, None) => Some(FeedCheckpoint { point, last: 0 }),
            (None, Some((cut, last))) => (cut <= point).then_some(FeedCheckpoint { point, last }),
        };
        let horizon = FeedOffset::new(row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let horizon =
            known(horizon, event(2)?).unwrap_or(FeedCheckpoint { point: horizon, last: 0 });
        Ok(OrderState { horizon, asked: known(asked, event(5)?), held: row.try_get_by_index(12)? })
    }

    /// A place together with the digest that identifies it later.
    ///
    /// # Errors
    ///
    /// [`HubError::Resync`] when the events after it were pruned.
    pub async fn feed_checkpoint(&self, point: FeedOffset) -> Result<FeedCheckpoint, HubError> {
        self.feed_stands(point).await?.asked.ok_or(HubError::Resync)
    }

    /// The place before which no further events can appear.
    ///
    /// # Errors
    ///
    /// Only what the database says.
    pub async fn feed_horizon(&self) -> Result<FeedCheckpoint, HubError> {
        Ok(self.feed_stands(FeedOffset::default()).await?.horizon)
    }
}
