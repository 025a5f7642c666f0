//! Citizen identity numbers (GB 11643-1999, check digit ISO 7064 MOD 11-2) and their relatives:
//! the residence permit for Hong Kong, Macao and Taiwan residents, the foreign permanent resident
//! card (2023 edition 18 characters, 2017 edition 15) and the 15-digit number of before 1999.
//!
//! The module does not know which address codes exist; the caller looks them up. An abolished or
//! unknown address code is normal (it is the place of first registration, fixed for life) and only
//! causes a warning. Residence and work region must never be derived from it.

use chrono::{Datelike, NaiveDate};
use strum::{IntoStaticStr, VariantArray};

mod codes;
mod outcome;

use super::text::normalise_identifier;

/// Births before this year are regarded as typing errors; 1900 itself is used by test identities.
pub const EARLIEST_BIRTH_YEAR: i32 = 1900;

/// Weights of positions 1 to 17, 2^(18-i) mod 11 (GB 11643-1999, ISO 7064 MOD 11-2).
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/// Check characters by remainder 0 to 10.
const CHECK_CHARACTERS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];

/// Which document a number belongs to, as far as its form shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum IdentityKind {
    /// 居民身份证, 18 characters.
    Citizen,
    /// 外国人永久居留身份证: 18 characters beginning with 9 (2023), or 3 letters and 12 digits
    /// (2017).
    ForeignPermanentResident,
    /// 港澳台居民居住证: address codes 81, 82 and 83.
    HongKongMacaoTaiwan,
    /// The 15-digit number, upgraded to 18 characters.
    #[strum(serialize = "LEGACY_15")]
    Legacy15,
}

/// Sex by the 17th digit: odd male, even female (GB 11643-1999).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Sex {
    /// 男: male, an odd sequence digit.
    Male,
    /// 女: female, an even sequence digit.
    Female,
}

/// What the region table, with its history, says about an address code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressKnown {
    /// The code is in GB/T 2260 today.
    Current,
    /// The code was in GB/T 2260 in the past.
    Abolished,
    /// The code is in no table of the hub.
    Unknown,
}

/// Why a number is not valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
pub enum IdentityFault {
    /// Neither 18 nor 15 characters.
    #[strum(serialize = "IDENTITY_LENGTH")]
    Length,
    /// A character that the form does not allow.
    #[strum(serialize = "IDENTITY_CHARACTERS")]
    Characters,
    /// An impossible birth date, before 1900, or in the future.
    #[strum(serialize = "IDENTITY_DATE")]
    Date,
    /// The last character does not follow from the others.
    #[strum(serialize = "IDENTITY_CHECK_DIGIT")]
    CheckDigit,
}

/// A finding for someone to check, although the number is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
pub enum IdentityWarning {
    /// The address code was abolished; holders keep it.
    #[strum(serialize = "IDENTITY_ABOLISHED_ADDRESS")]
    AbolishedAddress,
    /// The address code is in no table.
    #[strum(serialize = "IDENTITY_UNKNOWN_ADDRESS")]
    UnknownAddress,
    /// A 15-digit number was upgraded to 18 characters.
    #[strum(serialize = "IDENTITY_LEGACY_15_UPGRADED")]
    Legacy15Upgraded,
}

/// The result of [`check`]. Its `Debug` output does not show the number or the birth date.
#[derive(Clone, PartialEq, Eq)]
pub struct IdentityCheck {
    /// Trimmed, half-width, upper-case; a 15-digit number in its 18-character form.
    pub normalised: String,
    /// Kind by the form; [`IdentityKind::Citizen`] when the form is not recognisable.
    pub kind: IdentityKind,
    /// Birth date inside the number, if it is a real and plausible date.
    pub birth_date: Option<NaiveDate>,
    /// Sex by the sequence digit.
    pub sex: Option<Sex>,
    /// First six digits; `None` for foreign permanent residents.
    pub address_code: Option<String>,
    /// Errors; the number is valid when there is none.
    pub faults: Vec<IdentityFault>,
    /// Findings that do not make the number invalid.
    pub warnings: Vec<IdentityWarning>,
}

/// Checks a number in the order of GB 11643: length, characters, date, check digit, address.
#[must_use]
pub fn check(
    raw: &str,
    today: NaiveDate,
    address_known: impl Fn(&str) -> AddressKnown,
) -> IdentityCheck {
    let normalised = normalise_identifier(raw);
    match normalised.chars().count() {
        18 => check_eighteen(normalised, today, address_known),
        15 => check_fifteen(normalised, today, address_known),
        _ => IdentityCheck::failed(normalised, IdentityFault::Length),
    }
}

fn check_fifteen(
    normalised: String,
    today: NaiveDate,
    address_known: impl Fn(&str) -> AddressKnown,
) -> IdentityCheck {
    if let Some(upgraded) = upgrade_legacy(&normalised) {
        let mut result = check_eighteen(upgraded, today, address_known);
        result.kind = IdentityKind::Legacy15;
        result.warnings.push(IdentityWarning::Legacy15Upgraded);
        return result;
    }
    if is_foreign_2017(&normalised) {
        return IdentityCheck {
            kind: IdentityKind::ForeignPermanentResident,
            ..IdentityCheck::empty(normalised)
        };
    }
    IdentityCheck::failed(normalised, IdentityFault::Characters)
}

