//! One event under two numbers, one person under two: both are taken, both are told, and a lead
//! says so.

use serde_json::{Value, json};

use crate::{
    samples::{CITY, COUNTY, OTHER_COUNTY, accident, codes, man, outcomes, person, uscc, with},
    support::{Row, TestHub, backends},
};

async fn leads(hub: &TestHub, kind: &str) -> Vec<Value> {
    let token = hub.token("HRSS", CITY, &["READER", "STEWARD"]);
    hub.data(&token, &format!("mutation {{ searchLeads(region: \"{CITY}\") {{ at }} }}")).await;
    let question = format!(
        "{{ leads(region: \"{CITY}\", kind: {kind}) {{ nodes {{ tier gone regionName records {{ role family department reasons }} }} }} }}"
    );
    let all =
        hub.data(&token, &question).await["leads"]["nodes"].as_array().expect("leads").clone();
    all.into_iter().filter(|lead| lead["gone"] == false).collect()
}

/// A deadly accident of a county, as somebody else reports it.
fn event(number: &str, changes: Value) -> Row {
    with(with(accident(number), json!({"seriousInjuries": 0, "minorInjuries": 0})), changes)
}

#[tokio::test]
async fn an_event_that_two_organisations_report_is_a_lead_and_the_meeting_says_it_may_count_twice()
{
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let county = hub.token("EMERGENCY", COUNTY, &["SUBMITTER"]);
        let city = hub.token("EMERGENCY", CITY, &["SUBMITTER"]);
        let first = hub
            .submit(&county, "Accidents", "ATOMIC", "k1", &[event("HR-2024-7", json!({}))])
            .await;
        assert_eq!(outcomes(&first), ["CREATED"], "{first}");
        let second =
            hub.submit(&city, "Accidents", "ATOMIC", "k2", &[event("SZ-2024-31", json!({}))]).await;
        assert_eq!(outcomes(&second), ["CREATED"], "{second}");
        let found = leads(&hub, "EVENT_REPORTED_TWICE").await;
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(
            (&found[0]["tier"], &found[0]["regionName"]),
            (&json!("CERTAIN"), &json!("朔城区"))
        );
        let roles: Vec<&str> = found[0]["records"]
            .as_array()
            .expect("records")
            .iter()
            .filter_map(|one| one["role"].as_str())
            .collect();
        assert_eq!(roles, ["SUBJECT", "OTHER"]);
        let brief = format!(
            "{{ jointMeeting(region: \"{CITY}\", year: 2024) {{ brief {{ head {{ basis }} }} }} }}"
        );
        let told = hub.data(&hub.token("HRSS", CITY, &["SECRETARY"]), &brief).await["jointMeeting"]
            ["brief"]["head"]["basis"]
            .clone();
        assert!(
            told.as_array()
                .expect("a basis")
                .iter()
                .any(|line| line.as_str().is_some_and(|line| line.contains("有1起事故可能"))),
            "{told}"
        );
        // Where nobody has searched, that is said, and not that there are none.
        let elsewhere = "140700";
        let brief = format!(
            "{{ jointMeeting(region: \"{elsewhere}\", year: 2024) {{ brief {{ head {{ basis }} }} }} }}"
        );
        let secretary = hub.token("HRSS", elsewhere, &["SECRETARY"]);
        let told = hub.data(&secretary, &brief).await["jointMeeting"]["brief"]["head"]["basis"]
            .to_string();
        assert!(told.contains("是否有事故重复报送、有多少起，尚未查找"), "{told}");
        // Written off, it is one event again.
        let off = event("SZ-2024-31", json!({"statStatus": "WRITTEN_OFF"}));
        hub.submit(&city, "Accidents", "ATOMIC", "k3", &[off]).await;
        assert_eq!(leads(&hub, "EVENT_REPORTED_TWICE").await, [Value::Null; 0]);
    }
}

