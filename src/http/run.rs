//! One query or mutation: within limits, executed, audited, written. The same whatever it came
//! over.

use std::sync::Arc;

use async_graphql::{Request, Response as Answer, Value, value};
use axum::http::{StatusCode, header};
use tokio::time::{Instant, timeout_at};
use tracing::Instrument as _;

use crate::{
    authz::actor::Actor,
    context::OpCtx,
    error::{HubError, Language, Text},
    graphql::records::progress::RequestProgress,
    http::{
        audited::{Whose, audited},
        documents::{ParsedDocument, kind},
        refusal::Refusal,
        state::AppState,
        wire::AnswerBody,
    },
};

/// Who asks one thing, and how.
pub(super) struct Execution<'a> {
    pub edge: &'a AppState,
    pub ctx: &'a OpCtx,
    pub actor: Option<&'a Arc<Actor>>,
    pub language: Language,
}

/// An answer.
pub(super) struct Answered {
    /// Whether anything was executed: otherwise the document was refused by validation.
    pub executed: bool,
    /// Its status, and the seconds to wait, where it holds nothing but that the same may be asked
    /// again later.
    pub later: Option<(StatusCode, Option<u32>)>,
    /// The answer in JSON.
    pub json: Vec<u8>,
    /// Its errors as GraphQL lists them.
    pub errors: serde_json::Value,
}

/// What is answered with errors alone.
pub(super) enum Refused {
    /// The document is not executed.
    Document(HubError),
    /// The hub does not answer now, or at all.
    Request(Refusal),
}

impl Execution<'_> {
    /// Answers the operation that a request selects in its document.
    ///
    /// # Errors
    ///
    /// When the document is over a limit, and when it cannot be executed or audited in time.
    pub async fn run(
        &self,
        document: &ParsedDocument,
        mut request: Request,
    ) -> Result<Answered, Refused> {
        let Self { edge, ctx, language, .. } = *self;
        let operation = document.selected(&request).map_err(Refused::Document)?;
        let measured = edge.judge(document, operation, &request).map_err(Refused::Document)?;
        let _place = edge.place().await.map_err(Refused::Request)?;
        let judged_whole = document.judged_whole(operation, &request.variables);
        request.set_parsed_query(document.parsed.clone());
        let session = edge.session(self.actor.cloned(), ctx.clone(), language);
        let collector = Arc::clone(&session.collector);
        let answers = session.answers.clone();
        let progress = RequestProgress::new(document.known_valid());
        let late = |_| HubError::Unavailable("the request took too long".into());
        let until = Instant::now() + edge.timeout;
        let span = tracing::info_span!(
            "operation",
            kind = kind(operation),
            document = document.hash.as_str()
        );
        let run =
            edge.schema.execute(request.data(session).data(progress.clone())).instrument(span);
        let mut response = timeout_at(until, run).await.map_err(late).map_err(busy)?;
        settle_errors(&mut response, language, ctx.request());
        if let Some(actor) = self.actor {
            let whose = Whose { actor, ctx, kind: kind(operation), document: &document.hash };
            let entries = audited(&edge.services.audit, &whose, &collector, &response);
            // What is personal does not leave without its entry, whatever kept that from being
            // written.
            timeout_at(until, entries).await.map_err(late).flatten().map_err(busy)?;
        }
        let cost = value!({"estimated": measured.cost, "limit": edge.limits.cost});
        response.extensions.insert("cost".to_owned(), cost);
        response.extensions.insert("requestId".to_owned(), Value::String(ctx.request().to_owned()));
        let executed = progress.executed();
        if executed && judged_whole {
            document.found_valid();
        }
        let written = answers.take();
        let later = if executed && written.is_empty() { later(&response) } else { None };
        let wire = AnswerBody {
            document: &document.parsed,
            operation,
            response: &response,
            written,
            executed,
        };
        let fault =
            |error| Refused::Request(Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, error));
        let json = wire.json(&response.extensions).map_err(fault)?;
        Ok(Answered { executed, later, json, errors: serde_json::json!(response.errors) })
    }
}

/// Come again later.
fn busy(error: HubError) -> Refused {
    Refused::Request(
        Refusal::new(StatusCode::SERVICE_UNAVAILABLE, error).with(header::RETRY_AFTER, "5"),
    )
}

/// Errors of the library get a code, the number of the request and a Chinese sentence; those of the
/// hub have them.
pub(super) fn settle_errors(response: &mut Answer, language: Language, request: &str) {
    for error in &mut response.errors {
        let extensions = error.extensions.get_or_insert_default();
        if extensions.get("code").is_some() {
            continue;
        }
        let internal = error.message.starts_with("internal:");
        extensions.set("code", if internal { "INTERNAL" } else { "BAD_USER_INPUT" });
        extensions.set("requestId", request);
        let text = if internal {
            HubError::internal("schema").text()
        } else {
            Text::new(
                format!("查询不符合 schema，请对照 schema.graphql 修改：{}", error.message),
                error.message.clone(),
            )
        };
        error.message = text.say(language).to_owned();
    }
}

/// The status of an answer that holds nothing but errors which time or whoever asks can mend, and
/// the seconds to wait: all of them the same, and no root field with anything in it.
fn later(response: &Answer) -> Option<(StatusCode, Option<u32>)> {
    let empty = match &response.data {
        Value::Object(roots) => roots.values().all(|root| *root == Value::Null),
        data => *data == Value::Null,
    };
    let mut errors = response.errors.iter().map(|error| error.extensions.as_ref());
    let code = errors.next().filter(|_| empty)??.get("code")?;
    if !errors.all(|other| other.and_then(|other| other.get("code")) == Some(code)) {
        return None;
    }
    let after =
        |error: &async_graphql::ServerError| match error.extensions.as_ref()?.get("retryAfter")? {
            Value::Number(seconds) => u32::try_from(seconds.as_u64()?).ok(),
            _ => None,
        };
    if *code == Value::from("UNAVAILABLE") {
        return Some((StatusCode::SERVICE_UNAVAILABLE, Some(5)));
    }
    let exhausted = *code == Value::from("QUOTA_EXCEEDED");
    exhausted
        .then(|| (StatusCode::TOO_MANY_REQUESTS, response.errors.iter().filter_map(after).max()))
}
