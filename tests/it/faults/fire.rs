//! A round under fire: where the hub is now, requests that are repeated until they are answered,
//! and what came of them.

use std::{
    net::SocketAddr,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};
use http::Request;
use http_body_util::Full;
use hyper::body::Bytes;
use lianfang::context::OpCtx;
use serde_json::{Value, json};
use tokio::sync::{Notify, watch};

use crate::{
    faults::client::{Answer, Broken, send},
    patience::in_time,
};

/// What happened, for the last line of a test.
#[derive(Debug, Default)]
pub struct Counts {
    /// Answers that acknowledged something.
    pub answered: AtomicU64,
    /// Requests whose connection broke.
    pub broken: AtomicU64,
    /// Answers that said `UNAVAILABLE`.
    pub unavailable: AtomicU64,
    /// Requests of unknown outcome that turned out to have been done.
    pub done: AtomicU64,
    /// Requests of unknown outcome that turned out not to have been done.
    pub not_done: AtomicU64,
    /// Kills while a request was under way.
    pub inside: AtomicU64,
    /// Kills at other times.
    pub outside: AtomicU64,
    /// Changes heard by followers.
    pub heard: AtomicU64,
    /// Receipts given again byte for byte.
    pub replayed: AtomicU64,
    /// Files taken in whole.
    pub files: AtomicU64,
    /// Exports that came whole.
    pub exports: AtomicU64,
    /// Pages of subscriptions.
    pub pages: AtomicU64,
}

impl Counts {
    /// One more.
    pub fn add(number: &AtomicU64) {
        number.fetch_add(1, Ordering::Relaxed);
    }

    const fn numbers(&self) -> [&AtomicU64; 12] {
        [
            &self.inside,
            &self.outside,
            &self.answered,
            &self.broken,
            &self.unavailable,
            &self.done,
            &self.not_done,
            &self.heard,
            &self.replayed,
            &self.files,
            &self.exports,
            &self.pages,
        ]
    }

    /// Adds those of a round.
    pub fn join(&self, other: &Self) {
        for (own, other) in self.numbers().into_iter().zip(other.numbers()) {
            own.fetch_add(other.load(Ordering::Relaxed), Ordering::Relaxed);
        }
    }

    /// Faults done.
    pub fn all(&self) -> u64 {
        self.inside.load(Ordering::Relaxed) + self.outside.load(Ordering::Relaxed)
    }

    /// The line that a test ends with.
    pub fn say(&self, what: &str, rows: usize) {
        let [
            inside,
            _,
            answered,
            broken,
            unavailable,
            done,
            not_done,
            heard,
            replayed,
            files,
            exports,
            pages,
        ] = self.numbers().map(|number| number.load(Ordering::Relaxed));
        eprintln!(
            "faults: {what}: {} times, {inside} of them with a request under way; {answered} answers, {broken} broken connections, \
             {unavailable} unavailable; of unknown outcome {done} done and {not_done} not; {rows} records, {heard} changes heard, \
             {replayed} receipts given again, {files} files taken in, {exports} exports whole, {pages} pages of subscriptions; nothing lost, nothing twice",
            self.all()
        );
    }
}

/// A request whose outcome is unknown.
#[derive(Clone, Copy, Debug)]
pub struct Unknown;

/// What the tasks of a round share.
pub struct Fire {
    hub: watch::Sender<Option<SocketAddr>>,
    under_way: AtomicU64,
    sent: Notify,
    stopped: watch::Sender<bool>,
    /// What happened.
    pub counts: Counts,
    /// Whoever writes and follows.
    pub token: String,
    trouble: Mutex<Vec<String>>,
}

impl Fire {
    pub fn new(token: String) -> Self {
        Self {
            hub: watch::channel(None).0,
            under_way: AtomicU64::new(0),
            sent: Notify::new(),
            stopped: watch::channel(false).0,
            counts: Counts::default(),
            token,
            trouble: Mutex::new(Vec::new()),
        }
    }

    /// The hub listens here now, or nowhere.
    pub fn at(&self, address: Option<SocketAddr>) {
        self.hub.send_replace(address);
    }

    /// Ends the round: what is under way is settled, nothing new is begun.
    pub fn stop(&self) {
        self.stopped.send_replace(true);
    }

    /// Whether something new may be begun.
    pub fn burns(&self) -> bool {
        !*self.stopped.borrow()
    }

