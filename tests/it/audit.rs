//! The audit log: what leaves an entry, who reads it, and what happens when it cannot be written or
//! was tampered with.

use lianfang::error::HubError;
use serde_json::{Value, json};

use crate::{
    samples::{CITY, COUNTY, FOREIGN_COUNTY, accident, injury, man, person, victim, with},
    support::{Backend, TestHub, backends},
};

const ENTRIES: &str = "{ auditEntries(first: 200) { seq at subject department regionCode roles purpose ticket operation documentHash \
                       records outcome requestId hash } }";

/// All entries, as the auditor reads them.
async fn entries(hub: &TestHub) -> Vec<Value> {
    let answer = hub.data(&hub.token("HRSS", CITY, &["AUDITOR"]), ENTRIES).await;
    answer["auditEntries"].as_array().expect("entries").clone()
}

async fn filled(hub: &TestHub) {
    hub.take("EMERGENCY", "Accident", "a", vec![accident("A1")]).await;
    hub.take(
        "EMERGENCY",
        "AccidentVictim",
        "v",
        vec![victim("V1", "A1", &man(1)), victim("V2", "A1", &man(2))],
    )
    .await;
    hub.take("HRSS", "Person", "p", vec![person("P1", &man(1))]).await;
    hub.take("HRSS", "WorkInjury", "w", vec![injury("W1", "A1", &man(1))]).await;
}

#[tokio::test]
async fn reading_personal_data_leaves_an_entry_and_reading_facts_leaves_none() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        filled(&hub).await;
        let start = entries(&hub).await.len();
        let reader = hub.reader("HRSS", CITY);
        for facts in [
            "{ accidents { nodes { accidentNo address victims { victimNo injuryDegree } } } }",
            "{ accidentStats(groupBy: [REGION_CODE]) { count } }",
            "{ persons { totalCount } }",
            "{ persons { nodes { id regionCode } } }",
            "{ viewer { subject } catalogue { families { name } } codes(table: \"sex\") { code } }",
        ] {
            hub.data(&reader, facts).await;
        }
        assert_eq!(entries(&hub).await.len(), start, "{backend:?}");
        let ticket = hub.token_for("HRSS", CITY, &["READER"], "RECOGNITION", Some("认定2024-001"));
        let query =
            "{ persons { nodes { name idNumber } } accidents { nodes { victims { name } } } }";
        hub.data(&ticket, query).await;
        let all = entries(&hub).await;
        assert_eq!(all.len(), start + 1, "{backend:?}");
        let entry = &all[start];
        for (name, value) in [
            ("subject", json!("test")),
            ("department", json!("HRSS")),
            ("regionCode", json!(CITY)),
            ("roles", json!(["READER"])),
            ("purpose", json!("RECOGNITION")),
            ("ticket", json!("认定2024-001")),
            ("operation", json!("query persons,accidents")),
            ("outcome", json!("OK")),
        ] {
            assert_eq!(entry[name], value, "{name}");
        }
        assert_eq!(
            (&entry["records"]["Person"]["classes"], &entry["records"]["Person"]["count"]),
            (&json!("NS"), &json!(1))
        );
        assert_eq!(
            (
                &entry["records"]["AccidentVictim"]["classes"],
                &entry["records"]["AccidentVictim"]["count"]
            ),
            (&json!("N"), &json!(2))
        );
        assert_eq!(
            entry["records"]["Accident"],
            Value::Null,
            "no personal value of the accident was shown"
        );
        assert_eq!(entry["documentHash"].as_str().map(str::len), Some(64));
        assert!(!entry.to_string().contains("王"), "an entry holds no value: {entry}");
        hub.holds().await;
    }
}

