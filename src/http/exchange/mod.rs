//! Files of records over HTTP: uploads, their outcome, import profiles.

use std::sync::Arc;

use axum::{
    Router,
    http::HeaderMap,
    response::Response,
    routing::{get, post},
};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    authz::actor::Actor,
    context::OpCtx,
    error::{HubError, Of},
    http::{
        auth::actor, language::language, media::Media, own::no_head, refusal::Refusal,
        state::AppState,
    },
};

mod body;
mod form;
mod jobs;
mod profiles;
mod template;
mod upload;
mod verdicts;

/// The routes below `/exchange`, except for exports.
pub fn routes() -> Router<Arc<AppState>> {
    Router::new()
        .route("/exchange/jobs", get(jobs::list))
        .route(
            "/exchange/jobs/{id}",
            get(jobs::one).head(jobs::offset).patch(upload::append).delete(jobs::cancel),
        )
        .route("/exchange/jobs/{id}/verdicts", get(verdicts::all).head(no_head))
        .route("/exchange/profiles", get(profiles::list))
        .route(
            "/exchange/profiles/{name}",
            get(profiles::one).put(profiles::keep).delete(profiles::delete),
        )
        .route("/exchange/{family}/template.xlsx", get(template::workbook))
        .route("/exchange/{family}", post(upload::begin))
}

/// What every handler here needs of a request.
pub(super) struct ExchangeRequest {
    pub(super) ctx: OpCtx,
    pub(super) headers: HeaderMap,
}

impl ExchangeRequest {
    /// The signed-in caller; 401 for nobody.
    pub(super) fn actor(&self, edge: &AppState) -> Result<Arc<Actor>, Refusal> {
        actor(edge, &self.headers, &self.ctx)?.ok_or_else(|| HubError::unauthenticated().into())
    }

    /// A header as text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim)
    }

    /// Turns an outcome into an answer.
    pub(super) fn answered(&self, outcome: Result<Response, Refusal>) -> Response {
        outcome.unwrap_or_else(|refusal| {
            refusal.error.log(Of::Request(self.ctx.request()), "request refused");
            refusal.answer(Media::Json, language(&self.headers), self.ctx.request())
        })
    }
}

/// Parameters of the query. An unknown one is refused by name: a misspelt filter must not act as no
/// filter.
pub(super) fn parameters<T: DeserializeOwned>(query: Option<&str>) -> Result<T, Refusal> {
    let uri = format!("/?{}", query.unwrap_or_default()).parse::<axum::http::Uri>();
    let read = uri.ok().and_then(|uri| axum::extract::Query::<T>::try_from_uri(&uri).ok());
    read.map(|axum::extract::Query(read)| read).ok_or_else(|| {
        Refusal::bad(
            "地址中的参数无法识别。请对照 docs/exchange.md 核对参数名和取值。",
            "The parameters of the address cannot be read. Compare their names and values with docs/exchange.md.",
        )
    })
}

/// The parameter that says how long to wait for a job.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WaitTime {
    pub(super) wait: Option<u64>,
}

/// Seconds a caller may wait for a job at most.
pub(super) const MOST_WAIT: u64 = 60;
