//! Import profiles stored for organisations. They hold rules for columns and no records.

use chrono::{DateTime, Utc};
use sea_orm::{QueryResult, Value};

use crate::{
    authz::actor::Actor,
    error::HubError,
    store::sql::{database::Database, statement::statement},
};

/// An import profile (导入模板) as stored.
#[derive(Clone, Debug)]
pub struct StoredProfile {
    /// Name, unique in the organisation.
    pub name: String,
    /// Text of the profile in TOML, as it was uploaded.
    pub content: String,
    /// Account that changed it last.
    pub subject: String,
    /// When it was changed last.
    pub changed_at: DateTime<Utc>,
}

const COLUMNS: &str = "name, content, subject, changed_at";

fn profile(row: &QueryResult) -> Result<StoredProfile, HubError> {
    Ok(StoredProfile {
        name: row.try_get_by_index(0)?,
        content: row.try_get_by_index(1)?,
        subject: row.try_get_by_index(2)?,
        changed_at: row.try_get_by_index(3)?,
    })
}

fn of(actor: &Actor) -> Vec<Value> {
    vec![actor.department().as_str().into(), actor.region().as_str().into()]
}

impl Database {
    /// Profiles of the actor's organisation, by name.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn profiles(&self, actor: &Actor) -> Result<Vec<StoredProfile>, HubError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM exchange_profiles WHERE department = ? AND region_code = ? ORDER BY name"
        );
        self.all(statement(self.backend(), &sql, of(actor))).await?.iter().map(profile).collect()
    }

    /// A profile of the actor's organisation.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn profile(
        &self,
        actor: &Actor,
        name: &str,
    ) -> Result<Option<StoredProfile>, HubError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM exchange_profiles WHERE department = ? AND region_code = ? AND name = ?"
        );
        let mut values = of(actor);
        values.push(name.into());
        self.one(statement(self.backend(), &sql, values)).await?.as_ref().map(profile).transpose()
    }

    /// Stores a profile, replacing the one with the same name.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn profile_keep(
        &self,
        actor: &Actor,
        name: &str,
        content: &str,
        now: DateTime<Utc>,
    ) -> Result<(), HubError> {
        let sql = "INSERT INTO exchange_profiles (department, region_code, name, content, subject, changed_at) \
            VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (department, region_code, name) DO UPDATE SET content = excluded.content, \
            subject = excluded.subject, changed_at = excluded.changed_at RETURNING name";
        let mut values = of(actor);
        values.extend([name.into(), content.into(), actor.subject().into(), now.into()]);
        self.returning(sql, values).await.map(|_| ())
    }

    /// Deletes a profile. Returns whether there was one.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn profile_delete(&self, actor: &Actor, name: &str) -> Result<bool, HubError> {
        let sql = "DELETE FROM exchange_profiles WHERE department = ? AND region_code = ? AND name = ? RETURNING name";
        let mut values = of(actor);
        values.push(name.into());
        Ok(!self.returning(sql, values).await?.is_empty())
    }
}
