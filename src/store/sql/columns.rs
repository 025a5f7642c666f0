//! Rows to be written to a table, column by column.
//!
//! On PostgreSQL each column is one array of its type, empty values included, and `unnest` makes
//! rows of them again; a single row goes as plain parameters, which is cheaper. On SQLite the rows
//! are one JSON text, as that has no arrays. The text of a statement depends on the columns and on
//! whether the row is single, never on the number of rows.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use sea_orm::{
    DbBackend,
    sqlx::{
        Arguments as _, Encode, Postgres, Type as SqlType, postgres::PgArguments,
        postgres::PgHasArrayType, sqlite::SqliteArguments,
    },
};
use serde::ser::{Serialize, SerializeSeq, Serializer};
use uuid::Uuid;

use crate::error::HubError;

/// Type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Type {
    Id,
    Text,
    Int,
    BigInt,
    Bool,
    Date,
    Instant,
    Bytes,
}

/// The values of one column, a value for each row.
pub(in crate::store) enum ColumnValues<'a> {
    Ids(Vec<Uuid>),
    Texts(Vec<Option<&'a str>>),
    Ints(Vec<Option<i32>>),
    BigInts(Vec<Option<i64>>),
    Bools(Vec<Option<bool>>),
    Dates(Vec<Option<NaiveDate>>),
    Instants(Vec<Option<DateTime<Utc>>>),
    Bytes(Vec<Option<&'a [u8]>>),
}

/// Name and type of each column of a statement, in order.
pub(in crate::store) type Layout<'a> = [(&'a str, Type)];

/// The parameters of a statement, in the order in which they are numbered.
pub(in crate::store) enum StatementParameters {
    /// Arguments bound to `$1`, `$2` and so on.
    Postgres(PgArguments),
    /// Arguments bound to `?1`, `?2` and so on.
    Sqlite(SqliteArguments),
}

impl Type {
    const fn postgres(self) -> &'static str {
        match self {
            Self::Id => "uuid",
            Self::Text => "text",
            Self::Int => "integer",
            Self::BigInt => "bigint",
            Self::Bool => "boolean",
            Self::Date => "date",
            Self::Instant => "timestamptz",
            Self::Bytes => "bytea",
        }
    }
}

/// The source of a statement's rows: a table `x` with the columns of the layout. The first
/// parameter has the number `first`.
pub(in crate::store) fn rows(
    backend: DbBackend,
    layout: &Layout<'_>,
    first: usize,
    single: bool,
) -> String {
    let list = |part: &dyn Fn(usize, &str, Type) -> String| {
        layout
            .iter()
            .enumerate()
            .map(|(index, (name, of))| part(index, name, *of))
            .collect::<Vec<_>>()
            .join(", ")
    };
    if backend != DbBackend::Postgres {
        let parts = list(&|index, name, of| match of {
            Type::Id | Type::Bytes => format!("unhex(value->>{index}) AS \"{name}\""),
            _ => format!("value->>{index} AS \"{name}\""),
        });
        format!("(SELECT {parts} FROM json_each(?{first})) AS x")
    } else if single {
        format!(
            "(SELECT {}) AS x",
            list(&|index, name, of| format!("${}::{} AS \"{name}\"", first + index, of.postgres()))
        )
    } else {
        // Were the arrays the arguments of `unnest`, the planner would look at their lengths, find
        // a plan for few rows better than one for any number, and make it anew at every call.
        let arrays =
            list(&|index, _, of| format!("${}::{}[] AS c{index}", first + index, of.postgres()));
        let parts = list(&|index, _, _| format!("p.c{index}"));
        let names = list(&|_, name, _| format!("\"{name}\""));
        format!(
            "(WITH p AS MATERIALIZED (SELECT {arrays}) SELECT x.* FROM p, unnest({parts}) AS x({names})) AS x"
        )
    }
}

/// Number of parameters that the rows of a layout take.
pub(in crate::store) const fn width(backend: DbBackend, layout: &Layout<'_>) -> usize {
    if matches!(backend, DbBackend::Postgres) { layout.len() } else { 1 }
}

