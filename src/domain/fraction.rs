//! Shares as two whole numbers: exact, compared by cross multiplication, and rounded only when they
//! are printed.
//!
//! A target is judged on the fraction and never on what is printed: 14.96 % is printed as `15.0%`
//! and does not reach 15 %.

use std::{cmp::Ordering, fmt};

/// A share with a denominator above zero. Two fractions are equal when their values are (1/2 and
/// 2/4); both keep the numbers they were made of, because a share of two persons says less than one
/// of two hundred.
#[derive(Clone, Copy, Debug)]
pub struct Fraction {
    numerator: i64,
    denominator: i64,
}

impl Fraction {
    /// The fraction of two numbers; `None` unless the denominator is above zero.
    #[must_use]
    pub const fn new(numerator: i64, denominator: i64) -> Option<Self> {
        if denominator > 0 { Some(Self { numerator, denominator }) } else { None }
    }

    /// The fraction of so many hundredths: `hundredths(20)` is 20 %.
    #[must_use]
    pub const fn hundredths(percent: i32) -> Self {
        Self { numerator: percent as i64, denominator: 100 }
    }

    /// The numerator; negative for the reduction of something that has grown.
    #[must_use]
    pub const fn numerator(self) -> i64 {
        self.numerator
    }

    /// The denominator, always above zero.
    #[must_use]
    pub const fn denominator(self) -> i64 {
        self.denominator
    }

    /// The reduction of a count, as a share of its former value: `(from − to) / from`. Negative if
    /// it has grown; `None` if it was zero.
    #[must_use]
    pub const fn reduction(from: i64, to: i64) -> Option<Self> {
        match from.checked_sub(to) {
            Some(less) => Self::new(less, from),
            None => None,
        }
    }

    /// The reduction of a share, relative to its former value. `None` if that was zero, or if the
    /// result does not fit even in lowest terms.
    #[must_use]
    pub fn reduced_to(self, to: Self) -> Option<Self> {
        let was = i128::from(self.numerator).checked_mul(i128::from(to.denominator))?;
        let is = i128::from(to.numerator).checked_mul(i128::from(self.denominator))?;
        if was <= 0 {
            return None;
        }
        let less = was.checked_sub(is)?;
        let common = i128::try_from(gcd(less.unsigned_abs(), was.unsigned_abs())).ok()?;
        Self::new(
            i64::try_from(less.checked_div(common)?).ok()?,
            i64::try_from(was.checked_div(common)?).ok()?,
        )
    }

    /// The largest whole number not above `whole` times this share. Shares of targets lie between 0
    /// and 1, so the result fits.
    #[must_use]
    pub fn most_of(self, whole: i64) -> i64 {
        let product = i128::from(whole) * i128::from(self.numerator);
        i64::try_from(product.div_euclid(i128::from(self.denominator))).unwrap_or(i64::MAX)
    }

    /// The remainder to one: `1 − self`.
    #[must_use]
    pub const fn rest(self) -> Option<Self> {
        match self.denominator.checked_sub(self.numerator) {
            Some(rest) => Self::new(rest, self.denominator),
            None => None,
        }
    }

    /// In percent with one decimal, `12.5%`. Halves are rounded away from zero, as 四舍五入 does.
    #[must_use]
    pub fn percent(self) -> String {
        format!("{}%", self.tenths(1_000))
    }

    /// In per mille with one decimal, `4.9‰`.
    #[must_use]
    pub fn per_mille(self) -> String {
        format!("{}‰", self.tenths(10_000))
    }

    /// The share times `scale`, formatted with one decimal; `scale` is 1000 for percent and 10000
    /// for permille.
    fn tenths(self, scale: i128) -> String {
        let (above, below) = (
            i128::from(self.numerator).unsigned_abs(),
            i128::from(self.denominator).unsigned_abs(),
        );
        // At most 2^63 × 20,000, far below the limit of 128 bits.
        let tenths = (above * scale.unsigned_abs() * 2 + below) / (below * 2);
        let sign = if self.numerator < 0 && tenths > 0 { "-" } else { "" };
        format!("{sign}{}.{}", tenths / 10, tenths % 10)
    }
}

/// The two numbers: `3/24`.
impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.numerator, self.denominator)
    }
}

