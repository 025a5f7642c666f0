//! Tokens for systems: the client-credentials grant of OAuth 2.0 (RFC 6749 §4.4).

use std::sync::Arc;

use axum::{
    Extension, Form, Json,
    extract::{State, rejection::FormRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::json;
use zeroize::Zeroizing;

use crate::{
    accounts::sign_in::{Credentials, SYSTEM},
    context::OpCtx,
    domain::account::AccountKind,
    error::{HubError, Of},
    http::{language::language, state::AppState},
};

/// Address where systems get tokens.
pub const PATH: &str = "/token";

/// Bytes of a request at most.
pub const MOST_BYTES: usize = 8 * 1024;

/// What a system sends.
#[derive(Default, Deserialize)]
pub struct TokenForm {
    #[serde(default)]
    grant_type: String,
    #[serde(default)]
    client_id: String,
    #[serde(default)]
    client_secret: String,
}

/// `POST /token`.
pub async fn give(
    State(edge): State<Arc<AppState>>,
    Extension(ctx): Extension<OpCtx>,
    headers: HeaderMap,
    form: Result<Form<TokenForm>, FormRejection>,
) -> Response {
    let refused = |code: &'static str, error: &HubError| {
        error.log(Of::Request(ctx.request()), "token refused");
        let status = match error {
            HubError::Unauthenticated(_) => StatusCode::UNAUTHORIZED,
            HubError::Invalid(_) => StatusCode::BAD_REQUEST,
            HubError::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let text = error.text();
        let body = json!({"error": code, "error_description": text.say(language(&headers))});
        let mut answer = (status, Json(body)).into_response();
        if status == StatusCode::UNAUTHORIZED {
            answer.headers_mut().insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Basic realm=\"lianfang\""),
            );
        }
        answer
    };
    let Ok(Form(form)) = form else {
        let error = HubError::invalid(
            "请以 application/x-www-form-urlencoded 提交 grant_type=client_credentials。",
            "Send `grant_type=client_credentials` as application/x-www-form-urlencoded.",
        );
        return refused("invalid_request", &error);
    };
    if form.grant_type != "client_credentials" {
        let error = HubError::invalid(
            "grant_type 须为 client_credentials。",
            "`grant_type` is client_credentials.",
        );
        return refused("unsupported_grant_type", &error);
    }
    let (login, secret) = basic(&headers).unwrap_or((form.client_id, form.client_secret));
    let credentials = Credentials { login, password: Zeroizing::new(secret), code: String::new() };
    let sign_ins = &edge.services.sign_ins;
    match sign_ins.sign_in(&ctx, AccountKind::System, credentials).await {
        Ok(issued) => Json(json!({
            "access_token": issued.text, "token_type": "Bearer", "expires_in": SYSTEM,
        }))
        .into_response(),
        Err(error @ HubError::Unauthenticated(_)) => refused("invalid_client", &error),
        Err(error @ HubError::Invalid(_)) => refused("invalid_request", &error),
        Err(error @ HubError::Unavailable(_)) => refused("temporarily_unavailable", &error),
        Err(error) => refused("server_error", &error),
    }
}

/// Name and secret from `Authorization: Basic`.
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (_, text) =
        value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"))?;
    let text = String::from_utf8(BASE64_STANDARD.decode(text.trim()).ok()?).ok()?;
    let (login, secret) = text.split_once(':')?;
    // Both are form-encoded before they are joined (RFC 6749 §2.3.1).
    let plain = |part: &str| {
        let text = percent_decode_str(&part.replace('+', " ")).decode_utf8().ok()?.into_owned();
        Some(text)
    };
    Some((plain(login)?, plain(secret)?))
}
