//! Corrections: raised by whoever sees a record, answered by whoever handed it in, and by nobody
//! else.

use axum::http::Request;
use serde_json::{Value, json};

use crate::{
    accounts::post,
    samples::{CITY, COUNTY, accident, disease, injury, man, victim, with},
    support::{TestHub, backends},
};

const OFFICER: [&str; 2] = ["READER", "STEWARD"];
const FIELDS: &str = "id state field claim basis holder { department regionCode } claimant { department regionCode } dueState due \
                      unknownYear source settledAt version steps { state words by { department } }";

/// A field's answer, or the code of the refusal.
async fn ask(hub: &TestHub, token: &str, field: &str, query: &str, variables: Value) -> Value {
    let answer = hub.ask(token, query, variables).await;
    if answer["data"][field].is_null() {
        answer["errors"][0]["extensions"]["code"].clone()
    } else {
        answer["data"][field].clone()
    }
}

async fn claim(hub: &TestHub, token: &str, input: Value) -> Value {
    let query = format!(
        "mutation($input: ClaimCorrectionInput!) {{ claimCorrection(input: $input) {{ {FIELDS} }} }}"
    );
    ask(hub, token, "claimCorrection", &query, json!({"input": input})).await
}

async fn step(hub: &TestHub, token: &str, own: &Value, step: &str, words: Option<&str>) -> Value {
    let query = format!(
        "mutation($input: TakeCorrectionStepInput!) {{ takeCorrectionStep(input: $input) {{ {FIELDS} }} }}"
    );
    let input = json!({"id": own["id"], "version": own["version"], "step": step, "words": words});
    ask(hub, token, "takeCorrectionStep", &query, json!({"input": input})).await
}

async fn list(hub: &TestHub, token: &str, more: &str) -> Vec<Value> {
    let query = format!("{{ corrections{more} {{ nodes {{ {FIELDS} }} }} }}");
    hub.data(token, &query).await["corrections"]["nodes"].as_array().expect("nodes").clone()
}

/// The record of a list that its department sees.
async fn record(hub: &TestHub, department: &str, list: &str) -> Value {
    let token = hub.reader(department, CITY);
    hub.data(&token, &format!("{{ {list}(first: 1) {{ nodes {{ id }} }} }}")).await[list]["nodes"]
        [0]["id"]
        .clone()
}

fn about(record: &Value, field: &str) -> Value {
    json!({"record": record, "field": field, "claim": "死亡人数应为 2 人。", "basis": "朔人社函〔2024〕9号"})
}

fn changed(mut input: Value, name: &str, value: Value) -> Value {
    input[name] = value;
    input
}

