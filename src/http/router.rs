//! All routes, and in one list the layers every request passes through.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderValue, StatusCode, header::HeaderName},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
    routing::{any, get, post},
};
use tower_http::{
    catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer, set_header::SetResponseHeaderLayer,
};
use tracing::Instrument as _;

use crate::{
    context::OpCtx,
    error::HubError,
    http::{
        exchange, export, graphql, health, media::Media, meeting, own, pace, refusal::Refusal,
        state::AppState, token,
    },
};

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The router of the hub. Bodies other than files are limited to `most_bytes`; `patience` limits
/// how long a client may stall.
pub fn router(edge: Arc<AppState>, most_bytes: usize, patience: Duration) -> Router {
    let fixed = |name: &'static str, value: &'static str| {
        SetResponseHeaderLayer::overriding(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        )
    };
    let unless_said = |name: &'static str, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        )
    };
    Router::new()
        .route("/graphql", any(graphql::handle))
        .route("/exchange/exports/{id}", get(export::shown))
        .route("/exchange/{family}", get(export::handle).head(own::no_head))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .merge(meeting::routes())
        .route(token::PATH, post(token::give).layer(DefaultBodyLimit::max(token::MOST_BYTES)))
        .layer(RequestBodyLimitLayer::new(most_bytes))
        // Uploads have limits of their own, checked while they arrive.
        .merge(exchange::routes())
        .with_state(edge)
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn_with_state(patience, pace::in_time))
        .layer(CatchPanicLayer::custom(|_| fault()))
        .layer(middleware::from_fn(own::words))
        .layer(middleware::from_fn(numbered))
        .layer(fixed("x-content-type-options", "nosniff"))
        .layer(fixed("cache-control", "no-store"))
        // Pages set a policy of their own; everything else gets this one.
        .layer(unless_said("content-security-policy", "default-src 'none'"))
        .layer(unless_said("referrer-policy", "no-referrer"))
}

/// A panic is a bug of the hub; the caller gets no details.
fn fault() -> Response {
    Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, HubError::internal("panic")).answer(
        Media::Json,
        crate::error::Language::Chinese,
        "",
    )
}

/// Gives a request its number, passes the number on, and logs the request without its content.
async fn numbered(mut request: Request, next: Next) -> Response {
    let given =
        request.headers().get(&REQUEST_ID).and_then(|value| value.to_str().ok()).filter(|text| {
            (1..=64).contains(&text.len())
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        });
    let number = given.map_or_else(|| uuid::Uuid::now_v7().to_string(), ToOwned::to_owned);
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    request.extensions_mut().insert(OpCtx::begin(number.clone()));
    let start = Instant::now();
    let span = tracing::info_span!("request", request = %number, %method, path = known(&path));
    let mut answer = next.run(request).instrument(span).await;
    let elapsed = start.elapsed();
    metrics::histogram!("lianfang_http_seconds", "path" => known(&path))
        .record(elapsed.as_secs_f64());
    tracing::info!(request = %number, %method, path = known(&path), status = answer.status().as_u16(), ms = elapsed.as_millis(), "answered");
    if let Ok(value) = HeaderValue::from_str(&number) {
        answer.headers_mut().insert(REQUEST_ID.clone(), value);
    }
    answer.into_response()
}

/// Unknown paths may contain anything, so they are not repeated.
fn known(path: &str) -> &'static str {
    if let Some(rest) = path.strip_prefix("/exchange/") {
        let (head, _) = rest.split_once('/').unwrap_or((rest, ""));
        return match head {
            "exports" => "/exchange/exports/{id}",
            "jobs" => "/exchange/jobs/{id}",
            "profiles" => "/exchange/profiles/{name}",
            _ => "/exchange/{family}",
        };
    }
    if path == "/meeting" || path.starts_with("/meeting/") {
        return meeting::known(path);
    }
    ["/graphql", "/sign-in", "/password", "/token", "/healthz", "/readyz", "/metrics"]
        .into_iter()
        .find(|own| *own == path)
        .unwrap_or("other")
}
