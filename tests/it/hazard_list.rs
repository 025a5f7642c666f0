//! The list of hazards in the materials of a meeting: what is not known, not theirs to list, or
//! too much to list is said to be so.

use axum::http::Request;
use serde_json::{Value, json};

use crate::{
    samples::{CITY, accident, hazard, uscc, with},
    support::{Row, TestHub, backends},
};

fn overdue(number: &str, changes: Value) -> Row {
    let dates = json!({"orderedAt": "2024-03-06", "deadline": "2024-04-06"});
    with(with(hazard(number, "ORDERED"), dates), changes)
}

async fn brief(hub: &TestHub, token: &str) -> Value {
    let document = format!(
        "{{ jointMeeting(region: \"{CITY}\", year: 2024) {{ brief {{ hazardsNote employersNote hazards {{ number supervised }} }} }} }}"
    );
    hub.data(token, &document).await["jointMeeting"]["brief"].clone()
}

/// The section of the page.
async fn section(hub: &TestHub, token: &str) -> String {
    let request = Request::get(format!("/meeting/{CITY}/2024"))
        .header("authorization", format!("Bearer {token}"))
        .body(String::new())
        .expect("a request");
    let (status, _, body) = hub.request(request).await;
    assert_eq!(status.as_u16(), 200);
    let page = String::from_utf8(body).expect("UTF-8");
    let (_, rest) = page.split_once("<section id=\"hazards\"").expect("the section");
    rest.split_once("</section>").expect("its end").0.to_owned()
}

#[tokio::test]
async fn supervision_that_nobody_reported_is_not_told_as_none() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let rows = vec![
            overdue("H1", json!({})),
            overdue("H2", json!({"supervised": false})),
            overdue("H3", json!({"supervised": true, "supervisedAt": "2024-03-06"})),
        ];
        hub.take("EMERGENCY", "HazardRectification", "k1", rows).await;
        let office = hub.token("HRSS", CITY, &["SECRETARY"]);
        let brief = brief(&hub, &office).await;
        assert_eq!(
            brief,
            json!({"hazardsNote": null, "employersNote": null, "hazards": [
                {"number": "H1", "supervised": null},
                {"number": "H2", "supervised": false},
                {"number": "H3", "supervised": true},
            ]}),
            "{backend:?}"
        );
        let section = section(&hub, &office).await;
        assert_eq!(section.matches("未报").count(), 1, "{section}");
        assert_eq!(section.matches(">否<").count(), 1, "{section}");
    }
}

#[tokio::test]
async fn a_seat_that_may_not_list_hazards_reads_that_and_not_that_there_are_none() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("EMERGENCY", "HazardRectification", "k1", vec![overdue("H1", json!({}))]).await;
        for (department, says) in [("FINANCE", "无权列示"), ("HEALTH", "只列"), ("HOUSING", "只列")]
        {
            let token = hub.token_for(department, CITY, &["READER"], "JOINT_MEETING", None);
            let brief = brief(&hub, &token).await;
            assert_eq!(brief["hazards"], json!([]), "{backend:?} {department}");
            let note = brief["hazardsNote"].as_str().expect("why");
            let visits = brief["employersNote"].as_str().expect("why");
            assert!(visits.contains("此处未列不等于没有"), "{department}: {visits}");
            assert!(note.contains(says), "{department}: {note}");
            let section = section(&hub, &token).await;
            assert!(section.contains(note), "{department}: {section}");
            assert!(!section.contains("没有逾期未整改的隐患记录"), "{department}: {section}");
        }
        let union = hub.token_for("UNION", CITY, &["READER"], "JOINT_MEETING", None);
        assert_eq!(brief(&hub, &union).await["hazardsNote"], Value::Null);
    }
}

#[tokio::test]
async fn a_list_that_is_cut_says_how_many_are_left_out() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("EMERGENCY", "HazardRectification", "k1", vec![overdue("H1", json!({}))]).await;
        let id = if hub.is_postgres() { "gen_random_uuid()" } else { "randomblob(16)" };
        let same = "department, source_system, version, fingerprint, created_at, updated_at, found_at, source, region_code, \
                    level, status, ordered_at, deadline, key_industry";
        hub.db_run(&format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10002) \
             INSERT INTO hazard_rectifications (id, ref, hazard_no, {same}) \
             SELECT {id}, ref || '-' || i, hazard_no || '-' || i, {same} FROM hazard_rectifications, n"
        ))
        .await;
        let office = hub.token("HRSS", CITY, &["SECRETARY"]);
        let brief = brief(&hub, &office).await;
        assert_eq!(brief["hazards"].as_array().map(Vec::len), Some(10_000), "{backend:?}");
        let note = brief["hazardsNote"].as_str().expect("what is left out");
        assert!(note.contains("另有3项"), "{note}");
    }
}

#[tokio::test]
async fn an_employer_to_visit_is_counted_by_every_sign_and_nameless_records_are_told() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let elsewhere = json!({"employerUscc": null, "employerNo": null, "employerName": null});
        let rows = vec![
            with(overdue("H1", json!({})), json!({"employerUscc": uscc(2)})),
            with(overdue("H2", json!({})), json!({"employerUscc": uscc(2)})),
            overdue("H3", json!({})),
            with(overdue("H4", json!({})), elsewhere),
        ];
        hub.take("EMERGENCY", "HazardRectification", "k1", rows).await;
        hub.take("EMERGENCY", "Accident", "k2", vec![accident("A1")]).await;
        // 200 more employers with two hazards each, before the one with an accident and a hazard.
        let id = if hub.is_postgres() { "gen_random_uuid()" } else { "randomblob(16)" };
        let same = "department, source_system, version, fingerprint, created_at, updated_at, found_at, source, region_code, \
                    level, status, ordered_at, deadline, key_industry, employer_name";
        hub.db_run(&format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200) \
             INSERT INTO hazard_rectifications (id, ref, hazard_no, employer_key, {same}) \
             SELECT {id}, ref || '-' || i, hazard_no || '-' || i, employer_key || '-' || i, {same} \
             FROM hazard_rectifications, n WHERE hazard_no IN ('H1', 'H2')"
        ))
        .await;
        let document = format!(
            "{{ jointMeeting(region: \"{CITY}\", year: 2024) {{ brief {{ employersNote employers {{ uscc reasons }} }} }} }}"
        );
        let office = hub.token("HRSS", CITY, &["SECRETARY"]);
        let brief = hub.data(&office, &document).await["jointMeeting"]["brief"].clone();
        let first = &brief["employers"][0];
        assert_eq!(first["uscc"], uscc(1), "{backend:?} {brief}");
        assert!(
            first["reasons"].as_array().expect("reasons").contains(&json!("逾期未整改隐患1项")),
            "{first}"
        );
        let note = brief["employersNote"].as_str().expect("a note");
        for says in ["1条记录未填单位", "最多的200家", "共至少201家"] {
            assert!(note.contains(says), "{says}: {note}");
        }
    }
}
