//! Tests of the demonstration data as a whole; proportions are compared with the published figures
//! named in `mod.rs`.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{Datelike, NaiveDate};
use serde_json::{Map, Value};

use super::{
    BATCH_ROWS, FAMILIES, KINDS, Scale, SeedBatch, batches, calendar,
    county::County,
    planted,
    scale::{SeedTotals, sites},
    total_rows,
};
use crate::domain::{
    code::Coded as _,
    credit_code,
    identity::{self, AddressKnown},
    recognition,
};

mod meeting;

type SeedFields = Map<String, Value>;

fn rows(scale: Scale, family: &str) -> Vec<(&'static str, SeedFields)> {
    let wanted = batches(scale).filter(|batch| batch.family == family);
    wanted
        .flat_map(|batch| batch.rows.into_iter().map(move |row| (batch.department, row)))
        .collect()
}

fn text<'a>(row: &'a SeedFields, field: &str) -> &'a str {
    row.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn count(row: &SeedFields, field: &str) -> u64 {
    row.get(field).and_then(Value::as_u64).unwrap_or_default()
}

fn key_field(family: &str) -> &'static str {
    match family {
        "Employer" => "employerNo",
        "Person" => "personNo",
        "Employment" => "employmentNo",
        "Accident" => "accidentNo",
        "AccidentVictim" => "victimNo",
        "OccupationalDiseaseCase" => "cardNo",
        "HazardRectification" => "hazardNo",
        "ExposureMeasurement" => "measurementNo",
        "TrainingRecord" => "trainingNo",
        "InsuredUnitYear" => "unitYearNo",
        "EducationBase" => "baseNo",
        "Campaign" => "campaignNo",
        _ => "caseNo",
    }
}

/// Family, department and number of every row, as planted discrepancies name them.
fn keys() -> HashSet<String> {
    let mut keys = HashSet::new();
    for batch in batches(Scale::County) {
        for row in &batch.rows {
            let key = format!(
                "{} {} {}",
                batch.family,
                batch.department,
                text(row, key_field(batch.family))
            );
            assert!(keys.insert(key.clone()), "{key} stands twice");
        }
    }
    keys
}

#[test]
fn the_same_scale_gives_the_same_rows() {
    let first: Vec<SeedBatch> = batches(Scale::County).collect();
    let second: Vec<SeedBatch> = batches(Scale::County).collect();
    assert!(first == second);
    assert!(planted(Scale::County).eq(planted(Scale::County)));
}

#[test]
fn a_scale_is_read_by_its_name_only() {
    for &scale in Scale::ALL {
        assert_eq!(scale.code().parse(), Ok(scale));
    }
    assert!("County".parse::<Scale>().is_err());
}

#[test]
fn batches_are_small_and_inside_one_city_and_in_order_of_family() {
    let mut last = 0;
    for batch in batches(Scale::County) {
        assert!((1..=BATCH_ROWS).contains(&batch.rows.len()));
        let family =
            FAMILIES.iter().position(|family| *family == batch.family).expect("a known family");
        assert!(last <= family);
        last = family;
        for row in batch.rows.iter().filter(|row| row.contains_key("regionCode")) {
            assert_eq!(text(row, "regionCode").get(..4), batch.region.get(..4));
        }
    }
}

#[test]
fn numbers_of_rows_are_those_of_the_issue() {
    let of = |family| {
        batches(Scale::County)
            .filter(|batch| batch.family == family)
            .map(|batch| batch.rows.len())
            .sum::<usize>()
    };
    assert_eq!((of("Employer"), of("Person"), of("Employment")), (200, 5_010, 5_000));
    assert_eq!(
        (of("Accident"), of("OccupationalDiseaseCase"), of("WorkInjury")),
        (1_010, 500, 2_000)
    );
    assert_eq!(
        total_rows(Scale::County),
        batches(Scale::County).map(|batch| batch.rows.len() as u64).sum::<u64>()
    );
    let counties = |scale| sites(scale).len();
    assert_eq!(
        (counties(Scale::County), counties(Scale::City), counties(Scale::Province)),
        (2, 14, 253)
    );
    let sum = |part: fn(&SeedTotals) -> u32| {
        Scale::ALL
            .iter()
            .map(|scale| sites(*scale).iter().map(|site| part(&site.totals)).sum::<u32>())
            .collect::<Vec<_>>()
    };
    assert_eq!(sum(|totals| totals.persons), [5_000, 100_000, 500_000]);
    assert_eq!(sum(|totals| totals.accidents), [1_000, 20_000, 100_000]);
    assert_eq!(sum(|totals| totals.injuries), [2_000, 40_000, 200_000]);
    assert_eq!(sum(|totals| totals.cases), [500, 10_000, 50_000]);
}

