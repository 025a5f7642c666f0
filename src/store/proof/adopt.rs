//! Takes over a store from before there was a key to prove with: from here on every change is
//! found, and what was there is taken as it is. Done once, before the key is written to its file:
//! whoever lacks the key cannot have it done again.

use entity::catalogue::{Catalogue, Family};
use sea_orm::Statement;
use uuid::Uuid;

use crate::{
    error::HubError,
    store::{
        audit::AUDIT,
        proof::{
            events::EVENTS,
            head::{COLUMNS, ProofHead},
            prover::Prover,
            versions::{EventParts, VersionParts},
            witnessed::WITNESSED,
        },
        records::write,
        sql::{
            cell::Cell,
            columns::{ColumnValues, StatementParameters, Type, rows},
            database::{Database, Transaction},
            statement::statement,
        },
    },
};

/// Rows of one step.
const STEP: usize = 500;

impl Database {
    /// Computes everything that is kept under the key of [`Database::prove_with`]. Hubs must not
    /// run meanwhile.
    ///
    /// # Errors
    ///
    /// What the database says; it may be done again then.
    pub async fn adopt(&self, catalogue: &Catalogue) -> Result<(), HubError> {
        let prover = self.proving()?;
        for family in catalogue.families() {
            self.adopt_rows(prover, family).await?;
            self.adopt_versions(prover, family).await?;
        }
        self.adopt_events(prover).await?;
        self.adopt_receipts(prover).await?;
        let transaction = self.begin().await?;
        transaction.adopt_tables(prover).await?;
        transaction.commit().await?;
        self.begin_chain().await?;
        self.chain_all_events().await
    }

    /// What rows hold beside their content, noted with their newest versions.
    async fn adopt_rows(&self, prover: &Prover, family: &'static Family) -> Result<(), HubError> {
        let own = family
            .fields
            .iter()
            .map(|field| field.column)
            .chain(family.fields.iter().filter_map(write::beside));
        let names = own.map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
        let sql = format!(
            "SELECT id, version, fingerprint, findings, {names} FROM {} WHERE id > ? ORDER BY id LIMIT {STEP}",
            family.table
        );
        let mut after = Uuid::nil();
        loop {
            let found = self.all(statement(self.backend(), &sql, vec![after.into()])).await?;
            let mut step = Vec::with_capacity(found.len());
            for row in &found {
                after = row.try_get_by_index(0)?;
                let (fingerprint, findings): (String, Option<String>) =
                    (row.try_get_by_index(2)?, row.try_get_by_index(3)?);
                let mut cells = Vec::with_capacity(family.fields.len());
                for (index, field) in family.fields.iter().enumerate() {
                    cells.push(Cell::read(field, row, 4 + index)?);
                }
                let mut beside = Vec::with_capacity(family.fields.len());
                let mut index = 4 + family.fields.len();
                for field in family.fields {
                    let kept = write::beside(field).is_some();
                    beside.push(if kept { row.try_get_by_index(index)? } else { None });
                    index += usize::from(kept);
                }
                let kept = prover.beside_digest(
                    family,
                    (&fingerprint, findings.as_deref()),
                    &cells,
                    &beside,
                );
                step.push((after, row.try_get_by_index::<i32>(1)?, kept));
            }
            self.noted(&step, "record_versions SET kept = x.mac", "record_versions").await?;
            if found.len() < STEP {
                return Ok(());
            }
        }
    }

    async fn adopt_versions(
        &self,
        prover: &Prover,
        family: &'static Family,
    ) -> Result<(), HubError> {
        let sql = format!(
            "SELECT v.record_id, v.version, v.action, v.content, v.changed, v.reason, v.subject, v.department, v.region_code, \
             v.request_id, v.at, v.kept, r.ref FROM {} r JOIN record_versions v ON v.record_id = r.id \
             WHERE (v.record_id, v.version) > (?, ?) ORDER BY v.record_id, v.version LIMIT {STEP}",
            family.table
        );
        let mut after: (Uuid, i32) = (Uuid::nil(), -1);
        loop {
            let found = self
                .all(statement(self.backend(), &sql, vec![after.0.into(), after.1.into()]))
                .await?;
            let mut step = Vec::with_capacity(found.len());
            for row in &found {
                after = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
                let text = |index: usize| row.try_get_by_index::<String>(index);
                let may = |index: usize| row.try_get_by_index::<Option<String>>(index);
                let (action, content, changed, reference) =
                    (text(2)?, text(3)?, text(4)?, text(12)?);
                let (reason, kept) = (may(5)?, may(11)?);
                let [subject, department, region, request] =
                    [text(6)?, text(7)?, text(8)?, text(9)?];
                let mac = prover.version(&VersionParts {
                    family: family.name,
                    record: after.0,
                    version: after.1,
                    action: &action,
                    content: &content,
                    changed: &changed,
                    reason: reason.as_deref(),
                    author: [&subject, &department, &region, &request],
                    at: row.try_get_by_index(10)?,
                    reference: &reference,
                    kept: kept.as_deref(),
                });
                step.push((after.0, after.1, mac));
            }
            self.noted(&step, "record_versions SET mac = x.mac", "record_versions").await?;
            if found.len() < STEP {
                return Ok(());
            }
        }
    }

