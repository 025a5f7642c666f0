//! Case purposes, provinces, officers, nested objects, and tokens that do not hold.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::DateTime;
use http::StatusCode;
use lianfang::{authz::token::TokenRequest, context::OpCtx};
use serde_json::{Value, json};

use crate::{
    samples::{CITY, COUNTY, accident, disease, identity, injury, man, person, victim},
    support::{TestHub, backends},
};

/// One person in everything.
async fn filled(hub: &TestHub) {
    hub.take("EMERGENCY", "Accident", "a", vec![accident("A1")]).await;
    hub.take("EMERGENCY", "AccidentVictim", "v", vec![victim("V1", "A1", &man(1))]).await;
    hub.take("HRSS", "Person", "p", vec![person("P1", &man(1))]).await;
    hub.take("HRSS", "WorkInjury", "w", vec![injury("W1", "A1", &man(1))]).await;
    hub.take("HEALTH", "OccupationalDiseaseCase", "d", vec![disease("D1", &man(1))]).await;
}

#[tokio::test]
async fn a_case_with_its_ticket_opens_what_it_needs_and_nothing_else_does() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        filled(&hub).await;
        let victims = "{ accidentVictims { nodes { name idNumber bodyPart } } }";
        let plain = hub.data(&hub.reader("HRSS", CITY), victims).await;
        assert_eq!(
            plain["accidentVictims"]["nodes"],
            json!([{"name": "王小明", "idNumber": null, "bodyPart": null}])
        );
        let case = hub.token_for("HRSS", CITY, &["READER"], "RECOGNITION", Some("工认2024-1"));
        let opened = hub.data(&case, victims).await;
        assert_eq!(
            opened["accidentVictims"]["nodes"],
            json!([{"name": "王小明", "idNumber": man(1), "bodyPart": "左下肢"}])
        );
        // A ticket without a case purpose opens nothing.
        let ticket = hub.token_for("HRSS", CITY, &["READER"], "STATISTICS", Some("工认2024-1"));
        assert_eq!(hub.data(&ticket, victims).await, plain);
        // Nor does a case where the policy says none: finance sees no victims, whatever the case.
        let finance = hub.token_for("FINANCE", CITY, &["READER"], "RECOGNITION", Some("1"));
        assert_eq!(hub.code(&finance, victims).await, "FORBIDDEN");
        // What a clause depends on follows the same right.
        let by_number = format!(
            "{{ accidentVictims(where: {{idNumber: {{eq: \"{}\"}}}}) {{ totalCount }} }}",
            man(1)
        );
        assert_eq!(hub.code(&hub.reader("HRSS", CITY), &by_number).await, "FORBIDDEN");
        assert_eq!(hub.data(&case, &by_number).await["accidentVictims"]["totalCount"], 1);
    }
}

#[tokio::test]
async fn a_province_sees_persons_on_a_case_only_and_no_more_than_its_line() {
    let hub = TestHub::sqlite().await;
    filled(&hub).await;
    let injuries = "{ workInjuries { nodes { caseNo name idNumber bodyPart } } }";
    let see = |name: Value, number: Value, part: Value| json!([{"caseNo": "W1", "name": name, "idNumber": number, "bodyPart": part}]);
    let ask = async |department: &str, case: bool| {
        let token = if case {
            hub.token_for(department, "140000", &["READER"], "ASSISTANCE", Some("1"))
        } else {
            hub.reader(department, "140000")
        };
        hub.data(&token, injuries).await["workInjuries"]["nodes"].clone()
    };
    assert_eq!(ask("HRSS", false).await, see(Value::Null, Value::Null, Value::Null));
    assert_eq!(ask("HRSS", true).await, see("王小明".into(), man(1).into(), "左下肢".into()));
    assert_eq!(ask("UNION", false).await, see(Value::Null, Value::Null, Value::Null));
    // A union's line masks names: the province's case does not lift the mask.
    assert_eq!(ask("UNION", true).await, see("王*".into(), man(1).into(), "左下肢".into()));
    assert_eq!(ask("EMERGENCY", true).await, see("王*".into(), Value::Null, Value::Null));
}

