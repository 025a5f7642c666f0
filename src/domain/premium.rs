//! Premium rates 费率, their float 浮动, and the benefit ratio 支缴率, in whole numbers only.
//!
//! Source: 人社部发〔2015〕71号; domain reference §4.1, §4.3. Rates are in 1/100000 of the wage
//! bill, money in fen.

use strum::{IntoStaticStr, VariantArray};

/// Step of the float.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, IntoStaticStr)]
pub enum FloatStep {
    /// 下浮两档: two steps down, 50 % of the base rate.
    #[strum(serialize = "DOWN_2")]
    Down2,
    /// 下浮一档: one step down, 80 % of the base rate.
    #[strum(serialize = "DOWN_1")]
    Down1,
    /// 基准: the base rate itself.
    #[strum(serialize = "BASE")]
    Base,
    /// 上浮一档: one step up, 120 % of the base rate.
    #[strum(serialize = "UP_1")]
    Up1,
    /// 上浮两档: two steps up, 150 % of the base rate.
    #[strum(serialize = "UP_2")]
    Up2,
}

impl FloatStep {
    /// Floated rate in percent of the base rate.
    #[must_use]
    pub const fn percent(self) -> i64 {
        match self {
            Self::Down2 => 50,
            Self::Down1 => 80,
            Self::Base => 100,
            Self::Up1 => 120,
            Self::Up2 => 150,
        }
    }

    /// Whether a risk class may have this step: the first class never goes below its base rate.
    #[must_use]
    pub fn is_open_to(self, risk_class: i64) -> bool {
        risk_class != 1 || self >= Self::Base
    }
}

/// The floated rate, in 1/100000; `None` where base rate and step give no whole number.
#[must_use]
pub fn floated_rate(base: i64, step: FloatStep) -> Option<i64> {
    let hundredths = base.checked_mul(step.percent())?;
    (hundredths % 100 == 0).then_some(hundredths / 100)
}

/// Greatest difference, in fen, between a premium and wage bill times rate: rounding over twelve
/// months.
const ROUNDING: i128 = 100;

/// Whether a premium differs from wage bill times rate by more than rounding.
#[must_use]
pub fn is_another_premium(due: i64, wage_bill: i64, rate: i64) -> bool {
    let exact = i128::from(wage_bill) * i128::from(rate);
    (i128::from(due) * 100_000 - exact).abs() > ROUNDING * 100_000
}

/// Band of the benefit ratio: benefits paid by the fund divided by premium paid. The limits are
/// those used by insurance pools; nothing is decided by them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, IntoStaticStr)]
pub enum Band {
    /// There is no premium to divide by.
    #[strum(serialize = "NOT_COMPUTABLE")]
    NotComputable,
    /// The fund paid no benefits, a ratio of 0 %.
    #[strum(serialize = "NONE")]
    None,
    /// Up to 50 %.
    #[strum(serialize = "UP_TO_50")]
    UpTo50,
    /// Over 50 up to 100 %.
    #[strum(serialize = "OVER_50_TO_100")]
    Over50To100,
    /// Over 100 up to 120 %.
    #[strum(serialize = "OVER_100_TO_120")]
    Over100To120,
    /// Over 120 up to 300 %.
    #[strum(serialize = "OVER_120_TO_300")]
    Over120To300,
    /// Over 300 %.
    #[strum(serialize = "OVER_300")]
    Over300,
}

impl Band {
    /// The band of these sums, both in fen and not negative.
    #[must_use]
    pub fn of(benefits: i64, premium: i64) -> Self {
        let within = |percent: i128| i128::from(benefits) * 100 <= i128::from(premium) * percent;
        match benefits {
            _ if premium == 0 => Self::NotComputable,
            0 => Self::None,
            _ if within(50) => Self::UpTo50,
            _ if within(100) => Self::Over50To100,
            _ if within(120) => Self::Over100To120,
            _ if within(300) => Self::Over120To300,
            _ => Self::Over300,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::code::Coded as _;
    use proptest::prelude::*;

    #[test]
    fn rates_are_those_of_the_national_table() {
        use FloatStep::{Base, Down1, Down2, Up1, Up2};
        for (base, rates) in [
            (400, [200, 320, 400, 480, 600]),
            (700, [350, 560, 700, 840, 1050]),
            (1900, [950, 1520, 1900, 2280, 2850]),
        ] {
            assert_eq!(
                [Down2, Down1, Base, Up1, Up2].map(|step| floated_rate(base, step)),
                rates.map(Some)
            );
        }
        assert_eq!(floated_rate(205, Down2), None, "102.5 is no whole number of 1/100000");
    }

    #[test]
    fn the_first_class_never_floats_down() {
        let open =
            |class| FloatStep::ALL.iter().map(|step| step.is_open_to(class)).collect::<Vec<_>>();
        assert_eq!(open(1), [false, false, true, true, true]);
        assert_eq!(open(2), [true; 5]);
    }

    #[test]
    fn a_premium_is_wage_bill_times_rate_but_for_rounding() {
        assert!(!is_another_premium(22_800_000, 1_000_000_000, 2280));
        assert!(
            !is_another_premium(22_800_100, 1_000_000_000, 2280)
                && is_another_premium(22_800_101, 1_000_000_000, 2280)
        );
        assert!(is_another_premium(0, 1_000_000_000, 2280));
    }

    #[test]
    fn bands_include_their_upper_cut() {
        for (benefits, band) in [
            (0, Band::None),
            (50, Band::UpTo50),
            (51, Band::Over50To100),
            (100, Band::Over50To100),
            (120, Band::Over100To120),
            (300, Band::Over120To300),
            (301, Band::Over300),
        ] {
            assert_eq!(Band::of(benefits, 100), band);
        }
        assert_eq!(Band::of(0, 0), Band::NotComputable);
        assert_eq!(Band::of(i64::MAX, 1), Band::Over300);
    }

    proptest! {
        #[test]
        fn codes_are_read_back_and_bands_follow_the_ratio(benefits in 1..i64::MAX, more in 0_i64..1_000_000, premium in 1..i64::MAX) {
            for &step in FloatStep::ALL {
                prop_assert_eq!(FloatStep::from_code(step.code()), Some(step));
            }
            let band = Band::of(benefits, premium);
            prop_assert_eq!(Band::from_code(band.code()), Some(band));
            prop_assert!(Band::of(benefits.saturating_add(more), premium) >= band);
        }

        #[test]
        fn a_floated_rate_is_exact(base in 0_i64..100_000) {
            for &step in FloatStep::ALL {
                match floated_rate(base, step) {
                    Some(rate) => prop_assert_eq!(rate * 100, base * step.percent()),
                    None => prop_assert!(base * step.percent() % 100 != 0),
                }
            }
        }
    }
}
