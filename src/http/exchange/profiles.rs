//! Import profiles stored for an organisation: `GET`, `PUT`, `DELETE /exchange/profiles/{name}`.

use std::sync::Arc;

use axum::{
    Extension,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

use crate::{
    context::OpCtx,
    exchange::intake::profiles,
    http::{exchange::ExchangeRequest, refusal::Refusal, state::AppState},
    store::sql::cell::shown,
};

/// `GET /exchange/profiles`: names of the organisation's profiles, who changed them and when.
pub(super) async fn list(
    State(edge): State<Arc<AppState>>,
    Extension(ctx): Extension<OpCtx>,
    headers: HeaderMap,
) -> Response {
    let asked = ExchangeRequest { ctx, headers };
    let outcome = async {
        let actor = asked.actor(&edge)?;
        let kept = profiles::all(&edge.services, &actor).await?;
        let list: Vec<Value> = kept
            .iter()
            .map(|profile| json!({"name": profile.name, "changedBy": profile.subject, "changedAt": shown(profile.changed_at)}))
            .collect();
        Ok(axum::Json(json!({"profiles": list})).into_response())
    };
    asked.answered(outcome.await)
}

/// `GET /exchange/profiles/{name}`: the TOML text of one profile.
pub(super) async fn one(
    State(edge): State<Arc<AppState>>,
    Extension(ctx): Extension<OpCtx>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    let asked = ExchangeRequest { ctx, headers };
    let outcome = async {
        let actor = asked.actor(&edge)?;
        let kept = profiles::find_profile(&edge.services, &actor, &name).await?;
        Ok(([(header::CONTENT_TYPE, "application/toml")], kept.content).into_response())
    };
    asked.answered(outcome.await)
}

/// `PUT /exchange/profiles/{name}`: stores a profile, replacing the one with that name; 204.
pub(super) async fn keep(
    State(edge): State<Arc<AppState>>,
    Extension(ctx): Extension<OpCtx>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let asked = ExchangeRequest { ctx, headers };
    let outcome = async {
        let actor = asked.actor(&edge)?;
        let unread = || {
            Refusal::bad(
                "模板须为 UTF-8 的 TOML 文本，最多 256 KiB。",
                "A profile is TOML text in UTF-8 of at most 256 KiB.",
            )
        };
        let bytes = axum::body::to_bytes(body, profiles::MOST_BYTES).await.map_err(|_| unread())?;
        let text = std::str::from_utf8(&bytes).map_err(|_| unread())?;
        profiles::keep(&edge.services, &asked.ctx, &actor, &name, text).await?;
        Ok(StatusCode::NO_CONTENT.into_response())
    };
    asked.answered(outcome.await)
}

/// `DELETE /exchange/profiles/{name}`: deletes a profile; 204.
pub(super) async fn delete(
    State(edge): State<Arc<AppState>>,
    Extension(ctx): Extension<OpCtx>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    let asked = ExchangeRequest { ctx, headers };
    let outcome = async {
        let actor = asked.actor(&edge)?;
        profiles::delete(&edge.services, &actor, &name).await?;
        Ok(StatusCode::NO_CONTENT.into_response())
    };
    asked.answered(outcome.await)
}
