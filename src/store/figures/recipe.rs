//! How each family is counted for the indicators, as far as one family alone decides it.

use entity::catalogue::Class;

use super::{INTERNAL, Measure, When};
use crate::store::reference::Reference;

/// Who holds the records that count: others of the same family do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldBy {
    /// The department that is responsible for the key industry.
    Responsible,
    /// One department.
    Only(&'static str),
    /// Whoever holds such records.
    Anybody,
}

/// How the records of a family are counted.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// Name of the family.
    pub family: &'static str,
    /// Classes the figure is made of: it is counted in zones in which these may be counted.
    pub classes: &'static [Class],
    /// Who holds the records that count.
    pub held_by: HeldBy,
    /// Which date decides the year.
    pub when: When,
    /// What a record has to be in order to count, in SQL over its columns; empty for any.
    pub condition: String,
    /// What is counted, with its aggregate in SQL.
    pub measures: Vec<(Measure, String)>,
}

const COUNT: &str = "COUNT(*)";

fn number(condition: &str) -> String {
    format!("SUM(CASE WHEN {condition} THEN 1 ELSE 0 END)")
}

/// Which day gives a case of disease its year. Source: domain reference §6.2, I3 (“diagnosis/report date”).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DiseaseYear {
    /// The day of the diagnosis.
    #[default]
    Diagnosed,
    /// The day of the report (年度报告); that of the diagnosis where no report is dated.
    Reported,
}

impl DiseaseYear {
    const fn when(self) -> When {
        match self {
            Self::Diagnosed => When::Day("diagnosed_at"),
            Self::Reported => When::Either("reported_at", "diagnosed_at"),
        }
    }
}

/// All recipes. Sources: domain reference §1.2, §1.7 and §6.2.
#[must_use]
pub fn recipes(reference: &Reference) -> Vec<Recipe> {
    recipes_by(reference, DiseaseYear::default())
}

/// All recipes, with the day that gives a case its year.
#[must_use]
pub fn recipes_by(reference: &Reference, year: DiseaseYear) -> Vec<Recipe> {
    vec![accidents(reference), diseases(reference, year), injuries(), units(), hazards(), measurements(), trainings()]
}

/// Occurrence decides; only records of the department that is responsible for the industry count, so that an accident held
/// by two departments counts once. Casualties are kept in their components, as the basis is chosen later.
fn accidents(reference: &Reference) -> Recipe {
    let industries = reference.table("key_industry").map(|table| table.codes.as_slice()).unwrap_or_default();
    let responsible = industries.iter().filter_map(|code| {
        let department = code.attributes.get("responsible_department").filter(|name| *name != "EMERGENCY")?;
        Some(format!("WHEN {} THEN {}", quoted(&code.code), quoted(department)))
    });
    let whens: Vec<String> = responsible.collect();
    // Where no department is named the general statistics of 应急 count.
    let department = if whens.is_empty() {
        "'EMERGENCY'".to_owned()
    } else {
        format!("CASE key_industry {} ELSE 'EMERGENCY' END", whens.join(" "))
    };
    let sum = |name: &str| format!("SUM({name})");
    Recipe {
        family: "Accident",
        classes: &[Class::Public],
        held_by: HeldBy::Responsible,
        when: When::Instant("occurred_at"),
        condition: format!("(stat_status IS NULL OR stat_status <> 'WRITTEN_OFF') AND department = {department}"),
        measures: vec![
            (Measure::Accidents, COUNT.to_owned()),
            (Measure::Deaths, sum("deaths")),
            (Measure::Missing, sum("missing")),
            (Measure::Serious, sum("serious_injuries + acute_poisonings")),
            (Measure::Minor, sum("minor_injuries")),
        ],
    }
}

/// Only first diagnoses count.
fn diseases(reference: &Reference, year: DiseaseYear) -> Recipe {
    let codes = reference.table("disease").map(|table| table.codes.as_slice()).unwrap_or_default();
    let mut dust: Vec<String> =
        codes.iter().filter(|code| code.attributes.contains_key("pneumoconiosis_kind")).map(|code| quoted(&code.code)).collect();
    dust.sort();
    dust.dedup();
    let dust = if dust.is_empty() { "1 = 0".to_owned() } else { format!("disease_code IN ({})", dust.join(", ")) };
    Recipe {
        family: "OccupationalDiseaseCase",
        classes: INTERNAL,
        held_by: HeldBy::Only("HEALTH"),
        when: year.when(),
        condition: "report_nature = 'FIRST' AND department = 'HEALTH'".to_owned(),
        measures: vec![
            (Measure::Pneumoconiosis, number(&dust)),
            (Measure::ShortExposure, number(&format!("{dust} AND under_five_years"))),
            (Measure::UnknownExposure, number(&format!("{dust} AND under_five_years IS NULL"))),
            (Measure::Diseases, COUNT.to_owned()),
        ],
    }
}

