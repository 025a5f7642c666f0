//! The right to compare the records of departments with each other: the hub's own matching task.
//!
//! Keyed hashes and names are compared inside the database and nothing of a person leaves it; what
//! comes out are identifiers of records, which everybody opens under their own scope. Source:
//! domain reference §7.3, `c` for matching.

use crate::{
    authz::{actor::Actor, identity::RoleCode, leads::Managing},
    domain::{department::Department, region::RegionCode},
};

/// Account under which the hub itself searches, in the log and in the history of leads.
const HUB: &str = "lianfang";

/// Name in the log of whoever runs commands on the machine of the hub.
const MACHINE: &str = "lianfang account";

/// Proof that records may be compared over a region, whoever holds them, and who ordered it.
#[derive(Clone, Debug)]
pub struct MatchingPermit {
    region: RegionCode,
    by: SearchAuthor,
}

/// Who ordered a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchAuthor {
    /// Name of the account, or that of the hub.
    pub subject: String,
    /// Code of the department.
    pub department: String,
    /// Region code of the organisation.
    pub region: String,
    /// Roles, joined by `|`; empty for the hub.
    pub roles: String,
    /// Code of the purpose; empty for the hub.
    pub purpose: String,
    /// Case or task number, if the token names one.
    pub ticket: Option<String>,
}

impl From<&Actor> for SearchAuthor {
    fn from(actor: &Actor) -> Self {
        Self {
            subject: actor.subject().to_owned(),
            department: actor.department().as_str().to_owned(),
            region: actor.region().as_str().to_owned(),
            roles: actor.roles().iter().map(RoleCode::as_str).collect::<Vec<_>>().join("|"),
            purpose: actor.purpose().as_str().to_owned(),
            ticket: actor.ticket().map(ToOwned::to_owned),
        }
    }
}

impl SearchAuthor {
    /// Whoever runs commands on the machine of the hub.
    #[must_use]
    pub fn machine() -> Self {
        let none = String::new;
        let subject = MACHINE.to_owned();
        Self {
            subject,
            department: none(),
            region: none(),
            roles: none(),
            purpose: none(),
            ticket: None,
        }
    }
}

impl MatchingPermit {
    /// Ordered by whoever manages the leads of a region.
    #[must_use]
    pub fn ordered(by: Managing<'_>, actor: &Actor) -> Self {
        Self { region: by.seat().region().clone(), by: SearchAuthor::from(actor) }
    }

    /// The hub's own search of a region, for the office of the joint meeting, which 人社 leads. It
    /// shows nothing to anybody.
    #[must_use]
    pub(crate) fn of_the_hub(region: RegionCode) -> Self {
        let by = SearchAuthor {
            subject: HUB.to_owned(),
            department: Department::HRSS.code().to_owned(),
            region: region.as_str().to_owned(),
            roles: String::new(),
            purpose: String::new(),
            ticket: None,
        };
        Self { region, by }
    }

    /// Region whose records are looked at. What they are compared with may lie anywhere.
    #[must_use]
    pub const fn region(&self) -> &RegionCode {
        &self.region
    }

    /// Who ordered it.
    #[must_use]
    pub const fn by(&self) -> &SearchAuthor {
        &self.by
    }
}
