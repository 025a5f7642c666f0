//! Health for whoever runs the hub; nothing here shows records.

use std::sync::{Arc, OnceLock};

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::http::state::AppState;

static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Installs the recorder of metrics, once a process.
pub fn recorder() -> Option<&'static PrometheusHandle> {
    RECORDER.get_or_init(|| PrometheusBuilder::new().install_recorder().ok()).as_ref()
}

/// `GET /healthz`: the process runs.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the hub can read, write, commit and audit, or what it cannot.
pub async fn ready(State(edge): State<Arc<AppState>>) -> Response {
    match edge.services.readiness.ask().await {
        Ok(()) => "ready\n".into_response(),
        Err(fault) => unready(&fault.to_string()),
    }
}

/// Why a hub is not ready.
pub(super) fn unready(why: &str) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")], format!("not ready: {why}\n"))
        .into_response()
}

/// `GET /metrics` in the text form of Prometheus.
pub async fn metrics(State(edge): State<Arc<AppState>>) -> Response {
    metrics::counter!("lianfang_database_statements_total")
        .absolute(edge.services.database.statements());
    let text = recorder().map(PrometheusHandle::render).unwrap_or_default();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}
