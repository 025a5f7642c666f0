//! Unified social credit codes 统一社会信用代码 (GB 32100-2015) with the organisation code inside
//! them (GB 11714).
//!
//! The module does not know which regions exist: the region inside the code is the place of first
//! registration, is never updated, and may be a registrar's zone that GB/T 2260 never had. A
//! branch, a site or a mine has no code of its own.

use super::text::normalise_identifier;
use strum::{IntoStaticStr, VariantArray};

mod codes;

/// The 31 characters of GB 32100; the value of a character is its place. I, O, S, V, Z never occur.
pub const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Weights of positions 1 to 17, 3^(i-1) mod 31 (GB 32100-2015).
const WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// Weights of the eight characters of the organisation code (GB 11714).
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// Registration authorities of position 1 (GB 32100-2015).
const AUTHORITIES: &str = "123456789ANY";

/// What kind of entity positions 1 and 2 name (GB 32100-2015, from memory: use as a hint only).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum CreditCodeKind {
    /// Prefix 91, 企业: enterprise.
    Enterprise,
    /// Prefix 92, 个体工商户: individually owned business.
    IndividualBusiness,
    /// Prefix 93, 农民专业合作社: farmers' specialised cooperative.
    FarmersCooperative,
    /// Prefix 11, 机关: state organ.
    StateOrgan,
    /// Prefix 12, 事业单位: public institution.
    PublicInstitution,
    /// Prefix 13, 编办直接管理的群众团体: mass organisation run by the staffing office.
    MassOrganisation,
    /// Prefix 51, 社会团体: social organisation.
    SocialOrganisation,
    /// Prefix 52, 民办非企业单位: private non-enterprise unit.
    PrivateNonEnterprise,
    /// Prefix 53, 基金会: foundation.
    Foundation,
    /// Prefix 8 with any second character, 工会: trade union.
    TradeUnion,
    /// Any other authority or class.
    Other,
}

/// Why a code is not valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
pub enum CreditCodeFault {
    /// Not 18 characters.
    #[strum(serialize = "CREDIT_CODE_LENGTH")]
    Length,
    /// A character outside the alphabet of GB 32100 (such as I, O, S, V, Z).
    #[strum(serialize = "CREDIT_CODE_CHARACTERS")]
    Characters,
    /// The last character does not follow from the others.
    #[strum(serialize = "CREDIT_CODE_CHECK_CHARACTER")]
    CheckCharacter,
    /// A 15-digit business licence number of before 2015.
    #[strum(serialize = "CREDIT_CODE_LEGACY_15")]
    Legacy15,
}

/// A finding for someone to check, although the code is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
pub enum CreditCodeWarning {
    /// The check character of the organisation code inside is wrong (GB 11714).
    #[strum(serialize = "CREDIT_CODE_ORGANISATION_CODE")]
    OrganisationCode,
    /// Position 1 is no registration authority of GB 32100.
    #[strum(serialize = "CREDIT_CODE_AUTHORITY")]
    Authority,
    /// Positions 3 to 8 are not six digits.
    #[strum(serialize = "CREDIT_CODE_REGION")]
    Region,
}

/// The result of [`check`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditCodeCheck {
    /// Trimmed, half-width, upper-case.
    pub normalised: String,
    /// Kind by positions 1 and 2; `None` when the form is not recognisable.
    pub kind: Option<CreditCodeKind>,
    /// Positions 3 to 8, the region of first registration.
    pub region_code: Option<String>,
    /// Positions 9 to 17, the organisation code with its check character.
    pub organisation_code: Option<String>,
    /// Errors; the code is valid when there is none.
    pub faults: Vec<CreditCodeFault>,
    /// Findings that do not make the code invalid.
    pub warnings: Vec<CreditCodeWarning>,
}

impl CreditCodeCheck {
    /// Whether no error was found; warnings do not count.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.faults.is_empty()
    }

    fn failed(normalised: String, fault: CreditCodeFault) -> Self {
        Self {
            normalised,
            kind: None,
            region_code: None,
            organisation_code: None,
            faults: vec![fault],
            warnings: Vec::new(),
        }
    }
}

