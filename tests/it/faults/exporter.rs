//! A system that takes a family out as a file, again and again: a file that came whole is whole,
//! and the feed goes on behind it.

use std::collections::BTreeMap;

use http_body_util::Full;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::faults::{
    client::Answer,
    fire::{Counts, Fire, Unknown},
    follower::Follower,
};

/// The exporter of a round.
pub struct Exporter<'a> {
    fire: &'a Fire,
    copy: BTreeMap<String, Value>,
    after: Value,
}

impl<'a> Exporter<'a> {
    pub fn new(fire: &'a Fire) -> Self {
        Self { fire, copy: BTreeMap::new(), after: Value::Null }
    }

    /// Exports until the round ends; gives a follower that goes on behind the last whole file.
    pub async fn run(mut self) -> Follower<'a> {
        while self.fire.burns() {
            // Broken half-way, a file is no file.
            let _ = self.export().await;
        }
        Follower::behind(self.fire, &["Accident"], self.copy, self.after)
    }

    async fn get(&self, path: &str) -> Result<Answer, Unknown> {
        self.fire
            .try_send(self.fire.request("GET", path).body(Full::default()).expect("a request"))
            .await
    }

    async fn export(&mut self) -> Result<(), Unknown> {
        let file = self
            .get("/exchange/accidents?format=ndjson&fields=id,version,accidentNo,minorInjuries")
            .await?;
        let link =
            file.headers.get("link").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let place = link.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
        let shown = self.get(&place).await?;
        let manifest: Value = serde_json::from_slice(&shown.body).unwrap_or_default();
        let mut copy = BTreeMap::new();
        for line in file.body.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let row: Value = serde_json::from_slice(line).unwrap_or_default();
            let id = row["id"].as_str().unwrap_or_default().to_owned();
            if let Some(twice) = copy.insert(id, row) {
                self.fire.wrong(format!("exported twice: {twice}"));
            }
        }
        let digest = format!("{:x}", Sha256::digest(&file.body));
        if file.status != 200
            || manifest["complete"] != true
            || manifest["rows"] != copy.len()
            || manifest["digest"] != digest
        {
            self.fire.wrong(format!(
                "an export of {} rows that came whole: {} {manifest}",
                copy.len(),
                file.status
            ));
        }
        Counts::add(&self.fire.counts.exports);
        self.after = manifest["cursor"].clone();
        self.copy = copy;
        Ok(())
    }
}
