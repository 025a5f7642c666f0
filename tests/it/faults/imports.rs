//! Imports that are killed and run again, and several at once: every row of the file is there once.

use std::time::Instant;

use futures_util::future::join_all;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use serde_json::{Value, json};

use crate::{
    commands::number,
    faults::{
        aftermath,
        fire::Fire,
        kills::seeds,
        ledger::{Ledger, Receipt},
        process::Place,
        writer::{input, marked, mutation},
    },
    support::{Backend, backends},
};

const FAMILIES: [(&str, &str); 3] = [
    ("Employer ", "employers"),
    ("Accident ", "accidents"),
    ("AccidentVictim ", "accidentVictims"),
];
/// Lines of the file.
const LINES: usize = 300;
const KILLS: u64 = 12;

/// Puts the first lines of a real file into the place; gives the arguments that import it.
fn file(place: &Place) -> Vec<String> {
    let root = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let text =
        std::fs::read(root.join("tests/data/us_msha_part50_accidents.csv")).expect("the file");
    let lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').take(LINES).collect();
    std::fs::write(place.path("accidents.csv"), lines.concat()).expect("written");
    let profile = root.join("examples/profiles/msha.toml").display().to_string();
    let token = place.token("EMERGENCY", &["READER", "SUBMITTER"]);
    ["import", "Accident", "accidents.csv", "--profile", &profile, "--as", &token]
        .map(ToOwned::to_owned)
        .into()
}

fn words(arguments: &[String]) -> Vec<&str> {
    arguments.iter().map(String::as_str).collect()
}

/// Rows of each family that a file holds, as a dry run counts them.
async fn counted(place: &Place, arguments: &[String]) -> Vec<u64> {
    let mut dry = words(arguments);
    dry.push("--dry-run");
    let (done, said) = place.run(&dry).await;
    assert!(done, "{said}");
    FAMILIES.iter().map(|(family, _)| number(&said, &[family, "created"], "created")).collect()
}

/// The lists hold so many rows of each family, and all that must hold holds.
async fn whole(place: &Place, fire: &Fire, rows: &[u64]) {
    for ((_, list), rows) in FAMILIES.iter().zip(rows) {
        let (answer, _) =
            fire.settle(list, &format!("{{ {list} {{ totalCount }} }}"), &Value::Null).await;
        let body: Value = serde_json::from_slice(&answer.body).expect("JSON");
        assert_eq!(body["data"][list]["totalCount"], json!(rows), "{body}");
    }
    let (sound, said) = place.run(&["verify"]).await;
    assert!(sound, "{said}");
}

async fn killed(backend: Backend, seed: u64) {
    let place = Place::on(backend).await;
    let arguments = file(&place);
    let start = Instant::now();
    let rows = counted(&place, &arguments).await;
    let whole_run = start.elapsed();
    let hub = place.start().await;
    let fire = Fire::new(place.token("EMERGENCY", &["READER", "SUBMITTER"]));
    fire.at(Some(hub.address));
    let mut random = StdRng::seed_from_u64(seed);
    let mut inside = 0;
    for _ in 0..KILLS {
        let mut import = place
            .program(&words(&arguments))
            .stdout(std::process::Stdio::null())
            .spawn()
            .expect("the program starts");
        // A third of the time goes by before it writes.
        tokio::time::sleep(whole_run.mul_f64(random.gen_range(0.3..1.2))).await;
        inside += u64::from(import.try_wait().expect("its state").is_none());
        // It may have come to its end.
        let _ = import.kill();
        import.wait().expect("its end");
    }
    let (done, said) = place.run(&words(&arguments)).await;
    assert!(done, "{said}");
    whole(&place, &fire, &rows).await;
    eprintln!(
        "faults: imports killed on {backend:?}, seed {seed}: {KILLS} times, {inside} before their end; rows {rows:?}, each once"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_that_is_killed_and_run_again_takes_every_row_once() {
    for backend in backends() {
        for seed in seeds(1) {
            killed(backend, seed).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_file_imported_twice_at_once_is_taken_once() {
    for backend in backends() {
        let place = Place::on(backend).await;
        let arguments = file(&place);
        let rows = counted(&place, &arguments).await;
        let arguments = words(&arguments);
        for (done, said) in join_all([place.run(&arguments), place.run(&arguments)]).await {
            assert!(done, "{backend:?}: {said}");
        }
        let hub = place.start().await;
        let fire = Fire::new(place.token("EMERGENCY", &["READER", "SUBMITTER"]));
        fire.at(Some(hub.address));
        whole(&place, &fire, &rows).await;
        eprintln!(
            "faults: two imports of one file at once on {backend:?}: rows {rows:?}, each once"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hubs_handed_the_same_at_once_take_it_once_and_give_one_receipt() {
    let place = Place::on(Backend::Postgres).await;
    let hubs = [place.start().await, place.start().await];
    let token = place.token("EMERGENCY", &["READER", "SUBMITTER"]);
    let fires = [Fire::new(token.clone()), Fire::new(token)];
    for (fire, hub) in fires.iter().zip(&hubs) {
        fire.at(Some(hub.address));
    }
    let (mut ledger, query) = (Ledger::default(), mutation("Accidents"));
    for batch in 0..20 {
        let key = format!("night-{batch}");
        let rows: Vec<_> = (0..25).map(|row| marked(&format!("A{batch}-{row}"), batch)).collect();
        let variables = input("ATOMIC", &key, &rows);
        let all = fires.iter().chain(&fires).map(|fire| fire.settle(&key, &query, &variables));
        let answers = join_all(all).await;
        let first = &answers[0].0.body;
        for (answer, _) in &answers {
            assert_eq!(String::from_utf8_lossy(&answer.body), String::from_utf8_lossy(first));
        }
        let body: Value = serde_json::from_slice(first).expect("JSON");
        assert_eq!(body["data"]["answer"]["created"], json!(25), "{body}");
        for (row, verdict) in
            body["data"]["answer"]["verdicts"].as_array().expect("verdicts").iter().enumerate()
        {
            assert_eq!(ledger.take(format!("A{batch}-{row}"), batch, verdict), None);
        }
        ledger.receipts.push(Receipt {
            number: key,
            query: query.clone(),
            variables,
            answer: first.clone(),
        });
    }
    let rows = aftermath::holds(&fires[1], &place, &ledger, Vec::new()).await;
    eprintln!(
        "faults: two hubs handed the same at once: {rows} records, each once, 20 receipts the same from both"
    );
}
