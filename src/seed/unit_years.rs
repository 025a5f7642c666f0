//! Years of insured units: rate by trade and float, premium, benefits and injuries.
//!
//! The data hold far more deaths for each worker than there are in life, so that benefits follow
//! the premium and the number of injuries, and not the sums of the law: otherwise no fund could pay
//! them. Float by the steps that one pool uses; rates are the national ones of
//! 人社部发〔2015〕71号.

use std::{collections::HashMap, sync::LazyLock};

use chrono::Datelike;
use entity::insured_unit_year::names as field;
use serde_json::{Map, Value};

use super::{
    calendar::{self, YEARS},
    county::County,
    employers::{self, SeedEmployer},
    injuries::{Injury, InjuryCause},
    row::SeedRow,
    scale::SeedSite,
    stream::SplitMix64,
};
use crate::domain::{
    code::Coded as _,
    premium::{FloatStep, floated_rate},
};

const TOPIC: u64 = 14;

/// Average yearly wage that premiums are due on, in yuan, of each year.
const WAGES: [u64; 7] = [56_000, 58_500, 62_400, 66_000, 69_800, 73_100, 76_400];

/// Risk class and base rate by industry code, the longest code first.
static CLASSES: LazyLock<Vec<(String, (u32, u32))>> = LazyLock::new(|| {
    let mut reader =
        csv::Reader::from_reader(include_str!("../../reference/premium_risk_class.csv").as_bytes());
    let read = |row: csv::StringRecord| {
        let number = |index: usize| row.get(index)?.parse().ok();
        Some((row.get(0)?.to_owned(), (number(9)?, number(10)?)))
    };
    let mut classes: Vec<_> = reader.records().filter_map(Result::ok).filter_map(read).collect();
    classes.sort_by_key(|(code, _)| std::cmp::Reverse(code.len()));
    classes
});

/// A year of a unit as the whole data set knows it; money in yuan.
#[derive(Debug)]
pub(super) struct UnitYear {
    /// Number of the employer in the county.
    pub employer: u32,
    year: i32,
    class: (u32, u32),
    step: FloatStep,
    persons: u32,
    wages: u64,
    due: u64,
    paid: u64,
    /// Medical, disability, death, other.
    benefits: [u64; 4],
    counts: InjuryCounts,
}

/// New injuries, and of these deaths, serious ones and diseases.
#[derive(Clone, Copy, Debug, Default)]
struct InjuryCounts {
    all: u32,
    deaths: u32,
    serious: u32,
    diseases: u32,
}

/// The years of all insured units of a county.
pub(super) fn of(county: &County) -> Vec<UnitYear> {
    let counts = counts(county);
    let mut built = Vec::with_capacity(county.employers.all.len() * YEARS.len());
    for employer in &county.employers.all {
        let class = class(employer.industry);
        let insured = employers::insured(&county.site, employer);
        let mut stream = county.site.stream(TOPIC, employer.index);
        let mut step = FloatStep::Base;
        for (place, (year, wage)) in YEARS.into_iter().zip(WAGES).enumerate() {
            let persons = (insured * (940 + 10 * place as u32 + stream.below(10)) / 1000).max(1);
            let wages = u64::from(persons) * wage * u64::from(stream.between(880, 1150)) / 1000;
            let rate = floated_rate(class.1.into(), step).unwrap_or_default().unsigned_abs();
            let due = wages * rate / 100_000;
            let paid = if stream.chance(30) {
                due * u64::from(stream.between(400, 950)) / 1000
            } else {
                due
            };
            let counts = counts.get(&(employer.index, year)).copied().unwrap_or_default();
            let benefits = benefits(&mut stream, due.max(1), counts);
            built.push(UnitYear {
                employer: employer.index,
                year,
                class,
                step,
                persons,
                wages,
                due,
                paid,
                benefits,
                counts,
            });
            step = next_step(class.0, benefits.iter().sum(), paid);
        }
    }
    built
}

/// New injuries by employer and year of the injury; what is refused does not count.
fn counts(county: &County) -> HashMap<(u32, i32), InjuryCounts> {
    let mut found: HashMap<(u32, i32), InjuryCounts> = HashMap::new();
    for injury in
        county.injuries.iter().filter(|injury| matches!(injury.result, "RECOGNIZED" | "DEEMED"))
    {
        let Some(person) = county.roster.persons.get(injury.person as usize) else { continue };
        let counts = found.entry((person.employer, injury.injured.year())).or_default();
        counts.all += 1;
        counts.deaths += u32::from(injury.fatal);
        counts.diseases += u32::from(injury.article == "ART14_4");
        counts.serious += u32::from(is_serious(county, injury));
    }
    found
}

