//! Which rows of the other tables were written, and their keyed digests.
//!
//! Records have their versions; leads, meetings, returns, jobs and the like are rows that change in place. Triggers write
//! down which of them a transaction touched, whoever wrote it; before the hub commits it reads those rows back, computes
//! their digests and adds them to the head of the table, which tells how many rows there are and what they are together. What a
//! row was before has to hold: one that somebody changed is never proved anew because the hub writes it too.
//! Whoever lacks the key leaves rows without a digest, digests without a row, or a head that does not fit.

use std::collections::{BTreeMap, HashMap};

use sea_orm::{DbBackend, QueryResult, Value};
use uuid::Uuid;

use crate::{
    error::HubError,
    store::{
        exchange::jobs::statement,
        proof::{
            head::Head,
            prover::{Part, Prover},
        },
        sql::database::Transaction,
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
    pub(super) fn text(self, backend: DbBackend, row: &str) -> String {
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

    /// The parts of a key as it is kept; nothing for a text that somebody else wrote there and that is the key of no row.
    pub(in crate::store) fn parts(self, key: &str) -> Option<Vec<&str>> {
        let parts: Vec<&str> = key.split(BETWEEN).collect();
        let fits = |(part, (_, of)): (&&str, &(&str, Key))| !matches!(of, Key::Id) || Uuid::try_parse(part).is_ok();
        (parts.len() == self.key.len() && parts.iter().zip(self.key).all(fits)).then_some(parts)
    }

    /// Marks all rows as touched.
    pub(super) fn touch_all(self, backend: DbBackend) -> String {
        let (table, key) = (self.table, self.text(backend, "t"));
        format!("INSERT INTO rows_touched (table_name, row_key) SELECT '{table}', {key} FROM {table} AS t")
    }
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
    Ok(digest(prover, table, key, values.iter().map(|(name, value)| (*name, value.as_str()))))
}

fn digest<'a>(prover: &Prover, table: &str, key: &str, values: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let head = [Part::Text(table), Part::Text(key)].into_iter();
    let parts = head.chain(values.flat_map(|(name, value)| [Part::Text(name), Part::Text(value)])).collect::<Vec<_>>();
    prover.tag("row", &parts)
}

/// Stands for the digest of a row that did not hold when the hub wrote it: it is not proved again, so that it stays found.
fn broken(key: &str) -> String {
    format!("broken {key}")
}

/// What a touched row was before this transaction, as a JSON object; nothing when it was not there.
type Before = Option<String>;

/// Whether what a row was before fits the digest that was kept of it.
fn held(
    prover: &Prover,
    table: &str,
    key: &str,
    columns: &[(String, String)],
    before: Option<&str>,
    kept: Option<&String>,
) -> Result<bool, HubError> {
    let Some(before) = before else { return Ok(kept.is_none()) };
    let before: HashMap<String, Option<String>> = serde_json::from_str(before).map_err(HubError::internal)?;
    let values = columns.iter().filter_map(|(name, _)| Some((name.as_str(), before.get(name)?.as_deref()?)));
    Ok(kept == Some(&digest(prover, table, key, values)))
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
    /// Computes the digests of the rows that this transaction has touched.
    pub(in crate::store) async fn prove(&self, since: i64) -> Result<(), HubError> {
        let Some(prover) = self.prover() else { return Ok(()) };
        let backend = self.backend();
        let own = match backend {
            DbBackend::Postgres => "turn = pg_current_xact_id()::text::bigint AND id > ?",
            _ => "id > ?",
        };
        let sql = format!("DELETE FROM rows_touched WHERE {own} RETURNING table_name, row_key, id, before");
        let mut touched: HashMap<String, BTreeMap<String, (i64, Before)>> = HashMap::new();
        for row in self.unwatched(statement(backend, &sql, vec![since.into()])).await? {
            let (table, key): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            let this: (i64, Before) = (row.try_get_by_index(2)?, row.try_get_by_index(3)?);
            let first = touched.entry(table).or_default().entry(key).or_insert_with(|| this.clone());
            if this.0 < first.0 {
                *first = this;
            }
        }
        for own in WITNESSED {
            if let Some(rows) = touched.remove(own.table) {
                let rows: Vec<(String, Before)> = rows.into_iter().map(|(key, (_, before))| (key, before)).collect();
                self.prove_rows(prover, own, &rows).await?;
            }
        }
        Ok(())
    }

    async fn prove_rows(&self, prover: &Prover, own: Witnessed, rows: &[(String, Before)]) -> Result<(), HubError> {
        let (backend, table) = (self.backend(), own.table);
        let columns = self.columns_of(table).await?;
        let mut head = Head::locked(self, prover, table).await?;
        for rows in rows.chunks(STEP) {
            let keys = || rows.iter().map(|(key, _)| key.as_str());
            let marks = vec!["?"; rows.len()].join(", ");
            let known =
                format!("DELETE FROM row_proofs WHERE table_name = '{table}' AND row_key IN ({marks}) RETURNING row_key, mac");
            let mut kept: HashMap<String, String> = HashMap::new();
            for row in self.unwatched(statement(backend, &known, keys().map(Value::from).collect())).await? {
                let (key, mac): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
                head.without(&mac);
                kept.insert(key, mac);
            }
            let mut proofs: BTreeMap<String, String> = BTreeMap::new();
            for (key, before) in rows {
                if !held(prover, table, key, &columns, before.as_deref(), kept.get(key))? {
                    tracing::error!(table, "a row was changed by somebody else before the hub wrote it: run verify");
                    proofs.insert(key.clone(), broken(key));
                }
            }
            let parts: Vec<Vec<&str>> = keys().filter_map(|key| own.parts(key)).collect();
            if !parts.is_empty() {
                let rest = format!("WHERE {}", vec![own.is(backend); parts.len()].join(" OR "));
                let values: Vec<Value> = parts.into_iter().flatten().map(Value::from).collect();
                for row in self.unwatched(statement(backend, &select(backend, own, &columns, &rest), values)).await? {
                    let key: String = row.try_get_by_index(0)?;
                    let mac = proved(prover, table, &key, &columns, &row, 2)?;
                    proofs.entry(key).or_insert(mac);
                }
            }
            proofs.values().for_each(|mac| head.with(mac));
            if !proofs.is_empty() {
                let marks = vec![format!("('{table}', ?, ?)"); proofs.len()].join(", ");
                let sql = format!("INSERT INTO row_proofs (table_name, row_key, mac) VALUES {marks}");
                let values = proofs.into_iter().flat_map(|(key, mac)| [Value::from(key), Value::from(mac)]).collect();
                self.unwatched(statement(backend, &sql, values)).await?;
            }
        }
        head.keep(self, prover).await
    }
}
