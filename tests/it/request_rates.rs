//! How many requests an account may send a second: whoever sends more is told when to come again,
//! and the others are answered.

use axum::http::Request;
use lianfang::app::Settings;
use serde_json::{Value, json};

use crate::{
    samples::CITY,
    support::{TestHub, backends},
};

#[tokio::test]
async fn an_account_that_asks_without_end_is_told_to_wait_and_others_are_answered() {
    for backend in backends() {
        let settings = Settings { subject_requests: 1, ..Settings::default() };
        let hub = TestHub::with(backend, settings).await;
        let (wild, calm) = (hub.reader("HRSS", CITY), hub.reader("UNION", CITY));
        let ask = async |token: &str| {
            let request = Request::post("/graphql")
                .header("authorization", format!("Bearer {token}"))
                .header("content-type", "application/json")
                .body(json!({"query": "{ viewer { department } }"}).to_string());
            hub.request(request.expect("a request")).await
        };
        let mut refused = None;
        for _ in 0..40 {
            let (status, headers, body) = ask(&wild).await;
            if status.as_u16() == 429 {
                refused = Some((headers, body));
                break;
            }
            assert_eq!(status.as_u16(), 200, "{backend:?}");
        }
        let (headers, body) = refused.expect("more than ten at once are too many");
        let after = headers["retry-after"].to_str().ok().and_then(|text| text.parse::<u32>().ok());
        assert!(after.is_some_and(|seconds| (1..=10).contains(&seconds)), "{headers:?}");
        let body: Value = serde_json::from_slice(&body).expect("JSON");
        assert_eq!(body["errors"][0]["extensions"]["code"], "QUOTA_EXCEEDED");
        let message = body["errors"][0]["message"].as_str().expect("a message");
        assert!(message.contains("每秒最多 1 次") && message.contains("合并"), "{message}");
        assert_eq!(ask(&calm).await.0.as_u16(), 200, "{backend:?}: others are answered");
        // Files and pages are counted too.
        for path in ["/exchange/accidents/template.xlsx", "/meeting"] {
            let mut statuses = Vec::new();
            // A token comes back every second: on a slow machine a few are answered between.
            for _ in 0..40 {
                let request = Request::get(path).header("authorization", format!("Bearer {wild}"));
                let request = request.body(String::new()).expect("a request");
                statuses.push(hub.request(request).await.0.as_u16());
            }
            assert!(statuses.contains(&429), "{path}: {statuses:?}");
        }
    }
}
