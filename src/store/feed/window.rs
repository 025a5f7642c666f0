//! Pages of the feed.
//!
//! Of a feed that is read whole a bounded number of events is examined for a page, visible to the
//! caller or not: a caller who sees few of them still makes progress, and no page takes long. So it is
//! with a part of which only some events are listed. Any other part stops when it has given a page.

use std::sync::Arc;

use sea_orm::{
    DbBackend, QueryResult, Statement,
    sea_query::{Alias, Cond, Expr, ExprTrait, Order, Query, SelectStatement, UnionType},
};

use super::{
    checkpoint::{FeedCheckpoint, FeedOffset},
    events::FeedEvent,
    parts::{FeedPart, listed, parts},
    unseen::{Correction, partial},
};
use crate::{
    authz::scope::{Scope, Use},
    error::HubError,
    store::{
        records::read::Reader,
        sql::{
            cell::value,
            condition::{built, column},
        },
    },
};

/// Events examined in a window of the whole feed, or of a part of which only some are listed.
const WINDOW: u64 = 20_000;
pub(super) const EVENTS: &str = "change_events";

/// What every statement reads of an event.
const NAMES: [&str; 6] = ["transaction_id", "position", "family", "record_id", "version", "at"];
/// Where its record lay after and before the change.
const PLACES: [&str; 5] =
    ["region_code", "department", "key_industry", "was_region", "was_industry"];

/// How the feed is read for a caller.
pub(super) struct FeedReading<'a> {
    scopes: &'a [Arc<Scope>],
    /// Condition for an event to concern the caller.
    listed: Cond,
    /// The parts to read, where that is better than the whole.
    parts: Option<Vec<FeedPart>>,
    /// Whether the changed fields and the reason are wanted.
    told: bool,
    /// Whether the caller sees only a part of some record.
    partial: bool,
}

/// Events between two places, as far as they were examined.
pub(super) struct Window {
    pub events: Vec<FeedEvent>,
    pub next: NextWindow,
}

/// Where reading goes on.
pub(super) enum NextWindow {
    /// As many events as wanted were found: behind the last of them.
    Behind(FeedCheckpoint),
    /// Everything up to this place was examined; `more` says whether anything may follow it.
    End { end: FeedCheckpoint, more: bool },
}

impl<'a> FeedReading<'a> {
    /// `None` where the scopes list nothing.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub(super) async fn of(
        reader: &Reader<'_>,
        scopes: &'a [Arc<Scope>],
        told: bool,
    ) -> Result<Option<Self>, HubError> {
        let own = scopes.iter().filter(|scope| !scope.zones(Use::List, &[]).is_empty());
        let listed = own.fold(Cond::any(), |any, scope| any.add(listed(scope, "e")));
        if listed.is_empty() {
            return Ok(None);
        }
        let parts = parts(reader.database, scopes).await?;
        Ok(Some(Self { scopes, listed, parts, told, partial: partial(scopes) }))
    }

    /// Whether there is no part to read.
    fn is_empty(&self) -> bool {
        self.parts.as_ref().is_some_and(Vec::is_empty)
    }

    /// The events that a statement gives, at most `wanted`, with what is looked up for each.
    fn page(&self, backend: DbBackend, from: SelectStatement, wanted: usize) -> SelectStatement {
        let mut select = Query::select();
        for name in NAMES.into_iter().chain(PLACES) {
            select.expr(column("e", name));
        }
        if self.told || self.partial {
            // Looked up for the rows of the page only, whatever the planner thinks of the window.
            let of = |name: &str, back: &str| {
                let version = format!(
                    "record_versions AS v WHERE v.record_id = e.record_id AND v.version = e.version{back}"
                );
                Expr::cust(format!("(SELECT v.{name} FROM {version})"))
            };
            select
                .expr(of("changed", ""))
                .expr(of("reason", ""))
                .expr(of("action", ""))
                .expr(of("action", " - 1"));
        }
        select.from_subquery(from, Alias::new("e")).limit(wanted as u64);
        ordered(&mut select, backend, "e");
        select
    }

    /// An event that was read, with its place; `None` for one of a family that nobody asked for.
    fn event(&self, row: &QueryResult) -> Result<(FeedCheckpoint, Option<FeedEvent>), HubError> {
        let missing = || HubError::internal("an event without its record");
        let (record, version) =
            (value(row, 3)?.ok_or_else(missing)?, value(row, 4)?.ok_or_else(missing)?);
        let point = FeedOffset::new(row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let mark = FeedCheckpoint::behind(point, record, version);
        let family: String = value(row, 2)?.ok_or_else(missing)?;
        let Some(scope) = self.scopes.iter().position(|scope| scope.family().name == family) else {
            return Ok((mark, None));
        };
        let event = FeedEvent {
            scope,
            record,
            version,
            at: value(row, 5)?.ok_or_else(missing)?,
            changed: if self.told { value(row, 11)? } else { None },
            reason: if self.told { value(row, 12)? } else { None },
            correction: if self.partial { correction(row)? } else { None },
            mark,
        };
        Ok((mark, Some(event)))
    }
}

