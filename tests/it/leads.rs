//! Leads between departments: what becomes one, who sees it, what is done with it.

mod shown;

use lianfang::{
    authz::actor::Actor,
    context::OpCtx,
    domain::{code::Coded as _, region::RegionCode},
    error::HubError,
    meeting::leads::{LeadSearches, SearchStanding},
};
use serde_json::{Value, json};

use crate::{
    samples::{
        CITY, COUNTY, FOREIGN_COUNTY, OTHER_COUNTY, accident, disease, employer, injury, man,
        person, victim, with,
    },
    support::{Row, TestHub, backends},
};

const MANAGES: [&str; 2] = ["READER", "STEWARD"];

/// The kind that most tests look at.
const DEATH: &str = "ACCIDENT_DEATH_WITHOUT_RECOGNITION";

fn dead(number: &str, accident: &str, id_number: &str) -> Row {
    with(
        victim(number, accident, id_number),
        json!({"injuryDegree": "DEATH", "lostWorkdays": 6000, "diedAt": "2024-03-05"}),
    )
}

/// One dead worker in a county, whom the city's 人社 insures.
async fn one_death(hub: &TestHub) {
    hub.take("EMERGENCY", "Accident", "a", vec![accident("A1")]).await;
    hub.take("EMERGENCY", "AccidentVictim", "v", vec![dead("V1", "A1", &man(1))]).await;
    hub.take("HRSS", "Person", "p", vec![person("P1", &man(1))]).await;
    hub.take("HRSS", "Employer", "e", vec![employer("E1", 1)]).await;
}

impl TestHub {
    /// Searches a region as its 人社, and gives what was found of a kind.
    async fn searched(&self, region: &str, kind: &str) -> Value {
        let token = self.token("HRSS", region, &MANAGES);
        let fields = "kind certain candidates new changed same gone returned";
        let data = self
            .data(
                &token,
                &format!(
                    "mutation {{ searchLeads(region: \"{region}\") {{ kinds {{ {fields} }} }} }}"
                ),
            )
            .await;
        data["searchLeads"]["kinds"]
            .as_array()
            .expect("kinds")
            .iter()
            .find(|own| own["kind"] == kind)
            .expect("the kind")
            .clone()
    }

    /// Leads of a kind that a token sees.
    async fn leads(&self, token: &str, region: &str, kind: &str) -> Vec<Value> {
        let question = format!(
            "{{ leads(region: \"{region}\", kind: {kind}) {{ totalCount nodes {{ id number kind tier state gone regionCode \
             employerName day reasons sentence assigned answer resolution version records {{ id family role department reasons }} \
             events {{ version step state words subject department }} }} }} }}"
        );
        let page = self.data(token, &question).await["leads"].clone();
        assert_eq!(
            page["totalCount"].as_u64().map(|count| count as usize),
            page["nodes"].as_array().map(Vec::len)
        );
        page["nodes"].as_array().expect("leads").clone()
    }

    /// The one lead of a kind that 人社 sees.
    async fn lead(&self, kind: &str) -> Value {
        let leads = self.leads(&self.token("HRSS", CITY, &MANAGES), CITY, kind).await;
        assert_eq!(leads.len(), 1, "{leads:?}");
        leads[0].clone()
    }

    /// A step with a lead; the answer as it comes.
    async fn step(&self, token: &str, field: &str, kind: &str, input: Value) -> Value {
        let query = format!(
            "mutation($input: {kind}!) {{ {field}(input: $input) {{ state assigned answer resolution version events {{ step words }} }} }}"
        );
        let answer = self.ask(token, &query, json!({"input": input})).await;
        if answer["data"][field].is_null() {
            answer["errors"][0]["extensions"]["code"].clone()
        } else {
            answer["data"][field].clone()
        }
    }

    async fn withdraw(&self, department: &str, id: &str) {
        let token = self.token(department, CITY, &["SUBMITTER", "READER"]);
        self.data(&token, &format!("mutation {{ withdrawRecord(input: {{id: \"{id}\", reason: \"试\"}}) {{ version }} }}")).await;
    }
}

fn codes(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().filter_map(Value::as_str).collect()
}

