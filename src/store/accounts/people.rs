//! Accounts as they are kept, and the attempts to sign in as them.

use chrono::{DateTime, Utc};
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::{
    authz::{officers::AccountsPermit, revoked::Revocation},
    domain::{account::AccountKind, code::Coded as _},
    error::HubError,
    store::{
        accounts::revocations::RevocationOrder,
        seal::{Bond, Seal},
        sql::{database::Database, statement::statement},
    },
};

/// An account.
#[derive(Clone)]
pub struct StoredAccount {
    /// Identifier, also where its second factor is sealed to.
    pub id: Uuid,
    /// Name it signs in with, and subject of its tokens.
    pub login: String,
    /// Who or what it is, in words.
    pub name: String,
    /// Whether a person or a system signs in with it.
    pub kind: AccountKind,
    /// Code of the department.
    pub department: String,
    /// Code of the region that the organisation serves.
    pub region: String,
    /// Codes of the roles.
    pub roles: Vec<String>,
    /// Argon2id hash of the password, in the PHC form.
    pub password: String,
    /// Whether the password was given by somebody else and has to be changed first.
    pub must_change: bool,
    /// The sealed secret of the second factor; `None` without one.
    pub second: Option<Vec<u8>>,
    /// When it was disabled; `None` while it may sign in.
    pub disabled_at: Option<DateTime<Utc>>,
    /// Version, from 1.
    pub version: i32,
}

pub(super) const COLUMNS: &str = "id, login, name, kind, department, region_code, roles, password, must_change, second, disabled_at, version";

/// Where the secret of an account's second factor is sealed to.
#[must_use]
pub fn second_place(account: Uuid) -> String {
    let bond = Bond { record: account, department: "", region: "", industry: None };
    bond.place("accounts", "second")
}

/// Separates the roles.
const BETWEEN: char = '|';

pub(super) fn account(row: &QueryResult) -> Result<StoredAccount, HubError> {
    let (kind, roles): (String, String) = (row.try_get_by_index(3)?, row.try_get_by_index(6)?);
    Ok(StoredAccount {
        id: row.try_get_by_index(0)?,
        login: row.try_get_by_index(1)?,
        name: row.try_get_by_index(2)?,
        kind: AccountKind::from_code(&kind)
            .ok_or_else(|| HubError::internal("an account of no kind"))?,
        department: row.try_get_by_index(4)?,
        region: row.try_get_by_index(5)?,
        roles: roles.split(BETWEEN).filter(|role| !role.is_empty()).map(Into::into).collect(),
        password: row.try_get_by_index(7)?,
        must_change: row.try_get_by_index(8)?,
        second: row.try_get_by_index(9)?,
        disabled_at: row.try_get_by_index(10)?,
        version: row.try_get_by_index(11)?,
    })
}

impl Database {
    /// Adds an account. Returns whether its name was free.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] for an account that the permit is not for; what the database says.
    pub async fn account_add(
        &self,
        permit: &AccountsPermit,
        new: &StoredAccount,
        now: DateTime<Utc>,
    ) -> Result<bool, HubError> {
        if !permit.covers(&new.login) {
            return Err(HubError::forbidden("无权开设账号。", "Accounts are made by others."));
        }
        let sql = format!(
            "INSERT INTO accounts ({COLUMNS}, created_at, changed_at, changed_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
             ON CONFLICT (login) DO NOTHING RETURNING id"
        );
        let mut values = vec![new.id.into(), new.login.as_str().into()];
        values.extend(content(new));
        values.extend([new.version.into(), now.into(), now.into(), permit.by().into()]);
        Ok(!self.returning(&sql, values).await?.is_empty())
    }