#[tokio::test]
async fn a_case_shows_at_most_two_hundred_persons_at_a_time() {
    let hub = TestHub::sqlite().await;
    let persons = (0..201).map(|number| person(&format!("P{number}"), &man(number))).collect();
    hub.take("HRSS", "Person", "p", persons).await;
    let both =
        "{ a: persons(first: 200) { nodes { name } } b: persons(last: 1) { nodes { name } } }";
    let case = hub.token_for("HRSS", CITY, &["READER"], "MATCHING", Some("1"));
    let answer = hub.ask(&case, both, json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "TOO_COMPLEX", "{answer}");
    assert!(
        hub.ask(&hub.reader("HRSS", CITY), both, json!({})).await.get("errors").is_none(),
        "a routine question has no such limit"
    );
    let names = hub.data(&case, "{ persons(first: 200) { nodes { name } } }").await;
    assert_eq!(names["persons"]["nodes"].as_array().map(Vec::len), Some(200));
    // What shows no person is not counted.
    let counted = "{ a: persons(first: 200) { nodes { regionCode } } b: persons(first: 200) { nodes { regionCode } } }";
    assert!(hub.ask(&case, counted, json!({})).await.get("errors").is_none());
}

#[tokio::test]
async fn nested_objects_narrow_and_never_widen() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        filled(&hub).await;
        // Down from an accident the social-security department sees the victim as in a list: names,
        // no medical facts.
        let down = "{ accidents { nodes { course victims { name bodyPart idNumber person { name idNumber } workInjury { bodyPart } } } } }";
        let seen = hub.data(&hub.reader("HRSS", CITY), down).await;
        let victim = json!({
            "name": "王小明", "bodyPart": null, "idNumber": null,
            "person": {"name": "王小明", "idNumber": man(1)}, "workInjury": {"bodyPart": "左下肢"},
        });
        assert_eq!(seen["accidents"]["nodes"], json!([{"course": null, "victims": [victim]}]));
        // Up and down again it is no more, and for a family that is closed the whole question is
        // refused.
        let round = "{ accidents { nodes { victims { workInjury { name idNumber victim { name bodyPart } } } } } }";
        let seen = hub.data(&hub.reader("EMERGENCY", CITY), round).await;
        let injury = json!({"name": "王*", "idNumber": null, "victim": {"name": "王小明", "bodyPart": "左下肢"}});
        assert_eq!(seen["accidents"]["nodes"][0]["victims"], json!([{"workInjury": injury}]));
        let closed = "{ accidents { nodes { victims { person { name } } } } }";
        assert_eq!(hub.code(&hub.reader("EMERGENCY", CITY), closed).await, "FORBIDDEN");
        // The health department follows to victims on a case only.
        let victims = "{ accidents { nodes { victims { name } } } }";
        let case = hub.token_for("HEALTH", CITY, &["READER"], "INVESTIGATION", Some("1"));
        assert_eq!(
            hub.data(&case, victims).await["accidents"]["nodes"],
            json!([{"victims": [{"name": "王小明"}]}])
        );
        assert_eq!(hub.code(&hub.reader("HEALTH", CITY), victims).await, "FORBIDDEN");
        // From a neighbour's accident, public as it is, nothing of its victims.
        let neighbour = hub
            .data(
                &hub.reader("EMERGENCY", "140200"),
                "{ accidents { nodes { accidentNo deaths victims { name } } } }",
            )
            .await;
        assert_eq!(
            neighbour["accidents"]["nodes"],
            json!([{"accidentNo": null, "deaths": 1, "victims": []}])
        );
    }
}

#[tokio::test]
async fn findings_about_what_is_not_shown_are_not_shown() {
    let hub = TestHub::sqlite().await;
    let mut case = disease("D1", &man(1));
    case.remove("stage");
    hub.take("HEALTH", "OccupationalDiseaseCase", "d", vec![case]).await;
    let list = "{ occupationalDiseaseCases { nodes { catalogueEdition findings { code } } } }";
    let owner = hub.data(&hub.reader("HEALTH", CITY), list).await;
    assert_eq!(
        owner["occupationalDiseaseCases"]["nodes"][0]["findings"],
        json!([{"code": "STAGE_MISSING"}])
    );
    let union = hub.data(&hub.reader("UNION", CITY), list).await;
    assert!(
        !union["occupationalDiseaseCases"]["nodes"][0]["catalogueEdition"].is_null(),
        "{union}"
    );
    assert_eq!(union["occupationalDiseaseCases"]["nodes"][0]["findings"], json!([]));
    // That the sex differs from the identity number is about the number.
    let mut woman = victim("V1", "A1", &identity("140602", "19010310", 1));
    woman.insert("sex".to_owned(), "FEMALE".into());
    hub.take("EMERGENCY", "Accident", "a", vec![accident("A1")]).await;
    hub.take("EMERGENCY", "AccidentVictim", "v", vec![woman]).await;
    let list = "{ accidentVictims { nodes { findings { code field } } } }";
    let owner = hub.data(&hub.reader("EMERGENCY", CITY), list).await;
    assert_eq!(
        owner["accidentVictims"]["nodes"][0]["findings"],
        json!([{"code": "SEX_MISMATCH", "field": "idNumber"}])
    );
    let other = hub.data(&hub.reader("HRSS", CITY), list).await;
    assert_eq!(other["accidentVictims"]["nodes"][0]["findings"], json!([]));
}

