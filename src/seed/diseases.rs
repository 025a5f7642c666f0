//! Occupational-disease cases of a county. Published national figures set the proportions: four in
//! five are pneumoconiosis, nineteen in twenty patients are men, and there are fewer every year.

use chrono::NaiveDate;
use entity::occupational_disease_case::names as field;
use serde_json::{Map, Value};

use super::{
    calendar::{self, YEARS},
    employers::SeedEmployer,
    people::Person,
    row::SeedRow,
    scale::SeedSite,
    sector::{COUNT, Choices},
    stream::{SplitMix64, apportion},
};

const TOPIC: u64 = 5;

/// New cases of each year relative to 2019, in thousandths.
const TREND: [u32; 7] = [1000, 880, 794, 573, 560, 545, 520];
/// Pneumoconiosis among a thousand cases of each year.
const PNEUMOCONIOSIS: [u32; 7] = [830, 842, 770, 705, 705, 702, 700];
/// Cases with less than 60 months of exposure among a thousand cases of pneumoconiosis of each
/// year.
const SHORT: [u32; 7] = [118, 108, 97, 86, 76, 66, 56];

/// Diseases other than pneumoconiosis, by the numbers of 2022, with the factor that causes each.
const OTHERS: [(&str, &str, u32); 22] = [
    ("ENT-01", "NOISE", 1870),
    ("ENT-04", "NOISE", 9),
    ("PHYS-05", "HAND_ARM_VIBRATION", 560),
    ("PHYS-01", "HEAT", 189),
    ("POIS-28", "BENZENE", 130),
    ("POIS-19", "CARBON_MONOXIDE", 60),
    ("POIS-01", "LEAD", 45),
    ("POIS-35", "DICHLOROETHANE", 40),
    ("POIS-21", "HYDROGEN_SULFIDE", 38),
    ("POIS-31", "N_HEXANE", 34),
    ("POIS-16", "AMMONIA", 28),
    ("POIS-13", "CHLORINE", 24),
    ("INF-03", "BRUCELLA", 300),
    ("INF-02", "TICK_BORNE_ENCEPHALITIS", 8),
    ("CANC-03", "BENZENE", 40),
    ("CANC-07", "COKE_OVEN_EMISSIONS", 31),
    ("SKIN-01", "OTHER_CHEMICAL", 30),
    ("SKIN-07", "OTHER_CHEMICAL", 18),
    ("EYE-01", "OTHER_CHEMICAL", 15),
    ("EYE-02", "ULTRAVIOLET", 8),
    ("RAD-06", "IONIZING_RADIATION", 11),
    ("RESP-16", "OTHER_CHEMICAL", 60),
];

/// What the catalogue of 2024 added or moved to the class of muscles and bones.
const ADDED_2024: [(&str, &str, u32); 2] =
    [("MSK-01", "REPETITIVE_WRIST_WORK", 3), ("OTH-02", "UNDERGROUND_KNEELING_WORK", 1)];

/// First day of the 2024 edition of the catalogue.
const EDITION_2024: NaiveDate = calendar::day(2025, 8, 1);

/// A case as the whole data set knows it.
#[derive(Clone, Debug)]
pub(super) struct DiseaseCase {
    /// Number in the county over all years, from 0.
    pub index: u32,
    pub year: i32,
    /// Number in its year, from 1.
    pub sequence: u32,
    /// Place of the person in the county's list.
    pub person: u32,
    pub nature: &'static str,
    pub disease: &'static str,
    /// Kind of pneumoconiosis.
    pub dust: Option<&'static str>,
    pub factor: &'static str,
    /// Stage of pneumoconiosis, 1 to 3.
    pub stage: usize,
    pub diagnosed: NaiveDate,
    pub exposure_months: u32,
    /// No recognition was applied for, on purpose.
    pub no_application: bool,
    /// The identity number is not given, on purpose.
    pub no_identity: bool,
}

/// Cases per year.
pub(super) fn per_year(site: &SeedSite) -> Vec<u32> {
    let mut stream = site.stream(TOPIC, 0);
    let weights: Vec<u32> = TREND.iter().map(|weight| weight * stream.between(920, 1080)).collect();
    apportion(site.totals.cases, &weights)
}

