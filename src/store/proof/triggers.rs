//! The triggers that write down which rows of a table were touched, and what each was before.

use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, TransactionTrait as _};

use crate::{
    error::HubError,
    store::{
        proof::{
            shape::{expression, typed, types},
            witnessed::{WITNESSED, Witnessed},
        },
        sql::{database::Database, statement::statement},
    },
};

impl Witnessed {
    /// The triggers of a table with these columns: what a row was before, if it was there, and that
    /// it was written.
    fn triggers(self, backend: DbBackend, columns: &[(String, String)]) -> Vec<String> {
        let table = self.table;
        let was = self.insert(backend, "old", &format!(", {}", before(backend, columns)));
        let is = self.insert(backend, "new", ", NULL");
        if backend == DbBackend::Postgres {
            return vec![
                format!("DROP TRIGGER IF EXISTS touched_{table} ON {table}"),
                format!(
                    "CREATE OR REPLACE FUNCTION touch_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                     IF TG_OP <> 'INSERT' THEN {was} END IF; IF TG_OP <> 'DELETE' THEN {is} END IF; RETURN NULL; END $$"
                ),
                format!(
                    "CREATE TRIGGER touched_{table} AFTER INSERT OR UPDATE OR DELETE ON {table} \
                     FOR EACH ROW EXECUTE FUNCTION touch_{table}()"
                ),
            ];
        }
        let mut all = Vec::new();
        for (verb, body) in
            [("INSERT", is.clone()), ("UPDATE", format!("{was} {is}")), ("DELETE", was)]
        {
            let name = format!("touched_{table}_{}", verb.to_lowercase());
            all.push(format!("DROP TRIGGER IF EXISTS {name}"));
            all.push(format!("CREATE TRIGGER {name} AFTER {verb} ON {table} BEGIN {body} END"));
        }
        all
    }

    fn insert(self, backend: DbBackend, row: &str, before: &str) -> String {
        let (table, key) = (self.table, self.text(backend, row));
        format!(
            "INSERT INTO rows_touched (table_name, row_key, before) VALUES ('{table}', {key}{before});"
        )
    }
}

/// The columns of the row before as a JSON object of texts, in SQL.
fn before(backend: DbBackend, columns: &[(String, String)]) -> String {
    let list = columns
        .iter()
        .map(|(name, of)| format!("'{name}', {}", expression(backend, "old", name, of)));
    let list = list.collect::<Vec<_>>().join(", ");
    if backend == DbBackend::Postgres {
        format!("jsonb_build_object({list})::text")
    } else {
        format!("json_object({list})")
    }
}

/// Puts the triggers in their place; two at once do it one after the other.
///
/// # Errors
///
/// What the database says.
pub(in crate::store) async fn watch(store: &DatabaseConnection) -> Result<(), HubError> {
    let backend = store.get_database_backend();
    let connection = store.begin().await?;
    if backend == DbBackend::Postgres {
        connection.execute_unprepared("SELECT pg_advisory_xact_lock(7140618)").await?;
    }
    for own in WITNESSED {
        let rows = connection
            .query_all_raw(statement(backend, types(backend), vec![own.table.into()]))
            .await?;
        for sql in own.triggers(backend, &typed(&rows)?) {
            connection.execute_unprepared(&sql).await?;
        }
    }
    connection.commit().await?;
    Ok(())
}

impl Database {
    /// Puts the triggers in their place, anew at each migration.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn watch_rows(&self) -> Result<(), HubError> {
        watch(self.migrations()).await
    }
}

/// The statement that reads the triggers of PostgreSQL, each with what it does: whether it is on,
/// when it is called, and what its function says.
pub(in crate::store) const INSTALLED: &str = "SELECT t.tgname::text, concat_ws(' ', t.tgenabled, t.tgtype, t.tgqual IS NULL, p.prosrc) \
     FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid \
     WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace";

/// The same as awaited, for the columns that a store of PostgreSQL has.
pub(in crate::store) async fn awaited(
    store: &DatabaseConnection,
) -> Result<Vec<(String, String)>, HubError> {
    let backend = DbBackend::Postgres;
    // For each row, after inserts, deletes and updates.
    let calls = 1 + 4 + 8 + 16;
    let mut all = Vec::new();
    for own in WITNESSED {
        let rows =
            store.query_all_raw(statement(backend, types(backend), vec![own.table.into()])).await?;
        let made = own.triggers(backend, &typed(&rows)?);
        let body = made.iter().find_map(|sql| sql.split("$$").nth(1)).unwrap_or_default();
        all.push((format!("touched_{}", own.table), format!("O {calls} t {body}")));
    }
    Ok(all)
}