#[tokio::test]
async fn a_correction_is_raised_by_who_sees_the_record_and_settled_by_who_handed_it_in() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("EMERGENCY", "Accident", "k1", vec![accident("A1")]).await;
        let record = record(&hub, "EMERGENCY", "accidents").await;
        let hrss = hub.reader("HRSS", CITY);
        let steward = hub.token("EMERGENCY", CITY, &OFFICER);
        for (token, input, code) in [
            (&hrss, about(&json!("abc"), "deaths"), "NOT_FOUND"),
            (&hrss, about(&record, "noSuchField"), "BAD_USER_INPUT"),
            (&hrss, about(&record, "employerKey"), "BAD_USER_INPUT"),
            (&hrss, changed(about(&record, "deaths"), "claim", json!(" \n ")), "BAD_USER_INPUT"),
            (&hrss, changed(about(&record, "deaths"), "basis", json!("")), "BAD_USER_INPUT"),
            (
                &hrss,
                changed(about(&record, "deaths"), "claim", json!("字".repeat(1001))),
                "BAD_USER_INPUT",
            ),
            (
                &hrss,
                changed(about(&record, "deaths"), "claim", json!(format!("应为{}", man(1)))),
                "BAD_USER_INPUT",
            ),
            (
                &hrss,
                changed(about(&record, "deaths"), "basisDigest", json!("ab")),
                "BAD_USER_INPUT",
            ),
            (
                &hrss,
                changed(about(&record, "deaths"), "basisRecord", json!("ab")),
                "BAD_USER_INPUT",
            ),
            (&steward, about(&record, "deaths"), "FORBIDDEN"),
            (&hub.token("HRSS", CITY, &["SUBMITTER"]), about(&record, "deaths"), "FORBIDDEN"),
        ] {
            assert_eq!(claim(&hub, token, input.clone()).await, code, "{backend:?} {input}");
        }
        let own = claim(&hub, &hrss, about(&record, "deaths")).await;
        assert_eq!(
            (&own["state"], &own["holder"]["department"], &own["claimant"]["department"]),
            (&json!("OPEN"), &json!("EMERGENCY"), &json!("HRSS")),
            "{own}"
        );
        let again = claim(&hub, &hrss, about(&record, "deaths")).await;
        assert_eq!(again["id"], own["id"], "sent twice it is one");
        let other = changed(about(&record, "deaths"), "claim", json!("应为 3 人。"));
        assert_eq!(claim(&hub, &hrss, other).await, "CONFLICT");
        // Nobody but the holder answers, and nobody but the two sides sees it.
        assert_eq!(step(&hub, &hrss, &own, "ACCEPT", None).await, "FORBIDDEN");
        let reader = hub.reader("EMERGENCY", CITY);
        assert_eq!(step(&hub, &reader, &own, "ACCEPT", None).await, "FORBIDDEN");
        for stranger in [
            hub.token("TRANSPORT", CITY, &OFFICER),
            hub.token("UNION", "140000", &OFFICER),
            hub.token("EMERGENCY", "140623", &OFFICER),
            hub.token("HRSS", COUNTY, &OFFICER),
        ] {
            assert!(list(&hub, &stranger, "").await.is_empty(), "{backend:?}");
            assert_eq!(step(&hub, &stranger, &own, "ACCEPT", None).await, "NOT_FOUND");
            assert_eq!(step(&hub, &stranger, &own, "WITHDRAW", None).await, "NOT_FOUND");
        }
        assert_eq!(step(&hub, &steward, &own, "WITHDRAW", None).await, "FORBIDDEN");
        assert_eq!(step(&hub, &steward, &own, "REJECT", Some("\u{200b}")).await, "BAD_USER_INPUT");
        let stale = changed(own.clone(), "version", json!(7));
        assert_eq!(step(&hub, &steward, &stale, "ACCEPT", None).await, "CONFLICT");
        assert_eq!(step(&hub, &steward, &own, "CORRECT", None).await, "BAD_USER_INPUT");
        let accepted = step(&hub, &steward, &own, "ACCEPT", Some("核实有误，将更正。")).await;
        assert_eq!((&accepted["state"], &accepted["version"]), (&json!("ACCEPTED"), &json!(2)));
        // What was changed besides is no correction of this field.
        let elsewhere = with(accident("A1"), json!({"minorInjuries": 7}));
        hub.take("EMERGENCY", "Accident", "k2", vec![elsewhere]).await;
        assert_eq!(step(&hub, &steward, &accepted, "CORRECT", None).await, "BAD_USER_INPUT");
        let right = with(accident("A1"), json!({"minorInjuries": 7, "deaths": 2}));
        hub.take("EMERGENCY", "Accident", "k3", vec![right]).await;
        let settled = step(&hub, &steward, &accepted, "CORRECT", None).await;
        assert_eq!(
            (&settled["state"], &settled["dueState"]),
            (&json!("CORRECTED"), &json!("DONE"))
        );
        for late in ["ACCEPT", "CORRECT", "REJECT"] {
            assert_eq!(step(&hub, &steward, &settled, late, Some("无误")).await, "CONFLICT");
        }
        assert_eq!(step(&hub, &hrss, &settled, "WITHDRAW", None).await, "CONFLICT");
        let (raised, held) = ("(raised: true)", "(raised: false, states: [CORRECTED])");
        assert_eq!(list(&hub, &hrss, raised).await.len(), 1);
        assert_eq!(list(&hub, &steward, raised).await.len(), 0);
        assert_eq!(list(&hub, &steward, held).await[0]["id"], own["id"]);
        let auditor = hub.token("HRSS", CITY, &["AUDITOR"]);
        let log = "{ auditEntries(first: 200) { operation outcome } }";
        let log = hub.data(&auditor, log).await["auditEntries"].to_string();
        for entry in [
            r#""operation":"claim correction","outcome":"OK""#,
            r#""operation":"claim correction","outcome":"NOT_FOUND""#,
            r#""operation":"accept correction","outcome":"FORBIDDEN""#,
        ] {
            assert!(log.contains(entry), "{entry}: {log}");
        }
        hub.holds().await;
    }
}

