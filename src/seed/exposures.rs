//! Exposure measurements at employers of the dust trades. Where a disease by the same dust follows,
//! none is above the limit but the planted ones.

use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike, NaiveDate};
use entity::exposure_measurement::names as field;
use serde_json::{Map, Value};

use super::{
    calendar::{self, YEARS},
    county::County,
    discrepancies::spread,
    employers::SeedEmployer,
    row::SeedRow,
    scale::SeedSite,
    stream::SplitMix64,
};
use crate::domain::exposure::{Limit, Sample, SampleJudgement, judge};

const TOPIC: u64 = 12;

/// The factor, whether the sample is of respirable dust, least and most free silica per mille.
type Dust = (&'static str, (u32, u32));

/// Limits that the samples are drawn around: those of total and respirable dust in
/// `reference/exposure_limit.csv`.
const LIMITS: [Limit<'static>; 16] = [
    limit("SILICA_DUST", "TOTAL", Some((100, 500)), 1000),
    limit("SILICA_DUST", "RESPIRABLE", Some((100, 500)), 700),
    limit("SILICA_DUST", "TOTAL", Some((501, 800)), 700),
    limit("SILICA_DUST", "RESPIRABLE", Some((501, 800)), 300),
    limit("SILICA_DUST", "TOTAL", Some((801, 1000)), 500),
    limit("SILICA_DUST", "RESPIRABLE", Some((801, 1000)), 200),
    limit("COAL_DUST", "TOTAL", Some((0, 99)), 4000),
    limit("COAL_DUST", "RESPIRABLE", Some((0, 99)), 2500),
    limit("CEMENT_DUST", "TOTAL", Some((0, 99)), 4000),
    limit("CEMENT_DUST", "RESPIRABLE", Some((0, 99)), 1500),
    limit("TALC_DUST", "TOTAL", Some((0, 99)), 3000),
    limit("TALC_DUST", "RESPIRABLE", Some((0, 99)), 1000),
    limit("MICA_DUST", "TOTAL", None, 2000),
    limit("WELDING_FUME", "TOTAL", None, 4000),
    limit("GRINDING_WHEEL_DUST", "TOTAL", None, 8000),
    limit("OTHER_DUST", "TOTAL", Some((0, 99)), 8000),
];

const fn limit(
    factor: &'static str,
    fraction: &'static str,
    silica: Option<(u32, u32)>,
    limit_ug: u32,
) -> Limit<'static> {
    Limit { factor, kind: "PC_TWA", fraction: Some(fraction), silica, limit_ug, edition: "" }
}

/// A measurement as the whole data set knows it.
#[derive(Debug)]
pub(super) struct Measurement {
    /// Number in the county, from 0.
    pub index: u32,
    /// Number of the employer in the county.
    pub employer: u32,
    pub day: NaiveDate,
    pub factor: &'static str,
    pub fraction: &'static str,
    /// Free silica per mille, where the limit depends on it.
    pub silica: Option<u32>,
    pub value: u32,
    /// Sampling point, from 1.
    pub point: u32,
    /// Place of the case that follows it on purpose.
    pub followed_by: Option<u32>,
}

/// The dusts of a trade.
fn dusts(key: &str) -> &'static [(Dust, u32)] {
    match key {
        "COAL_MINE" => &[
            (("COAL_DUST", (20, 95)), 78),
            (("COAL_DUST", (100, 240)), 8),
            (("SILICA_DUST", (120, 420)), 14),
        ],
        "NON_COAL_MINE" => &[
            (("SILICA_DUST", (150, 500)), 60),
            (("SILICA_DUST", (501, 790)), 32),
            (("TALC_DUST", (10, 80)), 8),
        ],
        "METALLURGY" => &[
            (("SILICA_DUST", (110, 460)), 40),
            (("GRINDING_WHEEL_DUST", (0, 0)), 30),
            (("OTHER_DUST", (10, 90)), 30),
        ],
        _ => &[
            (("CEMENT_DUST", (15, 90)), 55),
            (("SILICA_DUST", (140, 500)), 30),
            (("OTHER_DUST", (20, 90)), 15),
        ],
    }
}

