//! Attempts to sign in as an account, and whose turn it is: whoever signs in and whoever changes the
//! account come one after the other, at times that only grow, whatever the clocks of their hubs say.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::Value;
use uuid::Uuid;

use crate::{
    domain::account::{ATTEMPTS, AccountKind, LOCKED_MINUTES},
    error::HubError,
    store::{
        accounts::people::{COLUMNS, StoredAccount, account},
        sql::{
            database::{Database, Transaction},
            statement::statement,
        },
    },
};

/// A turn at an account.
#[derive(Clone, Copy, Debug)]
pub struct AccountTurn {
    /// Its time, later than that of the turn before.
    pub read_at: DateTime<Utc>,
    /// Whether the account was not locked.
    pub open: bool,
    /// Failed attempts in a row, this one among them while it is not known to be right.
    pub failures: i32,
}

impl Transaction {
    /// Waits for a turn at an account, until this transaction ends. `unlocks` forgets its failures.
    pub(super) async fn account_turn(
        &self,
        id: Uuid,
        clock: &(dyn Fn() -> DateTime<Utc> + Sync),
        unlocks: bool,
    ) -> Result<AccountTurn, HubError> {
        let backend = self.backend();
        let sql = "INSERT INTO account_attempts (account_id, failures, locked_until, read_at, second_step) VALUES (?, 0, NULL, ?, 0) \
            ON CONFLICT (account_id) DO UPDATE SET failures = account_attempts.failures RETURNING read_at, locked_until, failures";
        let rows = self.all(statement(backend, sql, vec![id.into(), clock().into()])).await?;
        let row = rows.first().ok_or_else(|| HubError::internal("no turn at an account"))?;
        let (before, locked): (DateTime<Utc>, Option<DateTime<Utc>>) =
            (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let failures: i32 = row.try_get_by_index(2)?;
        // Milliseconds, as tokens count them.
        let read_at = clock().max(before + TimeDelta::milliseconds(1));
        let over = unlocks || locked.is_some_and(|until| until <= read_at);
        let sql = if over {
            "UPDATE account_attempts SET read_at = ?, failures = 0, locked_until = NULL WHERE account_id = ?"
        } else {
            "UPDATE account_attempts SET read_at = ? WHERE account_id = ?"
        };
        self.run(statement(backend, sql, vec![read_at.into(), id.into()])).await?;
        let failures = if over { 0 } else { failures };
        Ok(AccountTurn { read_at, open: over || locked.is_none(), failures })
    }
}

impl Database {
    /// The account that somebody wants to sign in as, if it is of that kind. An attempt of a person
    /// is counted before it is looked at, so that many at the same time are as many; a system, whose
    /// secret nobody guesses, cannot be locked out by others.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn account_opened(
        &self,
        login: &str,
        kind: AccountKind,
        clock: &(dyn Fn() -> DateTime<Utc> + Sync),
    ) -> Result<Option<(StoredAccount, AccountTurn)>, HubError> {
        let known = self.account(login).await?;
        let Some(StoredAccount { id, .. }) = known.filter(|known| known.kind == kind) else {
            return Ok(None);
        };
        let backend = self.backend();
        let transaction = self.begin().await?;
        let mut turn = transaction.account_turn(id, clock, false).await?;
        if turn.open {
            turn.failures = turn.failures.saturating_add(1);
            let locks = kind == AccountKind::Person && turn.failures >= ATTEMPTS;
            let until = locks.then(|| turn.read_at + TimeDelta::minutes(LOCKED_MINUTES));
            let sql =
                "UPDATE account_attempts SET failures = ?, locked_until = ? WHERE account_id = ?";
            let values: Vec<Value> = vec![turn.failures.into(), until.into(), id.into()];
            transaction.run(statement(backend, sql, values)).await?;
        }
        let sql = format!("SELECT {COLUMNS} FROM accounts WHERE id = ?");
        let rows = transaction.all(statement(backend, &sql, vec![id.into()])).await?;
        transaction.commit().await?;
        let read = rows.first().map(account).transpose()?;
        Ok(read.map(|account| (account, turn)))
    }

    /// Until when an account is locked, if it was.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn account_locked(&self, id: Uuid) -> Result<Option<DateTime<Utc>>, HubError> {
        let sql = "SELECT locked_until FROM account_attempts WHERE account_id = ?";
        let found = self.one(statement(self.backend(), sql, vec![id.into()])).await?;
        Ok(found.map(|row| row.try_get_by_index(0)).transpose()?.flatten())
    }

    /// Forgets the failed attempts of an account that has signed in with the second factor of this
    /// step, 0 without one. Returns whether the step was not used before.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn account_passed(&self, id: Uuid, step: i64) -> Result<bool, HubError> {
        let sql = "UPDATE account_attempts SET failures = 0, locked_until = NULL, \
            second_step = CASE WHEN ? > second_step THEN ? ELSE second_step END \
            WHERE account_id = ? AND (? = 0 OR ? > second_step) RETURNING account_id";
        let values: Vec<Value> =
            vec![step.into(), step.into(), id.into(), step.into(), step.into()];
        Ok(!self.returning(sql, values).await?.is_empty())
    }
}
