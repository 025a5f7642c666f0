//! The example clients, run as what they are: programs of their own, against the real routes over a
//! real line.
//!
//! They need python3, java, node and npm. Where one is missing its tests fail and say what to
//! install.

mod line;
pub mod program;

use std::{collections::BTreeMap, path::Path};

use axum::body::Body;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use crate::{
    clients::{line::Line, program::Client},
    consumer::{WITHDRAW, settled},
    files::{NDJSON, lines},
    live_client::listening,
    patience::until,
    samples::{CITY, accident, man, victim, with},
    support::{Row, TestHub, backends},
};

/// Rows of a file that is longer than the 1 MiB which the hub makes durable at a time.
const MANY: u32 = 700;

fn accidents(count: u32) -> Vec<Row> {
    (0..count).map(|number| accident(&format!("C-{number:05}"))).collect()
}

/// Accidents with much to tell, which no compression makes short.
fn long(deaths: u32) -> Vec<Row> {
    let cause = |number: u32| {
        (0..25)
            .map(|part| format!("{:x}", Sha256::digest(format!("{number} {part}"))))
            .collect::<String>()
    };
    let told = |(number, row)| with(row, json!({"directCause": cause(number), "deaths": deaths}));
    (0..).zip(accidents(MANY)).map(told).collect()
}

/// Cursor, fields and records of a copy.
fn copy(directory: &Path, family: &str) -> (Value, BTreeMap<String, Value>) {
    let text = std::fs::read_to_string(directory.join(format!("{family}.ndjson"))).expect("a copy");
    let mut lines = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("the copy is whole at any moment"));
    let head = lines.next().expect("a cursor");
    let records: Vec<Value> = lines.collect();
    let by_id = records
        .iter()
        .map(|record| (record["id"].as_str().expect("an identifier").to_owned(), record.clone()));
    let by_id: BTreeMap<String, Value> = by_id.collect();
    assert_eq!(by_id.len(), records.len(), "no record stands twice");
    (head, by_id)
}

/// The fields of a copy as they are asked for in GraphQL.
fn selection(head: &Value) -> String {
    let fields = head["fields"].as_array().expect("fields").iter().map(|name| {
        match name.as_str().expect("a name") {
            "findings" => "findings { code field message }",
            other => other,
        }
    });
    fields.collect::<Vec<_>>().join(" ")
}

