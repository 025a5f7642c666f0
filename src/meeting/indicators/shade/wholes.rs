//! Counts of persons and cases that belong together, with the parts they are made of.

use entity::catalogue::Class;

use crate::{
    domain::department::Department,
    store::meeting::figures::{FigureMeasure, Posts, VictimMatching},
};

/// A part of a whole: the sum of some of its finest parts.
#[derive(Debug)]
pub(super) struct Subtotal {
    /// The measure under which it is shown; `None` for the difference between two measures, which
    /// anybody can compute by subtraction.
    pub told: Option<FigureMeasure>,
    /// Indices of the finest parts that are added up.
    pub of: &'static [usize],
}

/// The source of the numbers of a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WholeSource {
    /// Records of one family.
    Family(&'static str),
    /// Persons in key posts, matched with their trainings.
    Posts,
    /// Accident victims, matched with their recognition.
    Victims,
}

/// A set of counts that constrain each other and are protected together.
#[derive(Debug)]
pub(super) struct CountFamily {
    /// The source of the numbers.
    pub source: WholeSource,
    /// The measures from which the finest parts are computed.
    pub measures: &'static [FigureMeasure],
    /// Computes the finest parts from the numbers of the measures.
    pub finest: fn(&[i64]) -> Vec<i64>,
    /// Number of finest parts.
    pub depth: usize,
    /// All sums over finest parts that are shown or can be derived from shown ones.
    pub parts: &'static [Subtotal],
    /// Families and classes of fields behind the numbers: an actor who may list all of these can
    /// count the records anyway and is shown everything.
    pub from: &'static [(&'static str, &'static [Class])],
    /// Those families of which even a partial list shows how many there can be at a place, so that
    /// its reader could narrow down the tables. With the department whose records count, if only
    /// those of one do.
    pub lists: &'static [(&'static str, Option<Department>)],
    /// A family whose full list gives an upper bound for some measures, for the province as a whole
    /// but not by place. Each pair is a measure and the measure that bounds it.
    pub bounds: Option<(&'static str, &'static [(FigureMeasure, FigureMeasure)])>,
    /// For amounts of employers rather than counts of persons: the measure that gives the number of
    /// contributing employers.
    pub contributors: Option<FigureMeasure>,
}

/// Amounts of employers: what one or two of them have or pay must not be revealed.
const fn amount(
    measures: &'static [FigureMeasure],
    parts: &'static [Subtotal],
    contributors: FigureMeasure,
    from: &'static [(&'static str, &'static [Class])],
) -> CountFamily {
    CountFamily {
        source: WholeSource::Family(entity::insured_unit_year::names::FAMILY),
        measures,
        finest: alone,
        depth: 1,
        parts,
        from,
        // The list shows who contributes, which nobody regards as secret.
        lists: &[],
        bounds: None,
        contributors: Some(contributors),
    }
}

impl CountFamily {
    /// Whether it counts disease cases, which have more than one date.
    pub fn of_diseases(&self) -> bool {
        self.source == WholeSource::Family(entity::occupational_disease_case::names::FAMILY)
    }
}

const fn subtotal(measure: FigureMeasure, of: &'static [usize]) -> Subtotal {
    Subtotal { told: Some(measure), of }
}

const fn rest(of: &'static [usize]) -> Subtotal {
    Subtotal { told: None, of }
}