fn check_eighteen(
    normalised: String,
    today: NaiveDate,
    address_known: impl Fn(&str) -> AddressKnown,
) -> IdentityCheck {
    let (Some(body), Some(last), Some(expected)) = (
        normalised.get(..17),
        normalised.chars().last(),
        normalised.get(..17).and_then(check_digit),
    ) else {
        return IdentityCheck::failed(normalised, IdentityFault::Characters);
    };
    if !last.is_ascii_digit() && last != 'X' {
        return IdentityCheck::failed(normalised, IdentityFault::Characters);
    }

    let kind = kind_of_eighteen(body);
    let birth_date = body.get(6..14).and_then(|digits| birth(digits, today));
    let sex = body.get(16..17).and_then(sex_of);
    let address_code = match kind {
        IdentityKind::ForeignPermanentResident => None,
        _ => body.get(..6).map(str::to_owned),
    };

    let mut faults = Vec::new();
    if birth_date.is_none() {
        faults.push(IdentityFault::Date);
    }
    if last != expected {
        faults.push(IdentityFault::CheckDigit);
    }
    let mut warnings = Vec::new();
    // The prefixes 81, 82 and 83 of the residence permit are not counties of GB/T 2260.
    if let (IdentityKind::Citizen, Some(address)) = (kind, &address_code) {
        match address_known(address) {
            AddressKnown::Current => {}
            AddressKnown::Abolished => warnings.push(IdentityWarning::AbolishedAddress),
            AddressKnown::Unknown => warnings.push(IdentityWarning::UnknownAddress),
        }
    }
    IdentityCheck { normalised, kind, birth_date, sex, address_code, faults, warnings }
}

/// The check character that follows seventeen digits (ISO 7064 MOD 11-2); `None` when the text is
/// not seventeen ASCII digits.
#[must_use]
pub fn check_digit(first_seventeen: &str) -> Option<char> {
    if first_seventeen.chars().count() != WEIGHTS.len() {
        return None;
    }
    let mut sum = 0;
    for (c, weight) in first_seventeen.chars().zip(WEIGHTS) {
        sum += c.to_digit(10)? * weight;
    }
    CHECK_CHARACTERS.get(usize::try_from(sum % 11).ok()?).copied()
}

/// Builds a number from six address digits, a birth date and a sequence below 1000.
///
/// For generators of test data; `None` when a part does not fit.
#[must_use]
pub fn compose(address_code: &str, birth_date: NaiveDate, sequence: u16) -> Option<String> {
    let year = birth_date.year();
    let (month, day) = (birth_date.month(), birth_date.day());
    let body = format!("{address_code}{year:04}{month:02}{day:02}{sequence:03}");
    let check = check_digit(&body)?;
    (address_code.len() == 6 && sequence < 1000).then(|| format!("{body}{check}"))
}

/// The 18-character form of a 15-digit number: insert `19` before the two-digit year and append the
/// check character (GB 11643-1999). `None` when the text is not fifteen digits.
#[must_use]
pub fn upgrade_legacy(raw: &str) -> Option<String> {
    let old = normalise_identifier(raw);
    if old.len() != 15 {
        return None;
    }
    let body = format!("{}19{}", old.get(..6)?, old.get(6..)?);
    let check = check_digit(&body)?;
    Some(format!("{body}{check}"))
}

/// The last four characters, for display beside a masked number; empty for a number so short that
/// this would reveal it.
#[must_use]
pub fn last_four(number: &str) -> String {
    let normalised = normalise_identifier(number);
    match normalised.char_indices().rev().nth(3) {
        Some((start, _)) if start > 0 => normalised.get(start..).unwrap_or_default().to_owned(),
        _ => String::new(),
    }
}

fn kind_of_eighteen(body: &str) -> IdentityKind {
    if body.starts_with('9') {
        IdentityKind::ForeignPermanentResident
    } else if ["81", "82", "83"].iter().any(|p| body.starts_with(p)) {
        IdentityKind::HongKongMacaoTaiwan
    } else {
        IdentityKind::Citizen
    }
}

fn is_foreign_2017(text: &str) -> bool {
    text.chars().enumerate().all(|(i, c)| match i {
        0..=2 => c.is_ascii_uppercase(),
        _ => c.is_ascii_digit(),
    })
}

fn birth(digits: &str, today: NaiveDate) -> Option<NaiveDate> {
    let year = digits.get(..4)?.parse().ok()?;
    let month = digits.get(4..6)?.parse().ok()?;
    let day = digits.get(6..)?.parse().ok()?;
    NaiveDate::from_ymd_opt(year, month, day)
        .filter(|date| year >= EARLIEST_BIRTH_YEAR && *date <= today)
}

fn sex_of(digit: &str) -> Option<Sex> {
    let value: u8 = digit.parse().ok()?;
    Some(if value % 2 == 1 { Sex::Male } else { Sex::Female })
}

#[cfg(test)]
mod tests;
