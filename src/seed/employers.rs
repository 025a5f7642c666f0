//! Employers of a county: a few large ones and many small ones in each trade.

use std::ops::Range;

use entity::employer::names as field;
use serde_json::{Map, Value};

use super::{
    names,
    row::SeedRow,
    scale::SeedSite,
    sector::{COUNT, Mix, SECTORS, Sector},
    stream::apportion,
};
use crate::domain::credit_code;

const TOPIC: u64 = 1;

/// The roll of persons is an extract: so many workers stand behind each person in it, so that
/// recognitions per insured worker come near the published five in a thousand a year.
const WORKERS_PER_PERSON: u32 = 10;

/// An employer as the whole data set knows it.
#[derive(Debug)]
pub(super) struct SeedEmployer {
    /// Number in the county, from 0.
    pub index: u32,
    pub sector: &'static Sector,
    pub industry: &'static str,
    pub name: String,
    pub uscc: String,
    /// Its persons, as places in the county's list.
    pub persons: Range<u32>,
}

/// All employers of a county and where each sector begins and ends.
#[derive(Debug, Default)]
pub(super) struct Employers {
    pub all: Vec<SeedEmployer>,
    /// Persons of each sector, as places in the county's list.
    pub sector_persons: [Range<u32>; COUNT],
}

/// Builds the employers of a county and deals its persons out to them.
pub(super) fn build(site: &SeedSite, mix: &Mix) -> Employers {
    let mut built = Employers::default();
    // Every trade has one employer at least, so that an accident of the trade finds one.
    let spread = apportion(site.totals.employers.saturating_sub(COUNT as u32), &mix.persons);
    let persons = apportion(site.totals.persons, &mix.persons);
    let mut next_person = 0;
    for ((sector, employers), (persons, range)) in
        SECTORS.iter().zip(spread).zip(persons.into_iter().zip(&mut built.sector_persons))
    {
        let first_person = next_person;
        let weights: Vec<u32> = (0..=employers).map(|rank| 1_000_000 / (rank + 2)).collect();
        for size in apportion(persons, &weights) {
            let index = built.all.len() as u32;
            built.all.push(employer(site, index, sector, next_person..next_person + size));
            next_person += size;
        }
        *range = first_person..next_person;
    }
    built
}

/// The employer of that number, whether or not it stands in the county's list.
pub(super) fn employer(
    site: &SeedSite,
    index: u32,
    sector: &'static Sector,
    persons: Range<u32>,
) -> SeedEmployer {
    let mut stream = site.stream(TOPIC, index);
    let [first, second] = names::brand(index);
    let name =
        format!("{}{first}{second}{}有限公司", site.place.trade_name, stream.word(sector.company));
    SeedEmployer {
        index,
        sector,
        industry: stream.choose(sector.industries),
        name,
        uscc: uscc(site, index),
        persons,
    }
}

/// A valid code; its organisation code begins with XY, which is not in use.
fn uscc(site: &SeedSite, index: u32) -> String {
    let letters: Vec<char> = credit_code::ALPHABET.chars().collect();
    let mut rest =
        (u64::from(index) * 7_919 + u64::from(site.place.ordinal) * 104_729) % 28_629_151;
    let mut organisation = String::from("XY0");
    for _ in 0..5 {
        let letter = (rest % letters.len() as u64) as usize;
        organisation.push(letters.get(letter).copied().unwrap_or('0'));
        rest /= letters.len() as u64;
    }
    credit_code::compose('9', '1', &site.place.code, &organisation).unwrap_or_default()
}

/// Insured persons of an employer today.
pub(super) fn insured(site: &SeedSite, employer: &SeedEmployer) -> u32 {
    let mut stream = site.stream(TOPIC + 100, employer.index);
    employer.persons.len() as u32 * WORKERS_PER_PERSON + stream.below(WORKERS_PER_PERSON)
}

/// The row that 人社 hands in.
pub(super) fn row(site: &SeedSite, employer: &SeedEmployer) -> Map<String, Value> {
    let insured = insured(site, employer);
    let mut stream = site.stream(TOPIC + 100, employer.index);
    stream.below(WORKERS_PER_PERSON);
    let scale = match insured {
        0..20 => "MICRO",
        20..300 => "SMALL",
        300..1_000 => "MEDIUM",
        _ => "LARGE",
    };
    let economic = stream.choose(&[
        ("LIMITED_LIABILITY", 55),
        ("PRIVATE", 28),
        ("STATE_OWNED", 7),
        ("JOINT_STOCK", 6),
        ("COLLECTIVE", 4),
    ]);
    let dusty = employer.sector.dusty;
    SeedRow::default()
        .text(field::EMPLOYER_NO, number(site, employer.index))
        .text(field::USCC, employer.uscc.as_str())
        .text(field::NAME, employer.name.as_str())
        .text(field::REGION_CODE, site.place.code.as_str())
        .text(field::ADDRESS, names::address(&mut stream, &site.place.full_name))
        .text(field::INDUSTRY_CODE, employer.industry)
        .text(field::KEY_INDUSTRY, employer.sector.key)
        .text(field::ECONOMIC_TYPE, economic)
        .text(field::SCALE, scale)
        .number(field::INSURED_PERSONS, insured)
        .number(field::DUST_EXPOSED_PERSONS, insured * dusty / 1000)
        .done()
}

/// Number of an employer with 人社.
pub(super) fn number(site: &SeedSite, index: u32) -> String {
    format!("U{}-{:04}", site.place.code, index + 1)
}
