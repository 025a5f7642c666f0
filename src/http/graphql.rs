//! One GraphQL request: who, what, within limits, executed, audited, answered.

use std::{sync::Arc, time::Duration};

use async_graphql::{
    Request, Response as Answer, Value,
    parser::types::{OperationDefinition, OperationType},
};
use axum::{
    body::Bytes,
    extract::{
        RawQuery, State,
        ws::{WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
    },
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use entity::catalogue::Family;
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::{Instant, timeout_at},
};

use crate::{
    authz::actor::Actor,
    context::OpCtx,
    error::{HubError, Language, Text},
    exchange::{export::order, intake::desk::Desk},
    graphql::{changes, names::Names, progress::Progress, session::Session, variables},
    http::{
        audited::{Whose, audited},
        body,
        documents::{Document, Documents, kind},
        limits::{Limits, Measure, Rows, measure},
        live::{self, Streams},
        media::{Media, wants_events, wants_socket},
        refusal::Refusal,
        wire::Wire,
    },
    meeting::rulebook::Rulebook,
    services::Services,
};

/// When to ask again for what the store could not give now.
const RETRY: HeaderValue = HeaderValue::from_static("5");
/// Waiting for a place ends after this.
const PATIENCE: Duration = Duration::from_millis(500);

/// What the handler needs.
pub struct Edge {
    /// The hub.
    pub services: Arc<Services>,
    /// Where files are handed in.
    pub desk: Arc<Desk>,
    /// What the meeting goes by.
    pub rules: Arc<Rulebook>,
    /// The schema.
    pub schema: async_graphql::dynamic::Schema,
    /// Names of all families' fields.
    pub names: Arc<Names>,
    /// Kept documents.
    pub documents: Documents,
    /// Bounds of a document.
    pub limits: Limits,
    /// Requests executed at the same time.
    pub places: Semaphore,
    /// A request ends after this.
    pub timeout: Duration,
    /// Subscriptions that are followed.
    pub streams: Streams,
    /// Bounds of a live connection.
    pub live: live::Settings,
    /// Bounds of an export.
    pub exports: order::Limits,
    /// Whether the cookie of a session is for encrypted connections only.
    pub secure_cookies: bool,
}

impl Edge {
    /// A session for a request.
    pub(super) fn session(&self, actor: Option<Arc<Actor>>, ctx: OpCtx, language: Language) -> Session {
        Session::new(Arc::clone(&self.services), Arc::clone(&self.names), actor, ctx, language)
    }

    /// A place among the requests that are executed at the same time.
    ///
    /// # Errors
    ///
    /// 503 when none comes free in time.
    pub(super) async fn place(&self) -> Result<SemaphorePermit<'_>, Refusal> {
        let place = tokio::time::timeout(PATIENCE, self.places.acquire()).await;
        place.ok().and_then(Result::ok).ok_or_else(|| {
            let error = HubError::Unavailable("too many requests at the same time".into());
            Refusal::new(StatusCode::SERVICE_UNAVAILABLE, error).with(header::RETRY_AFTER, "1")
        })
    }

    /// Whether an operation is within limits and its variables fit.
    ///
    /// # Errors
    ///
    /// [`HubError::TooComplex`] or [`HubError::Invalid`].
    pub(super) fn judge(
        &self,
        document: &Document,
        operation: &OperationDefinition,
        request: &Request,
    ) -> Result<Measure, HubError> {
        let measured = measure(&self.limits, &document.parsed, operation, &request.variables, &|name| self.rows(name))?;
        variables::check(self.schema.registry(), operation, &request.variables)?;
        Ok(measured)
    }

    /// How many rows a field of that name gives, if it gives a list.
    fn rows(&self, name: &str) -> Option<Rows> {
        if name == changes::NAME {
            return Some(Rows { default: changes::DEFAULT_FIRST, most: changes::MOST_FIRST });
        }
        let is_list =
            |family: &Family| family.list_name() == name || family.links.iter().any(|link| link.many && link.name == name);
        self.services.catalogue.families().any(is_list).then_some(Rows::OF_LIST)
    }
}

/// Answers `GET` and `POST /graphql`: at once, with a stream of events, or by going over to a WebSocket.
pub async fn handle(
    State(edge): State<Arc<Edge>>,
    axum::Extension(ctx): axum::Extension<OpCtx>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    method: Method,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Response {
    let media = Media::negotiated(&headers);
    let language = language(&headers);
    let outcome = if wants_socket(&headers) {
        live::socket::upgrade(&edge, &ctx, upgrade, &headers, language)
    } else if wants_events(&headers) {
        actor(&edge, &headers, &ctx).and_then(|actor| {
            let request = body::read(&method, &headers, query.as_deref(), &body)?;
            live::events::answer(&edge, &ctx, actor, request, &headers, language)
        })
    } else {
        answer(&edge, &ctx, &method, &headers, query.as_deref(), &body, media, language).await
    };
    let answer = outcome.unwrap_or_else(|refusal| {
        if let Some(cause) = refusal.error.cause() {
            tracing::error!(request = ctx.request(), code = refusal.error.code(), cause = %cause, "request refused");
        }
        refusal.answer(media, language, ctx.request())
    });
    metrics::counter!("lianfang_graphql_requests_total", "status" => answer.status().as_u16().to_string()).increment(1);
    answer
}

/// Language by `Accept-Language`: English when it stands before Chinese.
#[must_use]
pub fn language(headers: &HeaderMap) -> Language {
    let text = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default().to_ascii_lowercase();
    let first = text.split(',').map(str::trim).find(|tag| tag.starts_with("zh") || tag.starts_with("en"));
    if first.is_some_and(|tag| tag.starts_with("en")) { Language::English } else { Language::Chinese }
}

/// Who signs in by a request's token; nobody without one.
///
/// # Errors
///
/// 401 for a token that does not hold.
pub(super) fn actor(edge: &Edge, headers: &HeaderMap, ctx: &OpCtx) -> Result<Option<Arc<Actor>>, Refusal> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let checked = value.to_str().map_err(|_| HubError::unauthenticated()).and_then(|text| bearer(edge, text, ctx));
    checked.map(Some).map_err(|error| Refusal::new(StatusCode::UNAUTHORIZED, error).with(header::WWW_AUTHENTICATE, "Bearer"))
}

