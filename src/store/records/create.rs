//! A submission of new rows alone, written at once: nothing has to be looked at between its first
//! and its last table.

use sea_orm::DbBackend;

use crate::{
    error::HubError,
    store::{
        audit::{AuditPosition, begun},
        records::{
            receipts::{Receipt, proved, unaudited},
            versions::{Author, EVENT, NewVersion, Proof, SHARED, shared},
            write::{PendingRow, columns, conflict, insert, layout},
        },
        sql::{
            columns::{ColumnValues, StatementParameters, Type, placeholder, rows, width},
            database::Database,
            texts::text,
        },
    },
};

/// What a new row brings for its version and event.
pub(super) const PROVED: [&str; 4] = ["content", "kept", "mac", "event_mac"];

/// The one statement of PostgreSQL. What stands last in the list is written first, so rows come
/// before the receipt, as in a transaction. New rows are inserted in the order of their keys: two
/// submissions do not wait for each other in a circle.
fn statement(family: &'static entity::catalogue::Family, single: bool) -> String {
    let backend = DbBackend::Postgres;
    let mut layout = layout(family);
    layout.extend(PROVED.map(|name| (name, Type::Text)));
    let first = width(backend, &layout) + 1;
    let param = |index: usize| placeholder(backend, first + index);
    let [family_name, department, region, at] = [param(0), param(2), param(3), param(5)];
    let [key, digest, answer, request, receipt_mac] =
        [param(6), param(7), param(8), param(4), param(11)];
    format!(
        "WITH x AS (SELECT * FROM {rows}), \
         k AS (INSERT INTO receipts (department, region_code, idempotency_key, family, body_digest, answer, at, request_id, mac) \
         SELECT {department}, {region}, {key}, {family_name}, {digest}, {answer}, {begun}, {request}, {receipt_mac}), \
         r AS ({insert}x ORDER BY ref COLLATE \"C\"), \
         v AS (INSERT INTO record_versions (record_id, version, action, content, changed, kept, mac, {SHARED}) \
         SELECT id, version, 'CREATED', content, '[]', kept, mac, {shared} FROM x) \
         INSERT INTO change_events ({EVENT}) \
         SELECT {family_name}, id, version, 'UPSERT', {at}, \"{place}\", {department}, {industry}, NULL, NULL, event_mac FROM x",
        rows = rows(backend, &layout, 1, single),
        insert = insert(backend, family, first + 2, first + 5),
        shared = shared(backend, first),
        begun = begun(backend, first + 5, first + 9),
        place = family.region_column(),
        industry = family
            .industry_column()
            .map_or_else(|| "NULL".to_owned(), |name| format!("\"{name}\"")),
    )
}

impl Database {
    /// Writes new rows, the version and event of each, and the receipt, all or nothing. `versions`
    /// are those of `changes`, in the same order. There may be no rows at all: the receipt is kept
    /// even so. `entry` is the audit entry that the submission has begun.
    ///
    /// # Errors
    ///
    /// [`HubError::Overtaken`] when another writer was faster, with a row or with the key,
    /// [`HubError::Unavailable`] when a crash took the entry away; nothing is written then.
    pub async fn create(
        &self,
        author: &Author<'_>,
        changes: &[PendingRow],
        versions: &[NewVersion],
        (key, receipt): (&str, &Receipt),
        entry: &AuditPosition,
    ) -> Result<(), HubError> {
        if self.backend() != DbBackend::Postgres {
            let transaction = self.begin().await?;
            let written = async {
                transaction.insert(author.permit, changes, author.at).await?;
                transaction.append(author, versions).await?;
                transaction.keep(author, key, receipt, entry).await
            };
            return match written.await {
                Ok(()) => transaction.commit().await,
                Err(error) => {
                    transaction.rollback().await;
                    Err(error)
                }
            };
        }
        let family = author.permit.family();
        let single = changes.len() == 1;
        let sql =
            text(self.backend(), family.table, "create", single, || statement(family, single));
        let rows: Vec<&PendingRow> = changes.iter().collect();
        let mut columns = columns(family, &rows);
        let prover = self.proving()?;
        let proofs: Vec<Proof> =
            versions.iter().map(|version| author.proof(prover, version)).collect();
        columns.push(ColumnValues::Texts(
            versions.iter().map(|version| Some(version.content.as_str())).collect(),
        ));
        columns.push(ColumnValues::Texts(
            versions.iter().map(|version| version.kept.as_deref()).collect(),
        ));
        columns.push(ColumnValues::Texts(
            proofs.iter().map(|proof| Some(proof.version.as_str())).collect(),
        ));
        columns.push(ColumnValues::Texts(
            proofs.iter().map(|proof| Some(proof.event.as_str())).collect(),
        ));
        let mut arguments = StatementParameters::new(self.backend());
        arguments.rows(&columns, single)?;
        author.add_to(&mut arguments)?;
        for text in [key, &receipt.body_digest, &receipt.answer] {
            arguments.text(text)?;
        }
        arguments.number(entry.seq)?;
        arguments.text(&entry.hash)?;
        arguments.text(&proved(prover, author, key, receipt))?;
        let written = self.run_with(sql, arguments).await.map_err(conflict).map_err(unaudited);
        // Also when it is not known to be durable: it may be.
        self.signal.committed();
        written.map(|_| ())
    }
}
