//! One value of a record, independent of how the database stores it.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use entity::catalogue::{Field, Kind};
use sea_orm::{
    DbErr, QueryResult, RuntimeErr, TryGetable, Value,
    sqlx::{Decode, Postgres, Row as _},
};

use crate::domain::{clock, money::Fen};

/// The value of one field of a record, or the lack of one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Cell {
    /// No value: the column is NULL, or the caller may not see it.
    Null,
    /// Text or the code of a code table.
    Text(String),
    /// Whole number; amounts of money are in fen.
    Int(i64),
    /// True or false.
    Bool(bool),
    /// Calendar day, without a time zone.
    Date(NaiveDate),
    /// Instant in UTC, to the microsecond.
    Instant(DateTime<Utc>),
    /// Encrypted bytes, as stored.
    Sealed(Vec<u8>),
}

impl Cell {
    /// Reads the value of a field from a column of a result.
    pub(in crate::store) fn read(
        field: &Field,
        row: &QueryResult,
        index: usize,
    ) -> Result<Self, DbErr> {
        fn some<T>(value: Option<T>, make: impl Fn(T) -> Cell) -> Cell {
            value.map_or(Cell::Null, make)
        }
        if field.sealed {
            return Ok(some(value(row, index)?, Self::Sealed));
        }
        Ok(match field.kind {
            Kind::Text | Kind::Code(_) | Kind::Codes(_) => some(value(row, index)?, Self::Text),
            Kind::Int => some(value::<i32>(row, index)?, |number| Self::Int(number.into())),
            Kind::Money => some(value(row, index)?, Self::Int),
            Kind::Bool => some(value(row, index)?, Self::Bool),
            Kind::Date => some(value(row, index)?, Self::Date),
            Kind::DateTime => some(value(row, index)?, Self::Instant),
        })
    }

    /// The value as a parameter of a statement.
    pub(in crate::store) fn bind(&self, kind: Kind) -> Value {
        match (self, kind) {
            (Self::Text(text), _) => Value::from(text.as_str()),
            (Self::Int(number), Kind::Int) => {
                Value::from(i32::try_from(*number).unwrap_or(i32::MAX))
            }
            (Self::Int(number), _) => Value::from(*number),
            (Self::Bool(yes), _) => Value::from(*yes),
            (Self::Date(date), _) => Value::from(*date),
            (Self::Instant(instant), _) => Value::from(*instant),
            (Self::Sealed(bytes), _) => Value::from(bytes.clone()),
            (Self::Null, _) => Value::String(None),
        }
    }

    /// The value as text: canonical for digests and sealing, and as shown in JSON.
    #[must_use]
    pub fn text(&self, kind: Kind) -> Option<String> {
        Some(match self {
            Self::Null | Self::Sealed(_) => return None,
            Self::Text(text) => text.clone(),
            Self::Int(fen) if kind == Kind::Money => Fen(*fen).to_string(),
            Self::Int(number) => number.to_string(),
            Self::Bool(yes) => yes.to_string(),
            Self::Date(date) => date.to_string(),
            Self::Instant(instant) => shown(*instant),
        })
    }

    /// The inverse of [`Cell::text`]; `Null` when the text does not fit the kind.
    #[must_use]
    pub fn parse(kind: Kind, text: &str) -> Self {
        match kind {
            Kind::Text | Kind::Code(_) | Kind::Codes(_) => Self::Text(text.to_owned()),
            Kind::Int => text.parse().map_or(Self::Null, Self::Int),
            Kind::Money => Fen::parse_signed(text).map_or(Self::Null, |fen| Self::Int(fen.0)),
            Kind::Bool => text.parse().map_or(Self::Null, Self::Bool),
            Kind::Date => clock::parse_date(text).map_or(Self::Null, Self::Date),
            Kind::DateTime => clock::parse_instant(text).map_or(Self::Null, Self::Instant),
        }
    }

    /// The value in JSON.
    #[must_use]
    pub fn json(&self, kind: Kind) -> serde_json::Value {
        match self {
            Self::Null | Self::Sealed(_) => serde_json::Value::Null,
            Self::Int(number) if kind != Kind::Money => serde_json::Value::from(*number),
            Self::Bool(yes) => serde_json::Value::Bool(*yes),
            _ => self.text(kind).map_or(serde_json::Value::Null, serde_json::Value::String),
        }
    }

    /// The text of a text or code.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number of a number.
    #[must_use]
    pub const fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// Whether there is no value.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

/// The content of a column in a result. Its type is known from the catalogue, so that on PostgreSQL
/// the type is not compared by name for every value of every row.
pub(in crate::store) fn value<T>(row: &QueryResult, index: usize) -> Result<Option<T>, DbErr>
where
    T: TryGetable + for<'r> Decode<'r, Postgres>,
{
    match row.try_as_pg_row() {
        Some(row) => row
            .try_get_unchecked(index)
            .map_err(|error| DbErr::Query(RuntimeErr::SqlxError(Arc::new(error)))),
        None => row.try_get_by_index(index),
    }
}

/// An instant as shown: RFC 3339 in Asia/Shanghai, in seconds, with a fraction only where there is
/// one.
#[must_use]
pub fn shown(instant: DateTime<Utc>) -> String {
    let precision = if instant.timestamp_subsec_nanos() == 0 {
        SecondsFormat::Secs
    } else {
        SecondsFormat::Millis
    };
    chrono::FixedOffset::east_opt(8 * 3600).map_or_else(
        || instant.to_rfc3339(),
        |offset| instant.with_timezone(&offset).to_rfc3339_opts(precision, false),
    )
}
