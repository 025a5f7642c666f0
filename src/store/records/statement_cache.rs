//! Statements that are the same for all callers with the same rights but for one value: a record by
//! its identifier, the records behind a link. Building their text costs more than running them, so
//! each is built once.

use std::sync::Arc;

use quick_cache::{Weighter, sync::Cache};
use sea_orm::{
    DbBackend, Statement, Value,
    sea_query::Values,
    sqlx::{IntoArguments, Postgres, Sqlite},
};
use sea_query_sqlx::SqlxValues;

use crate::{
    authz::scope::{Scope, ScopeNumber},
    error::HubError,
    store::{
        records::{column_plan::RowLayout, row::Selection},
        sql::columns::StatementParameters,
    },
};

/// Texts cached at most, in bytes.
const MOST_BYTES: u64 = 8 * 1024 * 1024;
/// Expected number of statements.
const STATEMENTS: usize = 2_048;

/// What a text depends on besides the database, which is the same for a running hub.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::store) struct StatementKey {
    /// The records that are read.
    pub main: ReadKey,
    /// Records joined to them, each behind a to-one link.
    pub beside: Vec<ReadKey>,
    /// Number of rows behind a to-many link for each record; `None` for all other reads.
    pub limit: Option<u64>,
}

/// One family in a statement.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::store) struct ReadKey {
    scope: ScopeNumber,
    /// Columns of the link it is reached by, on the side of the source and on its own.
    link: Option<(&'static str, &'static str)>,
    selection: Selection,
}

impl ReadKey {
    /// What is read of a family, and the columns of the link it is reached by.
    pub(in crate::store) fn new(
        scope: &Scope,
        link: Option<(&'static str, &'static str)>,
        selection: &Selection,
    ) -> Self {
        Self { scope: scope.number(), link, selection: selection.clone() }
    }
}

/// Statements by what they read; the least used ones are evicted.
#[derive(Debug)]
pub struct StatementCache(Cache<StatementKey, Arc<KnownStatement>, TextLength>);

/// Weight of a cached statement: the length of its text, and as much again for how it is read.
#[derive(Clone, Debug)]
struct TextLength;

impl Weighter<StatementKey, Arc<KnownStatement>> for TextLength {
    fn weight(&self, _: &StatementKey, known: &Arc<KnownStatement>) -> u64 {
        2 * known.sql.len() as u64
    }
}

impl Default for StatementCache {
    fn default() -> Self {
        Self(Cache::with_weighter(STATEMENTS, MOST_BYTES, TextLength))
    }
}

impl StatementCache {
    /// The statement for a key, built with a value where it is not known.
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] when the value does not stand in the statement exactly once.
    pub(in crate::store) fn get(
        &self,
        key: StatementKey,
        value: &Value,
        build: impl FnOnce() -> (Statement, Vec<RowLayout<'static>>),
    ) -> Result<Arc<KnownStatement>, HubError> {
        if let Some(known) = self.0.get(&key) {
            return Ok(known);
        }
        let (statement, layouts) = build();
        let known = KnownStatement::new(statement, value, layouts)
            .ok_or_else(|| HubError::internal("a statement without its one value"))?;
        let known = Arc::new(known);
        self.0.insert(key, Arc::clone(&known));
        Ok(known)
    }
}

/// A statement with the place of the one value that changes.
#[derive(Debug)]
pub(in crate::store) struct KnownStatement {
    /// Its text.
    pub sql: Arc<str>,
    values: Values,
    place: usize,
    /// How its rows are read: first the main record, then those beside it.
    pub layouts: Vec<RowLayout<'static>>,
}

impl KnownStatement {
    /// A statement that was built with this value. `None` when the value does not stand in it
    /// exactly once.
    fn new(
        statement: Statement,
        changing: &Value,
        layouts: Vec<RowLayout<'static>>,
    ) -> Option<Self> {
        let mut values = statement.values.unwrap_or_else(|| Values(Vec::new()));
        let mut places = values.0.iter().enumerate().filter(|(_, value)| *value == changing);
        let (place, _) = places.next().filter(|_| places.next().is_none())?;
        // Nothing of the request stays.
        if let Some(value) = values.0.get_mut(place) {
            *value = Value::Bool(None);
        }
        Some(Self { sql: statement.sql.into(), values, place, layouts })
    }

    /// Its parameters, with this value.
    pub(in crate::store) fn parameters(
        &self,
        backend: DbBackend,
        value: Value,
    ) -> StatementParameters {
        let mut values = self.values.clone();
        if let Some(own) = values.0.get_mut(self.place) {
            *own = value;
        }
        let values = SqlxValues(values);
        match backend {
            DbBackend::Postgres => {
                StatementParameters::Postgres(IntoArguments::<Postgres>::into_arguments(values))
            }
            _ => StatementParameters::Sqlite(IntoArguments::<Sqlite>::into_arguments(values)),
        }
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::{DbBackend, Statement, Value};

    use super::KnownStatement;

    fn known(values: [&str; 2], changing: &str) -> Option<KnownStatement> {
        let statement = Statement::from_sql_and_values(
            DbBackend::Sqlite,
            "SELECT ?, ?",
            values.map(Value::from),
        );
        KnownStatement::new(statement, &Value::from(changing), Vec::new())
    }

    #[test]
    fn a_statement_is_kept_without_the_value_of_the_first_request() {
        let kept = known(["constant", "first"], "first");
        assert!(!format!("{:?}", kept.expect("the value stands in it")).contains("first"));
    }

    #[test]
    fn a_value_that_is_not_in_a_statement_exactly_once_is_refused() {
        assert!(known(["a", "a"], "a").is_none());
        assert!(known(["a", "b"], "c").is_none());
    }
}
