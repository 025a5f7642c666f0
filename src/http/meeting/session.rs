//! The visitor: identified by the token in the `Authorization` header or in the session cookie.
//!
//! The cookie contains the token itself. It is sent to `/meeting` only, so it is useless for
//! GraphQL, and only if the visitor comes from a page of this site.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite, time::Duration};

use crate::{
    authz::actor::Actor,
    context::OpCtx,
    error::{HubError, Text},
    http::{auth::actor, refusal::Refusal, state::AppState},
};

const NAME: &str = "lianfang_session";
const PATH: &str = "/meeting";

/// A signed-in visitor.
pub(super) struct Visitor {
    /// The account, with its organisation, roles and purpose.
    pub(super) actor: Arc<Actor>,
    /// Whether the token came in a cookie, which signing out can remove.
    pub(super) by_cookie: bool,
}

/// The visitor of a request.
///
/// # Errors
///
/// 401 without a token, and for an invalid one.
pub(super) fn visitor(
    edge: &AppState,
    headers: &HeaderMap,
    ctx: &OpCtx,
) -> Result<Visitor, Refusal> {
    if let Some(actor) = actor(edge, headers, ctx)? {
        return Ok(Visitor { actor, by_cookie: false });
    }
    let token = token(headers).ok_or_else(|| {
        HubError::Unauthenticated(Text::new(
            "会议材料须登录后查看。请先登录。",
            "Materials of a meeting are shown to those who are signed in. Sign in first.",
        ))
    })?;
    let actor = edge.services.tokens.check(&edge.services.policy, &token, ctx.now().timestamp())?;
    Ok(Visitor { actor, by_cookie: true })
}

/// The token in the cookie.
fn token(headers: &HeaderMap) -> Option<String> {
    let sent = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut own =
        sent.flat_map(Cookie::split_parse).flatten().filter(|cookie| cookie.name() == NAME);
    own.next().map(|cookie| cookie.value().to_owned())
}

/// The cookie that keeps a visitor signed in until the token expires.
///
/// # Errors
///
/// [`HubError::Internal`] for a token that no header can hold.
pub(super) fn session_cookie(
    token: &str,
    actor: &Actor,
    ctx: &OpCtx,
    secure: bool,
) -> Result<HeaderValue, HubError> {
    let left = actor.expires_at().saturating_sub(ctx.now().timestamp());
    written(token, left, secure)
}

/// The cookie that ends a session.
pub(super) fn ended() -> Option<HeaderValue> {
    written("", 0, false).ok()
}

fn written(value: &str, seconds: i64, secure: bool) -> Result<HeaderValue, HubError> {
    let cookie = Cookie::build((NAME, value))
        .path(PATH)
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(secure)
        .max_age(Duration::seconds(seconds))
        .build();
    HeaderValue::from_str(&cookie.to_string()).map_err(HubError::internal)
}