/// The injury decides, not the decision.
fn injuries() -> Recipe {
    let at_work = "(article IS NULL OR article <> 'ART14_6')";
    let by_accident = "result = 'RECOGNIZED' AND (article IS NULL OR article NOT IN ('ART14_4', 'ART14_6'))";
    Recipe {
        family: "WorkInjury",
        classes: INTERNAL,
        held_by: HeldBy::Only("HRSS"),
        when: When::Day("injured_at"),
        condition: "result IN ('RECOGNIZED', 'DEEMED') AND department = 'HRSS'".to_owned(),
        measures: vec![
            (Measure::Injuries, COUNT.to_owned()),
            (Measure::InjuriesAtWork, number(at_work)),
            (Measure::InjuriesByAccident, number(by_accident)),
        ],
    }
}

/// Only what the fund pays counts as benefit.
fn units() -> Recipe {
    let sum = |name: &str| format!("SUM({name})");
    // An employer with several insured units is one, as in statistics.
    let employers = |name: &str| format!("COUNT(DISTINCT CASE WHEN {name} <> 0 THEN COALESCE(employer_key, ref) END)");
    Recipe {
        family: "InsuredUnitYear",
        classes: INTERNAL,
        held_by: HeldBy::Only("HRSS"),
        when: When::Year("year"),
        condition: "department = 'HRSS'".to_owned(),
        measures: vec![
            (Measure::Units, COUNT.to_owned()),
            (Measure::Insured, sum("insured_persons")),
            (Measure::Premiums, sum("premium_paid_fen")),
            (Measure::Benefits, sum("benefits_fen")),
            (Measure::Prevention, sum("prevention_fen")),
            (Measure::Insurers, employers("insured_persons")),
            (Measure::Payers, employers("premium_paid_fen")),
            (Measure::Beneficiaries, employers("benefits_fen")),
            (Measure::Preventers, employers("prevention_fen")),
        ],
    }
}

/// The deadline decides; an extension takes its place.
fn hazards() -> Recipe {
    let closed = "closed_at IS NOT NULL";
    let in_time = "closed_at <= COALESCE(extended_deadline, deadline)";
    Recipe {
        family: "HazardRectification",
        classes: INTERNAL,
        held_by: HeldBy::Anybody,
        when: When::Either("extended_deadline", "deadline"),
        condition: String::new(),
        measures: vec![
            (Measure::HazardsDue, COUNT.to_owned()),
            (Measure::HazardsClosed, number(closed)),
            (Measure::HazardsInTime, number(in_time)),
            (Measure::MajorDue, number("level = 'MAJOR'")),
            (Measure::MajorClosed, number(&format!("level = 'MAJOR' AND {closed}"))),
        ],
    }
}

/// A measurement that could not be judged, for want of a limit or of its silica share, is none of these.
fn measurements() -> Recipe {
    Recipe {
        family: "ExposureMeasurement",
        classes: INTERNAL,
        held_by: HeldBy::Only("HEALTH"),
        when: When::Day("sampled_at"),
        condition: "exceeded IS NOT NULL AND department = 'HEALTH'".to_owned(),
        measures: vec![(Measure::Points, COUNT.to_owned()), (Measure::PointsAbove, number("exceeded"))],
    }
}

/// Whoever trains hands in what it held: these say whether anybody has handed in trainings at all.
fn trainings() -> Recipe {
    Recipe {
        family: "TrainingRecord",
        classes: INTERNAL,
        held_by: HeldBy::Anybody,
        when: When::Day("ended_on"),
        condition: String::new(),
        measures: vec![
            (Measure::SafetyTrainings, number("training_domain = 'SAFETY'")),
            (Measure::HealthTrainings, number("training_domain = 'OCCUPATIONAL_HEALTH'")),
            (Measure::Trainings, COUNT.to_owned()),
            (Measure::SafetyPassed, number("training_domain = 'SAFETY' AND passed")),
            (Measure::HealthPassed, number("training_domain = 'OCCUPATIONAL_HEALTH' AND passed")),
            (Measure::Passed, number("passed")),
        ],
    }
}

/// The department that answers for the accidents of a key industry; for the others, and where none is known, 应急.
#[must_use]
pub fn responsible<'a>(reference: &'a Reference, industry: &str) -> &'a str {
    let code = reference.table("key_industry").and_then(|table| table.editions(industry).next());
    code.and_then(|code| code.attributes.get("responsible_department")).map_or("EMERGENCY", String::as_str)
}

/// A code of a reference table as text in SQL.
fn quoted(code: &str) -> String {
    format!("'{}'", code.replace('\'', "''"))
}
