//! Files out: they hold what the lists show, to everybody what the own list shows, and say where
//! the feed goes on.

use std::{collections::BTreeSet, io::Read as _};

use entity::catalogue::{Family, Kind};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{
    exported::{as_cell, named, path},
    leak::{
        values::Values,
        worlds::{World, load},
    },
    oracle::Oracle,
    samples::{
        CITY, COUNTY, FOREIGN_COUNTY, OTHER_COUNTY, accident, disease, injury, man, person, victim,
        with,
    },
    support::{TestHub, backends},
};

/// All fields of a family's list, as a selection.
fn selection(family: &Family) -> String {
    let name = |name: &str| {
        if name == "findings" {
            "findings { code field message }".to_owned()
        } else {
            name.to_owned()
        }
    };
    let fields = family.all_fields().filter(|field| !field.hidden).map(|field| name(field.name));
    std::iter::once("id".to_owned()).chain(fields).collect::<Vec<_>>().join(" ")
}

fn names(family: &Family) -> String {
    let fields = family.all_fields().filter(|field| !field.hidden).map(|field| field.name);
    std::iter::once("id").chain(fields).collect::<Vec<_>>().join(",")
}

/// The list of a family as a reader sees it, or the code of the refusal.
async fn listed(
    hub: &TestHub,
    token: &str,
    family: &Family,
    condition: &str,
) -> Result<Vec<Value>, String> {
    let list = family.list_name();
    let query = format!(
        "{{ {list}(first: 200{condition}) {{ pageInfo {{ hasNextPage }} nodes {{ {} }} }} }}",
        selection(family)
    );
    let answer = hub.ask(token, &query, json!({})).await;
    if let Some(code) = answer["errors"][0]["extensions"]["code"].as_str() {
        return Err(code.to_owned());
    }
    assert_eq!(answer["data"][&list]["pageInfo"]["hasNextPage"], false);
    Ok(answer["data"][&list]["nodes"].as_array().expect("rows").clone())
}

#[tokio::test]
async fn an_export_holds_what_the_list_shows_and_nothing_else_to_everybody() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let oracle = Oracle::shipped();
        let families: Vec<_> = hub.services.catalogue.families().collect();
        let values = Values::of(&hub);
        load(hub.database.migrations(), &families, &values, &World::new(&oracle, &families, None))
            .await;
        let mut shown = 0;
        for family in &families {
            for role in oracle.roles() {
                // Roles that read are asked for by every department; of the others one is enough.
                let departments = oracle.departments();
                let reads = oracle.role(role, "reads") == "yes";
                for department in
                    departments.into_iter().filter(|department| reads || *department == "HRSS")
                {
                    for region in [COUNTY, CITY, "140000"] {
                        let token = hub.token(department, region, &[role]);
                        let who =
                            format!("{backend:?} {role} {department} {region} {}", family.name);
                        let list = listed(&hub, &token, family, "").await;
                        let file = hub
                            .exported(&token, &family.list_name(), &[("fields", &names(family))])
                            .await;
                        match list {
                            Ok(rows) => {
                                assert_eq!(file.records(), rows, "{who}");
                                shown += rows.len();
                                let narrow = hub.exported(&token, family.name, &[]).await.records();
                                assert_eq!(narrow.len(), rows.len(), "{who}");
                                for (narrow, row) in narrow.iter().zip(&rows) {
                                    let (narrow, row) = (named(narrow), named(row));
                                    for (name, value) in &row {
                                        let own = narrow.get(name).unwrap_or(&Value::Null);
                                        let empty = name == "findings"
                                            && *value == json!([])
                                            && own.is_null();
                                        assert!(
                                            own == value || empty,
                                            "{who}: {name} is {own}, not {value}"
                                        );
                                    }
                                }
                            }
                            Err(code) => {
                                assert_eq!((file.code(), file.status), (code, 403), "{who}")
                            }
                        }
                    }
                }
            }
        }
        assert!(shown > 1000, "only {shown} records were compared");
    }
}

