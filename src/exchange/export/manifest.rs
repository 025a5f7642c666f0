//! The manifest as clients see it: what was requested, the outcome, where the change feed
//! continues.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    authz::actor::Actor,
    error::HubError,
    services::Services,
    store::{exchange::exports, sql::cell},
};

/// The manifest with that identifier as JSON, for the organisation that requested the export. The
/// condition may name persons, so only the account that wrote it sees it.
///
/// # Errors
///
/// [`HubError::NotFound`] when there is none, or it belongs to another organisation.
pub async fn show(services: &Services, actor: &Actor, id: &str) -> Result<Value, HubError> {
    let id: Uuid = id.parse().map_err(|_| HubError::NotFound)?;
    let found = exports::get(&services.database, &services.seal, actor, id)
        .await?
        .ok_or(HubError::NotFound)?;
    // An actor who may not read the family learns nothing about its exports either.
    let family = services.catalogue.find(&found.family).ok_or(HubError::NotFound)?;
    services.scope(actor, family)?;
    let own = actor.subject() == found.subject;
    let condition =
        found.condition.filter(|_| own).and_then(|text| serde_json::from_str::<Value>(&text).ok());
    Ok(json!({
        "id": id,
        "family": found.family,
        "where": condition,
        "fields": found.fields,
        "format": found.format,
        "complete": found.end.is_some(),
        "rows": found.end.as_ref().map(|end| end.rows),
        "digest": found.end.as_ref().map(|end| end.digest.as_str()),
        "cursor": found.cursor,
        "startedAt": cell::shown(found.started_at),
        "finishedAt": found.end.as_ref().map(|end| cell::shown(end.at)),
    }))
}
