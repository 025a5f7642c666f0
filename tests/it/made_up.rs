//! Records that somebody makes up, to learn from them what others hold.

use serde_json::{Value, json};

use crate::{
    samples::{CITY, accident, injury, man, person, training, victim, with},
    support::{TestHub, backends, row},
};

const BUILDING: &str = "CONSTRUCTION";

#[tokio::test]
async fn a_made_up_person_with_a_known_number_leads_to_no_injury_that_is_masked() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let industry = json!({"keyIndustry": BUILDING});
        hub.take("HRSS", "WorkInjury", "w", vec![with(injury("W1", "A9", &man(1)), industry)])
            .await;
        let made = json!({"name": "某某", "keyIndustry": BUILDING});
        hub.take("HOUSING", "Person", "p", vec![with(person("X1", &man(1)), made)]).await;
        let question = "{ persons { nodes { personNo workInjuries { caseNo article } } } }";
        let seen =
            hub.data(&hub.reader("HOUSING", CITY), question).await["persons"]["nodes"].clone();
        assert_eq!(seen, json!([{"personNo": "X1", "workInjuries": []}]), "{backend:?}");
        let listed =
            hub.data(&hub.reader("HOUSING", CITY), "{ workInjuries { nodes { name } } }").await;
        assert_eq!(listed["workInjuries"]["nodes"][0]["name"], "王*", "masked, and not hidden");
    }
}

#[tokio::test]
async fn a_made_up_person_with_a_known_number_leads_to_no_training_that_hides_its_number() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let industry = json!({"keyIndustry": BUILDING});
        let other = with(training("T1", &man(1)), industry.clone());
        hub.take("HRSS", "TrainingRecord", "t", vec![other]).await;
        let own = with(training("T2", &man(1)), industry);
        hub.take("HOUSING", "TrainingRecord", "o", vec![own]).await;
        let made = json!({"name": "某某", "keyIndustry": BUILDING});
        hub.take("HOUSING", "Person", "p", vec![with(person("X1", &man(1)), made)]).await;
        let builder = hub.reader("HOUSING", CITY);
        let listed = "{ trainingRecords { nodes { trainingNo idNumber } } }";
        let listed = hub.data(&builder, listed).await["trainingRecords"]["nodes"].clone();
        assert_eq!(listed.as_array().map(Vec::len), Some(2), "both are listed: {listed}");
        let question = "{ persons { nodes { trainings { trainingNo } } } }";
        let seen = hub.data(&builder, question).await["persons"]["nodes"].clone();
        assert_eq!(seen, json!([{"trainings": [{"trainingNo": "T2"}]}]), "{backend:?}");
        for (number, count) in [("T1", 0), ("T2", 1)] {
            let question = format!(
                "{{ persons(where: {{trainings: {{some: {{trainingNo: {{eq: \"{number}\"}}}}}}}}) {{ totalCount }} }}"
            );
            let found = hub.data(&builder, &question).await["persons"]["totalCount"].clone();
            assert_eq!(found, count, "{backend:?}: {number}");
        }
    }
}

#[tokio::test]
async fn frozen_materials_name_to_a_member_no_employer_that_it_may_not_list() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("EMERGENCY", "Accident", "a", vec![accident("A1")]).await;
        let office = hub.token("HRSS", CITY, &["READER", "STEWARD", "SECRETARY"]);
        let called = format!(
            "mutation {{ callMeeting(input: {{region: \"{CITY}\", year: 2024, kind: ROUTINE, members: [HRSS, MARKET], agenda: []}}) {{ id }} }}"
        );
        let id = hub.data(&office, &called).await["callMeeting"]["id"].clone();
        let freeze = format!(
            "mutation {{ freezeMaterials(input: {{region: \"{CITY}\", meeting: {id}}}) {{ digest }} }}"
        );
        hub.data(&office, &freeze).await;
        let parts = "head { digest } employers { name reasons } hazards { employer }";
        let question =
            format!("{{ jointMeeting(region: \"{CITY}\", year: 2024) {{ brief {{ {parts} }} }} }}");
        let brief =
            async |token: &str| hub.data(token, &question).await["jointMeeting"]["brief"].clone();
        let own = brief(&office).await;
        let told = |brief: &Value| brief["employers"].to_string().contains("起事故");
        assert!(told(&own), "{own}");
        let member = brief(&hub.reader("MARKET", CITY)).await;
        assert!(member["head"]["digest"].is_string(), "{backend:?}: it reads what was frozen");
        assert!(!told(&member), "{backend:?}: {member}");
    }
}

