//! What whoever asks may list of the records behind a count, and so knows without being told.

use super::{
    Listed, place,
    wholes::{CountFamily, WHOLES},
};
use crate::{
    authz::{
        actor::Actor,
        identity::DepartmentCode,
        scope::{Scope, Use},
    },
    error::HubError,
    services::Services,
    store::meeting::figures::FigureMeasure,
};

/// What somebody may list in a region.
pub(super) struct ListableRows {
    /// For each whole how much of the records of each industry, in the order of the cube.
    pub listed: Vec<Vec<Listed>>,
    /// For each whole whether they may list, in whatever part, the most there can be.
    pub bounded: Vec<bool>,
}

/// Whether somebody may list all records that a measure follows from, so that it is no secret to
/// them.
///
/// # Errors
///
/// [`HubError::Forbidden`] when no role reads.
pub(in crate::meeting) fn lists(
    services: &Services,
    actor: &Actor,
    region: &str,
    measure: FigureMeasure,
) -> Result<bool, HubError> {
    let Some(whole) = place(measure).map(|place| &WHOLES[place]) else { return Ok(true) };
    let industries = industries(services);
    Ok(of_whole(services, (actor, region), whole, &industries)?
        .into_iter()
        .all(|listed| listed == Listed::Whole))
}

impl ListableRows {
    pub(super) fn of(
        services: &Services,
        (actor, region): (&Actor, &str),
        industries: &[String],
    ) -> Result<Self, HubError> {
        let listed =
            WHOLES.iter().map(|whole| of_whole(services, (actor, region), whole, industries));
        let listed = listed.collect::<Result<Vec<_>, _>>()?;
        let mut bounded = Vec::with_capacity(WHOLES.len());
        for whole in &WHOLES {
            let family = whole.bounds.and_then(|(name, _)| services.catalogue.find(name));
            bounded.push(match family {
                Some(family) => services.scope(actor, family)?.allows(Use::List, &[]),
                None => false,
            });
        }
        Ok(Self { listed, bounded })
    }
}

/// How much of the records of a whole, industry by industry.
fn of_whole(
    services: &Services,
    (actor, region): (&Actor, &str),
    whole: &CountFamily,
    industries: &[String],
) -> Result<Vec<Listed>, HubError> {
    let departments: Vec<&str> =
        services.policy.departments().map(DepartmentCode::as_str).collect();
    let mut scopes = Vec::new();
    for (name, classes) in whole.from {
        let Some(family) = services.catalogue.find(name) else { continue };
        scopes.push((services.scope(actor, family)?, classes));
    }
    let part = |scope: &Scope, industry: Option<&str>| {
        let family = scope.family();
        let Some((_, only)) = whole.lists.iter().find(|(name, _)| *name == family.name) else {
            return false;
        };
        let mut holders = services
            .policy
            .holders(family)
            .filter(|holder| only.is_none_or(|only| **holder == only));
        holders.any(|holder| scope.covers(Use::List, &[], region, &[holder.as_str()], industry))
    };
    let listed = |industry: Option<&str>| {
        if scopes.iter().all(|(scope, classes)| {
            scope.covers(Use::List, classes, region, &departments, industry)
        }) {
            Listed::Whole
        } else if scopes.iter().any(|(scope, _)| part(scope, industry)) {
            Listed::Part
        } else {
            Listed::Nothing
        }
    };
    Ok(industries.iter().map(|code| Some(code.as_str())).chain([None]).map(listed).collect())
}

/// Key industries that are told apart.
pub(super) fn industries(services: &Services) -> Vec<String> {
    let codes = services
        .reference
        .table("key_industry")
        .map(|table| table.codes.as_slice())
        .unwrap_or_default();
    codes.iter().map(|code| code.code.clone()).collect()
}
