//! Receipts: the answer to a submission, kept under its idempotency key in the transaction of its rows.

use chrono::{DateTime, Utc};
use sea_orm::{Statement, Value};

use crate::{
    authz::permit::Permit,
    error::HubError,
    store::{
        database::{Database, Transaction},
        reference::numbered,
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

const SELECT: &str = "SELECT body_digest, answer FROM receipts WHERE department = ? AND region_code = ? AND idempotency_key = ?";

/// The answer kept under a key of the permit's organisation.
///
/// # Errors
///
/// What the database says.
pub async fn find(database: &Database, permit: &Permit, key: &str) -> Result<Option<Receipt>, HubError> {
    let values: Vec<Value> = vec![permit.department().into(), permit.region().as_str().into(), key.into()];
    let statement = Statement::from_sql_and_values(database.backend(), numbered(database.backend(), SELECT), values);
    let Some(row) = database.one(statement).await? else { return Ok(None) };
    Ok(Some(Receipt { body_digest: row.try_get_by_index(0)?, answer: row.try_get_by_index(1)? }))
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