fn roles(lead: &Value) -> Vec<(&str, &str)> {
    let records = lead["records"].as_array().expect("records");
    records
        .iter()
        .map(|record| {
            (
                record["role"].as_str().unwrap_or_default(),
                record["family"].as_str().unwrap_or_default(),
            )
        })
        .collect()
}

#[tokio::test]
async fn a_death_without_an_application_is_a_lead_until_the_application_comes_and_again_when_it_goes()
 {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        one_death(&hub).await;
        assert_eq!(hub.searched(CITY, DEATH).await["new"], 1);
        let lead = hub.lead(DEATH).await;
        assert_eq!(lead["tier"], "CERTAIN", "{lead}");
        assert_eq!(
            (&lead["state"], &lead["regionCode"], &lead["day"]),
            (&json!("OPEN"), &json!(COUNTY), &json!("2024-03-05"))
        );
        assert_eq!(codes(&lead["reasons"]), ["NO_APPLICATION"]);
        assert_eq!(roles(&lead), [("SUBJECT", "AccidentVictim"), ("CONTEXT", "Accident")]);
        let whole = lead.to_string();
        assert!(
            !whole.contains("王小明") && !whole.contains(&man(1)),
            "no name and no number: {whole}"
        );
        // The same search again finds the same lead.
        assert_eq!(hub.searched(CITY, DEATH).await["same"], 1);
        assert_eq!(hub.lead(DEATH).await["id"], lead["id"]);
        // The application comes, under the same number and name but without the accident's number.
        let applied = with(
            injury("W1", "A1", &man(1)),
            json!({"accidentNo": null, "fatal": true, "injuredAt": "2024-03-06"}),
        );
        let taken = hub.take("HRSS", "WorkInjury", "w", vec![applied]).await;
        assert_eq!(hub.searched(CITY, DEATH).await["gone"], 1);
        let closed = hub.lead(DEATH).await;
        assert_eq!(
            (&closed["state"], &closed["resolution"]),
            (&json!("CLOSED"), &json!("RESOLVED_BY_DATA"))
        );
        assert_eq!((&closed["gone"], &closed["id"]), (&json!(true), &lead["id"]));
        let family = hub.services.catalogue.find("WorkInjury").expect("a family");
        let id = lianfang::store::records::global_id::global_id(
            &hub.services.seal,
            family,
            taken.verdicts[0].id.expect("an identifier"),
        );
        hub.withdraw("HRSS", &id).await;
        assert_eq!(hub.searched(CITY, DEATH).await["returned"], 1);
        let again = hub.lead(DEATH).await;
        assert_eq!(
            (&again["state"], &again["gone"], &again["resolution"]),
            (&json!("OPEN"), &json!(false), &Value::Null)
        );
        let steps: Vec<&str> = again["events"]
            .as_array()
            .expect("events")
            .iter()
            .filter_map(|event| event["step"].as_str())
            .collect();
        assert_eq!(steps, ["FOUND", "GONE", "RETURNED"]);
    }
}

async fn searched(hub: &TestHub, ctx: &OpCtx, actor: &Actor) -> Result<SearchStanding, HubError> {
    let searches = LeadSearches::default();
    searches.order(&hub.services, ctx, actor, actor.region()).await
}

#[tokio::test]
async fn a_difference_is_a_lead_only_after_its_time() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        one_death(&hub).await;
        let actor = Actor::internal("test", "HRSS", RegionCode::parse(CITY).expect("a region"));
        assert!(
            searched(&hub, &OpCtx::begin("t"), &actor).await.is_err(),
            "a submitter searches for nothing"
        );
        for (day, found) in
            [("2024-04-04T12:00:00Z", 0), ("2024-04-04T15:59:59Z", 0), ("2024-04-04T16:00:00Z", 1)]
        {
            // The 30th day after 5 March is 4 April in China; the day after begins at 16:00 UTC.
            let ctx = OpCtx::at(day.parse().expect("an instant"), "t");
            let token = hub.token("HRSS", CITY, &MANAGES);
            let now = OpCtx::begin("t").now().timestamp();
            let actor =
                hub.services.tokens.check(&hub.services.policy, &token, now).expect("an actor");
            let run = searched(&hub, &ctx, &actor).await.expect("a search");
            let own = run.kinds.iter().find(|own| own.kind.code() == DEATH).expect("the kind");
            assert_eq!(own.certain, found, "{day}");
        }
    }
}

