//! Every change to every table by somebody who lacks the key is found, and the finding names the
//! table: each column of a row of each table is changed, rows are deleted, put in and swapped,
//! tables emptied and cut off, and traces wiped.

use std::collections::BTreeSet;

mod cells;
mod world;

use lianfang::{
    audit::chain::{START, plain},
    store::{
        audit::Seen,
        proof::{checkpoint::Checkpoint, witnessed::WITNESSED},
        verify::Check,
    },
};
use serde_json::json;

use self::world::world;
use crate::{
    consumer::settled,
    samples::{CITY, man, person, with},
    support::{Backend, TestHub, backends},
    verify::filled,
};

/// Tables that hold nothing to be proved, and why.
const NOT_PROVED: [(&str, &str); 7] = [
    (
        "account_attempts",
        "how often somebody failed to sign in: tells of nobody's data and begins anew",
    ),
    ("exchange_turns", "whose job is next: tells of nobody's data and is counted anew"),
    ("hub_probes", "when each hub last wrote something to see whether it can"),
    ("organisation_days", "how many rows an organisation has handed in on a day, for its bound"),
    ("seaql_migrations", "which changes of the schema were made"),
    (
        "exchange_parts",
        "files on their way in: sealed part by part and bound to job and place, and gone after some days",
    ),
    ("rows_touched", "empty but for what somebody else has touched"),
];

async fn checks(hub: &TestHub, kept: Option<&Checkpoint>, codes: bool) -> Vec<Check> {
    let (catalogue, seal) = (&hub.services.catalogue, &hub.services.seal);
    let mut all =
        vec![lianfang::audit::verify::since(&hub.database, kept).await.expect("the log is read")];
    all.extend(
        lianfang::store::verify::since(&hub.database, catalogue, Some(seal), kept)
            .await
            .expect("the store is read"),
    );
    if codes {
        all.push(lianfang::store::verify::codes(&hub.database).await.expect("the codes are read"));
    }
    all.retain(|check| check.wrong > 0);
    all
}

/// What looks at a table.
async fn of_table(hub: &TestHub, table: &str) -> Vec<Check> {
    let database = &hub.database;
    let mut all = match table {
        "audit_entries" | "audit_owners" => {
            vec![lianfang::audit::verify::chain(database).await.expect("the log is read")]
        }
        "reference_codes" | "reference_tables" => {
            vec![lianfang::store::verify::codes(database).await.expect("the codes are read")]
        }
        _ if WITNESSED.iter().any(|own| own.table == table) => {
            lianfang::store::verify::tables(database).await.expect("the rows are read")
        }
        _ => return checks(hub, None, false).await,
    };
    all.retain(|check| check.wrong > 0);
    all
}

/// Names of columns with their types.
async fn columns(hub: &TestHub, table: &str) -> Vec<(String, String)> {
    let sql = if hub.is_postgres() {
        // What the database computes nobody can write.
        format!(
            "SELECT column_name || ' ' || data_type FROM information_schema.columns WHERE table_name = '{table}' \
             AND is_generated = 'NEVER'"
        )
    } else {
        format!("SELECT name || ' ' || lower(type) FROM pragma_table_info('{table}')")
    };
    let split = |text: String| {
        text.split_once(' ')
            .map(|(name, of)| (name.to_owned(), of.to_owned()))
            .expect("a name and a type")
    };
    hub.db_texts(&sql).await.into_iter().map(split).collect()
}

/// Another value of a column.
fn another(hub: &TestHub, (name, of): &(String, String)) -> String {
    let postgres = hub.is_postgres();
    match of.as_str() {
        "boolean" | "bool" => format!("NOT COALESCE(\"{name}\", FALSE)"),
        "bytea" | "blob" => (if postgres { "'\\x01'" } else { "x'01'" }).to_owned(),
        "uuid" => "'01900000-0000-7000-8000-000000000001'".to_owned(),
        "uuid_text" => "x'01900000000070008000000000000001'".to_owned(),
        "date" | "date_text" => "'2001-01-01'".to_owned(),
        _ if of.starts_with("timestamp") => "'2001-01-01 00:00:00+00:00'".to_owned(),
        _ if of.contains("int") => format!("COALESCE(\"{name}\", 0) + 1000000"),
        _ => format!("COALESCE(\"{name}\", '') || 'x'"),
    }
}