/// A numbered parameter: `$3` on PostgreSQL, `?3` on SQLite.
pub(in crate::store) fn placeholder(backend: DbBackend, number: usize) -> String {
    format!("{}{number}", if backend == DbBackend::Postgres { '$' } else { '?' })
}

impl StatementParameters {
    /// An empty list for this database.
    pub(in crate::store) fn new(backend: DbBackend) -> Self {
        if backend == DbBackend::Postgres {
            Self::Postgres(PgArguments::default())
        } else {
            Self::Sqlite(SqliteArguments::default())
        }
    }

    /// Adds rows, as [`rows`] numbers them.
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] when a value is too long for the database.
    pub(in crate::store) fn rows(
        &mut self,
        columns: &[ColumnValues<'_>],
        single: bool,
    ) -> Result<(), HubError> {
        match self {
            Self::Postgres(arguments) => columns.iter().try_for_each(|column| match column {
                ColumnValues::Ids(ids) => array(arguments, ids, single),
                ColumnValues::Texts(texts) => array(arguments, texts, single),
                ColumnValues::Ints(numbers) => array(arguments, numbers, single),
                ColumnValues::BigInts(numbers) => array(arguments, numbers, single),
                ColumnValues::Bools(words) => array(arguments, words, single),
                ColumnValues::Dates(days) => array(arguments, days, single),
                ColumnValues::Instants(instants) => array(arguments, instants, single),
                ColumnValues::Bytes(bytes) => array(arguments, bytes, single),
            }),
            Self::Sqlite(arguments) => {
                let rows = columns.first().map_or(0, ColumnValues::len);
                let rows: Vec<JsonRow<'_, '_>> =
                    (0..rows).map(|row| JsonRow(columns, row)).collect();
                let text = serde_json::to_string(&rows).map_err(HubError::internal)?;
                arguments.add(text).map_err(HubError::internal)
            }
        }
    }

    /// Adds a text.
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] when it is too long for the database.
    pub(in crate::store) fn text(&mut self, text: &str) -> Result<(), HubError> {
        match self {
            Self::Postgres(arguments) => arguments.add(text),
            Self::Sqlite(arguments) => arguments.add(text.to_owned()),
        }
        .map_err(HubError::internal)
    }

    /// Adds a number.
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] never, but as the others.
    pub(in crate::store) fn number(&mut self, number: i64) -> Result<(), HubError> {
        match self {
            Self::Postgres(arguments) => arguments.add(number),
            Self::Sqlite(arguments) => arguments.add(number),
        }
        .map_err(HubError::internal)
    }

    /// Adds a list of texts, for [`among`].
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] when it is too long for the database.
    pub(in crate::store) fn texts(&mut self, texts: &[String]) -> Result<(), HubError> {
        match self {
            Self::Postgres(arguments) => arguments.add(texts),
            Self::Sqlite(arguments) => {
                arguments.add(serde_json::to_string(texts).map_err(HubError::internal)?)
            }
        }
        .map_err(HubError::internal)
    }

    /// Adds an instant.
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] never, but as the others.
    pub(in crate::store) fn instant(&mut self, at: DateTime<Utc>) -> Result<(), HubError> {
        match self {
            Self::Postgres(arguments) => arguments.add(at),
            Self::Sqlite(arguments) => arguments.add(instant(at)),
        }
        .map_err(HubError::internal)
    }
}

/// Condition: `column` equals one of the texts in the parameter with this number.
pub(in crate::store) fn among(backend: DbBackend, column: &str, number: usize) -> String {
    if backend == DbBackend::Postgres {
        format!("{column} = ANY(${number})")
    } else {
        format!("{column} IN (SELECT value FROM json_each(?{number}))")
    }
}

fn array<'a, T>(arguments: &mut PgArguments, values: &'a [T], single: bool) -> Result<(), HubError>
where
    T: Copy + Encode<'a, Postgres> + SqlType<Postgres> + PgHasArrayType,
{
    match values {
        [value] if single => arguments.add(*value),
        _ => arguments.add(values),
    }
    .map_err(HubError::internal)
}

