//! Orders and cursors: keyset pages that lose and repeat no row, empty values included.
//!
//! Empty values come last in ascending and first in descending order of a key, on both databases. A
//! cursor holds the order's values of its row and a digest of the question (family, filter, order,
//! asker), sealed; used with another question it is refused.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use entity::catalogue::{Field, Kind};
use sea_orm::{
    DbBackend, Value,
    sea_query::{Cond, Expr, ExprTrait, NullOrdering, Order, Query, SelectStatement},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    error::HubError,
    store::{
        seal::Seal,
        sql::{cell::Cell, condition::column},
    },
};

/// One key of an order.
#[derive(Clone, Copy, Debug)]
pub struct OrderKey {
    /// Field whose value orders the rows.
    pub field: &'static Field,
    /// Largest value first; empty values then come first as well.
    pub descending: bool,
}

impl OrderKey {
    /// Column that is compared: the pinyin key where there is one.
    #[must_use]
    pub fn column(&self) -> &'static str {
        self.field.sort.unwrap_or(self.field.column)
    }

    const fn nullable(&self) -> bool {
        !self.field.required
    }

    const fn kind(&self) -> Kind {
        if self.field.sort.is_some() { Kind::Text } else { self.field.kind }
    }
}

/// Place of a row in an order.
#[derive(Clone, Debug)]
pub struct Position {
    /// Values of the keys.
    pub values: Vec<Cell>,
    /// Identifier of the row, which decides between equal values.
    pub id: Uuid,
}

#[derive(Serialize, Deserialize)]
struct CursorParts {
    q: String,
    v: Vec<Option<String>>,
    i: Uuid,
}

const PLACE: &str = "cursor";

/// A cursor for a place, bound to a question.
///
/// # Errors
///
/// [`HubError::Internal`] when sealing fails.
pub fn encode(
    seal: &Seal,
    question: &str,
    keys: &[OrderKey],
    position: &Position,
) -> Result<String, HubError> {
    let values =
        position.values.iter().zip(keys).map(|(cell, key)| precise(cell, key.kind())).collect();
    let wire = CursorParts { q: question.to_owned(), v: values, i: position.id };
    let text = serde_json::to_string(&wire).map_err(HubError::internal)?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(seal.seal(PLACE, &text)?))
}

/// Instants keep their microseconds in a cursor.
fn precise(cell: &Cell, kind: Kind) -> Option<String> {
    match cell {
        Cell::Instant(instant) => Some(instant.timestamp_micros().to_string()),
        other => other.text(kind),
    }
}

/// Reads the place out of a cursor.
///
/// # Errors
///
/// [`HubError::Invalid`] when the cursor was issued for another question.
pub fn decode(
    seal: &Seal,
    question: &str,
    keys: &[OrderKey],
    cursor: &str,
) -> Result<Position, HubError> {
    let refused = || {
        HubError::invalid(
            "游标无效：它属于另一组筛选、排序条件或另一账号。请从第一页重新开始。",
            "The cursor belongs to another filter, order or caller. Start again from the first page.",
        )
    };
    let sealed = BASE64_URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refused())?;
    let text = seal.open(PLACE, &sealed).map_err(|_| refused())?;
    let wire: CursorParts = serde_json::from_str(&text).map_err(|_| refused())?;
    if wire.q != question || wire.v.len() != keys.len() {
        return Err(refused());
    }
    let values = wire
        .v
        .into_iter()
        .zip(keys)
        .map(|(value, key)| match (value, key.kind()) {
            (None, _) => Cell::Null,
            (Some(text), Kind::DateTime) => text
                .parse()
                .ok()
                .and_then(chrono::DateTime::from_timestamp_micros)
                .map_or(Cell::Null, Cell::Instant),
            (Some(text), kind) => Cell::parse(kind, &text),
        })
        .collect();
    Ok(Position { values, id: wire.i })
}