impl Reader<'_> {
    /// The statement of the first page of the feed, to ask the database what it costs; `None` where
    /// the caller lists nothing.
    ///
    /// # Errors
    ///
    /// Only what the database says.
    pub async fn changes_statement(
        &self,
        scopes: &[Arc<Scope>],
        first: usize,
    ) -> Result<Option<Statement>, HubError> {
        let place = (FeedCheckpoint::default(), self.database.feed_horizon().await?, None);
        let Some(reading) = FeedReading::of(self, scopes, false).await? else { return Ok(None) };
        Ok(Some(self.window_statement(&reading, place, first)).filter(|_| !reading.is_empty()))
    }

    /// The next events after a place, at most `wanted`.
    pub(super) async fn window(
        &self,
        reading: &FeedReading<'_>,
        (after, horizon): (FeedCheckpoint, FeedCheckpoint),
        wanted: usize,
    ) -> Result<Window, HubError> {
        if reading.is_empty() {
            return Ok(Window {
                events: Vec::new(),
                next: NextWindow::End { end: horizon, more: false },
            });
        }
        let end = self.sparse_end(reading, (after, horizon)).await?;
        let statement = self.window_statement(reading, (after, horizon, end), wanted);
        let rows = self.database.all(statement).await?;
        let (mut events, mut last) = (Vec::with_capacity(rows.len()), None);
        for row in &rows {
            let (mark, event) = reading.event(row)?;
            last = Some(mark);
            events.extend(event);
        }
        let next = match last.filter(|_| rows.len() == wanted) {
            Some(last) => NextWindow::Behind(last),
            None if reading.parts.is_some() => {
                NextWindow::End { end: end.unwrap_or(horizon), more: end.is_some() }
            }
            None => {
                let end = self.whole_end((after, horizon)).await?;
                NextWindow::End { end: end.unwrap_or(horizon), more: end.is_some() }
            }
        };
        Ok(Window { events, next })
    }

    /// The statement of a window.
    fn window_statement(
        &self,
        reading: &FeedReading<'_>,
        (after, horizon, end): (FeedCheckpoint, FeedCheckpoint, Option<FeedCheckpoint>),
        wanted: usize,
    ) -> Statement {
        let backend = self.database.backend();
        let names: Vec<&str> = NAMES.into_iter().chain(PLACES).collect();
        let of = |table: &'static str| {
            let mut select = between(backend, table, after.point, horizon.point);
            for name in &names {
                select.expr(column(table, name));
            }
            select
        };
        let from = match &reading.parts {
            Some(parts) => {
                // Each part stops as soon as it has given a page.
                let all = parts.iter().map(|part| {
                    let mut select = of("e");
                    part.narrow(&mut select, "e");
                    if let Some(end) = end {
                        up_to(&mut select, backend, "e", end.point);
                    }
                    select.limit(wanted as u64);
                    select
                });
                union(all, &names).unwrap_or_default()
            }
            None => {
                let mut window = of(EVENTS);
                window.limit(WINDOW);
                let mut select = Query::select();
                for name in &names {
                    select.expr(column("e", name));
                }
                select.from_subquery(window, Alias::new("e")).cond_where(reading.listed.clone());
                select
            }
        };
        let mut merged = Query::select();
        merged
            .columns(names.iter().map(|name| Alias::new(*name)))
            .from_subquery(from, Alias::new("p"))
            .limit(wanted as u64);
        ordered(&mut merged, backend, "p");
        let mut statement = built(backend, &reading.page(backend, merged, wanted));
        if let Some(parts) = reading.parts.as_ref().filter(|_| backend != DbBackend::Postgres) {
            // SQLite would rather go through all events in order.
            let from = format!("FROM \"{EVENTS}\" AS \"e\"");
            let mut pieces = statement.sql.split(from.as_str());
            let first = pieces.next().unwrap_or_default().to_owned();
            statement.sql = pieces.zip(parts).fold(first, |sql, (piece, part)| {
                format!("{sql}{from} INDEXED BY \"{}\"{piece}", part.index())
            });
        }
        statement
    }

    /// Where a window of the parts of which only some events are listed ends: at the first place up
    /// to which one of them is examined; `None` where all are examined to their ends.
    async fn sparse_end(
        &self,
        reading: &FeedReading<'_>,
        (after, horizon): (FeedCheckpoint, FeedCheckpoint),
    ) -> Result<Option<FeedCheckpoint>, HubError> {
        let backend = self.database.backend();
        let sparse = reading.parts.iter().flatten().filter(|part| part.is_sparse());
        let ends = sparse.map(|part| {
            let mut select = between(backend, EVENTS, after.point, horizon.point);
            part.held(&mut select, EVENTS);
            select.columns(MARK.map(Alias::new)).offset(WINDOW - 1).limit(1);
            select
        });
        let Some(ends) = union(ends, &MARK) else { return Ok(None) };
        let mut select = Query::select();
        select.columns(MARK.map(Alias::new)).from_subquery(ends, Alias::new("p")).limit(1);
        ordered(&mut select, backend, "p");
        self.database.one(built(backend, &select)).await?.as_ref().map(marked).transpose()
    }

    /// Where a window of the whole feed ends; `None` where nothing follows it.
    async fn whole_end(
        &self,
        (after, horizon): (FeedCheckpoint, FeedCheckpoint),
    ) -> Result<Option<FeedCheckpoint>, HubError> {
        let backend = self.database.backend();
        let mut select = between(backend, EVENTS, after.point, horizon.point);
        select.columns(MARK.map(Alias::new)).offset(WINDOW - 1).limit(2);
        match self.database.all(built(backend, &select)).await?.as_slice() {
            [last, _] => marked(last).map(Some),
            _ => Ok(None),
        }
    }
}

