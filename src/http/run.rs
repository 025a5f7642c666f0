//! One query or mutation: checked against limits, executed, audited, written. The same for every
//! transport.

use std::sync::Arc;

use async_graphql::{Request, Response as Answer, Value, parser::types::ExecutableDocument, value};
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

/// The caller and context of one operation.
pub(super) struct Execution<'a> {
    pub edge: &'a AppState,
    pub ctx: &'a OpCtx,
    pub actor: Option<&'a Arc<Actor>>,
    pub language: Language,
}

/// The answer to one operation.
pub(super) struct Answered {
    /// Whether the document was executed; otherwise validation refused it.
    pub executed: bool,
    /// HTTP status and seconds to wait, if the answer contains only errors that a later attempt may
    /// avoid; else `None`.
    pub later: Option<(StatusCode, Option<u32>)>,
    /// The complete answer as JSON.
    pub json: Vec<u8>,
    /// Its errors as GraphQL lists them.
    pub errors: serde_json::Value,
}

/// An answer that consists of errors only.
pub(super) enum Refused {
    /// The document is not executed.
    Document(HubError),
    /// The hub does not answer the request, now or at all.
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
        let mut session = edge.session(self.actor.cloned(), ctx.clone(), language);
        match document.roots.as_ref().filter(|_| document.known_valid()) {
            Some(roots) => {
                session.document = Some(Arc::clone(&document.parsed));
                request.set_parsed_query(roots.clone());
            }
            None => request.set_parsed_query(ExecutableDocument::clone(&document.parsed)),
        }
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
            // Personal data never leaves without its audit entry, whatever prevented the entry from
            // being written.
            timeout_at(until, entries).await.map_err(late).flatten().map_err(busy)?;
        }
        // Revoked meanwhile: what was found is told nobody. What was written stays written.
        if let Some(actor) = self.actor {
            edge.services.tokens.stands(actor).map_err(|error| {
                let refusal = Refusal::new(StatusCode::UNAUTHORIZED, error);
                Refused::Request(refusal.with(header::WWW_AUTHENTICATE, "Bearer"))
            })?;
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

/// Asks the client to try again later.
fn busy(error: HubError) -> Refused {
    Refused::Request(
        Refusal::new(StatusCode::SERVICE_UNAVAILABLE, error).with(header::RETRY_AFTER, "5"),
    )
}

/// Errors of the library get a code, the request number and a Chinese message; the hub's own errors
/// have them already.
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

/// Status and seconds to wait for an answer that contains only errors which time or the caller can
/// mend: all of the same kind, and no root field with data.
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