fn is_serious(county: &County, injury: &Injury) -> bool {
    let InjuryCause::Victim(place) = injury.basis else { return false };
    county.victims.get(place as usize).is_some_and(|victim| victim.degree == "SERIOUS")
}

fn class(industry: &str) -> (u32, u32) {
    CLASSES
        .iter()
        .find(|(code, _)| industry.starts_with(code.as_str()))
        .map_or((2, 400), |(_, class)| *class)
}

/// Benefits paid by the fund, as shares of the premium due.
fn benefits(stream: &mut SplitMix64, due: u64, counts: InjuryCounts) -> [u64; 4] {
    let minor = counts.all - counts.deaths;
    let share = |per_mille: u32| due * u64::from(per_mille) / 1000;
    let medical = stream.between(20, 110) + (minor * stream.between(30, 70)).min(300);
    let disability = stream.between(30, 190) + (minor * stream.between(40, 90)).min(500);
    let death = (counts.deaths * stream.between(250, 600)).min(1_400) + stream.between(0, 40);
    [share(medical), share(disability), share(death), share(stream.between(2, 15))]
}

/// The step of the next year by this year's ratio. Source of the cuts: domain reference §4.3, a
/// city on eight classes.
fn next_step(class: u32, benefits: u64, paid: u64) -> FloatStep {
    let step = match benefits * 100 {
        sum if sum <= paid * 10 => FloatStep::Down2,
        sum if sum <= paid * 50 => FloatStep::Down1,
        sum if sum <= paid * 100 => FloatStep::Base,
        sum if sum <= paid * 120 => FloatStep::Up1,
        _ => FloatStep::Up2,
    };
    if step.is_open_to(class.into()) { step } else { FloatStep::Base }
}

/// The year of the unit as 人社 hands it in.
pub(super) fn row(site: &SeedSite, unit: &UnitYear, employer: &SeedEmployer) -> Map<String, Value> {
    let mut stream = site.stream(TOPIC + 1, unit.employer * 100 + (unit.year - 2000) as u32);
    let yuan = |amount: u64| format!("{amount}.00");
    let [medical, disability, death, other] = unit.benefits;
    let own = u64::from(unit.counts.all) * u64::from(stream.between(4_000, 26_000));
    let prevention = if unit.year >= 2022 && stream.chance(60) {
        u64::from(stream.between(2, 20)) * 1000
    } else {
        0
    };
    let since = calendar::after(
        calendar::day(2005, 1, 1),
        site.stream(TOPIC + 2, unit.employer).below(4_700),
    );
    SeedRow::default()
        .text(
            field::UNIT_YEAR_NO,
            format!("Y{}-{:04}-{}", site.place.code, unit.employer + 1, unit.year),
        )
        .number(field::YEAR, unit.year.unsigned_abs())
        .text(field::INSURED_UNIT_NO, employers::number(site, unit.employer))
        .text(field::EMPLOYER_USCC, employer.uscc.as_str())
        .text(field::EMPLOYER_NAME, employer.name.as_str())
        .text(field::REGION_CODE, site.place.code.as_str())
        .text(field::INDUSTRY_CODE, employer.industry)
        .text(field::KEY_INDUSTRY, employer.sector.key)
        .day(field::INSURED_SINCE, Some(since))
        .number(field::RISK_CLASS, unit.class.0)
        .number(field::BASE_RATE_PER_100000, unit.class.1)
        .text(field::FLOAT_STEP, unit.step.code())
        .number(field::INSURED_PERSONS, unit.persons)
        .text(field::WAGE_BILL_FEN, yuan(unit.wages))
        .text(field::PREMIUM_DUE_FEN, yuan(unit.due))
        .text(field::PREMIUM_PAID_FEN, yuan(unit.paid))
        .text(field::BENEFIT_MEDICAL_FEN, yuan(medical))
        .text(field::BENEFIT_DISABILITY_FEN, yuan(disability))
        .text(field::BENEFIT_DEATH_FEN, yuan(death))
        .text(field::BENEFIT_OTHER_FEN, yuan(other))
        .text(field::EMPLOYER_PAID_FEN, yuan(own))
        .text(field::PREVENTION_FEN, yuan(prevention))
        .number(field::NEW_INJURIES, unit.counts.all)
        .number(field::NEW_DEATHS, unit.counts.deaths)
        .number(field::NEW_SERIOUS, unit.counts.serious)
        .number(field::NEW_DISEASE_CASES, unit.counts.diseases)
        .done()
}
