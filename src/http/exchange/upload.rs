//! Uploads of files: `POST /exchange/{family}` starts one, `PATCH /exchange/jobs/{id}` continues
//! one.

use std::{sync::Arc, time::Duration};

use axum::{
    Extension,
    body::Body,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    authz::actor::Actor,
    context::OpCtx,
    domain::code::Coded as _,
    error::{HubError, Text},
    exchange::{
        format::media::Format,
        intake::{
            profiles,
            upload::{Again, Upload},
            uploads::OpenedJob,
        },
    },
    http::{
        exchange::{
            ExchangeRequest, MOST_WAIT, WaitTime,
            body::{Incoming, Next},
            form, jobs, parameters,
        },
        refusal::Refusal,
        state::AppState,
    },
    store::exchange::jobs::{Job, JobRequest, JobState as Stands},
};

/// Seconds to wait for a job when the caller does not say.
const WAIT: u64 = 10;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Begin {
    mode: Option<String>,
    source_system: Option<String>,
    profile: Option<String>,
    hidden: Option<String>,
    wait: Option<u64>,
}

impl Begin {
    /// Takes over the texts of a form, which must not say other than the query.
    fn of_form(&mut self, texts: &[(String, String)]) -> Result<(), Refusal> {
        for (name, text) in texts {
            let place = match name.as_str() {
                "mode" => &mut self.mode,
                "sourceSystem" => &mut self.source_system,
                "profile" => &mut self.profile,
                "hidden" => &mut self.hidden,
                "idempotencyKey" | "charset" => continue,
                _ => {
                    return Err(Refusal::bad(
                        "表单中有不认识的参数。可用 mode、sourceSystem、profile、hidden、charset、idempotencyKey。",
                        "The form has a text that is not known. Those known are mode, sourceSystem, profile, hidden, charset, idempotencyKey.",
                    ));
                }
            };
            if place.get_or_insert_with(|| text.clone()) != text {
                return Err(form::twice(name));
            }
        }
        Ok(())
    }
}

/// What the headers say about the content.
struct UploadHeaders {
    kind: Option<(Format, Option<String>)>,
    key: Option<String>,
}

/// `POST /exchange/{family}`: starts an upload, and answers with its job.
pub(super) async fn begin(
    State(edge): State<Arc<AppState>>,
    Extension(ctx): Extension<OpCtx>,
    Path(family): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let asked = ExchangeRequest { ctx, headers };
    asked.answered(begun(&edge, &asked, &family, query.as_deref(), body).await)
}

async fn begun(
    edge: &AppState,
    asked: &ExchangeRequest,
    family: &str,
    query: Option<&str>,
    body: Body,
) -> Result<Response, Refusal> {
    let actor = asked.actor(edge)?;
    let mut begin: Begin = parameters(query)?;
    let key = asked.header("idempotency-key").filter(|key| !key.is_empty()).map(ToOwned::to_owned);
    let mut alone = false;
    let (said, body) = if form::is_form(asked) {
        let form = form::read(asked, body).await?;
        begin.of_form(&form.texts)?;
        let text = |name: &str| {
            form.texts.iter().find(|(own, _)| own == name).map(|(_, text)| text.clone())
        };
        let kind = form.kind.map(|(format, charset)| {
            (format, text("charset").map(|text| text.to_ascii_lowercase()).or(charset))
        });
        // A web form cannot name a key; records that are already stored count as unchanged.
        let own = text("idempotencyKey");
        if own.as_ref().zip(key.as_ref()).is_some_and(|(own, key)| own != key) {
            return Err(form::twice("idempotencyKey"));
        }
        let key = key.or(own);
        alone = key.is_none();
        let key = key.unwrap_or_else(|| format!("form-{}", asked.ctx.new_id().simple()));
        (UploadHeaders { kind, key: Some(key) }, form.file)
    } else {
        (
            UploadHeaders {
                kind: asked.header("content-type").and_then(Format::of_media_type),
                key,
            },
            body,
        )
    };
    let order = order(edge, &actor, family, &begin, said).await?;
    let more = complete(asked)? == Some(false);
    let mut incoming = Incoming::new(asked, body, more)?;
    let wait = begin.wait.unwrap_or(WAIT);
    match edge.uploads.order(&asked.ctx, &actor, order).await? {
        OpenedJob::Receiving(job) => {
            let id = job.id;
            let received = receive(edge, asked, &actor, job, incoming, (more, wait)).await;
            // Nobody can send the rest of it, so it does not wait for that.
            let refused = |no: &Refusal| matches!(no.status.as_u16(), 400 | 413);
            if alone && received.as_ref().is_err_and(refused) {
                // The refusal is what the sender has to read; a job that stays open expires.
                let _ = edge.uploads.cancel(&asked.ctx, &actor, id).await;
            }
            received
        }
        OpenedJob::Whole(job) => {
            let mut again = Again::default();
            loop {
                match incoming.next().await? {
                    Next::Piece(count) => again.write(incoming.piece(count)),
                    Next::End => break,
                    Next::Broken => return Err(broken()),
                }
            }
            incoming.check()?;
            again.finish(&job)?;
            settled(edge, asked, &actor, job.id, wait).await
        }
    }
}

