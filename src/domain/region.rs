//! The structure of region codes (GB/T 2260: two digits province, two city, two county) and how two
//! regions relate.
//!
//! The module does not know which codes exist, their names or their history: that is the region
//! table. Development zones often have no national code; they get a local one with `Z` in the fifth
//! place, such as `3703Z1`, below their city (or below the province: `1400Z1`).

use std::fmt;
use strum::{IntoStaticStr, VariantArray};

/// A region code of the right structure.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegionCode(String);

/// Level of a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum RegionLevel {
    /// 省级: province, `XX0000`.
    Province,
    /// 市级: city, `XXYY00`.
    City,
    /// 县级: county or district, six significant digits such as `140602`.
    County,
    /// 功能区: a local code with `Z`, or a statistical code ending in 71 to 79.
    Zone,
}

/// How the region of a row relates to the region of an actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum RegionRelation {
    /// The row lies in the actor's region or in a part of it.
    Own,
    /// The row's region contains the actor's region.
    Above,
    /// Neither contains the other.
    Peer,
}

/// Why a text is not a region code.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray, IntoStaticStr, thiserror::Error,
)]
#[error("{}", self.message_en())]
pub enum RegionFault {
    /// Not six characters.
    #[strum(serialize = "REGION_LENGTH")]
    Length,
    /// Neither six digits nor four digits with a local zone.
    #[strum(serialize = "REGION_CHARACTERS")]
    Characters,
    /// A county without a city, or no province.
    #[strum(serialize = "REGION_STRUCTURE")]
    Structure,
}

impl RegionCode {
    /// Reads a code: six digits as in GB/T 2260, or four digits, `Z` and a digit or capital letter.
    ///
    /// # Errors
    /// [`RegionFault`] when the structure is another one; whether the code exists is not asked.
    pub fn parse(raw: &str) -> Result<Self, RegionFault> {
        if raw.chars().count() != 6 {
            return Err(RegionFault::Length);
        }
        let (Some(stem), Some(end)) = (raw.get(..4), raw.get(4..)) else {
            return Err(RegionFault::Characters);
        };
        let zone = is_local_zone(end);
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if !digits(stem) || !(zone || digits(end)) {
            return Err(RegionFault::Characters);
        }
        let no_province = stem.starts_with("00") || stem.starts_with('9');
        let county_without_city = stem.ends_with("00") && end != "00" && !zone;
        if no_province || county_without_city {
            return Err(RegionFault::Structure);
        }
        Ok(Self(raw.to_owned()))
    }

    /// The six characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The level that the structure of the code shows.
    ///
    /// Codes ending in 71 to 79 are zones by the practice of the statistical division codes; the
    /// region table takes precedence where it differs.
    #[must_use]
    pub fn level(&self) -> RegionLevel {
        let (stem, end) = self.halves();
        match end {
            "00" if stem.ends_with("00") => RegionLevel::Province,
            "00" => RegionLevel::City,
            _ if is_local_zone(end) || ("71"..="79").contains(&end) => RegionLevel::Zone,
            _ => RegionLevel::County,
        }
    }

    /// The significant prefix, for subtree tests: two characters of a province, four of a city, all
    /// six of a county or zone.
    #[must_use]
    pub fn prefix(&self) -> &str {
        let length = match self.level() {
            RegionLevel::Province => 2,
            RegionLevel::City => 4,
            RegionLevel::County | RegionLevel::Zone => 6,
        };
        self.0.get(..length).unwrap_or(&self.0)
    }

    /// Whether the other region is this one or lies inside it.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        other.0.starts_with(self.prefix())
    }

    /// The city of a city, county or zone; `None` for a province and a zone directly below it.
    ///
    /// Counties run by a province directly and districts of a municipality give the nominal city
    /// of their code (`4690`, `1101`).
    #[must_use]
    pub fn city(&self) -> Option<Self> {
        let (stem, _) = self.halves();
        (!stem.ends_with("00")).then(|| Self(format!("{stem}00")))
    }

    /// The province of any region; a province is its own province.
    #[must_use]
    pub fn province(&self) -> Self {
        let two = self.0.get(..2).unwrap_or(&self.0);
        Self(format!("{two}0000"))
    }

    fn halves(&self) -> (&str, &str) {
        self.0.split_at_checked(4).unwrap_or((&self.0, ""))
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How the region of a row relates to the region of an actor.
#[must_use]
pub fn relation(actor: &RegionCode, row: &RegionCode) -> RegionRelation {
    if actor.contains(row) {
        RegionRelation::Own
    } else if row.contains(actor) {
        RegionRelation::Above
    } else {
        RegionRelation::Peer
    }
}

fn is_local_zone(end: &str) -> bool {
    end.strip_prefix('Z')
        .is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()))
}

impl RegionFault {
    fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::Length => (
                "行政区划代码应为6位，省级、市级请补足末尾的0",
                "a region code has six characters; fill provinces and cities with zeros at the end",
            ),
            Self::Characters => (
                "行政区划代码应为6位数字；无国家代码的功能区用“4位市代码+Z+1位”，如3703Z1",
                "a region code is six digits; a zone without a national code is four digits, Z and one more, such as 3703Z1",
            ),
            Self::Structure => (
                "行政区划代码缺少省级或市级部分，请按GB/T 2260核对",
                "the province or city part of the region code is missing; check against GB/T 2260",
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
mod tests;
