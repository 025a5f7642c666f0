//! Leads counted by kind, with the overlap of two lists and an estimate of the total number of
//! events.

use chrono::{DateTime, Utc};
use entity::{
    accident_victim,
    catalogue::{Catalogue, Family, Field},
    occupational_disease_case, work_injury,
};

use super::about::{About, about};
use crate::{
    authz::meeting::{LeadReach, Seat},
    domain::{
        chapman::{CaptureCounts, Estimate},
        disclosure::sight::{DisclosedNumber, RowSight},
        lead::LeadKind,
    },
    error::HubError,
    services::Services,
    store::meeting::leads::Pair,
};

/// Conditions of the estimate, which hold only roughly, in 中文 and English.
pub const CAVEAT: (&str, &str) = (
    "Chapman 估计，附百分之九十五区间。前提是两份名单互相独立、每一事件都可能进入任一名单、比对无误：部门之间互通信息时估计偏低，\
     尚待人核对的可能比对按未匹配计，估计偏高。匹配数少于七时不可靠。只供判断规模，不是应报未报数。",
    "Chapman's estimate with its 95 % interval. It holds where the two lists are independent, every event may come to both, and \
     matches are right: where departments tell each other it is too low; likely matches that wait for a person count as not \
     matched, which makes it too high. With fewer than seven matches it is not reliable. It tells a scale, not a number of \
     events that were kept back.",
);

/// A count as it is shown.
pub type ShownCount = DisclosedNumber<i64>;

/// The overlap of two lists, seen from one kind of lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindOverlap {
    /// Events found on both lists.
    pub matched: ShownCount,
    /// Events found only on the list of the departments that hold the kind's record.
    pub only_here: ShownCount,
    /// Events found only on the list of the other departments.
    pub only_there: ShownCount,
    /// Estimated total number of events; `None` where nothing matches or counts are protected.
    pub estimate: Option<Estimate>,
}

/// Leads of one kind.
#[derive(Clone, Debug)]
pub struct Summary {
    /// The description of the kind.
    pub about: About,
    /// Number of open leads that are certain.
    pub certain: ShownCount,
    /// Number of open leads that a person has to check.
    pub candidates: ShownCount,
    /// Number of leads that were closed.
    pub closed: ShownCount,
    /// The overlap, for kinds that compare two lists.
    pub overlap: Option<KindOverlap>,
    /// Time of the last search of the region; `None` if there was none, and then the counts mean
    /// nothing.
    pub searched: Option<DateTime<Utc>>,
}

/// The families whose lists are compared, each with the compared fields, for the audit log.
#[must_use]
pub fn compared(catalogue: &Catalogue) -> Vec<(&'static Family, Vec<&'static Field>)> {
    let of = |family: Option<&'static Family>, names: &[&str]| {
        family.map(|family| (family, names.iter().filter_map(|name| family.field(name)).collect()))
    };
    let by = [
        of(
            catalogue.of::<accident_victim::Entity>(),
            &[accident_victim::names::REGION_CODE, accident_victim::names::INJURY_DEGREE],
        ),
        of(catalogue.of::<work_injury::Entity>(), &{
            use work_injury::names::{
                ARTICLE, DIAGNOSED_AT, FATAL, INJURED_AT, REGION_CODE, RESULT,
            };
            [REGION_CODE, INJURED_AT, DIAGNOSED_AT, FATAL, ARTICLE, RESULT]
        }),
        of(catalogue.of::<occupational_disease_case::Entity>(), &{
            use occupational_disease_case::names::{DIAGNOSED_AT, REGION_CODE, REPORT_NATURE};
            [REGION_CODE, DIAGNOSED_AT, REPORT_NATURE]
        }),
    ];
    by.into_iter().flatten().collect()
}

/// Counts the leads that a seat may read, of a year or of all, kind by kind.
///
/// # Errors
///
/// [`HubError::Unavailable`] when the database does not answer.
pub async fn summary(
    services: &Services,
    seat: &Seat,
    year: Option<i32>,
) -> Result<Vec<Summary>, HubError> {
    let counted = services.database.leads_counted(seat, year).await?;
    let deaths = services.database.lead_overlap(seat, Pair::Deaths, year).await?;
    let diseases = services.database.lead_overlap(seat, Pair::Diseases, year).await?;
    let turned = |lists: CaptureCounts| CaptureCounts {
        only_here: lists.only_there,
        only_there: lists.only_here,
        ..lists
    };
    // How many of two lists are of one person, before and after a record that is made up, tells of
    // that person.
    let exact = seat.exact() && seat.leads() == LeadReach::All;
    let mut list = Vec::with_capacity(counted.kinds.len());
    for (kind, tally) in counted.kinds {
        let lists = match kind {
            LeadKind::DeathWithoutRecognition => Some(deaths),
            LeadKind::DeathWithoutAccident => Some(turned(deaths)),
            LeadKind::DiseaseWithoutApplication => Some(diseases),
            LeadKind::DiseaseWithoutReport => Some(turned(diseases)),
            _ => None,
        };
        let about = about(&services.reference, kind)?;
        let own = |department: &String| department == seat.department().as_str();
        // What was assigned to them they list, whatever its kind. Whose record is the one that is
        // missing lists none that lacks it: a zero would say that there are none.
        let any = tally.certain + tally.candidates + tally.closed > 0;
        let open = any
            || seat.leads() == LeadReach::All
            || (about.here.iter().any(own) && !kind.told_when_assigned());
        // Leads that may be listed one by one need no protection. Where nothing was handed in that
        // they could be about, that there is none says nothing.
        let silent = open && !any && !counted.compared.contains(&kind);
        let listed = |count: i64| {
            if silent {
                return ShownCount::NoRecords;
            }
            ShownCount::of_own(count, RowSight { exact: false, lists: open })
        };
        list.push(Summary {
            about,
            certain: listed(tally.certain),
            candidates: listed(tally.candidates),
            closed: listed(tally.closed),
            overlap: lists
                .filter(|_| counted.searched.is_some() && !silent)
                .map(|lists| overlap(lists, exact)),
            searched: counted.searched,
        });
    }
    Ok(list)
}

fn overlap(lists: CaptureCounts, exact: bool) -> KindOverlap {
    let sight = RowSight { exact, lists: false };
    let count = |count: u64| ShownCount::of_all(i64::try_from(count).unwrap_or(i64::MAX), sight);
    KindOverlap {
        matched: count(lists.matched),
        only_here: count(lists.only_here),
        only_there: count(lists.only_there),
        estimate: lists.estimate().ok().filter(|_| sight.tells()),
    }
}