    /// Waits until some request is sent.
    pub async fn sent(&self) {
        // One may be under way already, and no other come for a while.
        let _ = tokio::time::timeout(Duration::from_millis(200), self.sent.notified()).await;
    }

    /// A fault is done now.
    pub fn struck(&self) {
        let inside = self.under_way.load(Ordering::Relaxed) > 0;
        Counts::add(if inside { &self.counts.inside } else { &self.counts.outside });
    }

    /// Something is wrong that the test has to tell of at its end.
    pub fn wrong(&self, text: String) {
        self.trouble.lock().expect("no panic").push(text);
    }

    /// What was wrong.
    pub fn trouble(&self) -> Vec<String> {
        self.trouble.lock().expect("no panic").clone()
    }

    /// Waits until the round ends.
    pub async fn ended(&self) {
        let mut stopped = self.stopped.subscribe();
        stopped.wait_for(|stopped| *stopped).await.expect("the round goes on");
    }

    /// Where the hub is, as soon as it is anywhere.
    pub async fn address(&self) -> SocketAddr {
        let mut hub = self.hub.subscribe();
        in_time("a hub listens", hub.wait_for(Option::is_some))
            .await
            .expect("the round goes on")
            .expect("an address")
    }

    /// A request of this client.
    pub fn request(&self, method: &str, path: &str) -> http::request::Builder {
        Request::builder()
            .method(method)
            .uri(path)
            .header("host", "hub")
            .header("authorization", format!("Bearer {}", self.token))
    }

    /// A question; `number` is the number of the request, which comes back in the answer.
    pub fn question(&self, number: &str, query: &str, variables: &Value) -> Request<Full<Bytes>> {
        let body = json!({"query": query, "variables": variables}).to_string();
        self.request("POST", "/graphql")
            .header("content-type", "application/json")
            .header("x-request-id", number)
            .body(Full::new(body.into()))
            .expect("a request")
    }

    /// Sends a request once, wherever the hub is, and gives the answer as it is.
    pub async fn send(&self, request: Request<Full<Bytes>>) -> Result<Answer, Broken> {
        let address = self.address().await;
        self.under_way.fetch_add(1, Ordering::Relaxed);
        self.sent.notify_waiters();
        let answer = send(address, request).await;
        self.under_way.fetch_sub(1, Ordering::Relaxed);
        answer
    }

    /// The same, where an answer that is none counts as none.
    pub async fn try_send(&self, request: Request<Full<Bytes>>) -> Result<Answer, Unknown> {
        match self.send(request).await {
            Ok(answer) if unavailable(&answer) => {
                Counts::add(&self.counts.unavailable);
                tokio::time::sleep(Duration::from_millis(20)).await;
                Err(Unknown)
            }
            Ok(answer) => {
                Counts::add(&self.counts.answered);
                Ok(answer)
            }
            Err(Broken) => {
                self.broken().await;
                Err(Unknown)
            }
        }
    }

    /// A connection broke.
    pub async fn broken(&self) {
        Counts::add(&self.counts.broken);
        // Not at once: while the hub is being killed its old address may still be known here.
        tokio::time::sleep(Duration::from_millis(5)).await;
    }

    /// Asks once, and gives the answer as it is.
    pub async fn once(
        &self,
        number: &str,
        query: &str,
        variables: &Value,
    ) -> Result<Answer, Broken> {
        self.send(self.question(number, query, variables)).await
    }

    /// Asks once.
    pub async fn ask(
        &self,
        number: &str,
        query: &str,
        variables: &Value,
    ) -> Result<Answer, Unknown> {
        self.try_send(self.question(number, query, variables)).await
    }

    /// Asks until there is an answer. Returns it and, if an outcome was unknown in between, when
    /// the last request began.
    pub async fn settle(
        &self,
        number: &str,
        query: &str,
        variables: &Value,
    ) -> (Answer, Option<DateTime<Utc>>) {
        let mut again = None;
        let asking = async {
            loop {
                match self.ask(number, query, variables).await {
                    Ok(answer) => return answer,
                    Err(Unknown) => again = Some(OpCtx::begin("test").now()),
                }
            }
        };
        (in_time(&format!("an answer to {number}"), asking).await, again)
    }
}

/// Whether an answer says that the same should be sent again.
fn unavailable(answer: &Answer) -> bool {
    if answer.status == http::StatusCode::SERVICE_UNAVAILABLE {
        return true;
    }
    let Ok(body) = serde_json::from_slice::<Value>(&answer.body) else { return false };
    body["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
}
