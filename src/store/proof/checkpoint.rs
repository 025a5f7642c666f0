//! Where the audit log and the chain of events ended at a time, to be kept elsewhere: whoever can
//! take away the end of a chain together with its head, or bring back an old state of the whole
//! store, is found out by it.

use serde::{Deserialize, Serialize};

use crate::{
    error::HubError,
    store::{
        audit::AUDIT,
        proof::{
            events::EVENTS,
            prover::{ProofInput, Prover},
            tables::TABLES,
        },
        sql::database::Database,
    },
};

/// A checkpoint, as a file holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// Entries of the audit log.
    pub audit: i64,
    /// The link of the last one.
    pub audit_head: String,
    /// Events of the feed.
    pub events: i64,
    /// The link of the last one.
    pub events_head: String,
    /// How often the tables had moved; nothing in a checkpoint from before that was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tables: Option<i64>,
    /// The head of the tables.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tables_head: String,
    /// Keyed digest of all that.
    pub mac: String,
}

impl Checkpoint {
    /// As things are.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn now(database: &Database, prover: &Prover) -> Result<Self, HubError> {
        let (audit, events) = (database.head(AUDIT).await?, database.head(EVENTS).await?);
        let tables = database.head(TABLES).await?;
        let mut checkpoint = Self {
            audit: audit.as_ref().map_or(0, |head| head.position),
            audit_head: audit.map_or_else(String::new, |head| head.head),
            events: events.as_ref().map_or(0, |head| head.count),
            events_head: events.map_or_else(String::new, |head| head.head),
            tables: Some(tables.as_ref().map_or(0, |head| head.position)),
            tables_head: tables.map_or_else(String::new, |head| head.head),
            mac: String::new(),
        };
        checkpoint.mac = checkpoint.tag(prover);
        Ok(checkpoint)
    }

    fn tag(&self, prover: &Prover) -> String {
        let mut parts = vec![
            ProofInput::Number(self.audit),
            ProofInput::Text(&self.audit_head),
            ProofInput::Number(self.events),
            ProofInput::Text(&self.events_head),
        ];
        if let Some(tables) = self.tables {
            parts.extend([ProofInput::Number(tables), ProofInput::Text(&self.tables_head)]);
        }
        prover.tag("checkpoint", &parts)
    }

    /// How often the tables had moved, and their head.
    #[must_use]
    pub fn tables(&self) -> Option<(i64, &str)> {
        Some((self.tables?, &self.tables_head))
    }

    /// Whether it is as the hub wrote it.
    #[must_use]
    pub fn holds(&self, prover: &Prover) -> bool {
        self.mac == self.tag(prover)
    }
}
