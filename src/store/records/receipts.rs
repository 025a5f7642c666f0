//! Receipts: the answer to a submission, kept under its idempotency key in the transaction of its
//! rows.

use std::sync::Arc;

use sea_orm::{DbBackend, QueryResult};

use crate::{
    authz::permit::Permit,
    error::{HubError, Race},
    store::{
        audit::{AuditPosition, begun},
        proof::prover::Prover,
        records::versions::Author,
        sql::{
            columns::{StatementParameters, among, placeholder},
            database::{Database, Transaction},
            texts::text,
        },
    },
};

/// A kept answer.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// Digest of the request it answered.
    pub body_digest: String,
    /// The answer as JSON.
    pub answer: String,
}

/// What stands against writing rows as new ones.
#[derive(Clone, Debug)]
pub struct WriteObstacle {
    /// The answer kept under the key.
    pub receipt: Option<Receipt>,
    /// Whether the store has anything under one of the natural keys. Nothing is locked: another
    /// writer may be faster.
    pub known: bool,
}

/// The answer kept under a key of the permit's organisation, and whether rows of its family have
/// these natural keys.
///
/// # Errors
///
/// What the database says.
pub async fn before(
    database: &Database,
    permit: &Permit,
    key: &str,
    references: &[String],
) -> Result<WriteObstacle, HubError> {
    let (sql, arguments) = asked(database.backend(), permit, key, references)?;
    found(database.all_with(sql, arguments).await?)
}

/// The same in a transaction.
///
/// # Errors
///
/// What the database says.
pub(in crate::store) async fn before_in(
    transaction: &Transaction,
    permit: &Permit,
    key: &str,
    references: &[String],
) -> Result<WriteObstacle, HubError> {
    let (sql, arguments) = asked(transaction.backend(), permit, key, references)?;
    found(transaction.all_with(sql, arguments).await?)
}

fn asked(
    backend: DbBackend,
    permit: &Permit,
    key: &str,
    references: &[String],
) -> Result<(Arc<str>, StatementParameters), HubError> {
    let table = permit.family().table;
    let sql = text(backend, table, "before", false, || {
        let [department, region, key] = [2, 3, 4].map(|number| placeholder(backend, number));
        format!(
            "SELECT body_digest, answer FROM receipts \
             WHERE department = {department} AND region_code = {region} AND idempotency_key = {key} \
             UNION ALL SELECT NULL, NULL WHERE EXISTS (SELECT 1 FROM {table} WHERE {})",
            among(backend, "ref", 1)
        )
    });
    let mut arguments = StatementParameters::new(backend);
    arguments.texts(references)?;
    for text in [permit.department().as_str(), permit.region().as_str(), key] {
        arguments.text(text)?;
    }
    Ok((sql, arguments))
}

fn found(rows: Vec<QueryResult>) -> Result<WriteObstacle, HubError> {
    let mut before = WriteObstacle { receipt: None, known: false };
    for row in rows {
        match row.try_get_by_index::<Option<String>>(0)? {
            Some(body_digest) => {
                before.receipt = Some(Receipt { body_digest, answer: row.try_get_by_index(1)? })
            }
            None => before.known = true,
        }
    }
    Ok(before)
}

impl Transaction {
    /// Keeps an answer under a key, if the audit entry that the submission has begun is there.
    ///
    /// # Errors
    ///
    /// [`HubError::Overtaken`] when another request with the same key was faster;
    /// [`HubError::Unavailable`] when a crash took the entry away.
    pub async fn keep(
        &self,
        author: &Author<'_>,
        key: &str,
        receipt: &Receipt,
        entry: &AuditPosition,
    ) -> Result<(), HubError> {
        let (backend, permit) = (self.backend(), author.permit);
        let sql = text(backend, "receipts", "keep", false, || {
            let list =
                (1..7).map(|number| placeholder(backend, number)).collect::<Vec<_>>().join(", ");
            format!(
                "INSERT INTO receipts (department, region_code, idempotency_key, family, body_digest, answer, at, request_id, mac) \
                 VALUES ({list}, {}, {}, {}) ON CONFLICT (department, region_code, idempotency_key) DO NOTHING",
                begun(backend, 7, 8),
                placeholder(backend, 10),
                placeholder(backend, 11),
            )
        });
        let mut arguments = StatementParameters::new(backend);
        let organisation = [permit.department().as_str(), permit.region().as_str()];
        for text in organisation.into_iter().chain([
            key,
            permit.family().name,
            &receipt.body_digest,
            &receipt.answer,
        ]) {
            arguments.text(text)?;
        }
        arguments.instant(author.at)?;
        arguments.number(entry.seq)?;
        arguments.text(&entry.hash)?;
        arguments.text(author.request)?;
        arguments.text(&proved(self.proving()?, author, key, receipt))?;
        let kept = self.run_with(sql, arguments).await.map_err(unaudited)?;
        if kept == 1 {
            self.note_receipt();
            return Ok(());
        }
        Err(HubError::Overtaken(Race::Receipt))
    }
}

/// Digest of a receipt.
pub(in crate::store) fn proved(
    prover: &Prover,
    author: &Author<'_>,
    key: &str,
    receipt: &Receipt,
) -> String {
    let (permit, Receipt { body_digest, answer }) = (author.permit, receipt);
    let organisation = [permit.department().as_str(), permit.region().as_str()];
    let [department, region] = organisation;
    prover.receipt(
        [department, region, key, permit.family().name, body_digest, answer, author.request],
        author.at,
    )
}

/// A receipt without its instant means that the audit entry is gone: the same work may be tried
/// again.
pub(in crate::store) fn unaudited(error: HubError) -> HubError {
    use sea_orm::{DbErr, RuntimeErr, sqlx::error::ErrorKind};
    let missing = match error.cause().and_then(|cause| cause.downcast_ref::<DbErr>()) {
        Some(DbErr::Exec(RuntimeErr::SqlxError(cause))) => {
            cause.as_database_error().is_some_and(|fault| {
                fault.kind() == ErrorKind::NotNullViolation && fault.message().contains("receipts")
            })
        }
        _ => false,
    };
    if missing {
        HubError::Unavailable("the audit entry of this submission is gone".into())
    } else {
        error
    }
}