/// What says where an event stands.
const MARK: [&str; 4] = ["transaction_id", "position", "record_id", "version"];

fn marked(row: &QueryResult) -> Result<FeedCheckpoint, HubError> {
    let point = FeedOffset::new(row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    Ok(FeedCheckpoint::behind(point, row.try_get_by_index(2)?, row.try_get_by_index(3)?))
}

/// All rows of several statements; `None` without any. Each is wrapped, as SQLite takes no order
/// inside a union.
fn union(
    parts: impl Iterator<Item = SelectStatement>,
    columns: &[&str],
) -> Option<SelectStatement> {
    let mut wrapped = parts.map(|part| {
        let mut select = Query::select();
        let names = columns.iter().map(|name| Alias::new(*name));
        select.columns(names).from_subquery(part, Alias::new("b"));
        select
    });
    let mut all = wrapped.next()?;
    for part in wrapped {
        all.union(UnionType::All, part);
    }
    Some(all)
}

/// Events after one place and up to another, in order, as a table of that name.
pub(super) fn between(
    backend: DbBackend,
    table: &'static str,
    after: FeedOffset,
    horizon: FeedOffset,
) -> SelectStatement {
    let mut select = Query::select();
    if table == EVENTS {
        select.from(Alias::new(EVENTS));
    } else {
        select.from_as(Alias::new(EVENTS), Alias::new(table));
    }
    if backend == DbBackend::Postgres {
        let place = ["transaction_id", "position"].map(|name| column(table, name));
        let after = Expr::tuple([Expr::val(after.transaction), Expr::val(after.position)]);
        select
            .and_where(Expr::tuple(place).gt(after))
            .and_where(column(table, "transaction_id").lt(horizon.transaction));
    } else {
        let position = || column(table, "position");
        select.and_where(position().gt(after.position)).and_where(position().lte(horizon.position));
    }
    ordered(&mut select, backend, table);
    select
}

fn up_to(select: &mut SelectStatement, backend: DbBackend, table: &str, end: FeedOffset) {
    if backend == DbBackend::Postgres {
        let place = ["transaction_id", "position"].map(|name| column(table, name));
        let end = Expr::tuple([Expr::val(end.transaction), Expr::val(end.position)]);
        select.and_where(Expr::tuple(place).lte(end));
    } else {
        select.and_where(column(table, "position").lte(end.position));
    }
}

fn ordered(select: &mut SelectStatement, backend: DbBackend, table: &str) {
    // On SQLite all transactions have one number, and the order by position alone needs no sorting.
    if backend == DbBackend::Postgres {
        select.order_by_expr(column(table, "transaction_id"), Order::Asc);
    }
    select.order_by_expr(column(table, "position"), Order::Asc);
}

/// What an event corrected; `None` where a record was created, withdrawn, restored or moved.
fn correction(row: &QueryResult) -> Result<Option<Correction>, HubError> {
    let place = (value::<String>(row, 6)?, value::<String>(row, 8)?);
    let was = (value::<String>(row, 9)?, value::<String>(row, 10)?);
    let [action, before]: [Option<String>; 2] = [value(row, 13)?, value(row, 14)?];
    let corrected = action.as_deref() == Some("UPDATED")
        && before.is_some_and(|before| before != "WITHDRAWN")
        && place == was;
    let (Some(region), Some(department), Some(changed)) =
        (place.0, value(row, 7)?, value(row, 11)?)
    else {
        return Ok(None);
    };
    Ok(corrected.then_some(Correction { place: (region, department, place.1), changed }))
}
