//! Accidents of a county: when, where, of what type, with what toll. Published national figures set
//! the proportions: about 0.9 deaths per accident, 1.8 % larger ones, 0.04 % major ones, fewer
//! every year.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use entity::accident::names as field;
use serde_json::{Map, Value};

use super::{
    calendar::{self, YEARS},
    employers::SeedEmployer,
    names,
    row::SeedRow,
    scale::SeedSite,
    sector::Sector,
    stream::{SplitMix64, apportion},
    wording,
};

const TOPIC: u64 = 3;

/// Accidents of each year relative to 2019, in thousandths.
const TREND: [u32; 7] = [1000, 940, 950, 912, 872, 835, 795];

/// An accident as the whole data set knows it.
#[derive(Debug)]
pub(super) struct Accident {
    /// Number in the county over all years, from 0.
    pub index: u32,
    pub year: i32,
    /// Number in its year, from 1.
    pub sequence: u32,
    pub sector: &'static Sector,
    /// Number of the employer in the county.
    pub employer: u32,
    pub day: NaiveDate,
    pub kind: &'static str,
    pub toll: Toll,
    /// Turned out to be a sudden illness.
    pub written_off: bool,
    /// Days lost by all victims.
    pub lost_workdays: u32,
    /// Day on which the toll changed, the last time.
    pub toll_changed: Option<NaiveDate>,
    pub late: Late,
}

/// What was told late or not at all, on purpose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Late {
    #[default]
    None,
    /// The change of the toll.
    Toll,
    /// The notice to the union.
    UnionNotice,
    /// The notice to 人社.
    HrssNotice,
}

/// How many were hurt, by degree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Toll {
    pub deaths: u32,
    pub missing: u32,
    pub serious: u32,
    pub poisoned: u32,
    pub minor: u32,
}

impl Toll {
    /// Degrees of injury, one for each person hurt, the worst first.
    pub(super) fn degrees(self) -> impl Iterator<Item = &'static str> {
        let repeat = |degree, count: u32| std::iter::repeat_n(degree, count as usize);
        repeat("DEATH", self.deaths)
            .chain(repeat("MISSING", self.missing))
            .chain(repeat("SERIOUS", self.serious))
            .chain(repeat("ACUTE_POISONING", self.poisoned))
            .chain(repeat("MINOR", self.minor))
    }
}

/// Accidents per year: falling, with noise, and some counties miss the target of 2025.
pub(super) fn per_year(site: &SeedSite) -> Vec<u32> {
    let mut stream = site.stream(TOPIC, 0);
    let miss = stream.between(960, 1080);
    let weights: Vec<u32> = TREND
        .iter()
        .zip(YEARS)
        .map(|(weight, year)| {
            weight * stream.between(940, 1060) / 1000 * if year == 2025 { miss } else { 1000 } / 100
        })
        .collect();
    apportion(site.totals.accidents, &weights)
}

/// The accident of that number; `sector` and `employer` are drawn by the caller, who knows the
/// employers.
pub(super) fn build(
    site: &SeedSite,
    index: u32,
    place: (i32, u32, u32),
    sector: &'static Sector,
    employer: u32,
) -> Accident {
    let (year, sequence, count) = place;
    let mut stream = site.stream(TOPIC + 1, index);
    let day = calendar::seasonal(&mut stream, year, sequence - 1, count);
    let written_off = stream.chance(4);
    let deaths = if written_off { 1 } else { deaths(&mut stream) };
    let kind = match deaths {
        _ if written_off => "OTHER",
        0..3 => stream.choose(sector.types),
        _ => stream.choose(sector.severe),
    };
    let toll = if written_off {
        Toll { deaths, ..Toll::default() }
    } else {
        toll(&mut stream, kind, deaths)
    };
    Accident {
        index,
        year,
        sequence,
        sector,
        employer,
        day,
        kind,
        toll,
        written_off,
        lost_workdays: 0,
        toll_changed: None,
        late: Late::None,
    }
}

fn deaths(stream: &mut SplitMix64) -> u32 {
    match stream.below(100_000) {
        0..18_000 => 0,
        18_000..94_640 => 1,
        94_640..98_160 => 2,
        98_160..99_956 => {
            stream.choose(&[(3, 56), (4, 21), (5, 10), (6, 6), (7, 4), (8, 2), (9, 1)])
        }
        _ => stream.choose(&[(10, 30), (11, 20), (12, 15), (14, 12), (16, 10), (19, 8), (23, 5)]),
    }
}

fn toll(stream: &mut SplitMix64, kind: &str, deaths: u32) -> Toll {
    let mut toll = Toll { deaths, ..Toll::default() };
    let gas = kind == "POISONING_ASPHYXIA";
    if deaths == 0 {
        match stream.below(100) {
            _ if gas => toll.poisoned = stream.between(1, 3),
            0..68 => toll.serious = 1,
            68..80 => toll.serious = 2,
            80..94 => toll.minor = stream.between(1, 3),
            // Property only; the loss makes it count.
            _ => {}
        }
        return toll;
    }
    if matches!(kind, "WATER_INRUSH" | "COLLAPSE" | "DROWNING") && stream.chance(25) {
        toll.missing = 1;
    }
    if stream.chance(50) || deaths > 2 {
        toll.serious = stream.between(1, 2);
    }
    if stream.chance(40) || deaths > 2 {
        toll.minor = stream.between(1, 3);
    }
    if gas && stream.chance(300) {
        toll.poisoned = stream.between(1, 2);
    }
    toll
}