/// The job that the request describes.
async fn order(
    edge: &AppState,
    actor: &Actor,
    family: &str,
    begin: &Begin,
    said: UploadHeaders,
) -> Result<JobRequest, Refusal> {
    let family = edge.uploads.family(family)?;
    let mode = match begin.mode.as_deref() {
        None | Some("partial") => "PARTIAL",
        Some("atomic") => "ATOMIC",
        Some("dry-run") => "DRY_RUN",
        Some(_) => {
            return Err(Refusal::bad(
                "mode 须为 dry-run、atomic 或 partial。",
                "`mode` is dry-run, atomic or partial.",
            ));
        }
    };
    let leave_hidden = match begin.hidden.as_deref() {
        None | Some("take") => false,
        Some("leave") => true,
        Some(_) => {
            return Err(Refusal::bad("hidden 须为 take 或 leave。", "`hidden` is take or leave."));
        }
    };
    let Some((format, charset)) = said.kind else {
        let error = HubError::invalid(
            "Content-Type 须为 application/x-ndjson、text/csv（可带 charset）或 Excel 工作簿（.xlsx）；用表单上传时，文件名须以 .ndjson、.csv 或 .xlsx 结尾。",
            "Content-Type is application/x-ndjson, text/csv (with charset) or an Excel workbook (.xlsx); in a form, the name of the file \
             ends with .ndjson, .csv or .xlsx.",
        );
        return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, error));
    };
    let Some(key) = said.key else {
        return Err(Refusal::bad(
            "缺少 Idempotency-Key 头。请为每个文件给出一个新值，重发同一文件时用同一值。",
            "The header Idempotency-Key is missing. Give each file a new value, and the same one when you send it again.",
        ));
    };
    // Quotation marks belong to the syntax of the header, not to the key.
    let key = key.trim_matches('"').to_owned();
    let mut source_system = begin.source_system.clone().unwrap_or_default();
    let profile = match &begin.profile {
        None => None,
        Some(name) => {
            let kept = profiles::find_profile(&edge.services, actor, name).await?;
            let profile = profiles::parse(&edge.services, &kept.content)?;
            if format == Format::Ndjson || !profiles::makes(&profile, family.name) {
                return Err(Refusal::bad(
                    "导入模板用于 CSV 和 Excel 表，且须产生地址中的数据类别。",
                    "A profile is for tables, CSV or Excel, and makes rows of the family in the address.",
                ));
            }
            if begin.source_system.is_none() {
                profile.source_system().clone_into(&mut source_system);
            }
            profiles::for_file(profile, format, charset.as_deref())?;
            Some((kept.name, kept.content))
        }
    };
    let (family, format) = (family.name.to_owned(), format.code().to_owned());
    Ok(JobRequest {
        key,
        family,
        mode: mode.to_owned(),
        format,
        charset,
        source_system,
        profile,
        leave_hidden,
    })
}

/// Adds the body after the durable bytes.
async fn receive(
    edge: &AppState,
    asked: &ExchangeRequest,
    actor: &Actor,
    job: Job,
    mut incoming: Incoming,
    (more, wait): (bool, u64),
) -> Result<Response, Refusal> {
    let permit = edge.uploads.permit(actor, &job)?;
    let id = job.id;
    let mut upload = Upload::open(&edge.uploads, &permit, job.clone()).await?;
    let came = loop {
        match incoming.next().await {
            Ok(Next::Piece(count)) => match upload.write(incoming.piece(count)).await {
                Ok(()) => {}
                // Another upload may have taken over the job.
                Err(
                    error @ (HubError::Unavailable(_)
                    | HubError::Conflict(_)
                    | HubError::Overtaken(_)),
                ) => {
                    return Err(error.into());
                }
                Err(error) => break Err(too_large(error)),
            },
            Ok(Next::End) => break incoming.check(),
            Ok(Next::Broken) => {
                upload.pause().await?;
                return Err(broken());
            }
            Err(refusal) => break Err(refusal),
        }
    };
    if let Err(refusal) = came {
        // Parts of it are durable already. Nobody may continue after damaged or refused bytes, so
        // the upload starts anew.
        edge.services.database.parts_restart(&permit).await?;
        return Err(refusal);
    }
    if more {
        let received = upload.pause().await?;
        let job = edge.uploads.job(actor, id).await?;
        let mut answer = jobs::answer(edge, asked, actor, &job, StatusCode::ACCEPTED).await?;
        offset(&mut answer, received, false);
        return Ok(answer);
    }
    upload.finish(incoming.whole.as_deref()).await?;
    settled(edge, asked, actor, id, wait).await
}

