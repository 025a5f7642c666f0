//! Leads counted by kind, with what two lists have in common and how many events there may be in all.

use chrono::{DateTime, Utc};

use super::about::{About, about};
use crate::{
    authz::{meeting::Seat, scope::SMALL_CELL},
    domain::{
        chapman::{Estimate, Lists},
        lead::Kind,
    },
    error::HubError,
    services::Services,
    store::leads::Pair,
};

/// What has to hold for the estimate, and does not quite. 中文 and English.
pub const CAVEAT: (&str, &str) = (
    "Chapman 估计，附百分之九十五区间。前提是两份名单互相独立、每一事件都可能进入任一名单、比对无误：部门之间互通信息时估计偏低，\
     尚待人核对的可能比对按未匹配计，估计偏高。匹配数少于七时不可靠。只供判断规模，不是应报未报数。",
    "Chapman's estimate with its 95 % interval. It holds where the two lists are independent, every event may come to both, and \
     matches are right: where departments tell each other it is too low; likely matches that wait for a person count as not \
     matched, which makes it too high. With fewer than seven matches it is not reliable. It tells a scale, not a number of \
     events that were kept back.",
);

/// To what counts are rounded for whoever does not see them exactly; the same count is always shown the same.
const STEP: i64 = 5;

/// A count as it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// The count; nothing where fewer than three are withheld.
    pub shown: Option<i64>,
    /// Whether it was rounded or withheld.
    pub protected: bool,
}

impl Count {
    fn of(count: i64, exact: bool) -> Self {
        if exact {
            return Self { shown: Some(count), protected: false };
        }
        // Zero is withheld with one and two: that nobody was hit tells something too.
        Self { shown: (count >= SMALL_CELL).then(|| (count + STEP / 2) / STEP * STEP), protected: true }
    }
}

/// What two lists have in common, from the side of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// In both.
    pub matched: Count,
    /// Only with the departments of the kind's record.
    pub only_here: Count,
    /// Only with the other ones.
    pub only_there: Count,
    /// How many events there may be; nothing where nothing matches, or counts are protected.
    pub estimate: Option<Estimate>,
}

/// Leads of one kind.
#[derive(Clone, Debug)]
pub struct Summary {
    /// What the kind means.
    pub about: About,
    /// Not closed, and certain.
    pub certain: Count,
    /// Not closed, and waiting for a person.
    pub candidates: Count,
    /// Closed.
    pub closed: Count,
    /// Where two lists are compared.
    pub overlap: Option<Overlap>,
    /// When the region was searched last; nothing when never, and then the counts say nothing.
    pub searched: Option<DateTime<Utc>>,
}

/// Counts the leads that a seat may read, of a year or of all, kind by kind.
///
/// # Errors
///
/// [`HubError::Unavailable`] when the database does not answer.
pub async fn summary(services: &Services, seat: &Seat, year: Option<i32>) -> Result<Vec<Summary>, HubError> {
    let counted = services.database.leads_counted(seat, year).await?;
    let deaths = services.database.lead_overlap(seat, Pair::Deaths, year).await?;
    let diseases = services.database.lead_overlap(seat, Pair::Diseases, year).await?;
    let turned = |lists: Lists| Lists { only_here: lists.only_there, only_there: lists.only_here, ..lists };
    let exact = seat.exact();
    let mut list = Vec::with_capacity(counted.kinds.len());
    for (kind, tally) in counted.kinds {
        let lists = match kind {
            Kind::DeathWithoutRecognition => Some(deaths),
            Kind::DeathWithoutAccident => Some(turned(deaths)),
            Kind::DiseaseWithoutApplication => Some(diseases),
            Kind::DiseaseWithoutReport => Some(turned(diseases)),
            _ => None,
        };
        list.push(Summary {
            about: about(&services.reference, kind)?,
            certain: Count::of(tally.certain, exact),
            candidates: Count::of(tally.candidates, exact),
            closed: Count::of(tally.closed, exact),
            overlap: lists.filter(|_| counted.searched.is_some()).map(|lists| overlap(lists, exact)),
            searched: counted.searched,
        });
    }
    Ok(list)
}

fn overlap(lists: Lists, exact: bool) -> Overlap {
    let count = |count: u64| Count::of(i64::try_from(count).unwrap_or(i64::MAX), exact);
    Overlap {
        matched: count(lists.matched),
        only_here: count(lists.only_here),
        only_there: count(lists.only_there),
        estimate: lists.estimate().ok().filter(|_| exact),
    }
}

#[cfg(test)]
mod tests {
    use super::Count;

    #[test]
    fn small_counts_are_withheld_and_others_rounded_the_same_way_every_time() {
        for (count, shown) in [(0, None), (2, None), (3, Some(5)), (7, Some(5)), (8, Some(10)), (12, Some(10)), (13, Some(15))] {
            assert_eq!(Count::of(count, false), Count { shown, protected: true }, "{count}");
        }
        assert_eq!(Count::of(0, true), Count { shown: Some(0), protected: false });
    }

    #[test]
    fn neighbouring_counts_cannot_be_told_apart_by_a_difference_of_two_answers() {
        // What one person more or less changes is nothing, or a whole step.
        for count in 3..200 {
            let difference = Count::of(count + 1, false).shown.unwrap_or(0) - Count::of(count, false).shown.unwrap_or(0);
            assert!([0, 5].contains(&difference), "{count}");
        }
    }
}
