//! A hub that is started before its database waits for it and says so; what no waiting mends it
//! tells at once.

use std::{
    net::{SocketAddr, TcpListener},
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use http::{Request, StatusCode};
use http_body_util::Full;
use hyper::body::Bytes;
use tempfile::TempDir;
use tokio::time::sleep;

use crate::{
    faults::{
        client::{Answer, send},
        process::Place,
        proxy::Proxy,
    },
    support::{Backend, store},
};

struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address")
}

/// A place whose database is behind a line, and the line.
async fn behind_a_line() -> (Place, Proxy) {
    let directory = TempDir::new().expect("a directory");
    let url = store(Backend::Postgres, &directory).await;
    let (before, name) = url.rsplit_once('/').expect("a name");
    let (before, port) = before.rsplit_once(':').expect("a port");
    let proxy = Proxy::to(port.parse().expect("a number")).await;
    (Place::at(directory, format!("{before}:{}/{name}", proxy.address.port())), proxy)
}

/// The answer to a question at a path, as soon as somebody listens there.
async fn get(address: SocketAddr, path: &str) -> Answer {
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        let request = Request::get(path)
            .header("host", "hub")
            .body(Full::new(Bytes::new()))
            .expect("a request");
        match send(address, request).await {
            Ok(answer) => return answer,
            Err(_) => assert!(Instant::now() < until, "nobody listens"),
        }
        sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_waits_for_its_database_and_says_so() {
    let (place, proxy) = behind_a_line().await;
    proxy.cut();
    let address = free();
    let log = std::fs::File::create(place.path("log")).expect("a log");
    let mut command = place.program(&["serve", "--listen", &address.to_string()]);
    let _hub =
        Killed(command.stdout(Stdio::null()).stderr(log).spawn().expect("the program starts"));
    assert_eq!(get(address, "/healthz").await.status, StatusCode::OK);
    let ready = get(address, "/readyz").await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(String::from_utf8_lossy(&ready.body).starts_with("not ready: database"));
    let other = get(address, "/graphql?query={viewer{subject}}").await;
    assert_eq!(other.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(other.headers.contains_key("retry-after"));
    let until = Instant::now() + Duration::from_secs(20);
    while !place.log().contains("waiting for the database") {
        assert!(Instant::now() < until, "{}", place.log());
        sleep(Duration::from_millis(100)).await;
    }
    proxy.mend();
    while get(address, "/readyz").await.status != StatusCode::OK {
        assert!(Instant::now() < until, "{}", place.log());
        sleep(Duration::from_millis(100)).await;
    }
    let answer = get(address, "/graphql?query={catalogue{families{name}}}").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", String::from_utf8_lossy(&answer.body));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_gives_its_database_up_after_the_time_it_was_told() {
    let (mut place, proxy) = behind_a_line().await;
    proxy.cut();
    std::fs::write(place.path("hub.toml"), "database_wait_seconds = 2\n").expect("written");
    place.settings = Some(place.path("hub.toml"));
    let begun = Instant::now();
    let (succeeded, said) = place.run(&["serve", "--listen", "127.0.0.1:0"]).await;
    assert!(!succeeded && said.contains("database_wait_seconds"), "{said}");
    assert!((2..20).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_waiting_mends_is_told_at_once() {
    let (mut place, _proxy) = behind_a_line().await;
    let url = place.url.clone();
    let (server, name) = url.rsplit_once('/').expect("a name");
    let nobody = server.replacen("postgres@", "nobody_known:geheim@", 1);
    for (url, named) in [
        (format!("{server}/no_such_database"), "no_such_database"),
        (format!("{nobody}/{name}"), "nobody_known"),
        (format!("{url}?target_session_attrs=read-write"), "target_session_attrs"),
        (format!("{server},db2/{name}"), "several hosts"),
        ("mysql://db/hub".to_owned(), "postgres://"),
    ] {
        place.url = url;
        let begun = Instant::now();
        let (succeeded, said) = place.run(&["serve", "--listen", "127.0.0.1:0"]).await;
        assert!(!succeeded && said.contains(named), "{named}: {said}");
        assert!(!said.contains("geheim"), "{said}");
        assert!(begun.elapsed() < Duration::from_secs(10), "{named}: {:?}", begun.elapsed());
    }
}
