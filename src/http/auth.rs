//! Who a request comes from.

use std::sync::Arc;

use axum::http::{HeaderMap, StatusCode, header};

use crate::{
    authz::actor::Actor,
    context::OpCtx,
    error::HubError,
    http::{refusal::Refusal, state::AppState},
};

/// Who signs in by a request's token; nobody without one.
///
/// # Errors
///
/// 401 for a token that does not hold; 429 for an account that sends too many requests.
pub(super) fn actor(
    edge: &AppState,
    headers: &HeaderMap,
    ctx: &OpCtx,
) -> Result<Option<Arc<Actor>>, Refusal> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let checked = value
        .to_str()
        .map_err(|_| HubError::unauthenticated())
        .and_then(|text| bearer(edge, text, ctx));
    let actor = checked.map_err(|error| {
        Refusal::new(StatusCode::UNAUTHORIZED, error).with(header::WWW_AUTHENTICATE, "Bearer")
    })?;
    edge.rates.take(&actor)?;
    Ok(Some(actor))
}

/// Who a text `Bearer …` says is asking.
///
/// # Errors
///
/// [`HubError::Unauthenticated`].
pub(super) fn bearer(edge: &AppState, text: &str, ctx: &OpCtx) -> Result<Arc<Actor>, HubError> {
    let (_, token) = text
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .ok_or_else(HubError::unauthenticated)?;
    edge.services.tokens.check(&edge.services.policy, token.trim(), ctx.now().timestamp())
}
