//! Sums over rows that the asker may not read, blurred so that no single contribution can be
//! derived from them, even by somebody who knows all the others.

/// The noise of a sum is at least one part in `LEAST` of the largest contribution, and at most that
/// whole contribution.
const LEAST: i64 = 2;
/// Significant digits of a published sum.
const DIGITS: u32 = 3;

/// What was summed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summed {
    /// The exact sum, in the unit of the summed field (fen for money).
    pub whole: i64,
    /// Number of different contributors whose contribution is not zero.
    pub contributors: i64,
    /// Largest contribution of one contributor, as an absolute value.
    pub largest: i64,
    /// Granularity of the published sum: 100 fen for money, so that it comes out in whole yuan.
    pub unit: i64,
}

/// The published sum, if any: with at least `threshold` contributors, the exact sum is moved by
/// half to all of the largest contribution and then rounded. The same `seed` gives the same noise;
/// it must be secret and depend on the records only.
#[must_use]
pub fn blurred(sum: &Summed, threshold: i64, seed: u64) -> Option<i64> {
    if sum.contributors < threshold || sum.largest <= 0 {
        return None;
    }
    let least = sum.largest.div_euclid(LEAST) + sum.largest.rem_euclid(LEAST);
    // A largest contribution of 1 must allow more than one value of the noise, too.
    let spread = i128::from(sum.largest.max(LEAST) - least);
    let share = i128::from(seed >> 1);
    let noise = i128::from(least) + (spread * share + (1 << 62)) / (1 << 63);
    let moved =
        if seed & 1 == 0 { i128::from(sum.whole) + noise } else { i128::from(sum.whole) - noise };
    i64::try_from(moved).ok().map(|moved| rounded(moved, sum.unit.max(1)))
}

/// Rounded to three significant digits, and to whole units.
fn rounded(number: i64, unit: i64) -> i64 {
    let mut step = 1_i64;
    while number.unsigned_abs() / step.unsigned_abs() >= 10_u64.pow(DIGITS) {
        step = step.saturating_mul(10);
    }
    let step = i128::from(step.max(unit));
    let number = i128::from(number);
    let half = if number < 0 { -step / 2 } else { step / 2 };
    i64::try_from((number + half) / step * step).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Summed, blurred};

    #[test]
    fn too_few_contributors_are_no_sum() {
        let sum = |contributors, largest| Summed { whole: 900, contributors, largest, unit: 1 };
        assert_eq!(blurred(&sum(2, 800), 3, 7), None);
        assert_eq!(blurred(&sum(3, 0), 3, 7), None, "nobody adds anything");
        assert!(blurred(&sum(3, 800), 3, 7).is_some());
    }

    proptest! {
        #[test]
        fn a_sum_is_moved_by_half_to_all_of_the_largest_share(
            shares in prop::collection::vec(1_i64..1_000_000_000, 3..40), seed in any::<u64>(), unit in prop::sample::select(vec![1_i64, 100]),
        ) {
            let (whole, largest) = (shares.iter().sum::<i64>(), *shares.iter().max().unwrap_or(&0));
            let sum = Summed { whole, contributors: 3, largest, unit };
            let told = blurred(&sum, 3, seed).expect("a sum");
            prop_assert_eq!(blurred(&sum, 3, seed), Some(told), "the same noise every time");
            prop_assert_eq!(told % unit, 0);
            // Three digits are told: rounding moves by half of the last of them, which is no more
            // than 1/200.
            let rounding = (told.abs() / 200 + 1).max(unit / 2);
            let off = (told - whole).abs();
            prop_assert!(off <= largest.max(2) + rounding, "{off} {largest}");
            prop_assert!(off + rounding >= largest / 2, "{off} {largest}");
            let digits = told.abs().to_string();
            prop_assert!(digits.len() <= 3 || digits.get(3..).is_some_and(|rest| rest.chars().all(|digit| digit == '0')), "{told}");
        }

        #[test]
        fn both_signs_come(whole in 1_000_i64..1_000_000, seed in any::<u64>()) {
            let sum = Summed { whole, contributors: 5, largest: whole / 2, unit: 1 };
            let up = blurred(&sum, 3, seed & !1).expect("a sum");
            let down = blurred(&sum, 3, seed | 1).expect("a sum");
            prop_assert!(down < whole && whole < up);
        }
    }
}
