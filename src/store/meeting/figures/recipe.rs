//! How each family is counted for the indicators, as far as one family alone decides it.

use entity::{
    accident, catalogue::Class, exposure_measurement, hazard_rectification, insured_unit_year,
    occupational_disease_case, sql, training_record, typed::Record as _, work_injury,
};
use strum::{IntoStaticStr, VariantArray};

use super::{CountedPosts, FigureMeasure, INTERNAL, When};
use crate::{domain::department::Department, store::reference::Reference};

/// Which department must hold a record for it to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldBy {
    /// The department that is responsible for the key industry.
    Responsible,
    /// This department, whatever the industry.
    Only(Department),
    /// Any department that holds such records.
    Anybody,
}

/// How the records of a family are counted.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// Name of the family that is counted.
    pub family: &'static str,
    /// Classes of the fields the figure rests on; only zones where these may be counted are used.
    pub classes: &'static [Class],
    /// Which department must hold a record for it to count.
    pub held_by: HeldBy,
    /// Which date decides the year.
    pub when: When,
    /// SQL condition on the family's columns that a record must meet; empty for none.
    pub condition: String,
    /// What is counted, each with its SQL aggregate.
    pub measures: Vec<(FigureMeasure, String)>,
}

const COUNT: &str = "COUNT(*)";

fn number(condition: &str) -> String {
    format!("SUM(CASE WHEN {condition} THEN 1 ELSE 0 END)")
}

/// Which day gives a case of disease its year. Source: domain reference §6.2, I3 (“diagnosis/report
/// date”).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
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
            Self::Diagnosed => When::Day(sql!([occupational_disease_case] "diagnosed_at")),
            Self::Reported => When::First(&[
                sql!([occupational_disease_case] "reported_at"),
                sql!([occupational_disease_case] "diagnosed_at"),
            ]),
        }
    }
}

/// All recipes. Sources: domain reference §1.2, §1.7 and §6.2.
#[must_use]
pub fn recipes(reference: &Reference) -> Vec<Recipe> {
    recipes_by(reference, DiseaseYear::default())
}

/// All recipes, with the date that decides the year of a disease case.
#[must_use]
pub fn recipes_by(reference: &Reference, year: DiseaseYear) -> Vec<Recipe> {
    vec![
        accidents(reference),
        diseases(reference, year),
        injuries(),
        units(),
        hazards(),
        measurements(),
        trainings(),
    ]
}

/// The day of the accident decides. Only records of the department responsible for the industry
/// count, so that an accident held by two departments counts once. Casualties are summed by
/// component, because the casualty basis is chosen later.
fn accidents(reference: &Reference) -> Recipe {
    let industries =
        reference.table("key_industry").map(|table| table.codes.as_slice()).unwrap_or_default();
    let responsible = industries.iter().filter_map(|code| {
        let department = code
            .attributes
            .get("responsible_department")
            .filter(|name| Department::EMERGENCY != ***name)?;
        Some(format!("WHEN {} THEN {}", quoted(&code.code), quoted(department)))
    });
    let whens: Vec<String> = responsible.collect();
    // Where no department is named, the general statistics of 应急 count.
    let general = quoted(Department::EMERGENCY.code());
    let department = if whens.is_empty() {
        general
    } else {
        sql!([accident] "CASE key_industry {} ELSE {general} END", whens.join(" "))
    };
    let sum = |name: &str| format!("SUM({name})");
    Recipe {
        family: accident::Entity::family().name,
        classes: &[Class::Public],
        held_by: HeldBy::Responsible,
        when: When::Instant(sql!([accident] "occurred_at")),
        condition: sql!([accident] "(stat_status IS NULL OR stat_status <> 'WRITTEN_OFF') AND department = {department}"),
        measures: vec![
            (FigureMeasure::Accidents, COUNT.to_owned()),
            (FigureMeasure::Deaths, sum(sql!([accident] "deaths"))),
            (FigureMeasure::Missing, sum(sql!([accident] "missing"))),
            (FigureMeasure::Serious, sum(sql!([accident] "serious_injuries + acute_poisonings"))),
            (FigureMeasure::Minor, sum(sql!([accident] "minor_injuries"))),
            (
                FigureMeasure::PreliminaryAccidents,
                number(sql!([accident] "stat_status = 'PRELIMINARY'")),
            ),
            (
                FigureMeasure::AccidentsWithoutIndustry,
                number(sql!([accident] "key_industry IS NULL AND industry_code IS NULL")),
            ),
        ],
    }
}

/// Accidents that a department holds and of which no industry is known.
#[must_use]
pub fn accidents_without_industry(department: &str) -> Recipe {
    Recipe {
        family: accident::Entity::family().name,
        classes: &[Class::Public],
        held_by: HeldBy::Anybody,
        when: When::Instant(sql!([accident] "occurred_at")),
        condition: sql!(
            [accident]
            "(stat_status IS NULL OR stat_status <> 'WRITTEN_OFF') AND key_industry IS NULL AND industry_code IS NULL \
             AND department = {}",
            quoted(department)
        ),
        measures: vec![(FigureMeasure::AccidentsWithoutIndustry, COUNT.to_owned())],
    }
}

