//! Trainings: key posts from about seventy per cent in 2021 to all of them in 2025, where a county
//! is not behind, and some others. Whoever holds a key post was trained in the three years before
//! the last accident of the employer, but for the planted ones.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use entity::training_record::names as field;
use serde_json::{Map, Value};

use super::{
    calendar,
    county::County,
    discrepancies::spread,
    employers::SeedEmployer,
    people::{self, Person},
    row::SeedRow,
    scale::SeedSite,
    sector::Sector,
};

const TOPIC: u64 = 11;

/// Holders of key posts in a thousand who are not trained at the end of 2021, 2022 and so on.
const UNTRAINED: [u32; 5] = [280, 180, 80, 40, 0];
/// The same in a county that is behind.
const UNTRAINED_BEHIND: [u32; 5] = [350, 250, 150, 100, 40];

/// Days for which a training before an accident counts here.
const FRESH: u32 = 1_000;

/// A training as the whole data set knows it.
#[derive(Clone, Debug)]
pub(super) struct Training {
    /// Number in the county, from 0.
    pub index: u32,
    /// Place of the person in the county's list.
    pub person: u32,
    pub domain: &'static str,
    pub ended: NaiveDate,
    pub passed: bool,
}

/// All trainings of a county, and whom nobody trained on purpose.
#[derive(Debug, Default)]
pub(super) struct Trainings {
    pub all: Vec<Training>,
    /// Accident and person, as places in the county's lists.
    pub untrained: Vec<(u32, u32)>,
}

/// Key posts that every plan names; only their holders are planted as untrained.
const NAMED_BY_PLANS: [&str; 3] = ["DEPUTY_HEAD", "DEPARTMENT_HEAD", "TEAM_LEADER"];

/// Somebody in a key post.
struct PostHolder<'a> {
    /// Code of the post.
    post: &'static str,
    place: u32,
    person: &'a Person,
    dusty: bool,
    /// Day of the last accident with casualties while employed, if it is the employer's last.
    last: Option<NaiveDate>,
}

impl PostHolder<'_> {
    fn employed(&self, day: NaiveDate) -> bool {
        self.person.insured_from <= day && self.person.insured_to.is_none_or(|left| left >= day)
    }
}

/// The trainings of a county.
pub(super) fn of(county: &County) -> Trainings {
    let lasts = last_accidents(county);
    let mut holders = holders(county, &lasts);
    let mut built = Trainings::default();
    plant(county, &mut holders, &lasts, &mut built);
    let mut first = schedule(county, &holders, 0, true);
    for (holder, ended) in holders.iter().zip(&mut first) {
        let Some(ended) = ended else { continue };
        attend(county, holder, *ended, &mut built);
    }
    let dusty: Vec<PostHolder<'_>> = holders.into_iter().filter(|holder| holder.dusty).collect();
    for (holder, ended) in dusty.iter().zip(schedule(county, &dusty, 1, false)) {
        let Some(ended) = ended else { continue };
        add(&mut built, holder.place, "OCCUPATIONAL_HEALTH", ended, true);
    }
    others(county, &mut built);
    renew(county, &mut built);
    built
}

/// Whoever was trained before the plan of 2021 is trained again in its first year: a plan counts
/// what is done under it.
fn renew(county: &County, built: &mut Trainings) {
    let (begun, ended) = (calendar::day(2021, 1, 1), calendar::day(2021, 12, 31));
    let mut before: Vec<(u32, &'static str)> = built
        .all
        .iter()
        .filter(|one| one.passed && one.ended < begun)
        .map(|one| (one.person, one.domain))
        .collect();
    before.sort_unstable();
    before.dedup();
    for (person, domain) in before {
        let again = |one: &Training| {
            one.person == person
                && one.domain == domain
                && one.passed
                && (begun..calendar::before(ended, 5)).contains(&one.ended)
        };
        let Some(holder) =
            county.roster.persons.get(person as usize).filter(|_| !built.all.iter().any(again))
        else {
            continue;
        };
        let mut stream = county.site.stream(TOPIC + 7, person);
        let day = calendar::after(calendar::day(2021, 2, 1), stream.below(290));
        let left = holder.insured_to.is_some_and(|left| left < day);
        if !left {
            add(built, person, domain, day, true);
        }
    }
}

fn add(built: &mut Trainings, person: u32, domain: &'static str, ended: NaiveDate, passed: bool) {
    if ended <= calendar::HORIZON {
        let index = built.all.len() as u32;
        built.all.push(Training { index, person, domain, ended, passed });
    }
}

/// Day, place in the list, and whether it is the only one of its day, of the last accident with
/// casualties of each employer.
fn last_accidents(county: &County) -> HashMap<u32, (NaiveDate, u32, bool)> {
    let mut lasts: HashMap<u32, (NaiveDate, u32, bool)> = HashMap::new();
    for accident in county
        .accidents
        .iter()
        .filter(|accident| !accident.written_off && accident.toll.degrees().count() > 0)
    {
        let known = lasts.entry(accident.employer).or_insert((accident.day, accident.index, true));
        if known.0 < accident.day {
            *known = (accident.day, accident.index, true);
        } else if known.0 == accident.day && known.1 != accident.index {
            known.2 = false;
        }
    }
    lasts
}

fn holders<'a>(
    county: &'a County,
    lasts: &HashMap<u32, (NaiveDate, u32, bool)>,
) -> Vec<PostHolder<'a>> {
    let persons = county.roster.persons.iter().zip(0..);
    let held = persons.filter_map(|(person, place)| {
        let employer = county.employer(person.employer)?;
        let post = people::key_post(&county.site, person, employer)?;
        let mut holder =
            PostHolder { post, place, person, dusty: employer.sector.dusty > 0, last: None };
        holder.last =
            lasts.get(&person.employer).map(|(day, ..)| *day).filter(|day| holder.employed(*day));
        Some(holder)
    });
    held.collect()
}