#[test]
fn source_keys_are_unique_and_planted_discrepancies_name_them() {
    let keys = keys();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for planted in planted(Scale::County) {
        *kinds.entry(planted.kind).or_default() += 1;
        for key in planted.keys.iter().filter(|key| !key.starts_with("uscc ")) {
            assert!(keys.contains(key), "{key} is in no batch");
        }
    }
    assert_eq!(kinds.len(), KINDS.len());
    assert!(kinds.values().all(|count| *count == 10), "{kinds:?}");
}

#[test]
fn identity_numbers_are_valid_impossible_and_unique() {
    let today = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
    let mut seen = HashSet::new();
    for (_, row) in rows(Scale::County, "Person") {
        let checked = identity::check(text(&row, "idNumber"), today, |_| AddressKnown::Current);
        assert!(checked.is_valid(), "{}", text(&row, "idNumber"));
        let birth = checked.birth_date.expect("a birth date");
        assert!((1900..=1903).contains(&birth.year()));
        assert_eq!(birth.to_string(), text(&row, "birthDate"));
        assert_eq!(checked.sex.map(|sex| sex.code()), Some(text(&row, "sex")));
        let first = seen.insert(text(&row, "idNumber").to_owned());
        assert_eq!(
            first,
            !text(&row, "personNo").ends_with("-B"),
            "only those planted stand twice"
        );
    }
}

#[test]
fn identity_numbers_are_unique_over_counties() {
    let mut seen = HashSet::new();
    for site in sites(Scale::Province).into_iter().step_by(9) {
        let county = County::build(site);
        for person in &county.roster.persons {
            assert!(seen.insert(person.id_number(&site)));
        }
    }
}

#[test]
fn credit_codes_are_valid_without_warning() {
    let mut seen = HashSet::new();
    for (_, row) in
        rows(Scale::County, "Employer").into_iter().chain(rows(Scale::County, "Accident"))
    {
        let code =
            if row.contains_key("uscc") { text(&row, "uscc") } else { text(&row, "employerUscc") };
        let checked = credit_code::check(code);
        assert!(checked.is_valid() && checked.warnings.is_empty(), "{code}");
        assert!(!row.contains_key("uscc") || seen.insert(code.to_owned()));
    }
}

#[test]
fn every_reference_is_found_except_the_planted_ones() {
    let of = |family, field: &str| -> HashSet<String> {
        rows(Scale::County, family).iter().map(|(_, row)| text(row, field).to_owned()).collect()
    };
    let (persons, employers) = (of("Person", "idNumber"), of("Employer", "uscc"));
    let (accidents, cases) =
        (of("Accident", "accidentNo"), of("OccupationalDiseaseCase", "cardNo"));
    let trained = rows(Scale::County, "TrainingRecord");
    for (_, row) in rows(Scale::County, "Employment")
        .into_iter()
        .chain(rows(Scale::County, "WorkInjury"))
        .chain(trained)
    {
        assert!(persons.contains(text(&row, "idNumber")));
        assert!(employers.contains(text(&row, "employerUscc")));
        assert!(!row.contains_key("accidentNo") || accidents.contains(text(&row, "accidentNo")));
        assert!(!row.contains_key("diseaseCardNo") || cases.contains(text(&row, "diseaseCardNo")));
    }
    let strangers = rows(Scale::County, "Accident");
    let strangers =
        strangers.iter().filter(|(_, row)| !employers.contains(text(row, "employerUscc"))).count();
    assert_eq!(strangers, 10);
}

#[test]
fn victims_add_up_to_the_toll_except_the_planted_ones() {
    let mut listed: HashMap<(&str, String), [u64; 5]> = HashMap::new();
    let degrees = ["DEATH", "MISSING", "SERIOUS", "ACUTE_POISONING", "MINOR"];
    for (department, row) in rows(Scale::County, "AccidentVictim") {
        let degree = degrees
            .iter()
            .position(|degree| *degree == text(&row, "injuryDegree"))
            .expect("a degree");
        listed.entry((department, text(&row, "accidentNo").to_owned())).or_default()[degree] += 1;
    }
    let accidents = rows(Scale::County, "Accident");
    let differ = accidents.iter().filter(|(department, row)| {
        let fields = ["deaths", "missing", "seriousInjuries", "acutePoisonings", "minorInjuries"];
        let listed = listed
            .get(&(*department, text(row, "accidentNo").to_owned()))
            .copied()
            .unwrap_or_default();
        fields.map(|field| count(row, field)) != listed
    });
    assert_eq!(differ.count(), 10);
}