#[tokio::test]
async fn officers_see_no_records() {
    let hub = TestHub::sqlite().await;
    filled(&hub).await;
    for role in ["OPERATOR", "SECURITY_OFFICER", "AUDITOR"] {
        let token = hub.token("EMERGENCY", CITY, &[role]);
        for document in [
            "{ accidents { totalCount } }",
            "{ accidentStats { count } }",
            "{ accidentVictims { nodes { name } } }",
            "mutation { submitAccidents(input: {rows: [], mode: DRY_RUN, idempotencyKey: \"k\"}) { receipt } }",
        ] {
            assert_eq!(hub.code(&token, document).await, "FORBIDDEN", "{role}: {document}");
        }
        let rights = hub
            .data(&token, "{ viewer { rights { lists counts submits public sensitive } } }")
            .await;
        let none = json!({"lists": false, "counts": false, "submits": false, "public": "NONE", "sensitive": "NONE"});
        assert!(
            rights["viewer"]["rights"]
                .as_array()
                .is_some_and(|rights| rights.iter().all(|right| *right == none)),
            "{rights}"
        );
    }
}

fn order(roles: &[&str], purpose: &str, ticket: Option<&str>, seconds: i64) -> TokenRequest {
    TokenRequest {
        subject: "test".to_owned(),
        department: "EMERGENCY".to_owned(),
        region: COUNTY.to_owned(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        purpose: purpose.to_owned(),
        ticket: ticket.map(ToOwned::to_owned),
        seconds,
    }
}

#[tokio::test]
async fn a_token_that_cannot_be_is_not_issued() {
    let hub = TestHub::sqlite().await;
    let now = OpCtx::begin("test").now();
    let issue = |order| hub.services.tokens.issue(&hub.services.policy, order, now);
    let officers = ["OPERATOR", "SECURITY_OFFICER", "AUDITOR"];
    let working = ["READER", "SUBMITTER", "STEWARD", "SECRETARY"];
    for officer in officers {
        assert!(issue(order(&[officer], "ROUTINE_SHARING", None, 60)).is_ok());
        for other in officers.into_iter().chain(working).filter(|other| *other != officer) {
            for pair in [[officer, other], [other, officer]] {
                assert!(issue(order(&pair, "ROUTINE_SHARING", None, 60)).is_err(), "{pair:?}");
            }
        }
    }
    assert!(issue(order(&working, "ROUTINE_SHARING", None, 60)).is_ok());
    let days = |days: i64| order(&["READER"], "ROUTINE_SHARING", None, days * 24 * 3600);
    assert!(issue(days(90)).is_ok());
    assert!(issue(days(91)).is_err() && issue(days(0)).is_err());
    for (roles, purpose, ticket) in [
        (&[][..], "ROUTINE_SHARING", None),
        (&["ADMIN"][..], "ROUTINE_SHARING", None),
        (&["READER"][..], "CURIOSITY", None),
        (&["READER"][..], "MATCHING", None),
        (&["READER"][..], "MATCHING", Some("  ")),
    ] {
        assert!(
            issue(order(roles, purpose, ticket, 60)).is_err(),
            "{roles:?} {purpose} {ticket:?}"
        );
    }
    let elsewhere = |change: fn(&mut TokenRequest)| {
        let mut order = order(&["READER"], "ROUTINE_SHARING", None, 60);
        change(&mut order);
        issue(order).is_err()
    };
    assert!(elsewhere(|order| order.department = "POLICE".to_owned()));
    assert!(elsewhere(|order| order.region = "14".to_owned()));
    assert!(elsewhere(|order| order.subject = " ".to_owned()));
}

#[tokio::test]
async fn a_token_that_does_not_hold_is_answered_401() {
    let hub = TestHub::sqlite().await;
    let other = TestHub::sqlite().await;
    let good = hub.reader("EMERGENCY", CITY);
    let [head, body, signature]: [&str; 3] =
        good.split('.').collect::<Vec<_>>().try_into().expect("three parts");
    let part = |value: Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let claims = |changes: Value| {
        let mut claims: Value =
            serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(body).expect("base64"))
                .expect("claims");
        for (name, value) in changes.as_object().expect("changes") {
            claims[name] = value.clone();
        }
        part(claims)
    };
    let signed_with_the_public_key = {
        let header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256);
        let claims: Value =
            serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(body).expect("base64"))
                .expect("claims");
        let key = jsonwebtoken::EncodingKey::from_secret(hub.keys.verifying_pem().as_bytes());
        jsonwebtoken::encode(&header, &claims, &key).expect("a token")
    };
    let now = OpCtx::begin("test").now().timestamp();
    let old = order(&["READER"], "ROUTINE_SHARING", None, 60);
    let at = |seconds: i64| DateTime::from_timestamp(now + seconds, 0).expect("a time");
    let issue = |order, seconds: i64| {
        hub.services.tokens.issue(&hub.services.policy, order, at(seconds)).expect("a token").text
    };
    let ended = issue(old.clone(), -61);
    let not_yet = issue(old, 120);
    let mut flipped = signature.to_owned();
    flipped.replace_range(0..1, if signature.starts_with('A') { "B" } else { "A" });
    for (what, token) in [
        ("expired", ended),
        ("of a time to come", not_yet),
        ("of another hub", other.reader("EMERGENCY", CITY)),
        (
            "another department",
            format!("{head}.{}.{signature}", claims(json!({"department": "HRSS"}))),
        ),
        (
            "more roles",
            format!("{head}.{}.{signature}", claims(json!({"roles": ["READER", "SUBMITTER"]}))),
        ),
        ("later end", format!("{head}.{}.{signature}", claims(json!({"exp": now + 100_000})))),
        ("another signature", format!("{head}.{body}.{flipped}")),
        ("no signature", format!("{head}.{body}.")),
        ("alg none", format!("{}.{body}.", part(json!({"alg": "none", "typ": "JWT"})))),
        (
            "alg none, signed",
            format!("{}.{body}.{signature}", part(json!({"alg": "none", "typ": "JWT"}))),
        ),
        ("HS256 with the public key", signed_with_the_public_key),
        ("two parts", format!("{head}.{body}")),
        ("nothing", " ".to_owned()),
    ] {
        let request = http::Request::post("/graphql")
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {token}"))
            .body("{\"query\":\"{ viewer { subject } }\"}".to_owned());
        let (status, headers, bytes) = hub.request(request.expect("a request")).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{what}");
        assert!(headers.contains_key("www-authenticate"), "{what}");
        let answer: Value = serde_json::from_slice(&bytes).expect("JSON");
        assert_eq!(
            answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED",
            "{what}: {answer}"
        );
    }
    assert_eq!(hub.data(&good, "{ viewer { subject } }").await["viewer"]["subject"], "test");
}