async fn filled(hub: &TestHub) {
    let strange = with(
        accident("A2"),
        json!({"employerName": "=HYPERLINK(\"x\",\"朔州, 煤业\")", "address": "'引号\"与,逗号"}),
    );
    hub.take("EMERGENCY", "Accident", "a", vec![accident("A1"), strange]).await;
    hub.take(
        "EMERGENCY",
        "AccidentVictim",
        "v",
        vec![victim("V1", "A1", &man(1)), victim("V2", "A1", &man(2))],
    )
    .await;
    hub.take("HRSS", "Person", "p", vec![person("P1", &man(1)), person("P2", &man(2))]).await;
    hub.take("HRSS", "WorkInjury", "w", vec![injury("W1", "A1", &man(1))]).await;
    hub.take("HEALTH", "OccupationalDiseaseCase", "d", vec![disease("D1", &man(1))]).await;
}

#[tokio::test]
async fn every_format_holds_the_values_of_the_list() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        filled(&hub).await;
        for department in ["EMERGENCY", "HRSS", "UNION", "HEALTH"] {
            let token = hub.reader(department, CITY);
            for family in hub.services.catalogue.families().collect::<Vec<_>>() {
                let Ok(rows) = listed(&hub, &token, family, "").await else { continue };
                let (list, fields) = (family.list_name(), names(family));
                let who = format!("{backend:?} {department} {list}");
                let ask = async |more: &[(&str, &str)]| {
                    let own: Vec<_> = [("fields", fields.as_str())]
                        .into_iter()
                        .chain(more.iter().copied())
                        .collect();
                    hub.exported(&token, &list, &own).await
                };
                assert_eq!(ask(&[]).await.records(), rows, "{who}");
                let heads: Vec<String> = fields.split(',').map(ToOwned::to_owned).collect();
                // Of the findings an empty list is an empty cell.
                let cell = |row: &Value, name: &String| {
                    if row[name] == json!([]) { String::new() } else { as_cell(&row[name]) }
                };
                let cells: Vec<Vec<String>> = rows
                    .iter()
                    .map(|row| heads.iter().map(|name| cell(row, name)).collect())
                    .collect();
                for charset in ["utf-8", "gb18030"] {
                    let csv = ask(&[("format", "csv"), ("charset", charset)]).await;
                    assert_eq!(
                        csv.header("content-type"),
                        format!("text/csv; charset={charset}; header=present")
                    );
                    let mut lines = csv.lines();
                    assert_eq!(lines.remove(0), heads, "{who}");
                    assert_eq!(lines, cells, "{who} {charset}");
                }
                let book = ask(&[("format", "xlsx"), ("headings", "zh")]).await;
                let mut lines = book.sheet();
                let labels = lines.remove(0);
                assert_eq!(labels[0], "全局标识");
                assert!(
                    labels.iter().all(|label| !label.is_empty() && !label.is_ascii()),
                    "{labels:?}"
                );
                // Money is a number there.
                let money = |name: &String| {
                    family.field(name).is_some_and(|field| field.kind == Kind::Money)
                };
                let number = |text: &String| {
                    text.parse::<f64>().map_or_else(|_| text.clone(), |number| number.to_string())
                };
                let cells: Vec<Vec<String>> = cells
                    .iter()
                    .map(|row| {
                        row.iter()
                            .zip(&heads)
                            .map(
                                |(cell, name)| {
                                    if money(name) { number(cell) } else { cell.clone() }
                                },
                            )
                            .collect()
                    })
                    .collect();
                assert_eq!(lines, cells, "{who} xlsx");
            }
        }
    }
}

#[tokio::test]
async fn what_a_spreadsheet_would_run_is_a_text() {
    let hub = TestHub::sqlite().await;
    filled(&hub).await;
    let token = hub.reader("EMERGENCY", CITY);
    let file = hub
        .exported(
            &token,
            "accidents",
            &[("format", "csv"), ("fields", "accidentNo,employerName,address")],
        )
        .await;
    let text = String::from_utf8(file.bytes).expect("UTF-8");
    assert!(
        text.contains(
            "\r\nA2,\"'=HYPERLINK(\"\"x\"\",\"\"朔州, 煤业\"\")\",\"''引号\"\"与,逗号\"\r\n"
        ),
        "{text}"
    );
}

