//! Which rows a question of statistics goes over, and how it may be answered there: decided by the
//! question and the asker alone, before any row is counted.

use entity::catalogue::Class;

use crate::authz::{
    policy::Openness,
    scope::{Scope, Zone},
};

/// The zones a question goes over, by how it may be answered there. Rows outside of them are left
/// out.
#[derive(Clone, Debug, Default)]
pub struct Treated<'a> {
    /// All that the question touches may be listed: whoever asks could list the rows and count
    /// them.
    pub exact: Vec<&'a Zone>,
    /// Groups and conditions may be listed, some sum may not.
    pub summed: Vec<&'a Zone>,
    /// Groups or conditions, or the rows themselves, may not be listed.
    pub protected: Vec<&'a Zone>,
}

impl Zone {
    /// Whether a class may be listed in full, so that whoever may list the rows could count by it.
    #[must_use]
    pub fn lists(&self, class: Class) -> bool {
        self.outcome(class) == Openness::Full
    }

    /// Whether a class may be read in sums.
    fn sums(&self, class: Class) -> bool {
        matches!(self.outcome(class), Openness::Full | Openness::Aggregate)
    }
}

impl Scope {
    /// How a question may be answered that groups and selects rows by columns of the classes `rows`
    /// and sums those of the classes `sums`.
    #[must_use]
    pub fn treated(&self, rows: &[Class], sums: &[Class]) -> Treated<'_> {
        let mut treated = Treated::default();
        for zone in &self.zones {
            let all = |may: &dyn Fn(Class) -> bool, classes: &[Class]| {
                classes.iter().all(|class| may(*class))
            };
            let listed = zone.listed() && all(&|class| zone.lists(class), rows);
            let counted = zone.counted()
                && all(&|class| zone.sums(class), rows)
                && all(&|class| zone.sums(class), sums);
            if listed && all(&|class| zone.lists(class), sums) {
                treated.exact.push(zone);
            } else if listed && counted {
                treated.summed.push(zone);
            } else if counted {
                treated.protected.push(zone);
            }
        }
        treated
    }

    /// Whether a question of statistics about these classes goes over what may not be listed.
    #[must_use]
    pub fn protects(&self, classes: &[Class]) -> bool {
        !self.treated(classes, &[]).protected.is_empty()
    }
}

/// Whether rows of all these zones may be listed with a class in full.
#[must_use]
pub fn listed(zones: &[&Zone], class: Option<Class>) -> bool {
    zones.iter().all(|zone| zone.listed() && class.is_none_or(|class| zone.lists(class)))
}
