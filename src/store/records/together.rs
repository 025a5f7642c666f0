//! New rows of several submissions, written in one transaction: each with its version, its event
//! and its receipt. A lone one takes the same way.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use entity::catalogue::Family;
use sea_orm::DbBackend;
use uuid::Uuid;

use crate::{
    authz::permit::Permit,
    error::HubError,
    store::{
        audit::AuditPosition,
        records::{
            create::PROVED,
            receipts::{Receipt, before_in, proved},
            versions::{Author, EVENT, NewVersion, Proof, SHARED},
            write::{PendingRow, columns, conflict, layout},
        },
        sql::{
            cell::value,
            columns::{ColumnValues, StatementParameters, Type, placeholder, rows, width},
            database::{Database, Transaction},
            texts::text,
        },
    },
};

/// Longest wait for another writer who has the natural key or the key of the receipt. Whoever waits
/// here holds up others; after this each goes on alone, and waits as long as it must.
const PATIENCE: &str = "200ms";

/// A submission of one new row, with all that its writing needs.
#[derive(Debug)]
pub struct NewRecord {
    /// Proof that the row may be written.
    pub permit: Permit,
    /// Identifier of the request.
    pub request: String,
    /// Time of the submission.
    pub at: DateTime<Utc>,
    /// The row.
    pub row: PendingRow,
    /// Its first version.
    pub version: NewVersion,
    /// Key under which the receipt is kept.
    pub key: String,
    /// The receipt.
    pub receipt: Receipt,
    /// The audit entry that the submission has begun.
    pub entry: AuditPosition,
}

impl NewRecord {
    fn author(&self) -> Author<'_> {
        Author::new(&self.permit, &self.request, self.at)
    }
}

/// Columns of a submission beside those of its row, its version and its event.
const SUBMITTED: [(&str, Type); 11] = [
    ("by_subject", Type::Text),
    ("by_department", Type::Text),
    ("by_region", Type::Text),
    ("by_request", Type::Text),
    ("by_at", Type::Instant),
    ("by_key", Type::Text),
    ("by_digest", Type::Text),
    ("by_answer", Type::Text),
    ("by_mac", Type::Text),
    ("begun_seq", Type::BigInt),
    ("begun_hash", Type::Text),
];

