//! The visitor: identified by the token in the `Authorization` header or in the session cookie.
//!
//! The cookie contains the token itself: that of an account was made for the session, is drawn out
//! by using it, and ends with it, one that was pasted may be in use elsewhere and goes on. It is sent to `/meeting` only, so it is useless for
//! GraphQL, and only if the visitor comes from a page of this site.

use std::sync::Arc;

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use cookie::{Cookie, SameSite, time::Duration};

use crate::{
    accounts::{revoking::revoke, sign_in::SESSION},
    authz::{actor::Actor, revoked::Revocation},
    context::OpCtx,
    error::{HubError, Text},
    http::{auth::actor, meeting::origin, refusal::Refusal, state::AppState},
};

/// The cookie of a pasted token.
const PASTED: &str = "lianfang_session";
/// The cookie of an account.
const ACCOUNT: &str = "lianfang_account";
const PATH: &str = "/meeting";

/// A signed-in visitor.
pub(super) struct Visitor {
    /// The account, with its organisation, roles and purpose.
    pub(super) actor: Arc<Actor>,
    /// Whether the token came in a cookie, which signing out can remove.
    pub(super) by_cookie: bool,
    /// The cookie with which the session goes on, where using it draws it out.
    drawn_out: Option<HeaderValue>,
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
        return Ok(Visitor { actor, by_cookie: false, drawn_out: None });
    }
    let (token, signed) = token(headers).ok_or_else(|| {
        HubError::Unauthenticated(Text::new(
            "会议材料须登录后查看。请先登录。",
            "Materials of a meeting are shown to those who are signed in. Sign in first.",
        ))
    })?;
    let checked = edge.services.tokens.check(&edge.services.policy, &token, ctx.now().timestamp());
    // Whoever signed in with an account knows of no token.
    let actor = checked.map_err(|error| match (error, signed) {
        (HubError::Unauthenticated(_), Signed::In) => HubError::Unauthenticated(Text::new(
            "登录已结束：三十分钟没有操作、已满八小时、已在别处退出，或账号有变动。请重新登录。",
            "The session has ended: after thirty minutes without use, after eight hours, by signing out elsewhere, or because the account was changed. Sign in again.",
        )),
        (error, _) => error,
    })?;
    edge.rates.take(&actor)?;
    let drawn_out = match signed {
        Signed::In => edge.services.tokens.drawn_out(&token, ctx.now().timestamp())?,
        Signed::Pasted => None,
    };
    let secure = edge.secure_cookies && !origin::is_on_loopback(headers);
    let drawn_out =
        drawn_out.map(|later| written((ACCOUNT, &later.text), SESSION, secure)).transpose()?;
    Ok(Visitor { actor, by_cookie: true, drawn_out })
}

impl Visitor {
    /// Puts the cookie of a session that goes on into an answer.
    pub(super) fn goes_on(&self, answer: &mut Response) {
        if let Some(cookie) = &self.drawn_out {
            answer.headers_mut().append(header::SET_COOKIE, cookie.clone());
        }
    }
}

/// How a visitor came by a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signed {
    /// By signing in with an account.
    In,
    /// By pasting it.
    Pasted,
}

/// Ends the session of a visitor who signed in with an account, on every hub.
///
/// # Errors
///
/// What store and log say.
pub(super) async fn left(
    edge: &AppState,
    headers: &HeaderMap,
    ctx: &OpCtx,
) -> Result<(), HubError> {
    let Some((token, Signed::In)) = token(headers) else { return Ok(()) };
    let tokens = &edge.services.tokens;
    // Whoever is not signed in has nothing to end.
    let Ok(actor) = tokens.check(&edge.services.policy, &token, ctx.now().timestamp()) else {
        return Ok(());
    };
    let Some(number) = actor.token() else { return Ok(()) };
    let hub = (&edge.services.database, &edge.services.audit, &**tokens);
    revoke(hub, (&*actor).into(), ctx, Revocation::Token(number), "退出登录").await
}

/// The token in the cookie.
fn token(headers: &HeaderMap) -> Option<(String, Signed)> {
    let of = |name: &str| {
        let sent = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut own =
            sent.flat_map(Cookie::split_parse).flatten().filter(|cookie| cookie.name() == name);
        own.next().map(|cookie| cookie.value().to_owned())
    };
    of(ACCOUNT)
        .map(|token| (token, Signed::In))
        .or_else(|| of(PASTED).map(|token| (token, Signed::Pasted)))
}

/// The cookies that keep a visitor signed in until the token expires: the new one, and the end of
/// any other.
///
/// # Errors
///
/// [`HubError::Internal`] for a token that no header can hold.
pub(super) fn session_cookies(
    (token, signed): (&str, Signed),
    actor: &Actor,
    ctx: &OpCtx,
    secure: bool,
) -> Result<[HeaderValue; 2], HubError> {
    let left = actor.expires_at().saturating_sub(ctx.now().timestamp());
    let (own, other, left) = match signed {
        // Longer than a session that nobody uses: whoever comes back is told that it has ended.
        Signed::In => (ACCOUNT, PASTED, SESSION),
        Signed::Pasted => (PASTED, ACCOUNT, left),
    };
    Ok([written((own, token), left, secure)?, written((other, ""), 0, secure)?])
}

/// The cookies that end a session.
pub(super) fn ended() -> impl Iterator<Item = HeaderValue> {
    [PASTED, ACCOUNT].into_iter().filter_map(|name| written((name, ""), 0, false).ok())
}

fn written(
    named: (&'static str, &str),
    seconds: i64,
    secure: bool,
) -> Result<HeaderValue, HubError> {
    let cookie = Cookie::build((named.0, named.1.to_owned()))
        .path(PATH)
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(secure)
        .max_age(Duration::seconds(seconds))
        .build();
    HeaderValue::from_str(&cookie.to_string()).map_err(HubError::internal)
}
