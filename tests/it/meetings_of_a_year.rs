//! A year may have several meetings: the last one does not hide what was frozen for those before.

use axum::http::{Request, StatusCode};
use serde_json::Value;

use crate::{
    samples::CITY,
    support::{TestHub, backends},
};

async fn called(hub: &TestHub, office: &str) -> Value {
    let call = format!(
        "mutation {{ callMeeting(input: {{region: \"{CITY}\", year: 2023, kind: ROUTINE, members: [EMERGENCY], agenda: []}}) {{ id number }} }}"
    );
    hub.data(office, &call).await["callMeeting"].clone()
}

async fn page(hub: &TestHub, token: &str, query: &str) -> (StatusCode, String) {
    let request = Request::get(format!("/meeting/{CITY}/2023{query}"))
        .header("authorization", format!("Bearer {token}"))
        .body(String::new())
        .expect("a request");
    let (status, _, body) = hub.request(request).await;
    (status, String::from_utf8(body).expect("UTF-8"))
}

#[tokio::test]
async fn each_meeting_of_a_year_keeps_its_materials() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let office = hub.token("HRSS", CITY, &["READER", "SECRETARY"]);
        let first = called(&hub, &office).await;
        let freeze = format!(
            "mutation {{ freezeMaterials(input: {{region: \"{CITY}\", meeting: {}}}) {{ digest }} }}",
            first["id"]
        );
        let digest = hub.data(&office, &freeze).await["freezeMaterials"]["digest"].clone();
        assert_eq!(called(&hub, &office).await["number"], 2);
        let asked = |more: &str| {
            format!(
                "{{ jointMeeting(region: \"{CITY}\", year: 2023{more}) {{ meeting {{ number }} materials {{ digest }} brief {{ head {{ digest }} }} }} }}"
            )
        };
        let last = hub.data(&office, &asked("")).await["jointMeeting"].clone();
        assert_eq!((&last["meeting"]["number"], &last["materials"]), (&2.into(), &Value::Null));
        let one = hub.data(&office, &asked(", number: 1")).await["jointMeeting"].clone();
        assert_eq!((&one["meeting"]["number"], &one["materials"]["digest"]), (&1.into(), &digest));
        assert_eq!(one["brief"]["head"]["digest"], digest);
        assert_eq!(hub.code(&office, &asked(", number: 3")).await, "NOT_FOUND");
        let digest = digest.as_str().expect("a digest");
        let (status, text) = page(&hub, &office, "?meeting=1").await;
        assert!(status == StatusCode::OK && text.contains(&digest[..12]), "{text}");
        let (status, text) = page(&hub, &office, "").await;
        assert!(status == StatusCode::OK && !text.contains(&digest[..12]), "{text}");
        assert_eq!(page(&hub, &office, "?meeting=3").await.0, StatusCode::NOT_FOUND);
        // What is frozen anew is that meeting's own.
        let again = hub.data(&office, &freeze).await["freezeMaterials"]["digest"].clone();
        let one = hub.data(&office, &asked(", number: 1")).await["jointMeeting"].clone();
        assert_eq!((&one["meeting"]["number"], &one["materials"]["digest"]), (&1.into(), &again));
    }
}
