//! Frozen means frozen: materials say that something has changed where something has, to whoever
//! may see it, and to nobody else; not because somebody sees less than the office that froze them.

use std::io::Read as _;

use axum::http::{Request, StatusCode};
use serde_json::{Value, json};

use crate::{
    indicators::made_up::fill,
    samples::{CITY, COUNTY, accident, disease, man, with},
    support::{TestHub, backends},
};

const YEAR: i32 = 2022;
const PURPOSES: [&str; 2] = ["ROUTINE_SHARING", "JOINT_MEETING"];

/// What is said to have changed, and the figures of today.
async fn looked(hub: &TestHub, token: &str) -> (Vec<Value>, Vec<Value>) {
    let document = format!(
        "{{ jointMeeting(region: \"{CITY}\", year: {YEAR}) {{ brief {{ differences {{ place then now }} }} \
         today {{ figures {{ indicator {{ code }} region {{ code }} numerator }} }} }} }}"
    );
    let meeting = hub.data(token, &document).await["jointMeeting"].clone();
    let list = |value: &Value| value.as_array().expect("a list").clone();
    (list(&meeting["brief"]["differences"]), list(&meeting["today"]["figures"]))
}

async fn got(hub: &TestHub, token: &str, path: &str) -> Vec<u8> {
    let request = Request::get(path)
        .header("authorization", format!("Bearer {token}"))
        .body(String::new())
        .expect("a request");
    let (status, _, body) = hub.request(request).await;
    assert_eq!(status, StatusCode::OK, "{path}");
    body
}

/// The texts of the page and of the document.
async fn pages(hub: &TestHub, token: &str) -> [String; 2] {
    let page = got(hub, token, &format!("/meeting/{CITY}/{YEAR}")).await;
    let file = got(hub, token, &format!("/meeting/{CITY}/{YEAR}/brief.docx")).await;
    let mut parts = zip::ZipArchive::new(std::io::Cursor::new(file)).expect("a document");
    let mut text = String::new();
    parts.by_name("word/document.xml").expect("its text").read_to_string(&mut text).expect("UTF-8");
    [String::from_utf8(page).expect("UTF-8"), text]
}

#[tokio::test]
async fn nobody_is_told_of_a_change_where_nothing_changed_and_who_may_see_one_is_told() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        fill(&hub, 11, 40).await;
        let departments: Vec<String> =
            hub.services.policy.departments().map(ToString::to_string).collect();
        assert_eq!(departments.len(), 9);
        let office = hub.token("HRSS", CITY, &["SECRETARY"]);
        let call = format!(
            "mutation {{ callMeeting(input: {{region: \"{CITY}\", year: {YEAR}, kind: ROUTINE, members: [{}], agenda: []}}) {{ id }} }}",
            departments.join(", ")
        );
        let id = hub.data(&office, &call).await["callMeeting"]["id"].clone();
        hub.data(&office, &format!("mutation {{ freezeMaterials(input: {{region: \"{CITY}\", meeting: {id}}}) {{ digest }} }}"))
            .await;
        let seats = || {
            departments
                .iter()
                .flat_map(|department| PURPOSES.map(|purpose| (department.as_str(), purpose)))
                .map(|(department, purpose)| {
                    (
                        department,
                        purpose,
                        hub.token_for(department, CITY, &["READER"], purpose, None),
                    )
                })
        };
        for (department, purpose, token) in seats() {
            assert_eq!(looked(&hub, &token).await.0, Vec::<Value>::new(), "{department} {purpose}");
        }
        // Page and files are of the same content.
        let union = hub.reader("UNION", CITY);
        for text in pages(&hub, &union).await {
            assert!(!text.contains("冻结后数据有变化"));
        }
        let more = |number: &str| {
            let day = json!({"occurredAt": format!("{YEAR}-05-06T09:30:00+08:00"), "statStatus": "DETERMINED", "regionCode": COUNTY});
            with(accident(number), day)
        };
        hub.take("EMERGENCY", "Accident", "more", vec![more("N1"), more("N2")]).await;
        let cases = (0..4).map(|number| {
            let made = disease(&format!("N{number}"), &man(900 + number));
            with(made, json!({"diagnosedAt": format!("{YEAR}-05-06"), "reportNature": "FIRST", "regionCode": COUNTY}))
        });
        hub.take("HEALTH", "OccupationalDiseaseCase", "more", cases.collect()).await;
        for (department, purpose, token) in seats() {
            let (found, today) = looked(&hub, &token).await;
            let of = |indicator: &str| {
                found.iter().any(|one| {
                    one["place"].as_str().is_some_and(|place| place.starts_with(indicator))
                })
            };
            let sees = |indicator: &str| {
                let own = |figure: &&Value| {
                    figure["indicator"]["code"] == indicator && figure["region"]["code"] == CITY
                };
                today.iter().find(own).expect("a figure of all together")["numerator"].is_number()
            };
            assert_eq!(of("I1 "), sees("I1"), "{department} {purpose}: {found:?}");
            // Numbers of persons: to those who see exact ones, and to the department that holds the
            // cases.
            let exact = ["HRSS", "HEALTH"].contains(&department)
                || (department == "UNION" && purpose == "JOINT_MEETING");
            assert!(of("I3 ") || !exact, "{department} {purpose}: {found:?}");
        }
        for text in pages(&hub, &union).await {
            assert!(text.contains("冻结后数据有变化"));
        }
    }
}