    /// Keeps a changed account, whose version is the one it was read with, and revokes its tokens.
    /// Returns what is revoked; nothing when somebody else has changed it since.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] for an account that the permit is not for; what the database says.
    pub async fn account_change(
        &self,
        permit: &AccountsPermit,
        changed: &StoredAccount,
        (clock, why): (&(dyn Fn() -> DateTime<Utc> + Sync), &str),
    ) -> Result<Option<Revocation>, HubError> {
        if !permit.covers(&changed.login) {
            return Err(HubError::forbidden(
                "只能修改自己的口令。",
                "Only the own password may be changed.",
            ));
        }
        let transaction = self.begin().await?;
        let turn = transaction.account_turn(changed.id, clock, permit.unlocks()).await?;
        let now = turn.read_at;
        // The codes of a new second factor have not been used.
        let sql = "UPDATE account_attempts SET second_step = 0 WHERE account_id = ? \
            AND (SELECT second FROM accounts WHERE id = ?) IS DISTINCT FROM ?";
        let values: Vec<Value> =
            vec![changed.id.into(), changed.id.into(), changed.second.clone().into()];
        transaction.run(statement(self.backend(), sql, values)).await?;
        let sql = "UPDATE accounts SET name = ?, kind = ?, department = ?, region_code = ?, roles = ?, password = ?, must_change = ?, \
            second = ?, disabled_at = ?, version = version + 1, changed_at = ?, changed_by = ? WHERE id = ? AND version = ? RETURNING id";
        let mut values = content(changed);
        values.extend([now.into(), permit.by().into(), changed.id.into(), changed.version.into()]);
        if transaction.all(statement(self.backend(), sql, values)).await?.is_empty() {
            transaction.rollback().await;
            return Ok(None);
        }
        let what = Revocation::Subject(changed.login.clone(), now.timestamp_millis());
        let order = RevocationOrder { what: &what, at: now, reason: why, by: permit.by() };
        transaction.revoke(&order).await?;
        transaction.commit().await?;
        Ok(Some(what))
    }

    /// The accounts that a permit is for, by name.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn accounts(&self, permit: &AccountsPermit) -> Result<Vec<StoredAccount>, HubError> {
        let sql = format!("SELECT {COLUMNS} FROM accounts ORDER BY login");
        let rows = self.all(statement(self.backend(), &sql, Vec::new())).await?;
        let all = rows.iter().map(account).collect::<Result<Vec<_>, _>>()?;
        Ok(all.into_iter().filter(|account| permit.covers(&account.login)).collect())
    }

    /// The account with a name, for whoever wants to sign in as it.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn account(&self, login: &str) -> Result<Option<StoredAccount>, HubError> {
        let sql = format!("SELECT {COLUMNS} FROM accounts WHERE login = ?");
        let row = self.one(statement(self.backend(), &sql, vec![login.into()])).await?;
        row.as_ref().map(account).transpose()
    }
}

/// Seals the secrets of second factors again that were sealed with another key than the active one.
pub(in crate::store) async fn reseal(database: &Database, seal: &Seal) -> Result<usize, HubError> {
    let backend = database.backend();
    let sql = "SELECT id, second FROM accounts WHERE second IS NOT NULL";
    let mut touched = 0;
    for row in database.all(statement(backend, sql, Vec::new())).await? {
        let (id, sealed): (Uuid, Vec<u8>) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        if sealed.first() == Some(&seal.active()) {
            continue;
        }
        let place = second_place(id);
        let again = seal.seal_bytes(&place, &seal.open_bytes(&place, &sealed)?)?;
        // One that was replaced meanwhile is sealed with the active key.
        let sql = "UPDATE accounts SET second = ? WHERE id = ? AND second = ? RETURNING id";
        let values = vec![again.into(), id.into(), sealed.into()];
        touched += database.returning(sql, values).await?.len();
    }
    Ok(touched)
}

/// What may change, in the order of the columns.
fn content(of: &StoredAccount) -> Vec<Value> {
    vec![
        of.name.as_str().into(),
        of.kind.code().into(),
        of.department.as_str().into(),
        of.region.as_str().into(),
        of.roles.join(&BETWEEN.to_string()).into(),
        of.password.as_str().into(),
        of.must_change.into(),
        of.second.clone().into(),
        of.disabled_at.into(),
    ]
}