#[tokio::test]
async fn a_likely_record_makes_a_lead_wait_for_a_person_and_says_what_agrees() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        one_death(&hub).await;
        // Another number, the same name, employer and day: may be the same person, may be not.
        let other = with(
            injury("W1", "A1", &man(2)),
            json!({"accidentNo": null, "injuredAt": "2024-03-07"}),
        );
        hub.take("HRSS", "WorkInjury", "w", vec![other]).await;
        hub.searched(CITY, DEATH).await;
        let lead = hub.lead(DEATH).await;
        assert_eq!(lead["tier"], "CANDIDATE");
        let likely = lead["records"]
            .as_array()
            .expect("records")
            .iter()
            .find(|record| record["role"] == "CANDIDATE");
        let likely = likely.expect("a likely record");
        assert_eq!(likely["family"], "WorkInjury");
        assert_eq!(codes(&likely["reasons"]), ["NEAR_DATE", "SAME_EMPLOYER", "SAME_NAME"]);
        // Nothing is merged: the victim is still linked to no injury.
        let victim = lead["records"][0]["id"].as_str().expect("an identifier");
        let case = hub.token_for("HRSS", CITY, &["READER"], "MATCHING", Some("T-1"));
        let node =
            hub.data(&case, &format!("{{ node(id: \"{victim}\") {{ ... on AccidentVictim {{ workInjury {{ id }} }} }} }}")).await;
        assert_eq!(node["node"]["workInjury"], Value::Null);
        // A name of its own near that day is nothing.
        let stranger = with(
            injury("W1", "A1", &man(2)),
            json!({"accidentNo": null, "injuredAt": "2024-03-07", "name": "李大山"}),
        );
        hub.take("HRSS", "WorkInjury", "w2", vec![stranger]).await;
        assert_eq!(hub.searched(CITY, DEATH).await["changed"], 1);
        assert_eq!(hub.lead(DEATH).await["tier"], "CERTAIN");
    }
}

