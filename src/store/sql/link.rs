//! Statements on a connection to either database. They go to sqlx directly; the results are read
//! the way sea-orm reads them.

use std::{io, sync::Arc, time::Duration};

use sea_orm::{
    DbErr, QueryResult, RuntimeErr, Statement,
    sqlx::{
        self, AssertSqlSafe, Executor, Postgres, Sqlite, database::HasStatementCache, query::Query,
    },
};
use sea_query_sqlx::SqlxValues;
use tokio::time::timeout;
use tracing::instrument;

use crate::store::sql::{
    columns::StatementParameters,
    connections::{Connections, PooledConnection},
};

/// The pool that connections are taken from.
#[derive(Clone)]
pub(in crate::store) enum ConnectionSource {
    /// Connections to a PostgreSQL server.
    Postgres(Connections<Postgres>),
    /// Connections to an SQLite file.
    Sqlite(Connections<Sqlite>),
}

/// A connection in use.
pub(in crate::store) enum DbConnection {
    /// A PostgreSQL session, returned to its pool when dropped.
    Postgres(PooledConnection<Postgres>),
    /// An SQLite connection, returned to its pool when dropped.
    Sqlite(PooledConnection<Sqlite>),
}

/// The same on either connection: `held` is the connection in use.
macro_rules! either {
    ($link:expr, $held:ident => $act:expr) => {
        match $link {
            DbConnection::Postgres($held) => $act,
            DbConnection::Sqlite($held) => $act,
        }
    };
}

/// The same with parameters, which must be of the same database.
macro_rules! with {
    ($link:expr, $given:expr, $held:ident, $arguments:ident => $act:expr) => {
        match ($link, $given) {
            (DbConnection::Postgres($held), StatementParameters::Postgres($arguments)) => $act,
            (DbConnection::Sqlite($held), StatementParameters::Sqlite($arguments)) => $act,
            _ => Err(DbErr::Type("parameters of another database".to_owned())),
        }
    };
}

impl ConnectionSource {
    /// A connection.
    ///
    /// # Errors
    ///
    /// [`DbErr::ConnectionAcquire`] or [`DbErr::Conn`] when there is none.
    pub(in crate::store) async fn take(&self) -> Result<DbConnection, DbErr> {
        Ok(match self {
            Self::Postgres(connections) => DbConnection::Postgres(connections.take().await?),
            Self::Sqlite(connections) => DbConnection::Sqlite(connections.take().await?),
        })
    }
}

impl DbConnection {
    /// All rows of a statement.
    ///
    /// # Errors
    ///
    /// [`DbErr::Query`].
    #[instrument(name = "statement", level = "debug", skip_all, fields(kind = verb(&statement.sql)))]
    pub(in crate::store) async fn all(
        &mut self,
        statement: Statement,
    ) -> Result<Vec<QueryResult>, DbErr> {
        either!(self, held => {
            let patience = held.patience();
            let answer = in_time(patience, query(statement).fetch_all(held.ask()?)).await;
            let rows = held.answered(answer).map_err(of_query)?;
            Ok(rows.into_iter().map(QueryResult::from).collect())
        })
    }

    /// The first row of a statement.
    ///
    /// # Errors
    ///
    /// [`DbErr::Query`].
    #[instrument(name = "statement", level = "debug", skip_all, fields(kind = verb(&statement.sql)))]
    pub(in crate::store) async fn one(
        &mut self,
        statement: Statement,
    ) -> Result<Option<QueryResult>, DbErr> {
        either!(self, held => {
            let patience = held.patience();
            let answer = in_time(patience, query(statement).fetch_optional(held.ask()?)).await;
            Ok(held.answered(answer).map_err(of_query)?.map(QueryResult::from))
        })
    }

    /// Number of rows a statement touched.
    ///
    /// # Errors
    ///
    /// [`DbErr::Exec`].
    #[instrument(name = "statement", level = "debug", skip_all, fields(kind = verb(&statement.sql)))]
    pub(in crate::store) async fn run(&mut self, statement: Statement) -> Result<u64, DbErr> {
        either!(self, held => {
            let patience = held.patience();
            let answer = in_time(patience, query(statement).execute(held.ask()?)).await;
            Ok(held.answered(answer).map_err(of_exec)?.rows_affected())
        })
    }

    /// All rows of a statement that stays the same, with its parameters.
    ///
    /// # Errors
    ///
    /// [`DbErr::Query`]; [`DbErr::Type`] for parameters of the other database.
    #[instrument(name = "statement", level = "debug", skip_all, fields(kind = verb(&sql)))]
    pub(in crate::store) async fn all_with(
        &mut self,
        sql: Arc<str>,
        arguments: StatementParameters,
    ) -> Result<Vec<QueryResult>, DbErr> {
        let stays = sql.len() <= MOST_PREPARED;
        with!(self, arguments, held, arguments => {
            let patience = held.patience();
            let answer = in_time(patience, sqlx::query_with(AssertSqlSafe(sql), arguments).persistent(stays).fetch_all(held.ask()?)).await;
            let rows = held.answered(answer).map_err(of_query)?;
            Ok(rows.into_iter().map(QueryResult::from).collect())
        })
    }

    /// The first row of a statement that stays the same, with its parameters.
    ///
    /// # Errors
    ///
    /// [`DbErr::Query`]; [`DbErr::Type`] for parameters of the other database.
    #[instrument(name = "statement", level = "debug", skip_all, fields(kind = verb(&sql)))]
    pub(in crate::store) async fn one_with(
        &mut self,
        sql: Arc<str>,
        arguments: StatementParameters,
    ) -> Result<Option<QueryResult>, DbErr> {
        let stays = sql.len() <= MOST_PREPARED;
        with!(self, arguments, held, arguments => {
            let patience = held.patience();
            let answer = in_time(patience, sqlx::query_with(AssertSqlSafe(sql), arguments).persistent(stays).fetch_optional(held.ask()?)).await;
            Ok(held.answered(answer).map_err(of_query)?.map(QueryResult::from))
        })
    }

