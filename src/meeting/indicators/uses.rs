//! Which measures an indicator is made of, so that nothing is counted that is not asked for.

use std::collections::{BTreeMap, BTreeSet};

use entity::{
    accident_victim,
    catalogue::{Catalogue, Family, Field},
    employment, training_record, work_injury,
};

use crate::{
    domain::indicator::Indicator,
    store::{
        meeting::figures::{FigureMeasure, Posts, VictimMatching, When, recipes},
        reference::Reference,
    },
};

/// The families that these indicators count, each with the fields that it is counted by or that are
/// added up: for the log.
#[must_use]
pub fn counted(
    (reference, catalogue): (&Reference, &Catalogue),
    indicators: Option<&[Indicator]>,
) -> Vec<(&'static Family, Vec<&'static Field>)> {
    let wanted = |measure: FigureMeasure| {
        indicators.is_none_or(|list| list.iter().any(|own| uses(*own, measure)))
    };
    let mut by_family: BTreeMap<&'static str, BTreeSet<&'static str>> = BTreeMap::new();
    let mut add = |family: &'static Family, holds: &dyn Fn(&Field) -> bool| {
        let columns = family
            .fields
            .iter()
            .filter(|field| !field.hidden && holds(field))
            .map(|field| field.column);
        by_family.entry(family.name).or_default().extend(columns);
    };
    for recipe in recipes(reference) {
        let asked: Vec<&str> = recipe
            .measures
            .iter()
            .filter(|(measure, _)| wanted(*measure))
            .map(|(_, sql)| sql.as_str())
            .collect();
        let Some(family) = catalogue.find(recipe.family).filter(|_| !asked.is_empty()) else {
            continue;
        };
        let own;
        let days = match recipe.when {
            When::First(days) => days,
            When::Instant(day) | When::Day(day) | When::Year(day) => {
                own = [day];
                &own
            }
        };
        let by = [Some(family.region_column()), family.industry_column()];
        let texts: Vec<&str> = asked.into_iter().chain([recipe.condition.as_str()]).collect();
        add(family, &|field| {
            by.contains(&Some(field.column))
                || days.contains(&field.column)
                || texts.iter().any(|sql| names(sql, field.column))
        });
    }
    // What is counted over several families: key posts with their trainings, victims with their
    // recognition.
    let posts = [
        (
            catalogue.of::<employment::Entity>(),
            &[
                employment::names::KEY_POST,
                employment::names::INSURED_FROM,
                employment::names::INSURED_TO,
            ][..],
        ),
        (
            catalogue.of::<training_record::Entity>(),
            &[training_record::names::TRAINING_DOMAIN, training_record::names::PASSED],
        ),
    ];
    let victims = [
        (catalogue.of::<accident_victim::Entity>(), &[accident_victim::names::ID_NUMBER][..]),
        (
            catalogue.of::<employment::Entity>(),
            &[
                employment::names::ID_NUMBER,
                employment::names::INSURED_FROM,
                employment::names::INSURED_TO,
            ],
        ),
        (
            catalogue.of::<work_injury::Entity>(),
            &[work_injury::names::ID_NUMBER, work_injury::names::RESULT],
        ),
    ];
    let mut together = Vec::new();
    if Posts::MEASURES.into_iter().any(wanted) {
        together.extend(posts);
    }
    if VictimMatching::MEASURES.into_iter().any(wanted) {
        together.extend(victims);
    }
    for (family, fields) in together {
        let Some(family) = family else { continue };
        let by = [Some(family.region_column()), family.industry_column()];
        add(family, &|field| by.contains(&Some(field.column)) || fields.contains(&field.name));
    }
    let named = by_family.into_iter().filter_map(|(name, columns)| {
        let family = catalogue.find(name)?;
        Some((
            family,
            family.fields.iter().filter(|field| columns.contains(field.column)).collect(),
        ))
    });
    named.collect()
}

/// Whether an SQL text names a column.
fn names(sql: &str, column: &str) -> bool {
    sql.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'))
        .any(|word| word == column)
}

/// Whether an indicator is made of a measure.
pub(super) fn uses(indicator: Indicator, measure: FigureMeasure) -> bool {
    use FigureMeasure::{
        Accidents, AccidentsWithoutIndustry, AnyTrained, AnyUnexamined, AnyUnnumbered,
        Beneficiaries, Benefits, BenefitsStated, Deaths, Diseases, HazardsClosed, HazardsDue,
        HealthTrained, HealthTrainings, HealthUnexamined, HealthUnnumbered, Injuries, Insured,
        InsuredVictims, Insurers, KeyPosts, MatchedVictims, Minor, Missing, Payers, Pneumoconiosis,
        Points, PointsAbove, PreliminaryAccidents, Premiums, PremiumsStated, Preventers,
        Prevention, PreventionStated, SafetyTrained, SafetyTrainings, SafetyUnexamined,
        SafetyUnnumbered, Serious, ShortExposure, Trainings, UnclearVictims, UndatedPosts, Units,
        UnknownExposure,
    };
    match indicator {
        Indicator::I1 => {
            matches!(measure, Accidents | PreliminaryAccidents | AccidentsWithoutIndustry)
        }
        Indicator::I2 => {
            matches!(
                measure,
                Accidents
                    | PreliminaryAccidents
                    | AccidentsWithoutIndustry
                    | Deaths
                    | Missing
                    | Serious
                    | Minor
            )
        }
        Indicator::I3 => {
            matches!(measure, Pneumoconiosis | ShortExposure | UnknownExposure | Diseases)
        }
        Indicator::I4 => matches!(
            measure,
            KeyPosts
                | UndatedPosts
                | SafetyTrained
                | SafetyUnexamined
                | SafetyUnnumbered
                | SafetyTrainings
        ),
        Indicator::I5 => matches!(
            measure,
            KeyPosts
                | UndatedPosts
                | HealthTrained
                | HealthUnexamined
                | HealthUnnumbered
                | HealthTrainings
        ),
        Indicator::I6 => matches!(measure, Injuries | Insured | Insurers | Units),
        Indicator::I7 => matches!(
            measure,
            Benefits | BenefitsStated | Beneficiaries | Premiums | PremiumsStated | Payers | Units
        ),
        Indicator::I8 => matches!(
            measure,
            Prevention | PreventionStated | Preventers | Premiums | PremiumsStated | Payers | Units
        ),
        Indicator::I9 => matches!(measure, HazardsDue | HazardsClosed),
        Indicator::I10 => false,
        Indicator::I11 => matches!(measure, Points | PointsAbove),
        Indicator::I16 => {
            matches!(
                measure,
                KeyPosts | UndatedPosts | AnyTrained | AnyUnexamined | AnyUnnumbered | Trainings
            )
        }
        Indicator::I15 => matches!(measure, InsuredVictims | MatchedVictims | UnclearVictims),
    }
}
