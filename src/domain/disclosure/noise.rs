//! Noise for counts, by cell key: the sum of the record keys of a cell picks the noise, so that the
//! same records give the same noise in whatever way they are asked for, and asking again teaches
//! nothing.
//!
//! This is the cell-key method of the Australian Bureau of Statistics as the Office for National
//! Statistics uses it. Every record has a fixed secret key from 0 to 255. What a cell is told by is
//! its count plus the noise. The distribution is no secret; its tails are long and thin, so that
//! what follows from the largest noise is seldom near the truth. What is told of the bound is one
//! more than the largest noise.

/// So many record keys and cell keys there are.
pub const KEYS: i64 = 256;

/// How often each noise comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noise {
    /// Noise by cell key, least first.
    ladder: Vec<i64>,
}

impl Noise {
    /// The distribution of these pairs of noise and weight.
    ///
    /// # Errors
    ///
    /// A sentence: weights add up to 256, none is negative, the mean is zero, and no noise stands
    /// twice.
    pub fn new(weights: &[(i64, i64)]) -> Result<Self, String> {
        let mut sorted = weights.to_vec();
        sorted.sort_unstable();
        if sorted.windows(2).any(|pair| matches!(pair, [(a, _), (b, _)] if a == b)) {
            return Err("a noise stands twice".to_owned());
        }
        if sorted.iter().any(|(_, weight)| *weight < 0)
            || sorted.iter().map(|(_, weight)| weight).sum::<i64>() != KEYS
        {
            return Err(format!("the weights of the noise do not add up to {KEYS}"));
        }
        if sorted.iter().map(|(noise, weight)| noise * weight).sum::<i64>() != 0 {
            return Err("the mean of the noise is not zero".to_owned());
        }
        let steps = |(noise, weight): &(i64, i64)| {
            std::iter::repeat_n(*noise, usize::try_from(*weight).unwrap_or_default())
        };
        Ok(Self { ladder: sorted.iter().flat_map(steps).collect() })
    }

    /// The noise of a cell with this count and this sum of record keys; never more than the count
    /// would bear.
    #[must_use]
    pub fn of(&self, count: i64, record_keys: i64) -> i64 {
        let key = usize::try_from(record_keys.rem_euclid(KEYS)).unwrap_or_default();
        self.ladder.get(key).copied().unwrap_or_default().max(-count)
    }

    /// The largest noise, either way.
    #[must_use]
    pub fn largest(&self) -> i64 {
        self.ladder.iter().map(|noise| noise.abs()).max().unwrap_or_default()
    }

    /// What is told to bound the difference between a told count and the true one.
    #[must_use]
    pub fn bound(&self) -> i64 {
        self.largest() + 1
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{KEYS, Noise};

    fn noise() -> Noise {
        Noise::new(&[(-3, 8), (-2, 24), (-1, 56), (0, 80), (1, 56), (2, 24), (3, 8)])
            .expect("a distribution")
    }

    #[test]
    fn every_noise_comes_as_often_as_its_weight_says() {
        let noise = noise();
        for (wanted, weight) in [(-3, 8), (-2, 24), (-1, 56), (0, 80), (1, 56), (2, 24), (3, 8)] {
            let often = (0..KEYS).filter(|key| noise.of(100, *key) == wanted).count();
            assert_eq!(often, weight, "{wanted}");
        }
        assert_eq!((noise.largest(), noise.bound()), (3, 4));
    }

    #[test]
    fn a_distribution_that_is_none_is_refused() {
        assert!(Noise::new(&[(0, 255)]).is_err(), "weights that do not add up");
        assert!(Noise::new(&[(0, 156), (1, 100)]).is_err(), "a mean that is not zero");
        assert!(Noise::new(&[(-1, -2), (0, 260), (1, -2)]).is_err(), "a negative weight");
        assert!(Noise::new(&[(0, 128), (0, 128)]).is_err(), "a noise that stands twice");
    }

    proptest! {
        #[test]
        fn a_told_count_leaves_room_on_both_sides_of_the_true_one(count in 0_i64..5_000, keys in 0_i64..1_000_000) {
            let (noise, told) = (noise(), count + noise().of(count, keys));
            prop_assert!(told >= 0);
            prop_assert!((told - count).abs() < noise.bound());
            prop_assert_eq!(noise.of(count, keys), noise.of(count, keys % KEYS));
        }
    }
}