/// All protected wholes: any other count is public, or counts records that only those may count who
/// may also list them.
pub(super) static WHOLES: [CountFamily; 9] = [
    CountFamily {
        source: WholeSource::Family(entity::occupational_disease_case::names::FAMILY),
        measures: &[
            FigureMeasure::ShortExposure,
            FigureMeasure::Pneumoconiosis,
            FigureMeasure::Diseases,
        ],
        finest: nested,
        depth: 3,
        parts: &[
            subtotal(FigureMeasure::ShortExposure, &[0]),
            rest(&[1]),
            subtotal(FigureMeasure::Pneumoconiosis, &[0, 1]),
            rest(&[2]),
            subtotal(FigureMeasure::Diseases, &[0, 1, 2]),
        ],
        from: &[(
            entity::occupational_disease_case::names::FAMILY,
            &[Class::Public, Class::Internal, Class::Sensitive],
        )],
        lists: &[(entity::occupational_disease_case::names::FAMILY, Some(Department::HEALTH))],
        bounds: None,
        contributors: None,
    },
    CountFamily {
        source: WholeSource::Family(entity::work_injury::names::FAMILY),
        measures: &[
            FigureMeasure::InjuriesByAccident,
            FigureMeasure::InjuriesAtWork,
            FigureMeasure::Injuries,
        ],
        finest: nested,
        depth: 3,
        parts: &[
            subtotal(FigureMeasure::InjuriesByAccident, &[0]),
            rest(&[1]),
            subtotal(FigureMeasure::InjuriesAtWork, &[0, 1]),
            rest(&[2]),
            subtotal(FigureMeasure::Injuries, &[0, 1, 2]),
        ],
        from: &[(entity::work_injury::names::FAMILY, &[Class::Internal])],
        lists: &[(entity::work_injury::names::FAMILY, Some(Department::HRSS))],
        bounds: None,
        contributors: None,
    },
    CountFamily {
        source: WholeSource::Posts,
        measures: &Posts::MEASURES,
        finest: crossed,
        depth: 5,
        parts: &[
            subtotal(FigureMeasure::KeyPosts, &[0, 1, 2, 3, 4]),
            subtotal(FigureMeasure::SafetyTrained, &[0, 1]),
            rest(&[2, 3, 4]),
            subtotal(FigureMeasure::HealthTrained, &[0, 2]),
            rest(&[1, 3, 4]),
            subtotal(FigureMeasure::AnyTrained, &[0, 1, 2, 3]),
            rest(&[4]),
        ],
        from: &[
            (entity::employment::names::FAMILY, &[Class::Internal, Class::Personal]),
            (entity::training_record::names::FAMILY, &[Class::Internal, Class::Personal]),
        ],
        lists: &[(entity::employment::names::FAMILY, Some(Department::HRSS))],
        // A training counts for its person wherever it took place: no list of trainings shows how
        // many persons of a place were trained.
        bounds: Some((
            entity::training_record::names::FAMILY,
            &[
                (FigureMeasure::SafetyTrained, FigureMeasure::SafetyPassed),
                (FigureMeasure::HealthTrained, FigureMeasure::HealthPassed),
                (FigureMeasure::AnyTrained, FigureMeasure::Passed),
            ],
        )),
        contributors: None,
    },
    CountFamily {
        source: WholeSource::Victims,
        measures: &VictimMatching::MEASURES,
        finest: matched,
        depth: 2,
        parts: &[
            subtotal(FigureMeasure::InsuredVictims, &[0, 1]),
            subtotal(FigureMeasure::MatchedVictims, &[0]),
            rest(&[1]),
        ],
        from: &[
            (entity::accident_victim::names::FAMILY, &[Class::Internal, Class::Personal]),
            (entity::accident::names::FAMILY, &[Class::Public]),
            (entity::employment::names::FAMILY, &[Class::Internal, Class::Personal]),
            (entity::work_injury::names::FAMILY, &[Class::Internal, Class::Personal]),
        ],
        // There are no more insured victims than listed victims, and no more matched victims than
        // injuries.
        lists: &[
            (entity::accident_victim::names::FAMILY, None),
            (entity::work_injury::names::FAMILY, Some(Department::HRSS)),
        ],
        bounds: None,
        contributors: None,
    },
    CountFamily {
        source: WholeSource::Family(entity::hazard_rectification::names::FAMILY),
        measures: &[FigureMeasure::HazardsClosed, FigureMeasure::HazardsDue],
        finest: nested,
        depth: 2,
        parts: &[
            subtotal(FigureMeasure::HazardsClosed, &[0]),
            rest(&[1]),
            subtotal(FigureMeasure::HazardsDue, &[0, 1]),
        ],
        from: &[(entity::hazard_rectification::names::FAMILY, &[Class::Internal])],
        lists: &[(entity::hazard_rectification::names::FAMILY, None)],
        bounds: None,
        contributors: None,
    },
    amount(
        &[FigureMeasure::Insured],
        &[subtotal(FigureMeasure::Insured, &[0])],
        FigureMeasure::Insurers,
        UNIT_FACTS,
    ),
    amount(
        &[FigureMeasure::Premiums],
        &[subtotal(FigureMeasure::Premiums, &[0])],
        FigureMeasure::Payers,
        UNIT_AMOUNTS,
    ),
    amount(
        &[FigureMeasure::Benefits],
        &[subtotal(FigureMeasure::Benefits, &[0])],
        FigureMeasure::Beneficiaries,
        UNIT_AMOUNTS,
    ),
    amount(
        &[FigureMeasure::Prevention],
        &[subtotal(FigureMeasure::Prevention, &[0])],
        FigureMeasure::Preventers,
        UNIT_AMOUNTS,
    ),
];

