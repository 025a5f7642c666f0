//! The right to read a family: which rows, and how much of each class of fields in them.
//!
//! A scope is a list of zones. A zone is a condition on the row (region, department, industry) with
//! an outcome for each class; zones do not overlap, so every visible row lies in exactly one. The
//! store adds the conditions to every statement and masks each row by its zone; it cannot create a
//! scope itself.

pub mod shared;
mod statistics;
mod zone;

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicU64, Ordering},
};

use entity::catalogue::{Class, Family};

pub use crate::authz::scope::{
    statistics::{Treated, listed},
    zone::{RegionCondition, Zone, ZoneCondition},
};

use crate::{
    authz::{
        actor::Actor,
        identity::DepartmentCode,
        meeting::{LEAD, Seat},
        policy::{Openness, Policy, RowReach},
    },
    domain::{code::Coded as _, region::RegionCode},
    error::HubError,
};

/// What a statement does with the rows it reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Shows the rows one by one.
    List,
    /// Shows only aggregates over the rows.
    Aggregate,
}

/// What of a reader decides which rows and classes he may read: readers who agree in it have the
/// same scopes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Standing {
    department: DepartmentCode,
    region: RegionCode,
    /// Whether he works on a case that he named.
    case: bool,
}

impl Standing {
    /// That of an actor.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] when no role of the actor reads records.
    fn of(policy: &Policy, actor: &Actor) -> Result<Self, HubError> {
        if !policy.reads(&actor.roles) {
            return Err(HubError::forbidden(
                "当前角色不能查看业务记录。请使用具有 READER 角色的令牌。",
                "Your roles do not read records. Use a token with the role READER.",
            ));
        }
        Ok(Self {
            department: actor.department.clone(),
            region: actor.region.clone(),
            case: policy.is_case_purpose(&actor.purpose) && actor.ticket.is_some(),
        })
    }
}

/// The number of a scope among all that this process made. Scopes with the same number are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ScopeNumber(u64);

impl ScopeNumber {
    fn next() -> Self {
        static LAST: AtomicU64 = AtomicU64::new(0);
        Self(LAST.fetch_add(1, Ordering::Relaxed))
    }
}

/// Proof that an actor may read a family.
#[derive(Clone, Debug)]
pub struct Scope {
    number: ScopeNumber,
    family: &'static Family,
    zones: Vec<Zone>,
    limit: Option<u64>,
    /// Whether the actor's department hands in persons by their numbers.
    names_persons: bool,
    /// Whether the actor's department keeps the roll of the insured: it has every number by law.
    keeps_roll: bool,
}

impl Scope {
    /// The scope of an actor over a family.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] when no role of the actor reads records.
    pub fn new(policy: &Policy, actor: &Actor, family: &'static Family) -> Result<Self, HubError> {
        Ok(Self::of(policy, &Standing::of(policy, actor)?, family))
    }

    /// The scope of all readers of that standing over a family.
    fn of(policy: &Policy, reader: &Standing, family: &'static Family) -> Self {
        let Standing { department, region, case } = reader;
        let prefix = region.prefix().to_owned();
        let own = RegionCondition::Inside(prefix.clone());
        let writes = policy.lines_of(family, department).any(super::policy::AccessLine::writes);
        let level = region.level().code();
        let settle = |outcomes: [Openness; 4]| {
            let mut settled = outcomes;
            for (outcome, class) in settled.iter_mut().zip(Class::ALL) {
                *outcome = settled_outcome(*outcome, policy.cap(level, class), *case);
            }
            settled
        };
        let mut zones = Vec::new();
        if writes {
            zones.push(Zone {
                condition: ZoneCondition {
                    place: own.clone(),
                    department: Some((department.clone(), true)),
                    industry: None,
                },
                outcomes: settle([Openness::Full; 4]),
            });
        }
        for line in policy.lines_of(family, department) {
            let industries = || policy.industries(department).to_vec();
            let (place, industry) = match line.rows {
                RowReach::Own => (own.clone(), None),
                RowReach::OwnIndustry => (own.clone(), Some((industries(), true))),
                RowReach::OtherIndustry => (own.clone(), Some((industries(), false))),
                RowReach::Peer => (RegionCondition::Outside(prefix.clone(), above(region)), None),
            };
            let department =
                (writes && line.rows != RowReach::Peer).then(|| (department.clone(), false));
            zones.push(Zone {
                condition: ZoneCondition { place, department, industry },
                outcomes: settle(line.outcomes()),
            });
        }
        zones.retain(Zone::counted);
        Self {
            number: ScopeNumber::next(),
            family,
            zones: merged(zones),
            limit: case.then_some(200),
            names_persons: policy.hands_in(entity::person::names::FAMILY, department),
            keeps_roll: *department == LEAD,
        }
    }