/// Whether the case of that number is a pneumoconiosis; decided first, because it decides the
/// trade.
pub(super) fn is_pneumoconiosis(site: &SeedSite, index: u32, year: i32) -> bool {
    site.stream(TOPIC + 1, index).chance(of_year(&PNEUMOCONIOSIS, year))
}

fn of_year(table: &[u32; 7], year: i32) -> u32 {
    YEARS.iter().zip(table).find(|(known, _)| **known == year).map_or(0, |(_, value)| *value)
}

/// The case of that number, without its patient: a pneumoconiosis of one of the kinds, or another
/// disease.
pub(super) fn build(
    site: &SeedSite,
    index: u32,
    place: (i32, u32, u32),
    kinds: Option<Choices>,
) -> DiseaseCase {
    let (year, sequence, count) = place;
    let mut stream = site.stream(TOPIC + 2, index);
    let diagnosed = calendar::even(&mut stream, year, sequence - 1, count);
    let dust = kinds.map(|kinds| stream.choose(kinds));
    let (disease, factor) = match dust {
        Some(kind) => dust_disease(kind),
        None => other_disease(&mut stream, diagnosed),
    };
    let short = dust.is_some() && stream.chance(of_year(&SHORT, year));
    let exposure_months = match (dust, short) {
        (Some(_), true) => stream.between(14, 59),
        (Some(_), false) => {
            stream.choose(&[(60, 12), (120, 25), (180, 28), (240, 22), (300, 10), (360, 3)])
                + stream.below(60)
        }
        (None, _) => stream.between(3, 240),
    };
    let stage = stream.choose(&[(1, 66), (2, 20), (3, 14)]);
    DiseaseCase {
        index,
        year,
        sequence,
        person: 0,
        nature: "FIRST",
        disease,
        dust,
        factor,
        stage,
        diagnosed,
        exposure_months,
        no_application: false,
        no_identity: false,
    }
}

/// Catalogue code and dust of a kind of pneumoconiosis; the codes are the same in both editions.
fn dust_disease(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "SILICOSIS" => ("RESP-01", "SILICA_DUST"),
        "COAL_WORKERS" => ("RESP-02", "COAL_DUST"),
        "GRAPHITE" => ("RESP-03", "GRAPHITE_DUST"),
        "CARBON_BLACK" => ("RESP-04", "CARBON_BLACK_DUST"),
        "ASBESTOSIS" => ("RESP-05", "ASBESTOS_DUST"),
        "TALC" => ("RESP-06", "TALC_DUST"),
        "CEMENT" => ("RESP-07", "CEMENT_DUST"),
        "MICA" => ("RESP-08", "MICA_DUST"),
        "POTTERS" => ("RESP-09", "CERAMIC_DUST"),
        "ALUMINIUM" => ("RESP-10", "ALUMINIUM_DUST"),
        "WELDERS" => ("RESP-11", "WELDING_FUME"),
        "FOUNDRY" => ("RESP-12", "FOUNDRY_DUST"),
        _ => ("RESP-13", "OTHER_DUST"),
    }
}

fn other_disease(stream: &mut SplitMix64, diagnosed: NaiveDate) -> (&'static str, &'static str) {
    if diagnosed >= EDITION_2024 && stream.chance(15) {
        let index = stream.weighted(ADDED_2024.iter().map(|(_, _, weight)| *weight));
        return ADDED_2024
            .get(index)
            .map_or(("ENT-01", "NOISE"), |(disease, factor, _)| (disease, factor));
    }
    let index = stream.weighted(OTHERS.iter().map(|(_, _, weight)| *weight));
    OTHERS.get(index).map_or(("ENT-01", "NOISE"), |(disease, factor, _)| (disease, factor))
}

