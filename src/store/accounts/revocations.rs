//! Revoked tokens, in the order in which they were revoked.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{QueryResult, Value};

use crate::{
    authz::{revoked::Revocation, token::LONGEST},
    error::{HubError, Of},
    store::sql::{
        database::{Database, Transaction},
        statement::statement,
    },
};

/// A revocation and why.
#[derive(Clone, Copy, Debug)]
pub struct RevocationOrder<'a> {
    /// What is revoked.
    pub what: &'a Revocation,
    /// When; tokens of a subject that are issued later hold.
    pub at: DateTime<Utc>,
    /// Why, in words.
    pub reason: &'a str,
    /// Name of the account that orders it.
    pub by: &'a str,
}

/// Tries at a number that another hub takes at the same moment.
const TRIES: usize = 20;

impl Transaction {
    /// The last turn of the account whose tokens are revoked; none where there is no such account.
    async fn last_turn(&self, what: &Revocation) -> Result<Option<DateTime<Utc>>, HubError> {
        let Revocation::Subject(subject, _) = what else { return Ok(None) };
        let sql = "SELECT read_at FROM account_attempts WHERE account_id = (SELECT id FROM accounts WHERE login = ?)";
        let rows = self.all(statement(self.backend(), sql, vec![subject.clone().into()])).await?;
        Ok(rows.first().map(|row| row.try_get_by_index(0)).transpose()?)
    }

    /// Keeps a revocation.
    pub(super) async fn revoke(&self, order: &RevocationOrder<'_>) -> Result<(), HubError> {
        // Numbers follow each other without a gap, so that nobody reads past one that is still
        // being written.
        let sql = "INSERT INTO token_revocations (number, token, subject, at, until, reason, revoked_by) \
            SELECT COALESCE(MAX(number), 0) + 1, ?, ?, ?, ?, ?, ? FROM token_revocations \
            WHERE 1 = 1 ON CONFLICT (number) DO NOTHING RETURNING number";
        let (token, subject) = match order.what {
            Revocation::Token(token) => (Some(token.to_string()), None),
            Revocation::Subject(subject, _) => (None, Some(subject.clone())),
        };
        for _ in 0..TRIES {
            let values: Vec<Value> = vec![
                token.clone().into(),
                subject.clone().into(),
                order.at.into(),
                (order.at + TimeDelta::seconds(LONGEST)).into(),
                order.reason.into(),
                order.by.into(),
            ];
            if !self.all(statement(self.backend(), sql, values)).await?.is_empty() {
                return Ok(());
            }
        }
        Err(HubError::conflict(
            "同一时刻另有令牌被吊销，请重试。",
            "Other tokens are being revoked at the same moment. Try again.",
        ))
    }
}

impl Database {
    /// Keeps a revocation, and returns it as it is in force: of an account that had a turn while a
    /// clock was ahead, up to that turn.
    ///
    /// # Errors
    ///
    /// [`HubError::Conflict`] when others are revoked at the same moment again and again; what
    /// the database says.
    pub async fn revoke(&self, order: &RevocationOrder<'_>) -> Result<Revocation, HubError> {
        let transaction = self.begin().await?;
        let at = order.at.max(transaction.last_turn(order.what).await?.unwrap_or(order.at));
        transaction.revoke(&RevocationOrder { at, ..*order }).await?;
        transaction.commit().await?;
        Ok(match order.what {
            Revocation::Token(token) => Revocation::Token(*token),
            Revocation::Subject(subject, _) => {
                Revocation::Subject(subject.clone(), at.timestamp_millis())
            }
        })
    }

    /// Revocations after a number that can still matter, and the last number there is.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn revocations(
        &self,
        after: i32,
        now: DateTime<Utc>,
    ) -> Result<(Vec<Revocation>, i32), HubError> {
        let backend = self.backend();
        let sql = "SELECT COALESCE(MAX(number), 0) FROM token_revocations";
        let last = match self.look(statement(backend, sql, Vec::new())).await? {
            Some(row) => row.try_get_by_index(0)?,
            None => 0,
        };
        if last == after {
            return Ok((Vec::new(), last));
        }
        let sql = "SELECT number, token, subject, at FROM token_revocations WHERE number > ? AND number <= ? AND until > ? ORDER BY number";
        let values: Vec<Value> = vec![after.into(), last.into(), now.into()];
        let rows = self.all(statement(backend, sql, values)).await?;
        let mut all = Vec::with_capacity(rows.len());
        for row in &rows {
            match read(row) {
                Ok(one) => all.push(one),
                // Somebody else wrote it: the others hold all the same, and `verify` finds it.
                Err(error) => error.alarm(Of::Hub, "a revocation cannot be read: run verify"),
            }
        }
        Ok((all, last))
    }
}

fn read(row: &QueryResult) -> Result<Revocation, HubError> {
    let (token, subject): (Option<String>, Option<String>) =
        (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
    match (token, subject) {
        (Some(token), _) => Ok(Revocation::Token(token.parse().map_err(HubError::internal)?)),
        (None, Some(subject)) => {
            let at: DateTime<Utc> = row.try_get_by_index(3)?;
            Ok(Revocation::Subject(subject, at.timestamp_millis()))
        }
        (None, None) => Err(HubError::internal("a revocation of nothing")),
    }
}