#[tokio::test]
async fn what_somebody_may_not_see_they_cannot_raise() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("HEALTH", "OccupationalDiseaseCase", "k1", vec![disease("D1", &man(1))]).await;
        hub.take("EMERGENCY", "Accident", "k2", vec![accident("A1")]).await;
        let case = record(&hub, "HEALTH", "occupationalDiseaseCases").await;
        for department in ["UNION", "EMERGENCY", "HOUSING", "TRANSPORT"] {
            let reader = hub.reader(department, CITY);
            let code = claim(&hub, &reader, about(&case, "stage")).await;
            assert!(code.is_string(), "{department}: {code}");
            assert_eq!(code, claim(&hub, &reader, about(&case, "nothing")).await, "{department}");
        }
        let accident = record(&hub, "EMERGENCY", "accidents").await;
        // A field that is not shown is as one that is not there.
        let market = hub.reader("MARKET", CITY);
        let message = async |field: &str| {
            let query =
                "mutation($input: ClaimCorrectionInput!) { claimCorrection(input: $input) { id } }";
            let input = about(&accident, field);
            let answer = hub.ask(&market, query, json!({"input": input})).await;
            answer["errors"][0]["message"].as_str().unwrap_or_default().replace(field, "F")
        };
        assert_eq!(message("course").await, message("nothing").await, "{backend:?}");
    }
}

#[tokio::test]
async fn an_answer_is_owed_within_ten_working_days_and_what_is_taken_back_is_not() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("EMERGENCY", "Accident", "k1", vec![accident("A1")]).await;
        let record = record(&hub, "EMERGENCY", "accidents").await;
        let hrss = hub.reader("HRSS", CITY);
        let steward = hub.token("EMERGENCY", CITY, &OFFICER);
        let own = claim(&hub, &hrss, about(&record, "deaths")).await;
        let owed = async |token: &str, state: &str| {
            let query = format!(
                "{{ obligations(region: \"{CITY}\", kind: VERIFICATION, state: {state}) {{ nodes {{ due start department recordId }} }} }}"
            );
            hub.data(token, &query).await["obligations"]["nodes"].as_array().expect("nodes").clone()
        };
        // 2026-02-09 is a Monday; of the days after it 15 to 23 February are the Spring Festival, and
        // the Saturdays of the 14th and the 28th are worked.
        for at in ["claimed_at", "taken_at"] {
            hub.db_run(&format!("UPDATE correction_steps SET {at} = '2026-02-09 02:00:00+00:00'"))
                .await;
        }
        let late = owed(&steward, "OVERDUE").await;
        assert_eq!(late.len(), 1, "{backend:?}");
        assert_eq!(
            (&late[0]["start"], &late[0]["due"]),
            (&json!("2026-02-09"), &json!("2026-02-28"))
        );
        assert_eq!((&late[0]["department"], &late[0]["recordId"]), (&json!("EMERGENCY"), &record));
        assert_eq!(owed(&hrss, "OVERDUE").await.len(), 1, "whoever raised it sees it too");
        assert!(owed(&hub.reader("TRANSPORT", CITY), "OVERDUE").await.is_empty());
        // Over New Year into a year whose holidays nobody knows.
        for at in ["claimed_at", "taken_at"] {
            hub.db_run(&format!("UPDATE correction_steps SET {at} = '2026-12-28 02:00:00+00:00'"))
                .await;
        }
        let open = list(&hub, &hrss, "").await;
        assert_eq!(
            (&open[0]["due"], &open[0]["unknownYear"]),
            (&json!("2027-01-11"), &json!(2027))
        );
        let back = step(&hub, &hrss, &own, "WITHDRAW", None).await;
        assert_eq!(back["state"], "WITHDRAWN", "{back}");
        for state in ["OVERDUE", "NOT_DUE", "DUE_SOON", "UNDECIDED", "DONE"] {
            assert!(owed(&steward, state).await.is_empty(), "{state}");
        }
        // What was taken back can be raised anew, and rejected with a reason.
        let anew = claim(&hub, &hrss, about(&record, "deaths")).await;
        assert_ne!(anew["id"], own["id"]);
        let rejected =
            step(&hub, &steward, &anew, "REJECT", Some("经核对原始报告，记录无误。")).await;
        assert_eq!(rejected["state"], "REJECTED", "{rejected}");
        assert_eq!(rejected["steps"][1]["words"], "经核对原始报告，记录无误。");
        let page = "{ corrections(first: 1) { nodes { id } pageInfo { hasNextPage endCursor } } }";
        let page = hub.data(&hrss, page).await["corrections"].clone();
        assert_eq!(
            (&page["nodes"][0]["id"], &page["pageInfo"]["hasNextPage"]),
            (&anew["id"], &json!(true))
        );
        let next = format!("(first: 1, after: {})", page["pageInfo"]["endCursor"]);
        assert_eq!(list(&hub, &hrss, &next).await[0]["id"], own["id"]);
    }
}