#[tokio::test]
async fn asking_about_personal_data_leaves_an_entry_even_when_none_is_shown() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        filled(&hub).await;
        let reader = hub.reader("HRSS", CITY);
        for (question, family) in [
            (
                format!(
                    "{{ persons(where: {{idNumber: {{eq: \"{}\"}}}}) {{ totalCount }} }}",
                    man(1)
                ),
                "Person",
            ),
            (
                "{ accidents(where: {victims: {some: {name: {eq: \"某某\"}}}}) { totalCount } }"
                    .to_owned(),
                "AccidentVictim",
            ),
            (
                "{ persons(orderBy: [{field: NAME, direction: ASC}]) { nodes { id } } }".to_owned(),
                "Person",
            ),
            (
                "{ accidents { nodes { victims(where: {name: {eq: \"某某\"}}) { victimNo } } } }"
                    .to_owned(),
                "AccidentVictim",
            ),
            ("{ workInjuryStats(groupBy: [DISABILITY_GRADE]) { count } }".to_owned(), "WorkInjury"),
        ] {
            let start = entries(&hub).await.len();
            hub.data(&reader, &question).await;
            let all = entries(&hub).await;
            assert_eq!(all.len(), start + 1, "{backend:?} {question}");
            let asked = &all[start]["records"][family];
            assert!(
                asked["asked"].as_str().is_some_and(|letters| !letters.is_empty()),
                "{question}: {asked}"
            );
            assert_eq!(asked["count"], 0, "{question}");
        }
    }
}

#[tokio::test]
async fn an_attempt_at_what_is_forbidden_leaves_an_entry() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        filled(&hub).await;
        let start = entries(&hub).await.len();
        let union = hub.reader("UNION", CITY);
        assert_eq!(hub.code(&union, "{ persons { nodes { name } } }").await, "FORBIDDEN");
        assert_eq!(hub.code(&union, "{ auditEntries { seq } }").await, "FORBIDDEN");
        assert_eq!(
            hub.code(
                &union,
                "{ accidents(where: {victims: {some: {idNumber: {eq: \"1\"}}}}) { totalCount } }"
            )
            .await,
            "FORBIDDEN"
        );
        assert_eq!(
            hub.code(&hub.token("HRSS", CITY, &["OPERATOR"]), "{ accidents { totalCount } }").await,
            "FORBIDDEN"
        );
        assert_eq!(hub.code("", "{ accidents { totalCount } }").await, "UNAUTHENTICATED");
        hub.submit(&union, "Accidents", "PARTIAL", "k", &[accident("A9")]).await;
        let all = entries(&hub).await;
        let outcomes: Vec<_> =
            all[start..].iter().map(|entry| (&entry["operation"], &entry["outcome"])).collect();
        let forbidden = json!("FORBIDDEN");
        let operations = [
            "query persons",
            "query auditEntries",
            "query accidents",
            "query accidents",
            "mutation submitAccidents",
        ]
        .map(Value::from);
        assert_eq!(
            outcomes,
            operations.iter().map(|operation| (operation, &forbidden)).collect::<Vec<_>>()
        );
    }
}

#[tokio::test]
async fn a_write_leaves_that_it_began_and_how_it_ended() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.both("EMERGENCY");
        let first = hub.submit(&token, "Accidents", "ATOMIC", "k1", &[accident("A1")]).await;
        hub.submit(&token, "Accidents", "ATOMIC", "k1", &[accident("A2")]).await;
        hub.submit(&token, "Accidents", "DRY_RUN", "k2", &[accident("A2")]).await;
        let withdraw =
            "mutation($id: ID!) { withdrawRecord(input: {id: $id, reason: \"试\"}) { version } }";
        hub.ask(&token, withdraw, json!({"id": first["verdicts"][0]["id"]})).await;
        let all = entries(&hub).await;
        let said: Vec<_> = all
            .iter()
            .map(|entry| {
                (
                    entry["operation"].as_str().expect("text"),
                    entry["outcome"].as_str().expect("text"),
                )
            })
            .collect();
        let submit = "submit Accident ATOMIC";
        assert_eq!(
            said,
            [
                (submit, "BEGUN"),
                (submit, "OK"),
                (submit, "BEGUN"),
                (submit, "CONFLICT"),
                ("submit Accident DRY_RUN", "OK"),
                ("withdraw Accident", "BEGUN"),
                ("withdraw Accident", "OK"),
            ]
        );
        assert_eq!(all[1]["records"]["Accident"]["count"], 1, "{}", all[1]);
        let digest = hub.db_texts("SELECT body_digest FROM receipts").await;
        assert_eq!(
            all[1]["documentHash"],
            digest[0].as_str(),
            "the entry names the content that was handed in"
        );
    }
}