#[tokio::test]
async fn codes_come_with_their_names_when_asked_for() {
    let hub = TestHub::sqlite().await;
    filled(&hub).await;
    let token = hub.reader("EMERGENCY", CITY);
    let records = hub
        .exported(&token, "accidents", &[("fields", "accidentTypeLabel,accidentType,accidentNo")])
        .await
        .records();
    let listed = hub
        .data(&token, "{ accidents { nodes { accidentTypeLabel accidentType accidentNo } } }")
        .await;
    assert_eq!(json!(records), listed["accidents"]["nodes"]);
    assert!(records[0].to_string().contains("坍塌"));
}

#[tokio::test]
async fn a_condition_means_what_it_means_in_a_list_and_is_refused_where_a_list_refuses_it() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        filled(&hub).await;
        let (full, union) = (hub.reader("EMERGENCY", CITY), hub.reader("UNION", CITY));
        let victims = hub.services.catalogue.find("AccidentVictim").expect("a family");
        for (token, condition, literal) in [
            (&full, json!({"victimNo": {"eq": "V2"}}), "{victimNo: {eq: \"V2\"}}"),
            (
                &full,
                json!({"injuryDegree": {"in": ["SERIOUS"]}, "accident": {"some": {"deaths": {"gte": 1}}}}),
                "{injuryDegree: {in: [SERIOUS]}, accident: {some: {deaths: {gte: 1}}}}",
            ),
            (
                &full,
                json!({"idNumber": {"eq": man(2)}}),
                &format!("{{idNumber: {{eq: \"{}\"}}}}", man(2)),
            ),
            (&full, json!({"not": {"name": {"isNull": false}}}), "{not: {name: {isNull: false}}}"),
            // 工会 sees names masked: it may not look for them.
            (&union, json!({"name": {"eq": "王小明"}}), "{name: {eq: \"王小明\"}}"),
            (&union, json!({"victimNo": {"prefix": "V"}}), "{victimNo: {prefix: \"V\"}}"),
            (&full, json!({"victimNo": {"isNull": null}}), "{victimNo: {isNull: null}}"),
        ] {
            let listed = listed(&hub, token, victims, &format!(", where: {literal}")).await;
            let fields = names(victims);
            let file = hub
                .exported(
                    token,
                    "accidentVictims",
                    &[("where", &condition.to_string()), ("fields", &fields)],
                )
                .await;
            match listed {
                Ok(rows) => assert_eq!(file.records(), rows, "{backend:?} {literal}"),
                Err(code) => assert_eq!(file.code(), code, "{backend:?} {literal}"),
            }
        }
        // What a document would not pass with.
        let deep = (0..40).fold(json!({}), |inner, _| json!({"not": inner}));
        let many: Vec<Value> =
            (0..300).map(|number| json!({"victimNo": {"eq": number.to_string()}})).collect();
        let values: Vec<String> = (0..501).map(|number| number.to_string()).collect();
        for (condition, code) in [
            (json!({"nothing": {"eq": 1}}), "BAD_USER_INPUT"),
            (json!({"victimNo": {"near": "V"}}), "BAD_USER_INPUT"),
            (json!({"age": {"gte": "x"}}), "BAD_USER_INPUT"),
            (json!({"injuryDegree": {"eq": "NONE_SUCH"}}), "BAD_USER_INPUT"),
            (json!({"accidentRef": {"eq": "x"}}), "BAD_USER_INPUT"),
            (json!([]), "BAD_USER_INPUT"),
            (json!({"victimNo": {"in": values}}), "BAD_USER_INPUT"),
            (deep, "TOO_COMPLEX"),
            (json!({"or": many}), "TOO_COMPLEX"),
        ] {
            let file =
                hub.exported(&full, "accidentVictims", &[("where", &condition.to_string())]).await;
            assert_eq!((file.code().as_str(), file.status), (code, 400), "{backend:?} {condition}");
        }
    }
}