/// A form as a browser sends it.
fn form(parts: &[(&str, &str)]) -> String {
    let coded = |text: &str| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    parts
        .iter()
        .map(|(name, value)| format!("{name}={}", coded(value)))
        .collect::<Vec<_>>()
        .join("&")
}

#[tokio::test]
async fn corrections_are_raised_and_answered_in_a_browser_without_a_script() {
    const PATH: &str = "/meeting/corrections";
    const SITE: [(&str, &str); 2] =
        [("host", "lianfang.example"), ("origin", "https://lianfang.example")];
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("EMERGENCY", "Accident", "k1", vec![accident("A1")]).await;
        let record = record(&hub, "EMERGENCY", "accidents").await;
        let record = record.as_str().expect("an id");
        let (hrss, steward) = (hub.reader("HRSS", CITY), hub.token("EMERGENCY", CITY, &OFFICER));
        let send = async |token: &str, form: &str, headers: &[(&str, &str)]| {
            let bearer = format!("Bearer {token}");
            let mut all = vec![("authorization", bearer.as_str())];
            all.extend_from_slice(headers);
            let (status, _, page) = post(&hub, PATH, form, &all).await;
            (status, page)
        };
        let seen = async |token: &str| {
            let request = Request::get(PATH).header("authorization", format!("Bearer {token}"));
            let (status, _, page) =
                hub.request(request.body(String::new()).expect("a request")).await;
            (status.as_u16(), String::from_utf8(page).expect("UTF-8"))
        };
        let raise = |record: &str, claim: &str| {
            let parts = [("record", record), ("field", "死亡人数"), ("claim", claim)];
            form(&[&parts[..], &[("basis", "朔人社函〔2024〕9号"), ("step", "CLAIM")]].concat())
        };
        let good = raise(record, "死亡人数应为 2 人。");
        assert_eq!(send(&hrss, &good, &[]).await.0, 403, "a form of another site");
        let (status, page) = send(&hrss, &raise(record, " "), &SITE).await;
        assert!(
            status == 400 && page.contains("朔人社函〔2024〕9号"),
            "nothing entered is lost: {page}"
        );
        let (status, page) = send(&hrss, &raise("x", "应为 <b>2</b> 人"), &SITE).await;
        assert!(
            status == 400
                && page.contains("全局标识")
                && page.contains("&lt;b&gt;")
                && !page.contains("<b>2"),
            "{page}"
        );
        let (status, page) = send("x", &good, &SITE).await;
        assert!(status == 401 && page.contains("死亡人数应为 2 人。"), "{page}");
        assert_eq!(send(&hrss, &good, &SITE).await.0, 303);
        let (status, page) = seen(&hrss).await;
        assert!(status == 200 && page.contains("value=\"WITHDRAW\""), "{page}");
        assert!(!page.contains("value=\"ACCEPT\"") && page.contains("死亡人数"), "{page}");
        let (_, page) = seen(&steward).await;
        for (step, shown) in [("ACCEPT", true), ("REJECT", true), ("WITHDRAW", false)] {
            assert_eq!(page.contains(&format!("value=\"{step}\"")), shown, "{step}: {page}");
        }
        let (_, page) = seen(&hub.token("TRANSPORT", CITY, &OFFICER)).await;
        assert!(!page.contains("死亡人数应为"), "{page}");
        assert_eq!(seen(&hub.token("EMERGENCY", CITY, &["OPERATOR"])).await.0, 403);
        let id = list(&hub, &steward, "").await[0]["id"].clone();
        let id = id.as_str().expect("an id");
        let take = |step: &str, words: &str| {
            form(&[("id", id), ("version", "1"), ("step", step), ("words", words)])
        };
        let (status, page) = send(&steward, &take("REJECT", ""), &SITE).await;
        assert!(status == 400 && page.contains("须写明核实情况和理由"), "{page}");
        assert_eq!(send(&hrss, &take("REJECT", "无误"), &SITE).await.0, 403);
        assert_eq!(send(&steward, &take("DANCE", "无误"), &SITE).await.0, 400);
        assert_eq!(send(&steward, &take("REJECT", "经核对，记录无误。"), &SITE).await.0, 303);
        let (_, page) = seen(&hrss).await;
        assert!(page.contains("核实无误") && page.contains("经核对，记录无误。"), "{page}");
        assert_eq!(send(&hrss, &"x".repeat(60_000), &SITE).await.0, 413, "{backend:?}");
    }
}

