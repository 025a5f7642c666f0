//! What the adversary asks about: a family with five things that are known or unknown of each of
//! its records.

use serde_json::{Value, json};

use super::world::{INDUSTRIES, Kind, YEARS};
use crate::{
    samples::{disease, injury, uscc, with},
    support::{Row, row},
};

/// Whether a kind is meant.
pub type Holds = Box<dyn Fn(&Kind) -> bool>;
/// A small count that is looked for: its name, and whether it goes over a kind in a year.
pub type Part = (&'static str, fn(&Kind, usize) -> bool);

/// A family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Cases of disease, which some may list and none may list by disease.
    Cases,
    /// The insured roll with key posts, which none may list.
    Roll,
    /// Work injuries, which some may list without their disability grades, and some may only count.
    Injuries,
}

/// A pneumoconiosis, and something else; with their classes.
const DISEASES: [&str; 2] = ["RESP-01", "ENT-01"];
const CLASSES: [&str; 2] = ["RESPIRATORY", "ENT_ORAL"];
/// A post that the plan names, and one that it does not.
const POSTS: [&str; 2] = ["TEAM_LEADER", "FULL_TIME_MANAGER"];
const FORMS: [&str; 2] = ["REGULAR", "DISPATCHED"];
/// A severe disability, and a light one.
const GRADES: [&str; 2] = ["3", "9"];
/// In the course of work; on the way to it.
const ARTICLES: [&str; 2] = ["ART14_1", "ART14_6"];

/// What of a record whoever lists it may not know.
pub struct Secret {
    /// Field with the number of the record.
    pub number: &'static str,
    /// The field, and its dimension of statistics.
    pub field: &'static str,
    pub dimension: &'static str,
    /// Its two values, as they are written in a condition.
    pub values: [&'static str; 2],
}

impl Subject {
    /// Roles below exact figures that may count it.
    pub const fn departments(self) -> &'static [&'static str] {
        match self {
            Self::Cases => {
                &["UNION", "EMERGENCY", "HOUSING", "TRANSPORT", "FINANCE", "INDUSTRY", "MARKET"]
            }
            Self::Roll => &["UNION", "EMERGENCY", "HEALTH", "HOUSING", "TRANSPORT", "FINANCE"],
            Self::Injuries => {
                &["UNION", "EMERGENCY", "HOUSING", "TRANSPORT", "FINANCE", "INDUSTRY", "MARKET"]
            }
        }
    }

    pub const fn family(self) -> (&'static str, &'static str) {
        match self {
            Self::Cases => ("HEALTH", "OccupationalDiseaseCase"),
            Self::Roll => ("HRSS", "Employment"),
            Self::Injuries => ("HRSS", "WorkInjury"),
        }
    }

