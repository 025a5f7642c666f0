//! A file whose fault is found only at its end: what was taken in before it is counted and told.

use serde_json::json;

use crate::{
    files::CSV,
    support::{TestHub, backends},
};

#[tokio::test]
async fn rows_that_were_taken_in_before_the_file_ended_in_a_fault_are_counted_and_told() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.submitter("EMERGENCY");
        let mut ledger =
            "事故编号,发生时间,事故发生地,重点行业,事故类型,死亡人数,失踪人数,重伤人数,急性工业中毒人数,轻伤人数,直接经济损失\n".to_owned();
        for number in 0..2_500 {
            ledger.push_str(&format!(
                "BH-{number},2024-03-05 10:00,朔城区,煤矿,坍塌,1,0,0,0,0,693.5\n"
            ));
        }
        ledger.push_str("单位：万元\n");
        let sent =
            hub.upload(&token, "/exchange/accidents?mode=partial&wait=60", "k", CSV, ledger).await;
        let job = &sent.job;
        assert_eq!(job["state"], "FAILED", "{backend:?}: {job}");
        assert_eq!(job["error"]["code"], "FILE_UNIT_BELOW", "{job}");
        let data = hub
            .data(
                &token_that_reads(&hub),
                "{ accidents(where: {accidentNo: {prefix: \"BH-\"}}) { totalCount } }",
            )
            .await;
        assert_eq!(data["accidents"]["totalCount"], job["created"], "{backend:?}: {job}");
        assert!(job["created"].as_i64() >= Some(1_000), "{job}");
        assert_eq!(job["rows"], json!(job["created"]), "{job}");
        let place = format!("/exchange/jobs/{}/verdicts?format=ndjson", sent.id());
        let (_, _, told) = hub
            .send(
                http::Request::get(&place)
                    .header("authorization", format!("Bearer {token}"))
                    .body(axum::body::Body::empty())
                    .expect("a request"),
            )
            .await;
        let told = String::from_utf8(told).expect("text");
        let rows = i64::try_from(told.lines().count()).expect("few");
        assert_eq!(
            Some(rows),
            job["created"].as_i64().map(|created| created + 1),
            "the file's own too"
        );
    }
}

fn token_that_reads(hub: &TestHub) -> String {
    hub.reader("EMERGENCY", crate::samples::CITY)
}
