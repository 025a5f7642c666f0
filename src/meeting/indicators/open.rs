//! From a figure down to its records: the list of a family with the condition that gives those of
//! the numerator; of key posts, of which the numerator needs two families, those of the
//! denominator. Whoever opens it sees what their own rights to the records allow, which may be less
//! than the figure.

use chrono::NaiveDate;
use entity::{typed::Record as _, work_injury};
use serde_json::{Value, json};

use super::{
    frame::{IndustryGroup, JudgingBasis},
    sheet::{FigureBasis, FigureRecords, InjuryBasis},
};
use crate::{
    domain::{department::Department, indicator::Indicator, region::RegionCode},
    store::{
        meeting::figures::{DiseaseYear, INJURY_DAYS, posts::roll_day, responsible},
        reference::Reference,
    },
};

/// The records behind a figure; none where no list of one family gives them.
#[must_use]
pub fn records(
    reference: &Reference,
    frame: &JudgingBasis,
    basis: FigureBasis,
    (indicator, region, group, year): (Indicator, &RegionCode, &IndustryGroup, i32),
    today: NaiveDate,
) -> Option<FigureRecords> {
    let (field, mut parts) = match indicator {
        Indicator::I1 | Indicator::I2 => ("accidents", accidents(reference, frame, group, year)),
        Indicator::I3 => (
            "occupationalDiseaseCases",
            vec![
                diagnosed(basis.disease_year, year),
                json!({"reportNature": {"eq": "FIRST"}, "department": {"eq": Department::HEALTH.code()}, "underFiveYears": {"eq": true}}),
                pneumoconiosis(reference),
            ],
        ),
        Indicator::I6 => ("workInjuries", injuries(basis.injuries, year)),
        Indicator::I7 | Indicator::I8 => (
            "insuredUnitYears",
            vec![json!({"year": {"eq": year}, "department": {"eq": Department::HRSS.code()}})],
        ),
        Indicator::I9 => (
            "hazardRectifications",
            vec![
                json!({"or": [days("extendedDeadline", year), {"and": [{"extendedDeadline": {"isNull": true}}, days("deadline", year)]}]}),
                json!({"closedAt": {"isNull": false}}),
            ],
        ),
        Indicator::I11 => (
            "exposureMeasurements",
            vec![
                days("sampledAt", year),
                json!({"exceeded": {"eq": true}, "department": {"eq": Department::HEALTH.code()}}),
            ],
        ),
        Indicator::I4 | Indicator::I5 | Indicator::I16 => {
            let day = roll_day(year, today).to_string();
            let until =
                json!({"or": [{"insuredTo": {"isNull": true}}, {"insuredTo": {"gte": day}}]});
            let insured =
                json!({"department": {"eq": Department::HRSS.code()}, "insuredFrom": {"lte": day}});
            ("employments", vec![posts(frame), insured, until])
        }
        // Of the victims the list of accidents says when it was; of returns there is no list of
        // records.
        Indicator::I10 | Indicator::I15 => return None,
    };
    let of: Vec<&String> = match group {
        IndustryGroup::All => Vec::new(),
        IndustryGroup::Key => frame.key.iter().collect(),
        IndustryGroup::Dust => frame.dust.iter().collect(),
        IndustryGroup::Industry(code) => vec![code],
    };
    if !of.is_empty() {
        parts.push(json!({"keyIndustry": {"in": of}}));
    }
    parts.push(json!({"regionCode": {"prefix": region.prefix()}}));
    Some(FigureRecords { field: field.to_owned(), filter: json!({"and": parts}) })
}

fn days(field: &str, year: i32) -> Value {
    json!({field: {"gte": format!("{year}-01-01"), "lte": format!("{year}-12-31")}})
}