#[tokio::test]
async fn what_cannot_be_exported_is_refused_and_said_why() {
    let hub = TestHub::sqlite().await;
    filled(&hub).await;
    let token = hub.reader("EMERGENCY", CITY);
    for (token, path, code, status) in [
        ("", "/exchange/accidents".to_owned(), "UNAUTHENTICATED", 401),
        ("nonsense", "/exchange/accidents".to_owned(), "UNAUTHENTICATED", 401),
        (&token, "/exchange/nothing".to_owned(), "NOT_FOUND", 404),
        (&token, "/exchange/exports/nothing".to_owned(), "NOT_FOUND", 404),
        (&token, path("accidents", &[("fields", "accidentNo,nothing")]), "BAD_USER_INPUT", 400),
        (&token, path("accidents", &[("fields", "accidentNo,accidentNo")]), "BAD_USER_INPUT", 400),
        (&token, path("accidents", &[("fields", "")]), "BAD_USER_INPUT", 400),
        (&token, path("accidents", &[("fields", "victims")]), "BAD_USER_INPUT", 400),
        (&token, path("accidentVictims", &[("fields", "accidentRef")]), "BAD_USER_INPUT", 400),
        (&token, path("accidents", &[("format", "pdf")]), "BAD_USER_INPUT", 400),
        (&token, path("accidents", &[("charset", "gb18030")]), "BAD_USER_INPUT", 400),
        (&token, path("accidents", &[("headings", "zh")]), "BAD_USER_INPUT", 400),
        (&token, path("accidents", &[("feilds", "accidentNo")]), "BAD_USER_INPUT", 400),
        (&token, path("accidents", &[("format", "csv"), ("format", "csv")]), "BAD_USER_INPUT", 400),
        (&token, path("accidents", &[("where", "{")]), "BAD_USER_INPUT", 400),
        (
            &hub.token("EMERGENCY", CITY, &["SUBMITTER"]),
            "/exchange/accidents".to_owned(),
            "FORBIDDEN",
            403,
        ),
        (&hub.reader("MARKET", CITY), "/exchange/persons".to_owned(), "FORBIDDEN", 403),
    ] {
        let file = hub.file(token, &path, &[]).await;
        assert_eq!((file.code().as_str(), file.status), (code, status), "{path}");
    }
    let file = hub.file(&token, "/exchange/accidents", &[("accept", "application/pdf")]).await;
    assert_eq!((file.code().as_str(), file.status), ("BAD_USER_INPUT", 406));
    let english = hub
        .file(&token, &path("accidents", &[("fields", "nothing")]), &[("accept-language", "en")])
        .await;
    assert!(
        String::from_utf8_lossy(&english.bytes)
            .contains("`nothing` in `fields` is no field of Accident")
    );
}