const UNIT_FACTS: &[(&str, &[Class])] =
    &[(entity::insured_unit_year::names::FAMILY, &[Class::Public, Class::Internal])];
const UNIT_AMOUNTS: &[(&str, &[Class])] = &[(
    entity::insured_unit_year::names::FAMILY,
    &[Class::Public, Class::Internal, Class::Personal],
)];

/// A single number that is not divided into parts.
fn alone(numbers: &[i64]) -> Vec<i64> {
    vec![numbers.first().copied().unwrap_or_default().max(0)]
}

/// Each measure includes the one before: the parts are the differences.
fn nested(numbers: &[i64]) -> Vec<i64> {
    let before = std::iter::once(0).chain(numbers.iter().copied());
    numbers.iter().zip(before).map(|(number, before)| (number - before).max(0)).collect()
}

/// From all, two overlapping subsets and their union (which may include others): those in both, in
/// the first only, in the second only, in something else, in none. The number in both is neither
/// counted nor shown; any number consistent with the others will do.
fn crossed(numbers: &[i64]) -> Vec<i64> {
    let [all, one, other, any] =
        [0, 1, 2, 3].map(|place| numbers.get(place).copied().unwrap_or_default().max(0));
    let any = any.min(all);
    let (one, other) = (one.min(any), other.min(any));
    let both = if any == 0 {
        0
    } else {
        (one * other / any).clamp((one + other - any).max(0), one.min(other))
    };
    vec![both, one - both, other - both, any - one - other + both, all - any]
}

/// From a subset and all: the subset, and the others.
fn matched(numbers: &[i64]) -> Vec<i64> {
    let [all, some] = [0, 1].map(|place| numbers.get(place).copied().unwrap_or_default().max(0));
    vec![some.min(all), (all - some).max(0)]
}

#[cfg(test)]
mod tests {
    use super::{WHOLES, crossed, nested};

    #[test]
    fn parts_add_up_to_the_measures_they_are_told_as() {
        let numbers = |whole: &super::CountFamily| match whole.source {
            super::WholeSource::Family(_) => vec![2, 5, 9],
            _ => vec![9, 5, 6, 8],
        };
        for whole in &WHOLES {
            let numbers = numbers(whole);
            let finest = (whole.finest)(&numbers[..whole.measures.len()]);
            assert_eq!(finest.len(), whole.depth);
            assert!(finest.iter().all(|count| *count >= 0), "{finest:?}");
            for part in whole.parts {
                let sum: i64 = part.of.iter().map(|place| finest[*place]).sum();
                let Some(measure) = part.told else { continue };
                let place = whole
                    .measures
                    .iter()
                    .position(|own| *own == measure)
                    .expect("a measure of the whole");
                assert_eq!(sum, numbers[place], "{measure:?}");
            }
        }
    }

    #[test]
    fn numbers_that_do_not_agree_give_no_negative_part() {
        assert_eq!(nested(&[3, 2, 4]), [3, 0, 2]);
        assert_eq!(crossed(&[0, 1, 1, 1]), [0, 0, 0, 0, 0]);
        assert_eq!(crossed(&[2, 2, 2, 2]), [2, 0, 0, 0, 0]);
        assert_eq!(crossed(&[4, 1, 1, 2]), [0, 1, 1, 0, 2]);
        assert_eq!(crossed(&[5, 1, 1, 3]), [0, 1, 1, 1, 2]);
    }
}