impl Ord for Fraction {
    fn cmp(&self, other: &Self) -> Ordering {
        let own = i128::from(self.numerator) * i128::from(other.denominator);
        own.cmp(&(i128::from(other.numerator) * i128::from(self.denominator)))
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Fraction {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Fraction {}

const fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    if a == 0 { 1 } else { a }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Fraction;

    fn of(numerator: i64, denominator: i64) -> Fraction {
        Fraction::new(numerator, denominator).expect("a denominator above zero")
    }

    #[test]
    fn halves_of_the_last_place_go_away_from_zero() {
        for (numerator, denominator, shown) in [
            (1, 8, "12.5%"),
            (1, 2000, "0.1%"),
            (1, 2001, "0.0%"),
            (-1, 2000, "-0.1%"),
            (-1, 2001, "0.0%"),
            (1496, 10_000, "15.0%"),
            (14_949, 100_000, "14.9%"),
            (1, 3, "33.3%"),
            (2, 3, "66.7%"),
            (5, 4, "125.0%"),
            (0, 7, "0.0%"),
        ] {
            assert_eq!(of(numerator, denominator).percent(), shown);
        }
        assert_eq!(of(49, 10_000).per_mille(), "4.9‰");
        assert_eq!(of(i64::MAX, 1).percent(), "922337203685477580700.0%");
        assert_eq!(of(i64::MIN, i64::MAX).percent(), "-100.0%");
    }

    #[test]
    fn what_is_printed_alike_is_still_told_apart() {
        let (short, reached) = (of(1496, 10_000), Fraction::hundredths(15));
        assert_eq!(short.percent(), reached.percent());
        assert!(short < reached);
    }

    #[test]
    fn nothing_is_divided_by_zero() {
        assert!(Fraction::new(1, 0).is_none());
        assert!(Fraction::new(1, -1).is_none());
        assert!(Fraction::reduction(0, 3).is_none());
        assert!(of(0, 5).reduced_to(of(1, 5)).is_none());
    }

    #[test]
    fn a_reduction_of_shares_is_exact() {
        assert_eq!(of(5, 1000).reduced_to(of(4, 1000)), Fraction::new(1, 5));
        assert_eq!(of(5, 1000).reduced_to(of(6, 1000)), Fraction::new(-1, 5));
        // As two products the numbers would leave 64 bits.
        assert_eq!(of(1 << 40, 1 << 50).reduced_to(of(1 << 39, 1 << 50)), Fraction::new(1, 2));
    }

    proptest! {
        #[test]
        fn the_order_is_that_of_the_products(a in any::<i64>(), b in 1..=i64::MAX, c in any::<i64>(), d in 1..=i64::MAX) {
            prop_assert_eq!(of(a, b).cmp(&of(c, d)), (i128::from(a) * i128::from(d)).cmp(&(i128::from(c) * i128::from(b))));
        }

        #[test]
        fn the_printed_number_is_within_half_of_its_last_place(a in -1_000_000_000_i64..1_000_000_000, b in 1..1_000_000_000_i64) {
            let shown = of(a, b).percent();
            let tenths: i128 = shown.trim_end_matches('%').replace('.', "").parse().expect("a number");
            // |a/b × 1000 − tenths| ≤ 1/2
            prop_assert!((i128::from(a) * 2000 - tenths * 2 * i128::from(b)).abs() <= i128::from(b), "{}", shown);
        }

        #[test]
        fn a_reduction_reaches_a_target_exactly_when_the_count_is_within_the_most(
            base in 1..10_000_000_i64, now in 0..10_000_000_i64, percent in 0..=100_i32,
        ) {
            let target = Fraction::hundredths(percent);
            let met = Fraction::reduction(base, now).expect("a base") >= target;
            // The rule as it is written: (A(b) − A(y)) × 100 ≥ target × A(b).
            prop_assert_eq!(met, (base - now) * 100 >= i64::from(percent) * base);
            prop_assert_eq!(met, now <= target.rest().expect("a rest").most_of(base));
        }

        #[test]
        fn a_reduction_of_shares_compares_as_its_products(
            a in 0..1_000_000_i64, b in 1..1_000_000_000_i64, c in 0..1_000_000_i64, d in 1..1_000_000_000_i64,
        ) {
            match of(a, b).reduced_to(of(c, d)) {
                None => prop_assert_eq!(a, 0),
                Some(less) => prop_assert_eq!(less >= Fraction::hundredths(0), of(c, d) <= of(a, b)),
            }
        }
    }
}
