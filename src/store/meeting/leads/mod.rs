//! Leads: differences between departments, found by comparing their records inside the database.
//!
//! Names and keyed hashes are compared by the database and never leave it. What comes out are
//! identifiers of records, and what agrees or is missing; what is kept names no person. The search
//! needs a [`crate::authz::matching::MatchingPermit`], reading and working on leads a
//! [`crate::authz::meeting::Seat`].

use strum::{IntoStaticStr, VariantArray};

mod keep;
mod kinds;
mod overlap;
mod read;
mod search;
mod sql;
mod steps;
mod tally;
mod write;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::domain::lead::{LeadKind, LeadResolution, LeadState, Tier};

pub use keep::SearchResult;
pub use overlap::{ListOverlap, Pair};
pub use read::{LeadList, LeadQuery};
pub use sql::StatementUse;
pub use steps::{LeadAction, StepWords};
pub use tally::{LeadCounts, LeadTally};

/// What part a record plays in a lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum RecordRole {
    /// The lead is about it.
    Subject,
    /// It belongs to the subject: the accident of a victim.
    Context,
    /// It contradicts the subject.
    Other,
    /// It may belong to the subject: a person has to look.
    Candidate,
}

/// A record that a lead points to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordPointer {
    /// Its part in the lead.
    pub role: RecordRole,
    /// Name of its family.
    pub family: String,
    /// Identifier.
    pub id: Uuid,
    /// Department that holds it.
    pub department: String,
    /// Its region.
    pub region: String,
    /// What agrees with the subject, as codes of `lead_reason`.
    pub reasons: Vec<String>,
}

/// A difference as a search finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundLead {
    /// Kind.
    pub kind: LeadKind,
    /// With the kind, the same at every search.
    pub identity: String,
    /// How sure it is.
    pub tier: Tier,
    /// Region of the subject.
    pub region: String,
    /// Credit code of the employer.
    pub employer_uscc: Option<String>,
    /// Name of the employer.
    pub employer_name: Option<String>,
    /// Day of the event; for a disease that of its report.
    pub day: Option<NaiveDate>,
    /// Year of the event.
    pub year: i32,
    /// What is missing or does not agree, as codes of `lead_reason`.
    pub reasons: Vec<String>,
    /// Records, the subject first.
    pub records: Vec<RecordPointer>,
}

/// A lead as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredLeadRow {
    /// Identifier.
    pub id: Uuid,
    /// Number for people, unique in the hub.
    pub number: i64,
    /// What the last search found.
    pub found: FoundLead,
    /// Where the work on it stands.
    pub state: LeadState,
    /// Whether the data no longer say so.
    pub gone: bool,
    /// Department that was asked.
    pub assigned: Option<String>,
    /// Its answer.
    pub answer: Option<String>,
    /// How it was closed.
    pub resolution: Option<LeadResolution>,
    /// Version, from 1; every step makes one.
    pub version: i32,
    /// When it was found first.
    pub first_seen: DateTime<Utc>,
    /// When it was found last.
    pub last_seen: DateTime<Utc>,
}

/// One step in the history of a lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryStep {
    /// Version it made.
    pub version: i32,
    /// `FOUND`, `CHANGED`, `ASSIGNED`, `ANSWERED`, `CLOSED`, `GONE` or `RETURNED`.
    pub step: String,
    /// State after it.
    pub state: String,
    /// Tier after it.
    pub tier: String,
    /// Department asked.
    pub assigned: Option<String>,
    /// How it was closed.
    pub resolution: Option<String>,
    /// What was asked, answered or said at the end.
    pub words: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// Account.
    pub subject: String,
    /// Its department.
    pub department: String,
    /// Region of its organisation.
    pub region: String,
}

/// Codes in one text, separated by commas.
fn joined(codes: &[String]) -> String {
    codes.join(",")
}

fn split(codes: &str) -> Vec<String> {
    codes.split(',').filter(|code| !code.is_empty()).map(ToOwned::to_owned).collect()
}
