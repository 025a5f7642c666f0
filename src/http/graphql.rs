//! One GraphQL request over HTTP: who, what, and how it is answered.

use std::{sync::Arc, time::Duration};

use async_graphql::{
    Request,
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
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::{
    authz::actor::Actor,
    context::OpCtx,
    error::{HubError, Language},
    exchange::{export::order, intake::desk::Desk},
    graphql::records::{changes, names::Names, session::Session, variables},
    http::{
        body,
        documents::{Document, Documents},
        limits::{Limits, Measure, Rows, measure},
        live::{self, Streams},
        media::{Events, Media, wants_socket},
        refusal::Refusal,
        run::{Asking, Refused},
        welcome,
    },
    meeting::rulebook::Rulebook,
    services::Services,
};

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

    /// The document of a request and the kind of operation that it selects.
    ///
    /// # Errors
    ///
    /// As [`Documents::get`] and [`Document::selected`].
    pub(super) fn asked(&self, request: &Request) -> Result<(Arc<Document>, OperationType), HubError> {
        let document = self.documents.get(&self.limits, &request.query)?;
        let kind = document.selected(request)?.ty;
        Ok((document, kind))
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
    if welcome::is_visit(&method, &headers, query.as_deref()) {
        return welcome::page();
    }
    let outcome = if wants_socket(&headers) {
        live::socket::upgrade(&edge, &ctx, upgrade, &headers, language)
    } else {
        let http = Http { method: &method, headers: &headers, query: query.as_deref(), body: &body, media, language };
        answer(&edge, &ctx, &http).await
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

/// The parts of one HTTP request.
struct Http<'a> {
    method: &'a Method,
    headers: &'a HeaderMap,
    query: Option<&'a str>,
    body: &'a [u8],
    media: Media,
    language: Language,
}

async fn answer(edge: &Arc<Edge>, ctx: &OpCtx, http: &Http<'_>) -> Result<Response, Refusal> {
    let Http { method, headers, media, language, .. } = *http;
    let actor = actor(edge, headers, ctx)?;
    let request = body::read(method, headers, http.query, http.body)?;
    let events = Events::negotiated(headers);
    // From here on it is a document that is refused, not a request: told as an event to whoever reads events, otherwise
    // 200 for plain JSON and 400 for GraphQL's own type.
    let refused = |error: HubError| match events {
        Events::Preferred => Ok(live::events::refusal(&error, language, ctx.request())),
        Events::Taken | Events::Unwanted => {
            Err(Refusal::new(if media == Media::Json { StatusCode::OK } else { StatusCode::BAD_REQUEST }, error))
        }
    };
    let (document, kind) = match edge.asked(&request) {
        Ok(asked) => asked,
        Err(error) => return refused(error),
    };
    match (kind, events) {
        (OperationType::Mutation, _) if *method == Method::GET => {
            let error = HubError::invalid("变更须使用 POST。", "A mutation is sent by POST.");
            return Err(Refusal::new(StatusCode::METHOD_NOT_ALLOWED, error).with(header::ALLOW, "POST"));
        }
        (OperationType::Subscription, Events::Unwanted) => {
            return refused(HubError::invalid(
                "订阅请使用 WebSocket（graphql-transport-ws），或带上 Accept: text/event-stream。",
                "Subscribe over a WebSocket (graphql-transport-ws), or with `Accept: text/event-stream`.",
            ));
        }
        (OperationType::Subscription, _) => return live::events::answer(edge, ctx, actor, request, headers, language),
        _ => {}
    }
    let answered = match (Asking { edge, ctx, actor: actor.as_ref(), language }).run(&document, request).await {
        Ok(answered) => answered,
        Err(Refused::Document(error)) => return refused(error),
        Err(Refused::Request(refusal)) => return Err(refusal),
    };
    if events == Events::Preferred {
        return Ok(live::events::only(&answered.json));
    }
    let status = match (answered.later, media) {
        (Some((status, _)), _) => status,
        (None, Media::Graphql) if !answered.executed => StatusCode::BAD_REQUEST,
        (None, Media::Json | Media::Graphql) => StatusCode::OK,
    };
    let mut given = (status, [(header::CONTENT_TYPE, media.header())], answered.json).into_response();
    if let Some((_, Some(seconds))) = answered.later {
        given.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    Ok(given)
}
