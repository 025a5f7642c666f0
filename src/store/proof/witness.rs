//! Which rows of the other tables were written, and their keyed digests.
//!
//! Records have their versions; leads, meetings, returns, jobs and the like are rows that change in
//! place. Triggers write down which of them a transaction touched, whoever wrote it; before the hub
//! commits it reads those rows back, computes their digests and adds them to the head of the table,
//! which tells how many rows there are and what they are together. What a row was before has to
//! hold: one that somebody changed is never proved anew because the hub writes it too. Whoever
//! lacks the key leaves rows without a digest, digests without a row, or a head that does not fit.

use std::collections::{BTreeMap, HashMap};

use sea_orm::{DbBackend, QueryResult, Value};

use crate::{
    error::HubError,
    store::{
        proof::{
            head::ProofHead,
            prover::{ProofInput, Prover},
            tables::TablesMove,
            witnessed::{WITNESSED, Witnessed},
        },
        sql::{database::Transaction, statement::statement},
    },
};

/// Rows looked at in one statement.
const STEP: usize = 100;

/// Digest of a row: its table, its key, and every column that has a value by name, so that a column
/// that comes later and is empty changes nothing.
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

fn digest<'a>(
    prover: &Prover,
    table: &str,
    key: &str,
    values: impl Iterator<Item = (&'a str, &'a str)>,
) -> String {
    let head = [ProofInput::Text(table), ProofInput::Text(key)].into_iter();
    let parts = head
        .chain(values.flat_map(|(name, value)| [ProofInput::Text(name), ProofInput::Text(value)]))
        .collect::<Vec<_>>();
    prover.tag("row", &parts)
}

/// Stands for the digest of a row that did not hold when the hub wrote it: it is not proved again,
/// so that it stays found.
fn broken(key: &str) -> String {
    format!("broken {key}")
}

/// What a touched row was before this transaction, as a JSON object; nothing when it was not there.
type PriorRow = Option<String>;

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
    let before: HashMap<String, Option<String>> =
        serde_json::from_str(before).map_err(HubError::internal)?;
    let values =
        columns.iter().filter_map(|(name, _)| Some((name.as_str(), before.get(name)?.as_deref()?)));
    Ok(kept == Some(&digest(prover, table, key, values)))
}

/// The statement that reads rows of a table in the order of their keys, with key and kept digest
/// before the columns.
pub(in crate::store) fn select(
    backend: DbBackend,
    own: Witnessed,
    columns: &[(String, String)],
    rest: &str,
) -> String {
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
        let sql = format!(
            "DELETE FROM rows_touched WHERE {own} RETURNING table_name, row_key, id, before"
        );
        let mut touched: HashMap<String, BTreeMap<String, (i64, PriorRow)>> = HashMap::new();
        for row in self.unwatched(statement(backend, &sql, vec![since.into()])).await? {
            let (table, key): (String, String) =
                (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            let this: (i64, PriorRow) = (row.try_get_by_index(2)?, row.try_get_by_index(3)?);
            let first =
                touched.entry(table).or_default().entry(key).or_insert_with(|| this.clone());
            if this.0 < first.0 {
                *first = this;
            }
        }
        let mut moved = TablesMove::default();
        for own in WITNESSED {
            if let Some(rows) = touched.remove(own.table) {
                let rows: Vec<(String, PriorRow)> =
                    rows.into_iter().map(|(key, (_, before))| (key, before)).collect();
                self.prove_rows(prover, own, &rows, &mut moved).await?;
            }
        }
        if moved.is_empty() {
            return Ok(());
        }
        self.tables_moved(self.move_tables(prover, moved).await?);
        Ok(())
    }

    async fn prove_rows(
        &self,
        prover: &Prover,
        own: Witnessed,
        rows: &[(String, PriorRow)],
        moved: &mut TablesMove,
    ) -> Result<(), HubError> {
        let (backend, table) = (self.backend(), own.table);
        let columns = self.columns_of(table).await?;
        let mut head = ProofHead::locked(self, prover, table).await?;
        let sound = !head.mac.is_empty();
        if sound {
            moved.leave(&head);
        }
        head.position += 1;
        for rows in rows.chunks(STEP) {
            let keys = || rows.iter().map(|(key, _)| key.as_str());
            let marks = vec!["?"; rows.len()].join(", ");
            let known = format!(
                "DELETE FROM row_proofs WHERE table_name = '{table}' AND row_key IN ({marks}) RETURNING row_key, mac"
            );
            let mut kept: HashMap<String, String> = HashMap::new();
            for row in self
                .unwatched(statement(backend, &known, keys().map(Value::from).collect()))
                .await?
            {
                let (key, mac): (String, String) =
                    (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
                head.without(&mac);
                kept.insert(key, mac);
            }
            let mut proofs: BTreeMap<String, String> = BTreeMap::new();
            for (key, before) in rows {
                if !held(prover, table, key, &columns, before.as_deref(), kept.get(key))? {
                    tracing::error!(
                        table,
                        "a row was changed by somebody else before the hub wrote it: run verify"
                    );
                    proofs.insert(key.clone(), broken(key));
                }
            }
            let parts: Vec<Vec<&str>> = keys().filter_map(|key| own.parts(key)).collect();
            if !parts.is_empty() {
                let rest = format!("WHERE {}", vec![own.is(backend); parts.len()].join(" OR "));
                let values: Vec<Value> = parts.into_iter().flatten().map(Value::from).collect();
                for row in self
                    .unwatched(statement(backend, &select(backend, own, &columns, &rest), values))
                    .await?
                {
                    let key: String = row.try_get_by_index(0)?;
                    let mac = proved(prover, table, &key, &columns, &row, 2)?;
                    proofs.entry(key).or_insert(mac);
                }
            }
            proofs.values().for_each(|mac| head.with(mac));
            if !proofs.is_empty() {
                let marks = vec![format!("('{table}', ?, ?)"); proofs.len()].join(", ");
                let sql =
                    format!("INSERT INTO row_proofs (table_name, row_key, mac) VALUES {marks}");
                let values = proofs
                    .into_iter()
                    .flat_map(|(key, mac)| [Value::from(key), Value::from(mac)])
                    .collect();
                self.unwatched(statement(backend, &sql, values)).await?;
            }
        }
        let now = head.keep(self, prover).await?;
        if sound {
            moved.enter(&now);
        }
        Ok(())
    }
}
