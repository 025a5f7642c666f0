//! Whatever is wrong with a request, the hub says so itself: with a code, a number and a sentence
//! in the language asked for.

use serde_json::{Value, json};

use crate::{
    samples::CITY,
    support::{TestHub, backends},
};

const PATHS: [&str; 16] = [
    "/",
    "/nowhere",
    "/graphql",
    "/graphql/more",
    "/exchange",
    "/exchange/accidents",
    "/exchange/noSuchFamily",
    "/exchange/%FF",
    "/exchange/exports/none",
    "/exchange/jobs",
    "/exchange/jobs/none",
    "/exchange/jobs/none/verdicts",
    "/exchange/profiles",
    "/exchange/profiles/none",
    "/healthz",
    "/metrics",
];
const METHODS: [&str; 6] = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const BODIES: [(&str, &[u8]); 5] = [
    ("", b""),
    ("application/json", b"{"),
    ("application/json", b"\xff\xfe"),
    ("application/x-www-form-urlencoded", b"query=%zz"),
    ("text/plain", b"{ __typename }"),
];

/// Says what the hub answered, if it is a refusal.
async fn refusal(
    hub: &TestHub,
    request: http::request::Builder,
    body: &[u8],
) -> Option<(u16, Option<Value>, http::HeaderMap)> {
    let request = request.body(axum::body::Body::from(body.to_vec())).expect("a request");
    let (status, headers, body) = hub.send(request).await;
    status.is_client_error().then(|| (status.as_u16(), serde_json::from_slice(&body).ok(), headers))
}

#[tokio::test]
async fn every_refusal_is_the_hubs_own_at_every_address() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let bearer = format!("Bearer {}", hub.both("EMERGENCY"));
        let mut refused = 0;
        for path in PATHS {
            for method in METHODS {
                for query in ["", "?where=%FF", "?variables={"] {
                    for (kind, body) in BODIES {
                        for (language, is_english) in [("zh-CN", false), ("en", true)] {
                            let mut request = http::Request::builder()
                                .method(method)
                                .uri(format!("{path}{query}"));
                            request = request
                                .header("accept-language", language)
                                .header("authorization", &bearer);
                            if !kind.is_empty() {
                                request = request.header("content-type", kind);
                            }
                            let place =
                                format!("{backend:?} {method} {path}{query} {kind} {language}");
                            let Some((status, answer, headers)) =
                                refusal(&hub, request, body).await
                            else {
                                continue;
                            };
                            refused += 1;
                            let answer = answer
                                .unwrap_or_else(|| unreachable!("{place}: {status} without JSON"));
                            let error = &answer["errors"][0];
                            let message = error["message"].as_str().unwrap_or_default();
                            assert!(
                                error["extensions"]["code"].is_string() && !message.is_empty(),
                                "{place}: {status} {answer}"
                            );
                            assert_eq!(
                                error["extensions"]["requestId"],
                                json!(headers["x-request-id"].to_str().ok()),
                                "{place}"
                            );
                            assert_eq!(message.is_ascii(), is_english, "{place}: {message}");
                            assert!(status != 405 || headers.contains_key("allow"), "{place}");
                        }
                    }
                }
            }
        }
        assert!(refused > 500, "{refused}");
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_told_in_the_language_and_form_asked_for() {
    let hub = TestHub::sqlite().await;
    let request = http::Request::post("/graphql")
        .header("content-type", "application/json")
        .header("accept-language", "en");
    let request = request.header("accept", "application/graphql-response+json");
    let (status, answer, headers) =
        refusal(&hub, request, &vec![b' '; 9 << 20]).await.expect("refused");
    assert_eq!(
        (status, &headers["content-type"]),
        (413, &"application/graphql-response+json; charset=utf-8".parse().expect("a value"))
    );
    let error = answer.expect("JSON")["errors"][0].clone();
    assert_eq!(
        (&error["extensions"]["code"], &error["message"]),
        (&json!("TOO_COMPLEX"), &json!("The body is too large. Split it."))
    );
}

#[tokio::test]
async fn a_browser_is_told_what_the_address_is_for() {
    let hub = TestHub::sqlite().await;
    let visit = |accept: &str, uri: &str| {
        http::Request::get(uri).header("accept", accept).body(String::new()).expect("a request")
    };
    let browser =
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";
    let (status, headers, body) = hub.request(visit(browser, "/graphql")).await;
    assert_eq!(
        (status.as_u16(), &headers["content-type"]),
        (200, &"text/html; charset=utf-8".parse().expect("a value"))
    );
    let page = String::from_utf8(body).expect("text");
    assert!(page.contains("schema.graphql") && page.contains("POST"), "{page}");
    let (status, headers, _) = hub.request(visit(browser, "/graphql?query=%7B__typename%7D")).await;
    assert_eq!(
        (status.as_u16(), &headers["content-type"]),
        (200, &"application/json; charset=utf-8".parse().expect("a value"))
    );
    assert_eq!(hub.request(visit("*/*", "/graphql")).await.0.as_u16(), 400);
}

#[tokio::test]
async fn what_is_wrong_with_a_document_is_told_with_what_could_stand_there() {
    let hub = TestHub::sqlite().await;
    let token = hub.reader("EMERGENCY", CITY);
    let said = async |query: &str| {
        hub.ask_in_english(&token, query, Value::Null).await["errors"][0]["message"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    assert!(
        said("{ accidents( }").await.contains("Expected here:"),
        "{}",
        said("{ accidents( }").await
    );
    let none = said("{ accidents(where: {deaths: 3}) { totalCount } }").await;
    assert!(none.contains("{eq: …}"), "{none}");
}