/// A value of a place, as a parameter.
///
/// The planner of PostgreSQL does not look into a subquery. It would otherwise find the value in its
/// statistics, take a plan for this place to be cheaper than one for all places, and plan every
/// page anew, which takes longer than reading it.
fn bound(backend: DbBackend, value: Value) -> Expr {
    match backend {
        DbBackend::Postgres => {
            Expr::SubQuery(None, Box::new(Query::select().expr(value).take().into()))
        }
        _ => Expr::val(value),
    }
}

/// Rows beyond a place; `backward` means before it.
pub(in crate::store) fn beyond(
    backend: DbBackend,
    table: &str,
    keys: &[OrderKey],
    position: &Position,
    backward: bool,
) -> Cond {
    let bind = |value: Value| bound(backend, value);
    let mut any = Cond::any();
    let mut equal = Cond::all();
    for (key, value) in keys.iter().zip(&position.values) {
        let name = || column(table, key.column());
        let down = key.descending != backward;
        if let Some(past) = past(&name, value, key, down, &bind) {
            any = any.add(equal.clone().add(past));
        }
        equal = equal.add(if value.is_null() {
            name().is_null()
        } else {
            name().eq(bind(value.bind(key.kind())))
        });
    }
    let id = column(table, "id");
    let own = bind(Value::from(position.id));
    let tie = if tie_descends(keys) == backward { id.gt(own) } else { id.lt(own) };
    any = any.add(equal.add(tie));
    match (keys.first(), position.values.first()) {
        // A bound on the first key alone, implied by the rest, lets an index find the place.
        (Some(key), Some(value)) if !key.nullable() && !value.is_null() => {
            let name = column(table, key.column());
            let bound = bind(value.bind(key.kind()));
            let bounded =
                if key.descending == backward { name.gte(bound) } else { name.lte(bound) };
            Cond::all().add(bounded).add(any)
        }
        _ => any,
    }
}

/// Strictly past a value of one key. Empty values come last going up and first going down.
fn past(
    name: &impl Fn() -> Expr,
    value: &Cell,
    key: &OrderKey,
    down: bool,
    bind: &impl Fn(Value) -> Expr,
) -> Option<Cond> {
    let bound = || bind(value.bind(key.kind()));
    match (value.is_null(), down) {
        (true, false) => None,
        (true, true) => Some(Cond::all().add(name().is_not_null())),
        (false, true) => Some(Cond::all().add(name().lt(bound()))),
        (false, false) if key.nullable() => {
            Some(Cond::any().add(name().gt(bound())).add(name().is_null()))
        }
        (false, false) => Some(Cond::all().add(name().gt(bound()))),
    }
}

/// Identifiers break ties in the direction of the last key.
fn tie_descends(keys: &[OrderKey]) -> bool {
    keys.last().is_some_and(|key| key.descending)
}

/// Adds the order to a statement.
pub(in crate::store) fn order(
    select: &mut SelectStatement,
    table: &str,
    keys: &[OrderKey],
    backward: bool,
) {
    for key in keys {
        let down = key.descending != backward;
        let name = column(table, key.column());
        match (key.nullable(), down) {
            (false, down) => select.order_by_expr(name, direction(down)),
            (true, true) => select.order_by_expr_with_nulls(name, Order::Desc, NullOrdering::First),
            (true, false) => select.order_by_expr_with_nulls(name, Order::Asc, NullOrdering::Last),
        };
    }
    select.order_by_expr(column(table, "id"), direction(tie_descends(keys) != backward));
}

/// The order of a statement that joins others, by the names of their columns.
pub(in crate::store) fn order_by_names<'a>(
    keys: &[OrderKey],
    names: impl Iterator<Item = &'a str>,
    backward: bool,
) -> String {
    let mut order = String::new();
    for (key, name) in keys.iter().zip(names) {
        let words = match (key.nullable(), key.descending != backward) {
            (false, false) => "ASC",
            (false, true) => "DESC",
            (true, false) => "ASC NULLS LAST",
            (true, true) => "DESC NULLS FIRST",
        };
        order.push_str(&format!("\"{name}\" {words}, "));
    }
    order + if tie_descends(keys) == backward { "\"id\" ASC" } else { "\"id\" DESC" }
}

const fn direction(down: bool) -> Order {
    if down { Order::Desc } else { Order::Asc }
}
