//! The workbook that people fill in: `GET /exchange/{family}/template.xlsx`.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Path, State},
    http::{HeaderMap, header},
    response::{IntoResponse as _, Response},
};

use crate::{
    context::OpCtx,
    domain::clock,
    error::HubError,
    exchange::format::{media::Format, template::template},
    http::{exchange::ExchangeRequest, state::AppState},
};

/// Answers with the template of a family; its list of regions is that of the caller's organisation.
pub(super) async fn workbook(
    State(edge): State<Arc<AppState>>,
    Extension(ctx): Extension<OpCtx>,
    Path(family): Path<String>,
    headers: HeaderMap,
) -> Response {
    let asked = ExchangeRequest { ctx, headers };
    let outcome = async {
        let actor = asked.actor(&edge)?;
        let family = edge.uploads.family(&family)?;
        edge.services.permit(&actor, family)?;
        let (reference, today) =
            (Arc::clone(&edge.services.reference), clock::shanghai_date(asked.ctx.now()));
        let region = actor.region().clone();
        let made =
            tokio::task::spawn_blocking(move || template(family, &reference, Some(&region), today))
                .await;
        let bytes = made.map_err(HubError::internal)??;
        let head = [
            (header::CONTENT_TYPE, Format::Xlsx.media_type().to_owned()),
            (
                header::CONTENT_DISPOSITION,
                format!("attachment; filename=\"{}-template.xlsx\"", family.list_name()),
            ),
        ];
        Ok((head, bytes).into_response())
    };
    asked.answered(outcome.await)
}