/// Takes one holder out at each of some employers: trained after the accident only.
fn plant(
    county: &County,
    holders: &mut Vec<PostHolder<'_>>,
    lasts: &HashMap<u32, (NaiveDate, u32, bool)>,
    built: &mut Trainings,
) {
    let since = calendar::day(2021, 6, 1);
    let mut seen = Vec::new();
    let first_of_employer: Vec<bool> = holders
        .iter()
        .map(|holder| {
            let alone = lasts.get(&holder.person.employer).is_some_and(|(.., alone)| *alone);
            let fits = alone
                && NAMED_BY_PLANS.contains(&holder.post)
                && holder.last.is_some_and(|last| last >= since)
                && !seen.contains(&holder.person.employer);
            if fits {
                seen.push(holder.person.employer);
            }
            fits
        })
        .collect();
    let mut taken =
        spread(&first_of_employer, |fits| *fits, county.site.scale.planted_per_county());
    taken.sort_unstable();
    taken.dedup();
    for place in taken.into_iter().rev() {
        let holder = holders.remove(place);
        let Some((last, accident, _)) = lasts.get(&holder.person.employer) else { continue };
        built.untrained.push((*accident, holder.place));
        let mut stream = county.site.stream(TOPIC, holder.place);
        let later = calendar::after(*last, stream.between(30, 100));
        add(built, holder.place, "SAFETY", later, true);
        if holder.dusty {
            add(
                built,
                holder.place,
                "OCCUPATIONAL_HEALTH",
                calendar::after(later, stream.between(10, 60)),
                true,
            );
        }
    }
}