#[tokio::test]
async fn an_organisation_reads_entries_about_its_own_data_and_auditors_all() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        filled(&hub).await;
        hub.data(&hub.reader("HRSS", CITY), "{ accidentVictims { nodes { name } } }").await;
        hub.data(&hub.reader("HRSS", CITY), "{ persons { nodes { name } } }").await;
        let seen = async |department: &str, region: &str, role: &str| {
            let answer = hub.data(&hub.token(department, region, &[role]), ENTRIES).await;
            let list = answer["auditEntries"].as_array().expect("entries").clone();
            list.iter()
                .map(|entry| entry["operation"].as_str().expect("text").to_owned())
                .collect::<Vec<_>>()
        };
        let emergency = seen("EMERGENCY", CITY, "STEWARD").await;
        assert!(emergency.contains(&"query accidentVictims".to_owned()), "{emergency:?}");
        assert!(!emergency.contains(&"query persons".to_owned()), "{emergency:?}");
        let hrss = seen("HRSS", CITY, "STEWARD").await;
        assert!(
            hrss.contains(&"query persons".to_owned())
                && !hrss.contains(&"query accidentVictims".to_owned()),
            "{hrss:?}"
        );
        assert_eq!(seen("HRSS", FOREIGN_COUNTY, "STEWARD").await, Vec::<String>::new());
        assert_eq!(seen("UNION", CITY, "STEWARD").await, Vec::<String>::new());
        assert!(
            seen("HRSS", COUNTY, "STEWARD").await.contains(&"query persons".to_owned()),
            "the row lies in the county"
        );
        assert_eq!(
            seen("UNION", "140000", "AUDITOR").await.len(),
            seen("HRSS", CITY, "SECURITY_OFFICER").await.len()
        );
        assert!(seen("UNION", CITY, "AUDITOR").await.len() >= 10);
        for role in ["READER", "SUBMITTER", "SECRETARY", "OPERATOR"] {
            assert_eq!(
                hub.code(&hub.token("HRSS", CITY, &[role]), ENTRIES).await,
                "FORBIDDEN",
                "{role}"
            );
        }
        assert_eq!(hub.code("", ENTRIES).await, "UNAUTHENTICATED");
    }
}

#[tokio::test]
async fn personal_data_is_not_returned_when_the_log_cannot_be_written() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        filled(&hub).await;
        let token = hub.reader("HRSS", CITY);
        hub.db_run("ALTER TABLE audit_entries RENAME TO audit_entries_away").await;
        let query = "{ persons { nodes { name idNumber } } }";
        let answer = hub.ask(&token, query, json!({})).await;
        assert_eq!(
            answer["errors"][0]["extensions"]["code"], "UNAVAILABLE",
            "{backend:?}: {answer}"
        );
        assert!(answer["data"].is_null() && !answer.to_string().contains("王"), "{answer}");
        assert!(!answer.to_string().contains("audit_entries"), "{answer}");
        let refused = hub
            .submit(&hub.both("HRSS"), "Persons", "PARTIAL", "k9", &[person("P9", &man(9))])
            .await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{refused}");
        assert_eq!(
            hub.db_count("SELECT COUNT(*) FROM persons").await,
            1,
            "nothing was written unaudited"
        );
        hub.data(&token, "{ accidents { nodes { accidentNo } } }").await;
        hub.db_run("ALTER TABLE audit_entries_away RENAME TO audit_entries").await;
        assert_eq!(
            hub.data(&token, query).await["persons"]["nodes"][0]["name"],
            "王小明",
            "and it recovers"
        );
        hub.holds().await;
    }
}