#[tokio::test]
async fn a_made_up_victim_tells_nobody_who_works_or_was_hurt_at_an_employer() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("HRSS", "Person", "p", vec![person("P1", &man(1))]).await;
        hub.take("HRSS", "WorkInjury", "w", vec![injury("W1", "A9", &man(1))]).await;
        let building = json!({"keyIndustry": BUILDING, "industryCode": "4700"});
        hub.take("HOUSING", "Accident", "a", vec![with(accident("X1"), building)]).await;
        let nameless = with(victim("V1", "X1", &man(2)), json!({"idNumber": null}));
        hub.take("HOUSING", "AccidentVictim", "v", vec![nameless]).await;
        let office = hub.token("HRSS", CITY, &["READER", "STEWARD"]);
        hub.data(&office, &format!("mutation {{ searchLeads(region: \"{CITY}\") {{ state }} }}"))
            .await;
        let leads = async |token: &str| {
            let question = format!(
                "{{ leads(region: \"{CITY}\", kind: VICTIM_WITHOUT_IDENTITY) {{ totalCount nodes {{ id version sentence \
                 records {{ department family }} }} }} }}"
            );
            hub.data(token, &question).await["leads"].clone()
        };
        let whole = leads(&office).await;
        let departments = |lead: &Value| {
            let records = lead["records"].as_array().expect("records").iter();
            records
                .map(|own| own["department"].as_str().unwrap_or_default().to_owned())
                .collect::<Vec<_>>()
        };
        assert!(departments(&whole["nodes"][0]).contains(&"HRSS".to_owned()), "{whole}");
        let builder = hub.token("HOUSING", CITY, &["READER", "STEWARD"]);
        assert_eq!(leads(&builder).await["totalCount"], 0, "{backend:?}: nobody has asked");
        let input = json!({
            "id": whole["nodes"][0]["id"], "version": whole["nodes"][0]["version"], "department": "HOUSING", "words": "请补证件号码。",
        });
        let assign = "mutation($input: AssignLeadInput!) { assignLead(input: $input) { state } }";
        hub.ask(&office, assign, json!({"input": input})).await;
        let asked = leads(&builder).await;
        assert_eq!(asked["totalCount"], 1, "{asked}");
        assert!(departments(&asked["nodes"][0]).iter().all(|own| own == "HOUSING"), "{asked}");
        let sentence = asked["nodes"][0]["sentence"].as_str().expect("a sentence");
        assert_ne!(sentence, whole["nodes"][0]["sentence"], "{backend:?}: nor how many are alike");
    }
}

