//! Receipts: the answer to a submission, kept under its idempotency key in the transaction of its rows.

use chrono::{DateTime, Utc};
use sea_orm::{Statement, Value};

use crate::{
    authz::permit::Permit,
    error::HubError,
    store::{
        columns::{Arguments, among, mark},
        database::{Database, Transaction},
        reference::numbered,
        texts::text,
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
pub struct Before {
    /// The answer kept under the key.
    pub receipt: Option<Receipt>,
    /// Whether the store has anything under one of the natural keys. Nothing is locked: another writer may be faster.
    pub known: bool,
}

/// The answer kept under a key of the permit's organisation, and whether rows of its family have these natural keys.
///
/// # Errors
///
/// What the database says.
pub async fn before(database: &Database, permit: &Permit, key: &str, references: &[String]) -> Result<Before, HubError> {
    let (backend, table) = (database.backend(), permit.family().table);
    let sql = text(backend, table, "before", false, || {
        let [department, region, key] = [2, 3, 4].map(|number| mark(backend, number));
        format!(
            "SELECT body_digest, answer FROM receipts \
             WHERE department = {department} AND region_code = {region} AND idempotency_key = {key} \
             UNION ALL SELECT NULL, NULL WHERE EXISTS (SELECT 1 FROM {table} WHERE {})",
            among(backend, "ref", 1)
        )
    });
    let mut arguments = Arguments::new(backend);
    arguments.texts(references)?;
    for text in [permit.department(), permit.region().as_str(), key] {
        arguments.text(text)?;
    }
    let mut before = Before { receipt: None, known: false };
    for row in database.all_with(sql, arguments).await? {
        match row.try_get_by_index::<Option<String>>(0)? {
            Some(body_digest) => before.receipt = Some(Receipt { body_digest, answer: row.try_get_by_index(1)? }),
            None => before.known = true,
        }
    }
    Ok(before)
}

impl Transaction {
    /// Keeps an answer under a key.
    ///
    /// # Errors
    ///
    /// [`HubError::Conflict`] when another request with the same key was faster.
    pub async fn keep(&self, permit: &Permit, key: &str, receipt: &Receipt, now: DateTime<Utc>) -> Result<(), HubError> {
        let sql = "INSERT INTO receipts (department, region_code, idempotency_key, family, body_digest, answer, at) \
                   VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (department, region_code, idempotency_key) DO NOTHING";
        let values: Vec<Value> = vec![
            permit.department().into(),
            permit.region().as_str().into(),
            key.into(),
            permit.family().name.into(),
            receipt.body_digest.as_str().into(),
            receipt.answer.as_str().into(),
            now.into(),
        ];
        let kept = self.run(Statement::from_sql_and_values(self.backend(), numbered(self.backend(), sql), values)).await?;
        if kept == 1 {
            return Ok(());
        }
        Err(HubError::Conflict(crate::error::Text::new(
            "同一幂等键的另一次请求正在处理。请稍后用同一键重试以取得回执。",
            "Another request with the same key was being handled. Retry with the same key for its receipt.",
        )))
    }
}
