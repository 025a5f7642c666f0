//! Clients that dawdle: that say nothing, send a byte at a time, or take a byte at a time. Others
//! are served meanwhile, and the hub gives the slow ones up.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use http::Request;
use http_body_util::Full;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

use crate::{
    faults::{
        client::send,
        process::{Place, Process},
    },
    support::Backend,
};

/// How long the hub is told to wait, and how long it may take at most, on a busy machine.
const PATIENCE: u64 = 2;
const SLACK: Duration = Duration::from_secs(20);
/// Between two bytes.
const PAUSE: Duration = Duration::from_millis(100);

async fn hub(connections: usize) -> (Place, Process) {
    let mut place = Place::on(Backend::Sqlite).await;
    let settings =
        format!("client_timeout_seconds = {PATIENCE}\nclient_connections = {connections}\n");
    let path = place.path("hub.toml");
    std::fs::write(&path, settings).expect("written");
    place.settings = Some(path);
    let process = place.start().await;
    (place, process)
}

/// Whether somebody else is served.
async fn served(address: SocketAddr) {
    let body = json!({"query": "{ catalogue { families { name } } }"}).to_string();
    let request = Request::post("/graphql")
        .header("host", "hub")
        .header("content-type", "application/json")
        .body(Full::new(body.into()));
    let answer = send(address, request.expect("a request")).await.expect("an answer");
    let body: Value = serde_json::from_slice(&answer.body).expect("JSON");
    assert!(body["data"]["catalogue"].is_object(), "{body}");
}

/// Sends text a byte at a time until the hub has had enough; gives what it says then.
async fn drip(address: SocketAddr, at_once: &str, text: &str) -> (String, Duration) {
    let stream = TcpStream::connect(address).await.expect("a connection");
    let (mut from, mut to) = stream.into_split();
    to.write_all(at_once.as_bytes()).await.expect("sent");
    let start = Instant::now();
    let dripping = async {
        for byte in text.bytes().cycle() {
            if to.write_all(&[byte]).await.is_err() {
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
        // The end of the connection is what is waited for.
        std::future::pending::<()>().await;
    };
    let mut said = Vec::new();
    let ended = async {
        // A reset is an end too.
        let _ = from.read_to_end(&mut said).await;
    };
    tokio::select! {
        () = dripping => {}
        outcome = timeout(SLACK, ended) => outcome.expect("the hub gives up a client that sends a byte at a time"),
    }
    (String::from_utf8_lossy(&said).into_owned(), start.elapsed())
}

/// Asks for more than all buffers between here and the hub hold, and takes a byte at a time.
async fn sip(address: SocketAddr) {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(4 * 1024).expect("a small buffer");
    let mut stream = socket.connect(address).await.expect("a connection");
    let query = "{ __schema { types { name description fields { name description } inputFields { name description } } } }";
    let body = json!({"query": query}).to_string();
    let request = format!(
        "POST /graphql HTTP/1.1\r\nhost: hub\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.repeat(100).as_bytes()).await.expect("sent");
    let mut byte = [0];
    while stream.read_exact(&mut byte).await.is_ok() {
        tokio::time::sleep(PAUSE).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_dawdle_are_given_up_and_others_are_served_meanwhile() {
    let (_place, hub) = hub(64).await;
    let address = hub.address;
    let head = "POST /graphql HTTP/1.1\r\nhost: hub\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n";
    let silent = join_all((0..8).map(|_| drip(address, "", "")));
    let headers = join_all((0..8).map(|_| drip(address, "GET /healthz HTTP/1.1\r\nhost: ", "x")));
    let bodies = join_all((0..8).map(|_| drip(address, head, " ")));
    let others = async {
        for _ in 0..10 {
            let start = Instant::now();
            served(address).await;
            assert!(start.elapsed() < SLACK / 2, "others wait for {:?}", start.elapsed());
            tokio::time::sleep(PAUSE).await;
        }
    };
    let (silent, headers, bodies, ()) = tokio::join!(silent, headers, bodies, others);
    for (_, took) in silent.iter().chain(&headers).chain(&bodies) {
        assert!(*took >= Duration::from_secs(PATIENCE) / 2, "given up after {took:?}");
    }
    for (said, _) in &bodies {
        assert!(said.starts_with("HTTP/1.1 408") && said.contains("BAD_USER_INPUT"), "{said}");
    }
    eprintln!(
        "faults: {} clients that sent a byte at a time or nothing were given up, others were served",
        3 * 8
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_take_a_byte_at_a_time_hold_their_places_for_a_while_only() {
    // As many places as there are slow clients: somebody else is served when one of them has been
    // given up, and no sooner.
    let (_place, hub) = hub(3).await;
    let address = hub.address;
    let start = Instant::now();
    let slow = join_all((0..3).map(|_| sip(address)));
    let other = async {
        tokio::time::sleep(PAUSE).await;
        timeout(SLACK, served(address))
            .await
            .expect("the hub gives up a client that takes a byte at a time");
        start.elapsed()
    };
    let took = tokio::select! {
        _ = slow => start.elapsed(),
        took = other => took,
    };
    assert!(took >= Duration::from_secs(PATIENCE), "the places were not taken: {took:?}");
    eprintln!("faults: 3 clients that took a byte at a time were given up after {took:?}");
}