#[tokio::test]
async fn the_format_is_what_the_other_end_accepts() {
    let hub = TestHub::sqlite().await;
    filled(&hub).await;
    let token = hub.reader("EMERGENCY", CITY);
    for (accept, media) in [
        ("*/*", "application/x-ndjson; charset=utf-8"),
        ("application/jsonl", "application/x-ndjson; charset=utf-8"),
        ("text/*, application/x-ndjson;q=0.5", "text/csv; charset=utf-8; header=present"),
        (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
    ] {
        let file = hub.file(&token, "/exchange/Accident", &[("accept", accept)]).await;
        assert_eq!(file.header("content-type"), media, "{accept}");
        let name = file.header("content-disposition");
        assert!(name.starts_with("attachment; filename=\"accidents-2"), "{name}");
    }
}

#[tokio::test]
async fn the_manifest_says_what_was_exported_and_belongs_to_the_organisation() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        filled(&hub).await;
        let token = hub.reader("EMERGENCY", CITY);
        let condition = json!({"name": {"eq": "王小明"}});
        let asked =
            path("accidentVictims", &[("where", &condition.to_string()), ("fields", "id,name")]);
        let plain = hub.file(&token, &asked, &[]).await;
        let digest = format!("{:x}", Sha256::digest(&plain.bytes));
        let shown = hub.json(&token, &plain.manifest()).await;
        let id = plain.manifest().rsplit('/').next().expect("an identifier").to_owned();
        for (name, value) in [
            ("id", json!(id)),
            ("family", json!("AccidentVictim")),
            ("where", condition.clone()),
            ("fields", json!(["id", "name"])),
            ("format", json!("NDJSON")),
            ("complete", json!(true)),
            ("rows", json!(2)),
            ("digest", json!(digest)),
            ("cursor", json!(plain.header("lianfang-cursor"))),
        ] {
            assert_eq!(shown[name], value, "{backend:?} {name}");
        }
        assert!(shown["startedAt"].is_string() && shown["finishedAt"].is_string());
        for (encoding, expected) in
            [("gzip", "gzip"), ("gzip, zstd", "zstd"), ("zstd;q=0, gzip", "gzip"), ("br", "")]
        {
            let packed = hub.file(&token, &asked, &[("accept-encoding", encoding)]).await;
            assert_eq!(packed.header("content-encoding"), expected, "{encoding}");
            let mut bytes = Vec::new();
            match expected {
                "gzip" => drop(
                    flate2::read::GzDecoder::new(packed.bytes.as_slice())
                        .read_to_end(&mut bytes)
                        .expect("gzip"),
                ),
                "zstd" => bytes = zstd::decode_all(packed.bytes.as_slice()).expect("zstd"),
                _ => bytes.clone_from(&packed.bytes),
            }
            assert_eq!(bytes, plain.bytes, "{encoding}");
            assert_eq!(
                hub.json(&token, &packed.manifest()).await["digest"],
                digest,
                "of the content, not of what is sent"
            );
        }
        // Who looked for whom is shown to whoever looked.
        let colleague = hub.token_as("colleague", "EMERGENCY", CITY, &["READER"]);
        let told = hub.json(&colleague, &plain.manifest()).await;
        assert_eq!((&told["where"], &told["rows"]), (&Value::Null, &json!(2)), "{backend:?}");
        for stranger in [
            hub.reader("EMERGENCY", COUNTY),
            hub.reader("HRSS", CITY),
            hub.reader("EMERGENCY", FOREIGN_COUNTY),
        ] {
            assert_eq!(
                hub.file(&stranger, &plain.manifest(), &[]).await.code(),
                "NOT_FOUND",
                "{backend:?}"
            );
        }
        assert_eq!(hub.file("", &plain.manifest(), &[]).await.code(), "UNAUTHENTICATED");
        let kept =
            if hub.is_postgres() { "upper(encode(condition, 'hex'))" } else { "hex(condition)" };
        let kept = hub.db_texts(&format!("SELECT {kept} FROM exports")).await;
        assert!(kept.iter().all(|text| !text.is_empty() && !text.contains("6E616D65")), "{kept:?}");
    }
}

