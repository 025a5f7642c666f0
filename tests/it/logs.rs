//! What a database or a library quotes of a row does not get into the log, whichever way the fault
//! comes.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
};

use http::StatusCode;
use lianfang::error::{HubError, Of};
use serde_json::json;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::{MakeWriter, format::FmtSpan};

use crate::{
    files::{NDJSON, lines},
    samples::{accident, man, person, with},
    support::{TestHub, backends},
};

/// An identity number, at a place where the hub keeps a text as it is.
const NUMBER: &str = "11010119900307002X";

/// All that is logged by this thread, every span with its fields among it.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Listens until the guard is dropped.
    fn listen() -> (Self, DefaultGuard) {
        let log = Self::default();
        let subscriber = tracing_subscriber::fmt()
            .json()
            .with_env_filter("lianfang=trace,warn")
            .with_span_events(FmtSpan::FULL)
            .with_writer(log.clone())
            .finish();
        let guard = tracing::subscriber::set_default(subscriber);
        (log, guard)
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Makes the database refuse accidents, and quote the row as it does.
async fn refuse(hub: &TestHub) {
    if hub.is_postgres() {
        let quote = "CREATE FUNCTION quote_row() RETURNS trigger LANGUAGE plpgsql AS \
            $$BEGIN RAISE EXCEPTION 'invalid input for name \"%\"', NEW.employer_name USING DETAIL = 'Failing row contains ' || NEW::text; END$$";
        hub.db_run(quote).await;
        hub.db_run("CREATE TRIGGER quote_row BEFORE INSERT ON accidents FOR EACH ROW EXECUTE FUNCTION quote_row()").await;
    } else {
        let quote = format!("SELECT RAISE(ABORT, 'invalid input for name \"{NUMBER}\"')");
        hub.db_run(&format!(
            "CREATE TRIGGER quote_row BEFORE INSERT ON accidents BEGIN {quote}; END"
        ))
        .await;
    }
}

#[tokio::test]
async fn a_row_that_the_database_quotes_is_not_logged() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        refuse(&hub).await;
        let row = with(accident("A1"), json!({"employerName": NUMBER}));
        let (log, listening) = Log::listen();
        let token = hub.submitter("EMERGENCY");
        let call = "mutation($input: SubmitAccidentsInput!) { submitAccidents(input: $input) { receipt } }";
        let input = json!({"rows": [row], "mode": "PARTIAL", "idempotencyKey": "one"});
        let answer = hub.ask(&token, call, json!({"input": input})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "INTERNAL", "{answer}");
        let sent =
            hub.upload(&token, "/exchange/accidents?wait=60", "file", NDJSON, lines(&[row])).await;
        assert_eq!(
            (sent.status, sent.job["error"]["code"].as_str()),
            (StatusCode::OK, Some("INTERNAL")),
            "{}",
            sent.job
        );
        drop(listening);
        let log = log.text();
        for told in ["request failed", "a job failed", "invalid input for name"] {
            assert!(log.contains(told), "{told} is not in the log:\n{log}");
        }
        assert!(!log.contains(NUMBER) && !log.contains("1101011990"), "{log}");
        assert!(!answer.to_string().contains(NUMBER) && !sent.job.to_string().contains(NUMBER));
    }
}

#[tokio::test]
async fn spans_say_what_is_done_and_hold_no_value() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let (log, listening) = Log::listen();
        let token = hub.submitter("HRSS");
        let sent = hub
            .upload(
                &token,
                "/exchange/persons?wait=60",
                "file",
                NDJSON,
                lines(&[person("P1", &man(1))]),
            )
            .await;
        assert_eq!(sent.counts(), [1, 0, 0, 0], "{}", sent.job);
        let find = "query($number: String!) { persons(where: {idNumber: {eq: $number}}) { nodes { name idNumber } } }";
        let found = hub.ask(&token, find, json!({"number": man(1)})).await;
        assert_eq!(found["data"]["persons"]["nodes"][0]["idNumber"], json!(man(1)), "{found}");
        drop(listening);
        let log = log.text();
        let job = format!("\"job\":\"{}\",\"name\":\"job\"", sent.id());
        for told in [
            "\"name\":\"request\"",
            "\"kind\":\"SELECT\",\"name\":\"statement\"",
            "\"name\":\"operation\"",
            &job,
        ] {
            assert!(log.contains(told), "{told} is not in the log");
        }
        let number = man(1);
        for value in [number.as_str(), "王小明", "12012345678", "开发路", token.as_str()] {
            assert!(!log.contains(value), "{value} is in the log");
        }
    }
}

#[test]
fn an_error_in_the_log_has_its_code_and_place_and_no_value() {
    let (log, listening) = Log::listen();
    let quoting =
        || HubError::internal(format!("invalid input syntax for type uuid: \"{NUMBER}\""));
    quoting().log(Of::Request("r-1"), "request refused");
    quoting().log(Of::Job(uuid::Uuid::nil()), "a job failed");
    quoting().warn(Of::Hub, "not ready");
    HubError::NotFound.log(Of::Request("r-2"), "request refused");
    drop(listening);
    let log = log.text();
    for told in [
        "\"request\":\"r-1\"",
        "00000000-0000-0000-0000-000000000000",
        "not ready",
        "INTERNAL",
        "for type uuid",
    ] {
        assert!(log.contains(told), "{told} is not in the log:\n{log}");
    }
    assert!(!log.contains(NUMBER) && !log.contains("r-2"), "{log}");
}
