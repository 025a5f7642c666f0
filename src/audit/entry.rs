//! One entry of the audit log, and the collector that a request fills.

use std::{
    collections::{BTreeMap, HashSet},
    sync::{Mutex, PoisonError},
};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use entity::catalogue::Class;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{authz::actor::Actor, store::row::Classes};

/// Records of one family in an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Records {
    /// Letters of the classes shown.
    pub classes: String,
    /// Identifiers, 16 bytes each, in URL-safe base64.
    pub ids: String,
    /// How many.
    pub count: u32,
    /// Letters of the personal classes that a condition, order or group asked about, whether or not anything was shown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub asked: String,
}

/// An entry before it is linked.
#[derive(Clone, Debug)]
pub struct Entry {
    /// When.
    pub at: DateTime<Utc>,
    /// Account.
    pub subject: String,
    /// Department of the account.
    pub department: String,
    /// Region of the organisation.
    pub region: String,
    /// Roles, joined by `|`.
    pub roles: String,
    /// Purpose.
    pub purpose: String,
    /// Case or task.
    pub ticket: Option<String>,
    /// What was done: `query accidents`, `submit Accident ATOMIC`.
    pub operation: String,
    /// SHA-256 of the document or body.
    pub document_hash: String,
    /// Families, classes and records.
    pub shown: BTreeMap<String, Records>,
    /// Whose data: records by family, department and region.
    pub owners: BTreeMap<(String, String, String), i32>,
    /// `OK`, `BEGUN`, or the code of the error.
    pub outcome: String,
    /// Request.
    pub request: String,
}

impl Entry {
    /// An entry for an actor's request, nothing shown yet.
    #[must_use]
    pub fn of(actor: &Actor, at: DateTime<Utc>, request: &str, operation: String, document_hash: String) -> Self {
        Self {
            at,
            subject: actor.subject().to_owned(),
            department: actor.department().to_owned(),
            region: actor.region().as_str().to_owned(),
            roles: actor.roles().join("|"),
            purpose: actor.purpose().to_owned(),
            ticket: actor.ticket().map(ToOwned::to_owned),
            operation,
            document_hash,
            shown: BTreeMap::new(),
            owners: BTreeMap::new(),
            outcome: "OK".to_owned(),
            request: request.to_owned(),
        }
    }

    /// Adds what was shown.
    pub fn show(&mut self, shown: Shown) {
        self.shown.extend(shown.records);
        self.owners.extend(shown.owners);
    }
}

/// A record of which something was shown.
#[derive(Clone, Copy, Debug)]
pub struct Noted<'a> {
    /// Its identifier.
    pub id: Uuid,
    /// Department that holds it.
    pub department: &'a str,
    /// Its region.
    pub region: &'a str,
    /// Classes shown.
    pub classes: Classes,
}

/// Collects what a request shows.
#[derive(Debug, Default)]
pub struct Collector(Mutex<BTreeMap<&'static str, Collected>>);

#[derive(Debug, Default)]
struct Collected {
    classes: Classes,
    asked: Classes,
    ids: HashSet<Uuid>,
    owners: Vec<(String, String, i32)>,
}

impl Collected {
    fn note(&mut self, record: &Noted<'_>) {
        record.classes.iter().for_each(|class| self.classes.add(class));
        if !self.ids.insert(record.id) {
            return;
        }
        let own = self.owners.iter_mut().find(|(department, region, _)| department == record.department && region == record.region);
        match own {
            Some((.., count)) => *count += 1,
            None => self.owners.push((record.department.to_owned(), record.region.to_owned(), 1)),
        }
    }
}

impl Collector {
    /// Notes records of a family, each once. Those of which public and internal facts alone were shown are not noted.
    pub fn note<'a>(&self, family: &'static str, records: impl IntoIterator<Item = Noted<'a>>) {
        let mut personal =
            records.into_iter().filter(|record| record.classes.iter().any(|class| class >= Class::Personal)).peekable();
        if personal.peek().is_none() {
            return;
        }
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = all.entry(family).or_default();
        personal.for_each(|record| own.note(&record));
    }

    /// Notes that a condition, order or group asked about a class of a family: an answer without any personal value
    /// still tells that somebody meets it. Public and internal facts are not noted.
    pub fn ask(&self, family: &'static str, class: Class) {
        if class >= Class::Personal {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            all.entry(family).or_default().asked.add(class);
        }
    }

    /// Whether nothing was noted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// How many records were noted.
    #[must_use]
    pub fn count(&self) -> usize {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.values().map(|own| own.ids.len()).sum()
    }

    /// Moves what was noted into an entry.
    pub fn drain_into(&self, entry: &mut Entry) {
        entry.show(self.drain());
    }

    /// Takes out what was noted, for entries of several who are shown the same.
    #[must_use]
    pub fn drain(&self) -> Shown {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut shown = Shown::default();
        for (family, own) in std::mem::take(&mut *all) {
            let mut ids: Vec<Uuid> = own.ids.into_iter().collect();
            ids.sort_unstable();
            let bytes: Vec<u8> = ids.iter().flat_map(|id| *id.as_bytes()).collect();
            let records = Records {
                classes: own.classes.iter().map(|class| class.letter()).collect(),
                ids: BASE64_URL_SAFE_NO_PAD.encode(bytes),
                count: u32::try_from(ids.len()).unwrap_or(u32::MAX),
                asked: own.asked.iter().map(|class| class.letter()).collect(),
            };
            shown.records.insert(family.to_owned(), records);
            for (department, region, count) in own.owners {
                shown.owners.insert((family.to_owned(), department, region), count);
            }
        }
        shown
    }
}

/// What was shown, as an entry says it.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    records: BTreeMap<String, Records>,
    owners: BTreeMap<(String, String, String), i32>,
}

impl Shown {
    /// Whether nothing was noted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }
}