/// Who a text `Bearer …` says is asking.
///
/// # Errors
///
/// [`HubError::Unauthenticated`].
pub(super) fn bearer(edge: &Edge, text: &str, ctx: &OpCtx) -> Result<Arc<Actor>, HubError> {
    let (_, token) =
        text.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).ok_or_else(HubError::unauthenticated)?;
    edge.services.tokens.check(&edge.services.policy, token.trim(), ctx.now().timestamp())
}

#[expect(clippy::too_many_arguments, reason = "the parts of one HTTP request")]
async fn answer(
    edge: &Edge,
    ctx: &OpCtx,
    method: &Method,
    headers: &HeaderMap,
    query: Option<&str>,
    body: &[u8],
    media: Media,
    language: Language,
) -> Result<Response, Refusal> {
    let actor = actor(edge, headers, ctx)?;
    let mut request = body::read(method, headers, query, body)?;
    // From here on it is a document that is refused, not a request: 200 for plain JSON, 400 for GraphQL's own type.
    let refused = |error| {
        let status = if media == Media::Json { StatusCode::OK } else { StatusCode::BAD_REQUEST };
        Refusal::new(status, error)
    };
    let document = edge.documents.get(&edge.limits, &request.query).map_err(refused)?;
    let operation = document.selected(&request).map_err(refused)?;
    if *method == Method::GET && operation.ty != OperationType::Query {
        let error = HubError::invalid("变更须使用 POST。", "A mutation is sent by POST.");
        return Err(Refusal::new(StatusCode::METHOD_NOT_ALLOWED, error).with(header::ALLOW, "POST"));
    }
    if operation.ty == OperationType::Subscription {
        return Err(refused(HubError::invalid(
            "订阅请使用 WebSocket（graphql-transport-ws），或带上 Accept: text/event-stream。",
            "Subscribe over a WebSocket (graphql-transport-ws), or with `Accept: text/event-stream`.",
        )));
    }
    let measured = edge.judge(&document, operation, &request).map_err(refused)?;
    let _place = edge.place().await?;
    request.set_parsed_query(document.parsed.clone());
    let session = edge.session(actor.clone(), ctx.clone(), language);
    let collector = Arc::clone(&session.collector);
    let answers = session.answers.clone();
    let progress = Progress::new(document.known_valid());
    let judged_whole = document.judged_whole(operation, &request.variables);
    let late = |_| HubError::Unavailable("the request took too long".into());
    let until = Instant::now() + edge.timeout;
    let run = edge.schema.execute(request.data(session).data(progress.clone()));
    let mut response = timeout_at(until, run).await.map_err(late)?;
    settle_errors(&mut response, language, ctx.request());
    if let Some(actor) = &actor {
        let whose = Whose { actor, ctx, kind: kind(operation), document: &document.hash };
        let entries = audited(&edge.services.audit, &whose, &collector, &response);
        timeout_at(until, entries).await.map_err(late).flatten().map_err(unaudited)?;
    }
    let cost = crate::graphql::records::object([("estimated", measured.cost.into()), ("limit", edge.limits.cost.into())]);
    response.extensions.insert("cost".to_owned(), cost);
    response.extensions.insert("requestId".to_owned(), Value::String(ctx.request().to_owned()));
    let executed = progress.executed();
    if executed && judged_whole {
        document.found_valid();
    }
    let written = answers.take();
    let away = executed && written.is_empty() && holds_nothing_but_outages(&response);
    let status = match media {
        _ if away => StatusCode::SERVICE_UNAVAILABLE,
        Media::Graphql if !executed => StatusCode::BAD_REQUEST,
        Media::Json | Media::Graphql => StatusCode::OK,
    };
    let wire = Wire { document: &document.parsed, operation, response: &response, written, executed };
    let bytes = wire.json(&response.extensions).map_err(|error| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, error))?;
    let mut answer = (status, [(header::CONTENT_TYPE, media.header())], bytes).into_response();
    if away {
        answer.headers_mut().insert(header::RETRY_AFTER, RETRY);
    }
    Ok(answer)
}

/// What is personal does not leave without its entry, whatever kept that from being written.
fn unaudited(error: HubError) -> Refusal {
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, error).with(header::RETRY_AFTER, "5")
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