    /// Number of rows touched by a statement that stays the same, with its parameters.
    ///
    /// # Errors
    ///
    /// [`DbErr::Exec`]; [`DbErr::Type`] for parameters of the other database.
    #[instrument(name = "statement", level = "debug", skip_all, fields(kind = verb(&sql)))]
    pub(in crate::store) async fn run_with(
        &mut self,
        sql: Arc<str>,
        arguments: StatementParameters,
    ) -> Result<u64, DbErr> {
        let stays = sql.len() <= MOST_PREPARED;
        with!(self, arguments, held, arguments => {
            let patience = held.patience();
            let answer = in_time(patience, sqlx::query_with(AssertSqlSafe(sql), arguments).persistent(stays).execute(held.ask()?)).await;
            Ok(held.answered(answer).map_err(of_exec)?.rows_affected())
        })
    }

    /// Begins a transaction that writes.
    ///
    /// # Errors
    ///
    /// [`DbErr::Exec`].
    #[instrument(name = "statement", level = "debug", skip_all, fields(kind = "BEGIN"))]
    pub(in crate::store) async fn begin(&mut self) -> Result<(), DbErr> {
        let sql = if matches!(self, Self::Postgres(_)) { "BEGIN" } else { "BEGIN IMMEDIATE" };
        either!(self, held => {
            held.opened();
            let patience = held.patience();
            let answer = in_time(patience, held.ask()?.execute(sql)).await;
            held.answered(answer).map_err(of_exec)?;
            Ok(())
        })
    }

    /// Begins a transaction that reads one state of the store, however long it takes.
    ///
    /// # Errors
    ///
    /// [`DbErr::Exec`].
    #[instrument(name = "statement", level = "debug", skip_all, fields(kind = "BEGIN"))]
    pub(in crate::store) async fn begin_reading(&mut self) -> Result<(), DbErr> {
        // A cursor is read to its end, so the plan is optimised for all rows; compiling it would
        // cost more than it saves. The time between two statements depends on the reader and is
        // limited elsewhere.
        let sql = if matches!(self, Self::Postgres(_)) {
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL cursor_tuple_fraction = 1; SET LOCAL jit = off; \
             SET LOCAL idle_in_transaction_session_timeout = '5min'"
        } else {
            "BEGIN"
        };
        either!(self, held => {
            held.opened();
            let patience = held.patience();
            let answer = in_time(patience, held.ask()?.execute(sql)).await;
            held.answered(answer).map_err(of_exec)?;
            Ok(())
        })
    }

    /// All rows of a statement without parameters that must not be cached as prepared: its result
    /// depends on the transaction.
    ///
    /// # Errors
    ///
    /// [`DbErr::Query`].
    #[instrument(name = "statement", level = "debug", skip_all, fields(kind = verb(&sql)))]
    pub(in crate::store) async fn passing(
        &mut self,
        sql: String,
    ) -> Result<Vec<QueryResult>, DbErr> {
        either!(self, held => {
            let patience = held.patience();
            let answer = in_time(patience, sqlx::query(AssertSqlSafe(sql)).persistent(false).fetch_all(held.ask()?)).await;
            let rows = held.answered(answer).map_err(of_query)?;
            Ok(rows.into_iter().map(QueryResult::from).collect())
        })
    }

    /// Ends the transaction by `COMMIT` or `ROLLBACK`.
    ///
    /// # Errors
    ///
    /// [`DbErr::Exec`] when it is not known to have ended; the connection is closed then.
    #[instrument(name = "statement", level = "debug", skip_all, fields(kind = sql))]
    pub(in crate::store) async fn end(&mut self, sql: &'static str) -> Result<(), DbErr> {
        either!(self, held => {
            let patience = held.patience();
            let answer = in_time(patience, held.ask()?.execute(sql)).await;
            held.answered(answer).map_err(of_exec)?;
            held.ended();
            Ok(())
        })
    }
}

/// The kind of a statement: its first word. The rest must not be logged.
fn verb(sql: &str) -> &str {
    sql.split_whitespace().next().unwrap_or_default()
}

/// Waits for the answer of a connection, up to a limit.
async fn in_time<T>(
    patience: Duration,
    answer: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    let silent = || {
        sqlx::Error::Io(io::Error::new(
            io::ErrorKind::TimedOut,
            "the database did not answer in time",
        ))
    };
    timeout(patience, answer).await.unwrap_or_else(|_| Err(silent()))
}

/// Longest statement that stays prepared, in bytes. A longer one, such as the page of a province with
/// a part for each region, costs a connection megabytes that it keeps, and is planned each time.
const MOST_PREPARED: usize = 16 * 1024;

/// A statement for sqlx, prepared and cached by its text.
fn query<D: sqlx::Database + HasStatementCache>(
    statement: Statement,
) -> Query<'static, D, SqlxValues>
where
    SqlxValues: sqlx::IntoArguments<D>,
{
    let values = statement.values.unwrap_or(sea_orm::sea_query::Values(Vec::new()));
    let stays = statement.sql.len() <= MOST_PREPARED;
    sqlx::query_with(AssertSqlSafe(statement.sql), SqlxValues(values)).persistent(stays)
}

fn of_query(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(Arc::new(error)))
}

fn of_exec(error: sqlx::Error) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(Arc::new(error)))
}
