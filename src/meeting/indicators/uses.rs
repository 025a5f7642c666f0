//! Which measures an indicator is made of, so that nothing is counted that is not asked for.

use entity::catalogue::{Catalogue, Family, Field};

use crate::{
    domain::indicator::Indicator,
    store::{
        figures::{Measure, When, recipes},
        reference::Reference,
    },
};

/// The families that these indicators count, each with the fields that it is counted by: for the log.
#[must_use]
pub fn counted(
    (reference, catalogue): (&Reference, &Catalogue),
    indicators: Option<&[Indicator]>,
) -> Vec<(&'static Family, Vec<&'static Field>)> {
    let wanted = |measure: Measure| indicators.is_none_or(|list| list.iter().any(|own| uses(*own, measure)));
    let used = recipes(reference).into_iter().filter(|recipe| recipe.measures.iter().any(|(measure, _)| wanted(*measure)));
    let named = used.filter_map(|recipe| {
        let family = catalogue.find(recipe.family)?;
        let day = match recipe.when {
            When::Instant(day) | When::Day(day) | When::Either(day, _) | When::Year(day) => day,
        };
        let by = [Some(family.region_column()), family.industry_column(), Some(day)];
        Some((family, family.fields.iter().filter(|field| by.contains(&Some(field.column))).collect()))
    });
    named.collect()
}

/// Whether an indicator is made of a measure.
pub(super) fn uses(indicator: Indicator, measure: Measure) -> bool {
    use Measure::{
        Accidents, AnyTrained, Beneficiaries, Benefits, Deaths, Diseases, HazardsClosed, HazardsDue, HealthTrained,
        HealthTrainings, Injuries, Insured, InsuredVictims, Insurers, KeyPosts, MatchedVictims, Minor, Missing, Payers,
        Pneumoconiosis, Points, PointsAbove, Premiums, Preventers, Prevention, SafetyTrained, SafetyTrainings, Serious,
        ShortExposure, Trainings, Units, UnknownExposure,
    };
    match indicator {
        Indicator::I1 => measure == Accidents,
        Indicator::I2 => matches!(measure, Accidents | Deaths | Missing | Serious | Minor),
        Indicator::I3 => matches!(measure, Pneumoconiosis | ShortExposure | UnknownExposure | Diseases),
        Indicator::I4 => matches!(measure, KeyPosts | SafetyTrained | SafetyTrainings),
        Indicator::I5 => matches!(measure, KeyPosts | HealthTrained | HealthTrainings),
        Indicator::I6 => matches!(measure, Injuries | Insured | Insurers | Units),
        Indicator::I7 => matches!(measure, Benefits | Beneficiaries | Premiums | Payers | Units),
        Indicator::I8 => matches!(measure, Prevention | Preventers | Premiums | Payers | Units),
        Indicator::I9 => matches!(measure, HazardsDue | HazardsClosed),
        Indicator::I10 => false,
        Indicator::I11 => matches!(measure, Points | PointsAbove),
        Indicator::I16 => matches!(measure, KeyPosts | AnyTrained | Trainings),
        Indicator::I15 => matches!(measure, InsuredVictims | MatchedVictims),
    }
}
