//! Work injuries: applications in legal order, results that follow from the article, grades that
//! follow from the harm.

use chrono::{Datelike, NaiveDate};
use entity::work_injury::names as field;
use serde_json::{Map, Value};

use super::{
    accidents::Accident,
    calendar::{self, YEARS},
    diseases::DiseaseCase,
    employers::SeedEmployer,
    people::Person,
    row::SeedRow,
    scale::SeedSite,
    stream::{SplitMix64, apportion},
    wording,
};

const TOPIC: u64 = 6;

/// What a work injury rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InjuryCause {
    /// A victim, as a place in the county's list.
    Victim(u32),
    /// A disease case, as a place in the county's list.
    Case(u32),
    /// Neither; a safety accident was not involved.
    Ordinary,
    /// A death at work that no department has as an accident, on purpose.
    UnreportedDeath,
    /// A disease that 卫健 has no report of, on purpose.
    UnreportedDisease,
}

/// A work injury as the whole data set knows it.
#[derive(Clone, Debug)]
pub(super) struct Injury {
    /// Number in the county in order of creation, from 0.
    pub index: u32,
    pub basis: InjuryCause,
    /// Place of the person in the county's list.
    pub person: u32,
    pub injured: NaiveDate,
    pub applied: NaiveDate,
    /// Number among the applications of the year, from 1.
    pub sequence: u32,
    pub result: &'static str,
    pub article: &'static str,
    pub fatal: bool,
    /// Mildest and worst grade of disability the harm leads to; no grade when empty.
    grades: Option<(u32, u32)>,
}

/// Ordinary work injuries per year.
pub(super) fn per_year(site: &SeedSite, total: u32) -> Vec<u32> {
    let mut stream = site.stream(TOPIC, 0);
    let weights: Vec<u32> = YEARS
        .iter()
        .map(|year| (1000 - 14 * (year - 2019) as u32) * stream.between(960, 1040))
        .collect();
    apportion(total, &weights)
}

/// A work injury with this basis; `harm` is the degree of injury of a victim or the stage of a
/// pneumoconiosis.
pub(super) fn build(
    site: &SeedSite,
    index: u32,
    basis: InjuryCause,
    person: u32,
    injured: NaiveDate,
    harm: Harm,
) -> Injury {
    let mut stream = site.stream(TOPIC + 1, index);
    let (result, article, fatal) = match (basis, harm) {
        (InjuryCause::Victim(_), Harm::Illness) => ("DEEMED", "ART15_1", true),
        (InjuryCause::Victim(_), harm) => ("RECOGNIZED", "ART14_1", harm == Harm::Death),
        (InjuryCause::UnreportedDeath, _) => ("RECOGNIZED", "ART14_1", true),
        (InjuryCause::Case(_) | InjuryCause::UnreportedDisease, _) => {
            ("RECOGNIZED", "ART14_4", false)
        }
        (InjuryCause::Ordinary, _) => ordinary(&mut stream, injured),
    };
    let settled = matches!(result, "RECOGNIZED" | "DEEMED");
    let grades = match harm {
        _ if fatal || !settled => None,
        Harm::Serious => Some((8, 2)),
        Harm::Stage(1) => Some((7, 6)),
        Harm::Stage(2) => Some((4, 4)),
        Harm::Stage(_) => Some((3, 2)),
        Harm::Disease => Some((9, 5)),
        _ => stream.chance(480).then_some((10, 8)),
    };
    // Nine in ten employers apply within 30 days; after that the worker, a relative or the union
    // does.
    let late = stream.chance(90);
    let limit = if injured >= calendar::day(2025, 7, 1) { 60 } else { 340 };
    let applied = calendar::after(
        injured,
        if late { stream.between(31, limit) } else { stream.between(2, 29) },
    );
    Injury { index, basis, person, injured, applied, sequence: 0, result, article, fatal, grades }
}

/// How badly someone was hurt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Harm {
    Minor,
    Serious,
    Death,
    /// A sudden illness that ended in death.
    Illness,
    /// Pneumoconiosis of a stage.
    Stage(usize),
    /// Another occupational disease.
    Disease,
}

fn ordinary(stream: &mut SplitMix64, injured: NaiveDate) -> (&'static str, &'static str, bool) {
    if injured < calendar::day(2025, 9, 1) && stream.chance(6) {
        return (
            stream.choose(&[("NOT_ACCEPTED", 6), ("TERMINATED", 2), ("REVOKED", 1)]),
            "",
            false,
        );
    }
    if injured >= calendar::day(2025, 9, 1) && stream.chance(30) {
        return ("SUSPENDED", "", false);
    }
    let article = stream.choose(&[
        ("ART14_1", 620),
        ("ART14_6", 220),
        ("ART15_1", 64),
        ("ART14_5", 30),
        ("ART14_2", 16),
        ("ART14_3", 12),
        ("ART16_2", 10),
        ("ART15_2", 4),
        ("ART16_3", 3),
        ("ART14_7", 2),
        ("ART15_3", 1),
        ("ART16_1", 1),
        ("", 14),
    ]);
    match article.get(..5) {
        Some("ART14") => ("RECOGNIZED", article, article == "ART14_6" && stream.chance(55)),
        Some("ART15") => ("DEEMED", article, article == "ART15_1"),
        _ => ("NOT_RECOGNIZED", article, article == "ART16_3"),
    }
}