impl Accident {
    /// Number in the department's system.
    pub(super) fn number(&self, site: &SeedSite) -> String {
        format!("A{}-{}-{:05}", site.place.code, self.year, self.sequence)
    }

    /// Direct loss in whole yuan; it never raises the grade that the deaths give.
    fn loss(&self, stream: &mut SplitMix64) -> u32 {
        let toll = self.toll;
        let people = (toll.deaths + toll.missing) * stream.between(1_000_000, 1_500_000)
            + (toll.serious + toll.poisoned) * stream.between(120_000, 480_000)
            + toll.minor * stream.between(5_000, 40_000);
        if toll == Toll::default() {
            return stream.between(1_000_000, 6_500_000);
        }
        let property = stream.between(0, 300_000) * if stream.chance(80) { 8 } else { 1 };
        let limit = match toll.deaths {
            0..3 => 9_800_000,
            3..10 => 49_000_000,
            _ => 98_000_000,
        };
        (people + property).min(limit)
    }
}

/// What was told about an accident, and when, beside the report itself: notices within the day, a
/// change of the toll within a day, and both within their terms.
fn notices(site: &SeedSite, accident: &Accident, reported: NaiveDateTime, row: SeedRow) -> SeedRow {
    let mut stream = site.stream(TOPIC + 3, accident.index);
    let [hrss, union] =
        [1, 2].map(|_| reported + TimeDelta::minutes(i64::from(stream.between(20, 700))));
    let changed = accident.toll_changed;
    let overdue =
        Some(calendar::after(accident.day, stream.between(38, 75))).filter(|_| stream.chance(700));
    let soon = changed.map(|day| calendar::after(day, stream.below(2)));
    row.maybe(field::HRSS_NOTIFIED_AT, (accident.late != Late::HrssNotice).then(|| instant(hrss)))
        .maybe(
            field::UNION_NOTIFIED_AT,
            (accident.late != Late::UnionNotice).then(|| instant(union)),
        )
        .day(field::TOLL_CHANGED_AT, changed)
        .day(field::TOLL_REPORTED_AT, if accident.late == Late::Toll { overdue } else { soon })
}

fn instant(moment: NaiveDateTime) -> String {
    format!("{}+08:00", moment.format("%Y-%m-%dT%H:%M:%S"))
}

/// The accident as its department hands it in.
pub(super) fn row(
    site: &SeedSite,
    accident: &Accident,
    employer: &SeedEmployer,
) -> Map<String, Value> {
    let mut stream = site.stream(TOPIC + 2, accident.index);
    let (hour, minute) = calendar::clock(&mut stream);
    let occurred = accident.day.and_hms_opt(hour, minute, 0).unwrap_or_default();
    let reported = occurred + TimeDelta::minutes(i64::from(stream.between(15, 110)));
    let approved = Some(calendar::after(accident.day, stream.between(55, 130)))
        .filter(|day| !accident.written_off && *day <= calendar::day(2026, 3, 31));
    let status = match approved {
        _ if accident.written_off => "WRITTEN_OFF",
        Some(_) => "DETERMINED",
        None => stream.choose(&[("COMPLETED", 8), ("PRELIMINARY", 2)]),
    };
    let words = wording::of(accident.kind);
    let work_place = stream.word(accident.sector.places);
    let toll = accident.toll;
    let on_road =
        accident.kind == "VEHICLE" && accident.sector.key == "TRANSPORT" && stream.chance(880);
    notices(site, accident, reported, SeedRow::default())
        .text(field::ACCIDENT_NO, accident.number(site))
        .text(field::OCCURRED_AT, instant(occurred))
        .text(field::REPORTED_AT, instant(reported))
        .text(field::REGION_CODE, site.place.code.as_str())
        .text(
            field::ADDRESS,
            format!("{}{work_place}", names::address(&mut stream, &site.place.full_name)),
        )
        .text(field::EMPLOYER_USCC, employer.uscc.as_str())
        .text(field::EMPLOYER_NAME, employer.name.as_str())
        .text(field::INDUSTRY_CODE, employer.industry)
        .text(field::KEY_INDUSTRY, accident.sector.key)
        .text(field::ACCIDENT_TYPE, accident.kind)
        .number(field::DEATHS, toll.deaths)
        .number(field::MISSING, toll.missing)
        .number(field::SERIOUS_INJURIES, toll.serious)
        .number(field::ACUTE_POISONINGS, toll.poisoned)
        .number(field::MINOR_INJURIES, toll.minor)
        .text(field::DIRECT_LOSS_FEN, format!("{}.00", accident.loss(&mut stream)))
        .number(field::LOST_WORKDAYS, accident.lost_workdays)
        .flag(
            field::HAZARDOUS_CHEMICAL,
            accident.sector.key == "HAZARDOUS_CHEMICALS" && stream.chance(700),
        )
        .flag(field::ROAD_TRAFFIC, on_road)
        .flag(field::FIRE, accident.kind == "FIRE")
        .text(
            field::NATURE,
            if accident.written_off || stream.chance(60) {
                "NON_RESPONSIBLE"
            } else {
                "RESPONSIBLE"
            },
        )
        .text(field::STAT_STATUS, status)
        .text(field::CAUSE_AGENT, stream.word(words.agents))
        .text(field::INJURY_AGENT, stream.word(words.agents))
        .text(field::COURSE, wording::course(accident, work_place, hour))
        .maybe(field::DIRECT_CAUSE, approved.map(|_| stream.word(words.causes)))
        .day(field::APPROVED_AT, approved)
        .done()
}