/// The one statement of PostgreSQL. What stands last in the list is written first, so rows come
/// before receipts. Rows are inserted in the order of their keys: two transactions do not wait for
/// each other in a circle. A row whose key, or that of its receipt, is taken is left out; it is
/// looked for by one look into an index each, whatever the number of rows; `NOT EXISTS` may be
/// planned as a join that reads the whole table.
fn statement(family: &'static Family, single: bool) -> String {
    let backend = DbBackend::Postgres;
    let (table, own) = (family.table, layout(family));
    let names = own.iter().map(|(name, _)| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    let mut all = own;
    all.extend(PROVED.map(|name| (name, Type::Text)));
    all.extend(SUBMITTED);
    let family_name = placeholder(backend, width(backend, &all) + 1);
    format!(
        "WITH x AS MATERIALIZED (SELECT x.* FROM {rows} WHERE (SELECT set_config('lock_timeout', '{PATIENCE}', true)) IS NOT NULL \
         AND (SELECT TRUE FROM {table} t WHERE t.ref = x.ref) IS NULL AND (SELECT TRUE FROM receipts c \
         WHERE c.department = x.by_department AND c.region_code = x.by_region AND c.idempotency_key = x.by_key) IS NULL), \
         k AS (INSERT INTO receipts (department, region_code, idempotency_key, family, body_digest, answer, at, request_id, mac) \
         SELECT by_department, by_region, by_key, {family_name}, by_digest, by_answer, \
         (SELECT x.by_at FROM audit_entries WHERE seq = x.begun_seq AND hash = x.begun_hash), by_request, by_mac FROM x \
         ORDER BY by_department, by_region, by_key), \
         r AS (INSERT INTO {table} ({names}, department, created_at, updated_at) \
         SELECT {names}, by_department, by_at, by_at FROM x ORDER BY ref COLLATE \"C\"), \
         v AS (INSERT INTO record_versions (record_id, version, action, content, changed, kept, mac, {SHARED}) \
         SELECT id, version, 'CREATED', content, '[]', kept, mac, {family_name}, by_subject, by_department, by_region, by_request, by_at \
         FROM x), \
         e AS (INSERT INTO change_events ({EVENT}) \
         SELECT {family_name}, id, version, 'UPSERT', by_at, \"{place}\", by_department, {industry}, NULL, NULL, event_mac FROM x) \
         SELECT id FROM x",
        rows = rows(backend, &all, 1, single),
        place = family.region_column(),
        industry = family
            .industry_column()
            .map_or_else(|| "NULL".to_owned(), |name| format!("\"{name}\"")),
    )
}

impl Database {
    /// Writes new rows of a family, each from a submission of its own: all in one transaction.
    /// Gives the identifiers of those that were written; of the others the natural key or the key
    /// of the receipt is taken. No two may have the same of either.
    ///
    /// # Errors
    ///
    /// [`HubError::Unavailable`] when it is not known what was written. After any other error
    /// nothing was: one of them may be at fault, or another writer was faster.
    pub async fn create_together(
        &self,
        family: &'static Family,
        all: &[NewRecord],
    ) -> Result<HashSet<Uuid>, HubError> {
        if self.backend() != DbBackend::Postgres {
            let transaction = self.begin().await?;
            let written = async {
                let mut ids = HashSet::new();
                for one in all {
                    if transaction.create_if_free(one).await? {
                        ids.insert(one.row.id);
                    }
                }
                Ok(ids)
            };
            return match written.await {
                Ok(ids) => transaction.commit().await.map(|()| ids),
                Err(error) => {
                    transaction.rollback().await;
                    Err(error)
                }
            };
        }
        let single = all.len() == 1;
        let sql = text(self.backend(), family.table, "create together", single, || {
            statement(family, single)
        });
        let prover = self.proving()?;
        let proofs: Vec<Proof> =
            all.iter().map(|one| one.author().proof(prover, &one.version)).collect();
        let receipts: Vec<String> =
            all.iter().map(|one| proved(prover, &one.author(), &one.key, &one.receipt)).collect();
        fn texts<'a>(
            all: &'a [NewRecord],
            get: impl Fn(&'a NewRecord) -> Option<&'a str>,
        ) -> ColumnValues<'a> {
            ColumnValues::Texts(all.iter().map(get).collect())
        }
        let each = |of: fn(&Proof) -> &str| {
            ColumnValues::Texts(proofs.iter().map(|proof| Some(of(proof))).collect())
        };
        let rows: Vec<&PendingRow> = all.iter().map(|one| &one.row).collect();
        let mut columns = columns(family, &rows);
        columns.extend([
            texts(all, |one| Some(&one.version.content)),
            texts(all, |one| one.version.kept.as_deref()),
            each(|proof| &proof.version),
            each(|proof| &proof.event),
            texts(all, |one| Some(one.permit.subject())),
            texts(all, |one| Some(one.permit.department().as_str())),
            texts(all, |one| Some(one.permit.region().as_str())),
            texts(all, |one| Some(&one.request)),
            ColumnValues::Instants(all.iter().map(|one| Some(one.at)).collect()),
            texts(all, |one| Some(&one.key)),
            texts(all, |one| Some(&one.receipt.body_digest)),
            texts(all, |one| Some(&one.receipt.answer)),
            ColumnValues::Texts(receipts.iter().map(|mac| Some(mac.as_str())).collect()),
            ColumnValues::BigInts(all.iter().map(|one| Some(one.entry.seq)).collect()),
            texts(all, |one| Some(&one.entry.hash)),
        ]);
        let mut arguments = StatementParameters::new(self.backend());
        arguments.rows(&columns, single)?;
        arguments.text(family.name)?;
        let written = self.all_written(sql, arguments).await.map_err(conflict);
        // Also when it is not known to be durable: it may be.
        if !matches!(&written, Ok(rows) if rows.is_empty()) {
            self.signal.committed();
        }
        let missing = || HubError::internal("a row without its identifier");
        written?.iter().map(|row| value(row, 0)?.ok_or_else(missing)).collect()
    }
}

impl Transaction {
    /// Writes a new row unless its key or that of the receipt is taken, and says whether it did.
    async fn create_if_free(&self, one: &NewRecord) -> Result<bool, HubError> {
        let reference = std::slice::from_ref(&one.row.reference);
        let before = before_in(self, &one.permit, &one.key, reference).await?;
        if before.known || before.receipt.is_some() {
            return Ok(false);
        }
        let author = one.author();
        self.insert(&one.permit, std::slice::from_ref(&one.row), one.at).await?;
        self.append(&author, std::slice::from_ref(&one.version)).await?;
        self.keep(&author, &one.key, &one.receipt, &one.entry).await?;
        Ok(true)
    }
}
