//! How much data there is, and where: the three scales, their counties, and each county's share.
//!
//! The counties come from `reference/region.csv`; their order in the full list of the two provinces
//! is part of every identity number, so the list may grow at its end only.

use std::{str::FromStr, sync::LazyLock};

use strum::{IntoStaticStr, VariantArray};

use super::stream::{SplitMix64, apportion};
use crate::domain::code::Coded as _;

/// How much demonstration data is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Scale {
    /// 怀仁市 (140681) and 桓台县 (370321): 5,000 persons.
    County,
    /// All counties of 朔州 (140600) and 淄博 (370300): 100,000 persons.
    City,
    /// All counties of 山西 (140000) and 山东 (370000): 500,000 persons.
    Province,
}

/// The text names no scale.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "没有“{0}”这一规模，请用 county、city 或 province。No scale `{0}`: use county, city or province."
)]
pub struct UnknownScale(String);

impl FromStr for Scale {
    type Err = UnknownScale;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_code(text).ok_or_else(|| UnknownScale(text.to_owned()))
    }
}

impl Scale {
    /// Rows of each independent family, over all counties.
    const fn totals(self) -> SeedTotals {
        match self {
            Self::County => SeedTotals {
                employers: 200,
                persons: 5_000,
                accidents: 1_000,
                cases: 500,
                injuries: 2_000,
            },
            Self::City => SeedTotals {
                employers: 4_000,
                persons: 100_000,
                accidents: 20_000,
                cases: 10_000,
                injuries: 40_000,
            },
            Self::Province => SeedTotals {
                employers: 20_000,
                persons: 500_000,
                accidents: 100_000,
                cases: 50_000,
                injuries: 200_000,
            },
        }
    }

    /// Planted discrepancies of each kind in each county.
    pub(super) const fn planted_per_county(self) -> usize {
        match self {
            Self::County | Self::City => 5,
            Self::Province => 2,
        }
    }

    fn includes(self, place: &SeedCounty) -> bool {
        match self {
            Self::County => matches!(place.code.as_str(), "140681" | "370321"),
            Self::City => place.is_home(),
            Self::Province => true,
        }
    }
}

/// Numbers of rows of the families that do not follow from another one.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SeedTotals {
    pub employers: u32,
    pub persons: u32,
    pub accidents: u32,
    pub cases: u32,
    pub injuries: u32,
}

/// A county of the two provinces.
#[derive(Debug)]
pub(super) struct SeedCounty {
    /// Position in the list of all counties of both provinces.
    pub ordinal: u32,
    /// Region code of the county.
    pub code: String,
    /// Region code of its city.
    pub city: String,
    /// Name with province and city.
    pub full_name: String,
    /// Name with its city, as in the name of a company.
    pub trade_name: String,
}

impl SeedCounty {
    /// Whether it belongs to one of the two home cities.
    pub(super) fn is_home(&self) -> bool {
        matches!(self.city.as_str(), "140600" | "370300")
    }
}

/// A county with its share of the data.
#[derive(Clone, Copy, Debug)]
pub(super) struct SeedSite {
    pub scale: Scale,
    pub place: &'static SeedCounty,
    pub totals: SeedTotals,
}

impl SeedSite {
    /// The random stream of something in this county.
    pub(super) fn stream(&self, topic: u64, index: u32) -> SplitMix64 {
        SplitMix64::of(&[self.scale as u64, u64::from(self.place.ordinal), topic, u64::from(index)])
    }
}

/// All counties of both provinces, in order of code.
pub(super) static PLACES: LazyLock<Vec<SeedCounty>> = LazyLock::new(|| {
    let mut reader =
        csv::Reader::from_reader(include_str!("../../reference/region.csv").as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().filter_map(Result::ok).collect();
    let cell =
        |row: &csv::StringRecord, index: usize| row.get(index).unwrap_or_default().to_owned();
    rows.iter()
        .filter(|row| matches!(row.get(0).and_then(|code| code.get(..2)), Some("14" | "37")))
        .filter(|row| row.get(9) == Some("COUNTY") && row.get(11) == Some("GBT2260"))
        .enumerate()
        .map(|(ordinal, row)| {
            let (name, full_name) = (cell(row, 1), cell(row, 10));
            // 朔州市朔城区, but 怀仁市 without its city.
            let trade_name =
                if name.ends_with('市') { name } else { full_name.chars().skip(3).collect() };
            SeedCounty {
                ordinal: ordinal as u32,
                code: cell(row, 0),
                city: cell(row, 6),
                full_name,
                trade_name,
            }
        })
        .collect()
});

/// The counties of a scale in order of code, so that a city's counties stand together.
pub(super) fn sites(scale: Scale) -> Vec<SeedSite> {
    let places: Vec<&'static SeedCounty> =
        PLACES.iter().filter(|place| scale.includes(place)).collect();
    let weights: Vec<u32> = places
        .iter()
        .map(|place| {
            let mut stream = SplitMix64::of(&[scale as u64, u64::from(place.ordinal)]);
            if place.is_home() { stream.between(360, 440) } else { stream.between(70, 130) }
        })
        .collect();
    let totals = scale.totals();
    let share = |total| apportion(total, &weights).into_iter();
    let counts = share(totals.employers)
        .zip(share(totals.persons))
        .zip(share(totals.accidents).zip(share(totals.cases)))
        .zip(share(totals.injuries))
        .map(|(((employers, persons), (accidents, cases)), injuries)| SeedTotals {
            employers,
            persons,
            accidents,
            cases,
            injuries,
        });
    places
        .into_iter()
        .zip(counts)
        .map(|(place, totals)| SeedSite { scale, place, totals })
        .collect()
}
