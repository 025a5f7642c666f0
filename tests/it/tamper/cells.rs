//! A cell that reads as before and is kept in another form, or that cannot be read at all, is named
//! by table, and hides nothing that was changed beside it; so are tables, columns, indexes and
//! triggers that are not those of the program.

use super::{checks, world};
use crate::{
    consumer::settled,
    samples::{accident, injury, man, with},
    support::{Backend, TestHub, backends},
};
use lianfang::{
    app,
    store::verify::{Check, Schema},
};
use serde_json::json;

/// What reads as before on SQLite, which keeps in a column whatever is put there: the table and the
/// statement.
const SAME: [(&str, &str); 13] = [
    ("work_injuries", "UPDATE work_injuries SET fatal = 2 WHERE fatal = 1"),
    ("work_injuries", "UPDATE work_injuries SET fatal = -1 WHERE fatal = 1"),
    (
        "occupational_disease_cases",
        "UPDATE occupational_disease_cases SET under_five_years = 2 WHERE under_five_years = 1",
    ),
    (
        "accidents",
        "UPDATE accidents SET occurred_at = strftime('%Y-%m-%dT%H:%M:%S+08:00', occurred_at, '+8 hours')",
    ),
    ("accidents", "UPDATE accidents SET occurred_at = replace(occurred_at, '+00:00', 'Z')"),
    (
        "accidents",
        "UPDATE accidents SET occurred_at = replace(occurred_at, '+00:00', '.000+00:00')",
    ),
    ("accidents", "UPDATE accidents SET occurred_at = replace(occurred_at, 'T', ' ')"),
    ("accidents", "UPDATE accidents SET created_at = replace(created_at, '+00:00', '000+00:00')"),
    ("persons", "UPDATE persons SET birth_date = replace(birth_date, '-0', '-')"),
    ("persons", "UPDATE persons SET id_number = CAST(id_number AS TEXT)"),
    ("leads", "UPDATE leads SET gone = 'no'"),
    ("exchange_parts", "UPDATE exchange_parts SET job_id = lower(hex(job_id))"),
    ("hub_probes", "UPDATE hub_probes SET at = '2001-01-01'"),
];

/// What cannot be read on SQLite.
const UNREAD: [(&str, &str); 17] = [
    ("accidents", "UPDATE accidents SET employer_name = CAST(employer_name AS BLOB)"),
    ("accidents", "UPDATE accidents SET deaths = deaths + 0.4"),
    ("accidents", "UPDATE accidents SET deaths = deaths + 4294967296"),
    ("accidents", "UPDATE accidents SET version = 'x'"),
    ("accidents", "UPDATE accidents SET id = x'01' WHERE ref = 'EMERGENCY||A1'"),
    ("accidents", "UPDATE accidents SET id = 'x' WHERE ref = 'EMERGENCY||A1'"),
    (
        "occupational_disease_cases",
        "UPDATE occupational_disease_cases SET diagnosed_at = diagnosed_at || ' '",
    ),
    (
        "record_versions",
        "UPDATE record_versions SET content = CAST(content AS BLOB) WHERE family = 'Accident'",
    ),
    (
        "record_versions",
        "UPDATE record_versions SET version = 1.5 WHERE version = 1 AND family = 'Accident'",
    ),
    (
        "record_versions",
        "UPDATE record_versions SET record_id = CAST('x' || rowid AS TEXT) WHERE version = 2 AND family = 'Accident'",
    ),
    ("record_versions", "UPDATE record_versions SET request_id = x'ff' WHERE family = 'Accident'"),
    ("change_events", "UPDATE change_events SET kind = x'ff' WHERE family = 'Accident'"),
    ("change_events", "UPDATE change_events SET transaction_id = 0.5 WHERE family = 'Accident'"),
    ("receipts", "UPDATE receipts SET idempotency_key = x'ff' WHERE idempotency_key = 'a'"),
    ("audit_entries", "UPDATE audit_entries SET subject = CAST(subject AS BLOB) WHERE seq = 2"),
    (
        "audit_owners",
        "UPDATE audit_owners SET department = x'ff' WHERE rowid = (SELECT MIN(rowid) FROM audit_owners)",
    ),
    ("leads", "UPDATE leads SET employer_name = CAST(x'ff' AS TEXT)"),
];