#[tokio::test]
async fn a_lead_is_assigned_answered_and_closed_by_those_who_may_in_that_order() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        one_death(&hub).await;
        hub.searched(CITY, DEATH).await;
        let id = hub.lead(DEATH).await["id"].clone();
        let manager = hub.token_as("zhang", "HRSS", CITY, &MANAGES);
        let emergency = hub.token_as("li", "EMERGENCY", COUNTY, &MANAGES);
        let assign = |version: i32| json!({"id": id, "version": version, "department": "EMERGENCY", "words": "请核对伤亡人员身份。"});
        let answer =
            |version: i32, words: &str| json!({"id": id, "version": version, "words": words});
        let close = |version: i32, resolution: &str| json!({"id": id, "version": version, "resolution": resolution, "words": "已补报。"});
        // Not before it is assigned, not by a reader, not by another department.
        assert_eq!(
            hub.step(&emergency, "answerLead", "AnswerLeadInput", answer(1, "已核对。")).await,
            "NOT_FOUND"
        );
        assert_eq!(
            hub.step(&emergency, "assignLead", "AssignLeadInput", assign(1)).await,
            "FORBIDDEN"
        );
        assert_eq!(
            hub.step(&hub.reader("HRSS", CITY), "assignLead", "AssignLeadInput", assign(1)).await,
            "FORBIDDEN"
        );
        let assigned = hub.step(&manager, "assignLead", "AssignLeadInput", assign(1)).await;
        assert_eq!(
            (&assigned["state"], &assigned["assigned"]),
            (&json!("ASSIGNED"), &json!("EMERGENCY")),
            "{assigned}"
        );
        // Whoever comes with the version before hears that somebody was faster.
        assert_eq!(
            hub.step(&manager, "closeLead", "CloseLeadInput", close(1, "CORRECTED")).await,
            "CONFLICT"
        );
        assert_eq!(
            hub.step(
                &hub.reader("EMERGENCY", COUNTY),
                "answerLead",
                "AnswerLeadInput",
                answer(2, "好")
            )
            .await,
            "FORBIDDEN"
        );
        for words in [format!("系 {} 本人。", man(1)), " ".to_owned(), "长".repeat(1_001)] {
            assert_eq!(
                hub.step(&emergency, "answerLead", "AnswerLeadInput", answer(2, &words)).await,
                "BAD_USER_INPUT",
                "{words}"
            );
        }
        let answered = hub
            .step(&emergency, "answerLead", "AnswerLeadInput", answer(2, "名单有误，已更正。"))
            .await;
        assert_eq!(
            (&answered["state"], &answered["answer"]),
            (&json!("ANSWERED"), &json!("名单有误，已更正。")),
            "{answered}"
        );
        assert_eq!(
            hub.step(&emergency, "closeLead", "CloseLeadInput", close(3, "CORRECTED")).await,
            "FORBIDDEN"
        );
        assert_eq!(
            hub.step(&manager, "closeLead", "CloseLeadInput", close(3, "RESOLVED_BY_DATA")).await,
            "BAD_USER_INPUT"
        );
        let closed = hub.step(&manager, "closeLead", "CloseLeadInput", close(3, "EXPLAINED")).await;
        assert_eq!(
            (&closed["state"], &closed["resolution"], &closed["version"]),
            (&json!("CLOSED"), &json!("EXPLAINED"), &json!(4))
        );
        assert_eq!(
            hub.step(&manager, "assignLead", "AssignLeadInput", assign(4)).await,
            "CONFLICT",
            "closed is closed"
        );
        let lead = hub.lead(DEATH).await;
        let events: Vec<(&str, &str)> = lead["events"]
            .as_array()
            .expect("events")
            .iter()
            .map(|event| {
                (
                    event["step"].as_str().unwrap_or_default(),
                    event["subject"].as_str().unwrap_or_default(),
                )
            })
            .collect();
        assert_eq!(
            events,
            [("FOUND", "test"), ("ASSIGNED", "zhang"), ("ANSWERED", "li"), ("CLOSED", "zhang")]
        );
        // A person has judged it: the next search leaves it closed.
        assert_eq!(hub.searched(CITY, DEATH).await["same"], 1);
        assert_eq!(hub.lead(DEATH).await["state"], "CLOSED");
    }
}