/// The first of these days that is known lies in the year.
fn first(columns: &[&str], year: i32) -> Value {
    let names = columns.iter().filter_map(|column| {
        work_injury::Entity::family().fields.iter().find(|field| field.column == *column)
    });
    let names: Vec<&str> = names.map(|field| field.name).collect();
    let one = |(place, name): (usize, &&str)| {
        let before = names.iter().take(place).map(|earlier| json!({*earlier: {"isNull": true}}));
        json!({"and": before.chain([days(name, year)]).collect::<Vec<_>>()})
    };
    json!({"or": names.iter().enumerate().map(one).collect::<Vec<_>>()})
}

fn diagnosed(by: DiseaseYear, year: i32) -> Value {
    match by {
        DiseaseYear::Diagnosed => days("diagnosedAt", year),
        DiseaseYear::Reported => json!({"or": [
            days("reportedOn", year),
            {"and": [{"reportedOn": {"isNull": true}}, days("diagnosedAt", year)]},
        ]}),
    }
}

/// Posts that the plan names, some of them in one industry only.
fn posts(frame: &JudgingBasis) -> Value {
    let one = |(post, industry): &(String, Option<String>)| match industry {
        Some(code) => json!({"and": [{"keyPost": {"eq": post}}, {"keyIndustry": {"eq": code}}]}),
        None => json!({"keyPost": {"eq": post}}),
    };
    match frame.posts.posts.as_slice() {
        [] => json!({"keyPost": {"isNull": false}}),
        named => json!({"or": named.iter().map(one).collect::<Vec<_>>()}),
    }
}

fn accidents(
    reference: &Reference,
    frame: &JudgingBasis,
    group: &IndustryGroup,
    year: i32,
) -> Vec<Value> {
    let (from, to) =
        (format!("{year}-01-01T00:00:00+08:00"), format!("{}-01-01T00:00:00+08:00", year + 1));
    let counted = json!({"or": [{"statStatus": {"isNull": true}}, {"not": {"statStatus": {"eq": "WRITTEN_OFF"}}}]});
    let industries: Vec<&str> = match group {
        IndustryGroup::Industry(code) => vec![code],
        IndustryGroup::Dust => frame.dust.iter().map(String::as_str).collect(),
        IndustryGroup::Key | IndustryGroup::All => frame.key.iter().map(String::as_str).collect(),
    };
    let held =
        industries.into_iter().map(|code| json!({"keyIndustry": {"eq": code}, "department": {"eq": responsible(reference, code)}}));
    vec![
        json!({"occurredAt": {"gte": from, "lt": to}}),
        counted,
        json!({"or": held.collect::<Vec<_>>()}),
    ]
}

fn pneumoconiosis(reference: &Reference) -> Value {
    let codes = reference.table("disease").map(|table| table.codes.as_slice()).unwrap_or_default();
    let mut dust: Vec<&str> = codes
        .iter()
        .filter(|code| code.attributes.contains_key("pneumoconiosis_kind"))
        .map(|code| code.code.as_str())
        .collect();
    dust.sort_unstable();
    dust.dedup();
    json!({"diseaseCode": {"in": dust}})
}

fn injuries(basis: InjuryBasis, year: i32) -> Vec<Value> {
    let mut parts =
        vec![first(&INJURY_DAYS, year), json!({"department": {"eq": Department::HRSS.code()}})];
    let not = |codes: &[&str]| json!({"or": [{"article": {"isNull": true}}, {"not": {"article": {"in": codes}}}]});
    match basis {
        InjuryBasis::All => parts.push(json!({"result": {"in": ["RECOGNIZED", "DEEMED"]}})),
        InjuryBasis::WithoutCommuting => {
            parts.push(json!({"result": {"in": ["RECOGNIZED", "DEEMED"]}}));
            parts.push(not(&["ART14_6"]));
        }
        InjuryBasis::AccidentsOnly => {
            parts.push(json!({"result": {"eq": "RECOGNIZED"}}));
            parts.push(not(&["ART14_4", "ART14_6"]));
        }
    }
    parts
}
