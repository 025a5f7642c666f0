//! Discrepancy leads: what one department holds and another does not, for a person to look at.
//!
//! A search compares records inside the store, keeps what it finds, and closes what the data no
//! longer say. A lead is no finding: it says that two records do not agree, and which. Nothing is
//! ever merged, and what rests on likeness waits for a person.

mod about;
mod background;
mod groups;
pub mod nightly;
mod posts;
mod search;
mod steps;
mod summary;

pub use about::{About, NOTE, about, sentence};
pub use background::{LeadSearches, SearchStanding, SearchState};
pub use groups::groups;
pub use search::RunKind;
pub use steps::{Act, act};
pub use summary::{CAVEAT, KindOverlap, ShownCount, Summary, compared, summary};

pub use crate::{
    domain::lead::{LeadKind, LeadResolution, LeadState, Tier},
    store::meeting::leads::{LeadList, LeadQuery, RecordPointer, RecordRole, StoredLeadRow},
};