#[tokio::test]
async fn likeness_waits_for_a_person_and_what_differs_is_no_lead() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let tiers = async |key: &str, department: &str, changes: Value| {
            hub.take(department, "Accident", key, vec![event("B1", changes)]).await;
            let found = leads(&hub, "EVENT_REPORTED_TWICE").await;
            found
                .iter()
                .map(|lead| lead["tier"].as_str().unwrap_or_default().to_owned())
                .collect::<Vec<_>>()
        };
        hub.take("EMERGENCY", "Accident", "a", vec![event("A1", json!({}))]).await;
        assert_eq!(
            tiers("b0", "EMERGENCY", json!({"occurredAt": "2024-03-05T11:00:00+08:00"})).await,
            [""; 0],
            "another hour"
        );
        assert_eq!(
            tiers("b1", "EMERGENCY", json!({"occurredAt": "2024-03-05T10:10:00+08:00"})).await,
            ["CANDIDATE"]
        );
        assert_eq!(
            tiers("b2", "EMERGENCY", json!({"employerUscc": uscc(9)})).await,
            ["CANDIDATE"],
            "the same industry"
        );
        let other = json!({"employerUscc": uscc(9), "keyIndustry": "MACHINERY"});
        assert_eq!(
            tiers("b3", "EMERGENCY", other).await,
            [""; 0],
            "another employer of another industry"
        );
        assert_eq!(tiers("b4", "EMERGENCY", json!({"deaths": 2})).await, [""; 0], "another toll");
        assert_eq!(
            tiers("b5", "EMERGENCY", json!({"regionCode": OTHER_COUNTY})).await,
            [""; 0],
            "another county"
        );
        assert_eq!(
            tiers("b6", "EMERGENCY", json!({"regionCode": CITY})).await,
            ["CERTAIN"],
            "the city for its county"
        );
        assert_eq!(tiers("b7", "EMERGENCY", json!({"deaths": 2})).await, [""; 0]);
        // Between departments: the employer tells, as each has its own industry.
        let built = json!({"keyIndustry": "CONSTRUCTION"});
        assert_eq!(tiers("b8", "HOUSING", built).await, ["CERTAIN"]);
    }
}

#[tokio::test]
async fn one_identity_number_under_two_person_numbers_is_told_on_both_and_is_a_lead() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.token("HRSS", CITY, &["READER", "SUBMITTER"]);
        let both = [person("P1", &man(1)), person("P2", &man(1)), person("P3", &man(2))];
        let answer = hub.submit(&token, "Persons", "ATOMIC", "k1", &both).await;
        assert_eq!(outcomes(&answer), ["CREATED"; 3], "{answer}");
        let told = |answer: &Value, row: usize| {
            codes(answer, row, "findings").contains(&"IDENTITY_UNDER_TWO_NUMBERS")
        };
        assert_eq!(
            [told(&answer, 0), told(&answer, 1), told(&answer, 2)],
            [true, true, false],
            "{answer}"
        );
        let later = hub.submit(&token, "Persons", "ATOMIC", "k2", &[person("P4", &man(2))]).await;
        assert!(told(&later, 0), "the store holds the number already: {later}");
        let found = leads(&hub, "IDENTITY_UNDER_TWO_NUMBERS").await;
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(
            found.iter().all(|lead| lead["tier"] == "CERTAIN"
                && lead["records"].as_array().map(Vec::len) == Some(2))
        );
        // A county hears nothing of what another one holds.
        let other = hub.token("HRSS", OTHER_COUNTY, &["SUBMITTER"]);
        let row = with(person("P5", &man(1)), json!({"regionCode": OTHER_COUNTY}));
        let apart = hub.submit(&other, "Persons", "ATOMIC", "k3", &[row]).await;
        assert_eq!((outcomes(&apart), told(&apart, 0)), (vec!["CREATED"], false), "{apart}");
        let again = hub.submit(&token, "Persons", "ATOMIC", "k4", &[person("P1", &man(1))]).await;
        assert_eq!((outcomes(&again), told(&again, 0)), (vec!["UNCHANGED"], true), "{again}");
        hub.holds().await;
    }
}
