//! Identifiers and values of rows, end to end: what is refused, what is kept with a finding, what
//! is made of it.

use serde_json::{Value, json};

use crate::{
    samples::{accident, codes, disease, employer, identity, man, outcomes, person, uscc, with},
    support::{Row, TestHub, backends},
};

/// Each row alone: `(row, faults, findings)` by code.
async fn judged(
    hub: &TestHub,
    department: &str,
    plural: &str,
    cases: Vec<(Row, &[&str], &[&str])>,
) {
    let token = hub.both(department);
    let rows: Vec<Row> = cases.iter().map(|(row, ..)| row.clone()).collect();
    let key = format!("{plural}-{}", rows.len());
    let answer = hub.submit(&token, plural, "PARTIAL", &key, &rows).await;
    assert!(answer["verdicts"].is_array(), "{answer}");
    for (index, (row, faults, findings)) in cases.iter().enumerate() {
        assert_eq!(
            codes(&answer, index, "faults"),
            *faults,
            "{row:?}: {}",
            answer["verdicts"][index]
        );
        if faults.is_empty() {
            assert_eq!(
                codes(&answer, index, "findings"),
                *findings,
                "{row:?}: {}",
                answer["verdicts"][index]
            );
        }
        // Nothing personal is repeated in a message.
        let said = answer["verdicts"][index].to_string();
        for name in ["idNumber", "name", "phone", "residenceAddress"] {
            if let Some(Value::String(value)) = row.get(name) {
                assert!(
                    value.trim().is_empty() || !said.contains(value.trim()),
                    "{name} is repeated: {said}"
                );
            }
        }
    }
    hub.holds().await;
}

/// One number under several person numbers, here on purpose.
const TWICE: &str = "IDENTITY_UNDER_TWO_NUMBERS";

#[tokio::test]
async fn identity_numbers_follow_the_standard() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let right = identity("140602", "19020315", 123);
        let wrong = format!("{}{}", &right[..17], if right.ends_with('1') { '2' } else { '1' });
        let full: String = right
            .chars()
            .map(|letter| char::from_u32(u32::from(letter) + 0xFEE0).expect("full width"))
            .collect();
        let one = |number: &str, id: &str| with(person(number, "x"), json!({"idNumber": id}));
        let cases: Vec<(Row, &[&str], &[&str])> = vec![
            (one("P1", &right), &[], &[TWICE]),
            (one("P2", &full), &[], &["NUMBER_MENDED", TWICE]),
            (one("P3", "140602020315123"), &[], &["IDENTITY_LEGACY_15_UPGRADED", TWICE]),
            (one("P4", &wrong), &["IDENTITY_CHECK_DIGIT"], &[]),
            (one("P5", &identity("140602", "19020230", 123)), &["IDENTITY_DATE"], &[]),
            (one("P6", &identity("140602", "29990101", 123)), &["IDENTITY_DATE"], &[]),
            (one("P7", &identity("110103", "19020315", 123)), &[], &["IDENTITY_ABOLISHED_ADDRESS"]),
            (one("P8", &identity("149999", "19020315", 123)), &[], &["IDENTITY_UNKNOWN_ADDRESS"]),
            (one("P9", "12345"), &["IDENTITY_LENGTH"], &[]),
            (one("P10", "14060219020315O23X"), &["IDENTITY_CHARACTERS"], &[]),
            (with(one("P11", &right), json!({"sex": "FEMALE"})), &[], &["SEX_MISMATCH", TWICE]),
            (
                with(one("P12", &right), json!({"birthDate": "1902-03-16"})),
                &[],
                &["BIRTH_DATE_MISMATCH", TWICE],
            ),
            (with(one("P13", &right), json!({"idNumber": null})), &["REQUIRED"], &[]),
            (with(one("P14", "E12345678"), json!({"idType": "PASSPORT"})), &[], &[]),
        ];
        let passport = hub
            .services
            .reference
            .table("id_type")
            .expect("a table")
            .codes
            .iter()
            .find(|code| code.code == "PASSPORT");
        let cases = if passport.is_some() { cases } else { cases[..13].to_vec() };
        judged(&hub, "HRSS", "Persons", cases).await;
        let query = "{ persons(orderBy: [{field: PERSON_NO}], where: {personNo: {in: [\"P1\", \"P2\", \"P3\"]}}) \
                     { nodes { idNumber sex birthDate idType } } }";
        let nodes =
            hub.data(&hub.reader("HRSS", "140600"), query).await["persons"]["nodes"].clone();
        assert_eq!(nodes[0], nodes[1], "full-width digits mean the same");
        assert_eq!(
            (&nodes[0]["idNumber"], &nodes[0]["sex"], &nodes[0]["birthDate"]),
            (&json!(right), &json!("MALE"), &json!("1902-03-15"))
        );
        assert_eq!(
            nodes[2]["idNumber"],
            identity("140602", "19020315", 123).as_str(),
            "upgraded to 18 characters"
        );
    }
}

