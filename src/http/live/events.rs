//! Answers as server-sent events, one operation a request: events `next` with a result, then
//! `complete`. Pages of a subscription have their cursor as identifier, so that a client that was
//! cut off goes on by itself. Source: graphql-sse, PROTOCOL.md, "distinct connections mode"; WHATWG
//! HTML, "Server-sent events".

use std::{sync::Arc, time::Duration};

use async_graphql::Request;
use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use futures_util::stream;
use serde_json::json;
use tokio::{
    sync::mpsc,
    time::{Instant, timeout, timeout_at},
};

use crate::{
    authz::actor::Actor,
    context::OpCtx,
    error::{HubError, Language},
    feed::limiter::ConnectionPermit,
    http::{
        live::{
            errors, over,
            socket::full,
            subscriber::{Subscriber, SubscriptionCaller, SubscriptionItem},
        },
        refusal::Refusal,
        state::AppState,
    },
};

/// A comment is sent after so long without anything, so that nothing between takes the line for
/// dead.
const COMMENT: Duration = Duration::from_secs(10);

/// Answers a subscription with a stream of events.
///
/// # Errors
///
/// 400 for a `Last-Event-ID` that is no text, 503 when too many are connected.
pub fn answer(
    edge: &Arc<AppState>,
    ctx: &OpCtx,
    actor: Option<Arc<Actor>>,
    request: Request,
    headers: &HeaderMap,
    language: Language,
) -> Result<Response, Refusal> {
    let from = match headers.get("last-event-id").map(HeaderValue::to_str) {
        None => None,
        Some(Ok(text)) => Some(text.to_owned()).filter(|text| !text.is_empty()),
        Some(Err(_)) => {
            return Err(Refusal::bad("Last-Event-ID 无效。", "The Last-Event-ID does not hold."));
        }
    };
    let seat = actor.as_deref().map(|actor| edge.services.quotas.subscribe(actor)).transpose()?;
    let admitted = edge.services.feed.limiter().admit().ok_or_else(full)?;
    let caller =
        SubscriptionCaller { edge: Arc::clone(edge), ctx: ctx.clone(), actor, language, seat };
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(
        EventStream { sender, write: edge.live.write }.run(caller, request, from, admitted),
    );
    let events = stream::unfold(receiver, async |mut receiver| {
        let event: Bytes = receiver.recv().await?;
        Some((Ok::<_, std::convert::Infallible>(event), receiver))
    });
    Ok(stream_of(Body::from_stream(events)))
}

/// Answers a query or mutation with its one result.
pub fn only(json: &[u8]) -> Response {
    let mut events = event(json, None);
    events.extend_from_slice(COMPLETE);
    stream_of(events.into())
}

/// Answers with errors alone: whoever reads events hears nothing of another answer.
pub fn refusal(error: &HubError, language: Language, request: &str) -> Response {
    only(json!({"errors": errors(error, language, request)}).to_string().as_bytes())
}

fn stream_of(body: Body) -> Response {
    let kind = HeaderValue::from_static("text/event-stream; charset=utf-8");
    // Proxies that gather answers before they pass them on are told not to.
    let unbuffered =
        (header::HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    (StatusCode::OK, [(header::CONTENT_TYPE, kind), unbuffered], body).into_response()
}

/// The end of a stream.
const COMPLETE: &[u8] = b"event: complete\ndata:\n\n";

/// A result as an event.
fn event(payload: &[u8], cursor: Option<&str>) -> Vec<u8> {
    let mut event = Vec::with_capacity(payload.len() + cursor.map_or(0, str::len) + 64);
    event.extend_from_slice(b"event: next\n");
    if let Some(cursor) = cursor {
        event.extend_from_slice(format!("id: {cursor}\n").as_bytes());
    }
    event.extend_from_slice(b"data: ");
    // JSON as it is written here has no line breaks.
    event.extend_from_slice(payload);
    event.extend_from_slice(b"\n\n");
    event
}

/// The events of one answer. One that is not taken yet is held, no more.
struct EventStream {
    sender: mpsc::Sender<Bytes>,
    write: Duration,
}

impl EventStream {
    async fn run(
        self,
        caller: SubscriptionCaller,
        request: Request,
        from: Option<String>,
        mut admitted: ConnectionPermit,
    ) {
        metrics::gauge!("lianfang_live_connections").increment(1);
        let (edge, actor) = (Arc::clone(&caller.edge), caller.actor.clone());
        let (language, number) = (caller.language, caller.ctx.request().to_owned());
        let follow = self.follow(caller, request, from);
        let last = tokio::select! {
            () = self.sender.closed() => None,
            () = admitted.asked_to_go() => None,
            _ = over(&edge, actor.clone()) => {
                let revoked = actor.and_then(|actor| edge.services.tokens.stands(&actor).err());
                let ended = revoked.unwrap_or_else(HubError::unauthenticated);
                Some(errors(&ended, language, &number))
            }
            last = Box::pin(follow) => last,
        };
        if let Some(listed) = last {
            let mut events = event(json!({"errors": listed}).to_string().as_bytes(), None);
            events.extend_from_slice(COMPLETE);
            let _ = self.send(events.into()).await;
        }
        metrics::gauge!("lianfang_live_connections").decrement(1);
    }

    /// Sends pages as they come. Returns the errors with which the subscription ends; nothing when
    /// the client is gone.
    async fn follow(
        &self,
        caller: SubscriptionCaller,
        request: Request,
        from: Option<String>,
    ) -> Option<serde_json::Value> {
        let mut subscriber =
            match Box::pin(Subscriber::begin(caller, request, from.as_deref())).await {
                Ok(subscriber) => subscriber,
                Err(listed) => return Some(listed),
            };
        self.send(Bytes::from_static(b":\n\n")).await?;
        loop {
            let page = subscriber.next();
            tokio::pin!(page);
            let item = loop {
                match timeout_at(Instant::now() + COMMENT, &mut page).await {
                    Ok(item) => break item,
                    Err(_) => self.send(Bytes::from_static(b":\n\n")).await?,
                }
            };
            match item {
                SubscriptionItem::Next(payload, cursor) => {
                    self.send(event(&payload, Some(&cursor)).into()).await?
                }
                SubscriptionItem::Failed(listed) => return Some(listed),
            }
        }
    }

    /// Nothing when the client is gone or takes nothing.
    async fn send(&self, event: Bytes) -> Option<()> {
        timeout(self.write, self.sender.send(event)).await.ok()?.ok()
    }
}
