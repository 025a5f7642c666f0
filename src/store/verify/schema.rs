//! Tables, columns, indexes and triggers against those that the migrations make, and the list of
//! migrations against the program's.
//!
//! What is awaited is read from an empty SQLite store in memory on which whoever knows the
//! migrations has run them.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{
    ConnectOptions, ConnectionTrait as _, Database as SeaDatabase, DatabaseConnection, DbBackend,
    QueryResult, Statement,
};

use crate::{
    error::HubError,
    store::{proof::triggers, sql::database::Database, verify::Check},
};

/// Names of things with what they are, in one way of writing.
type Things = BTreeMap<String, String>;

/// An index that only PostgreSQL has: on SQLite the place in the order is the number of the row.
const ONLY_POSTGRES: &str = "ix_change_events_transaction_id_position";

/// What makes up a store.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    tables: Things,
    /// By table and name.
    columns: Things,
    indexes: Things,
    triggers: Things,
    migrations: Things,
}

/// An empty store in memory.
///
/// # Errors
///
/// What the database says.
pub async fn blank() -> Result<DatabaseConnection, HubError> {
    let mut options = ConnectOptions::new("sqlite::memory:");
    options.min_connections(1).max_connections(1).sqlx_logging(false);
    Ok(SeaDatabase::connect(options).await?)
}

impl Schema {
    /// What the migrations have made of an empty store, with the triggers that the hub adds.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn made(blank: &DatabaseConnection) -> Result<Self, HubError> {
        triggers::watch(blank).await?;
        Self::of_sqlite(blank).await
    }

    async fn of_sqlite(store: &DatabaseConnection) -> Result<Self, HubError> {
        let own = "name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
        let parts = |kinds: &str| {
            format!(
                "SELECT name, COALESCE(sql, '') FROM sqlite_master WHERE type IN ({kinds}) AND {own}"
            )
        };
        let columns = format!(
            "SELECT m.name || '.' || c.name, lower(c.type) || CASE WHEN c.\"notnull\" <> 0 OR c.pk <> 0 THEN ' needed' ELSE '' END \
             FROM sqlite_master AS m, pragma_table_xinfo(m.name) AS c WHERE m.type = 'table' AND m.{own}"
        );
        Ok(Self {
            tables: things(store, &parts("'table', 'view'")).await?,
            columns: things(store, &columns).await?,
            indexes: things(store, &parts("'index'")).await?,
            triggers: things(store, &parts("'trigger'")).await?,
            migrations: things(store, "SELECT version, '' FROM seaql_migrations").await?,
        })
    }

    /// Of what is the hub's: an extension may bring tables of its own.
    async fn of_postgres(store: &DatabaseConnection) -> Result<Self, HubError> {
        let own = |catalogue: &str, id: &str| {
            format!(
                "NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = '{catalogue}'::regclass AND d.objid = {id} AND d.deptype = 'e')"
            )
        };
        let relations = format!(
            "FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'f', 'v', 'm') AND {}",
            own("pg_class", "c.oid")
        );
        let tables = format!("SELECT c.relname::text, '' {relations}");
        let columns = format!(
            "SELECT n.table_name || '.' || n.column_name, n.data_type || CASE n.is_nullable WHEN 'NO' THEN ' needed' ELSE '' END \
             FROM information_schema.columns n WHERE n.table_schema = current_schema() \
             AND n.table_name IN (SELECT c.relname {relations} AND c.relkind <> 'v')"
        );
        // Those that keys and constraints bring along go with them.
        let indexes = "SELECT i.relname::text, CASE WHEN x.indisvalid THEN '' ELSE 'not valid' END FROM pg_index x \
                       JOIN pg_class i ON i.oid = x.indexrelid WHERE i.relnamespace = current_schema()::regnamespace \
                       AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.oid)";
        Ok(Self {
            tables: things(store, &tables).await?,
            columns: things(store, &columns).await?,
            indexes: things(store, indexes).await?,
            triggers: things(store, triggers::INSTALLED).await?,
            migrations: things(store, "SELECT version, '' FROM seaql_migrations").await?,
        })
    }

    /// What it is on PostgreSQL: statements differ, names and kinds of values do not.
    async fn on_postgres(&self, store: &DatabaseConnection) -> Result<Self, HubError> {
        let names = |things: &Things| -> Things {
            things.keys().map(|name| (name.clone(), String::new())).collect()
        };
        let mut indexes = names(&self.indexes);
        indexes.insert(ONLY_POSTGRES.to_owned(), String::new());
        Ok(Self {
            tables: names(&self.tables),
            columns: self.columns.clone(),
            indexes,
            triggers: triggers::awaited(store)
                .await?
                .into_iter()
                .map(|(name, does)| (name, plain(&does)))
                .collect(),
            migrations: self.migrations.clone(),
        })
    }
}

