//! Verdicts on the rows of a job: as NDJSON, as CSV, or as the workbook to be corrected and sent
//! again.

use std::{io, sync::Arc};

use axum::{
    Extension,
    body::{Body, Bytes},
    extract::{Path, RawQuery, State},
    http::{HeaderMap, header},
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::{
    audit::entry::Entry,
    context::OpCtx,
    error::Of,
    exchange::{
        format::media::Format,
        intake::verdicts::{self, VerdictFormat},
    },
    http::{
        exchange::{ExchangeRequest, parameters},
        language::language,
        media::preferred,
        refusal::Refusal,
        state::AppState,
    },
};

/// Pieces buffered for a slow reader.
const AHEAD: usize = 8;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    only: Option<String>,
    format: Option<String>,
}

/// `GET /exchange/jobs/{id}/verdicts`: the verdicts as a file; `only=rejected` leaves out the rest.
pub(super) async fn all(
    State(edge): State<Arc<AppState>>,
    Extension(ctx): Extension<OpCtx>,
    Path(id): Path<Uuid>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let asked = ExchangeRequest { ctx, headers };
    asked.answered(given(&edge, &asked, id, query.as_deref()).await)
}

async fn given(
    edge: &AppState,
    asked: &ExchangeRequest,
    id: Uuid,
    query: Option<&str>,
) -> Result<Response, Refusal> {
    let actor = asked.actor(edge)?;
    let wish: Wish = parameters(query)?;
    let only_rejected = match wish.only.as_deref() {
        None => false,
        Some("rejected") => true,
        Some(_) => {
            return Err(Refusal::bad(
                "only 须为 rejected，或不给。",
                "`only` is rejected, or is left out.",
            ));
        }
    };
    let format = match &wish.format {
        Some(name) => Format::of_name(name).ok_or_else(|| {
            Refusal::bad("format 须为 ndjson、csv 或 xlsx。", "`format` is ndjson, csv or xlsx.")
        })?,
        None => preferred(&asked.headers)?,
    };
    let job = edge.uploads.job(&actor, id).await?;
    let wanted = VerdictFormat { format, only_rejected, language: language(&asked.headers) };
    let name = format!(
        "{}-verdicts.{}",
        edge.uploads.family(&job.order.family)?.list_name(),
        format.name()
    );
    let giving = verdicts::prepare(&edge.uploads, &actor, &job, wanted)?;
    // The workbook repeats what was sent, so the audit log records who fetches it.
    let operation = format!("verdicts {}", job.order.family);
    let digest = job.digest.clone().unwrap_or_default();
    edge.services
        .audit
        .append(Entry::of(&actor, asked.ctx.now(), asked.ctx.request(), operation, digest))
        .await?;
    let (sender, receiver) = mpsc::channel::<io::Result<Bytes>>(AHEAD);
    tokio::task::spawn_blocking(move || {
        let mut out = Sending(sender.clone());
        if let Err(error) = giving.write(&mut out) {
            error.warn(Of::Job(id), "verdicts broke off");
            // The body ends without its last chunk, so that the reader notices.
            let _ = sender.blocking_send(Err(io::Error::other("the verdicts broke off")));
        }
    });
    let (services, reader) = (Arc::clone(&edge.services), Arc::clone(&actor));
    let pieces = futures_util::stream::unfold(receiver, move |mut receiver| {
        let (services, reader) = (Arc::clone(&services), Arc::clone(&reader));
        async move {
            let piece = receiver.recv().await?;
            let broken = |_| io::Error::other("the verdicts broke off");
            Some((services.tokens.stands(&reader).map_err(broken).and(piece), receiver))
        }
    });
    let head = [
        (header::CONTENT_TYPE, format.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((head, Body::from_stream(pieces)).into_response())
}

/// Sends pieces to the reader of the body, and waits for it.
struct Sending(mpsc::Sender<io::Result<Bytes>>);

impl io::Write for Sending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .blocking_send(Ok(Bytes::copy_from_slice(bytes)))
            .map_err(|_| io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
