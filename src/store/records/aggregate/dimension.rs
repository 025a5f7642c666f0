//! What rows are grouped by.

use std::cmp::Ordering;

use entity::catalogue::{Field, Kind};
use sea_orm::DbBackend;

use crate::{domain::disclosure::published::PublishedLevel, store::disclosure::plain};

/// What rows are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupDimension {
    /// A field as it is.
    Field(&'static Field),
    /// Calendar year of a date, in Asia/Shanghai.
    Year(&'static Field),
    /// Calendar month of a date (`2024-03`), in Asia/Shanghai.
    Month(&'static Field),
    /// Province of a region code.
    Province(&'static Field),
    /// City of a region code.
    City(&'static Field),
}

impl GroupDimension {
    /// All that a field offers.
    pub fn of(field: &'static Field) -> Vec<Self> {
        if !field.group || field.hidden {
            return Vec::new();
        }
        match field.kind {
            Kind::Date | Kind::DateTime => vec![Self::Year(field), Self::Month(field)],
            Kind::Code("region") => {
                vec![Self::Province(field), Self::City(field), Self::Field(field)]
            }
            _ => vec![Self::Field(field)],
        }
    }

    /// How finely it tells its field.
    #[must_use]
    pub const fn level(&self) -> PublishedLevel {
        match self {
            Self::Field(field) => plain(field.kind),
            Self::Year(_) => PublishedLevel::Year,
            Self::Month(_) => PublishedLevel::Month,
            Self::Province(_) => PublishedLevel::Province,
            Self::City(_) => PublishedLevel::City,
        }
    }

    /// The field behind it.
    #[must_use]
    pub const fn field(&self) -> &'static Field {
        match self {
            Self::Field(field)
            | Self::Year(field)
            | Self::Month(field)
            | Self::Province(field)
            | Self::City(field) => field,
        }
    }

    /// Name of the enum value: `OCCURRED_AT_YEAR`.
    #[must_use]
    pub fn name(&self) -> String {
        let base = self.field().column.to_uppercase();
        match self {
            Self::Field(_) => base,
            Self::Year(_) => format!("{base}_YEAR"),
            Self::Month(_) => format!("{base}_MONTH"),
            Self::Province(_) => format!("{}_PROVINCE", base.trim_end_matches("_CODE")),
            Self::City(_) => format!("{}_CITY", base.trim_end_matches("_CODE")),
        }
    }

    pub(super) fn sql(&self, backend: DbBackend, table: &str) -> String {
        let column = format!("\"{table}\".\"{}\"", self.field().column);
        let instant = self.field().kind == Kind::DateTime;
        let date = |postgres: &str, sqlite: &str| match (backend, instant) {
            (DbBackend::Postgres, true) => {
                format!("to_char({column} AT TIME ZONE 'Asia/Shanghai', '{postgres}')")
            }
            (DbBackend::Postgres, false) => format!("to_char({column}, '{postgres}')"),
            (_, true) => format!("strftime('{sqlite}', {column}, '+8 hours')"),
            (_, false) => format!("strftime('{sqlite}', {column})"),
        };
        match self {
            Self::Field(field) if field.kind == Kind::Bool => {
                format!(
                    "CASE WHEN {column} IS NULL THEN NULL WHEN {column} THEN 'true' ELSE 'false' END"
                )
            }
            Self::Field(field) if field.kind == Kind::Int => format!("CAST({column} AS TEXT)"),
            Self::Field(_) => column,
            Self::Year(_) => date("YYYY", "%Y"),
            Self::Month(_) => date("YYYY-MM", "%Y-%m"),
            Self::Province(_) => format!("substr({column}, 1, 2) || '0000'"),
            Self::City(_) => format!("substr({column}, 1, 4) || '00'"),
        }
    }

    /// Groups in the order of this key: numbers as numbers, texts by their bytes, empty ones last.
    pub(super) fn compare(&self, left: Option<&str>, right: Option<&str>) -> Ordering {
        let number = |text: &str| text.parse::<i64>().unwrap_or_default();
        match (left, right) {
            (None, None) => Ordering::Equal,
            (None, _) => Ordering::Greater,
            (_, None) => Ordering::Less,
            (Some(left), Some(right)) if matches!(self, Self::Field(field) if field.kind == Kind::Int) => {
                number(left).cmp(&number(right))
            }
            (Some(left), Some(right)) => left.cmp(right),
        }
    }
}
