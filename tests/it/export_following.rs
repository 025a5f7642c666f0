//! An export and the changes after its cursor make what a later export holds, whatever is written
//! meanwhile.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use lianfang::{app::Settings, exchange::export::order::ExportLimits};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use serde_json::{Value, json};

use crate::{
    consumer::Consumer,
    exported::path,
    following::write,
    samples::{CITY, COUNTY, OTHER_COUNTY},
    support::{TestHub, backends},
};

/// The families of [`crate::consumer::PAGE`] with what it selects of them.
const FAMILIES: [(&str, &str); 3] = [
    ("Accident", "id,accidentNo,regionCode,keyIndustry,deaths"),
    ("AccidentVictim", "id,victimNo,regionCode,name,bodyPart"),
    ("Person", "id,personNo,regionCode,name"),
];

/// An export as a copy by identifier, with its cursor; nothing where it is refused.
async fn copy(
    hub: &TestHub,
    token: &str,
    (family, fields): (&str, &str),
) -> Option<(BTreeMap<String, Value>, Value)> {
    let file = hub.file(token, &path(family, &[("fields", fields)]), &[]).await;
    if file.status == 403 {
        return None;
    }
    let with_type = |mut record: Value| {
        record["__typename"] = json!(family);
        (record["id"].as_str().expect("an identifier").to_owned(), record)
    };
    Some((
        file.records().into_iter().map(with_type).collect(),
        json!(file.header("lianfang-cursor")),
    ))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_export_and_the_changes_after_it_make_a_later_export() {
    for backend in backends() {
        for seed in 0..3 {
            // Small pages, so that writers come between them.
            let exports = ExportLimits { page: 2, ..ExportLimits::default() };
            let hub = TestHub::with(backend, Settings { exports, ..Settings::default() }).await;
            let mut random = StdRng::seed_from_u64(seed);
            let readers = [
                ("EMERGENCY", CITY),
                ("EMERGENCY", COUNTY),
                ("HRSS", OTHER_COUNTY),
                ("HOUSING", CITY),
                ("UNION", COUNTY),
            ];
            let readers = readers.map(|(department, region)| hub.reader(department, region));
            let mut copies: Vec<(Consumer, (&str, &str))> = Vec::new();
            for round in 0..10 {
                let writers: Vec<_> = (0..4)
                    .map(|writer| {
                        (
                            format!("{round}-{writer}"),
                            random.gen_range(0..11),
                            random.gen_range(0..6),
                            random.gen_range(0..1000),
                        )
                    })
                    .collect();
                let writing =
                    join_all(writers.iter().map(|(key, choice, number, seed)| {
                        write(&hub, key, *choice, *number, *seed)
                    }));
                let token = &readers[random.gen_range(0..readers.len())];
                let exporting = async {
                    let mut made = Vec::new();
                    for family in FAMILIES {
                        if let Some((records, cursor)) = copy(&hub, token, family).await {
                            let mut consumer = Consumer::new(token.clone(), json!([family.0]));
                            (consumer.copy, consumer.after) = (records, cursor);
                            made.push((consumer, family));
                        }
                    }
                    made
                };
                copies.extend(tokio::join!(writing, exporting).1);
            }
            assert!(copies.len() > 10, "only {} exports", copies.len());
            for (consumer, family) in &mut copies {
                consumer.pull(&hub, random.gen_range(1..40)).await;
                let (now, _) = copy(&hub, &consumer.token, *family).await.expect("an export");
                assert_eq!(consumer.copy, now, "{backend:?} seed {seed} {}", family.0);
            }
            hub.holds().await;
        }
    }
}