#[tokio::test]
async fn credit_codes_follow_the_standard() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let right = uscc(7);
        let wrong = format!("{}{}", &right[..17], if right.ends_with('1') { '2' } else { '1' });
        let one = |number: &str, code: Value| with(employer(number, 1), json!({"uscc": code}));
        judged(
            &hub,
            "HRSS",
            "Employers",
            vec![
                (one("E1", json!(right)), &[], &[]),
                (one("E2", json!(right.to_lowercase())), &[], &[]),
                (one("E3", json!(wrong)), &["CREDIT_CODE_CHECK_CHARACTER"], &[]),
                (one("E4", json!("140600000000001")), &["CREDIT_CODE_LEGACY_15"], &[]),
                (one("E5", json!(right.replace("XY", "SO"))), &["CREDIT_CODE_CHARACTERS"], &[]),
                (one("E6", json!("123")), &["CREDIT_CODE_LENGTH"], &[]),
                (one("E7", json!(null)), &[], &["EMPLOYER_WITHOUT_CREDIT_CODE"]),
            ],
        )
        .await;
    }
}

#[tokio::test]
async fn codes_of_what_lasts_are_judged_while_it_lasts() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        // 莱芜区 has its code since 2019: whoever was insured there before is held under it today.
        let spell = |number: &str, from: &str, to: Option<&str>| {
            let row = json!({"employmentNo": number, "idType": "RESIDENT_ID", "idNumber": man(1), "employerUscc": uscc(1),
                "regionCode": "370116", "insuredFrom": from, "insuredTo": to});
            row.as_object().expect("a row").clone()
        };
        let rows = vec![
            spell("N1", "2010-05-01", None),
            spell("N2", "2010-05-01", Some("2020-06-30")),
            spell("N3", "2010-05-01", Some("2015-06-30")),
            with(spell("N4", "2010-05-01", None), json!({"regionCode": "371202"})),
            spell("N5", "2999-01-01", None),
        ];
        let answer = hub
            .hand_in(
                "HRSS",
                "370000",
                "Employment",
                lianfang::submit::verdict::Mode::Partial,
                "k",
                rows,
            )
            .await;
        let faults: Vec<Vec<&str>> = answer
            .verdicts
            .iter()
            .map(|verdict| verdict.faults.iter().map(|fault| fault.code.as_str()).collect())
            .collect();
        assert_eq!(
            faults,
            [vec![], vec![], vec![], vec!["CODE_ABOLISHED"], vec!["DATE_IN_FUTURE"]],
            "{backend:?}"
        );
    }
}

#[tokio::test]
async fn codes_are_judged_by_the_edition_in_force_on_the_day_of_the_record() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let on = |number: &str, day: &str, kind: &str| {
            with(
                accident(number),
                json!({"occurredAt": format!("{day}T09:00:00+08:00"), "accidentType": kind}),
            )
        };
        let table = hub.services.reference.table("accident_type").expect("the accident types");
        let only = |edition: &str| {
            let known = |code: &str| {
                table.codes.iter().any(|other| other.code == code && other.edition != edition)
            };
            table
                .codes
                .iter()
                .find(|code| code.edition == edition && !known(&code.code))
                .expect("a code of one edition")
                .code
                .clone()
        };
        let (old, new) = (only("GB/T 6441-1986"), only("GB 6441-2025"));
        judged(
            &hub,
            "EMERGENCY",
            "Accidents",
            vec![
                (on("A1", "2026-06-30", &old), &[], &[]),
                (on("A2", "2026-07-01", &old), &["CODE_EDITION"], &[]),
                (on("A3", "2026-07-01", &new), &[], &[]),
                (on("A4", "2026-06-30", &new), &["CODE_EDITION"], &[]),
                (on("A5", "2999-01-01", &new), &["DATE_IN_FUTURE"], &[]),
            ],
        )
        .await;
        let query =
            "{ accidents(orderBy: [{field: ACCIDENT_NO}]) { nodes { accidentTypeEdition } } }";
        let nodes =
            hub.data(&hub.reader("EMERGENCY", "140600"), query).await["accidents"]["nodes"].clone();
        assert_eq!(
            nodes,
            json!([{"accidentTypeEdition": "GB/T 6441-1986"}, {"accidentTypeEdition": "GB 6441-2025"}])
        );
        let on = |number: &str, day: &str, code: &str| {
            with(
                disease(number, &man(1)),
                json!({"diagnosedAt": day, "diseaseCode": code, "stage": null, "pneumoconiosisKind": null}),
            )
        };
        let diseases = hub.services.reference.table("disease").expect("the diseases");
        let newer = diseases
            .codes
            .iter()
            .find(|code| code.edition != "2013" && diseases.editions(&code.code).count() == 1);
        let newer = newer.expect("a disease of the new edition only").code.clone();
        let older = diseases
            .codes
            .iter()
            .find(|code| code.edition == "2013" && diseases.editions(&code.code).count() == 1);
        let mut cases: Vec<(Row, &[&str], &[&str])> = vec![
            (on("C1", "2025-08-01", &newer), &[], &[]),
            (on("C2", "2025-07-31", &newer), &["CODE_EDITION"], &[]),
        ];
        if let Some(older) = older {
            cases.push((on("C3", "2025-08-01", &older.code), &["CODE_EDITION"], &[]));
        }
        judged(&hub, "HEALTH", "OccupationalDiseaseCases", cases).await;
    }
}