impl DiseaseCase {
    /// Weights of the trades that such a disease comes from, before the number of workers is
    /// counted.
    pub(super) fn trades(factor: Option<&str>) -> [u32; COUNT] {
        match factor {
            // Pneumoconiosis: mines first, then building materials, foundries and welding shops.
            None => [45, 25, 1, 5, 0, 8, 12, 6, 14, 1],
            Some("BRUCELLA" | "TICK_BORNE_ENCEPHALITIS") => [0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
            Some("COKE_OVEN_EMISSIONS" | "CHLORINE" | "AMMONIA" | "HYDROGEN_SULFIDE") => {
                [0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
            }
            Some("BENZENE" | "DICHLOROETHANE" | "N_HEXANE" | "LEAD") => {
                [0, 0, 3, 0, 0, 2, 0, 0, 0, 1]
            }
            Some("CARBON_MONOXIDE") => [1, 0, 1, 0, 0, 0, 4, 0, 0, 0],
            Some("UNDERGROUND_KNEELING_WORK") => [1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            Some("HAND_ARM_VIBRATION") => [2, 2, 0, 1, 0, 3, 1, 1, 1, 0],
            _ => [2, 2, 1, 1, 0, 3, 2, 2, 2, 1],
        }
    }

    /// Makes this case a later report on the patient of an earlier one.
    pub(super) fn follow(&mut self, earlier: &Self, dead: bool) {
        self.person = earlier.person;
        self.nature = if dead { "DEATH" } else { "PROGRESSION" };
        (self.disease, self.dust, self.factor) = (earlier.disease, earlier.dust, earlier.factor);
        self.stage = if dead { earlier.stage } else { (earlier.stage + 1).min(3) };
        self.exposure_months = earlier.exposure_months;
    }

    /// Number of the report card.
    pub(super) fn number(&self, site: &SeedSite) -> String {
        format!("D{}-{}-{:05}", site.place.code, self.year, self.sequence)
    }
}

/// The case as 卫健 hands it in.
pub(super) fn row(
    site: &SeedSite,
    case: &DiseaseCase,
    person: &Person,
    employer: &SeedEmployer,
) -> Map<String, Value> {
    let mut stream = site.stream(TOPIC + 3, case.index);
    let stage = ["STAGE_1", "STAGE_2", "STAGE_3"].get(case.stage - 1).copied();
    let gap = if stream.chance(600) { 0 } else { stream.below(120) };
    let started =
        calendar::before(case.diagnosed, (case.exposure_months + gap) * 30 + stream.below(30));
    let identified = !case.no_identity;
    let institution = stream.word(&["市职业病防治院", "市第一人民医院职业病科", "省职业病医院"]);
    let dead = case.nature == "DEATH";
    SeedRow::default()
        .text(field::CARD_NO, case.number(site))
        .text(field::REPORT_NATURE, case.nature)
        .text(field::NAME, person.name(site))
        .text(field::SEX, person.sex())
        .text(field::BIRTH_DATE, person.birth_date(site).to_string())
        .maybe(field::ID_TYPE, identified.then_some("RESIDENT_ID"))
        .maybe(field::ID_NUMBER, identified.then(|| person.id_number(site)))
        .text(field::PHONE, person.phone(site))
        .text(field::RESIDENCE_ADDRESS, person.home(site))
        .text(field::EMPLOYER_USCC, employer.uscc.as_str())
        .text(field::EMPLOYER_NAME, employer.name.as_str())
        .text(field::REGION_CODE, site.place.code.as_str())
        .text(field::INDUSTRY_CODE, employer.industry)
        .text(field::KEY_INDUSTRY, employer.sector.key)
        .text(field::WORK_TYPE, person.post)
        .list(field::HAZARD_FACTORS, &[case.factor])
        .day(field::EXPOSURE_START, Some(started))
        .number(field::EXPOSURE_YEARS, case.exposure_months / 12)
        .number(field::EXPOSURE_MONTHS, case.exposure_months % 12)
        .text(field::DISEASE_CODE, case.disease)
        .maybe(field::PNEUMOCONIOSIS_KIND, case.dust)
        .maybe(field::STAGE, case.dust.and(stage))
        .maybe_flag(field::TUBERCULOSIS, case.dust.map(|_| stream.chance(45)))
        .day(field::DIAGNOSED_AT, Some(case.diagnosed))
        .day(field::REPORTED_AT, Some(calendar::after(case.diagnosed, stream.between(0, 14))))
        .text(field::DIAGNOSING_INSTITUTION, institution)
        .text(
            field::CERTIFICATE_NO,
            format!("Z{}{}{:05}", site.place.code, case.year, case.sequence),
        )
        .day(field::DIED_AT, dead.then_some(case.diagnosed))
        .maybe(
            field::DEATH_CAUSE,
            dead.then(|| stream.word(&["呼吸衰竭", "肺部感染", "肺源性心脏病"])),
        )
        .done()
}
