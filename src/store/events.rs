//! The change feed: events in the order in which they were committed, those of them that a caller may hear of, and the
//! records they are about as they are now.
//!
//! On PostgreSQL a transaction takes its number and the positions of its events before it commits. Only events of
//! transactions older than all that are still open are given, by transaction and position: behind a place that a reader has
//! reached nothing appears any more. On SQLite, with its one writer, positions are in the order of commits.

use std::sync::Arc;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use sea_orm::{
    DbBackend, QueryResult, Statement,
    sea_query::{Alias, Cond, Expr, ExprTrait, Order, Query, SelectStatement},
};
use uuid::Uuid;

use crate::{
    authz::scope::{Scope, Use},
    error::HubError,
    store::{
        condition::{built, column, in_ids, word, zones},
        decode::Plan,
        read::{Reader, visible},
        row::{Classes, Row, Selection},
        seal::Seal,
    },
};

/// Events that one page looks at, seen by the caller or not: who sees few of them still goes forward, and no page takes
/// long.
const WINDOW: u64 = 20_000;
const EVENTS: &str = "change_events";
const PLACE: &str = "changes";

/// A place in the order of events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point {
    transaction: i64,
    position: i64,
}

impl Point {
    /// Behind the event with this position, written by this transaction (0 on SQLite), as a statement gives both.
    #[must_use]
    pub(super) const fn new(transaction: i64, position: i64) -> Self {
        Self { transaction, position }
    }

    /// Transaction and position, as they are kept.
    pub(super) const fn parts(self) -> (i64, i64) {
        (self.transaction, self.position)
    }

    /// A statement for the place before which nothing appears any more, as the transaction that runs it sees the store;
    /// its row goes to [`Point::of_horizon`].
    pub(super) fn horizon(backend: DbBackend) -> Statement {
        let sql = match backend {
            DbBackend::Postgres => "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, 0::bigint",
            _ => "SELECT 0, COALESCE(MAX(position), 0) FROM change_events",
        };
        Statement::from_string(backend, sql)
    }

    /// The place that [`Point::horizon`] found.
    ///
    /// # Errors
    ///
    /// Only what the database says.
    pub(super) fn of_horizon(row: Option<&QueryResult>) -> Result<Self, HubError> {
        let Some(row) = row else { return Ok(Self::default()) };
        Ok(Self::new(row.try_get_by_index(0)?, row.try_get_by_index(1)?))
    }

    /// The place as an opaque text, bound to a question, and of the same length wherever it is.
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] when sealing fails.
    pub fn sealed(self, seal: &Seal, question: &str) -> Result<String, HubError> {
        let text = format!("{question}{:020}{:020}", self.transaction, self.position);
        Ok(BASE64_URL_SAFE_NO_PAD.encode(seal.seal(PLACE, &text)?))
    }

    /// The place of such a text.
    ///
    /// # Errors
    ///
    /// [`HubError::Invalid`] when it was not given for this question.
    pub fn opened(seal: &Seal, question: &str, text: &str) -> Result<Self, HubError> {
        let sealed = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| refused())?;
        let text = seal.open(PLACE, &sealed).map_err(|_| refused())?;
        let (transaction, position) =
            text.strip_prefix(question).and_then(|numbers| numbers.split_at_checked(20)).ok_or_else(refused)?;
        let number = |text: &str| text.parse().map_err(|_| refused());
        Ok(Self { transaction: number(transaction)?, position: number(position)? })
    }
}

fn refused() -> HubError {
    HubError::invalid(
        "游标无效：它属于另一机构、另一组 families，或发出后您的权限或数据库已有变化。请使用相同的 families，或不带 after 重新开始。",
        "The cursor belongs to another organisation or other families, or your rights or the store have changed since. Use the \
         same `families`, or start again without `after`.",
    )
}

/// A change that the caller may hear of.
#[derive(Clone, Debug)]
pub struct Event {
    /// Which of the scopes it belongs to.
    pub scope: usize,
    /// Record.
    pub record: Uuid,
    /// Version it became.
    pub version: i32,
    /// When.
    pub at: DateTime<Utc>,
    /// Names of the fields that changed, as a JSON list, if asked for.
    pub changed: Option<String>,
    /// Why it was withdrawn, if asked for.
    pub reason: Option<String>,
}

/// Changes after a place.
#[derive(Clone, Debug)]
pub struct Heard {
    /// The changes, in order.
    pub events: Vec<Event>,
    /// Where to go on.
    pub end: Point,
    /// Whether there is more already.
    pub more: bool,
}

/// Records that changes are about, as they are now.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// Those that may be seen.
    pub present: Vec<Row>,
    /// Those that could be seen if they had not been withdrawn; without any value.
    pub withdrawn: Vec<Row>,
}