#[tokio::test]
async fn the_chain_shows_what_was_changed_left_out_or_put_in() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        filled(&hub).await;
        let wrong = async || {
            lianfang::audit::verify::chain(&hub.database).await.expect("the chain is read").wrong
        };
        assert_eq!(wrong().await, 0);
        for column in [
            "subject",
            "department",
            "region_code",
            "roles",
            "purpose",
            "operation",
            "document_hash",
            "shown",
            "outcome",
            "request_id",
            "previous",
            "hash",
        ] {
            let before =
                hub.db_texts(&format!("SELECT {column} FROM audit_entries WHERE seq = 3")).await[0]
                    .clone();
            hub.db_run(&format!("UPDATE audit_entries SET {column} = 'forged' WHERE seq = 3"))
                .await;
            assert!(wrong().await > 0, "{backend:?}: a changed {column}");
            hub.db_run(&format!("UPDATE audit_entries SET {column} = '{before}' WHERE seq = 3"))
                .await;
        }
        assert_eq!(wrong().await, 0);
        hub.db_run("UPDATE audit_entries SET ticket = 'forged' WHERE seq = 3").await;
        assert!(wrong().await > 0, "a ticket put in");
        hub.db_run("UPDATE audit_entries SET ticket = NULL WHERE seq = 3").await;
        hub.db_run("CREATE TABLE kept AS SELECT * FROM audit_entries WHERE seq = 4").await;
        hub.db_run("DELETE FROM audit_entries WHERE seq = 4").await;
        assert!(wrong().await > 0, "{backend:?}: an entry left out");
        hub.db_run("INSERT INTO audit_entries SELECT * FROM kept").await;
        assert_eq!(wrong().await, 0);
        let last = hub.db_count("SELECT MAX(seq) FROM audit_entries").await;
        hub.db_run(&format!("UPDATE kept SET seq = {}", last + 1)).await;
        hub.db_run("INSERT INTO audit_entries SELECT * FROM kept").await;
        assert!(wrong().await > 0, "{backend:?}: an entry put in");
    }
}

/// PostgreSQL is not waited for when an entry says that a submission has begun, so a crash may take
/// such an entry away.
#[tokio::test]
async fn nothing_is_written_whose_entry_is_gone_and_no_entry_follows_a_gap() {
    let hub = TestHub::on(Backend::Postgres).await;
    hub.take("EMERGENCY", "Accident", "a", vec![accident("A1")]).await;
    let database = &hub.services.database;
    hub.db_run("CREATE TABLE heads AS SELECT * FROM chains").await;
    assert_eq!(
        hub.code(&hub.reader("UNION", CITY), "{ persons { nodes { name } } }").await,
        "FORBIDDEN"
    );
    let end = database.audit_end(lianfang::audit::chain::START).await.expect("an answer").place;
    database.audit_flush(&end).await.expect("durable");
    // As after a crash, the end of the chain is gone, with its head: the next entry follows what is
    // left.
    hub.db_run(&format!("DELETE FROM audit_owners WHERE seq = {}", end.seq)).await;
    hub.db_run(&format!("DELETE FROM audit_entries WHERE seq = {}", end.seq)).await;
    hub.db_run("DELETE FROM chains WHERE name = 'audit'").await;
    hub.db_run("INSERT INTO chains SELECT * FROM heads WHERE name = 'audit'").await;
    assert!(matches!(database.audit_flush(&end).await, Err(HubError::Unavailable(_))));
    hub.take("EMERGENCY", "Accident", "b", vec![accident("A2")]).await;
    hub.holds().await;
    // Entries of what has begun are lost as soon as they are written.
    hub.db_run(
        "CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS \
         $$ BEGIN DELETE FROM audit_entries WHERE outcome = 'BEGUN'; RETURN NULL; END $$",
    )
    .await;
    hub.db_run("CREATE TRIGGER lose AFTER INSERT ON audit_entries EXECUTE FUNCTION lose()").await;
    let token = hub.both("EMERGENCY");
    let changed = with(accident("A1"), json!({"minorInjuries": 4}));
    for (key, row) in [("new", accident("A3")), ("known", changed)] {
        let refused = hub.submit(&token, "Accidents", "ATOMIC", key, &[row]).await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{key}: {refused}");
    }
    assert_eq!(hub.db_count("SELECT COUNT(*) FROM accidents").await, 2);
    assert_eq!(hub.db_count("SELECT COUNT(*) FROM record_versions").await, 2);
    assert_eq!(hub.db_count("SELECT COUNT(*) FROM receipts").await, 2);
}