#[tokio::test]
async fn leads_are_shown_to_those_whom_they_concern() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        one_death(&hub).await;
        hub.take("HEALTH", "OccupationalDiseaseCase", "c", vec![disease("C1", &man(3))]).await;
        hub.searched(CITY, DEATH).await;
        let count = async |department: &str, region: &str, kind: &str| {
            hub.leads(&hub.reader(department, region), region, kind).await.len()
        };
        let disease = "DISEASE_WITHOUT_APPLICATION";
        for (department, region, deaths, diseases) in [
            ("HRSS", CITY, 1, 1),
            ("HRSS", COUNTY, 1, 1),
            ("HRSS", "140000", 1, 1),
            ("HRSS", OTHER_COUNTY, 0, 0),
            // The victim is theirs, and they handed in the number: they hear of it when they are asked.
            ("EMERGENCY", CITY, 0, 0),
            ("EMERGENCY", COUNTY, 0, 0),
            ("EMERGENCY", OTHER_COUNTY, 0, 0),
            ("HEALTH", CITY, 0, 0),
            // Neither is the union's, nor that of a department that holds no record of it.
            ("UNION", CITY, 0, 0),
            ("HOUSING", CITY, 0, 0),
            ("FINANCE", CITY, 0, 0),
        ] {
            assert_eq!(count(department, region, DEATH).await, deaths, "{department} {region}");
            assert_eq!(count(department, region, disease).await, diseases, "{department} {region}");
        }
        // Neighbours and regions above have no seat.
        for (department, own, asked) in [
            ("HRSS", FOREIGN_COUNTY, CITY),
            ("HRSS", COUNTY, CITY),
            ("EMERGENCY", COUNTY, OTHER_COUNTY),
            ("UNION", "370300", CITY),
        ] {
            let token = hub.token(department, own, &MANAGES);
            for question in [
                format!("{{ leads(region: \"{asked}\") {{ totalCount }} }}"),
                format!("{{ leadSummary(region: \"{asked}\") {{ kind }} }}"),
                format!("mutation {{ searchLeads(region: \"{asked}\") {{ at }} }}"),
            ] {
                assert_eq!(
                    hub.code(&token, &question).await,
                    "FORBIDDEN",
                    "{department} {own}: {question}"
                );
            }
        }
        // Only 人社 searches, and whoever is asked sees what it is asked about.
        let search = format!("mutation {{ searchLeads(region: \"{CITY}\") {{ at }} }}");
        for department in ["EMERGENCY", "HEALTH", "UNION"] {
            assert_eq!(
                hub.code(&hub.token(department, CITY, &MANAGES), &search).await,
                "FORBIDDEN"
            );
        }
        let lead = hub.lead(DEATH).await;
        let input = json!({"id": lead["id"], "version": 1, "department": "UNION"});
        hub.step(&hub.token("HRSS", CITY, &MANAGES), "assignLead", "AssignLeadInput", input).await;
        assert_eq!(count("UNION", CITY, DEATH).await, 1);
        // A lead opens no record: the union may not read who the victim was.
        let victim = lead["records"][0]["id"].as_str().expect("an identifier");
        let question =
            format!("{{ node(id: \"{victim}\") {{ ... on AccidentVictim {{ name idNumber }} }} }}");
        let shown = hub.ask(&hub.reader("UNION", CITY), &question, json!({})).await;
        assert_eq!(shown["data"]["node"]["name"], "王*", "{shown}");
        assert_eq!(shown["data"]["node"]["idNumber"], Value::Null, "{shown}");
        // Somebody else's lead and none at all are the same.
        let missing = lianfang::store::records::global_id::of_name(
            &hub.services.seal,
            "Lead",
            uuid::Uuid::from_u128(7),
        );
        let foreign = hub.token("HRSS", OTHER_COUNTY, &MANAGES);
        for id in [lead["id"].clone(), json!(missing), json!("x")] {
            let input = json!({"id": id, "version": 2, "department": "UNION"});
            assert_eq!(
                hub.step(&foreign, "assignLead", "AssignLeadInput", input).await,
                "NOT_FOUND"
            );
        }
    }
}

#[tokio::test]
async fn a_search_is_audited_with_counts_and_nothing_of_a_person() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        one_death(&hub).await;
        hub.searched(CITY, DEATH).await;
        let operation = format!("search leads {CITY}");
        let entries = format!("SELECT COUNT(*) FROM audit_entries WHERE operation = '{operation}'");
        assert_eq!(hub.db_count(&entries).await, 2, "one before, one after");
        let token = hub.token("HRSS", CITY, &["AUDITOR"]);
        let data =
            hub.data(&token, "{ auditEntries(first: 200) { operation outcome records } }").await;
        let entry = data["auditEntries"]
            .as_array()
            .expect("entries")
            .iter()
            .rfind(|entry| entry["operation"] == operation.as_str());
        let entry = entry.expect("the entry");
        assert_eq!(entry["outcome"], "OK");
        assert_eq!(entry["records"][format!("Lead {DEATH}")]["count"], 1, "{entry}");
        assert_eq!(entry["records"][format!("Lead {DEATH}")]["ids"], "");
        // The department whose records are in it hears of it.
        let owner = hub.token("EMERGENCY", CITY, &MANAGES);
        let data = hub.data(&owner, "{ auditEntries(first: 200) { operation records } }").await;
        let entry = data["auditEntries"]
            .as_array()
            .expect("entries")
            .iter()
            .rfind(|entry| entry["operation"] == operation.as_str());
        assert_eq!(entry.expect("the entry")["records"]["AccidentVictim"]["count"], 1);
        hub.holds().await;
    }
}