/// What may be done to a table: each a name and the statements.
fn tamperings(hub: &TestHub, table: &str, columns: &[(String, String)]) -> Vec<(String, String)> {
    let row = if hub.is_postgres() { "ctid" } else { "rowid" };
    let one = |which: &str| format!("WHERE {row} = (SELECT {which}({row}) FROM {table})");
    let generated =
        |name: &str| hub.is_postgres() && table == "change_events" && name == "position";
    let mut all: Vec<(String, String)> = Vec::new();
    // The one number of the one row cannot be another; when code tables were loaded is not proved.
    let left_out = [("feed_cut", "one"), ("reference_tables", "loaded_at")];
    for column in columns.iter().filter(|(name, _)| !left_out.contains(&(table, name.as_str()))) {
        let value = if generated(&column.0) { "DEFAULT".to_owned() } else { another(hub, column) };
        all.push((
            format!("{} changed", column.0),
            format!("UPDATE {table} SET \"{}\" = {value} {}", column.0, one("MIN")),
        ));
    }
    all.push(("the first row deleted".to_owned(), format!("DELETE FROM {table} {}", one("MIN"))));
    all.push(("the last row deleted".to_owned(), format!("DELETE FROM {table} {}", one("MAX"))));
    all.push(("emptied".to_owned(), format!("DELETE FROM {table}")));
    all
}

/// Where the finding has to point: what stands for other tables is named by them.
/// Whether a place names the table, or the family whose records it holds.
fn named(hub: &TestHub, table: &str, places: &[String]) -> bool {
    let family = hub
        .services
        .catalogue
        .families()
        .find(|family| family.table == table)
        .map(|family| format!(" {} ", family.name));
    match table {
        "chains" | "row_proofs" => !places.is_empty(),
        _ => places.iter().any(|place| {
            place.contains(table) || family.as_ref().is_some_and(|name| place.contains(name))
        }),
    }
}

