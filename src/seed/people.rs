//! Persons of a county and their employment, and the identity numbers of everyone in the data.
//!
//! Identity numbers carry a birth date of 1900 to 1903 and are therefore nobody's. Age is told
//! separately where a family has a field for it.

use chrono::{Datelike, Days, NaiveDate};
use entity::{employment::names as of_employment, person::names as of_person};
use serde_json::{Map, Value};

use super::{
    calendar,
    employers::SeedEmployer,
    names,
    row::SeedRow,
    scale::{PLACES, SeedSite},
    stream::SplitMix64,
};
use crate::domain::identity;

const TOPIC: u64 = 2;

/// Days from 1900-01-01 to 1903-12-31; 1900 was no leap year.
const BIRTHDAYS: u32 = 1460;
/// Pairs of sequence numbers per birthday for people registered in their own county.
const NATIVE_PAIRS: u32 = 250;
/// The same for people registered elsewhere; each county has its own block of them.
const MIGRANT_SLOTS: u32 = BIRTHDAYS * 248;
const MIGRANTS_PER_COUNTY: u32 = 1400;

/// Someone with an identity number.
#[derive(Clone, Debug)]
pub(super) struct Person {
    /// Number in the county, from 0; persons outside the roll come after those in it.
    pub index: u32,
    pub male: bool,
    /// Year of birth that the age is reckoned from (not the one in the identity number).
    pub born: i32,
    /// Number of the employer in the county.
    pub employer: u32,
    pub insured_from: NaiveDate,
    pub insured_to: Option<NaiveDate>,
    pub dust_since: Option<NaiveDate>,
    pub post: &'static str,
    pub form: &'static str,
}

/// The person of that number at that employer.
pub(super) fn build(site: &SeedSite, index: u32, employer: &SeedEmployer) -> Person {
    let mut stream = site.stream(TOPIC, index);
    let male = stream.chance(employer.sector.men);
    let hired =
        if stream.chance(820) { stream.between(0, 4000) } else { stream.between(4000, 6200) };
    let insured_from = calendar::after(calendar::day(2008, 1, 5), hired);
    let born = insured_from.year() - 18 - stream.between(0, 24) as i32;
    let left = insured_from.checked_add_days(Days::new(u64::from(stream.between(400, 4000))));
    let insured_to = left.filter(|day| stream.chance(90) && *day < calendar::day(2025, 12, 31));
    let dust_since = stream.chance(employer.sector.dusty).then_some(insured_from);
    let post = stream.word(employer.sector.posts);
    let form =
        stream.choose(&[("REGULAR", 84), ("DISPATCHED", 9), ("TEMPORARY", 6), ("INTERN", 1)]);
    let born = born.max(1955);
    Person {
        index,
        male,
        born,
        employer: employer.index,
        insured_from,
        insured_to,
        dust_since,
        post,
        form,
    }
}

impl Person {
    /// Name as 人社 has it.
    pub(super) fn name(&self, site: &SeedSite) -> String {
        names::person(&mut site.stream(TOPIC + 100, self.index), self.male)
    }

    /// Another name, for an entry that is wrong on purpose.
    pub(super) fn other_name(&self, site: &SeedSite) -> String {
        let right = self.name(site);
        let mut stream = site.stream(TOPIC + 200, self.index);
        let wrong = names::person(&mut stream, self.male);
        if wrong == right {
            format!("{wrong}{}", stream.word(&["一", "二", "三"]))
        } else {
            wrong
        }
    }

    /// Address code, birth date and sequence; unique over all persons of a scale.
    fn identity(&self, site: &SeedSite) -> (&'static str, NaiveDate, u16) {
        let registered_elsewhere = self.index % 9 == 4 && self.index / 9 < MIGRANTS_PER_COUNTY;
        let (address, day, pair) = if registered_elsewhere {
            let elsewhere = site.stream(TOPIC + 300, self.index).below(PLACES.len() as u32);
            // 100,003 is a prime that divides no number of slots: the product visits each slot
            // once.
            let slot = u64::from(site.place.ordinal * MIGRANTS_PER_COUNTY + self.index / 9)
                * 100_003
                % u64::from(MIGRANT_SLOTS);
            let (day, pair) = (slot as u32 % BIRTHDAYS, NATIVE_PAIRS + slot as u32 / BIRTHDAYS);
            (PLACES.get(elsewhere as usize).unwrap_or(site.place), day, pair)
        } else {
            let slot = u64::from(self.index) * 100_003 % u64::from(BIRTHDAYS * NATIVE_PAIRS);
            (site.place, slot as u32 % BIRTHDAYS, slot as u32 / BIRTHDAYS)
        };
        let sequence = pair * 2 + if self.male { 1 } else { 2 };
        (address.code.as_str(), calendar::after(calendar::day(1900, 1, 1), day), sequence as u16)
    }

