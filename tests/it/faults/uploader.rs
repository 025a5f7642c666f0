//! A system that hands in files of more rows than one submission takes, and after every doubt sends
//! the same file with the same key, or asks what became of it.

use http_body_util::Full;
use serde_json::Value;

use crate::{
    faults::{
        fire::{Counts, Fire},
        ledger::{Ledger, Together},
        writer::marked,
    },
    patience::in_time,
};

/// Rows of a file: two submissions.
const ROWS: usize = 1_040;

/// The uploader of a round.
pub struct Uploader<'a> {
    fire: &'a Fire,
    ledger: Ledger,
    count: i64,
}

impl<'a> Uploader<'a> {
    pub fn new(fire: &'a Fire) -> Self {
        Self { fire, ledger: Ledger::default(), count: 0 }
    }

    /// Hands in files until the round ends.
    pub async fn run(mut self) -> Ledger {
        while self.fire.burns() {
            self.count += 1;
            let mode = if self.count % 2 == 0 { "atomic" } else { "partial" };
            self.file(mode).await;
        }
        self.ledger
    }

    async fn file(&mut self, mode: &str) {
        let (mark, key) = (self.count, format!("file-{}", self.count));
        let numbers: Vec<String> =
            (0..ROWS).map(|row| format!("AF{}-{row:04}", self.count)).collect();
        let body: String = numbers
            .iter()
            .map(|number| format!("{}\n", Value::Object(marked(number, mark))))
            .collect();
        let job = in_time(&format!("the end of {key}"), self.sent(mode, &key, &body)).await;
        if job["state"] != "DONE" || job["created"] != ROWS || job["rows"] != ROWS {
            return self.fire.wrong(format!("{key} {mode}: {job}"));
        }
        Counts::add(&self.fire.counts.files);
        self.ledger.files.push(Together { numbers, mark });
    }

    /// Sends a file, and again, until its job has ended.
    async fn sent(&self, mode: &str, key: &str, body: &str) -> Value {
        let mut known: Option<String> = None;
        loop {
            let request = match &known {
                None => {
                    self.fire.request("POST", &format!("/exchange/accidents?mode={mode}&wait=1"))
                }
                Some(id) => self.fire.request("GET", &format!("/exchange/jobs/{id}?wait=5")),
            };
            let sent = if known.is_none() { body.to_owned() } else { String::new() };
            let request = request
                .header("content-type", "application/x-ndjson")
                .header("idempotency-key", key);
            let Ok(answer) =
                self.fire.try_send(request.body(Full::new(sent.into())).expect("a request")).await
            else {
                continue;
            };
            let job: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
            match job["state"].as_str() {
                Some("QUEUED" | "RUNNING") => known = job["id"].as_str().map(ToOwned::to_owned),
                Some("RECEIVING") => known = None,
                _ => return job,
            }
        }
    }
}
