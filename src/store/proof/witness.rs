//! Which rows of the other tables were written, and their keyed digests.
//!
//! Records have their versions; leads, meetings, returns, jobs and the like are rows that change in place. Triggers write
//! down which of them a transaction touched, whoever wrote it; before the hub commits it reads those rows back, computes
//! their digests and adds them to the head of the table, which tells how many rows there are and what they are together.
//! Whoever lacks the key leaves rows without a digest, digests without a row, or a head that does not fit.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use sea_orm::{DbBackend, QueryResult, Value};

use crate::{
    error::HubError,
    store::{
        database::{Database, Transaction},
        jobs::statement,
        proof::{
            head::Head,
            prover::{Part, Prover},
        },
    },
};

/// Between the parts of a row's key.
const BETWEEN: char = '\u{1f}';
/// Rows looked at in one statement.
const STEP: usize = 100;

/// Type of a column of a key.
#[derive(Clone, Copy, Debug)]
pub enum Key {
    /// Text.
    Text,
    /// Number.
    Int,
    /// Identifier.
    Id,
}

/// A table whose rows are proved one by one, with its key.
#[derive(Clone, Copy, Debug)]
pub struct Witnessed {
    /// Its name.
    pub table: &'static str,
    /// Columns of its key.
    pub key: &'static [(&'static str, Key)],
}

const fn of(table: &'static str, key: &'static [(&'static str, Key)]) -> Witnessed {
    Witnessed { table, key }
}

/// All of them, by name.
pub const WITNESSED: [Witnessed; 15] = [
    of("exchange_answers", &[("job_id", Key::Id), ("number", Key::Int)]),
    of("exchange_jobs", &[("id", Key::Id)]),
    of("exchange_profiles", &[("department", Key::Text), ("region_code", Key::Text), ("name", Key::Text)]),
    of("exports", &[("id", Key::Id)]),
    of("feed_cut", &[("one", Key::Int)]),
    of("lead_events", &[("lead_id", Key::Id), ("version", Key::Int)]),
    of("lead_overlaps", &[("pair", Key::Text), ("region_code", Key::Text), ("year", Key::Int)]),
    of("lead_records", &[("lead_id", Key::Id), ("position", Key::Int)]),
    of("lead_runs", &[("id", Key::Id)]),
    of("leads", &[("id", Key::Id)]),
    of("meeting_materials", &[("id", Key::Id)]),
    of("meeting_parts", &[("materials_id", Key::Id), ("department", Key::Text)]),
    of("meeting_resolutions", &[("id", Key::Id)]),
    of("meeting_returns", &[("id", Key::Id)]),
    of("meetings", &[("id", Key::Id)]),
];

/// The table that a statement writes to, if it is one of them.
pub(in crate::store) fn written(sql: &str) -> Option<&'static Witnessed> {
    let mut words = sql.split([' ', '(', '\n']).filter(|word| !word.is_empty());
    let table = match words.next()? {
        "INSERT" | "DELETE" => words.nth(1)?,
        "UPDATE" => words.next()?,
        _ => return None,
    };
    WITNESSED.iter().find(|own| own.table == table.trim_matches('"'))
}

impl Witnessed {
    /// The key of a row as text, in SQL.
    fn text(self, backend: DbBackend, row: &str) -> String {
        let part = |(name, of): &(&str, Key)| match (of, backend) {
            (Key::Text, _) => format!("{row}.\"{name}\""),
            (Key::Id, DbBackend::Sqlite) => format!("lower(hex({row}.\"{name}\"))"),
            _ => format!("CAST({row}.\"{name}\" AS TEXT)"),
        };
        let between = if backend == DbBackend::Postgres { " || chr(31) || " } else { " || char(31) || " };
        self.key.iter().map(part).collect::<Vec<_>>().join(between)
    }

    /// The row with a key, in SQL; its parts are parameters.
    pub(in crate::store) fn is(self, backend: DbBackend) -> String {
        let part = |(name, of): &(&str, Key)| match (of, backend) {
            (Key::Text, _) => format!("\"{name}\" = ?"),
            (Key::Id, DbBackend::Sqlite) => format!("\"{name}\" = unhex(?)"),
            (Key::Id, _) => format!("\"{name}\" = CAST(? AS uuid)"),
            // As text: what was written there by hand need not be a number.
            (Key::Int, _) => format!("CAST(\"{name}\" AS TEXT) = ?"),
        };
        format!("({})", self.key.iter().map(part).collect::<Vec<_>>().join(" AND "))
    }

    /// Marks all rows as touched.
    pub(super) fn touch_all(self, backend: DbBackend) -> String {
        let (table, key) = (self.table, self.text(backend, "t"));
        format!("INSERT INTO rows_touched (table_name, row_key) SELECT '{table}', {key} FROM {table} AS t")
    }

    /// The triggers.
    fn triggers(self, backend: DbBackend) -> Vec<String> {
        let table = self.table;
        if backend == DbBackend::Postgres {
            let names = self.key.iter().map(|(name, _)| format!("'{name}'")).collect::<Vec<_>>().join(", ");
            return vec![
                format!("DROP TRIGGER IF EXISTS touched_{table} ON {table}"),
                format!(
                    "CREATE TRIGGER touched_{table} AFTER INSERT OR UPDATE OR DELETE ON {table} \
                     FOR EACH ROW EXECUTE FUNCTION touch_row({names})"
                ),
            ];
        }
        let insert =
            |row: &str| format!("INSERT INTO rows_touched (table_name, row_key) VALUES ('{table}', {});", self.text(backend, row));
        let mut all = Vec::new();
        for (verb, rows) in [("INSERT", &["new"][..]), ("UPDATE", &["old", "new"]), ("DELETE", &["old"])] {
            let name = format!("touched_{table}_{}", verb.to_lowercase());
            let body = rows.iter().map(|row| insert(row)).collect::<Vec<_>>().join(" ");
            all.push(format!("DROP TRIGGER IF EXISTS {name}"));
            all.push(format!("CREATE TRIGGER {name} AFTER {verb} ON {table} BEGIN {body} END"));
        }
        all
    }
}

/// What every trigger of PostgreSQL does.
const TOUCH: &str = "CREATE OR REPLACE FUNCTION touch_row() RETURNS trigger LANGUAGE plpgsql AS $$ \
    DECLARE row jsonb; parts text[]; name text; \
    BEGIN \
      FOREACH row IN ARRAY CASE TG_OP WHEN 'INSERT' THEN ARRAY[to_jsonb(NEW)] WHEN 'DELETE' THEN ARRAY[to_jsonb(OLD)] \
        ELSE ARRAY[to_jsonb(OLD), to_jsonb(NEW)] END LOOP \
        parts := ARRAY[]::text[]; \
        FOREACH name IN ARRAY TG_ARGV LOOP parts := parts || (row->>name); END LOOP; \
        INSERT INTO rows_touched (table_name, row_key) VALUES (TG_TABLE_NAME, array_to_string(parts, chr(31))); \
      END LOOP; \
      RETURN NULL; \
    END $$";

impl Database {
    /// Puts the triggers in their place, anew at each migration; two at once do it one after the other.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn watch_rows(&self) -> Result<(), HubError> {
        use sea_orm::{ConnectionTrait as _, TransactionTrait as _};
        let backend = self.backend();
        let connection = self.migrations().begin().await?;
        if backend == DbBackend::Postgres {
            connection.execute_unprepared("SELECT pg_advisory_xact_lock(7140618)").await?;
            connection.execute_unprepared(TOUCH).await?;
        }
        for own in WITNESSED {
            for sql in own.triggers(backend) {
                connection.execute_unprepared(&sql).await?;
            }
        }
        connection.commit().await?;
        Ok(())
    }

    /// Names of a table's columns and the expression that gives each as text.
    pub(in crate::store) async fn shape_of(&self, table: &str) -> Result<Shape, HubError> {
        let rows = self.all(statement(self.backend(), shape(self.backend()), vec![table.into()])).await?;
        shaped(self.backend(), &rows)
    }
}