#[tokio::test]
async fn values_of_the_wrong_form_are_refused_by_field() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let one = |number: &str, changes: Value| with(accident(number), changes);
        judged(
            &hub,
            "EMERGENCY",
            "Accidents",
            vec![
                (one("A1", json!({"directLossYuan": 1234.5})), &["WRONG_TYPE"], &[]),
                (one("A2", json!({"directLossYuan": 1234})), &["WRONG_TYPE"], &[]),
                (one("A3", json!({"deaths": -1})), &["NEGATIVE"], &[]),
                (one("A4", json!({"course": "事故\u{0}经过"})), &["TEXT_NUL"], &[]),
                (one("A5", json!({"employerName": "甲".repeat(201)})), &["TOO_LONG"], &[]),
                (
                    one("A6", json!({"occurredAt": "2024-02-30T09:00:00+08:00"})),
                    &["TIME_NO_SUCH_DATE"],
                    &[],
                ),
                (one("A7", json!({"keyIndustry": "NO_SUCH"})), &["CODE_UNKNOWN"], &[]),
                (one("A8", json!({"industryCode": "9999"})), &["CODE_UNKNOWN"], &[]),
                (
                    one("A9", json!({"reportedAt": "2024-03-04T09:30:00+08:00"})),
                    &[],
                    &["DATE_ORDER"],
                ),
                (one("A10", json!({"directLossYuan": "0.01"})), &[], &[]),
                (one("A11", json!({"accidentNo": " "})), &["REQUIRED"], &[]),
                (one("A12", json!({"address": "\u{202e}地点"})), &["TEXT_DIRECTION"], &[]),
            ],
        )
        .await;
        let token = hub.both("EMERGENCY");
        // What is not of the schema's type is refused as a whole, before anything is judged.
        for changes in [
            json!({"noSuchField": 1}),
            json!({"grade": "ORDINARY"}),
            json!({"deaths": "one"}),
            json!({"deaths": 1.5}),
            json!({"deaths": 3_000_000_000_u64}),
        ] {
            let answer = hub
                .submit(
                    &token,
                    "Accidents",
                    "PARTIAL",
                    &changes.to_string(),
                    &[one("A20", changes.clone())],
                )
                .await;
            let whole = answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT";
            assert!(whole || outcomes(&answer) == ["REJECTED"], "{changes}: {answer}");
        }
    }
}

#[tokio::test]
async fn broken_unicode_is_refused_as_bad_json_or_a_bad_document() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.both("EMERGENCY");
        let send = async |body: &str| {
            let request =
                http::Request::post("/graphql").header("content-type", "application/json");
            let request = request
                .header("authorization", format!("Bearer {token}"))
                .body(body.to_owned())
                .expect("a request");
            let (status, _, bytes) = hub.request(request).await;
            (status.as_u16(), serde_json::from_slice::<Value>(&bytes).expect("JSON"))
        };
        let lone = r#"{"query":"query($t: String!) { codes(table: $t) { code } }","variables":{"t":"\ud800"}}"#;
        let (status, answer) = send(lone).await;
        assert_eq!(
            (status, &answer["errors"][0]["extensions"]["code"]),
            (400, &json!("BAD_USER_INPUT")),
            "{answer}"
        );
        for literal in [
            r"\\ud800",
            r"\\uDFFF",
            r"\\ud83d\\ude00",
            r"\\uZZZZ",
            r"\\u12",
            r"\\x",
            r"\\u{110000}",
            r"\\u0000",
        ] {
            let (status, answer) =
                send(&format!(r#"{{"query":"{{ codes(table: \"{literal}\") {{ code }} }}"}}"#))
                    .await;
            assert_eq!(status, 200, "{literal}: {answer}");
            let code = &answer["errors"][0]["extensions"]["code"];
            assert!(
                answer["data"]["codes"].is_array() || code == "BAD_USER_INPUT",
                "{literal}: {answer}"
            );
        }
    }
}