/// More of the same that proves and code tables hold.
const UNREAD_TABLES: [(&str, &str); 5] = [
    ("chains", "UPDATE chains SET position = 'x' WHERE name IN ('audit', 'events')"),
    ("row_proofs", "UPDATE row_proofs SET mac = x'ff'"),
    (
        "row_proofs",
        "UPDATE row_proofs SET row_key = x'ff' WHERE rowid = (SELECT MIN(rowid) FROM row_proofs)",
    ),
    (
        "reference_codes",
        "UPDATE reference_codes SET code = x'ff' WHERE rowid = (SELECT MIN(rowid) FROM reference_codes)",
    ),
    ("reference_tables", "UPDATE reference_tables SET rows = 0.5"),
];

/// Days and instants of PostgreSQL that no calendar of a program has.
const ENDLESS: [(&str, &str); 9] = [
    (
        "occupational_disease_cases",
        "UPDATE occupational_disease_cases SET diagnosed_at = 'infinity'",
    ),
    ("persons", "UPDATE persons SET birth_date = '500000-01-01'"),
    ("accidents", "UPDATE accidents SET occurred_at = '-infinity'"),
    ("accidents", "UPDATE accidents SET withdrawn_at = 'infinity', created_at = 'infinity'"),
    ("record_versions", "UPDATE record_versions SET at = 'infinity' WHERE family = 'Accident'"),
    ("change_events", "UPDATE change_events SET at = 'infinity' WHERE family = 'Accident'"),
    ("receipts", "UPDATE receipts SET at = 'infinity' WHERE family = 'Accident'"),
    ("audit_entries", "UPDATE audit_entries SET at = 'infinity' WHERE seq = 2"),
    ("hub_probes", "UPDATE hub_probes SET at = 'infinity'"),
];

async fn filled(backend: Backend) -> TestHub {
    let hub = TestHub::on(backend).await;
    world(&hub).await;
    let fatal = with(injury("W9", "A1", &man(1)), json!({"fatal": true}));
    hub.take("HRSS", "WorkInjury", "fatal", vec![fatal]).await;
    hub.take("EMERGENCY", "Accident", "more", vec![accident("A7")]).await;
    hub.db_run("DELETE FROM hub_probes").await;
    let id = if hub.is_postgres() { "gen_random_uuid()" } else { "randomblob(16)" };
    hub.db_run(&format!(
        "INSERT INTO hub_probes (hub, at) SELECT {id}, at FROM audit_entries WHERE seq = 1"
    ))
    .await;
    settled(&hub).await;
    hub.database.chain_all_events().await.expect("events are chained");
    hub
}

fn places(found: &[Check]) -> Vec<String> {
    found.iter().flat_map(|check| check.places.clone()).collect()
}

/// What is found after a statement beside a change in another table and one in another record;
/// everything is put back.
async fn beside(hub: &TestHub, table: &str, sql: &str) -> Vec<String> {
    // Whatever was changed beside it.
    let others = ["employers", "audit_entries", "record_versions", "training_records"];
    let others: Vec<&str> = others.into_iter().filter(|other| *other != table).collect();
    for kept in others.iter().chain([&table]) {
        hub.db_run(&format!("CREATE TABLE kept_{kept} AS SELECT * FROM {kept}")).await;
    }
    for other in &others {
        let sql = match *other {
            "audit_entries" => "UPDATE audit_entries SET operation = 'x' WHERE seq = 5".to_owned(),
            "record_versions" => {
                "UPDATE record_versions SET reason = 'x' WHERE family = 'TrainingRecord'".to_owned()
            }
            other => format!("UPDATE {other} SET source_system = 'x'"),
        };
        hub.db_run(&sql).await;
    }
    hub.db_run(sql).await;
    hub.db_run("DELETE FROM rows_touched").await;
    let found = places(&checks(hub, None, true).await);
    for kept in others.iter().chain([&table]) {
        hub.db_run(&format!("DELETE FROM {kept}")).await;
        hub.db_put_back(kept, &format!("kept_{kept}")).await;
        hub.db_run(&format!("DROP TABLE kept_{kept}")).await;
    }
    hub.db_run("DELETE FROM rows_touched").await;
    for other in others {
        assert!(
            found.iter().any(|place| place.starts_with(other)),
            "{sql}: {other} is hidden: {found:?}"
        );
    }
    found
}