#[tokio::test]
async fn the_same_raised_by_many_at_once_is_one() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("EMERGENCY", "Accident", "k1", vec![accident("A1")]).await;
        let record = record(&hub, "EMERGENCY", "accidents").await;
        let hrss = hub.reader("HRSS", CITY);
        let input = about(&record, "deaths");
        let raised =
            futures_util::future::join_all((0..12).map(|_| claim(&hub, &hrss, input.clone())))
                .await;
        let ids: std::collections::BTreeSet<String> =
            raised.iter().map(|one| one["id"].to_string()).collect();
        assert_eq!(
            (ids.len(), list(&hub, &hrss, "").await.len()),
            (1, 1),
            "{backend:?}: {raised:?}"
        );
    }
}

#[tokio::test]
async fn what_was_changed_back_is_not_corrected_and_what_moved_away_is() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("EMERGENCY", "Accident", "k1", vec![accident("A1")]).await;
        hub.take("HRSS", "WorkInjury", "k2", vec![injury("W1", "A1", &man(1))]).await;
        let accident_id = record(&hub, "EMERGENCY", "accidents").await;
        let hrss = hub.reader("HRSS", CITY);
        let steward = hub.token("EMERGENCY", CITY, &OFFICER);
        let own = claim(&hub, &hrss, about(&accident_id, "死亡人数")).await;
        assert_eq!(own["field"], "deaths", "by its label: {own}");
        for (key, deaths) in [("k3", 2), ("k4", 1)] {
            let row = with(accident("A1"), json!({"deaths": deaths}));
            hub.take("EMERGENCY", "Accident", key, vec![row]).await;
        }
        assert_eq!(
            step(&hub, &steward, &own, "CORRECT", None).await,
            "BAD_USER_INPUT",
            "{backend:?}"
        );
        // The county that held it does not see it any more where it has gone.
        let case = record(&hub, "HRSS", "workInjuries").await;
        let union = hub.reader("UNION", CITY);
        let moved = claim(&hub, &union, about(&case, "regionCode")).await;
        let holder = hub.token("HRSS", COUNTY, &OFFICER);
        let elsewhere = with(injury("W1", "A1", &man(1)), json!({"regionCode": "140623"}));
        hub.take("HRSS", "WorkInjury", "k5", vec![elsewhere]).await;
        assert_eq!(
            step(&hub, &holder, &moved, "CORRECT", None).await["state"],
            "CORRECTED",
            "{moved}"
        );
        // What the hub computes is corrected where it comes from.
        assert_eq!(claim(&hub, &hrss, about(&accident_id, "grade")).await, "BAD_USER_INPUT");
        let long = "字\u{202e}".repeat(5_000);
        let query =
            "mutation($input: ClaimCorrectionInput!) { claimCorrection(input: $input) { id } }";
        let answer = hub.ask(&hrss, query, json!({"input": about(&accident_id, &long)})).await;
        let message = answer["errors"][0]["message"].as_str().expect("a message");
        assert!(message.chars().count() < 100 && !message.contains('\u{202e}'), "{message}");
    }
}

