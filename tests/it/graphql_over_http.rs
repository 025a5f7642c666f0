//! GraphQL over HTTP: the 61 audits of the npm package `graphql-http` (1.23), and what the
//! specification asks for beyond them.
//!
//! The identifiers are those of the package, so that a failure here can be looked up there; the
//! names are ours. `scripts/audit/run.sh URL` runs the package itself against a running hub.

use std::collections::BTreeSet;

use axum::http::{HeaderMap, Request, StatusCode, header};
use serde_json::Value;

use crate::support::TestHub;

const PATH: &str = "/graphql";
const JSON: &str = "application/json";
const GRAPHQL: &str = "application/graphql-response+json";

/// How strongly the package words an audit. The hub is held to all of them; the level is printed
/// with a failure.
#[derive(Debug, Clone, Copy)]
enum Level {
    Must,
    Should,
    May,
}

/// What is sent.
enum Ask {
    /// A POST with `Content-Type: application/json` and this body.
    Post { accept: Accept, body: &'static str },
    /// A POST whose content type says more than the media type.
    PostAs { content_type: &'static str, body: &'static str },
    /// A POST that does not say what its body is.
    PostUntyped { body: &'static str },
    /// A GET with these parameters, not yet encoded.
    Get { accept: Accept, parameters: &'static [(&'static str, &'static str)] },
}

#[derive(Clone, Copy)]
enum Accept {
    Only(&'static str),
    /// No preference. Browsers and `fetch` then send `*/*`, other clients nothing: both are tried.
    Unsaid,
}

/// What the answer has to be.
enum Expect {
    Status(u16),
    /// Any of these inclusive ranges.
    StatusWithin(&'static [(u16, u16)]),
    ContentType(&'static str),
    Utf8,
    /// A JSON body without the key `errors`.
    NoErrors,
    /// A JSON body without the key `data`.
    NoData,
}

struct Audit {
    id: &'static str,
    level: Level,
    name: &'static str,
    ask: Ask,
    expect: &'static [Expect],
}

use Accept::{Only, Unsaid};
use Ask::{Get, Post, PostAs, PostUntyped};
use Expect::{ContentType, NoData, NoErrors, Status, StatusWithin, Utf8};
use Level::{May, Must, Should};

const TYPENAME: &str = r#"{"query":"{ __typename }"}"#;
const NAMED: &str = r#"{"operationName":"Query","query":"query Query { __typename }"}"#;
const WITH_VARIABLES: &str = r#"{"query":"query Type($name: String!) { __type(name: $name) { name } }","variables":{"name":"sometype"}}"#;
const WITH_VARIABLES_BY_GET: &[(&str, &str)] = &[
    ("query", "query Type($name: String!) { __type(name: $name) { name } }"),
    ("variables", r#"{"name":"sometype"}"#),
];
const WITH_EXTENSIONS: &str = r#"{"query":"{ __typename }","extensions":{"some":"value"}}"#;
const NULL_VARIABLES: &str = r#"{"query":"{ __typename }","variables":null}"#;
const NULL_OPERATION_NAME: &str = r#"{"query":"{ __typename }","operationName":null}"#;
const NULL_EXTENSIONS: &str = r#"{"query":"{ __typename }","extensions":null}"#;
const OBJECT_NAME: &str = r#"{"operationName":{"obj":"ect"},"query":"{ __typename }"}"#;
const NOT_JSON: &str = r#"{ "not a JSON"#;
const MISSPELT: &str = r#"{"qeury":"{ __typename }"}"#;
const UNPARSABLE: &str = r#"{"query":"{"}"#;
const NO_SUCH_FIELD: &str = r#"{"query":"{ 8f31403dfe404bccbb0e835f2629c6a7 }"}"#;
const UNCOERCIBLE: &str =
    r#"{"query":"query CoerceFailure($id: ID!){ __typename }","variables":{"id":null}}"#;

const FINE: &[Expect] = &[Status(200)];
const FINE_WITHOUT_ERRORS: &[Expect] = &[Status(200), NoErrors];
const BAD_REQUEST: &[Expect] = &[Status(400)];
const CLIENT_ERROR: &[Expect] = &[StatusWithin(&[(400, 499)])];
const ANY_ERROR: &[Expect] = &[StatusWithin(&[(400, 599)])];
const NO_REDIRECT: &[Expect] = &[StatusWithin(&[(200, 299), (400, 599)])];

/// An audit of a POST with a JSON body: nearly all of them.
const fn post(
    id: &'static str,
    level: Level,
    name: &'static str,
    accept: Accept,
    body: &'static str,
    expect: &'static [Expect],
) -> Audit {
    Audit { id, level, name, ask: Post { accept, body }, expect }
}

const AUDITS: &[Audit] = &[
    // Media types
    post(
        "22EB",
        Should,
        "GraphQL media type asked for and given",
        Only(GRAPHQL),
        TYPENAME,
        &[Status(200), ContentType(GRAPHQL)],
    ),
    post(
        "4655",
        Must,
        "JSON asked for and given",
        Only(JSON),
        TYPENAME,
        &[Status(200), ContentType(JSON)],
    ),
    post(
        "47DE",
        Should,
        "JSON given to who takes anything",
        Only("*/*"),
        TYPENAME,
        &[Status(200), ContentType(JSON)],
    ),
    post(
        "80D8",
        Should,
        "JSON given to who says nothing",
        Unsaid,
        TYPENAME,
        &[Status(200), ContentType(JSON)],
    ),
    post("82A3", Must, "answers in UTF-8", Unsaid, TYPENAME, &[Status(200), Utf8]),
    Audit {
        id: "BF61",
        level: Must,
        name: "UTF-8 declared by the request, and used beyond the basic plane",
        ask: PostAs {
            content_type: "application/json; charset=utf-8",
            body: r#"{"query":"{ __type(name: \"Run🏃Swim🏊\") { name } }"}"#,
        },
        expect: FINE,
    },
    post("78D5", Must, "UTF-8 assumed when the request does not say", Unsaid, TYPENAME, FINE),
    // Methods and content types
    post("2C94", Must, "POST is answered", Unsaid, TYPENAME, FINE),
    Audit {
        id: "5A70",
        level: May,
        name: "GET with a form-encoded query is answered",
        ask: Get { accept: Unsaid, parameters: &[("query", "{ __typename }")] },
        expect: FINE,
    },
    Audit {
        id: "9C48",
        level: May,
        name: "GET does not execute a mutation",
        ask: Get { accept: Only(GRAPHQL), parameters: &[("query", "mutation { __typename }")] },
        expect: CLIENT_ERROR,
    },
    Audit {
        id: "9ABE",
        level: Should,
        name: "POST without a content type is refused",
        ask: PostUntyped { body: TYPENAME },
        expect: CLIENT_ERROR,
    },
    post("03D4", Must, "POST of JSON is answered", Unsaid, TYPENAME, FINE),
    post("A5BF", May, "POST without a body", Unsaid, "", BAD_REQUEST),
    // query
    post("423L", May, "no query", Only(GRAPHQL), r#"{"notquery":"{ __typename }"}"#, BAD_REQUEST),
    post("LKJ0", May, "query: an object", Unsaid, r#"{"query":{"obj":"ect"}}"#, BAD_REQUEST),
    post("LKJ1", May, "query: a number", Unsaid, r#"{"query":0}"#, BAD_REQUEST),
    post("LKJ2", May, "query: a boolean", Unsaid, r#"{"query":false}"#, BAD_REQUEST),
    post("LKJ3", May, "query: an array", Unsaid, r#"{"query":["array"]}"#, BAD_REQUEST),
    post("34A2", Should, "query: a string", Only(GRAPHQL), TYPENAME, FINE),
    post("13EE", Must, "query: a string", Only(JSON), TYPENAME, FINE_WITHOUT_ERRORS),
    // operationName
    post("6C00", May, "operationName: an object", Unsaid, OBJECT_NAME, BAD_REQUEST),
    post(
        "6C01",
        May,
        "operationName: a number",
        Unsaid,
        r#"{"operationName":0,"query":"{ __typename }"}"#,
        BAD_REQUEST,
    ),
    post(
        "6C02",
        May,
        "operationName: a boolean",
        Unsaid,
        r#"{"operationName":false,"query":"{ __typename }"}"#,
        BAD_REQUEST,
    ),
    post(
        "6C03",
        May,
        "operationName: an array",
        Unsaid,
        r#"{"operationName":["array"],"query":"{ __typename }"}"#,
        BAD_REQUEST,
    ),
    post("8161", Should, "operationName: a string", Only(GRAPHQL), NAMED, FINE),
    post("B8B3", Must, "operationName: a string", Only(JSON), NAMED, FINE_WITHOUT_ERRORS),
    // null members
    post("94B0", Should, "variables: null", Only(GRAPHQL), NULL_VARIABLES, FINE_WITHOUT_ERRORS),
    post("0220", Must, "variables: null", Only(JSON), NULL_VARIABLES, FINE_WITHOUT_ERRORS),
    post(
        "94B1",
        Should,
        "operationName: null",
        Only(GRAPHQL),
        NULL_OPERATION_NAME,
        FINE_WITHOUT_ERRORS,
    ),
    post("0221", Must, "operationName: null", Only(JSON), NULL_OPERATION_NAME, FINE_WITHOUT_ERRORS),
    post("94B2", Should, "extensions: null", Only(GRAPHQL), NULL_EXTENSIONS, FINE_WITHOUT_ERRORS),
    post("0222", Must, "extensions: null", Only(JSON), NULL_EXTENSIONS, FINE_WITHOUT_ERRORS),
    // variables
    post(
        "4760",
        May,
        "variables: a string",
        Unsaid,
        r#"{"query":"{ __typename }","variables":"string"}"#,
        BAD_REQUEST,
    ),
    post(
        "4761",
        May,
        "variables: a number",
        Unsaid,
        r#"{"query":"{ __typename }","variables":0}"#,
        BAD_REQUEST,
    ),
    post(
        "4762",
        May,
        "variables: a boolean",
        Unsaid,
        r#"{"query":"{ __typename }","variables":false}"#,
        BAD_REQUEST,
    ),
    post(
        "4763",
        May,
        "variables: an array",
        Unsaid,
        r#"{"query":"{ __typename }","variables":["array"]}"#,
        BAD_REQUEST,
    ),
    post("2EA1", Should, "variables: a map", Only(GRAPHQL), WITH_VARIABLES, FINE),
    post("28B9", Must, "variables: a map", Only(JSON), WITH_VARIABLES, FINE_WITHOUT_ERRORS),
    Audit {
        id: "D6D5",
        level: May,
        name: "variables as JSON in the URL",
        ask: Get { accept: Only(GRAPHQL), parameters: WITH_VARIABLES_BY_GET },
        expect: FINE_WITHOUT_ERRORS,
    },
    Audit {
        id: "6A70",
        level: May,
        name: "variables as JSON in the URL",
        ask: Get { accept: Only(JSON), parameters: WITH_VARIABLES_BY_GET },
        expect: FINE_WITHOUT_ERRORS,
    },
    // extensions
    post(
        "58B0",
        May,
        "extensions: a string",
        Unsaid,
        r#"{"query":"{ __typename }","extensions":"string"}"#,
        BAD_REQUEST,
    ),
    post(
        "58B1",
        May,
        "extensions: a number",
        Unsaid,
        r#"{"query":"{ __typename }","extensions":0}"#,
        BAD_REQUEST,
    ),
    post(
        "58B2",
        May,
        "extensions: a boolean",
        Unsaid,
        r#"{"query":"{ __typename }","extensions":false}"#,
        BAD_REQUEST,
    ),
    post(
        "58B3",
        May,
        "extensions: an array",
        Unsaid,
        r#"{"query":"{ __typename }","extensions":["array"]}"#,
        BAD_REQUEST,
    ),
    post("428F", Should, "extensions: a map", Only(GRAPHQL), WITH_EXTENSIONS, FINE),
    post("1B7A", Must, "extensions: a map", Only(JSON), WITH_EXTENSIONS, FINE_WITHOUT_ERRORS),
    // A request that cannot be understood
    post("B6DC", May, "not JSON: anything but a redirect", Only(JSON), NOT_JSON, NO_REDIRECT),
    post("BCF8", Should, "not JSON", Only(JSON), NOT_JSON, BAD_REQUEST),
    post("B7N8", Should, "not JSON", Only(GRAPHQL), NOT_JSON, BAD_REQUEST),
    post("8764", May, "query misspelt: an error", Unsaid, MISSPELT, ANY_ERROR),
    post("3E3A", May, "query misspelt: a bad request", Unsaid, MISSPELT, BAD_REQUEST),
    // A document that cannot be executed, in JSON
    post("572B", Should, "document does not parse", Only(JSON), UNPARSABLE, FINE),
    post("FDE2", Should, "document is not valid", Only(JSON), NO_SUCH_FIELD, FINE),
    post("7B9B", Should, "variable cannot be coerced", Only(JSON), UNCOERCIBLE, FINE),
    // A document that cannot be executed, in the GraphQL media type
    post("865D", Should, "document does not parse: an error", Only(GRAPHQL), UNPARSABLE, ANY_ERROR),
    post(
        "556A",
        Should,
        "document does not parse: a bad request",
        Only(GRAPHQL),
        UNPARSABLE,
        BAD_REQUEST,
    ),
    post("D586", Should, "document does not parse: no data", Only(GRAPHQL), UNPARSABLE, &[NoData]),
    post(
        "51FE",
        Should,
        "document is not valid: an error",
        Only(GRAPHQL),
        NO_SUCH_FIELD,
        ANY_ERROR,
    ),
    post(
        "74FF",
        Should,
        "document is not valid: a bad request",
        Only(GRAPHQL),
        NO_SUCH_FIELD,
        BAD_REQUEST,
    ),
    post("5E5B", Should, "document is not valid: no data", Only(GRAPHQL), NO_SUCH_FIELD, &[NoData]),
    post(
        "86EE",
        Should,
        "variable cannot be coerced: a bad request",
        Only(GRAPHQL),
        UNCOERCIBLE,
        BAD_REQUEST,
    ),
];

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn content_type(&self) -> &str {
        self.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("")
    }

    fn json(&self) -> Result<Value, String> {
        serde_json::from_slice(&self.body)
            .map_err(|error| format!("the body is not JSON ({error}): {self}"))
    }

    fn meets(&self, expect: &Expect) -> Result<(), String> {
        let status = self.status.as_u16();
        let (met, wanted) = match expect {
            Status(wanted) => (status == *wanted, format!("status {wanted}")),
            StatusWithin(ranges) => (
                ranges.iter().any(|(low, high)| (*low..=*high).contains(&status)),
                format!("a status within {ranges:?}"),
            ),
            ContentType(wanted) => {
                (self.content_type().contains(wanted), format!("content type {wanted}"))
            }
            Utf8 => (std::str::from_utf8(&self.body).is_ok(), "a body in UTF-8".into()),
            NoErrors => (self.json()?.get("errors").is_none(), "no errors".into()),
            NoData => (self.json()?.get("data").is_none(), "no data".into()),
        };
        if met { Ok(()) } else { Err(format!("wanted {wanted}, got {self}")) }
    }

    /// A refusal that a GraphQL client can read: JSON in the given media type, at least one
    /// message, no data.
    fn is_readable_refusal(&self, media_type: &str) -> Result<(), String> {
        if self.content_type() != format!("{media_type}; charset=utf-8") {
            return Err(format!("wanted content type {media_type}; charset=utf-8, got {self}"));
        }
        let body = self.json()?;
        let messages = body.get("errors").and_then(Value::as_array).is_some_and(|errors| {
            !errors.is_empty()
                && errors
                    .iter()
                    .all(|error| error["message"].as_str().is_some_and(|text| !text.is_empty()))
        });
        if !messages {
            return Err(format!("wanted errors with messages, got {self}"));
        }
        self.meets(&NoData)
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} [{}] {}",
            self.status,
            self.content_type(),
            String::from_utf8_lossy(&self.body)
        )
    }
}

async fn send(hub: &TestHub, request: Request<String>) -> Answer {
    let (status, headers, body) = hub.request(request).await;
    Answer { status, headers, body }
}

/// Encodes as a form does: everything but letters, digits and `*-._` is percent-encoded, a space is
/// `+`.
fn form(parameters: &[(&str, &str)]) -> String {
    let encode = |text: &str| {
        text.bytes().fold(String::new(), |mut encoded, byte| {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => {
                    encoded.push(char::from(byte))
                }
                b' ' => encoded.push('+'),
                _ => encoded.push_str(&format!("%{byte:02X}")),
            }
            encoded
        })
    };
    parameters
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect::<Vec<_>>()
        .join("&")
}

fn build(
    method: &str,
    query: &str,
    headers: &[(header::HeaderName, &str)],
    body: &str,
) -> Request<String> {
    let uri = if query.is_empty() { PATH.to_owned() } else { format!("{PATH}?{query}") };
    let mut request = Request::builder().method(method).uri(uri);
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    request.body(body.to_owned()).expect("the request is well formed")
}

fn get(accept: &str, parameters: &[(&str, &str)]) -> Request<String> {
    build("GET", &form(parameters), &[(header::ACCEPT, accept)], "")
}

fn post_json(accept: &str, body: &str) -> Request<String> {
    build("POST", "", &[(header::CONTENT_TYPE, JSON), (header::ACCEPT, accept)], body)
}

impl Ask {
    /// Every form the request takes in the wild; each has to be answered as the audit demands.
    fn requests(&self) -> Vec<Request<String>> {
        let accepts = |accept: &Accept| match accept {
            Only(media_type) => vec![vec![(header::ACCEPT, *media_type)]],
            Unsaid => vec![vec![], vec![(header::ACCEPT, "*/*")]],
        };
        match self {
            Post { accept, body } => accepts(accept)
                .into_iter()
                .map(|mut headers| {
                    headers.push((header::CONTENT_TYPE, JSON));
                    build("POST", "", &headers, body)
                })
                .collect(),
            PostAs { content_type, body } => {
                vec![build("POST", "", &[(header::CONTENT_TYPE, content_type)], body)]
            }
            // `fetch` adds a content type to a string that has none.
            PostUntyped { body } => {
                vec![
                    build("POST", "", &[], body),
                    build("POST", "", &[(header::CONTENT_TYPE, "text/plain;charset=UTF-8")], body),
                ]
            }
            Get { accept, parameters } => accepts(accept)
                .into_iter()
                .map(|headers| build("GET", &form(parameters), &headers, ""))
                .collect(),
        }
    }
}

#[tokio::test]
async fn all_61_audits_pass() {
    assert_eq!(AUDITS.len(), 61, "graphql-http 1.23 has 61 audits");
    assert_eq!(
        AUDITS.iter().map(|audit| audit.id).collect::<BTreeSet<_>>().len(),
        61,
        "every audit has its own identifier"
    );

    let hub = TestHub::sqlite().await;
    let mut failures = Vec::new();
    for audit in AUDITS {
        for request in audit.ask.requests() {
            let answer = send(&hub, request).await;
            for expect in audit.expect {
                if let Err(reason) = answer.meets(expect) {
                    failures
                        .push(format!("{} ({:?}) {}: {reason}", audit.id, audit.level, audit.name));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{} audit failures:\n{}", failures.len(), failures.join("\n"));
}

#[tokio::test]
async fn every_refusal_is_a_graphql_body_in_the_media_type_asked_for() {
    let hub = TestHub::sqlite().await;
    for media_type in [JSON, GRAPHQL] {
        for (body, status_in_json) in [
            ("", 400),
            (NOT_JSON, 400),
            (MISSPELT, 400),
            (UNPARSABLE, 200),
            (NO_SUCH_FIELD, 200),
            (UNCOERCIBLE, 200),
        ] {
            let answer = send(&hub, post_json(media_type, body)).await;
            let status = if media_type == JSON { status_in_json } else { 400 };
            answer.meets(&Status(status)).expect(body);
            answer.is_readable_refusal(media_type).expect(body);
        }
    }
}

#[tokio::test]
async fn a_body_that_is_json_but_not_a_map_is_refused() {
    let hub = TestHub::sqlite().await;
    for body in [
        "[]",
        r#"["{ __typename }"]"#,
        r#"[{"query":"{ __typename }"}]"#,
        r#""{ __typename }""#,
        "1",
        "true",
        "null",
    ] {
        for media_type in [JSON, GRAPHQL] {
            let answer = send(&hub, post_json(media_type, body)).await;
            answer.meets(&Status(400)).expect(body);
            answer.is_readable_refusal(media_type).expect(body);
        }
    }
}

#[tokio::test]
async fn an_unknown_operation_name_is_refused_before_execution() {
    let hub = TestHub::sqlite().await;
    let body = r#"{"query":"query A { __typename } query B { __typename }","operationName":"C"}"#;
    for (media_type, status) in [(JSON, 200), (GRAPHQL, 400)] {
        let answer = send(&hub, post_json(media_type, body)).await;
        answer.meets(&Status(status)).expect(media_type);
        answer.is_readable_refusal(media_type).expect(media_type);
    }
}

#[tokio::test]
async fn a_required_variable_without_a_value_is_refused_before_execution() {
    let hub = TestHub::sqlite().await;
    let query = "query Type($name: String!) { __type(name: $name) { name } }";
    for variables in ["{}", "null", r#"{"name":null}"#, r#"{"name":["a","list"]}"#] {
        let body = format!(r#"{{"query":"{query}","variables":{variables}}}"#);
        for (media_type, status) in [(JSON, 200), (GRAPHQL, 400)] {
            let answer = send(&hub, post_json(media_type, &body)).await;
            answer.meets(&Status(status)).expect(&body);
            answer.is_readable_refusal(media_type).expect(&body);
        }
    }
    let body =
        r#"{"query":"query Type($name: String! = \"Query\") { __type(name: $name) { name } }"}"#;
    let answer = send(&hub, post_json(GRAPHQL, body)).await;
    answer.meets(&Status(200)).expect(body);
    answer.meets(&NoErrors).expect(body);
}

#[tokio::test]
async fn the_preferred_media_type_is_given() {
    let hub = TestHub::sqlite().await;
    for (accept, given) in [
        ("application/graphql-response+json, application/json;q=0.9", GRAPHQL),
        ("application/json;q=0.9, application/graphql-response+json", GRAPHQL),
        ("application/graphql-response+json; charset=utf-8", GRAPHQL),
        ("APPLICATION/GRAPHQL-RESPONSE+JSON", GRAPHQL),
        ("application/graphql-response+json;q=0.1, application/json", JSON),
        ("application/graphql-response+json;q=0, */*", JSON),
        ("text/html, application/json;q=0.5", JSON),
        ("text/html, */*;q=0.1", JSON),
    ] {
        let answer = send(&hub, post_json(accept, TYPENAME)).await;
        answer.meets(&Status(200)).expect(accept);
        assert_eq!(answer.content_type(), format!("{given}; charset=utf-8"), "Accept: {accept}");
    }
}

#[tokio::test]
async fn a_media_type_the_hub_does_not_speak_is_refused_or_ignored() {
    let hub = TestHub::sqlite().await;
    let answer = send(&hub, post_json("text/html", TYPENAME)).await;
    assert!(matches!(answer.status.as_u16(), 200 | 406), "{answer}");
    answer.meets(&ContentType(JSON)).expect("text/html");
}

#[tokio::test]
async fn a_content_type_that_is_not_json_in_utf8_is_refused() {
    let hub = TestHub::sqlite().await;
    for content_type in [
        "application/graphql",
        "application/x-www-form-urlencoded",
        "text/plain",
        "application/json; charset=utf-16",
    ] {
        let answer =
            send(&hub, build("POST", "", &[(header::CONTENT_TYPE, content_type)], TYPENAME)).await;
        assert!(matches!(answer.status.as_u16(), 400 | 415), "{content_type}: {answer}");
        answer.is_readable_refusal(JSON).expect(content_type);
    }
}

#[tokio::test]
async fn a_method_that_is_not_allowed_names_those_that_are() {
    let hub = TestHub::sqlite().await;
    for method in ["PUT", "DELETE", "PATCH"] {
        let answer = send(&hub, build(method, "", &[(header::CONTENT_TYPE, JSON)], TYPENAME)).await;
        answer.meets(&Status(405)).expect(method);
        let allow =
            answer.headers.get(header::ALLOW).and_then(|value| value.to_str().ok()).unwrap_or("");
        assert!(allow.contains("GET") && allow.contains("POST"), "{method}: Allow: {allow:?}");
    }
}

#[tokio::test]
async fn a_mutation_by_get_is_told_to_post_whatever_the_document_hides_it_behind() {
    let hub = TestHub::sqlite().await;
    let both = "query Read { __typename } mutation Write { __typename }";
    for media_type in [JSON, GRAPHQL] {
        for parameters in [
            &[("query", "mutation { __typename }")][..],
            &[("query", both), ("operationName", "Write")][..],
        ] {
            let answer = send(&hub, get(media_type, parameters)).await;
            answer.meets(&Status(405)).expect("a mutation by GET");
            assert_eq!(
                answer.headers.get(header::ALLOW).and_then(|value| value.to_str().ok()),
                Some("POST"),
                "{answer}"
            );
            answer.is_readable_refusal(media_type).expect("a mutation by GET");
        }
        let answer =
            send(&hub, get(media_type, &[("query", both), ("operationName", "Read")])).await;
        answer.meets(&Status(200)).expect("the query beside a mutation");
        answer.meets(&NoErrors).expect("the query beside a mutation");
    }
}

#[tokio::test]
async fn get_parameters_are_checked_as_a_body_is() {
    let hub = TestHub::sqlite().await;
    let query = ("query", "{ __typename }");
    for media_type in [JSON, GRAPHQL] {
        for parameters in [
            &[][..],
            &[("qeury", "{ __typename }")][..],
            &[query, ("variables", "{")][..],
            &[query, ("variables", "[]")][..],
            &[query, ("variables", "1")][..],
            &[query, ("extensions", "{")][..],
            &[query, ("extensions", r#""text""#)][..],
        ] {
            let answer = send(&hub, get(media_type, parameters)).await;
            answer.meets(&Status(400)).unwrap_or_else(|reason| panic!("{parameters:?}: {reason}"));
            answer
                .is_readable_refusal(media_type)
                .unwrap_or_else(|reason| panic!("{parameters:?}: {reason}"));
        }
        for parameters in [
            &[query, ("variables", ""), ("operationName", ""), ("extensions", "")][..],
            &[query, ("variables", "null"), ("extensions", "null")][..],
            &[("query", "query Named { __typename }"), ("operationName", "Named")][..],
            &[query, ("utm_source", "unknown parameters are none of our business")][..],
        ] {
            let answer = send(&hub, get(media_type, parameters)).await;
            answer.meets(&Status(200)).unwrap_or_else(|reason| panic!("{parameters:?}: {reason}"));
            answer.meets(&NoErrors).unwrap_or_else(|reason| panic!("{parameters:?}: {reason}"));
        }
    }
}