fn too_large(error: HubError) -> Refusal {
    match error {
        HubError::TooComplex(_) => Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, error),
        other => other.into(),
    }
}

/// The job once it has ended, or the address to ask for it.
async fn settled(
    edge: &AppState,
    asked: &ExchangeRequest,
    actor: &Actor,
    id: Uuid,
    wait: u64,
) -> Result<Response, Refusal> {
    let job = edge.uploads.wait(actor, id, Duration::from_secs(wait.min(MOST_WAIT))).await?;
    let status = if job.state.ended() { StatusCode::OK } else { StatusCode::ACCEPTED };
    jobs::answer(edge, asked, actor, &job, status).await
}

/// `PATCH /exchange/jobs/{id}`: continues an upload at `Upload-Offset`.
pub(super) async fn append(
    State(edge): State<Arc<AppState>>,
    Extension(ctx): Extension<OpCtx>,
    Path(id): Path<Uuid>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let asked = ExchangeRequest { ctx, headers };
    asked.answered(appended(&edge, &asked, id, query.as_deref(), body).await)
}

async fn appended(
    edge: &AppState,
    asked: &ExchangeRequest,
    id: Uuid,
    query: Option<&str>,
    body: Body,
) -> Result<Response, Refusal> {
    let actor = asked.actor(edge)?;
    let wait: WaitTime = parameters(query)?;
    let job = edge.uploads.job(&actor, id).await?;
    let given = asked.header("upload-offset").and_then(|text| text.parse::<i64>().ok());
    let Some(given) = given else {
        return Err(Refusal::bad(
            "缺少 Upload-Offset 头。",
            "The header Upload-Offset is missing.",
        ));
    };
    if job.state != Stands::Receiving || given != job.received {
        let error = HubError::Conflict(Text::new(
            "上传位置不符，或内容已经收齐。请按 Upload-Offset 头给出的位置继续。",
            "This is not where the upload goes on, or it is whole. Go on where Upload-Offset says.",
        ));
        let mut answer = asked.answered(Err(error.into()));
        offset(
            &mut answer,
            u64::try_from(job.received).unwrap_or_default(),
            job.state != Stands::Receiving,
        );
        return Ok(answer);
    }
    let more = complete(asked)? != Some(true);
    let incoming = Incoming::new(asked, body, true)?;
    receive(edge, asked, &actor, job, incoming, (more, wait.wait.unwrap_or(WAIT))).await
}

/// Whether a request says that it brings the end of its file.
fn complete(asked: &ExchangeRequest) -> Result<Option<bool>, Refusal> {
    match asked.header("upload-complete") {
        None => Ok(None),
        Some("?1") => Ok(Some(true)),
        Some("?0") => Ok(Some(false)),
        Some(_) => Err(Refusal::bad(
            "请求头 Upload-Complete 只能是 ?1（文件到此为止）或 ?0（后面还有）。",
            "`Upload-Complete` is ?1 (the file ends here) or ?0 (more follows).",
        )),
    }
}

/// Sets the headers that say how far an upload is.
pub(super) fn offset(answer: &mut Response, received: u64, complete: bool) {
    let headers = answer.headers_mut();
    headers.insert("upload-offset", HeaderValue::from(received));
    headers.insert("upload-complete", HeaderValue::from_static(if complete { "?1" } else { "?0" }));
}

/// Usually nobody is left to read this.
fn broken() -> Refusal {
    let error = HubError::invalid(
        "上传中断。已收到的内容已保存，可查询 Upload-Offset 后继续。",
        "The upload broke off. What came is kept; ask for Upload-Offset and go on.",
    );
    Refusal::new(StatusCode::REQUEST_TIMEOUT, error).with(header::CONNECTION, "close")
}

/// Answer to `HEAD` of a job: how far its upload is.
pub(super) fn progress(job: &Job) -> Response {
    let mut answer = StatusCode::NO_CONTENT.into_response();
    offset(
        &mut answer,
        u64::try_from(job.received).unwrap_or_default(),
        job.state != Stands::Receiving,
    );
    answer
}