#[tokio::test]
async fn a_made_up_accident_tells_nobody_of_the_posts_of_an_employer() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let leader = row(json!({
            "employmentNo": "M1", "idType": "RESIDENT_ID", "idNumber": man(2), "keyPost": "TEAM_LEADER", "keyIndustry": "COAL_MINE",
            "insuredFrom": "2015-01-01", "regionCode": accident("A1")["regionCode"], "employerUscc": accident("A1")["employerUscc"],
        }));
        hub.take("HRSS", "Employment", "m", vec![leader]).await;
        let failed = with(training("T1", &man(2)), json!({"passed": false}));
        hub.take("HRSS", "TrainingRecord", "t", vec![failed]).await;
        let building = json!({"keyIndustry": BUILDING, "industryCode": "4700"});
        hub.take("HOUSING", "Accident", "a", vec![with(accident("X1"), building)]).await;
        let office = hub.token("HRSS", CITY, &["READER", "STEWARD"]);
        hub.data(&office, &format!("mutation {{ searchLeads(region: \"{CITY}\") {{ state }} }}"))
            .await;
        let count = async |token: &str| {
            let question = format!(
                "{{ leads(region: \"{CITY}\", kind: UNTRAINED_KEY_POST) {{ totalCount }} }}"
            );
            hub.data(token, &question).await["leads"]["totalCount"].clone()
        };
        assert_eq!(count(&office).await, 1, "{backend:?}");
        assert_eq!(
            count(&hub.token("HOUSING", CITY, &["READER", "STEWARD"])).await,
            0,
            "{backend:?}"
        );
    }
}

#[tokio::test]
async fn whoever_may_not_count_is_not_told_which_counties_have_none() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("HRSS", "WorkInjury", "w", vec![injury("W1", "A9", &man(1))]).await;
        let question = format!(
            "{{ indicators(region: \"{CITY}\", year: 2024) {{ rows {{ indicator reasonCode gaps {{ what }} }} }} }}"
        );
        for department in ["MARKET", "INDUSTRY", "FINANCE"] {
            let sheet = hub.data(&hub.reader(department, CITY), &question).await;
            let rows = sheet["indicators"]["rows"].as_array().expect("rows").clone();
            let closed: Vec<&Value> =
                rows.iter().filter(|row| row["reasonCode"] == "NOT_YOURS").collect();
            assert!(!closed.is_empty(), "{department}");
            assert!(closed.iter().all(|row| row["gaps"] == json!([])), "{department}: {closed:?}");
        }
    }
}

#[tokio::test]
async fn frozen_materials_tell_a_member_no_lead_that_was_not_assigned_to_it() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("HRSS", "WorkInjury", "w", vec![injury("W1", "A9", &man(1))]).await;
        hub.take("EMERGENCY", "Accident", "a", vec![accident("A1"), accident("A2")]).await;
        let office = hub.token("HRSS", CITY, &["READER", "STEWARD", "SECRETARY"]);
        hub.data(&office, &format!("mutation {{ searchLeads(region: \"{CITY}\") {{ state }} }}"))
            .await;
        let called = format!(
            "mutation {{ callMeeting(input: {{region: \"{CITY}\", year: 2024, kind: ROUTINE, members: [HRSS, HEALTH], agenda: []}}) {{ id }} }}"
        );
        let id = hub.data(&office, &called).await["callMeeting"]["id"].clone();
        let freeze = format!(
            "mutation {{ freezeMaterials(input: {{region: \"{CITY}\", meeting: {id}}}) {{ digest }} }}"
        );
        hub.data(&office, &freeze).await;
        let question = format!(
            "{{ jointMeeting(region: \"{CITY}\", year: 2024) {{ brief {{ head {{ basis }} leads {{ kind {{ code }} certain candidates }} }} }} }}"
        );
        let twice = |brief: &Value| {
            let group = brief["leads"].as_array().expect("leads").iter();
            group
                .filter(|own| own["kind"]["code"] == "EVENT_REPORTED_TWICE")
                .any(|own| own["certain"].is_i64())
        };
        let own = hub.data(&office, &question).await["jointMeeting"]["brief"].clone();
        assert!(twice(&own) && own["head"]["basis"].to_string().contains("为同一事故"), "{own}");
        let member =
            hub.data(&hub.reader("HEALTH", CITY), &question).await["jointMeeting"]["brief"].clone();
        assert!(!twice(&member), "{backend:?}: {member}");
        assert!(
            !member["head"]["basis"].to_string().contains("为同一事故"),
            "{backend:?}: {member}"
        );
    }
}