/// Places of sampling.
const POINTS: [&str; 6] =
    ["破碎机旁", "皮带转载点", "采掘工作面", "包装岗位", "筛分机旁", "巡检通道"];

/// The measurements of a county.
pub(super) fn of(county: &County) -> Vec<Measurement> {
    let followed = first_cases(county);
    let mut built = Vec::new();
    for employer in county.employers.all.iter().filter(|employer| employer.sector.dusty > 0) {
        for year in YEARS {
            for point in 1..=points(employer) {
                let index = built.len() as u32;
                let mut stream = county.site.stream(TOPIC, index);
                let (factor, (least, most)) = pick(&mut stream, employer.sector.key);
                let day = calendar::after(calendar::day(year, 2, 1), stream.below(300));
                // After the last case of that dust, and where there is none, a value may lie above
                // the limit.
                let free = followed
                    .get(&(employer.index, factor))
                    .is_none_or(|cases| cases.iter().all(|(case, _)| *case < day));
                let above = stream.chance(130 - 10 * (year - 2019) as u32) && free;
                let sample = draw(&mut stream, factor, (least, most), above);
                built.extend(sample.map(|sample| sample.at(index, employer.index, day, point)));
            }
        }
    }
    plant(county, &followed, &mut built);
    built
}

/// First diagnoses with their places, in order of day, by employer and dust.
fn first_cases(county: &County) -> HashMap<(u32, &'static str), Vec<(NaiveDate, u32)>> {
    let mut found: HashMap<(u32, &'static str), Vec<(NaiveDate, u32)>> = HashMap::new();
    for case in county.cases.iter().filter(|case| case.nature == "FIRST") {
        let Some(person) = county.roster.persons.get(case.person as usize) else { continue };
        found.entry((person.employer, case.factor)).or_default().push((case.diagnosed, case.index));
    }
    found.values_mut().for_each(|cases| cases.sort_unstable());
    found
}

/// Adds a value above the limit some months before a case, at employers far from each other.
fn plant(
    county: &County,
    followed: &HashMap<(u32, &'static str), Vec<(NaiveDate, u32)>>,
    built: &mut Vec<Measurement>,
) {
    let dusty =
        |employer: u32| county.employer(employer).is_some_and(|employer| employer.sector.dusty > 0);
    let mut pairs: BTreeMap<u32, (&'static str, NaiveDate, u32)> = BTreeMap::new();
    for ((employer, factor), cases) in followed {
        let late = cases.iter().find(|(day, _)| day.year() >= 2020);
        if let (Some((day, case)), true) = (
            late,
            dusty(*employer) && matches!(*factor, "COAL_DUST" | "SILICA_DUST" | "CEMENT_DUST"),
        ) {
            // Of several dusts of one employer the first by name.
            let known = pairs.entry(*employer).or_insert((factor, *day, *case));
            if *factor < known.0 {
                *known = (factor, *day, *case);
            }
        }
    }
    let pairs: Vec<(u32, (&'static str, NaiveDate, u32))> = pairs.into_iter().collect();
    let mut places = spread(&pairs, |_| true, county.site.scale.planted_per_county());
    places.dedup();
    for place in places {
        let Some((employer, (factor, diagnosed, case))) = pairs.get(place).copied() else {
            continue;
        };
        let index = built.len() as u32;
        let mut stream = county.site.stream(TOPIC, index);
        let share = if factor == "SILICA_DUST" { (150, 500) } else { (20, 95) };
        let day = calendar::before(diagnosed, stream.between(60, 300));
        let Some(sample) = draw(&mut stream, factor, share, true) else { continue };
        let mut measurement = sample.at(index, employer, day, 9);
        measurement.followed_by = Some(case);
        built.push(measurement);
    }
}

/// Sampling points of an employer: more where more people work.
fn points(employer: &SeedEmployer) -> u32 {
    match employer.persons.len() {
        0..12 => 1,
        12..60 => 2,
        _ => 3,
    }
}

fn pick(stream: &mut SplitMix64, key: &str) -> Dust {
    let options = dusts(key);
    let index = stream.weighted(options.iter().map(|(_, weight)| *weight));
    options.get(index).map_or(("OTHER_DUST", (20, 90)), |(dust, _)| *dust)
}

/// What was found at a point.
struct SampleResult {
    factor: &'static str,
    fraction: &'static str,
    silica: Option<u32>,
    value: u32,
}

impl SampleResult {
    const fn at(self, index: u32, employer: u32, day: NaiveDate, point: u32) -> Measurement {
        let Self { factor, fraction, silica, value } = self;
        Measurement {
            index,
            employer,
            day,
            factor,
            fraction,
            silica,
            value,
            point,
            followed_by: None,
        }
    }
}

/// A value above the limit or below it, by the judgement that the hub makes of it later.
fn draw(
    stream: &mut SplitMix64,
    factor: &'static str,
    (least, most): (u32, u32),
    above: bool,
) -> Option<SampleResult> {
    let silica = (most > 0).then(|| stream.between(least, most));
    let respirable = silica.is_some() && factor != "OTHER_DUST" && stream.chance(400);
    let fraction = if respirable { "RESPIRABLE" } else { "TOTAL" };
    let sample = Sample { factor, kind: "PC_TWA", fraction: Some(fraction), silica, value_ug: 0 };
    let SampleJudgement::Judged { limit, .. } = judge(&sample, &LIMITS) else { return None };
    let share = if above { stream.between(103, 240) } else { stream.between(12, 94) };
    Some(SampleResult { factor, fraction, silica, value: limit.limit_ug * share / 100 })
}

impl Measurement {
    /// Number with 卫健.
    pub(super) fn number(&self, site: &SeedSite) -> String {
        format!("M{}-{}-{:05}", site.place.code, self.day.year(), self.index + 1)
    }
}

/// The measurement as 卫健 hands it in.
pub(super) fn row(
    site: &SeedSite,
    measurement: &Measurement,
    employer: &SeedEmployer,
) -> Map<String, Value> {
    let mut stream = site.stream(TOPIC + 1, measurement.index);
    let workers = (employer.persons.len() as u32 * employer.sector.dusty / 300).max(1);
    SeedRow::default()
        .text(field::MEASUREMENT_NO, measurement.number(site))
        .day(field::SAMPLED_AT, Some(measurement.day))
        .text(field::EMPLOYER_USCC, employer.uscc.as_str())
        .text(field::EMPLOYER_NAME, employer.name.as_str())
        .text(field::REGION_CODE, site.place.code.as_str())
        .text(field::INDUSTRY_CODE, employer.industry)
        .text(field::KEY_INDUSTRY, employer.sector.key)
        .text(field::POST, stream.word(employer.sector.posts))
        .text(field::POINT, format!("{}{}号点", stream.word(&POINTS), measurement.point))
        .text(field::FACTOR, measurement.factor)
        .text(field::MEASURE_KIND, "PC_TWA")
        .text(field::DUST_FRACTION, measurement.fraction)
        .number(field::VALUE_UG, measurement.value)
        .maybe_number(field::FREE_SILICA_PERMILLE, measurement.silica)
        .number(field::EXPOSED_WORKERS, stream.between(1, workers))
        .text(
            field::INSTITUTION,
            stream.word(&[
                "市职业病防治院",
                "晋北职业卫生技术服务有限公司",
                "鲁中检测技术有限公司",
            ]),
        )
        .text(
            field::PROTECTIVE_EQUIPMENT,
            stream.word(&["防尘口罩", "送风式防尘面罩", "防尘口罩、防护眼镜"]),
        )
        .done()
}

/// Whether a measurement lies above its limit.
#[cfg(test)]
pub(super) fn exceeds(measurement: &Measurement) -> bool {
    let Measurement { factor, fraction, silica, value, .. } = *measurement;
    let sample =
        Sample { factor, kind: "PC_TWA", fraction: Some(fraction), silica, value_ug: value };
    matches!(judge(&sample, &LIMITS), SampleJudgement::Judged { exceeded: true, .. })
}