impl Reader<'_> {
    /// Changes of records of these families that lay after or before the change where the caller may list records, from a
    /// place on, at most `first`. With `told` each says what changed and why.
    ///
    /// The change that brought a record to where it lies now says so itself, so what happened to it before, where the caller
    /// sees nothing, is left out.
    ///
    /// # Errors
    ///
    /// [`HubError::Invalid`] when the place lies ahead of the store, which has been restored then.
    pub async fn changes(&self, scopes: &[Arc<Scope>], after: Point, first: u64, told: bool) -> Result<Heard, HubError> {
        let horizon = self.horizon().await?;
        if after > horizon {
            return Err(refused());
        }
        let backend = self.database.backend();
        let listed = listed(scopes);
        if listed.is_empty() {
            return Ok(Heard { events: Vec::new(), end: horizon, more: false });
        }
        let mut window = between(backend, after, horizon);
        window.limit(WINDOW);
        let names = ["transaction_id", "position", "family", "record_id", "version", "at"];
        for name in names.into_iter().chain(["region_code", "department", "key_industry", "was_region", "was_industry"]) {
            window.column(Alias::new(name));
        }
        let mut select = Query::select();
        for name in names {
            select.expr(column("e", name));
        }
        if told {
            // Looked up for the rows of the page only, whatever the planner thinks of the window.
            for name in ["changed", "reason"] {
                let version = "record_versions AS v WHERE v.record_id = e.record_id AND v.version = e.version";
                select.expr(Expr::cust(format!("(SELECT v.{name} FROM {version})")));
            }
        }
        select.from_subquery(window, Alias::new("e")).cond_where(listed).limit(first + 1);
        ordered(&mut select, backend, "e");
        let rows = self.database.all(built(backend, &select)).await?;
        let most = usize::try_from(first).unwrap_or(usize::MAX);
        let mut events = Vec::with_capacity(rows.len().min(most));
        let mut end = after;
        for row in rows.iter().take(most) {
            end = Point::new(row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            let family: String = row.try_get_by_index(2)?;
            let Some(scope) = scopes.iter().position(|scope| scope.family().name == family) else { continue };
            events.push(Event {
                scope,
                record: row.try_get_by_index(3)?,
                version: row.try_get_by_index(4)?,
                at: row.try_get_by_index(5)?,
                changed: if told { row.try_get_by_index(6)? } else { None },
                reason: if told { row.try_get_by_index(7)? } else { None },
            });
        }
        let mut more = rows.len() > most;
        if !more {
            (end, more) = self.end(after, horizon).await?;
        }
        Ok(Heard { events, end, more })
    }

    /// The place before which nothing appears any more.
    async fn horizon(&self) -> Result<Point, HubError> {
        Point::of_horizon(self.database.one(Point::horizon(self.database.backend())).await?.as_ref())
    }

    /// Where a window that was looked at as a whole ends, and whether there is something behind it.
    async fn end(&self, after: Point, horizon: Point) -> Result<(Point, bool), HubError> {
        let backend = self.database.backend();
        let mut select = between(backend, after, horizon);
        select.columns([Alias::new("transaction_id"), Alias::new("position")]).offset(WINDOW - 1).limit(2);
        let rows = self.database.all(built(backend, &select)).await?;
        match rows.as_slice() {
            [last, _] => Ok((Point::new(last.try_get_by_index(0)?, last.try_get_by_index(1)?), true)),
            _ => Ok((horizon, false)),
        }
    }

    /// The records with these identifiers as they are now.
    ///
    /// # Errors
    ///
    /// Only what the database says.
    pub async fn standing(&self, scope: &Scope, ids: &[Uuid], selection: &Selection) -> Result<Standing, HubError> {
        let (family, backend) = (scope.family(), self.database.backend());
        let plan = Plan::new(family, family.table, selection, &[], None);
        let mut select = plan.select();
        select
            .expr(column(family.table, "withdrawn_at").is_not_null())
            .and_where(in_ids(backend, column(family.table, "id"), ids))
            .cond_where(visible(family, &scope.zones(Use::List, &[])));
        let mut standing = Standing::default();
        for result in self.database.all(built(backend, &select)).await? {
            let Some(row) = self.row(scope, &plan, &result, 0)? else { continue };
            if result.try_get_by_index(plan.width())? {
                let (cells, links, shown) = (Vec::new(), Vec::new(), Classes::default());
                standing.withdrawn.push(Row { cells, links, shown, ..row });
            } else {
                standing.present.push(row);
            }
        }
        Ok(standing)
    }
}

/// Events after one place and before another, in order.
fn between(backend: DbBackend, after: Point, horizon: Point) -> SelectStatement {
    let mut select = Query::select();
    select.from(Alias::new(EVENTS));
    let (transaction, position) = (|| column(EVENTS, "transaction_id"), || column(EVENTS, "position"));
    if backend == DbBackend::Postgres {
        let place = Expr::tuple([Expr::val(after.transaction), Expr::val(after.position)]);
        select.and_where(Expr::tuple([transaction(), position()]).gt(place)).and_where(transaction().lt(horizon.transaction));
    } else {
        select.and_where(position().gt(after.position)).and_where(position().lte(horizon.position));
    }
    ordered(&mut select, backend, EVENTS);
    select
}

fn ordered(select: &mut SelectStatement, backend: DbBackend, table: &str) {
    // On SQLite all transactions have one number, and the order by position alone needs no sorting.
    if backend == DbBackend::Postgres {
        select.order_by_expr(column(table, "transaction_id"), Order::Asc);
    }
    select.order_by_expr(column(table, "position"), Order::Asc);
}

/// Events of records that lay, after or before the change, where they may be listed.
fn listed(scopes: &[Arc<Scope>]) -> Cond {
    let mut any = Cond::any();
    for scope in scopes {
        let (family, of) = (scope.family(), scope.zones(Use::List, &[]));
        if of.is_empty() {
            continue;
        }
        let lay = |region, industry| zones("e", region, family.industry_column().map(|_| industry), &of);
        let place = Cond::any().add(lay("region_code", "key_industry")).add(lay("was_region", "was_industry"));
        any = any.add(Cond::all().add(column("e", "family").eq(word(family.name))).add(place));
    }
    any
}
