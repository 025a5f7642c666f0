//! Zones: sets of rows that are treated alike.

use entity::catalogue::{Class, Family};

use crate::authz::{identity::DepartmentCode, policy::Openness};

/// Condition on the region of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegionCondition {
    /// The region code begins with this prefix.
    Inside(String),
    /// The region code does not begin with this prefix and is none of these higher regions.
    Outside(String, Vec<String>),
}

impl RegionCondition {
    /// Whether a row of that region may lie there.
    #[must_use]
    pub fn holds(&self, region: &str) -> bool {
        match self {
            Self::Inside(prefix) => region.starts_with(prefix.as_str()),
            Self::Outside(prefix, above) => {
                !region.starts_with(prefix.as_str()) && !above.iter().any(|code| code == region)
            }
        }
    }
}

/// Condition on the rows of a zone; all parts must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZoneCondition {
    /// Condition on the region code of the row.
    pub place: RegionCondition,
    /// By holding department: this one (`true`) or any other.
    pub department: Option<(DepartmentCode, bool)>,
    /// By key industry: one of these (`true`) or none of them.
    pub industry: Option<(Vec<String>, bool)>,
}

impl ZoneCondition {
    /// Whether a row with these values lies in the zone.
    #[must_use]
    pub fn holds(&self, region: &str, department: &str, industry: Option<&str>) -> bool {
        let department =
            self.department.as_ref().is_none_or(|(own, is)| (*own == *department) == *is);
        let industry = self.industry.as_ref().is_none_or(|(own, is)| {
            industry.is_some_and(|industry| own.iter().any(|code| code == industry)) == *is
        });
        self.place.holds(region) && department && industry
    }
}

/// A set of rows that are treated alike, with what is shown of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    pub(super) condition: ZoneCondition,
    pub(super) outcomes: [Openness; 4],
}

impl Zone {
    /// The condition that the rows of the zone satisfy.
    #[must_use]
    pub const fn condition(&self) -> &ZoneCondition {
        &self.condition
    }

    /// How much is shown of the fields of a class.
    #[must_use]
    pub fn outcome(&self, class: Class) -> Openness {
        self.outcomes.get(class as usize).copied().unwrap_or(Openness::None)
    }

    /// Whether the versions of its rows are shown; their numbers and times are internal facts.
    #[must_use]
    pub fn shows_versions(&self) -> bool {
        self.outcome(Class::Internal) == Openness::Full
    }

    /// Whether all fields of its rows are shown, so that every change is visible.
    #[must_use]
    pub fn shows_all(&self, family: &Family) -> bool {
        family
            .fields
            .iter()
            .all(|field| field.hidden || self.outcome(field.class) == Openness::Full)
    }

    /// Whether its rows may be listed.
    pub(in crate::authz) fn listed(&self) -> bool {
        self.outcomes.iter().any(|outcome| *outcome >= Openness::Masked)
    }

    /// Whether its rows may be counted.
    pub(super) fn counted(&self) -> bool {
        self.listed() || self.outcomes.contains(&Openness::Aggregate)
    }
}
