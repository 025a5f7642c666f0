//! The change feed: events in the order of their commits, as far as a caller may see them, and the
//! affected records in their current state. Places in that order are explained in
//! [`crate::store::feed::checkpoint`].

use std::sync::Arc;

use chrono::{DateTime, Utc};
use sea_orm::{
    DbBackend, QueryResult,
    sea_query::{Alias, Cond, Expr, ExprTrait, Order, Query, SelectStatement},
};
use uuid::Uuid;

use crate::{
    authz::scope::{Scope, Use},
    error::HubError,
    store::{
        feed::{
            checkpoint::{FeedCheckpoint, FeedOffset},
            unseen::{Correction, partial},
        },
        records::{
            column_plan::ColumnPlan,
            read::{Reader, visible},
            row::{Classes, Row, Selection},
        },
        sql::{
            cell::value,
            condition::{built, column, in_ids, word, zones},
        },
    },
};

/// Events examined for one page, visible to the caller or not: a caller who sees few of them still
/// makes progress, and no page takes long.
const WINDOW: u64 = 20_000;
/// How many windows one page examines when the caller sees none of the events found.
const TURNS: usize = 50;
const EVENTS: &str = "change_events";

/// A change that the caller may see.
#[derive(Clone, Debug)]
pub struct FeedEvent {
    /// Index of the scope it belongs to, in the list the caller passed.
    pub scope: usize,
    /// Identifier of the record that changed.
    pub record: Uuid,
    /// Version of the record after the change.
    pub version: i32,
    /// When the change was made, as recorded with the version.
    pub at: DateTime<Utc>,
    /// Names of the changed fields as a JSON list; `None` unless requested.
    pub changed: Option<String>,
    /// Reason of a withdrawal; `None` unless requested.
    pub reason: Option<String>,
    /// What was corrected; `None` unless the caller may see only part of some record.
    pub(in crate::store) correction: Option<Correction>,
    /// The place right behind this event.
    mark: FeedCheckpoint,
}

/// One page of changes after a place.
#[derive(Clone, Debug)]
pub struct Heard {
    /// The changes, in order.
    pub events: Vec<FeedEvent>,
    /// Where the next page starts.
    pub end: FeedCheckpoint,
    /// Whether further changes are available now.
    pub more: bool,
}

/// Events between two places, as far as they were examined.
struct Window {
    events: Vec<FeedEvent>,
    /// Place of the last event when the limit was reached; `None` when the window was exhausted.
    full: Option<FeedCheckpoint>,
}

/// The records that changes concern, in their current state.
#[derive(Clone, Debug, Default)]
pub struct CurrentRecords {
    /// Records the caller may see.
    pub present: Vec<Row>,
    /// Withdrawn records the caller could see otherwise; without any values.
    pub withdrawn: Vec<Row>,
}

