//! The tables of the audit log.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use sea_orm::{DbBackend, QueryResult, Statement, Value};

use crate::{
    error::{HubError, Text},
    store::{database::Database, reference::numbered},
};

/// The parts of an entry that are linked, as kept.
#[derive(Clone, Debug)]
pub struct Linked {
    /// Number, from 1, without gaps.
    pub seq: i64,
    /// When, to the microsecond.
    pub at: DateTime<Utc>,
    /// Subject, department, region, roles, purpose, ticket, operation, document hash, records shown, outcome, request.
    pub words: [String; 11],
}

/// End of the chain.
#[derive(Clone, Debug)]
pub struct End {
    /// Number of the last entry.
    pub seq: i64,
    /// Its link.
    pub hash: String,
}

/// An entry as kept.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Linked parts.
    pub parts: Linked,
    /// Link before.
    pub previous: String,
    /// Link.
    pub hash: String,
}

/// Which entries are seen.
#[derive(Clone, Copy, Debug)]
pub enum Seen<'a> {
    /// All.
    All,
    /// Those about records held by a department in regions with this prefix.
    About {
        /// Department that holds the records.
        department: &'a str,
        /// Beginning of the region code.
        region_prefix: &'a str,
    },
}

/// A linked entry with its links and owners: parts, link before, link, records by (family, department, region).
pub type Link<'a> = (Linked, String, String, &'a BTreeMap<(String, String, String), i32>);

const COLUMNS: &str = "seq, at, subject, department, region_code, roles, purpose, ticket, operation, document_hash, shown, outcome, \
                       request_id, previous, hash";

impl Database {
    fn audit_statement(&self, sql: &str, values: Vec<Value>) -> Statement {
        Statement::from_sql_and_values(self.backend(), numbered(self.backend(), sql), values)
    }

    /// End of the chain; `None` before the first entry.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn audit_end(&self) -> Result<Option<End>, HubError> {
        let sql = "SELECT seq, hash FROM audit_entries ORDER BY seq DESC LIMIT 1";
        let Some(row) = self.one(self.audit_statement(sql, Vec::new())).await? else { return Ok(None) };
        Ok(Some(End { seq: row.try_get_by_index(0)?, hash: row.try_get_by_index(1)? }))
    }

    /// Appends linked entries in one transaction.
    ///
    /// # Errors
    ///
    /// [`HubError::Conflict`] when another hub appended meanwhile.
    pub async fn audit_append(&self, links: &[Link<'_>]) -> Result<(), HubError> {
        let taken = |error: HubError| {
            let unique = error
                .cause()
                .and_then(|cause| cause.downcast_ref::<sea_orm::DbErr>())
                .is_some_and(|cause| matches!(cause.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_))));
            if unique { HubError::Conflict(Text::new("", "")) } else { error }
        };
        let transaction = self.begin().await?;
        let mut entries = Vec::with_capacity(links.len());
        let mut owners = Vec::new();
        for (parts, previous, hash, about) in links {
            let [subject, department, region, roles, purpose, ticket, operation, document, shown, outcome, request] = &parts.words;
            entries.push(serde_json::json!([
                parts.seq,
                parts.at.to_rfc3339_opts(SecondsFormat::AutoSi, false),
                subject,
                department,
                region,
                roles,
                purpose,
                if ticket.is_empty() { None } else { Some(ticket) },
                operation,
                document,
                shown,
                outcome,
                request,
                previous,
                hash,
            ]));
            for ((family, department, region), count) in *about {
                owners.push(serde_json::json!([parts.seq, department, region, family, count]));
            }
        }
        let insert = |table: &str, columns: &str, types: &[&str]| {
            let postgres = self.backend() == DbBackend::Postgres;
            let get = |(index, kind): (usize, &&str)| {
                if postgres { format!("(value->>{index})::{kind}") } else { format!("value->>{index}") }
            };
            let list = types.iter().enumerate().map(get).collect::<Vec<_>>().join(", ");
            let from = if postgres { "json_array_elements(?::json) AS value" } else { "json_each(?)" };
            format!("INSERT INTO {table} ({columns}) SELECT {list} FROM {from}")
        };
        let texts = ["text"; 13];
        let types: Vec<&str> = ["bigint", "timestamptz"].into_iter().chain(texts).collect();
        let sql = insert("audit_entries", COLUMNS, &types);
        let appended = transaction.run(self.audit_statement(&sql, vec![serde_json::Value::from(entries).to_string().into()])).await;
        if let Err(error) = appended {
            transaction.rollback().await;
            return Err(taken(error));
        }
        if !owners.is_empty() {
            let sql =
                insert("audit_owners", "seq, department, region_code, family, records", &["bigint", "text", "text", "text", "int"]);
            transaction.run(self.audit_statement(&sql, vec![serde_json::Value::from(owners).to_string().into()])).await?;
        }
        transaction.commit().await
    }

    /// How many records of an organisation each of these entries is about, by entry and family.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn audit_owned(
        &self,
        entries: (i64, i64),
        department: &str,
        region_prefix: &str,
    ) -> Result<BTreeMap<i64, BTreeMap<String, i64>>, HubError> {
        let sql = "SELECT seq, family, CAST(SUM(records) AS BIGINT) FROM audit_owners WHERE seq BETWEEN ? AND ? AND department = ? \
                   AND region_code LIKE ? GROUP BY seq, family";
        let values: Vec<Value> = vec![entries.0.into(), entries.1.into(), department.into(), format!("{region_prefix}%").into()];
        let mut owned: BTreeMap<i64, BTreeMap<String, i64>> = BTreeMap::new();
        for row in self.all(self.audit_statement(sql, values)).await? {
            owned.entry(row.try_get_by_index(0)?).or_default().insert(row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        }
        Ok(owned)
    }

    /// Entries after a number, oldest first.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn audit_entries(&self, seen: &Seen<'_>, after: i64, first: u64) -> Result<Vec<Kept>, HubError> {
        let mut values: Vec<Value> = vec![after.into()];
        let about = match seen {
            Seen::All => "",
            Seen::About { department, region_prefix } => {
                values.push((*department).into());
                values.push(format!("{region_prefix}%").into());
                " AND seq IN (SELECT seq FROM audit_owners WHERE department = ? AND region_code LIKE ?)"
            }
        };
        let first = i64::try_from(first).unwrap_or(i64::MAX);
        let sql = format!("SELECT {COLUMNS} FROM audit_entries WHERE seq > ?{about} ORDER BY seq LIMIT {first}");
        self.all(self.audit_statement(&sql, values)).await?.iter().map(kept).collect()
    }
}

fn kept(row: &QueryResult) -> Result<Kept, HubError> {
    let text = |index: usize| row.try_get_by_index::<Option<String>>(index).map(Option::unwrap_or_default);
    let at: DateTime<Utc> = row.try_get_by_index(1)?;
    Ok(Kept {
        parts: Linked {
            seq: row.try_get_by_index(0)?,
            at,
            words: [
                text(2)?,
                text(3)?,
                text(4)?,
                text(5)?,
                text(6)?,
                text(7)?,
                text(8)?,
                text(9)?,
                text(10)?,
                text(11)?,
                text(12)?,
            ],
        },
        previous: text(13)?,
        hash: text(14)?,
    })
}
