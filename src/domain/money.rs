//! Money as a whole number of fen (分): never a floating-point number, never rounded.
//!
//! The module does not know what an amount is for, and converts no currency.

use std::fmt;
use strum::{IntoStaticStr, VariantArray};

/// An amount in fen, a hundredth of a yuan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fen(pub i64);

/// Why a text is no amount.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray, IntoStaticStr, thiserror::Error,
)]
#[error("{}", self.message_en())]
pub enum FenFault {
    /// Nothing to read.
    #[strum(serialize = "MONEY_EMPTY")]
    Empty,
    /// Something else than digits and one point between them.
    #[strum(serialize = "MONEY_CHARACTERS")]
    Characters,
    /// More than two decimals.
    #[strum(serialize = "MONEY_DECIMALS")]
    Decimals,
    /// Below zero where that is not allowed.
    #[strum(serialize = "MONEY_NEGATIVE")]
    Negative,
    /// Beyond the range of 64 bits.
    #[strum(serialize = "MONEY_TOO_LARGE")]
    TooLarge,
}

impl Fen {
    /// Reads an amount in yuan: digits, and after a point one or two decimals. No sign, exponent,
    /// blank or thousands separator.
    ///
    /// # Errors
    /// [`FenFault`]; a leading minus is [`FenFault::Negative`].
    pub fn parse(yuan: &str) -> Result<Self, FenFault> {
        match yuan.strip_prefix('-') {
            Some(rest) => Err(magnitude(rest).err().unwrap_or(FenFault::Negative)),
            None => Self::from_magnitude(magnitude(yuan)?),
        }
    }

    /// Reads an amount that may be below zero, such as a correction: [`Fen::parse`] with an
    /// optional leading minus.
    ///
    /// # Errors
    /// [`FenFault`], never [`FenFault::Negative`].
    pub fn parse_signed(yuan: &str) -> Result<Self, FenFault> {
        match yuan.strip_prefix('-') {
            Some(rest) => Self::from_magnitude(-magnitude(rest)?),
            None => Self::from_magnitude(magnitude(yuan)?),
        }
    }

    /// The sum, unless it leaves the range.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    fn from_magnitude(fen: i128) -> Result<Self, FenFault> {
        i64::try_from(fen).map(Self).map_err(|_| FenFault::TooLarge)
    }
}

/// Writes yuan with two decimals: `123.45`, `-0.05`.
impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", fen / 100, fen % 100)
    }
}

/// The amount without its sign; wide enough to hold `i64::MIN`.
fn magnitude(text: &str) -> Result<i128, FenFault> {
    if text.is_empty() {
        return Err(FenFault::Empty);
    }
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let (yuan, decimals) = match text.split_once('.') {
        Some((yuan, decimals)) if digits(yuan) && digits(decimals) => (yuan, decimals),
        None if digits(text) => (text, ""),
        _ => return Err(FenFault::Characters),
    };
    if decimals.len() > 2 {
        return Err(FenFault::Decimals);
    }
    format!("{yuan}{decimals:0<2}").parse().map_err(|_| FenFault::TooLarge)
}

impl FenFault {
    fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::Empty => (
                "金额为空，请填写以元为单位的金额，如123.45",
                "the amount is empty; give it in yuan, such as 123.45",
            ),
            Self::Characters => (
                "金额不能识别，请写成以元为单位的数字，如123.45、126,000.00或12.6万元",
                "this is no amount; write a number of yuan, such as 123.45, 126,000.00 or 12.6万元",
            ),
            Self::Decimals => (
                "金额最多两位小数（精确到分），请改正",
                "an amount has at most two decimals (fen); correct it",
            ),
            Self::Negative => {
                ("此处金额不能为负，请核对", "this amount cannot be below zero; check it")
            }
            Self::TooLarge => (
                "金额过大，请核对单位是否为元",
                "the amount is too large; check that its unit is yuan",
            ),
        }
    }

    /// What is wrong and what to do, in Chinese.
    #[must_use]
    pub fn message_zh(self) -> &'static str {
        self.texts().0
    }

    /// What is wrong and what to do, in English.
    #[must_use]
    pub fn message_en(self) -> &'static str {
        self.texts().1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::code::Coded as _;
    use proptest::prelude::*;

    #[test]
    fn amounts_are_read_exactly() {
        for (text, expected) in [
            ("0", Ok(0)),
            ("123.45", Ok(12_345)),
            ("123.4", Ok(12_340)),
            ("123", Ok(12_300)),
            ("0.05", Ok(5)),
            ("007.10", Ok(710)),
            ("90071992547409.93", Ok(9_007_199_254_740_993)),
            ("92233720368547758.07", Ok(i64::MAX)),
            ("92233720368547758.08", Err(FenFault::TooLarge)),
            ("9999999999999999999999999999999999999999", Err(FenFault::TooLarge)),
            ("", Err(FenFault::Empty)),
            ("1.234", Err(FenFault::Decimals)),
            ("-1", Err(FenFault::Negative)),
            ("--1", Err(FenFault::Characters)),
            ("+1", Err(FenFault::Characters)),
            ("-", Err(FenFault::Empty)),
            (".5", Err(FenFault::Characters)),
            ("5.", Err(FenFault::Characters)),
            ("1.2.3", Err(FenFault::Characters)),
            ("1e3", Err(FenFault::Characters)),
            ("1,000", Err(FenFault::Characters)),
            (" 1", Err(FenFault::Characters)),
            ("１", Err(FenFault::Characters)),
            ("一百元", Err(FenFault::Characters)),
            ("NaN", Err(FenFault::Characters)),
        ] {
            assert_eq!(Fen::parse(text), expected.map(Fen), "{text:?}");
        }
    }

    #[test]
    fn a_minus_is_read_only_where_it_is_allowed() {
        for (text, expected) in [
            ("-1.05", Ok(-105)),
            ("-0", Ok(0)),
            ("1.05", Ok(105)),
            ("-92233720368547758.08", Ok(i64::MIN)),
            ("-92233720368547758.09", Err(FenFault::TooLarge)),
            ("--1", Err(FenFault::Characters)),
        ] {
            assert_eq!(Fen::parse_signed(text), expected.map(Fen), "{text:?}");
        }
    }

    #[test]
    fn amounts_are_written_with_two_decimals() {
        for (fen, expected) in [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (12_345, "123.45")] {
            assert_eq!(Fen(fen).to_string(), expected);
        }
    }

    #[test]
    fn sums_do_not_wrap() {
        assert_eq!(Fen(1).checked_add(Fen(2)), Some(Fen(3)));
        assert_eq!(Fen(i64::MAX).checked_add(Fen(1)), None);
    }

    #[test]
    fn codes_are_distinct() {
        let codes: std::collections::BTreeSet<_> =
            FenFault::ALL.iter().copied().map(FenFault::code).collect();
        assert_eq!(codes.len(), FenFault::ALL.len());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(fen in any::<i64>(), text in any::<String>()) {
            prop_assert_eq!(Fen::parse_signed(&Fen(fen).to_string()), Ok(Fen(fen)));
            let _ = Fen::parse(&text);
        }
    }
}