/// The day of the first training of each holder; `bound` says that it must not lie after the
/// employer's last accident.
fn schedule(
    county: &County,
    holders: &[PostHolder<'_>],
    turn: u32,
    bound: bool,
) -> Vec<Option<NaiveDate>> {
    let mut stream = county.site.stream(TOPIC + 1, turn);
    // A county is behind in both trainings or in none; one of three is.
    let behind = county.site.stream(TOPIC + 1, 9).chance(330);
    let untrained = if behind { UNTRAINED_BEHIND } else { UNTRAINED };
    let mut order: Vec<usize> = (0..holders.len()).collect();
    order.sort_by_cached_key(|_| stream.below(1_000_000));
    let end = |year: i32| calendar::day(year, 12, 31);
    let count = holders.iter().filter(|holder| holder.employed(end(2021))).count() as u32;
    let mut years: Vec<Option<i32>> = vec![None; holders.len()];
    // Those trained last are found first: they must be employed and free to wait.
    let mut later = 0;
    for (year, share) in [2026, 2025, 2024, 2023, 2022].into_iter().zip(untrained.into_iter().rev())
    {
        let mut wanted = (count * share / 1000).saturating_sub(later);
        for place in &order {
            let (Some(holder), Some(slot)) = (holders.get(*place), years.get_mut(*place)) else {
                continue;
            };
            let waits = !bound || holder.last.is_none_or(|last| last.year() >= year);
            if wanted > 0
                && slot.is_none()
                && waits
                && holder.employed(end(2021))
                && holder.employed(end(year.min(2025)))
            {
                *slot = Some(year);
                wanted -= 1;
                later += 1;
            }
        }
    }
    holders
        .iter()
        .zip(years)
        .map(|(holder, year)| day_of(county, holder, year, turn, bound))
        .collect()
}

/// A day in the year given, or before 2022 where none is given: after the holder began, and not
/// after the last accident.
fn day_of(
    county: &County,
    holder: &PostHolder<'_>,
    year: Option<i32>,
    turn: u32,
    bound: bool,
) -> Option<NaiveDate> {
    let mut stream = county.site.stream(TOPIC + 2 + u64::from(turn), holder.place);
    let year = year.unwrap_or_else(|| stream.choose(&[(2019, 30), (2020, 34), (2021, 36)]));
    if year > 2025 {
        return None;
    }
    let begun = holder.person.insured_from;
    let mut from = calendar::day(year, 1, 10).max(calendar::after(begun, stream.between(3, 20)));
    let mut to = calendar::day(year, 12, 20).max(calendar::after(from, 10));
    if let (true, Some(last)) = (bound, holder.last)
        && to > last
    {
        to = last;
        from = if from < last { from } else { calendar::before(last, 200).max(begun).min(last) };
    }
    let day = calendar::after(from, stream.below((to - from).num_days().max(0) as u32 + 1));
    holder.person.insured_to.is_none_or(|left| day <= left).then_some(day)
}

/// The first training of a holder, an attempt that failed before it, and a later one where the
/// first is too old on the day of the last accident.
fn attend(county: &County, holder: &PostHolder<'_>, first: NaiveDate, built: &mut Trainings) {
    let mut stream = county.site.stream(TOPIC + 4, holder.place);
    let attempt = calendar::before(first, stream.between(15, 40));
    if stream.chance(30) && attempt > holder.person.insured_from {
        add(built, holder.place, "SAFETY", attempt, false);
    }
    add(built, holder.place, "SAFETY", first, true);
    if let Some(last) = holder.last.filter(|last| (*last - first).num_days() > i64::from(FRESH)) {
        add(built, holder.place, "SAFETY", calendar::before(last, stream.between(20, 700)), true);
    }
}

/// Workers in other posts who are trained in the prevention of work injuries, from 2022 on.
fn others(county: &County, built: &mut Trainings) {
    for (person, place) in county.roster.persons.iter().zip(0..) {
        let Some(employer) = county.employer(person.employer) else { continue };
        if employer.sector.key == "OTHER"
            || people::key_post(&county.site, person, employer).is_some()
        {
            continue;
        }
        let mut stream = county.site.stream(TOPIC + 5, place);
        for year in 2022..=2025 {
            let drawn = stream.chance(14);
            let day = calendar::after(calendar::day(year, 3, 1), stream.below(290));
            if drawn && person.insured_from < day && person.insured_to.is_none_or(|left| left > day)
            {
                let passed = !stream.chance(40);
                add(built, place, "INJURY_PREVENTION", day, passed);
            }
        }
    }
}

/// The department that trains: that of the trade, 卫健 for occupational health, 人社 for all else.
pub(super) fn department(sector: &Sector, domain: &str) -> &'static str {
    match (domain, sector.key) {
        ("OCCUPATIONAL_HEALTH", _) => "HEALTH",
        (
            "SAFETY",
            "HAZARDOUS_CHEMICALS"
            | "COAL_MINE"
            | "NON_COAL_MINE"
            | "MACHINERY"
            | "CONSTRUCTION"
            | "TRANSPORT",
        ) => sector.department,
        _ => "HRSS",
    }
}

/// The training as its department hands it in.
pub(super) fn row(
    site: &SeedSite,
    training: &Training,
    person: &Person,
    employer: &SeedEmployer,
) -> Map<String, Value> {
    let mut stream = site.stream(TOPIC + 6, training.index);
    let mode = stream.choose(&[("OFFLINE", 60), ("MIXED", 25), ("ONLINE", 15)]);
    let hours = stream.choose(&[(16, 20), (24, 55), (32, 20), (48, 5)]);
    let exam = calendar::after(training.ended, stream.below(3)).min(calendar::HORIZON);
    let number = format!("T{}-{:06}", site.place.code, training.index + 1);
    SeedRow::default()
        .text(field::TRAINING_NO, number.as_str())
        .text(field::NAME, person.name(site))
        .text(field::ID_TYPE, "RESIDENT_ID")
        .text(field::ID_NUMBER, person.id_number(site))
        .text(field::EMPLOYER_USCC, employer.uscc.as_str())
        .text(field::REGION_CODE, site.place.code.as_str())
        .text(field::INDUSTRY_CODE, employer.industry)
        .text(field::KEY_INDUSTRY, employer.sector.key)
        .maybe(field::KEY_POST, people::key_post(site, person, employer))
        .text(field::TRAINING_DOMAIN, training.domain)
        .text(field::MODE, mode)
        .number(field::HOURS, hours)
        .day(field::STARTED_ON, Some(calendar::before(training.ended, hours / 8)))
        .day(field::ENDED_ON, Some(training.ended))
        .day(field::EXAM_AT, Some(exam))
        .flag(field::PASSED, training.passed)
        .maybe(field::CERTIFICATE_NO, training.passed.then(|| format!("C{number}")))
        .done()
}