/// An instant as SQLite stores it: to the microsecond, in UTC.
fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, false)
}

/// Bytes as hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl ColumnValues<'_> {
    fn len(&self) -> usize {
        match self {
            Self::Ids(ids) => ids.len(),
            Self::Texts(texts) => texts.len(),
            Self::Ints(numbers) => numbers.len(),
            Self::BigInts(numbers) => numbers.len(),
            Self::Bools(words) => words.len(),
            Self::Dates(days) => days.len(),
            Self::Instants(instants) => instants.len(),
            Self::Bytes(bytes) => bytes.len(),
        }
    }
}

/// One row as a list in JSON.
struct JsonRow<'a, 'b>(&'a [ColumnValues<'b>], usize);

impl Serialize for JsonRow<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let at = self.1;
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for column in self.0 {
            match column {
                ColumnValues::Ids(ids) => {
                    list.serialize_element(&ids.get(at).map(|id| id.simple().to_string()))
                }
                ColumnValues::Texts(texts) => list.serialize_element(&texts.get(at)),
                ColumnValues::Ints(numbers) => list.serialize_element(&numbers.get(at)),
                ColumnValues::BigInts(numbers) => list.serialize_element(&numbers.get(at)),
                ColumnValues::Bools(words) => list.serialize_element(&words.get(at)),
                ColumnValues::Dates(days) => list
                    .serialize_element(&days.get(at).copied().flatten().map(|day| day.to_string())),
                ColumnValues::Instants(all) => {
                    list.serialize_element(&all.get(at).copied().flatten().map(instant))
                }
                ColumnValues::Bytes(bytes) => {
                    list.serialize_element(&bytes.get(at).copied().flatten().map(hex))
                }
            }?;
        }
        list.end()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use sea_orm::Statement;

    use super::*;
    use crate::store::sql::database::{Database, PoolLimits};

    #[tokio::test]
    async fn postgresql_keeps_the_plan_of_a_statement_that_is_given_few_rows() {
        let url = std::env::var("LIANFANG_TEST_POSTGRES_URL")
            .expect("LIANFANG_TEST_POSTGRES_URL is set: run the tests through ./check");
        let limits = PoolLimits { connections: 1, ..PoolLimits::default() };
        let database = Database::connect(&url, limits).await.expect("the server answers");
        let backend = database.backend();
        let plain = |sql: String| Statement::from_string(backend, sql);
        let table = format!("t_{}", Uuid::now_v7().simple());
        // Each row is dear, so that a plan for a few looks better than one for any number.
        for sql in [
            format!("CREATE TABLE {table} AS SELECT n FROM generate_series(1, 20000) AS n"),
            format!("ANALYZE {table}"),
        ] {
            let none = StatementParameters::new(backend);
            database.run_with(sql.into(), none).await.expect("done");
        }
        let layout = [("n", Type::Int), ("word", Type::Text)];
        let rows = rows(backend, &layout, 1, false);
        let sql: Arc<str> = format!(
            "SELECT x.n FROM {rows} WHERE (SELECT TRUE FROM {table} t WHERE t.n = x.n) IS NULL"
        )
        .into();
        for turn in 1..=8 {
            let mut arguments = StatementParameters::new(backend);
            let columns =
                [ColumnValues::Ints(vec![Some(-turn)]), ColumnValues::Texts(vec![Some("few")])];
            arguments.rows(&columns, false).expect("parameters");
            let found = database.all_with(Arc::clone(&sql), arguments).await.expect("rows");
            assert_eq!(found.len(), 1);
        }
        let kept = plain(format!(
            "SELECT SUM(generic_plans)::bigint FROM pg_prepared_statements WHERE statement LIKE '%{table} t %'"
        ));
        let kept = database.one(kept).await.expect("an answer").expect("a row");
        let none = StatementParameters::new(backend);
        database.run_with(format!("DROP TABLE {table}").into(), none).await.expect("gone");
        let kept: i64 = kept.try_get_by_index(0).expect("a number");
        assert!(kept >= 3, "five are tried first: {kept}");
    }
}
