//! Operations over a WebSocket, by the protocol `graphql-transport-ws`. One task reads and writes
//! the socket; each operation has one that answers or waits for pages and holds at most one that is
//! not taken yet, so that a client that reads slowly slows itself down and nobody else.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{Request, parser::types::OperationType};
use axum::{
    extract::ws::{Message, WebSocket, WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use serde_json::Value;
use tokio::{
    sync::mpsc,
    task::JoinHandle,
    time::{Instant, sleep_until, timeout, timeout_at},
};

use crate::{
    authz::actor::Actor,
    context::OpCtx,
    error::{HubError, Language, Text},
    feed::limiter::ConnectionPermit,
    http::{
        auth::{actor, bearer},
        documents::ParsedDocument,
        live::{
            LiveSettings, end_of, errors,
            message::{ClientMessage, Close, PROTOCOL, about, completed, read},
            over,
            subscriber::{Subscriber, SubscriptionCaller, SubscriptionItem},
        },
        refusal::Refusal,
        run::{Execution, Refused},
        state::AppState,
    },
};

/// Bytes kept for reading a socket: most never send more than a few lines.
const READ_BUFFER: usize = 4 * 1024;
/// Signs of life that may stay away.
const SILENT: u32 = 3;

/// Goes over to a WebSocket.
///
/// # Errors
///
/// 401 for a token that does not hold, 400 for another sub-protocol, 503 when too many are
/// connected.
pub fn upgrade(
    edge: &Arc<AppState>,
    ctx: &OpCtx,
    asked: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    headers: &HeaderMap,
    language: Language,
) -> Result<Response, Refusal> {
    let actor = actor(edge, headers, ctx)?;
    let other = || {
        Refusal::bad(
            "WebSocket 须使用子协议 graphql-transport-ws。",
            "A WebSocket uses the sub-protocol graphql-transport-ws.",
        )
    };
    let asked = asked.map_err(|_| other())?.protocols([PROTOCOL]);
    if asked.selected_protocol().is_none() {
        return Err(other());
    }
    let admitted = edge.services.feed.limiter().admit().ok_or_else(full)?;
    let connection =
        SocketConnection { edge: Arc::clone(edge), ctx: ctx.clone(), language, actor, admitted };
    let most = edge.live.message_bytes;
    Ok(asked
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_message_size(most)
        .max_frame_size(most)
        .on_upgrade(move |socket| connection.run(socket)))
}

/// Too many are connected, or the hub is stopping.
pub(super) fn full() -> Refusal {
    let error = HubError::Unavailable("too many live connections".into());
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, error).with(header::RETRY_AFTER, "5")
}

struct SocketConnection {
    edge: Arc<AppState>,
    ctx: OpCtx,
    language: Language,
    actor: Option<Arc<Actor>>,
    admitted: ConnectionPermit,
}

/// An operation that runs; it ends when this is dropped.
struct Running {
    number: u64,
    task: JoinHandle<()>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Something for the client from the operation with this identifier, the how-manieth of the
/// connection.
type Outgoing = (Arc<str>, u64, OperationEvent);

/// What an operation has to tell.
enum OperationEvent {
    /// One of many results.
    Next(Vec<u8>),
    /// Its only result.
    Only(Vec<u8>),
    /// Errors instead of a result.
    Failed(Value),
}

/// How a connection stands.
struct SocketState {
    /// Who it is, once it was greeted.
    greeted: Option<Arc<Actor>>,
    running: HashMap<Arc<str>, Running>,
    begun: u64,
    sender: mpsc::Sender<Outgoing>,
    /// When its patience ends: for the greeting, then for a first or next subscription.
    until: Option<Instant>,
}

/// How a connection ends.
enum CloseReason {
    Close(Close),
    /// The other side is gone, or takes nothing.
    Gone,
}

impl From<Close> for CloseReason {
    fn from(close: Close) -> Self {
        Self::Close(close)
    }
}

impl SocketConnection {
    async fn run(mut self, mut socket: WebSocket) {
        metrics::gauge!("lianfang_live_connections").increment(1);
        if let CloseReason::Close(close) = self.serve(&mut socket).await {
            let write = self.edge.live.write;
            let farewell = async {
                if socket.send(Message::Close(Some(close.frame()))).await.is_ok() {
                    // What is left unread when a socket is closed may take the farewell away from
                    // the other side.
                    while let Some(Ok(_)) = socket.recv().await {}
                }
            };
            let _ = timeout(write, farewell).await;
        }
        metrics::gauge!("lianfang_live_connections").decrement(1);
    }

    async fn serve(&mut self, socket: &mut WebSocket) -> CloseReason {
        let settings = self.edge.live;
        let (sender, mut outgoing) = mpsc::channel(1);
        let begun = Instant::now();
        let mut state = SocketState {
            greeted: None,
            running: HashMap::new(),
            begun: 0,
            sender,
            until: Some(begun + settings.greeting),
        };
        let mut heard = begun;
        let mut ping = begun + settings.ping;
        loop {
            let result = tokio::select! {
                biased;
                () = self.admitted.asked_to_go() => Err(Close::Stopping.into()),
                close = over(&self.edge, state.greeted.clone()) => Err(close.into()),
                () = at(state.until) => Err(if state.greeted.is_some() { Close::Idle } else { Close::Late }.into()),
                () = sleep_until(ping) => {
                    ping = Instant::now() + settings.ping;
                    if heard.elapsed() > settings.ping * SILENT { Err(CloseReason::Gone) } else { self.send(socket, &state, Message::Ping(Vec::new().into())).await }
                }
                Some(item) = outgoing.recv() => self.deliver(socket, &mut state, item).await,
                message = socket.recv() => {
                    heard = Instant::now();
                    self.heard(socket, &mut state, message).await
                }
            };
            if let Err(end) = result {
                return end;
            }
        }
    }

    /// A message came.
    async fn heard(
        &self,
        socket: &mut WebSocket,
        state: &mut SocketState,
        message: Option<Result<Message, axum::Error>>,
    ) -> Result<(), CloseReason> {
        let text = match message {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => return Ok(()),
            Some(Ok(Message::Binary(_))) => return Err(Close::Invalid.into()),
            Some(Err(error)) if too_large(&error) => return Err(Close::TooLarge.into()),
            None | Some(Ok(Message::Close(_)) | Err(_)) => return Err(CloseReason::Gone),
        };
        match read(&text)? {
            ClientMessage::Init(_) if state.greeted.is_some() => {
                Err(Close::TwiceInitialised.into())
            }
            ClientMessage::Init(token) => {
                let actor = self.greeted(token.as_deref())?;
                state.greeted = Some(actor);
                state.until = Some(Instant::now() + self.edge.live.idle);
                self.send(socket, state, Message::Text(r#"{"type":"connection_ack"}"#.into())).await
            }
            ClientMessage::Ping => {
                self.send(socket, state, Message::Text(r#"{"type":"pong"}"#.into())).await
            }
            ClientMessage::Pong => Ok(()),
            ClientMessage::Subscribe(id, request) => {
                let Some(actor) = &state.greeted else { return Err(Close::Unauthorized.into()) };
                let id: Arc<str> = id.into();
                if state.running.contains_key(&id) {
                    return Err(Close::Doubled.into());
                }
                if state.running.len() >= self.edge.live.streams {
                    let listed =
                        errors(&too_many(&self.edge.live), self.language, self.ctx.request());
                    return self
                        .send(
                            socket,
                            state,
                            Message::Text(about("error", &id, listed.to_string().as_bytes())),
                        )
                        .await;
                }
                state.begun += 1;
                let (number, sender) = (state.begun, state.sender.clone());
                let caller = SubscriptionCaller {
                    seat: None,
                    edge: Arc::clone(&self.edge),
                    ctx: self.ctx.clone(),
                    actor: Some(Arc::clone(actor)),
                    language: self.language,
                };
                let task = tokio::spawn(answer(caller, request, Arc::clone(&id), number, sender));
                state.running.insert(id, Running { number, task });
                state.until = None;
                Ok(())
            }
            ClientMessage::Complete(id) => {
                state.running.remove(id.as_str());
                self.rest(state);
                Ok(())
            }
        }
    }

    /// Who is there: by the greeting, or else by the header.
    fn greeted(&self, token: Option<&str>) -> Result<Arc<Actor>, Close> {
        let now = OpCtx::begin(self.ctx.request());
        match token {
            Some(text) => bearer(&self.edge, text, &now).map_err(|_| Close::Unauthorized),
            None => self.actor.clone().ok_or(Close::Unauthorized),
        }
    }

    /// An operation has something to tell.
    async fn deliver(
        &self,
        socket: &mut WebSocket,
        state: &mut SocketState,
        (id, number, item): Outgoing,
    ) -> Result<(), CloseReason> {
        // What an operation told before it was ended is not told any more.
        if state.running.get(&id).is_none_or(|running| running.number != number) {
            return Ok(());
        }
        let told = |kind: &str, payload: &[u8]| Message::Text(about(kind, &id, payload));
        if let OperationEvent::Next(payload) = &item {
            return self.send(socket, state, told("next", payload)).await;
        }
        state.running.remove(&id);
        self.rest(state);
        match item {
            OperationEvent::Next(_) => Ok(()),
            OperationEvent::Only(payload) => {
                self.send(socket, state, told("next", &payload)).await?;
                self.send(socket, state, Message::Text(completed(&id))).await
            }
            OperationEvent::Failed(listed) => {
                self.send(socket, state, told("error", listed.to_string().as_bytes())).await
            }
        }
    }

    /// Without a subscription it may stay for a while.
    fn rest(&self, state: &mut SocketState) {
        if state.running.is_empty() {
            state.until = Some(Instant::now() + self.edge.live.idle);
        }
    }

    /// Sends, and waits until the socket has taken it: not longer than the token lasts.
    async fn send(
        &self,
        socket: &mut WebSocket,
        state: &SocketState,
        message: Message,
    ) -> Result<(), CloseReason> {
        let late = Instant::now() + self.edge.live.write;
        let until = state.greeted.as_deref().map(end_of).map_or(late, |token| token.min(late));
        match timeout_at(until, socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(CloseReason::Gone),
        }
    }
}

/// Answers one operation.
async fn answer(
    caller: SubscriptionCaller,
    request: Box<Request>,
    id: Arc<str>,
    number: u64,
    sender: mpsc::Sender<Outgoing>,
) {
    // Whoever is gone needs no answer.
    let tell = async |told| sender.send((Arc::clone(&id), number, told)).await.is_ok();
    let told = match caller.edge.asked(&request) {
        Ok((document, OperationType::Query | OperationType::Mutation)) => {
            at_once(&caller, &document, *request).await
        }
        Ok((_, OperationType::Subscription)) => {
            match Box::pin(Subscriber::begin(caller, *request, None)).await {
                Ok(mut subscriber) => loop {
                    match subscriber.next().await {
                        SubscriptionItem::Next(payload, _) => {
                            if !tell(OperationEvent::Next(payload)).await {
                                return;
                            }
                        }
                        SubscriptionItem::Failed(listed) => break OperationEvent::Failed(listed),
                    }
                },
                Err(listed) => OperationEvent::Failed(listed),
            }
        }
        Err(error) => OperationEvent::Failed(errors(&error, caller.language, caller.ctx.request())),
    };
    tell(told).await;
}

/// The answer of a query or mutation: an error in its place when nothing was executed.
async fn at_once(
    caller: &SubscriptionCaller,
    document: &ParsedDocument,
    request: Request,
) -> OperationEvent {
    let ctx = OpCtx::begin(caller.ctx.request());
    if let Some(Err(error)) = caller.actor.as_ref().map(|actor| caller.edge.rates.take(actor)) {
        return OperationEvent::Failed(errors(&error, caller.language, ctx.request()));
    }
    let asking = Execution {
        edge: &caller.edge,
        ctx: &ctx,
        actor: caller.actor.as_ref(),
        language: caller.language,
    };
    match asking.run(document, request).await {
        Ok(answered) if answered.executed => OperationEvent::Only(answered.json),
        Ok(answered) => OperationEvent::Failed(answered.errors),
        Err(Refused::Document(error) | Refused::Request(Refusal { error, .. })) => {
            OperationEvent::Failed(errors(&error, caller.language, ctx.request()))
        }
    }
}

async fn at(instant: Option<Instant>) {
    match instant {
        Some(instant) => sleep_until(instant).await,
        None => std::future::pending().await,
    }
}

fn too_large(error: &axum::Error) -> bool {
    error.to_string().contains("too long") || error.to_string().contains("too large")
}

fn too_many(settings: &LiveSettings) -> HubError {
    HubError::TooComplex(Text::new(
        format!("一个连接最多 {} 个订阅。请另开连接。", settings.streams),
        format!("A connection has at most {} subscriptions. Open another.", settings.streams),
    ))
}