/// Names of a table's columns, each with the expression that gives it as text.
pub(in crate::store) type Shape = Arc<Vec<(String, String)>>;

/// Shapes that were looked at, by table. Tables do not change while a hub runs.
#[derive(Debug, Default)]
pub(in crate::store) struct Shapes(Mutex<HashMap<&'static str, Shape>>);

fn shape(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => {
            "SELECT column_name::text, data_type::text FROM information_schema.columns \
             WHERE table_name = ? AND table_schema = ANY (current_schemas(false)) ORDER BY 1"
        }
        _ => "SELECT name, type FROM pragma_table_info(?) ORDER BY 1",
    }
}

fn shaped(backend: DbBackend, rows: &[QueryResult]) -> Result<Shape, HubError> {
    let expression = |name: &str, of: &str| match backend {
        DbBackend::Postgres if of == "bytea" => format!("encode(t.\"{name}\", 'hex')"),
        DbBackend::Postgres => format!("CAST(t.\"{name}\" AS TEXT)"),
        _ => format!("CASE typeof(t.\"{name}\") WHEN 'blob' THEN lower(hex(t.\"{name}\")) ELSE CAST(t.\"{name}\" AS TEXT) END"),
    };
    let read = |row: &QueryResult| {
        let (name, of): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let text = expression(&name, &of);
        Ok((name, text))
    };
    rows.iter().map(read).collect::<Result<_, HubError>>().map(Arc::new)
}