#[test]
fn work_injuries_keep_legal_order_and_articles_fit_results() {
    for (_, row) in rows(Scale::County, "WorkInjury") {
        let days: Vec<&str> = ["injuredAt", "appliedAt", "acceptedAt", "decidedAt", "appraisedAt"]
            .iter()
            .map(|field| text(&row, field))
            .filter(|day| !day.is_empty())
            .collect();
        assert!(days.is_sorted(), "{days:?}");
        let result =
            recognition::RecognitionResult::from_code(text(&row, "result")).expect("a result");
        let article = recognition::Article::from_code(text(&row, "article"));
        assert_eq!(recognition::check_article(article, result), None, "{row:?}");
    }
}

#[test]
fn codes_are_in_the_reference_tables() {
    let table = |csv: &'static str| -> BTreeSet<&'static str> {
        csv.lines().skip(1).filter_map(|line| line.split(',').next()).collect()
    };
    let tables = [
        ("industryCode", table(include_str!("../../reference/industry.csv"))),
        ("keyIndustry", table(include_str!("../../reference/key_industry.csv"))),
        ("accidentType", table(include_str!("../../reference/accident_type.csv"))),
        ("diseaseCode", table(include_str!("../../reference/disease.csv"))),
        ("pneumoconiosisKind", table(include_str!("../../reference/pneumoconiosis_kind.csv"))),
        ("injuryDegree", table(include_str!("../../reference/injury_degree.csv"))),
        ("employmentForm", table(include_str!("../../reference/employment_form.csv"))),
        ("keyPost", table(include_str!("../../reference/key_post.csv"))),
        ("economicType", table(include_str!("../../reference/economic_type.csv"))),
        ("applicantKind", table(include_str!("../../reference/applicant_kind.csv"))),
        ("careGrade", table(include_str!("../../reference/care_grade.csv"))),
        ("disabilityGrade", table(include_str!("../../reference/disability_grade.csv"))),
        ("statStatus", table(include_str!("../../reference/accident_stat_status.csv"))),
        ("status", table(include_str!("../../reference/hazard_status.csv"))),
        ("baseStatus", table(include_str!("../../reference/base_status.csv"))),
        ("baseClass", table(include_str!("../../reference/base_class.csv"))),
        ("campaignKind", table(include_str!("../../reference/campaign_kind.csv"))),
        ("source", table(include_str!("../../reference/hazard_source.csv"))),
        ("level", table(include_str!("../../reference/hazard_level.csv"))),
        ("transferredTo", table(include_str!("../../reference/department.csv"))),
        ("factor", table(include_str!("../../reference/hazard_factor.csv"))),
        ("measureKind", table(include_str!("../../reference/measure_kind.csv"))),
        ("dustFraction", table(include_str!("../../reference/dust_fraction.csv"))),
        ("trainingDomain", table(include_str!("../../reference/training_domain.csv"))),
        ("mode", table(include_str!("../../reference/training_mode.csv"))),
        ("floatStep", table(include_str!("../../reference/float_step.csv"))),
    ];
    for row in batches(Scale::County).flat_map(|batch| batch.rows) {
        for (field, codes) in &tables {
            assert!(
                !row.contains_key(*field) || codes.contains(text(&row, field)),
                "{field} {}",
                text(&row, field)
            );
        }
    }
}

#[test]
fn proportions_are_near_the_published_ones() {
    let counties: Vec<County> = sites(Scale::City).into_iter().map(County::build).collect();
    let accidents: Vec<_> = counties.iter().flat_map(|county| &county.accidents).collect();
    let per_mille = |part: usize, whole: usize| part * 1000 / whole.max(1);
    let deaths: u32 = accidents.iter().map(|accident| accident.toll.deaths).sum();
    assert!((870..960).contains(&per_mille(deaths as usize, accidents.len())));
    let larger =
        accidents.iter().filter(|accident| (3..10).contains(&accident.toll.deaths)).count();
    assert!((14..22).contains(&per_mille(larger, accidents.len())));
    let of_year = |year| accidents.iter().filter(|accident| accident.year == year).count();
    assert!((750..850).contains(&per_mille(of_year(2025), of_year(2019))));
    let cases: Vec<_> = counties.iter().flat_map(|county| &county.cases).collect();
    let dust: Vec<_> = cases.iter().filter(|case| case.dust.is_some()).collect();
    assert!((700..850).contains(&per_mille(dust.len(), cases.len())));
    let short = |year| {
        let of_year = dust.iter().filter(|case| case.year == year && case.nature == "FIRST");
        per_mille(of_year.clone().filter(|case| case.exposure_months < 60).count(), of_year.count())
    };
    assert!(
        (95..140).contains(&short(2019)) && (35..75).contains(&short(2025)),
        "{} {}",
        short(2019),
        short(2025)
    );
    assert!(
        cases
            .iter()
            .all(|case| case.disease != "MSK-01" || case.diagnosed >= calendar::day(2025, 8, 1))
    );
}
