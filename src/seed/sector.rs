//! The trades that employers belong to and how they differ: codes, posts, hazards, what goes wrong
//! there.
//!
//! The shares are guesses that look right for the region; they are not statistics.

use super::{heavy_industry, light_industry, scale::SeedCounty, stream::SplitMix64};

/// Weighted choices of codes.
pub(super) type Choices = &'static [(&'static str, u32)];

/// What is typical of a trade.
#[derive(Debug)]
pub(super) struct Sector {
    /// Code of the key industry.
    pub key: &'static str,
    /// Department that holds its accidents.
    pub department: &'static str,
    /// Industry codes of GB/T 4754-2017.
    pub industries: Choices,
    /// Last words of a company's name.
    pub company: &'static [&'static str],
    /// Posts and trades.
    pub posts: &'static [&'static str],
    /// Places of work, for the course of an accident.
    pub places: &'static [&'static str],
    /// Men among a thousand workers.
    pub men: u32,
    /// Victims among a thousand who do not work for the employer.
    pub outsiders: u32,
    /// Workers among a thousand in dust; 0 outside the dust trades.
    pub dusty: u32,
    /// Accident types of GB/T 6441-1986 of ordinary accidents.
    pub types: Choices,
    /// Accident types of accidents with three deaths or more.
    pub severe: Choices,
    /// Kinds of pneumoconiosis.
    pub pneumoconiosis: Choices,
}

/// Number of sectors.
pub(super) const COUNT: usize = 10;

/// All trades; a sector is known by its place here.
pub(super) static SECTORS: [Sector; COUNT] = [
    heavy_industry::COAL_MINE,
    heavy_industry::NON_COAL_MINE,
    heavy_industry::HAZARDOUS_CHEMICALS,
    light_industry::CONSTRUCTION,
    light_industry::TRANSPORT,
    light_industry::MACHINERY,
    heavy_industry::METALLURGY,
    heavy_industry::NON_FERROUS,
    light_industry::BUILDING_MATERIALS,
    light_industry::OTHER,
];

/// Shares of the sectors in one county, in parts of their sum.
#[derive(Debug)]
pub(super) struct Mix {
    pub persons: [u32; COUNT],
    pub accidents: [u32; COUNT],
}

/// How the sectors weigh in a county: coal in 朔州 and 山西, chemicals and machinery in 淄博 and
/// 山东, with local differences.
pub(super) fn mix(place: &SeedCounty, mut stream: SplitMix64) -> Mix {
    let (mut persons, mut accidents) = match (place.city.as_str(), place.city.starts_with("14")) {
        ("140600", _) => (
            [300, 50, 70, 140, 90, 80, 30, 10, 70, 160],
            [300, 60, 60, 160, 200, 60, 20, 10, 70, 60],
        ),
        ("370300", _) => (
            [20, 30, 180, 150, 90, 220, 50, 20, 110, 130],
            [20, 40, 180, 170, 180, 180, 50, 20, 110, 50],
        ),
        (_, true) => (
            [200, 40, 80, 160, 110, 110, 70, 20, 60, 150],
            [190, 50, 70, 170, 240, 70, 70, 20, 60, 60],
        ),
        (_, false) => (
            [40, 30, 120, 180, 110, 200, 50, 20, 70, 180],
            [40, 40, 110, 200, 250, 140, 50, 20, 70, 80],
        ),
    };
    for (person, accident) in persons.iter_mut().zip(&mut accidents) {
        let local = stream.between(60, 140);
        *person *= local;
        *accident *= local;
    }
    Mix { persons, accidents }
}
