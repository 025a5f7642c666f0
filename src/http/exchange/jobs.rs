//! Jobs: their progress and outcome, and how to cancel them.

use std::{sync::Arc, time::Duration};

use axum::{
    Extension,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use entity::catalogue::Family;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    authz::actor::Actor,
    context::OpCtx,
    domain::code::Coded as _,
    error::{HubError, Language},
    exchange::{format::report::Report, intake::profiles},
    http::{
        exchange::{ExchangeRequest, MOST_WAIT, WaitTime, parameters, upload},
        language::language,
        refusal::Refusal,
        state::AppState,
    },
    store::{
        exchange::jobs::{Job, JobState as Stands},
        feed::checkpoint::FeedOffset,
        sql::cell::shown,
    },
};

/// Jobs on a page when `first` is missing, and at most.
const FIRST: (u64, u64) = (50, 200);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JobPage {
    first: Option<u64>,
    after: Option<Uuid>,
}

/// `GET /exchange/jobs`: the jobs of the caller's organisation, newest first, in pages.
pub(super) async fn list(
    State(edge): State<Arc<AppState>>,
    Extension(ctx): Extension<OpCtx>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let asked = ExchangeRequest { ctx, headers };
    asked.answered(listed(&edge, &asked, query.as_deref()).await)
}

async fn listed(
    edge: &AppState,
    asked: &ExchangeRequest,
    query: Option<&str>,
) -> Result<Response, Refusal> {
    let actor = asked.actor(edge)?;
    let page: JobPage = parameters(query)?;
    // A caller who may list jobs may submit something; each job is checked on its own.
    profiles::all(&edge.services, &actor).await?;
    let first = page.first.unwrap_or(FIRST.0);
    if !(1..=FIRST.1).contains(&first) {
        return Err(Refusal::bad("first 须为 1 至 200。", "`first` is 1 to 200."));
    }
    let before = match page.after {
        // Of the organisation, whatever the caller may still submit: a page may end at any job.
        Some(id) => Some(edge.services.database.job(&actor, id).await?.ok_or(HubError::NotFound)?),
        None => None,
    };
    let jobs = edge.services.database.jobs(&actor, before.as_ref(), first).await?;
    let next = (jobs.len() as u64 == first).then(|| jobs.last().map(|job| job.id)).flatten();
    let mut list = Vec::with_capacity(jobs.len());
    for job in jobs.iter().filter(|job| edge.uploads.permit(&actor, job).is_ok()) {
        list.push(value(job, None, language(&asked.headers)));
    }
    Ok(axum::Json(json!({"jobs": list, "next": next})).into_response())
}

/// `GET /exchange/jobs/{id}`: a job, after waiting up to `wait` seconds for its end.
pub(super) async fn one(
    State(edge): State<Arc<AppState>>,
    Extension(ctx): Extension<OpCtx>,
    Path(id): Path<Uuid>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let asked = ExchangeRequest { ctx, headers };
    let outcome = async {
        let actor = asked.actor(&edge)?;
        let wait: WaitTime = parameters(query.as_deref())?;
        let patience = Duration::from_secs(wait.wait.unwrap_or(0).min(MOST_WAIT));
        let job = edge.uploads.wait(&actor, id, patience).await?;
        answer(&edge, &asked, &actor, &job, StatusCode::OK).await
    };
    asked.answered(outcome.await)
}

/// `HEAD /exchange/jobs/{id}`: how many bytes of its upload are durable, in `Upload-Offset`.
pub(super) async fn offset(
    State(edge): State<Arc<AppState>>,
    Extension(ctx): Extension<OpCtx>,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
) -> Response {
    let asked = ExchangeRequest { ctx, headers };
    let outcome = async {
        let actor = asked.actor(&edge)?;
        Ok(upload::progress(&edge.uploads.job(&actor, id).await?))
    };
    asked.answered(outcome.await)
}

/// `DELETE /exchange/jobs/{id}`: cancels a job and answers with its state.
pub(super) async fn cancel(
    State(edge): State<Arc<AppState>>,
    Extension(ctx): Extension<OpCtx>,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
) -> Response {
    let asked = ExchangeRequest { ctx, headers };
    let outcome = async {
        let actor = asked.actor(&edge)?;
        let job = edge.uploads.cancel(&asked.ctx, &actor, id).await?;
        answer(&edge, &asked, &actor, &job, StatusCode::OK).await
    };
    asked.answered(outcome.await)
}

/// The answer that describes a job.
pub(super) async fn answer(
    edge: &AppState,
    asked: &ExchangeRequest,
    actor: &Actor,
    job: &Job,
    status: StatusCode,
) -> Result<Response, Refusal> {
    let cursor = cursor(edge, actor, job).await?;
    let mut answer =
        (status, axum::Json(value(job, cursor, language(&asked.headers)))).into_response();
    let place =
        HeaderValue::from_str(&format!("/exchange/jobs/{}", job.id)).map_err(HubError::internal)?;
    answer.headers_mut().insert(header::LOCATION, place);
    if !job.state.ended() && job.state != Stands::Receiving {
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    Ok(answer)
}

/// Cursor from which the feed of the job's families continues after the job's last write, for a
/// caller who may read them.
async fn cursor(edge: &AppState, actor: &Actor, job: &Job) -> Result<Option<String>, Refusal> {
    if job.progress.event == FeedOffset::default() {
        return Ok(None);
    }
    let families: Vec<&'static Family> = match &job.order.profile {
        Some((_, text)) => {
            let profile = profiles::parse(&edge.services, text)?;
            profile.outputs().filter_map(|(name, _)| edge.services.catalogue.find(name)).collect()
        }
        None => vec![edge.uploads.family(&job.order.family)?],
    };
    match edge.services.cursor(actor, &families, job.progress.event).await {
        Ok(cursor) => Ok(Some(cursor)),
        Err(HubError::Forbidden(_) | HubError::Resync) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn value(job: &Job, cursor: Option<String>, language: Language) -> Value {
    let error =
        job.error.as_ref().map(|(code, text)| json!({"code": code, "message": text.say(language)}));
    let progress = &job.progress;
    let report = serde_json::from_str::<Report>(&progress.reading).ok();
    let notes: Option<Vec<String>> = report.as_ref().map(|report| {
        report.sentences().iter().map(|text| text.say(language).to_owned()).collect()
    });
    json!({
        "id": job.id,
        "idempotencyKey": job.order.key,
        "family": job.order.family,
        "mode": job.order.mode,
        "format": job.order.format,
        "sourceSystem": job.order.source_system,
        "profile": job.order.profile.as_ref().map(|(name, _)| name),
        "state": job.state.code(),
        "received": job.received,
        "rows": progress.rows,
        "created": progress.created,
        "updated": progress.updated,
        "unchanged": progress.unchanged,
        "rejected": progress.rejected,
        "skipped": progress.skipped,
        "reading": report,
        "notes": notes.unwrap_or_default(),
        "digest": job.digest,
        "accepted": Some(&progress.accepted).filter(|text| !text.is_empty()),
        "cursor": cursor,
        "error": error,
        "createdAt": shown(job.created_at),
        "finishedAt": job.finished_at.map(shown),
        "verdictsKept": !job.emptied,
    })
}