#[tokio::test]
async fn what_is_shown_in_a_case_is_no_matter_of_a_correction_and_reading_one_is_on_record() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("EMERGENCY", "Accident", "k1", vec![accident("A1")]).await;
        hub.take("EMERGENCY", "AccidentVictim", "k2", vec![victim("V1", "A1", &man(1))]).await;
        let victims = record(&hub, "EMERGENCY", "accidentVictims").await;
        let case = hub.token_for("HRSS", CITY, &["READER"], "RECOGNITION", Some("GS-1"));
        assert_eq!(
            claim(&hub, &case, about(&victims, "idNumber")).await,
            "FORBIDDEN",
            "{backend:?}"
        );
        let hrss = hub.reader("HRSS", CITY);
        let own = claim(&hub, &hrss, about(&victims, "injuryDegree")).await;
        assert!(own["id"].is_string(), "{own}");
        list(&hub, &hub.token("EMERGENCY", CITY, &OFFICER), "").await;
        let auditor = hub.token("HRSS", CITY, &["AUDITOR"]);
        let log = "{ auditEntries(first: 200) { operation department outcome records } }";
        let log = hub.data(&auditor, log).await["auditEntries"].clone();
        let read = |entry: &Value| {
            entry["department"] == "EMERGENCY"
                && entry["operation"].as_str().is_some_and(|name| name.contains("corrections"))
                && entry["records"] != json!([])
        };
        assert!(log.as_array().expect("entries").iter().any(read), "{backend:?}: {log}");
    }
}

#[tokio::test]
async fn a_province_is_told_of_a_correction_and_not_its_words_about_a_person() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("HEALTH", "OccupationalDiseaseCase", "k1", vec![disease("D1", &man(1))]).await;
        let case = record(&hub, "HEALTH", "occupationalDiseaseCases").await;
        let whole = changed(about(&case, "stage"), "field", Value::Null);
        let own = claim(&hub, &hub.reader("HRSS", CITY), whole).await;
        assert_eq!(own["claim"], "死亡人数应为 2 人。", "{own}");
        let query = format!("{{ corrections {{ nodes {{ withheld {FIELDS} }} }} }}");
        for department in ["HRSS", "HEALTH"] {
            let seen = hub.data(&hub.reader(department, "140000"), &query).await;
            let seen = &seen["corrections"]["nodes"][0];
            assert_eq!((&seen["id"], &seen["withheld"]), (&own["id"], &json!(true)), "{seen}");
            for field in ["claim", "basis"] {
                assert_eq!(seen[field], Value::Null, "{backend:?} {department}: {seen}");
            }
        }
        let seen = hub.data(&hub.reader("HEALTH", COUNTY), &query).await;
        assert_eq!(seen["corrections"]["nodes"][0]["claim"], own["claim"], "its holder sees it");
        // A step is taken from the version that was seen, even where the next is known.
        let steward = hub.token("HEALTH", CITY, &OFFICER);
        let ahead = changed(own.clone(), "version", json!(2));
        assert_eq!(step(&hub, &steward, &ahead, "REJECT", Some("无误")).await, "CONFLICT");
    }
}

#[tokio::test]
async fn obligations_are_paged_through_every_correction_once() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let rows = (1..=7).map(|number| accident(&format!("A{number}"))).collect();
        hub.take("EMERGENCY", "Accident", "k1", rows).await;
        let hrss = hub.reader("HRSS", CITY);
        let all = hub.data(&hrss, "{ accidents(first: 7) { nodes { id } } }").await;
        let mut claimed = Vec::new();
        for one in all["accidents"]["nodes"].as_array().expect("nodes") {
            claimed.push(claim(&hub, &hrss, about(&one["id"], "deaths")).await);
        }
        let (mut after, mut seen) = (String::new(), Vec::new());
        loop {
            let query = format!(
                "{{ obligations(region: \"{CITY}\", kind: VERIFICATION, first: 2{after}) {{ nodes {{ recordId }} pageInfo {{ hasNextPage endCursor }} }} }}"
            );
            let page = hub.data(&hrss, &query).await["obligations"].clone();
            seen.extend(
                page["nodes"]
                    .as_array()
                    .expect("nodes")
                    .iter()
                    .map(|one| one["recordId"].to_string()),
            );
            if seen.len() == 4 {
                // What is taken back between two pages moves no other.
                assert_eq!(
                    step(&hub, &hrss, &claimed[0], "WITHDRAW", None).await["state"],
                    "WITHDRAWN"
                );
            }
            if page["pageInfo"]["hasNextPage"] != true {
                break;
            }
            after = format!(", after: {}", page["pageInfo"]["endCursor"]);
        }
        let distinct: std::collections::BTreeSet<&String> = seen.iter().collect();
        assert_eq!((seen.len(), distinct.len()), (7, 7), "{backend:?}: {seen:?}");
    }
}
