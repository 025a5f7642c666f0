//! Leads: differences between departments, found by comparing their records inside the database.
//!
//! Names and keyed hashes are compared inside the database and never leave it. The result is
//! identifiers of records, and what matches or is missing; what is stored names no person. The
//! search needs a [`crate::authz::matching::MatchingPermit`], reading and handling leads a
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
mod told_days;
mod write;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::domain::lead::{LeadKind, LeadResolution, LeadState, Tier};

pub use keep::SearchResult;
pub use overlap::{ListOverlap, Pair};
pub use read::{LeadList, LeadQuery};
pub use sql::{PostsOfPlan, StatementUse};
pub use steps::{LeadAction, StepWords};
pub use tally::{LeadCounts, LeadTally};

/// Role of a record in a lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum RecordRole {
    /// The record the lead is about.
    Subject,
    /// Belongs to the subject, such as the accident of a victim.
    Context,
    /// Contradicts the subject.
    Other,
    /// May belong to the subject; a person has to check.
    Candidate,
}

/// A record that a lead refers to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordPointer {
    /// Role of the record in the lead.
    pub role: RecordRole,
    /// Name of its family.
    pub family: String,
    /// Identifier of the record.
    pub id: Uuid,
    /// Department that holds it.
    pub department: String,
    /// Region of the record, as a code such as `140600`.
    pub region: String,
    /// What matches the subject, as codes of `lead_reason`.
    pub reasons: Vec<String>,
}

/// A lead as a search finds it, before it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundLead {
    /// Kind of difference between the departments' records (线索种类).
    pub kind: LeadKind,
    /// Identifies the lead within its kind; the same in every search.
    pub identity: String,
    /// Whether the match is certain or has to be checked by a person.
    pub tier: Tier,
    /// Region of the subject.
    pub region: String,
    /// Credit code of the employer.
    pub employer_uscc: Option<String>,
    /// Name of the employer.
    pub employer_name: Option<String>,
    /// Day of the event; for a disease, the day of its report.
    pub day: Option<NaiveDate>,
    /// Year of the event.
    pub year: i32,
    /// What is missing or does not match, as codes of `lead_reason`.
    pub reasons: Vec<String>,
    /// Records of the lead, the subject first.
    pub records: Vec<RecordPointer>,
}

/// A lead as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredLeadRow {
    /// Identifier of the lead, assigned when a search first stores it.
    pub id: Uuid,
    /// Serial number, unique within the hub; clients see it encrypted, as nine digits.
    pub number: i64,
    /// What the last search found.
    pub found: FoundLead,
    /// Where the work on it stands: open, assigned, answered or closed.
    pub state: LeadState,
    /// Whether the latest search no longer finds it.
    pub gone: bool,
    /// Department the lead is assigned to; `None` while it is open.
    pub assigned: Option<String>,
    /// Answer of the assigned department; `None` until it answers.
    pub answer: Option<String>,
    /// How it was closed; `None` while it is not.
    pub resolution: Option<LeadResolution>,
    /// Version, from 1; every step adds one.
    pub version: i32,
    /// When a search first found it.
    pub first_seen: DateTime<Utc>,
    /// When a search last found it.
    pub last_seen: DateTime<Utc>,
}

/// One step in the history of a lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryStep {
    /// Version of the lead after this step.
    pub version: i32,
    /// `FOUND`, `CHANGED`, `ASSIGNED`, `ANSWERED`, `CLOSED`, `GONE` or `RETURNED`.
    pub step: String,
    /// State of the lead after this step.
    pub state: String,
    /// Tier of the lead after this step.
    pub tier: String,
    /// Department the lead is assigned to after this step; `None` when nobody is.
    pub assigned: Option<String>,
    /// How it was closed; `None` unless it is closed after this step.
    pub resolution: Option<String>,
    /// Text entered with the step: the question, the answer or the closing remark.
    pub words: Option<String>,
    /// When the step was taken.
    pub at: DateTime<Utc>,
    /// Account that took the step, or that ran the search which caused it.
    pub subject: String,
    /// Department of that account.
    pub department: String,
    /// Region of that account's organisation.
    pub region: String,
}

/// Joins codes with commas, as the columns store them.
fn joined(codes: &[String]) -> String {
    codes.join(",")
}

fn split(codes: &str) -> Vec<String> {
    codes.split(',').filter(|code| !code.is_empty()).map(ToOwned::to_owned).collect()
}