    async fn adopt_events(&self, prover: &Prover) -> Result<(), HubError> {
        let sql = format!(
            "SELECT record_id, version, family, kind, at, region_code, department, key_industry, was_region, was_industry, position \
             FROM change_events WHERE position > ? ORDER BY position LIMIT {STEP}"
        );
        let mut after = 0_i64;
        loop {
            let found = self.all(statement(self.backend(), &sql, vec![after.into()])).await?;
            let mut step = Vec::with_capacity(found.len());
            for row in &found {
                let (record, version): (Uuid, i32) =
                    (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
                let may = |index: usize| row.try_get_by_index::<Option<String>>(index);
                let (family, kind): (String, String) =
                    (row.try_get_by_index(2)?, row.try_get_by_index(3)?);
                let places = [may(5)?, may(6)?, may(7)?, may(8)?, may(9)?];
                let [region, department, industry, was_region, was_industry] = &places;
                let places = [region, department, industry, was_region, was_industry]
                    .map(|place| place.as_deref());
                let at = row.try_get_by_index(4)?;
                let mac = prover.event(&EventParts {
                    family: &family,
                    record,
                    version,
                    kind: &kind,
                    at,
                    places,
                });
                step.push((record, version, mac));
                after = row.try_get_by_index(10)?;
            }
            self.noted(&step, "change_events SET mac = x.mac", "change_events").await?;
            if found.len() < STEP {
                return Ok(());
            }
        }
    }

    async fn adopt_receipts(&self, prover: &Prover) -> Result<(), HubError> {
        let sql = format!(
            "SELECT department, region_code, idempotency_key, family, body_digest, answer, at FROM receipts \
             WHERE (department, region_code, idempotency_key) > (?, ?, ?) \
             ORDER BY department, region_code, idempotency_key LIMIT {STEP}"
        );
        let mut after = [const { String::new() }; 3];
        loop {
            let found = self
                .all(statement(
                    self.backend(),
                    &sql,
                    after.iter().map(|text| text.as_str().into()).collect(),
                ))
                .await?;
            let transaction = self.begin().await?;
            for row in &found {
                let text = |index: usize| row.try_get_by_index::<String>(index);
                after = [text(0)?, text(1)?, text(2)?];
                let [department, region, key] = &after;
                let (family, digest, answer) = (text(3)?, text(4)?, text(5)?);
                // Which request an old receipt answered is not known.
                let mac = prover.receipt(
                    [department, region, key, &family, &digest, &answer, ""],
                    row.try_get_by_index(6)?,
                );
                let sql = "UPDATE receipts SET request_id = NULL, mac = ? WHERE department = ? AND region_code = ? AND idempotency_key = ?";
                let values =
                    [&mac, department, region, key].map(|text| text.as_str().into()).to_vec();
                transaction.run(statement(self.backend(), sql, values)).await?;
            }
            transaction.commit().await?;
            if found.len() < STEP {
                return Ok(());
            }
        }
    }

    /// Writes a digest for each of these versions of records.
    async fn noted(
        &self,
        step: &[(Uuid, i32, String)],
        set: &str,
        table: &str,
    ) -> Result<(), HubError> {
        if step.is_empty() {
            return Ok(());
        }
        let backend = self.backend();
        let layout = [("record_id", Type::Id), ("version", Type::Int), ("mac", Type::Text)];
        let columns = [
            ColumnValues::Ids(step.iter().map(|(record, ..)| *record).collect()),
            ColumnValues::Ints(step.iter().map(|(_, version, _)| Some(*version)).collect()),
            ColumnValues::Texts(step.iter().map(|(.., mac)| Some(mac.as_str())).collect()),
        ];
        let mut arguments = StatementParameters::new(backend);
        arguments.rows(&columns, false)?;
        let from = rows(backend, &layout, 1, false);
        let sql = format!(
            "UPDATE {set} FROM {from} WHERE {table}.record_id = x.record_id AND {table}.version = x.version"
        );
        self.run_with(sql.into(), arguments).await.map(|_| ())
    }
}

impl Transaction {
    /// Rows of the other tables, and the heads.
    async fn adopt_tables(&self, prover: &Prover) -> Result<(), HubError> {
        let backend = self.backend();
        for table in ["chains", "row_proofs", "rows_touched"] {
            self.unwatched(Statement::from_string(backend, format!("DELETE FROM {table}"))).await?;
        }
        for own in WITNESSED {
            self.unwatched(Statement::from_string(backend, own.touch_all(backend))).await?;
        }
        self.prove(0).await?;
        let sql = "SELECT seq, hash FROM audit_entries ORDER BY seq DESC LIMIT 1";
        if let Some(last) = self.unwatched(Statement::from_string(backend, sql)).await?.first() {
            let (seq, hash): (i64, String) = (last.try_get_by_index(0)?, last.try_get_by_index(1)?);
            let head =
                ProofHead { start: seq, position: seq, count: seq, ..ProofHead::new(AUDIT, &hash) }
                    .sealed(prover);
            let sql = format!("INSERT INTO chains ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)");
            self.unwatched(statement(backend, &sql, head.values())).await?;
        }
        let head = ProofHead::new(EVENTS, "").sealed(prover);
        let sql = format!("INSERT INTO chains ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)");
        self.unwatched(statement(backend, &sql, head.values())).await.map(|_| ())
    }
}