async fn each_is_named(hub: &TestHub, all: impl Iterator<Item = (&'static str, &'static str)>) {
    let before = checks(hub, None, true).await;
    assert!(before.is_empty(), "{before:?}");
    for (table, sql) in all {
        let found = beside(hub, table, sql).await;
        assert!(
            found.iter().any(|place| place.starts_with(table)),
            "{sql}: {table} is not named: {found:?}"
        );
    }
    let after = checks(hub, None, true).await;
    assert!(after.is_empty(), "{after:?}");
}

#[tokio::test]
async fn cells_that_read_as_before_are_named_on_sqlite() {
    each_is_named(&filled(Backend::Sqlite).await, SAME.into_iter()).await;
}

#[tokio::test]
async fn cells_that_cannot_be_read_are_named_and_hide_nothing_on_sqlite() {
    each_is_named(&filled(Backend::Sqlite).await, UNREAD.into_iter().chain(UNREAD_TABLES)).await;
}

#[tokio::test]
async fn days_and_instants_without_end_are_named_and_hide_nothing_on_postgresql() {
    each_is_named(&filled(Backend::Postgres).await, ENDLESS.into_iter()).await;
}

#[tokio::test]
async fn an_unreadable_row_hides_no_other_row_of_its_table() {
    let hub = filled(Backend::Sqlite).await;
    for (table, sql, other) in [
        (
            "accidents",
            "UPDATE accidents SET deaths = 0.5 WHERE ref = 'EMERGENCY||A1'",
            "SELECT id FROM accidents WHERE ref = 'EMERGENCY||A7'",
        ),
        (
            "record_versions",
            "UPDATE record_versions SET content = x'00' WHERE record_id = (SELECT id FROM accidents WHERE ref = 'EMERGENCY||A1')",
            "SELECT id FROM accidents WHERE ref = 'EMERGENCY||A7'",
        ),
    ] {
        hub.db_run(&format!("CREATE TABLE kept AS SELECT * FROM {table}")).await;
        hub.db_run(sql).await;
        let change = match table {
            "accidents" => format!("UPDATE accidents SET deaths = deaths + 1 WHERE id = ({other})"),
            _ => format!("UPDATE record_versions SET subject = 'x' WHERE record_id = ({other})"),
        };
        hub.db_run(&change).await;
        let id = hub.db_texts(&format!("SELECT lower(hex(({other})))")).await.remove(0);
        let id = uuid::Uuid::try_parse(&id).expect("an identifier").to_string();
        let found = places(&checks(&hub, None, false).await);
        assert!(
            found.iter().any(|place| place.starts_with(table) && place.contains(&id)),
            "{sql}: {found:?}"
        );
        assert!(
            found.iter().any(|place| place.starts_with(table) && !place.contains(&id)),
            "{sql}: {found:?}"
        );
        hub.db_run(&format!("DELETE FROM {table}")).await;
        hub.db_put_back(table, "kept").await;
        hub.db_run("DROP TABLE kept").await;
    }
}

#[tokio::test]
async fn no_fault_shows_a_value() {
    let hub = filled(Backend::Sqlite).await;
    hub.db_run(
        "UPDATE accidents SET employer_name = CAST('SECRET' AS BLOB), occurred_at = 'SECRET'",
    )
    .await;
    hub.db_run("UPDATE record_versions SET record_id = CAST('SECRET' || rowid AS TEXT) WHERE family = 'Employer'").await;
    let found = places(&checks(&hub, None, true).await);
    assert!(
        !found.is_empty()
            && !found
                .iter()
                .any(|place| place.contains("SECRET") || place.contains("534543524554")),
        "{found:?}"
    );
}