/// What the list of GraphQL shows, with the fields of a copy.
async fn listed(hub: &TestHub, token: &str, list: &str, head: &Value) -> BTreeMap<String, Value> {
    let fields = selection(head);
    let query = format!(
        "query($after: String) {{ {list}(first: 200, after: $after) {{ pageInfo {{ hasNextPage endCursor }} nodes {{ {fields} }} }} }}"
    );
    let (mut all, mut after) = (BTreeMap::new(), Value::Null);
    loop {
        let page = hub.ask(token, &query, json!({ "after": after })).await["data"][list].clone();
        for node in page["nodes"].as_array().expect("records") {
            all.insert(node["id"].as_str().expect("an identifier").to_owned(), node.clone());
        }
        if page["pageInfo"]["hasNextPage"] != true {
            return all;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// The copies hold what the lists show.
async fn same(
    hub: &TestHub,
    token: &str,
    directory: &Path,
    families: &[(&str, &str)],
    about: &str,
) {
    for (family, list) in families {
        let (head, records) = copy(directory, family);
        let shown = listed(hub, token, list, &head).await;
        assert!(!shown.is_empty(), "{about}");
        assert_eq!(records, shown, "{about} {family}");
    }
}

async fn identifier(hub: &TestHub, token: &str, number: &str) -> Value {
    let query = format!(
        "{{ accidents(where: {{accidentNo: {{eq: \"{number}\"}}}}) {{ nodes {{ id }} }} }}"
    );
    hub.data(token, &query).await["accidents"]["nodes"][0]["id"].clone()
}

/// Waits until the hub has noticed that the line broke and has made durable what came.
async fn kept(hub: &TestHub, token: &str, bytes: u64) {
    until("what came before the line broke is kept", async || {
        let jobs = hub.call("GET", token, "/exchange/jobs", &[], Body::empty()).await.job;
        jobs["jobs"][0]["received"].as_u64().is_some_and(|received| received > bytes)
    })
    .await;
}

/// A file with bad rows goes in, its verdicts come back; a copy is made, follows, and begins anew
/// when it has to.
async fn a_day_of(client: Client) {
    for backend in backends() {
        let about = format!("{client:?} {backend:?}");
        let hub = TestHub::on(backend).await;
        let (submitter, reader) = (hub.submitter("EMERGENCY"), hub.reader("HRSS", CITY));
        let line = Line::to(listening(&hub).await).await;
        let directory = TempDir::new().expect("a directory");
        let (file, copies) =
            (directory.path().join("报送 1.ndjson"), directory.path().join("copies"));
        let run = async |token: &str, words: &[&str]| client.run(&line, token, words).await;
        let [path, into] = [&file, &copies].map(|path| path.to_str().expect("text").to_owned());

        let mut rows = accidents(20);
        rows[3] = with(rows[3].clone(), json!({"regionCode": "140212"}));
        rows[7].remove("accidentType");
        std::fs::write(&file, lines(&rows)).expect("written");
        let sent = run(&submitter, &["push", "Accident", &path]).await;
        assert_eq!(sent.code, 1, "{about}: {sent:?}");
        assert!(
            sent.out.contains("state=DONE rows=20 created=18 updated=0 unchanged=0 rejected=2"),
            "{about}: {sent:?}"
        );
        let verdicts =
            std::fs::read_to_string(format!("{path}.rejected.ndjson")).expect("verdicts");
        let verdicts: Vec<Value> =
            verdicts.lines().map(|line| serde_json::from_str(line).expect("a verdict")).collect();
        let told: Vec<_> = verdicts
            .iter()
            .map(|one| (one["row"].clone(), one["faults"][0]["code"].clone()))
            .collect();
        assert_eq!(
            told,
            [(json!(4), json!("REGION_NOT_YOURS")), (json!(8), json!("REQUIRED"))],
            "{about}"
        );
        let again = run(&submitter, &["push", "Accident", &path]).await;
        assert_eq!((again.code, &again.out), (1, &sent.out), "{about}: the same receipt");
        let mended = run(&submitter, &["push", "Accident", &path, "-2"]).await;
        assert!(
            mended.out.contains("created=0 updated=0 unchanged=18 rejected=2"),
            "{about}: judged anew: {mended:?}"
        );
        std::fs::write(
            &file,
            lines(&[victim("V-1", "C-00001", &man(1)), victim("V-2", "C-00002", &man(2))]),
        )
        .expect("written");
        assert_eq!(run(&submitter, &["push", "AccidentVictim", &path]).await.code, 0, "{about}");

        let families = [("Accident", "accidents"), ("AccidentVictim", "accidentVictims")];
        settled(&hub).await;
        let pulled = run(&reader, &["pull", &into]).await;
        assert_eq!(pulled.code, 0, "{about}: {pulled:?}");
        same(&hub, &reader, &copies, &families, &about).await;
        hub.submit(
            &submitter,
            "Accidents",
            "ATOMIC",
            "k1",
            &[with(accident("C-00001"), json!({"deaths": 9})), accident("new")],
        )
        .await;
        let gone = identifier(&hub, &submitter, "C-00005").await;
        hub.ask(&submitter, WITHDRAW, json!({"id": gone, "reason": "误报"})).await;
        settled(&hub).await;
        // What a killed run left behind is in nobody's way.
        std::fs::write(copies.join("Accident.ndjson.tmp"), "{\"cursor\": \"half a")
            .expect("written");
        assert_eq!(run(&reader, &["pull", &into, "Accident"]).await.code, 0, "{about}");
        same(&hub, &reader, &copies, &families, &about).await;

        let late = lianfang::context::OpCtx::begin("test").now() + chrono::Duration::days(1);
        hub.submit(&submitter, "Accidents", "ATOMIC", "k2", &[accident("newer")]).await;
        settled(&hub).await;
        assert!(hub.services.database.feed_prune(late).await.expect("a cut") > 0, "{about}");
        let anew = run(&reader, &["pull", &into]).await;
        assert_eq!(anew.code, 0, "{about}: RESYNC is answered with an export: {anew:?}");
        same(&hub, &reader, &copies, &families, &about).await;

        let refused = run("no token", &["push", "Accident", &path]).await;
        assert_eq!(refused.code, 2, "{about}: {refused:?}");
    }
}

/// The line breaks in the middle of an upload, of an export and of a page, and the program is
/// killed again and again.
async fn bad_lines_and_kills_of(client: Client) {
    for backend in backends() {
        let about = format!("{client:?} {backend:?}");
        let hub = TestHub::on(backend).await;
        let (submitter, reader) = (hub.submitter("EMERGENCY"), hub.reader("EMERGENCY", CITY));
        let line = Line::to(listening(&hub).await).await;
        let directory = TempDir::new().expect("a directory");
        let (file, copies) =
            (directory.path().join("rows.ndjson"), directory.path().join("copies"));
        let [path, into] = [&file, &copies].map(|path| path.to_str().expect("text").to_owned());
        let body = lines(&long(1));
        assert!(body.len() > (1 << 20) + 200_000, "{}", body.len());
        std::fs::write(&file, &body).expect("written");

        let push = ["push", "Accident", path.as_str()];
        line.break_up((1 << 20) + 50_000);
        client.killed(&line, &submitter, &push).await;
        assert_eq!(hub.accidents(&submitter).await, 0, "{about}: a broken upload writes nothing");
        kept(&hub, &submitter, 1 << 20).await;
        let before = line.sent();
        line.break_up(60_000);
        let sent = client.run(&line, &submitter, &push).await;
        assert_eq!(sent.code, 0, "{about}: {sent:?}");
        assert!(sent.out.contains(&format!("created={MANY} ")), "{about}: {sent:?}");
        assert!(line.broke(), "{about}");
        let resent = line.sent() - before;
        assert!(
            resent < body.len() as u64 / 2,
            "{about}: it went on where it broke, but sent {resent} bytes"
        );
        let jobs = hub.call("GET", &submitter, "/exchange/jobs", &[], Body::empty()).await.job;
        assert_eq!(jobs["jobs"].as_array().map(Vec::len), Some(1), "{about}: {jobs}");
        assert_eq!(jobs["jobs"][0]["digest"], format!("{:x}", Sha256::digest(&body)), "{about}");

        settled(&hub).await;
        let pull = ["pull", into.as_str(), "Accident"];
        line.break_down(300_000);
        let pulled = client.run(&line, &reader, &pull).await;
        assert!(
            pulled.code == 0 && line.broke(),
            "{about}: an export that breaks is made again: {pulled:?}"
        );
        for deaths in [2, 3] {
            let key = format!("deaths-{deaths}");
            hub.upload(
                &submitter,
                "/exchange/Accident?wait=60",
                &key,
                NDJSON,
                lines(&long(deaths)),
            )
            .await;
        }
        let gone = identifier(&hub, &submitter, "C-00005").await;
        hub.ask(&submitter, WITHDRAW, json!({"id": gone, "reason": "误报"})).await;
        settled(&hub).await;
        // Around the end of the first page the program takes it over; wherever it dies, cursor and
        // copy fit.
        let page = line.page_bytes(&hub, &reader, &copy(&copies, "Accident").0).await;
        for after in [page / 2, page + 150, page + 3_000, page / 4] {
            line.break_down(after);
            client.killed(&line, &reader, &pull).await;
            let (head, records) = copy(&copies, "Accident");
            assert!(head["cursor"].is_string() && records.len() as u32 >= MANY - 1, "{about}");
        }
        line.break_down(page / 5);
        let pulled = client.run(&line, &reader, &pull).await;
        assert!(
            pulled.code == 0 && line.broke(),
            "{about}: a page that breaks is asked for again: {pulled:?}"
        );
        same(&hub, &reader, &copies, &[("Accident", "accidents")], &about).await;
        hub.holds().await;
    }
}

macro_rules! clients {
    ($($name:ident: $client:ident),*) => {$(
        mod $name {
            use super::{Client, a_day_of, bad_lines_and_kills_of};

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn pushes_a_file_and_keeps_a_copy_that_follows() {
                a_day_of(Client::$client).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn loses_and_doubles_nothing_when_lines_break_and_it_is_killed() {
                bad_lines_and_kills_of(Client::$client).await;
            }
        }
    )*};
}

#[tokio::test]
async fn java_runs_the_source_file_as_it_is_and_every_client_says_how_it_is_used() {
    let nowhere = Line::to(([127, 0, 0, 1], 9).into()).await;
    for client in [Client::Python, Client::Java, Client::TypeScript] {
        let ended = client.run_source(&nowhere).await;
        assert_eq!(ended.code, 2, "{client:?} {ended:?}");
        assert!(
            ended.error.contains("pull") || ended.error.contains("usage"),
            "{client:?} {ended:?}"
        );
    }
}

#[test]
fn every_client_is_one_file_that_is_read_in_a_few_minutes() {
    for (name, text) in [
        ("client.py", include_str!("../../../examples/clients/client.py")),
        ("Client.java", include_str!("../../../examples/clients/Client.java")),
        ("client.ts", include_str!("../../../examples/clients/client.ts")),
    ] {
        assert!(text.lines().count() < 120, "{name} has {} lines", text.lines().count());
    }
}

clients!(python: Python, java: Java, typescript: TypeScript);