    /// The right to count a family in the whole province of a seat, but to list none of it. Used to
    /// decide which cells of the meeting's figures are withheld, which must not depend on the
    /// asker.
    #[must_use]
    pub fn of_province(seat: &Seat, family: &'static Family) -> Self {
        let place = RegionCondition::Inside(seat.region().province().prefix().to_owned());
        let condition = ZoneCondition { place, department: None, industry: None };
        Self {
            number: ScopeNumber::next(),
            family,
            zones: vec![Zone { condition, outcomes: [Openness::Aggregate; 4] }],
            limit: None,
            names_persons: false,
            keeps_roll: false,
        }
    }

    /// Its number: a cache that holds it holds nothing of the caller.
    #[must_use]
    pub const fn number(&self) -> ScopeNumber {
        self.number
    }

    /// The family that the scope covers.
    #[must_use]
    pub const fn family(&self) -> &'static Family {
        self.family
    }

    /// Zones whose rows may be used in this way when the statement filters, orders, groups or sums
    /// by columns of these classes. Zones in which one of the classes is not fully readable (for
    /// aggregates: at least in aggregates) are left out, so that the result of a clause never
    /// depends on a value the actor may not see.
    #[must_use]
    pub fn zones(&self, how: Use, classes: &[Class]) -> Vec<&Zone> {
        let least = match how {
            Use::List => Openness::Full,
            Use::Aggregate => Openness::Aggregate,
        };
        let usable = |zone: &Zone| match how {
            Use::List => zone.listed(),
            Use::Aggregate => zone.counted(),
        };
        let readable = |outcome: Openness| match how {
            Use::List => outcome >= least,
            Use::Aggregate => outcome == Openness::Aggregate || outcome == Openness::Full,
        };
        self.zones
            .iter()
            .filter(|zone| {
                usable(zone) && classes.iter().all(|class| readable(zone.outcome(*class)))
            })
            .collect()
    }

    /// Zones whose rows a link may reach through a column. As when starting from these rows, the
    /// column must be shown there at least masked; otherwise the holder of the other end would learn
    /// its value. Whoever hands in persons by their numbers could name anybody at the other end: a
    /// link by that number leads them only to rows that show the number itself.
    #[must_use]
    pub fn reached(&self, classes: &[Class], column: &str) -> Vec<&Zone> {
        let by_number = self.family.fields.iter().any(|field| field.key == Some(column));
        let least = if by_number && self.names_persons { Openness::Full } else { Openness::Masked };
        let key = self.family.key_class(column);
        let shown = |zone: &&Zone| key.is_none_or(|class| zone.outcome(class) >= least);
        let classes: Vec<Class> =
            classes.iter().copied().chain(self.number_class(column)).collect();
        self.zones(Use::List, &classes).into_iter().filter(shown).collect()
    }

    /// The class of the number that a link through a column follows, for whoever hands in persons
    /// without keeping the roll of the insured: its rows have to show it, behind a link and in a
    /// condition on one alike.
    #[must_use]
    pub fn number_class(&self, column: &str) -> Option<Class> {
        let number = self.family.fields.iter().find(|field| field.key == Some(column))?;
        (self.names_persons && !self.keeps_roll).then_some(number.class)
    }

    /// Whether any row may be used in this way with these classes.
    #[must_use]
    pub fn allows(&self, how: Use, classes: &[Class]) -> bool {
        !self.zones(how, classes).is_empty()
    }

    /// Whether all rows of a place, of these departments and of a key industry may be used in this
    /// way: only then is a sum over them complete, rather than a sum of the visible rows.
    #[must_use]
    pub fn covers(
        &self,
        how: Use,
        classes: &[Class],
        region: &str,
        departments: &[&str],
        industry: Option<&str>,
    ) -> bool {
        let zones = self.zones(how, classes);
        departments.iter().all(|department| {
            zones.iter().any(|zone| zone.condition.holds(region, department, industry))
        })
    }

    /// The zone of a row.
    #[must_use]
    pub fn zone_of(&self, region: &str, department: &str, industry: Option<&str>) -> Option<&Zone> {
        self.zones.iter().find(|zone| zone.condition.holds(region, department, industry))
    }

    /// Whether the record at this place takes precedence over those of other departments about the
    /// same employer or person: the record of social security does, if its holder may be seen.
    #[must_use]
    pub fn prefers(&self, place: (&str, &str, Option<&str>)) -> bool {
        LEAD == *place.1 && self.shows(Class::Public, place)
    }

    /// Whether a class is shown, at least masked, of a row with this region, department and key
    /// industry.
    #[must_use]
    pub fn shows(
        &self,
        class: Class,
        (region, department, industry): (&str, &str, Option<&str>),
    ) -> bool {
        self.zone_of(region, department, industry)
            .is_some_and(|zone| zone.outcome(class) >= Openness::Masked)
    }

    /// The holders of the rows that a question with these classes is about: the departments that
    /// hand in the family, each with the region its rows lie in or below; an empty region stands
    /// for all.
    #[must_use]
    pub fn holders(
        &self,
        policy: &Policy,
        how: Use,
        classes: &[Class],
    ) -> BTreeSet<(String, String)> {
        let mut held = BTreeSet::new();
        for zone in self.zones(how, classes) {
            let region = match &zone.condition.place {
                RegionCondition::Inside(prefix) => format!("{prefix:0<6}"),
                RegionCondition::Outside(..) => String::new(),
            };
            let within = |holder: &&DepartmentCode| {
                zone.condition.department.as_ref().is_none_or(|(own, is)| (own == *holder) == *is)
            };
            held.extend(
                policy
                    .holders(self.family)
                    .filter(within)
                    .map(|holder| (holder.as_str().to_owned(), region.clone())),
            );
        }
        held
    }

    /// The greatest number of rows that one request may show for a case purpose.
    #[must_use]
    pub const fn row_limit(&self) -> Option<u64> {
        self.limit
    }

    /// The most that is shown of a class in any row.
    #[must_use]
    pub fn widest(&self, class: Class) -> Openness {
        self.zones.iter().map(|zone| zone.outcome(class)).max().unwrap_or(Openness::None)
    }
}