#[tokio::test]
async fn a_summary_counts_both_lists_and_protects_small_counts_outside_the_meeting() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        one_death(&hub).await;
        let accidents = (2..6).map(|number| accident(&format!("A{number}"))).collect();
        hub.take("EMERGENCY", "Accident", "a2", accidents).await;
        let (mut victims, mut injuries) = (Vec::new(), Vec::new());
        for number in 2..6 {
            victims.push(dead(&format!("V{number}"), &format!("A{number}"), &man(number)));
            injuries.push(with(
                injury(&format!("W{number}"), &format!("A{number}"), &man(number)),
                json!({"fatal": true}),
            ));
        }
        injuries.push(with(
            injury("W9", "A9", &man(9)),
            json!({"fatal": true, "accidentNo": null, "injuredAt": "2024-08-01"}),
        ));
        hub.take("EMERGENCY", "AccidentVictim", "v2", victims).await;
        hub.take("HRSS", "WorkInjury", "w2", injuries).await;
        let question = |year: &str| {
            format!(
                "{{ leadSummary(region: \"{CITY}\"{year}) {{ kind certain {{ count protected reason }} candidates {{ count }} searchedAt \
                 overlap {{ matched {{ count }} onlyHere {{ count }} onlyThere {{ count }} estimate {{ total low high weak }} caveat }} }} }}"
            )
        };
        let of = async |token: &str, year: &str, kind: &str| {
            let data = hub.data(token, &question(year)).await;
            data["leadSummary"]
                .as_array()
                .expect("kinds")
                .iter()
                .find(|own| own["kind"] == kind)
                .expect("the kind")
                .clone()
        };
        let manager = hub.token("HRSS", CITY, &MANAGES);
        let before = of(&manager, "", DEATH).await;
        assert_eq!(
            (&before["searchedAt"], &before["overlap"]),
            (&Value::Null, &Value::Null),
            "nothing is said before a search"
        );
        hub.searched(CITY, DEATH).await;
        let own = of(&manager, ", year: 2024", DEATH).await;
        assert_eq!(
            own["certain"],
            json!({"count": 1, "protected": false, "reason": null}),
            "{own}"
        );
        let overlap = &own["overlap"];
        assert_eq!(
            (&overlap["matched"]["count"], &overlap["onlyHere"]["count"]),
            (&json!(4), &json!(1)),
            "{own}"
        );
        assert_eq!(overlap["onlyThere"]["count"], 1);
        // 6 * 6 / 5 - 1 = 6.2.
        assert_eq!(
            (&overlap["estimate"]["total"], &overlap["estimate"]["weak"]),
            (&json!(6), &json!(true))
        );
        let other = of(&manager, ", year: 2024", "RECOGNIZED_DEATH_WITHOUT_ACCIDENT").await;
        assert_eq!(other["overlap"]["onlyHere"]["count"], 1);
        assert_eq!(of(&manager, ", year: 2023", DEATH).await["overlap"]["matched"]["count"], 0);
        // The union may list no lead of a kind between others: that is not open to it, and no zero.
        // Of what others' lists have in common it is told nothing, and no estimate.
        let union = of(&hub.reader("UNION", CITY), "", DEATH).await;
        assert_eq!(
            union["certain"],
            json!({"count": null, "protected": false, "reason": "NOT_YOURS"})
        );
        let notified = of(&hub.reader("UNION", CITY), "", "UNION_NOT_NOTIFIED").await;
        // It is about notices to the union, and about accidents of others: it lists none of them,
        // and 0 would say there are none.
        assert_eq!(
            notified["certain"],
            json!({"count": null, "protected": false, "reason": "NOT_YOURS"}),
            "{notified}"
        );
        assert_eq!(union["overlap"]["matched"]["count"], Value::Null);
        assert_eq!(
            (&union["overlap"]["onlyHere"]["count"], &union["overlap"]["estimate"]),
            (&Value::Null, &Value::Null)
        );
        let meeting = hub.token_for("UNION", CITY, &["READER"], "JOINT_MEETING", None);
        // Nor at the meeting: before and after a record that is made up, it would tell of a person.
        let at_meeting = of(&meeting, "", DEATH).await["overlap"]["matched"]["count"].clone();
        assert_eq!(at_meeting, Value::Null);
    }
}