/// Only first diagnoses count.
fn diseases(reference: &Reference, year: DiseaseYear) -> Recipe {
    let codes = reference.table("disease").map(|table| table.codes.as_slice()).unwrap_or_default();
    let mut dust: Vec<String> = codes
        .iter()
        .filter(|code| code.attributes.contains_key("pneumoconiosis_kind"))
        .map(|code| quoted(&code.code))
        .collect();
    dust.sort();
    dust.dedup();
    let dust = if dust.is_empty() {
        "1 = 0".to_owned()
    } else {
        sql!([occupational_disease_case] "disease_code IN ({})", dust.join(", "))
    };
    Recipe {
        family: occupational_disease_case::Entity::family().name,
        classes: INTERNAL,
        held_by: HeldBy::Only(Department::HEALTH),
        when: year.when(),
        condition: sql!([occupational_disease_case] "report_nature = 'FIRST' AND department = '{}'", Department::HEALTH),
        measures: vec![
            (FigureMeasure::Pneumoconiosis, number(&dust)),
            (
                FigureMeasure::ShortExposure,
                number(&sql!([occupational_disease_case] "{dust} AND under_five_years")),
            ),
            (
                FigureMeasure::UnknownExposure,
                number(&sql!([occupational_disease_case] "{dust} AND under_five_years IS NULL")),
            ),
            (FigureMeasure::Diseases, COUNT.to_owned()),
        ],
    }
}

/// The days of a work injury of which the first that is known gives it its year. An occupational
/// disease has no day of injury and is counted by its decision or, without one, by what went before:
/// the year of its diagnosis would follow from the number and a list of the cases.
pub const INJURY_DAYS: [&str; 4] = [
    sql!([work_injury] "injured_at"),
    sql!([work_injury] "decided_at"),
    sql!([work_injury] "accepted_at"),
    sql!([work_injury] "applied_at"),
];

/// The injury decides, not the decision, see [`INJURY_DAYS`].
fn injuries() -> Recipe {
    let at_work = sql!([work_injury] "(article IS NULL OR article <> 'ART14_6')");
    let by_accident = sql!([work_injury] "result = 'RECOGNIZED' AND (article IS NULL OR article NOT IN ('ART14_4', 'ART14_6'))");
    Recipe {
        family: work_injury::Entity::family().name,
        classes: INTERNAL,
        held_by: HeldBy::Only(Department::HRSS),
        when: When::First(&INJURY_DAYS),
        condition: sql!([work_injury] "result IN ('RECOGNIZED', 'DEEMED') AND department = '{}'", Department::HRSS),
        measures: vec![
            (FigureMeasure::Injuries, COUNT.to_owned()),
            (FigureMeasure::InjuriesAtWork, number(at_work)),
            (FigureMeasure::InjuriesByAccident, number(by_accident)),
        ],
    }
}

/// Amounts of insured units that the figures of a meeting tell exactly to everybody, where enough
/// employers have a part in them.
pub const AMOUNTS: [&str; 4] = [
    sql!([insured_unit_year] "insured_persons"),
    sql!([insured_unit_year] "premium_paid_fen"),
    sql!([insured_unit_year] "benefits_fen"),
    sql!([insured_unit_year] "prevention_fen"),
];

/// Amounts from which one that is told exactly follows, or nearly: what is due of what is paid, the
/// parts of the benefits, the wages from which premiums are worked out.
pub const BESIDE_AMOUNTS: [&str; 6] = [
    sql!([insured_unit_year] "premium_due_fen"),
    sql!([insured_unit_year] "benefit_medical_fen"),
    sql!([insured_unit_year] "benefit_disability_fen"),
    sql!([insured_unit_year] "benefit_death_fen"),
    sql!([insured_unit_year] "benefit_other_fen"),
    sql!([insured_unit_year] "wage_bill_fen"),
];

/// Only what the fund pays counts as benefit.
fn units() -> Recipe {
    let sum = |name: &str| format!("SUM({name})");
    let stated = |name: &str| format!("COUNT({name})");
    // An employer with several insured units is one, as in statistics.
    let [insured, premiums, benefits, prevention] = AMOUNTS;
    let employers = |name: &str| sql!([insured_unit_year] "COUNT(DISTINCT CASE WHEN {name} <> 0 THEN COALESCE(employer_key, ref) END)");
    Recipe {
        family: insured_unit_year::Entity::family().name,
        classes: INTERNAL,
        held_by: HeldBy::Only(Department::HRSS),
        when: When::Year(sql!([insured_unit_year] "year")),
        condition: sql!([insured_unit_year] "department = '{}'", Department::HRSS),
        measures: vec![
            (FigureMeasure::Units, COUNT.to_owned()),
            (FigureMeasure::Insured, sum(insured)),
            (FigureMeasure::Premiums, sum(premiums)),
            (FigureMeasure::Benefits, sum(benefits)),
            (FigureMeasure::Prevention, sum(prevention)),
            (FigureMeasure::Insurers, employers(insured)),
            (FigureMeasure::Payers, employers(premiums)),
            (FigureMeasure::Beneficiaries, employers(benefits)),
            (FigureMeasure::Preventers, employers(prevention)),
            (FigureMeasure::PremiumsStated, stated(premiums)),
            (FigureMeasure::BenefitsStated, stated(benefits)),
            (FigureMeasure::PreventionStated, stated(prevention)),
        ],
    }
}