async fn tables(hub: &TestHub) -> BTreeSet<String> {
    let sql = if hub.is_postgres() {
        "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    };
    hub.db_texts(sql).await.into_iter().collect()
}

/// Lets somebody at a table and puts everything back.
async fn tampered(hub: &TestHub, table: &str, sql: &str) -> Vec<Check> {
    hub.db_run(&format!("CREATE TABLE kept AS SELECT * FROM {table}")).await;
    hub.db_run(sql).await;
    // Whoever does this wipes the trace that the triggers leave.
    hub.db_run("DELETE FROM rows_touched").await;
    let found = of_table(hub, table).await;
    hub.db_run(&format!("DELETE FROM {table}")).await;
    hub.db_put_back(table, "kept").await;
    hub.db_run("DROP TABLE kept").await;
    hub.db_run("DELETE FROM rows_touched").await;
    found
}

#[tokio::test]
async fn every_change_of_every_column_of_every_table_is_found_on_sqlite() {
    every_change_is_found(Backend::Sqlite).await;
}

#[tokio::test]
async fn every_change_of_every_column_of_every_table_is_found_on_postgresql() {
    every_change_is_found(Backend::Postgres).await;
}

async fn every_change_is_found(backend: Backend) {
    let hub = TestHub::on(backend).await;
    world(&hub).await;
    let before = checks(&hub, None, true).await;
    assert!(before.is_empty(), "{backend:?}: {before:?}");
    let (mut done, mut missed) = (0, Vec::new());
    for table in tables(&hub)
        .await
        .into_iter()
        .filter(|table| NOT_PROVED.iter().all(|(own, _)| own != table))
    {
        let filled = hub.db_count(&format!("SELECT COUNT(*) FROM {table}")).await;
        // Some families have no record here; they are proved as the others are.
        if filled == 0 && !WITNESSED.iter().any(|own| own.table == table) {
            continue;
        }
        assert!(filled > 0, "{table} holds nothing: this test has to put something there");
        let columns = columns(&hub, &table).await;
        for (what, sql) in tamperings(&hub, &table, &columns) {
            let found = tampered(&hub, &table, &sql).await;
            done += 1;
            let places: Vec<String> = found.iter().flat_map(|check| check.places.clone()).collect();
            if !named(&hub, &table, &places) {
                missed.push(format!("{table}: {what}; found: {places:?}"));
            }
        }
    }
    assert!(
        missed.is_empty(),
        "{backend:?}: {} of {done} not found:\n{}",
        missed.len(),
        missed.join("\n")
    );
    let after = checks(&hub, None, true).await;
    assert!(after.is_empty(), "{backend:?}: {after:?}");
    eprintln!("{backend:?}: {done} tamperings, all found");
}

#[tokio::test]
async fn what_fits_together_by_itself_is_found_by_the_log_and_by_the_checkpoint() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        world(&hub).await;
        let prover = hub.database.prover().expect("a key");
        let kept = Checkpoint::now(&hub.database, prover).await.expect("a checkpoint");
        assert!(kept.holds(prover) && checks(&hub, Some(&kept), false).await.is_empty());
        hub.db_run("CREATE TABLE heads AS SELECT * FROM chains").await;
        // Things go on, and somebody takes the end of the log away with its head.
        hub.data(&hub.reader("HRSS", CITY), "{ persons { nodes { name } } }").await;
        let later = Checkpoint::now(&hub.database, prover).await.expect("a checkpoint");
        assert!(
            checks(&hub, Some(&kept), false).await.is_empty(),
            "a log that has grown still holds what it held"
        );
        hub.db_run(&format!("DELETE FROM audit_owners WHERE seq > {}", kept.audit)).await;
        hub.db_run(&format!("DELETE FROM audit_entries WHERE seq > {}", kept.audit)).await;
        assert!(!checks(&hub, None, false).await.is_empty(), "{backend:?}: the head is ahead");
        hub.db_run("DELETE FROM chains").await;
        hub.db_run("INSERT INTO chains SELECT * FROM heads").await;
        assert!(
            checks(&hub, None, false).await.is_empty(),
            "{backend:?}: inside, an old state is a state"
        );
        let lost = checks(&hub, Some(&later), false).await;
        assert!(
            lost.iter().any(|check| check.name.starts_with("audit:")),
            "{backend:?}: a kept checkpoint sees a lost tail: {lost:?}"
        );
        // A record taken back to its first version with everything that says otherwise, but the
        // log.
        let hub = TestHub::on(backend).await;
        hub.take("HRSS", "Person", "p1", vec![person("P1", &man(1))]).await;
        settled(&hub).await;
        hub.database.chain_all_events().await.expect("events are chained");
        for table in ["persons", "chains"] {
            hub.db_run(&format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}")).await;
        }
        let log = hub.db_texts("SELECT mac FROM chains WHERE name = 'audit'").await.len();
        assert_eq!(log, 1);
        hub.take(
            "HRSS",
            "Person",
            "p2",
            vec![with(person("P1", &man(1)), json!({"name": "王大明"}))],
        )
        .await;
        settled(&hub).await;
        hub.database.chain_all_events().await.expect("events are chained");
        hub.db_run("DELETE FROM persons").await;
        hub.db_put_back("persons", "kept_persons").await;
        hub.db_run("DELETE FROM record_versions WHERE version = 2").await;
        hub.db_run("DELETE FROM change_events WHERE version = 2").await;
        hub.db_run("DELETE FROM receipts WHERE idempotency_key = 'p2'").await;
        hub.db_run("DELETE FROM chains WHERE name = 'events'").await;
        hub.db_run("INSERT INTO chains SELECT * FROM kept_chains WHERE name = 'events'").await;
        let found: Vec<String> =
            checks(&hub, None, false).await.into_iter().flat_map(|check| check.places).collect();
        assert!(
            found.iter().any(|place| place.contains("record_versions of request")),
            "{backend:?}: {found:?}"
        );
        assert!(
            found.iter().any(|place| place.contains("receipts of request")),
            "{backend:?}: {found:?}"
        );
    }
}

