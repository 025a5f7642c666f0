//! A file whose hub was killed is taken in again from where it was counted to: its report counts
//! every row once, wherever that was.

use std::{collections::BTreeMap, sync::Arc};

use chrono::NaiveDate;
use lianfang::{
    authz::actor::Actor,
    domain::region::RegionCode,
    error::HubError,
    exchange::{
        format::media::Format,
        intake::{
            chunks::{Chunk, ChunkOptions},
            engine::{IncomingFile, Keeper, take_in},
        },
    },
    store::exchange::jobs::JobProgress,
    submit::verdict::{Mode, RowVerdict},
};
use serde_json::Value;

use crate::{
    samples::{CITY, accident},
    support::{TestHub, backends},
};

/// More than fit into one chunk.
const ROWS: i64 = 1_040;

/// Remembers what is known after each chunk.
#[derive(Default)]
struct Memory {
    verdicts: BTreeMap<i32, Vec<RowVerdict>>,
    reached: Vec<JobProgress>,
}

impl Keeper for Memory {
    async fn settled(
        &mut self,
        chunk: &Chunk,
        verdicts: &[RowVerdict],
        progress: &JobProgress,
    ) -> Result<bool, HubError> {
        self.verdicts.insert(chunk.number, verdicts.to_vec());
        self.reached.push(progress.clone());
        Ok(true)
    }

    async fn earlier_verdicts(
        &mut self,
        chunk: &Chunk,
    ) -> Result<Option<Vec<RowVerdict>>, HubError> {
        Ok(self.verdicts.get(&chunk.number).cloned())
    }
}

#[tokio::test]
async fn every_row_is_counted_once_wherever_the_hub_was_killed() {
    let lines: Vec<String> = (0..ROWS)
        .map(|number| Value::Object(accident(&format!("A{number}"))).to_string())
        .collect();
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), lines.join("\n")).expect("written");
    for backend in backends() {
        for mode in [Mode::Atomic, Mode::Partial] {
            let hub = TestHub::on(backend).await;
            let services = &hub.services;
            let region = RegionCode::parse(CITY).expect("a region");
            let actor = Actor::internal("test", "EMERGENCY", region);
            let incoming = IncomingFile {
                mode,
                source_system: String::new(),
                key: "file".to_owned(),
                reading: ChunkOptions {
                    format: Format::Ndjson,
                    charset: None,
                    family: services.catalogue.find("Accident").expect("a family"),
                    profile: None,
                    catalogue: Arc::clone(&services.catalogue),
                    reference: Arc::clone(&services.reference),
                    today: NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day"),
                    leave_hidden: false,
                },
            };
            let mut memory = Memory::default();
            let again = async |from: JobProgress, memory: &mut Memory| {
                let content = Arc::new(file.path().to_owned());
                take_in(services, &actor, &incoming, content, from, memory).await.expect("taken in")
            };
            let whole = again(JobProgress::default(), &mut memory).await;
            assert_eq!((whole.rows, whole.created, whole.chunks > 1), (ROWS, ROWS, true));
            for from in memory.reached.clone() {
                let chunks = from.chunks;
                let resumed = again(from, &mut memory).await;
                assert_eq!(resumed, whole, "{backend:?} {mode:?}: from chunk {chunks}");
            }
        }
    }
}