/// The deadline decides; an extension takes its place.
fn hazards() -> Recipe {
    let closed = sql!([hazard_rectification] "closed_at IS NOT NULL");
    let in_time = sql!([hazard_rectification] "closed_at <= COALESCE(extended_deadline, deadline)");
    Recipe {
        family: hazard_rectification::Entity::family().name,
        classes: INTERNAL,
        held_by: HeldBy::Anybody,
        when: When::First(&[
            sql!([hazard_rectification] "extended_deadline"),
            sql!([hazard_rectification] "deadline"),
        ]),
        condition: String::new(),
        measures: vec![
            (FigureMeasure::HazardsDue, COUNT.to_owned()),
            (FigureMeasure::HazardsClosed, number(closed)),
            (FigureMeasure::HazardsInTime, number(in_time)),
            (FigureMeasure::MajorDue, number(sql!([hazard_rectification] "level = 'MAJOR'"))),
            (
                FigureMeasure::MajorClosed,
                number(&sql!([hazard_rectification] "level = 'MAJOR' AND {closed}")),
            ),
        ],
    }
}

/// A measurement that could not be judged, for want of a limit or of its silica share, is none of
/// these.
fn measurements() -> Recipe {
    Recipe {
        family: exposure_measurement::Entity::family().name,
        classes: INTERNAL,
        held_by: HeldBy::Only(Department::HEALTH),
        when: When::Day(sql!([exposure_measurement] "sampled_at")),
        condition: sql!([exposure_measurement] "exceeded IS NOT NULL AND department = '{}'", Department::HEALTH),
        measures: vec![
            (FigureMeasure::Points, COUNT.to_owned()),
            (FigureMeasure::PointsAbove, number(sql!([exposure_measurement] "exceeded"))),
        ],
    }
}

/// Trainings as recorded by those who held them: shows whether any were submitted at all.
fn trainings() -> Recipe {
    Recipe {
        family: training_record::Entity::family().name,
        classes: INTERNAL,
        held_by: HeldBy::Anybody,
        when: When::Day(sql!([training_record] "ended_on")),
        condition: String::new(),
        measures: vec![
            (
                FigureMeasure::SafetyTrainings,
                number(sql!([training_record] "training_domain = 'SAFETY'")),
            ),
            (
                FigureMeasure::HealthTrainings,
                number(sql!([training_record] "training_domain = 'OCCUPATIONAL_HEALTH'")),
            ),
            (FigureMeasure::Trainings, COUNT.to_owned()),
            (
                FigureMeasure::SafetyPassed,
                number(sql!([training_record] "training_domain = 'SAFETY' AND passed")),
            ),
            (
                FigureMeasure::HealthPassed,
                number(
                    sql!([training_record] "training_domain = 'OCCUPATIONAL_HEALTH' AND passed"),
                ),
            ),
            (FigureMeasure::Passed, number(sql!([training_record] "passed"))),
        ],
    }
}

/// Trainings of holders of the posts that are counted, without a number of the person and not
/// failed: they may be anybody's.
#[must_use]
pub fn unnumbered_trainings(posts: &CountedPosts) -> Recipe {
    let family = training_record::Entity::family();
    let held = posts.sql(family.table);
    let since = posts.since.map_or_else(
        String::new,
        |first| sql!([training_record] " AND COALESCE(exam_at, ended_on) >= '{first}'"),
    );
    Recipe {
        family: family.name,
        classes: INTERNAL,
        held_by: HeldBy::Anybody,
        when: When::Day(sql!([training_record] "ended_on")),
        condition: sql!([training_record] "person_key IS NULL AND passed IS NOT FALSE AND {held}{since}"),
        measures: vec![
            (
                FigureMeasure::SafetyUnnumbered,
                number(sql!([training_record] "training_domain = 'SAFETY'")),
            ),
            (
                FigureMeasure::HealthUnnumbered,
                number(sql!([training_record] "training_domain = 'OCCUPATIONAL_HEALTH'")),
            ),
            (FigureMeasure::AnyUnnumbered, COUNT.to_owned()),
        ],
    }
}

/// The department that answers for the accidents of a key industry; for the others, and where none
/// is known, 应急.
#[must_use]
pub fn responsible<'a>(reference: &'a Reference, industry: &str) -> &'a str {
    let code = reference.table("key_industry").and_then(|table| table.editions(industry).next());
    code.and_then(|code| code.attributes.get("responsible_department"))
        .map_or(Department::EMERGENCY.code(), String::as_str)
}

/// A code of a reference table as text in SQL.
fn quoted(code: &str) -> String {
    format!("'{}'", code.replace('\'', "''"))
}
