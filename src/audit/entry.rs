//! One entry of the audit log, and the collector that a request fills.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use entity::catalogue::Class;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::authz::actor::Actor;

/// Records of one family in an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Records {
    /// Letters of the classes shown.
    pub classes: String,
    /// Identifiers, 16 bytes each, in URL-safe base64.
    pub ids: String,
    /// How many.
    pub count: u32,
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
}

/// Collects what a request shows.
#[derive(Debug, Default)]
pub struct Collector(Mutex<BTreeMap<&'static str, Collected>>);

#[derive(Debug, Default)]
struct Collected {
    classes: Vec<Class>,
    ids: Vec<Uuid>,
    owners: BTreeMap<(String, String), i32>,
}

impl Collector {
    /// Notes a record of which these classes were shown. Public and internal facts alone are not noted.
    pub fn note(&self, family: &'static str, id: Uuid, department: &str, region: &str, classes: &[Class]) {
        if classes.iter().all(|class| *class < Class::Personal) {
            return;
        }
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = all.entry(family).or_default();
        for class in classes {
            if !own.classes.contains(class) {
                own.classes.push(*class);
            }
        }
        own.ids.push(id);
        *own.owners.entry((department.to_owned(), region.to_owned())).or_default() += 1;
    }

    /// How many records were noted.
    #[must_use]
    pub fn count(&self) -> usize {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.values().map(|own| own.ids.len()).sum()
    }

    /// Moves what was noted into an entry.
    pub fn drain_into(&self, entry: &mut Entry) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (family, mut own) in std::mem::take(&mut *all) {
            own.classes.sort_unstable();
            own.ids.sort_unstable();
            own.ids.dedup();
            let bytes: Vec<u8> = own.ids.iter().flat_map(|id| *id.as_bytes()).collect();
            let records = Records {
                classes: own.classes.iter().map(|class| class.letter()).collect(),
                ids: BASE64_URL_SAFE_NO_PAD.encode(bytes),
                count: u32::try_from(own.ids.len()).unwrap_or(u32::MAX),
            };
            entry.shown.insert(family.to_owned(), records);
            for ((department, region), count) in own.owners {
                entry.owners.insert((family.to_owned(), department, region), count);
            }
        }
    }
}