/// Checks a code: length, characters, check character; then the organisation code, the authority
/// and the region, which only warn.
#[must_use]
pub fn check(raw: &str) -> CreditCodeCheck {
    let normalised = normalise_identifier(raw);
    let length = normalised.chars().count();
    if length == 15 && normalised.bytes().all(|b| b.is_ascii_digit()) {
        return CreditCodeCheck::failed(normalised, CreditCodeFault::Legacy15);
    }
    if length != 18 {
        return CreditCodeCheck::failed(normalised, CreditCodeFault::Length);
    }
    let (Some(body), Some(region), Some(organisation)) =
        (normalised.get(..17), normalised.get(2..8), normalised.get(8..17))
    else {
        return CreditCodeCheck::failed(normalised, CreditCodeFault::Characters);
    };
    let (Some(expected), Some(last)) = (check_character(body), normalised.chars().last()) else {
        return CreditCodeCheck::failed(normalised, CreditCodeFault::Characters);
    };
    if value(last).is_none() {
        return CreditCodeCheck::failed(normalised, CreditCodeFault::Characters);
    }

    let mut faults = Vec::new();
    if last != expected {
        faults.push(CreditCodeFault::CheckCharacter);
    }
    let mut warnings = Vec::new();
    let organisation_check = organisation.get(..8).and_then(organisation_check_character);
    if organisation_check != organisation.chars().last() {
        warnings.push(CreditCodeWarning::OrganisationCode);
    }
    if !normalised.starts_with(|c| AUTHORITIES.contains(c)) {
        warnings.push(CreditCodeWarning::Authority);
    }
    if !region.bytes().all(|b| b.is_ascii_digit()) {
        warnings.push(CreditCodeWarning::Region);
    }
    CreditCodeCheck {
        kind: Some(kind_of(&normalised)),
        region_code: Some(region.to_owned()),
        organisation_code: Some(organisation.to_owned()),
        normalised,
        faults,
        warnings,
    }
}

/// The check character that follows seventeen characters (GB 32100-2015); `None` when the text is
/// not seventeen characters of [`ALPHABET`].
#[must_use]
pub fn check_character(first_seventeen: &str) -> Option<char> {
    if first_seventeen.chars().count() != WEIGHTS.len() {
        return None;
    }
    let mut sum = 0;
    for (c, weight) in first_seventeen.chars().zip(WEIGHTS) {
        sum += value(c)? * weight;
    }
    // The outer remainder turns 31 into 0.
    let check = (31 - sum % 31) % 31;
    ALPHABET.chars().nth(usize::try_from(check).ok()?)
}

/// The check character that follows eight characters of an organisation code (GB 11714: digits and
/// A to Z, A = 10); `None` when the text is anything else.
#[must_use]
pub fn organisation_check_character(first_eight: &str) -> Option<char> {
    if first_eight.chars().count() != ORGANISATION_WEIGHTS.len() {
        return None;
    }
    let mut sum = 0;
    for (c, weight) in first_eight.chars().zip(ORGANISATION_WEIGHTS) {
        if c.is_ascii_lowercase() {
            return None;
        }
        sum += c.to_digit(36)? * weight;
    }
    match 11 - sum % 11 {
        10 => Some('X'),
        11 => Some('0'),
        digit => char::from_digit(digit, 10),
    }
}

/// Builds a code from its parts, computing both check characters; for generators of test data.
/// `None` when a part does not fit.
#[must_use]
pub fn compose(
    authority: char,
    class: char,
    region: &str,
    organisation_eight: &str,
) -> Option<String> {
    let organisation_check = organisation_check_character(organisation_eight)?;
    let body = format!("{authority}{class}{region}{organisation_eight}{organisation_check}");
    let check = check_character(&body)?;
    (region.len() == 6).then(|| format!("{body}{check}"))
}

fn value(c: char) -> Option<u32> {
    let place = ALPHABET.chars().position(|known| known == c)?;
    u32::try_from(place).ok()
}

fn kind_of(code: &str) -> CreditCodeKind {
    match code.get(..2) {
        Some("91") => CreditCodeKind::Enterprise,
        Some("92") => CreditCodeKind::IndividualBusiness,
        Some("93") => CreditCodeKind::FarmersCooperative,
        Some("11") => CreditCodeKind::StateOrgan,
        Some("12") => CreditCodeKind::PublicInstitution,
        Some("13") => CreditCodeKind::MassOrganisation,
        Some("51") => CreditCodeKind::SocialOrganisation,
        Some("52") => CreditCodeKind::PrivateNonEnterprise,
        Some("53") => CreditCodeKind::Foundation,
        Some(prefix) if prefix.starts_with('8') => CreditCodeKind::TradeUnion,
        _ => CreditCodeKind::Other,
    }
}

#[cfg(test)]
mod tests;