/// Departments that hand in this family in a region; names the holders concerned when the caller
/// may read none of the rows.
#[must_use]
pub fn everywhere_in(
    policy: &Policy,
    family: &Family,
    region: &RegionCode,
) -> BTreeSet<(String, String)> {
    let held = |holder: &DepartmentCode| (holder.as_str().to_owned(), region.as_str().to_owned());
    policy.holders(family).map(held).collect()
}

/// Limits an outcome by the cap of a level. A cap of `case` requires a case and grants no more than
/// the policy line: what is masked stays masked in a case.
fn settled_outcome(outcome: Openness, most: Openness, case: bool) -> Openness {
    let capped = match (outcome, most) {
        (Openness::Masked | Openness::Full, Openness::Case) if case => outcome,
        (Openness::Masked, Openness::Case) => Openness::None,
        _ => outcome.min(most),
    };
    match capped {
        Openness::Case if case => Openness::Full,
        Openness::Case => Openness::None,
        other => other,
    }
}

/// Regions that contain this one.
fn above(region: &RegionCode) -> Vec<String> {
    let code = region.as_str();
    let mut codes = Vec::new();
    for length in [2, 4] {
        if let Some(head) = code.get(..length)
            && region.prefix().len() > length
        {
            codes.push(format!("{head:0<6}"));
        }
    }
    codes
}

/// Merges zones that differ only in whether they belong to the own department, so that the common
/// case is a single condition.
fn merged(zones: Vec<Zone>) -> Vec<Zone> {
    let mut result: Vec<Zone> = Vec::new();
    for zone in zones {
        let twin = result.iter_mut().find(|other| {
            other.outcomes == zone.outcomes
                && other.condition.place == zone.condition.place
                && other.condition.industry == zone.condition.industry
                && matches!((&other.condition.department, &zone.condition.department), (Some((a, x)), Some((b, y))) if a == b && x != y)
        });
        match twin {
            Some(other) => other.condition.department = None,
            None => result.push(zone),
        }
    }
    result
}