/// Names and texts of a statement; where it cannot be made because of what is missing there is
/// nothing, which is found then.
async fn things(store: &DatabaseConnection, sql: &str) -> Result<Things, HubError> {
    let rows = match store
        .query_all_raw(Statement::from_string(store.get_database_backend(), sql))
        .await
        .map_err(HubError::from)
    {
        Ok(rows) => rows,
        Err(HubError::Internal(_)) => Vec::new(),
        Err(error) => return Err(error),
    };
    let text = |row: &QueryResult, index: usize| {
        row.try_get_by_index::<String>(index).unwrap_or_else(|_| "?".to_owned())
    };
    Ok(rows.iter().map(|row| (text(row, 0), plain(&text(row, 1)))).collect())
}

/// A statement whatever it is quoted and spaced like.
fn plain(sql: &str) -> String {
    sql.chars()
        .filter(|letter| !letter.is_whitespace() && !matches!(letter, '"' | '`' | '[' | ']'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether a type of SQLite and one of PostgreSQL are of the same values.
fn same_type(sqlite: &str, postgres: &str) -> bool {
    let (sqlite, needed) = sqlite.strip_suffix("needed").map_or((sqlite, false), |of| (of, true));
    let (postgres, must) =
        postgres.strip_suffix("needed").map_or((postgres, false), |of| (of, true));
    let awaited: &[&str] = match sqlite {
        "integer" | "bigint" => &["integer", "bigint"],
        "varchar" => &["charactervarying"],
        "date_text" => &["date"],
        "timestamp_with_timezone_text" => &["timestampwithtimezone"],
        "uuid_text" => &["uuid"],
        "blob" => &["bytea"],
        _ => &[sqlite],
    };
    needed == must && awaited.contains(&postgres)
}

/// Compares a store with what the migrations make.
///
/// # Errors
///
/// What the database says.
pub async fn compared(database: &Database, made: &Schema) -> Result<Vec<Check>, HubError> {
    let store = database.migrations();
    let postgres = database.backend() == DbBackend::Postgres;
    let (found, awaited) = if postgres {
        (Schema::of_postgres(store).await?, made.on_postgres(store).await?)
    } else {
        (Schema::of_sqlite(store).await?, made.clone())
    };
    let equal = |one: &str, other: &str| one == other;
    let typed = if postgres { same_type } else { equal };
    // Columns of a table that is gone or foreign are gone or foreign with it.
    let tables: BTreeSet<&String> =
        found.tables.keys().filter(|table| awaited.tables.contains_key(*table)).collect();
    let of_both = |columns: &Things| -> Things {
        let own = |name: &String| {
            name.split_once('.').is_some_and(|(table, _)| tables.contains(&table.to_owned()))
        };
        columns
            .iter()
            .filter(|(name, _)| own(name))
            .map(|(name, of)| (name.clone(), of.clone()))
            .collect()
    };
    Ok(vec![
        same("tables", "", &found.tables, &awaited.tables, equal),
        same("columns", "", &of_both(&found.columns), &of_both(&awaited.columns), typed),
        same("indexes", "index ", &found.indexes, &awaited.indexes, equal),
        same("triggers", "trigger ", &found.triggers, &awaited.triggers, equal),
        same("migrations", "seaql_migrations ", &found.migrations, &awaited.migrations, equal),
    ])
}

fn same(
    what: &str,
    kind: &str,
    found: &Things,
    awaited: &Things,
    equal: fn(&str, &str) -> bool,
) -> Check {
    let mut check = Check::new(&format!(
        "schema: {what} are those that this program makes (else: lianfang migrate)"
    ));
    check.looked = i64::try_from(found.len()).unwrap_or(i64::MAX);
    for (name, of) in awaited {
        match found.get(name) {
            None => check.fault(format!("{kind}{name} is gone")),
            Some(is) if !equal(of, is) => check.fault(format!("{kind}{name} is another")),
            Some(_) => {}
        }
    }
    for name in found.keys().filter(|name| !awaited.contains_key(*name)) {
        check.fault(format!("{kind}{name} was put in"));
    }
    check
}
