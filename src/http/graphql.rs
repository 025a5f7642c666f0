//! One GraphQL request over HTTP: who, what, and how it is answered.

use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use axum::{
    body::Bytes,
    extract::{
        RawQuery, State,
        ws::{WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
    },
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};

use crate::{
    context::OpCtx,
    error::{HubError, Language, Of},
    http::{
        auth::actor,
        body,
        language::language,
        live,
        media::{Events, Media, wants_socket},
        refusal::Refusal,
        run::{Execution, Refused},
        state::AppState,
        welcome,
    },
};

/// Answers `GET` and `POST /graphql`: at once, with a stream of events, or by going over to a
/// WebSocket.
pub async fn handle(
    State(edge): State<Arc<AppState>>,
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
        let http = Http {
            method: &method,
            headers: &headers,
            query: query.as_deref(),
            body: &body,
            media,
            language,
        };
        answer(&edge, &ctx, &http).await
    };
    let answer = outcome.unwrap_or_else(|refusal| {
        refusal.error.log(Of::Request(ctx.request()), "request refused");
        refusal.answer(media, language, ctx.request())
    });
    metrics::counter!("lianfang_graphql_requests_total", "status" => answer.status().as_u16().to_string()).increment(1);
    answer
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

async fn answer(edge: &Arc<AppState>, ctx: &OpCtx, http: &Http<'_>) -> Result<Response, Refusal> {
    let Http { method, headers, media, language, .. } = *http;
    let actor = actor(edge, headers, ctx)?;
    let request = body::read(method, headers, http.query, http.body)?;
    let events = Events::negotiated(headers);
    // From here on it is a document that is refused, not a request: told as an event to whoever
    // reads events, otherwise 200 for plain JSON and 400 for GraphQL's own type.
    let refused = |error: HubError| match events {
        Events::Preferred => Ok(live::events::refusal(&error, language, ctx.request())),
        Events::Taken | Events::Unwanted => Err(Refusal::new(
            if media == Media::Json { StatusCode::OK } else { StatusCode::BAD_REQUEST },
            error,
        )),
    };
    let (document, kind) = match edge.asked(&request) {
        Ok(asked) => asked,
        Err(error) => return refused(error),
    };
    match (kind, events) {
        (OperationType::Mutation, _) if *method == Method::GET => {
            let error = HubError::invalid("变更须使用 POST。", "A mutation is sent by POST.");
            return Err(
                Refusal::new(StatusCode::METHOD_NOT_ALLOWED, error).with(header::ALLOW, "POST")
            );
        }
        (OperationType::Subscription, Events::Unwanted) => {
            return refused(HubError::invalid(
                "订阅请使用 WebSocket（graphql-transport-ws），或带上 Accept: text/event-stream。",
                "Subscribe over a WebSocket (graphql-transport-ws), or with `Accept: text/event-stream`.",
            ));
        }
        (OperationType::Subscription, _) => {
            return live::events::answer(edge, ctx, actor, request, headers, language);
        }
        _ => {}
    }
    let answered = match (Execution { edge, ctx, actor: actor.as_ref(), language })
        .run(&document, request)
        .await
    {
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
    let mut given =
        (status, [(header::CONTENT_TYPE, media.header())], answered.json).into_response();
    if let Some((_, Some(seconds))) = answered.later {
        given.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    Ok(given)
}