    pub const fn list(self) -> &'static str {
        match self {
            Self::Cases => "occupationalDiseaseCases",
            Self::Roll => "employments",
            Self::Injuries => "workInjuries",
        }
    }

    /// Its links from a person.
    pub const fn link(self) -> &'static str {
        match self {
            Self::Cases => "diseaseCases",
            Self::Roll => "employments",
            Self::Injuries => "workInjuries",
        }
    }

    pub const fn stats(self) -> &'static str {
        match self {
            Self::Cases => "occupationalDiseaseCaseStats",
            Self::Roll => "employmentStats",
            Self::Injuries => "workInjuryStats",
        }
    }

    pub const fn fields(self) -> &'static str {
        match self {
            Self::Cases => "cardNo regionCode keyIndustry diseaseCode diagnosedAt underFiveYears",
            Self::Roll => "employmentNo regionCode keyIndustry keyPost insuredFrom employmentForm",
            Self::Injuries => "caseNo regionCode keyIndustry injuredAt disabilityGrade article",
        }
    }

    pub const fn dimensions(self) -> [&'static str; 5] {
        match self {
            Self::Cases => [
                "REGION_CODE",
                "KEY_INDUSTRY",
                "DIAGNOSED_AT_YEAR",
                "DISEASE_CLASS",
                "UNDER_FIVE_YEARS",
            ],
            Self::Roll => {
                ["REGION_CODE", "KEY_INDUSTRY", "INSURED_FROM_YEAR", "KEY_POST", "EMPLOYMENT_FORM"]
            }
            Self::Injuries => {
                ["REGION_CODE", "KEY_INDUSTRY", "INJURED_AT_YEAR", "DISABILITY_GRADE", "ARTICLE"]
            }
        }
    }

    /// Dimensions that tell something sensitive.
    pub const fn sensitive(self) -> &'static [usize] {
        match self {
            Self::Cases => &[2, 3, 4],
            Self::Roll => &[],
            Self::Injuries => &[3],
        }
    }

    /// What is hidden from whoever lists; who lists a post knows it.
    pub const fn secret(self) -> Option<Secret> {
        match self {
            Self::Cases => Some(Secret {
                number: "cardNo",
                field: "diseaseCode",
                dimension: "DISEASE_CODE",
                values: ["\"RESP-01\"", "\"ENT-01\""],
            }),
            Self::Roll => None,
            Self::Injuries => Some(Secret {
                number: "caseNo",
                field: "disabilityGrade",
                dimension: "DISABILITY_GRADE",
                values: ["\"3\"", "\"9\""],
            }),
        }
    }

    /// Indicators with the bases that make other numbers of them.
    pub const fn figures(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Cases => &[
                ("I3", "denominatorBasis: PNEUMOCONIOSIS_NEW"),
                ("I3", "denominatorBasis: ALL_OCCUPATIONAL_DISEASE_NEW"),
                ("I3", "diseaseYearBasis: REPORTED"),
            ],
            Self::Roll => &[
                ("I4", "plan: \"SHANXI-2021\""),
                ("I5", "plan: \"SHANXI-2021\""),
                ("I4", "plan: \"NATIONAL-2021\""),
            ],
            // The rates that count them have other records below the line.
            Self::Injuries => &[],
        }
    }

    /// Kinds in the numerator and in the denominator of an indicator of a year; none where that
    /// says nothing of them.
    pub fn told(self, basis: &str, year: usize) -> [Option<Holds>; 2] {
        match self {
            Self::Cases => {
                let any = basis.ends_with("ALL_OCCUPATIONAL_DISEASE_NEW");
                [
                    Some(Box::new(move |kind| kind[2] == year && kind[3] == 0 && kind[4] == 1)),
                    Some(Box::new(move |kind| kind[2] == year && (any || kind[3] == 0))),
                ]
            }
            // Whoever is on the roll since then or longer.
            Self::Roll => [None, Some(Box::new(move |kind| kind[2] <= year && kind[3] == 0))],
            Self::Injuries => [None, None],
        }
    }

    /// Industries of a group of an indicator.
    pub fn holds(scope: &str, industry: Option<&str>) -> bool {
        match scope {
            "DUST" => industry.is_some(),
            "KEY" => industry == Some("COAL_MINE"),
            "ALL" => true,
            code => industry == Some(code),
        }
    }

    /// Small counts that are looked for: names with the kinds they go over.
    pub fn parts(self) -> Vec<Part> {
        match self {
            Self::Cases => vec![
                ("short", |kind, year| kind[2] == year && kind[3] == 0 && kind[4] == 1),
                ("pneumoconiosis", |kind, year| kind[2] == year && kind[3] == 0),
                ("diseases", |kind, year| kind[2] == year),
            ],
            Self::Roll => vec![
                ("posts", |kind, year| kind[2] <= year && kind[3] == 0),
                ("since", |kind, year| kind[2] == year),
            ],
            Self::Injuries => vec![
                ("severe", |kind, year| kind[2] == year && kind[3] == 0),
                ("injuries", |kind, year| kind[2] == year),
            ],
        }
    }

    /// The condition that holds a record to a value of a dimension; `plain` by a published
    /// dimension.
    pub fn condition(self, side: usize, value: usize, plain: bool) -> String {
        let yes = value == 1;
        match (self, side) {
            (_, 1) => format!(
                "{{keyIndustry: {{{}}}}}",
                INDUSTRIES[value].map_or("isNull: true".to_owned(), |code| format!("eq: {code}"))
            ),
            (Self::Cases, 2) => {
                format!("{{diagnosedAt: {{gte: \"{0}-01-01\", lte: \"{0}-12-31\"}}}}", YEARS[value])
            }
            (Self::Cases, 3) if plain => format!("{{diseaseClass: {{eq: {}}}}}", CLASSES[value]),
            (Self::Cases, 3) => format!("{{diseaseCode: {{eq: \"{}\"}}}}", DISEASES[value]),
            (Self::Cases, _) => format!("{{underFiveYears: {{eq: {yes}}}}}"),
            (Self::Roll, 2) if plain => {
                format!("{{insuredFrom: {{gte: \"{0}-01-01\", lte: \"{0}-12-31\"}}}}", YEARS[value])
            }
            (Self::Roll, 2) => {
                format!("{{insuredFrom: {{gte: \"{0}-02-01\", lte: \"{0}-11-30\"}}}}", YEARS[value])
            }
            (Self::Roll, 3) => format!("{{keyPost: {{eq: {}}}}}", POSTS[value]),
            (Self::Roll, _) => format!("{{employmentForm: {{eq: {}}}}}", FORMS[value]),
            (Self::Injuries, 2) if plain => {
                format!("{{injuredAt: {{gte: \"{0}-01-01\", lte: \"{0}-12-31\"}}}}", YEARS[value])
            }
            (Self::Injuries, 2) => {
                format!("{{injuredAt: {{gte: \"{0}-01-02\", lte: \"{0}-12-30\"}}}}", YEARS[value])
            }
            (Self::Injuries, 3) => format!("{{disabilityGrade: {{eq: \"{}\"}}}}", GRADES[value]),
            (Self::Injuries, _) => format!("{{article: {{eq: {}}}}}", ARTICLES[value]),
        }
    }

    /// Place of a value of the last two dimensions.
    pub fn place(self, side: usize, value: Option<&str>) -> Option<usize> {
        let among = |list: &[&str]| list.iter().position(|own| Some(*own) == value);
        match (self, side) {
            (Self::Cases, 3) => among(&CLASSES),
            (Self::Cases, _) => value.map(|value| usize::from(value == "true" || value == "1")),
            (Self::Roll, 3) => among(&POSTS),
            (Self::Roll, _) => among(&FORMS),
            (Self::Injuries, 3) => among(&GRADES),
            (Self::Injuries, _) => among(&ARTICLES),
        }
    }

    /// What a listed row says of year and of the last two dimensions.
    pub fn seen(self, row: &Value) -> [Option<usize>; 3] {
        let place = |list: &[&str], value: &Value| {
            value.as_str().and_then(|value| list.iter().position(|own| *own == value))
        };
        let year = |day: &Value| {
            day.as_str()
                .and_then(|day| YEARS.iter().position(|year| day.starts_with(&year.to_string())))
        };
        match self {
            Self::Cases => {
                let under = row["underFiveYears"].as_bool().map(usize::from);
                [year(&row["diagnosedAt"]), place(&DISEASES, &row["diseaseCode"]), under]
            }
            Self::Roll => [
                year(&row["insuredFrom"]),
                place(&POSTS, &row["keyPost"]),
                place(&FORMS, &row["employmentForm"]),
            ],
            Self::Injuries => [
                year(&row["injuredAt"]),
                place(&GRADES, &row["disabilityGrade"]),
                place(&ARTICLES, &row["article"]),
            ],
        }
    }

    /// A record of a kind.
    pub fn row(self, number: usize, person: &str, (region, kind): (&str, &Kind)) -> Row {
        let day = format!("{}-0{}-15", YEARS[kind[2]], 1 + number % 9);
        // Each at an employer of its own: what is withheld of a few employers is not asked here.
        let employer = uscc(1_000 + u32::try_from(number).expect("few records"));
        match self {
            Self::Cases => {
                let changes = json!({"diagnosedAt": day, "reportNature": "FIRST", "diseaseCode": DISEASES[kind[3]], "stage": null,
                    "exposureYears": if kind[4] == 1 { 2 } else { 12 }, "exposureMonths": 3, "regionCode": region,
                    "keyIndustry": INDUSTRIES[kind[1]], "industryCode": null, "employerUscc": employer});
                with(disease(&format!("Q{number}"), person), changes)
            }
            Self::Roll => {
                let made = row(
                    json!({"employmentNo": format!("Q{number}"), "idType": "RESIDENT_ID", "idNumber": person,
                    "keyPost": POSTS[kind[3]], "employmentForm": FORMS[kind[4]], "insuredFrom": day, "regionCode": region}),
                );
                with(made, json!({"keyIndustry": INDUSTRIES[kind[1]]}))
            }
            Self::Injuries => {
                let changes = json!({"injuredAt": day, "disabilityGrade": GRADES[kind[3]], "article": ARTICLES[kind[4]],
                    "regionCode": region, "keyIndustry": INDUSTRIES[kind[1]], "accidentNo": null, "employerUscc": employer});
                with(injury(&format!("Q{number}"), "none", person), changes)
            }
        }
    }
}