#[tokio::test]
async fn a_table_that_is_gone_is_named_and_hides_nothing() {
    for backend in backends() {
        let hub = filled(backend).await;
        hub.db_run("UPDATE employers SET source_system = 'x'").await;
        hub.db_run("UPDATE audit_entries SET operation = 'x' WHERE seq = 5").await;
        let gone = [
            "persons",
            "record_versions",
            "change_events",
            "receipts",
            "row_proofs",
            "chains",
            "audit_owners",
            "reference_codes",
            "reference_tables",
            "rows_touched",
            "leads",
        ];
        for table in gone {
            hub.db_run(&format!("ALTER TABLE {table} RENAME TO elsewhere")).await;
            let found = places(&checks(&hub, None, true).await);
            for other in [table, "audit_entries", "employers"] {
                // Without versions there is nothing that records could be compared with.
                let compared = table != "record_versions" || other != "employers";
                assert!(
                    !compared || found.iter().any(|place| place.contains(other)),
                    "{backend:?}: {table}, {other}: {found:?}"
                );
            }
            hub.db_run(&format!("ALTER TABLE elsewhere RENAME TO {table}")).await;
        }
        hub.db_run("DROP TABLE leads").await;
        let found = places(&checks(&hub, None, true).await);
        assert!(found.iter().any(|place| place.starts_with("leads")), "{backend:?}: {found:?}");
    }
}

/// What is found wrong with the schema.
async fn schema(hub: &TestHub, declared: &Schema) -> Vec<String> {
    places(
        &lianfang::store::verify::schema(&hub.database, declared)
            .await
            .expect("the schema is read"),
    )
}

#[tokio::test]
async fn what_the_migrations_do_not_make_is_named_and_what_they_make_is_missed() {
    let declared = app::declared().await.expect("what the migrations make");
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        assert_eq!(schema(&hub, &declared).await, [""; 0], "{backend:?}: as it was made");
    }
    let both = [
        ("leads", "DROP TABLE leads"),
        ("notes", "CREATE TABLE notes (id integer PRIMARY KEY)"),
        ("seen", "CREATE VIEW seen AS SELECT name FROM persons"),
        ("persons.phone", "ALTER TABLE persons DROP COLUMN phone"),
        ("persons.more", "ALTER TABLE persons ADD COLUMN more text"),
        ("persons.fone", "ALTER TABLE persons RENAME COLUMN phone TO fone"),
        ("ix_employers_employer_key", "DROP INDEX ix_employers_employer_key"),
        ("ix_more", "CREATE INDEX ix_more ON persons (name)"),
        (
            "m20261124_000012_leads",
            "DELETE FROM seaql_migrations WHERE version = 'm20261124_000012_leads'",
        ),
        ("m2099", "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m2099', 0)"),
    ];
    let sqlite = [
        ("touched_leads_update", "DROP TRIGGER touched_leads_update"),
        (
            "touched_leads_update",
            "DROP TRIGGER touched_leads_update; CREATE TRIGGER touched_leads_update AFTER UPDATE ON leads BEGIN SELECT 1; END",
        ),
        ("mine", "CREATE TRIGGER mine AFTER UPDATE ON persons BEGIN DELETE FROM rows_touched; END"),
    ];
    let postgres = [
        ("touched_leads", "DROP TRIGGER touched_leads ON leads"),
        ("touched_leads", "ALTER TABLE leads DISABLE TRIGGER touched_leads"),
        (
            "touched_leads",
            "CREATE OR REPLACE FUNCTION touch_leads() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
        ),
        (
            "mine",
            "CREATE TRIGGER mine AFTER UPDATE ON persons FOR EACH ROW EXECUTE FUNCTION touch_leads()",
        ),
    ];
    for backend in backends() {
        let own: &[(&str, &str)] = if backend == Backend::Postgres { &postgres } else { &sqlite };
        for (name, sql) in both.iter().chain(own) {
            let hub = TestHub::on(backend).await;
            // What hangs on a column goes with it.
            if sql.contains("DROP COLUMN") && !hub.is_postgres() {
                hub.db_run("DROP INDEX IF EXISTS ix_persons_phone").await;
            }
            hub.db_run(sql).await;
            let found = schema(&hub, &declared).await;
            assert!(
                found.iter().any(|place| place.contains(name)),
                "{backend:?}: {sql}: {found:?}"
            );
        }
    }
}