#[test]
fn a_policy_directory_that_is_not_there_is_refused() {
    let catalogue = lianfang::app::catalogue().expect("a catalogue");
    for directory in ["", "nowhere"] {
        let policy = lianfang::authz::policy::Policy::load(
            Some(std::path::Path::new(directory)),
            "",
            &catalogue,
        );
        assert!(policy.is_err(), "{directory}");
    }
}

#[test]
fn a_policy_with_a_word_that_names_nothing_is_refused_with_the_word() {
    let catalogue = lianfang::app::catalogue().expect("a catalogue");
    let levels = "level,class,cap,source\n";
    let roles = "role,reads,submits,audit,excludes,source\n";
    let departments = "department,industries,source\n";
    for (file, content, word) in [
        ("levels.csv", format!("{levels}PROVINCE,PERSONNEL,case,x\n"), "PERSONNEL"),
        ("levels.csv", format!("{levels}province,PERSONAL,case,x\n"), "province"),
        ("roles.csv", format!("{roles}READER,yes,no,none,AUDITER,x\n"), "AUDITER"),
        ("roles.csv", format!("{roles}READER,yes,no,none,,x\nREADER,no,no,none,,x\n"), "READER"),
        ("acces.csv", String::new(), "acces.csv"),
        ("departments.csv", format!("{departments}EMERGENCY,COAL_MINE|COALMINE,x\n"), "COALMINE"),
    ] {
        let directory = tempfile::tempdir().expect("a directory");
        std::fs::write(directory.path().join(file), content).expect("written");
        let policy = lianfang::authz::policy::Policy::load(Some(directory.path()), "", &catalogue);
        let fault = policy.expect_err("refused");
        assert!(fault.contains(word), "{fault}");
    }
}