impl Reader<'_> {
    /// Changes to records of these families, at most `first`, after a place. A change counts if the
    /// record lay where the caller may list records, before or after it. With `told` each change
    /// carries its changed fields and its reason.
    ///
    /// Earlier changes of a record made where the caller sees nothing are left out: the change that
    /// moved the record into view stands for them. So are corrections of which the caller sees
    /// nothing. `more` and a full page count only what is returned.
    ///
    /// # Errors
    ///
    /// [`HubError::Resync`] when the changes after the place are no longer kept, or when the store
    /// does not recognise the place because it was restored. Without a place, the feed starts at
    /// its beginning.
    pub async fn changes(
        &self,
        scopes: &[Arc<Scope>],
        after: Option<FeedCheckpoint>,
        first: u64,
        told: bool,
    ) -> Result<Heard, HubError> {
        let after = after.unwrap_or_default();
        let stands = self.database.feed_stands(after.point).await?;
        let horizon = stands.horizon;
        if stands.asked != Some(after) || after.point > horizon.point {
            return Err(HubError::Resync);
        }
        let listed = listed(scopes);
        if listed.is_empty() {
            return Ok(Heard { events: Vec::new(), end: horizon, more: false });
        }
        let most = usize::try_from(first).unwrap_or(usize::MAX);
        let (mut events, mut from): (Vec<FeedEvent>, FeedCheckpoint) = (Vec::new(), after);
        for _ in 0..TURNS {
            let wanted = (most + 1).saturating_sub(events.len());
            let window = self.window(scopes, &listed, (from, horizon), wanted, told).await?;
            events.extend(self.seen(scopes, window.events).await?);
            if events.len() > most {
                events.truncate(most);
                let end = events.last().map_or(after, |event| event.mark);
                return Ok(Heard { events, end, more: true });
            }
            let Some(last) = window.full else {
                let (end, more) = self.end(from, horizon).await?;
                return Ok(Heard { events, end, more });
            };
            from = last;
        }
        Ok(Heard { events, end: from, more: true })
    }

    /// The next events after a place, at most `wanted`, visible to the caller or not.
    async fn window(
        &self,
        scopes: &[Arc<Scope>],
        listed: &Cond,
        (after, horizon): (FeedCheckpoint, FeedCheckpoint),
        wanted: usize,
        told: bool,
    ) -> Result<Window, HubError> {
        let (backend, partial) = (self.database.backend(), partial(scopes));
        let mut window = between(backend, after.point, horizon.point);
        window.limit(WINDOW);
        let names = ["transaction_id", "position", "family", "record_id", "version", "at"];
        let places = ["region_code", "department", "key_industry", "was_region", "was_industry"];
        for name in names.into_iter().chain(places) {
            window.column(Alias::new(name));
        }
        let mut select = Query::select();
        for name in names.into_iter().chain(places) {
            select.expr(column("e", name));
        }
        if told || partial {
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
        select
            .from_subquery(window, Alias::new("e"))
            .cond_where(listed.clone())
            .limit(wanted as u64);
        ordered(&mut select, backend, "e");
        let rows = self.database.all(built(backend, &select)).await?;
        let mut events = Vec::with_capacity(rows.len());
        let missing = || HubError::internal("an event without its record");
        let mut last = None;
        for row in &rows {
            let (record, version) =
                (value(row, 3)?.ok_or_else(missing)?, value(row, 4)?.ok_or_else(missing)?);
            let mark = FeedCheckpoint::behind(
                FeedOffset::new(row.try_get_by_index(0)?, row.try_get_by_index(1)?),
                record,
                version,
            );
            last = Some(mark);
            let family: String = value(row, 2)?.ok_or_else(missing)?;
            let Some(scope) = scopes.iter().position(|scope| scope.family().name == family) else {
                continue;
            };
            events.push(FeedEvent {
                scope,
                record,
                version,
                at: value(row, 5)?.ok_or_else(missing)?,
                changed: if told { value(row, 11)? } else { None },
                reason: if told { value(row, 12)? } else { None },
                correction: if partial { correction(row)? } else { None },
                mark,
            });
        }
        Ok(Window { events, full: last.filter(|_| rows.len() == wanted) })
    }

    /// Where a fully examined window ends, and whether more events follow.
    async fn end(
        &self,
        after: FeedCheckpoint,
        horizon: FeedCheckpoint,
    ) -> Result<(FeedCheckpoint, bool), HubError> {
        let backend = self.database.backend();
        let mut select = between(backend, after.point, horizon.point);
        let columns = ["transaction_id", "position", "record_id", "version"];
        select.columns(columns.map(Alias::new)).offset(WINDOW - 1).limit(2);
        let rows = self.database.all(built(backend, &select)).await?;
        match rows.as_slice() {
            [last, _] => {
                let point = FeedOffset::new(last.try_get_by_index(0)?, last.try_get_by_index(1)?);
                Ok((
                    FeedCheckpoint::behind(
                        point,
                        last.try_get_by_index(2)?,
                        last.try_get_by_index(3)?,
                    ),
                    true,
                ))
            }
            _ => Ok((horizon, false)),
        }
    }

    /// The records with these identifiers in their current state.
    ///
    /// # Errors
    ///
    /// Only what the database says.
    pub async fn standing(
        &self,
        scope: &Scope,
        ids: &[Uuid],
        selection: &Selection,
    ) -> Result<CurrentRecords, HubError> {
        let (family, backend) = (scope.family(), self.database.backend());
        let plan = ColumnPlan::new(family, family.table, selection, &[], None);
        let mut select = plan.select();
        select
            .expr(column(family.table, "withdrawn_at").is_not_null())
            .and_where(in_ids(backend, column(family.table, "id"), ids))
            .cond_where(visible(family, &scope.zones(Use::List, &[])));
        let mut standing = CurrentRecords::default();
        for result in self.database.all(built(backend, &select)).await? {
            let Some(row) = self.row(scope, &plan.layout, &result, 0)? else { continue };
            if value(&result, plan.layout.width())? == Some(true) {
                let (cells, links, shown) = (Vec::new(), Vec::new(), Classes::default());
                standing.withdrawn.push(Row { cells, links, shown, ..row });
            } else {
                standing.present.push(row);
            }
        }
        Ok(standing)
    }
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

/// Events after one place and up to another, in order.
pub(in crate::store) fn between(
    backend: DbBackend,
    after: FeedOffset,
    horizon: FeedOffset,
) -> SelectStatement {
    let mut select = Query::select();
    select.from(Alias::new(EVENTS));
    let (transaction, position) =
        (|| column(EVENTS, "transaction_id"), || column(EVENTS, "position"));
    if backend == DbBackend::Postgres {
        let place = Expr::tuple([Expr::val(after.transaction), Expr::val(after.position)]);
        select
            .and_where(Expr::tuple([transaction(), position()]).gt(place))
            .and_where(transaction().lt(horizon.transaction));
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

/// Events of records that lay, before or after the change, where they may be listed.
fn listed(scopes: &[Arc<Scope>]) -> Cond {
    let mut any = Cond::any();
    for scope in scopes {
        let (family, of) = (scope.family(), scope.zones(Use::List, &[]));
        if of.is_empty() {
            continue;
        }
        let lay =
            |region, industry| zones("e", region, family.industry_column().map(|_| industry), &of);
        let place = Cond::any()
            .add(lay("region_code", "key_industry"))
            .add(lay("was_region", "was_industry"));
        any = any.add(Cond::all().add(column("e", "family").eq(word(family.name))).add(place));
    }
    any
}
