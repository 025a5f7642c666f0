//! One entry of the audit log. What belongs into the entries of a request is gathered in a
//! [`Collector`](super::collector::Collector).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::authz::{actor::Actor, matching::SearchAuthor};

/// Records of one family in an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryRecords {
    /// Letters of the classes shown.
    pub classes: String,
    /// Identifiers, 16 bytes each, in URL-safe base64.
    pub ids: String,
    /// Number of records, equal to the number of identifiers in `ids`.
    pub count: u32,
    /// Letters of the personal classes that a condition, order or group referred to, whether or not
    /// anything was shown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub asked: String,
    /// Names of the fields and links in the question, if it referred to personal classes or to data
    /// open only in aggregates; never a value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// Number of groups in the answer to such a question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<u64>,
}

/// How much a request has written: deleting any of it would contradict the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WriteCount {
    /// Number of versions of records.
    pub versions: i64,
    /// Number of receipts of submissions.
    pub receipts: i64,
}

/// An entry before it is linked to the chain.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Time of the request.
    pub at: DateTime<Utc>,
    /// Name of the account or system, from the token.
    pub subject: String,
    /// Department of the account.
    pub department: String,
    /// Region code of the organisation.
    pub region: String,
    /// Roles, joined by `|`.
    pub roles: String,
    /// Code of the purpose, from the token.
    pub purpose: String,
    /// Case or task number, if the token names one.
    pub ticket: Option<String>,
    /// What was done: `query accidents`, `submit Accident ATOMIC`.
    pub operation: String,
    /// SHA-256 of the document or body.
    pub document_hash: String,
    /// Families, classes and records.
    pub shown: BTreeMap<String, EntryRecords>,
    /// Holders of the data: number of records by family, department and region; 0 where records
    /// were asked about but not shown. The region is then the one asked about, empty for all.
    pub owners: BTreeMap<(String, String, String), i32>,
    /// `OK`, `BEGUN`, or the code of the error.
    pub outcome: String,
    /// What the store holds because of the request.
    pub written: WriteCount,
    /// Identifier of the request, as in `extensions.requestId`.
    pub request: String,
}

impl Entry {
    /// An entry for an actor's request, nothing shown yet.
    #[must_use]
    pub fn of(
        actor: &Actor,
        at: DateTime<Utc>,
        request: &str,
        operation: String,
        document_hash: String,
    ) -> Self {
        Self::by(SearchAuthor::from(actor), (at, request), operation, document_hash)
    }

    /// An entry for what an account, or the hub itself, does; nothing shown yet.
    #[must_use]
    pub fn by(
        SearchAuthor { subject, department, region, roles, purpose, ticket }: SearchAuthor,
        (at, request): (DateTime<Utc>, &str),
        operation: String,
        document_hash: String,
    ) -> Self {
        Self {
            at,
            subject,
            department,
            region,
            roles,
            purpose,
            ticket,
            operation,
            document_hash,
            shown: BTreeMap::new(),
            owners: BTreeMap::new(),
            outcome: "OK".to_owned(),
            written: WriteCount::default(),
            request: request.to_owned(),
        }
    }

    /// Adds what was shown.
    pub fn show(&mut self, shown: EntryDisclosure) {
        self.shown.extend(shown.records);
        self.owners.extend(shown.owners);
    }
}

/// What was shown, in the form that an entry stores.
#[derive(Clone, Debug, Default)]
pub struct EntryDisclosure {
    pub(super) records: BTreeMap<String, EntryRecords>,
    pub(super) owners: BTreeMap<(String, String, String), i32>,
}

impl EntryDisclosure {
    /// Whether nothing was shown or asked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }
}
