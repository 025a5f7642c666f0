//! One query or mutation: within limits, executed, audited, written. The same whatever it came over.

use std::sync::Arc;

use async_graphql::{Request, Response as Answer, Value};
use axum::http::{StatusCode, header};
use tokio::time::{Instant, timeout_at};

use crate::{
    authz::actor::Actor,
    context::OpCtx,
    error::{HubError, Language, Text},
    graphql::{progress::Progress, records::object},
    http::{
        audited::{Whose, audited},
        documents::{Document, kind},
        graphql::Edge,
        refusal::Refusal,
        wire::Wire,
    },
};

/// Who asks one thing, and how.
pub(super) struct Asking<'a> {
    pub edge: &'a Edge,
    pub ctx: &'a OpCtx,
    pub actor: Option<&'a Arc<Actor>>,
    pub language: Language,
}

/// An answer.
pub(super) struct Answered {
    /// Whether anything was executed: otherwise the document was refused by validation.
    pub executed: bool,
    /// Whether it says of every root field that the store is away, and nothing else.
    pub away: bool,
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

impl Asking<'_> {
    /// Answers the operation that a request selects in its document.
    ///
    /// # Errors
    ///
    /// When the document is over a limit, and when it cannot be executed or audited in time.
    pub async fn run(&self, document: &Document, mut request: Request) -> Result<Answered, Refused> {
        let Self { edge, ctx, language, .. } = *self;
        let operation = document.selected(&request).map_err(Refused::Document)?;
        let measured = edge.judge(document, operation, &request).map_err(Refused::Document)?;
        let _place = edge.place().await.map_err(Refused::Request)?;
        let judged_whole = document.judged_whole(operation, &request.variables);
        request.set_parsed_query(document.parsed.clone());
        let session = edge.session(self.actor.cloned(), ctx.clone(), language);
        let collector = Arc::clone(&session.collector);
        let answers = session.answers.clone();
        let progress = Progress::new(document.known_valid());
        let late = |_| HubError::Unavailable("the request took too long".into());
        let until = Instant::now() + edge.timeout;
        let run = edge.schema.execute(request.data(session).data(progress.clone()));
        let mut response = timeout_at(until, run).await.map_err(late).map_err(busy)?;
        settle_errors(&mut response, language, ctx.request());
        if let Some(actor) = self.actor {
            let whose = Whose { actor, ctx, kind: kind(operation), document: &document.hash };
            let entries = audited(&edge.services.audit, &whose, &collector, &response);
            // What is personal does not leave without its entry, whatever kept that from being written.
            timeout_at(until, entries).await.map_err(late).flatten().map_err(busy)?;
        }
        let cost = object([("estimated", measured.cost.into()), ("limit", edge.limits.cost.into())]);
        response.extensions.insert("cost".to_owned(), cost);
        response.extensions.insert("requestId".to_owned(), Value::String(ctx.request().to_owned()));
        let executed = progress.executed();
        if executed && judged_whole {
            document.found_valid();
        }
        let written = answers.take();
        let away = executed && written.is_empty() && holds_nothing_but_outages(&response);
        let wire = Wire { document: &document.parsed, operation, response: &response, written, executed };
        let fault = |error| Refused::Request(Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, error));
        let json = wire.json(&response.extensions).map_err(fault)?;
        Ok(Answered { executed, away, json, errors: serde_json::json!(response.errors) })
    }
}

/// Come again later.
fn busy(error: HubError) -> Refused {
    Refused::Request(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, error).with(header::RETRY_AFTER, "5"))
}

/// Errors of the library get a code, the number of the request and a Chinese sentence; those of the hub have them.
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
            Text::new(format!("查询不符合 schema，请对照 schema.graphql 修改：{}", error.message), error.message.clone())
        };
        error.message = text.say(language).to_owned();
    }
}

/// Whether an answer says of every root field that the store is away, and nothing else.
fn holds_nothing_but_outages(response: &Answer) -> bool {
    let empty = match &response.data {
        Value::Object(roots) => roots.values().all(|root| *root == Value::Null),
        data => *data == Value::Null,
    };
    let away = |error: &async_graphql::ServerError| {
        error.extensions.as_ref().and_then(|own| own.get("code")).is_some_and(|code| *code == Value::from("UNAVAILABLE"))
    };
    empty && !response.errors.is_empty() && response.errors.iter().all(away)
}