/// Digest of a row: its table, its key, and every column that has a value by name, so that a column that comes later and is
/// empty changes nothing.
pub(in crate::store) fn proved(
    prover: &Prover,
    table: &str,
    key: &str,
    columns: &[(String, String)],
    row: &QueryResult,
    first: usize,
) -> Result<String, HubError> {
    let mut values = Vec::with_capacity(columns.len());
    for (index, (name, _)) in columns.iter().enumerate() {
        if let Some(value) = row.try_get_by_index::<Option<String>>(first + index)? {
            values.push((name.as_str(), value));
        }
    }
    let mut parts = vec![Part::Text(table), Part::Text(key)];
    parts.extend(values.iter().flat_map(|(name, value)| [Part::Text(name), Part::Text(value)]));
    Ok(prover.tag("row", &parts))
}

/// The statement that reads rows of a table in the order of their keys, with key and kept digest before the columns.
pub(in crate::store) fn select(backend: DbBackend, own: Witnessed, columns: &[(String, String)], rest: &str) -> String {
    let key = own.text(backend, "t");
    let list = columns.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(", ");
    format!(
        "SELECT {key} AS row_key, p.mac, {list} FROM {table} t LEFT JOIN row_proofs p ON p.table_name = '{table}' \
         AND p.row_key = {key} {rest}",
        table = own.table
    )
}

impl Transaction {
    async fn columns_of(&self, table: &'static str) -> Result<Shape, HubError> {
        let known = |shapes: &Shapes| shapes.0.lock().unwrap_or_else(PoisonError::into_inner).get(table).cloned();
        if let Some(known) = known(&self.shapes) {
            return Ok(known);
        }
        let rows = self.unwatched(statement(self.backend(), shape(self.backend()), vec![table.into()])).await?;
        let found = shaped(self.backend(), &rows)?;
        self.shapes.0.lock().unwrap_or_else(PoisonError::into_inner).insert(table, Arc::clone(&found));
        Ok(found)
    }

    /// Computes the digests of the rows that this transaction has touched.
    pub(in crate::store) async fn prove(&self, since: i64) -> Result<(), HubError> {
        let Some(prover) = self.prover() else { return Ok(()) };
        let backend = self.backend();
        let own = match backend {
            DbBackend::Postgres => "turn = pg_current_xact_id()::text::bigint AND id > ?",
            _ => "id > ?",
        };
        let sql = format!("DELETE FROM rows_touched WHERE {own} RETURNING table_name, row_key");
        let mut touched: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for row in self.unwatched(statement(backend, &sql, vec![since.into()])).await? {
            touched.entry(row.try_get_by_index(0)?).or_default().insert(row.try_get_by_index(1)?);
        }
        for own in WITNESSED {
            if let Some(keys) = touched.remove(own.table) {
                self.prove_rows(prover, own, &keys.into_iter().collect::<Vec<_>>()).await?;
            }
        }
        Ok(())
    }

    async fn prove_rows(&self, prover: &Prover, own: Witnessed, keys: &[String]) -> Result<(), HubError> {
        let (backend, table) = (self.backend(), own.table);
        let columns = self.columns_of(table).await?;
        let mut head = Head::locked(self, prover, table).await?;
        for keys in keys.chunks(STEP) {
            let marks = vec!["?"; keys.len()].join(", ");
            let known = format!("DELETE FROM row_proofs WHERE table_name = '{table}' AND row_key IN ({marks}) RETURNING mac");
            for row in self.unwatched(statement(backend, &known, keys.iter().map(|key| key.as_str().into()).collect())).await? {
                head.without(&row.try_get_by_index::<String>(0)?);
            }
            let rest = format!("WHERE {}", vec![own.is(backend); keys.len()].join(" OR "));
            let values: Vec<Value> = keys.iter().flat_map(|key| key.split(BETWEEN)).map(Value::from).collect();
            let mut rows: Vec<Value> = Vec::with_capacity(keys.len() * 2);
            for row in self.unwatched(statement(backend, &select(backend, own, &columns, &rest), values)).await? {
                let key: String = row.try_get_by_index(0)?;
                let mac = proved(prover, table, &key, &columns, &row, 2)?;
                head.with(&mac);
                rows.extend([Value::from(key), Value::from(mac)]);
            }
            if !rows.is_empty() {
                let marks = vec![format!("('{table}', ?, ?)"); rows.len() / 2].join(", ");
                let sql = format!("INSERT INTO row_proofs (table_name, row_key, mac) VALUES {marks}");
                self.unwatched(statement(backend, &sql, rows)).await?;
            }
        }
        head.keep(self, prover).await
    }
}
