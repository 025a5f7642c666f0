//! Counts of persons and cases that belong together, with the parts they are made of.

use entity::catalogue::Class;

use crate::{
    domain::department::Department,
    store::meeting::figures::{FigureMeasure, Posts, VictimMatching},
};

/// A part of a whole: a sum over some of its finest parts.
#[derive(Debug)]
pub(super) struct Subtotal {
    /// The measure it is told as; none for what is left of one measure without another, which is
    /// known to whoever subtracts.
    pub told: Option<FigureMeasure>,
    /// Finest parts.
    pub of: &'static [usize],
}

/// Where the numbers of a whole come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WholeSource {
    /// Records of one family.
    Family(&'static str),
    /// Key posts with their training.
    Posts,
    /// Victims with their recognition.
    Victims,
}

/// Counts that belong together.
#[derive(Debug)]
pub(super) struct CountFamily {
    /// Where the numbers come from.
    pub source: WholeSource,
    /// The measures the finest parts follow from.
    pub measures: &'static [FigureMeasure],
    /// The finest parts, from the numbers of the measures.
    pub finest: fn(&[i64]) -> Vec<i64>,
    /// How many finest parts there are.
    pub depth: usize,
    /// Parts.
    pub parts: &'static [Subtotal],
    /// Families with the classes of their fields that the numbers follow from: whoever may list all
    /// of these can count by themselves, and is told no less.
    pub from: &'static [(&'static str, &'static [Class])],
    /// Of these the ones whose list, in whatever part, says how many there can be at a place:
    /// whoever reads it would narrow down every table beside it. With the department whose records
    /// count, where it is one.
    pub lists: &'static [(&'static str, Option<Department>)],
    /// A family whose full list gives an upper bound for some measures, for the province as a whole
    /// and not by place. Each pair is a measure and the one that bounds it.
    pub bounds: Option<(&'static str, &'static [(FigureMeasure, FigureMeasure)])>,
    /// The measure that says how many contribute, of what is an amount of employers and no count of
    /// persons.
    pub contributors: Option<FigureMeasure>,
}

/// Amounts of employers: what one or two of them have or pay is theirs.
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
        // The list says who contributes, and nobody takes that for a secret.
        lists: &[],
        bounds: None,
        contributors: Some(contributors),
    }
}

impl CountFamily {
    /// Whether it counts cases of disease, which have more than one day.
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

/// All of them: whatever is not in one of these is public, or a count of records that nobody counts
/// who may not list them.
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
        // A training counts for its person wherever it was: no list of trainings says how many of a
        // place were trained.
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
        // No more victims were insured than are listed, and no more are matched than there are
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

/// One number by itself.
fn alone(numbers: &[i64]) -> Vec<i64> {
    vec![numbers.first().copied().unwrap_or_default().max(0)]
}

/// Each measure holds the one before: what each has more.
fn nested(numbers: &[i64]) -> Vec<i64> {
    let before = std::iter::once(0).chain(numbers.iter().copied());
    numbers.iter().zip(before).map(|(number, before)| (number - before).max(0)).collect()
}

/// All, some of them, others of them, and those in either or in something else: in both, in the
/// one, in the other, in something else, in none. How many are in both is not counted, nor told;
/// one number that agrees with the others is as good as another.
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

/// All and some of them: these, and the others.
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