#[tokio::test]
async fn a_record_made_up_or_swapped_by_hand_is_found() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        world(&hub).await;
        let id = if hub.is_postgres() { "gen_random_uuid()" } else { "randomblob(16)" };
        let made = format!(
            "INSERT INTO lead_runs (id, region_code, at, subject, department, found) \
             SELECT {id}, region_code, at, subject, department, found FROM lead_runs LIMIT 1"
        );
        for (table, sql) in [
            ("lead_runs", made.as_str()),
            (
                "audit_owners",
                "INSERT INTO audit_owners (seq, department, region_code, family, records) VALUES (1, 'UNION', '140600', 'Person', 1)",
            ),
            (
                "persons",
                "UPDATE persons SET id_number = CASE ref WHEN 'HRSS||P1' THEN (SELECT id_number FROM persons WHERE ref = 'HRSS||LP1') \
                 ELSE (SELECT id_number FROM persons WHERE ref = 'HRSS||P1') END",
            ),
            ("meeting_parts", "UPDATE meeting_parts SET department = 'HEALTH'"),
            (
                "change_events",
                "UPDATE change_events SET mac = (SELECT mac FROM change_events ORDER BY position LIMIT 1)",
            ),
        ] {
            let found = tampered(&hub, table, sql).await;
            assert!(
                found.iter().any(|check| named(&hub, table, &check.places)),
                "{backend:?}: {sql}: {found:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_store_from_before_there_was_a_key_is_taken_over_and_proved_from_then_on() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        filled(&hub).await;
        // As it was: no digests, and a log linked by SHA-256 alone.
        for sql in [
            "UPDATE record_versions SET kept = NULL, mac = NULL",
            "UPDATE change_events SET mac = NULL",
            "UPDATE receipts SET request_id = NULL, mac = NULL",
            "UPDATE audit_entries SET versions = 0, receipts = 0",
            "DELETE FROM chains",
            "DELETE FROM row_proofs",
        ] {
            hub.db_run(sql).await;
        }
        let mut last = START.to_owned();
        for entry in hub.database.audit_entries(&Seen::All, 0, 1_000).await.expect("entries") {
            let mut parts = entry.parts;
            parts.written = [0, 0];
            let hash = plain(&parts, &last);
            let sql = format!(
                "UPDATE audit_entries SET previous = '{last}', hash = '{hash}' WHERE seq = {}",
                parts.seq
            );
            hub.db_run(&sql).await;
            last = hash;
        }
        assert!(!checks(&hub, None, false).await.is_empty(), "{backend:?}: nothing is proved");
        hub.database.adopt(&hub.services.catalogue).await.expect("taken over");
        let after = checks(&hub, None, false).await;
        assert!(after.is_empty(), "{backend:?}: {after:?}");
        // It goes on, and what was there before is proved as well as what came after.
        hub.take(
            "HRSS",
            "Person",
            "later",
            vec![with(person("P1", &man(1)), json!({"name": "王中明"}))],
        )
        .await;
        hub.holds().await;
        for (table, sql) in [
            ("record_versions", "UPDATE record_versions SET subject = 'x' WHERE version = 1"),
            ("audit_entries", "UPDATE audit_entries SET subject = 'x' WHERE seq = 2"),
            ("change_events", "UPDATE change_events SET region_code = '140699' WHERE version = 1"),
            ("receipts", "UPDATE receipts SET body_digest = 'x'"),
        ] {
            let found = tampered(&hub, table, sql).await;
            assert!(
                found.iter().any(|check| named(&hub, table, &check.places)),
                "{backend:?}: {sql}: {found:?}"
            );
        }
    }
}

#[tokio::test]
async fn what_was_changed_by_hand_is_found_though_the_hub_wrote_the_same_row_since() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        world(&hub).await;
        hub.holds().await;
        // Somebody changes what was resolved and wipes the traces; then the office says that it is
        // done.
        hub.db_run("UPDATE meeting_resolutions SET content = '不再督办'").await;
        hub.db_run("UPDATE leads SET employer_name = '某某公司'").await;
        hub.db_run("DELETE FROM rows_touched").await;
        let office = hub.token("HRSS", CITY, &["SECRETARY"]);
        let of = format!("region: \"{CITY}\", year: 2024");
        let own = hub
            .data(&office, &format!("{{ jointMeeting({of}) {{ resolutions {{ id version }} }} }}"))
            .await;
        let own = &own["jointMeeting"]["resolutions"][0];
        let done = format!(
            "resolution: {}, version: {}, state: DONE, progress: \"已办结\"",
            own["id"], own["version"]
        );
        hub.data(
            &office,
            &format!(
                "mutation {{ settleResolution(input: {{region: \"{CITY}\", {done}}}) {{ state }} }}"
            ),
        )
        .await;
        let steward = hub.token("HRSS", CITY, &["READER", "STEWARD"]);
        hub.data(
            &steward,
            &format!("mutation {{ searchLeads(region: \"{CITY}\") {{ kinds {{ kind }} }} }}"),
        )
        .await;
        for table in ["meeting_resolutions", "leads"] {
            let found = of_table(&hub, table).await;
            assert!(
                found.iter().any(|check| named(&hub, table, &check.places)),
                "{backend:?}: {table}: {found:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_digest_under_a_key_that_is_none_is_named_and_ends_nothing() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        world(&hub).await;
        for (order, key) in
            ["no identifier", "01900000-0000-7000-8000-000000000001 | 1 | 2", "\u{1f}", "1\u{1f}x"]
                .iter()
                .enumerate()
        {
            for table in ["leads", "lead_events"] {
                let sql = format!(
                    "INSERT INTO row_proofs (table_name, row_key, mac) VALUES ('{table}', '{key}', 'forged {order}')"
                );
                hub.db_run(&sql).await;
                let found = of_table(&hub, table).await;
                assert!(
                    found.iter().any(|check| named(&hub, table, &check.places)),
                    "{backend:?}: {key:?}: {found:?}"
                );
                hub.db_run("DELETE FROM row_proofs WHERE mac LIKE 'forged%'").await;
            }
        }
        hub.holds().await;
    }
}