impl Injury {
    /// Number of the case.
    pub(super) fn number(&self, site: &SeedSite) -> String {
        format!("W{}-{}-{:05}", site.place.code, self.applied.year(), self.sequence)
    }
}

/// What a work injury refers to.
#[derive(Debug, Default)]
pub(super) struct InjuryLinks<'a> {
    pub accident: Option<&'a Accident>,
    pub case: Option<&'a DiseaseCase>,
}

/// The work injury as 人社 hands it in.
pub(super) fn row(
    site: &SeedSite,
    injury: &Injury,
    person: &Person,
    employer: &SeedEmployer,
    links: &InjuryLinks,
) -> Map<String, Value> {
    let mut stream = site.stream(TOPIC + 2, injury.index);
    let by_employer = (injury.applied - injury.injured).num_days() <= 30;
    let applicant = match (by_employer, injury.fatal) {
        (true, _) => "EMPLOYER",
        (false, true) => stream.choose(&[("RELATIVE", 92), ("UNION", 8)]),
        (false, false) => stream.choose(&[("WORKER", 80), ("RELATIVE", 14), ("UNION", 6)]),
    };
    let accepted = calendar::after(injury.applied, stream.between(0, 14));
    let accepted = (injury.result != "NOT_ACCEPTED").then_some(accepted);
    // Clear cases are decided within 15 days, the others within 60.
    let wait = if stream.chance(300) { stream.between(3, 15) } else { stream.between(16, 60) };
    // Some wait for another authority's conclusion meanwhile.
    let mut pause = site.stream(TOPIC + 3, injury.index);
    let suspended = (accepted.is_some()
        && wait > 15
        && injury.applied < calendar::day(2025, 6, 1)
        && pause.chance(25))
    .then(|| pause.between(20, 150));
    let wait = wait + suspended.unwrap_or_default();
    let decided = (injury.result != "SUSPENDED")
        .then(|| calendar::after(accepted.unwrap_or(injury.applied), wait));
    let open = accepted
        .filter(|_| injury.result == "SUSPENDED")
        .map(|day| calendar::after(day, pause.between(5, 30)));
    let appraised =
        injury.grades.and(decided).map(|day| calendar::after(day, stream.between(60, 240)));
    let appraised = appraised.filter(|day| *day <= calendar::HORIZON);
    let grade = injury
        .grades
        .map(|(mildest, worst)| stream.between(worst, mildest))
        .filter(|_| appraised.is_some());
    let care = match grade {
        Some(1..=3) => Some(stream.choose(&[("FULL", 20), ("MAJOR", 40), ("PARTIAL", 40)])),
        Some(4) => stream.chance(300).then_some("PARTIAL"),
        _ => None,
    };
    let accident = links.accident;
    let words = wording::of(accident.map_or("", |accident| accident.kind));
    let disease = injury.article == "ART14_4";
    let course = match (disease, injury.article) {
        (true, _) => "长期接触职业病危害因素，经诊断患职业病。",
        (_, "ART14_6") => "上下班途中发生交通事故，本人非主要责任。",
        (_, "ART15_1") => "在工作岗位突发疾病，四十八小时内经抢救无效死亡。",
        (_, "ART14_5") => "因工外出期间受到事故伤害。",
        _ => "在工作场所内因工作原因受到事故伤害。",
    };
    SeedRow::default()
        .text(field::CASE_NO, injury.number(site))
        .text(field::NAME, person.name(site))
        .text(field::ID_TYPE, "RESIDENT_ID")
        .text(field::ID_NUMBER, person.id_number(site))
        .text(field::EMPLOYER_USCC, employer.uscc.as_str())
        .text(field::REGION_CODE, site.place.code.as_str())
        .text(field::INDUSTRY_CODE, employer.industry)
        .text(field::KEY_INDUSTRY, employer.sector.key)
        .text(field::APPLICANT_KIND, applicant)
        .day(field::INJURED_AT, (!disease).then_some(injury.injured))
        .day(field::DIAGNOSED_AT, disease.then_some(injury.injured))
        .day(field::APPLIED_AT, Some(injury.applied))
        .day(field::ACCEPTED_AT, accepted)
        .day(field::DECIDED_AT, decided)
        .maybe_number(field::SUSPENDED_DAYS, suspended)
        .day(field::SUSPENDED_SINCE, open)
        .maybe_flag(field::SIMPLE_CASE, decided.map(|_| wait <= 15))
        .text(field::RESULT, injury.result)
        .maybe(field::ARTICLE, (!injury.article.is_empty()).then_some(injury.article))
        .text(field::COURSE, course)
        .maybe(field::BODY_PART, (!disease).then(|| stream.word(words.parts)))
        .flag(field::FATAL, injury.fatal)
        .day(field::APPRAISED_AT, appraised)
        .maybe(field::DISABILITY_GRADE, grade.map(|grade| grade.to_string()))
        .maybe(field::CARE_GRADE, care)
        .maybe(field::ACCIDENT_NO, accident.map(|accident| accident.number(site)))
        .maybe(field::ACCIDENT_DEPARTMENT, accident.map(|accident| accident.sector.department))
        .maybe(field::DISEASE_CARD_NO, links.case.map(|case| case.number(site)))
        .done()
}
