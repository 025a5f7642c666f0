//! The manifest as it is shown: what was asked, what came of it, where the change feed goes on.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    authz::actor::Actor,
    error::HubError,
    services::Services,
    store::{exchange::exports, sql::cell},
};

/// The manifest of that identifier as JSON, for the organisation whose export it was. The condition
/// may name persons: it is shown to the account that wrote it.
///
/// # Errors
///
/// [`HubError::NotFound`] when it is not there or another organisation's.
pub async fn show(services: &Services, actor: &Actor, id: &str) -> Result<Value, HubError> {
    let id: Uuid = id.parse().map_err(|_| HubError::NotFound)?;
    let found = exports::get(&services.database, &services.seal, actor, id)
        .await?
        .ok_or(HubError::NotFound)?;
    // Whoever reads no records learns nothing of exports either.
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