#[tokio::test]
async fn every_record_shown_is_in_the_audit_log_and_so_is_what_was_asked() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        filled(&hub).await;
        let token = hub.reader("EMERGENCY", CITY);
        let entries = async || {
            let rows = hub.db_texts("SELECT operation || ' ' || outcome || ' ' || shown FROM audit_entries ORDER BY seq").await;
            rows.into_iter().filter(|entry| entry.starts_with("export ")).collect::<Vec<_>>()
        };
        let condition = json!({"idNumber": {"in": [man(1), man(2)]}}).to_string();
        let file = hub.exported(&token, "accidentVictims", &[("where", &condition)]).await;
        assert_eq!(file.records().len(), 2);
        let all = entries().await;
        let (head, shown) = all[0].split_once('{').expect("records");
        assert_eq!((all.len(), head), (1, "export AccidentVictim OK "), "{backend:?}");
        let shown: Value = serde_json::from_str(&format!("{{{shown}")).expect("JSON");
        let own = &shown["AccidentVictim"];
        assert_eq!((&own["count"], &own["asked"]), (&json!(2), &json!("S")), "{backend:?}: {own}");
        // Nobody has this number: that it was asked is told all the same. Facts leave that they
        // were exported.
        let condition = json!({"idNumber": {"eq": man(7)}}).to_string();
        assert!(
            hub.exported(&token, "accidentVictims", &[("where", &condition)])
                .await
                .records()
                .is_empty()
        );
        hub.exported(&token, "accidents", &[("fields", "accidentNo")]).await;
        // A refusal too.
        let union = hub.reader("UNION", CITY);
        assert_eq!(
            hub.exported(&union, "accidentVictims", &[("where", &condition)]).await.code(),
            "FORBIDDEN"
        );
        let all: Vec<String> = entries().await;
        let asked = "{\"AccidentVictim\":{\"classes\":\"\",\"ids\":\"\",\"count\":0,\"asked\":\"S\",\"fields\":[\"idNumber\"]}}";
        let expected = [
            format!("export AccidentVictim OK {asked}"),
            "export Accident OK {}".to_owned(),
            format!("export AccidentVictim FORBIDDEN {asked}"),
        ];
        assert_eq!(all[1..], expected, "{backend:?}");
        hub.holds().await;
    }
}

#[tokio::test]
async fn nothing_leaves_when_the_log_cannot_be_written() {
    let hub = TestHub::sqlite().await;
    filled(&hub).await;
    hub.db_run("ALTER TABLE audit_entries RENAME TO audit_entries_gone").await;
    let file = hub.exported(&hub.reader("EMERGENCY", CITY), "accidentVictims", &[]).await;
    assert_eq!(
        (file.code().as_str(), file.status, file.header("retry-after")),
        ("UNAVAILABLE", 503, "5")
    );
}

#[tokio::test]
async fn a_case_purpose_is_held_to_its_limit_before_anything_leaves() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let people = |range: std::ops::Range<u32>| {
            range.map(|n| person(&format!("P{n}"), &man(n))).collect::<Vec<_>>()
        };
        hub.take("HRSS", "Person", "p1", people(0..200)).await;
        let case = hub.token_for("HRSS", CITY, &["READER"], "RECOGNITION", Some("认定2024-001"));
        assert_eq!(hub.exported(&case, "persons", &[]).await.records().len(), 200, "{backend:?}");
        hub.take("HRSS", "Person", "p2", people(200..201)).await;
        let file = hub.exported(&case, "persons", &[]).await;
        assert_eq!((file.code().as_str(), file.status), ("TOO_COMPLEX", 400), "{backend:?}");
        let facts = hub.exported(&case, "persons", &[("fields", "regionCode,keyIndustry")]).await;
        assert_eq!(facts.records().len(), 201, "{backend:?}: facts are nobody's");
        let condition = json!({"regionCode": {"eq": OTHER_COUNTY}}).to_string();
        assert!(
            hub.exported(&case, "persons", &[("where", &condition)]).await.records().is_empty()
        );
    }
}

#[tokio::test]
async fn identifiers_are_those_of_the_list_and_in_its_order() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take(
            "EMERGENCY",
            "Accident",
            "a",
            (0..50).map(|n| accident(&format!("A{n}"))).collect(),
        )
        .await;
        let token = hub.reader("EMERGENCY", CITY);
        let file = hub.exported(&token, "accidents", &[("fields", "id")]).await.records();
        let listed = hub.data(&token, "{ accidents(first: 200) { nodes { id } } }").await;
        assert_eq!(json!(file), listed["accidents"]["nodes"], "{backend:?}");
        let distinct: BTreeSet<String> = file.iter().map(ToString::to_string).collect();
        assert_eq!(distinct.len(), 50);
    }
}
