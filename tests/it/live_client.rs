//! Clients of live subscriptions, over a real socket.

use std::{net::SocketAddr, time::Duration};

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
    time::timeout,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest as _},
};

use crate::{patience::in_time, support::TestHub};

/// Nothing that a test waits for takes longer, however busy the machine is.
pub const PATIENCE: Duration = Duration::from_secs(30);

pub const FOLLOW: &str = "subscription($after: String, $families: [String!], $first: Int) { \
     changes(after: $after, families: $families, first: $first) { counter cursor more events { \
     kind family id version previousVersion changed reason at record { __typename id \
     ... on Accident { accidentNo regionCode keyIndustry deaths } ... on AccidentVictim { victimNo regionCode name bodyPart } \
     ... on Person { personNo regionCode name } } } } }";

/// Listens with a hub's router on a port of its own.
pub async fn listening(hub: &TestHub) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let router = hub.router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// A WebSocket.
pub struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    /// Connects with these headers.
    pub async fn with(address: SocketAddr, headers: &[(&'static str, &str)]) -> Result<Self, u16> {
        let mut request =
            format!("ws://{address}/graphql").into_client_request().expect("a request");
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().expect("a value"));
        }
        let stream = TcpStream::connect(address).await.expect("the hub listens");
        match client_async(request, stream).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(tokio_tungstenite::tungstenite::Error::Http(answer)) => {
                Err(answer.status().as_u16())
            }
            Err(other) => unreachable!("no answer of HTTP: {other}"),
        }
    }

    /// Connects without saying who it is.
    pub async fn open(address: SocketAddr) -> Self {
        Self::with(address, &[("sec-websocket-protocol", "graphql-transport-ws")])
            .await
            .expect("the protocol is spoken")
    }

    /// Connects and says who it is.
    pub async fn greeted(address: SocketAddr, token: &str) -> Self {
        let mut socket = Self::open(address).await;
        socket.say(json!({"type": "connection_init", "payload": {"authorization": format!("Bearer {token}")}})).await;
        assert_eq!(socket.hear().await, json!({"type": "connection_ack"}));
        socket
    }

    pub async fn say(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.expect("the hub reads");
    }

    pub async fn say_raw(&mut self, message: Message) {
        self.0.send(message).await.expect("the hub reads");
    }

    /// Begins an operation.
    pub async fn ask(&mut self, id: &str, query: &str, variables: Value) {
        self.say(json!({"type": "subscribe", "id": id, "payload": {"query": query, "variables": variables}})).await;
    }

    /// Subscribes to the changes.
    pub async fn follow(&mut self, id: &str, variables: Value) {
        self.ask(id, FOLLOW, variables).await;
    }

    /// The next message of the protocol; a close as `{"close": code}`, an end without one as
    /// `{"gone": true}`.
    pub async fn hear(&mut self) -> Value {
        loop {
            match timeout(PATIENCE, self.0.next()).await.expect("the hub says something") {
                Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).expect("JSON"),
                Some(Ok(Message::Close(Some(frame)))) => {
                    return json!({"close": u16::from(frame.code)});
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(other)) => unreachable!("unexpected: {other}"),
                Some(Err(_)) | None => return json!({"gone": true}),
            }
        }
    }

    /// The next page of a subscription.
    pub async fn page(&mut self, id: &str) -> Value {
        let message = self.hear().await;
        assert_eq!((&message["type"], &message["id"]), (&json!("next"), &json!(id)), "{message}");
        assert!(message["payload"].get("errors").is_none(), "{message}");
        message["payload"]["data"]["changes"].clone()
    }

    /// The next page with events, and how many without came before it.
    pub async fn events(&mut self, id: &str) -> Value {
        in_time("a page with events", async {
            loop {
                let page = self.page(id).await;
                if page["events"].as_array().is_some_and(|events| !events.is_empty()) {
                    return page;
                }
            }
        })
        .await
    }
}

/// A stream of events over HTTP.
pub struct Events(BufReader<TcpStream>);

impl Events {
    /// Asks by POST.
    pub async fn open(
        address: SocketAddr,
        token: &str,
        body: Value,
        headers: &[(&str, &str)],
    ) -> Self {
        let body = body.to_string();
        let mut head = format!(
            "POST /graphql HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\naccept: text/event-stream\r\n\
             content-length: {}\r\n",
            body.len()
        );
        if !token.is_empty() {
            head.push_str(&format!("authorization: Bearer {token}\r\n"));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let mut stream = TcpStream::connect(address).await.expect("the hub listens");
        stream.write_all(format!("{head}\r\n{body}").as_bytes()).await.expect("the hub reads");
        Self(BufReader::new(stream))
    }

    /// The next line that is not part of the framing.
    async fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = timeout(PATIENCE, self.0.read_line(&mut line))
            .await
            .expect("the hub says something")
            .ok()?;
        (read > 0).then(|| line.trim_end().to_owned())
    }

    /// The next event: its name, identifier and data; nothing when the stream has ended.
    pub async fn event(&mut self) -> Option<(String, String, Value)> {
        let (mut name, mut id) = (String::new(), String::new());
        loop {
            let line = self.line().await?;
            // The last piece of an answer in pieces is empty.
            if line == "0" {
                return None;
            }
            if let Some(text) = line.strip_prefix("event: ") {
                text.clone_into(&mut name);
            } else if let Some(text) = line.strip_prefix("id: ") {
                text.clone_into(&mut id);
            } else if let Some(text) = line.strip_prefix("data:") {
                return Some((name, id, serde_json::from_str(text.trim()).unwrap_or(Value::Null)));
            }
        }
    }
}
