//! The line between a client and the hub, which breaks after so many bytes, once.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering::SeqCst},
    },
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::Notify,
};

use crate::support::TestHub;

/// A line that carries what both ends say.
pub struct Line {
    pub address: SocketAddr,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    up: Way,
    down: Way,
    broke: AtomicBool,
    told: Notify,
}

/// One direction.
#[derive(Default)]
struct Way {
    carried: AtomicU64,
    /// Bytes until the line breaks; none when 0 or less.
    rest: AtomicI64,
}

impl Line {
    pub async fn to(hub: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, hub, Arc::clone(&shared)));
            }
        });
        Self { address, state }
    }

    /// Breaks once so many more bytes have come from the client.
    pub fn break_up(&self, bytes: i64) {
        self.state.broke.store(false, SeqCst);
        self.state.up.rest.store(bytes, SeqCst);
    }

    /// Breaks once so many more bytes have come from the hub.
    pub fn break_down(&self, bytes: i64) {
        self.state.broke.store(false, SeqCst);
        self.state.down.rest.store(bytes, SeqCst);
    }

    /// Whether it broke since it was told to.
    pub fn broke(&self) -> bool {
        self.state.broke.load(SeqCst)
    }

    /// Waits until it breaks.
    pub async fn breaks(&self) {
        loop {
            let told = self.state.told.notified();
            if self.broke() {
                return;
            }
            told.await;
        }
    }

    /// Bytes that clients have sent.
    pub fn sent(&self) -> u64 {
        self.state.up.carried.load(SeqCst)
    }

    /// Bytes, about, that the hub sends with the next page of 1,000 changes of accidents.
    pub async fn page_bytes(&self, hub: &TestHub, token: &str, head: &Value) -> i64 {
        let fields = crate::clients::selection(head);
        let query = format!(
            "query($after: String) {{ changes(after: $after, families: [\"Accident\"], first: 1000) {{ \
             cursor more events {{ kind id record {{ ... on Accident {{ {fields} }} }} }} }} }}"
        );
        let answer = hub.ask(token, &query, json!({"after": head["cursor"]})).await;
        assert_eq!(
            answer["data"]["changes"]["events"].as_array().map(Vec::len),
            Some(1_000),
            "{answer}"
        );
        i64::try_from(answer.to_string().len()).expect("small")
    }
}

async fn pass(client: TcpStream, hub: SocketAddr, state: Arc<State>) {
    let Ok(server) = TcpStream::connect(hub).await else { return };
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let broke = tokio::select! {
        broke = carry(from_client, to_server, &state.up) => broke,
        broke = carry(from_server, to_client, &state.down) => broke,
    };
    if broke {
        state.broke.store(true, SeqCst);
        state.told.notify_waiters();
    }
}

/// Carries bytes one way. Says whether the line broke.
async fn carry(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    way: &Way,
) -> bool {
    let mut block = vec![0; 16 * 1024];
    while let Ok(count) = from.read(&mut block).await {
        let bytes = i64::try_from(count).unwrap_or_default();
        let rest = way.rest.fetch_sub(bytes, SeqCst);
        let now = if rest > 0 && rest <= bytes {
            usize::try_from(rest).unwrap_or_default()
        } else {
            count
        };
        way.carried.fetch_add(now as u64, SeqCst);
        if count == 0 || to.write_all(&block[..now]).await.is_err() {
            return false;
        }
        if now < count || rest == bytes {
            return true;
        }
    }
    false
}