    /// Identity number with a valid check digit.
    pub(super) fn id_number(&self, site: &SeedSite) -> String {
        let (address, birth, sequence) = self.identity(site);
        identity::compose(address, birth, sequence).unwrap_or_default()
    }

    /// Birth date of the identity number.
    pub(super) fn birth_date(&self, site: &SeedSite) -> NaiveDate {
        self.identity(site).1
    }

    /// Sex as a code.
    pub(super) const fn sex(&self) -> &'static str {
        if self.male { "MALE" } else { "FEMALE" }
    }

    /// A telephone number of a range that is given to nobody.
    pub(super) fn phone(&self, site: &SeedSite) -> String {
        format!("120{:08}", site.stream(TOPIC + 400, self.index).below(100_000_000))
    }

    /// Home address in the county.
    pub(super) fn home(&self, site: &SeedSite) -> String {
        names::home(&mut site.stream(TOPIC + 500, self.index), &site.place.full_name)
    }

    /// Number with 人社.
    pub(super) fn number(&self, site: &SeedSite) -> String {
        format!("P{}-{:06}", site.place.code, self.index + 1)
    }
}

/// The person as 人社 hands it in.
pub(super) fn row(site: &SeedSite, person: &Person, employer: &SeedEmployer) -> Map<String, Value> {
    SeedRow::default()
        .text(of_person::PERSON_NO, person.number(site))
        .text(of_person::NAME, person.name(site))
        .text(of_person::ID_TYPE, "RESIDENT_ID")
        .text(of_person::ID_NUMBER, person.id_number(site))
        .text(of_person::SEX, person.sex())
        .text(of_person::BIRTH_DATE, person.birth_date(site).to_string())
        .text(of_person::PHONE, person.phone(site))
        .text(of_person::RESIDENCE_ADDRESS, person.home(site))
        .text(of_person::REGION_CODE, site.place.code.as_str())
        .text(of_person::KEY_INDUSTRY, employer.sector.key)
        .text(of_person::EMPLOYER_USCC, employer.uscc.as_str())
        .done()
}

/// The key post that a person holds; about one in fourteen regular workers of the trades of the
/// plans does.
pub(super) fn key_post(
    site: &SeedSite,
    person: &Person,
    employer: &SeedEmployer,
) -> Option<&'static str> {
    let mut stream: SplitMix64 = site.stream(TOPIC + 600, person.index);
    (employer.sector.key != "OTHER" && person.form == "REGULAR" && stream.chance(70)).then(|| {
        stream.choose(&[
            ("TEAM_LEADER", 70),
            ("FULL_TIME_MANAGER", 14),
            ("DEPARTMENT_HEAD", 6),
            ("DEPUTY_HEAD", 6),
            ("PRINCIPAL", 4),
        ])
    })
}

/// Number of the employment of a person with 人社.
pub(super) fn employment_number(site: &SeedSite, person: &Person) -> String {
    format!("E{}-{:06}", site.place.code, person.index + 1)
}

/// The employment of a person as 人社 hands it in.
pub(super) fn employment_row(
    site: &SeedSite,
    person: &Person,
    employer: &SeedEmployer,
) -> Map<String, Value> {
    SeedRow::default()
        .text(of_employment::EMPLOYMENT_NO, employment_number(site, person))
        .text(of_employment::ID_TYPE, "RESIDENT_ID")
        .text(of_employment::ID_NUMBER, person.id_number(site))
        .text(of_employment::EMPLOYER_USCC, employer.uscc.as_str())
        .text(of_employment::REGION_CODE, site.place.code.as_str())
        .text(of_employment::KEY_INDUSTRY, employer.sector.key)
        .text(of_employment::POST, person.post)
        .maybe(of_employment::KEY_POST, key_post(site, person, employer))
        .text(of_employment::EMPLOYMENT_FORM, person.form)
        .day(of_employment::DUST_EXPOSURE_SINCE, person.dust_since)
        .day(of_employment::INSURED_FROM, Some(person.insured_from))
        .day(of_employment::INSURED_TO, person.insured_to)
        .done()
}
