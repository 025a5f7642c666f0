//! The right to compare the records of departments with each other: the hub's own matching task.
//!
//! Keyed hashes and names are compared inside the database and nothing of a person leaves it; what
//! comes out are identifiers of records, which everybody opens under their own scope. Source:
//! domain reference §7.3, `c` for matching.

use crate::{authz::leads::Managing, domain::region::RegionCode};

/// Proof that records may be compared over a region, whoever holds them.
#[derive(Clone, Debug)]
pub struct MatchingPermit {
    region: RegionCode,
}

impl MatchingPermit {
    /// Ordered by whoever manages the leads of a region.
    #[must_use]
    pub fn ordered(by: Managing<'_>) -> Self {
        Self { region: by.seat().region().clone() }
    }

    /// Region whose records are looked at. What they are compared with may lie anywhere.
    #[must_use]
    pub const fn region(&self) -> &RegionCode {
        &self.region
    }
}
