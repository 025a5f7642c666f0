//! Rules for statistics over records that the asker may not list.

use crate::domain::disclosure::{noise::Noise, published::PublishedCube};

/// Disclosure rules, read from the tables `disclosure_rule`, `published_dimension` and
/// `statistics_noise`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Fields by which records may be counted, and at which levels.
    pub cube: PublishedCube,
    /// Noise of counts.
    pub noise: Noise,
    /// Smallest count that is published, tested before and after adding the noise; also the least
    /// number of different contributors that a sum needs.
    pub threshold: i64,
    /// Least size of a group, by family, before anything sensitive is published about its members.
    /// The first entry without a family applies to all others.
    pub minimum: Vec<(Option<String>, i64)>,
}

impl Rules {
    /// Least size of a group of this family before anything sensitive is published about its
    /// members.
    #[must_use]
    pub fn minimum_of(&self, family: &str) -> i64 {
        let own = self.minimum.iter().find(|(name, _)| name.as_deref() == Some(family));
        let found = own.or_else(|| self.minimum.iter().find(|(name, _)| name.is_none()));
        found.map_or(i64::MAX, |(_, least)| *least)
    }

    /// The published count of a cell, if any: with its noise, and at most `most` where the caller
    /// may list that many rows anyway.
    #[must_use]
    pub fn count(&self, count: i64, record_keys: i64, most: Option<i64>) -> Option<i64> {
        let noisy = count + self.noise.of(count, record_keys);
        (count >= self.threshold && noisy >= self.threshold)
            .then(|| most.map_or(noisy, |most| noisy.min(most)))
    }

    /// Smallest true count that can lie behind the published count `told`, given the rules.
    #[must_use]
    pub fn least(&self, told: i64) -> i64 {
        (told - self.noise.largest()).max(self.threshold)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Rules;
    use crate::domain::disclosure::{noise::Noise, published::PublishedCube};

    fn rules() -> Rules {
        let noise = Noise::new(&[(-3, 8), (-2, 24), (-1, 56), (0, 80), (1, 56), (2, 24), (3, 8)])
            .expect("a distribution");
        let minimum = vec![(None, 10), (Some("Person".to_owned()), 20)];
        Rules { cube: PublishedCube::default(), noise, threshold: 3, minimum }
    }

    #[test]
    fn the_least_group_is_that_of_the_family_or_the_general_one() {
        assert_eq!((rules().minimum_of("Person"), rules().minimum_of("Accident")), (20, 10));
        assert_eq!(Rules { minimum: Vec::new(), ..rules() }.minimum_of("Accident"), i64::MAX);
    }

    proptest! {
        #[test]
        fn nothing_small_is_told_and_nothing_above_what_can_be_listed(count in 0_i64..60, keys in 0_i64..256, more in 0_i64..5) {
            let told = rules().count(count, keys, Some(count + more));
            prop_assert!(told.is_none_or(|told| told >= 3 && told <= count + more && (told - count).abs() <= 3));
            prop_assert!(count >= 3 || told.is_none());
            prop_assert!(count < 6 || told.is_some());
        }
    }
}
