//! Education bases and campaigns: the steps of a base, who reads and hands in, and what tasks learn from
//! them.

use serde_json::{Value, json};

use crate::{
    samples::{CITY, COUNTY, base, campaign, codes, outcomes, with},
    support::{Row, TestHub, backends},
};

fn named(number: &str) -> Row {
    with(
        base(number, "NAMED"),
        json!({"evaluatedOn": "2023-09-12", "publishedOn": "2023-09-20", "namedOn": "2023-10-08", "objected": false}),
    )
}

#[tokio::test]
async fn a_base_is_named_after_evaluation_and_publication_without_objection_alone() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.both("HRSS");
        let hand_in = async |key: &str, row: Row| {
            hub.submit(&token, "EducationBases", "PARTIAL", key, &[row]).await
        };
        for (key, row, code) in [
            ("a", base("B1", "NAMED"), "BASE_DAY_MISSING"),
            ("b", with(named("B1"), json!({"objected": true})), "BASE_NAMED_AGAINST_OBJECTION"),
            ("c", with(named("B1"), json!({"namedOn": "2023-09-15"})), "DATE_ORDER"),
            ("d", with(named("B1"), json!({"plannedOn": "2023-09-13"})), "DATE_ORDER"),
            ("e", with(named("B1"), json!({"baseStatus": "SOLD"})), "CODE_UNKNOWN"),
            ("opened", with(named("B1"), json!({"openedOn": "2020-01-01"})), "DATE_ORDER"),
            (
                "future",
                with(base("B1", "PLANNED"), json!({"openedOn": "2099-01-01"})),
                "DATE_IN_FUTURE",
            ),
        ] {
            let answer = hand_in(key, row).await;
            assert!(codes(&answer, 0, "faults").contains(&code), "{backend:?} {key}: {answer}");
        }
        assert_eq!(outcomes(&hand_in("f", base("B1", "PLANNED")).await), ["CREATED"]);
        let leap = hand_in("g", named("B1")).await;
        assert_eq!(codes(&leap, 0, "faults"), ["BASE_STATE_STEP"], "planned, and named: {leap}");
        for (key, status, days) in [
            ("h", "APPLIED", json!({})),
            ("i", "EVALUATED", json!({"evaluatedOn": "2023-09-12"})),
            ("j", "PUBLISHED", json!({"evaluatedOn": "2023-09-12", "publishedOn": "2023-09-20"})),
        ] {
            assert_eq!(
                outcomes(&hand_in(key, with(base("B1", status), days)).await),
                ["UPDATED"],
                "{status}"
            );
        }
        assert_eq!(outcomes(&hand_in("k", named("B1")).await), ["UPDATED"]);
        let back = hand_in("l", base("B1", "PLANNED")).await;
        assert_eq!(codes(&back, 0, "faults"), ["BASE_STATE_STEP"]);
        let refused = hub
            .ask(
                &hub.both("EMERGENCY"),
                "mutation($input: SubmitEducationBasesInput!) { submitEducationBases(input: $input) { created } }",
                json!({"input": {"mode": "ATOMIC", "idempotencyKey": "x", "rows": [Value::Object(base("B9", "PLANNED"))]}}),
            )
            .await;
        assert_eq!(
            refused["errors"][0]["extensions"]["code"], "FORBIDDEN",
            "bases are those of 人社"
        );
        let question = "{ educationBases { nodes { baseNo baseStatusLabel subsidyYuan } } }";
        let seen = async |department: &str| {
            hub.data(&hub.reader(department, CITY), question).await["educationBases"]["nodes"][0]
                .clone()
        };
        assert_eq!(seen("FINANCE").await["subsidyYuan"], "20000.00");
        let market = seen("MARKET").await;
        assert_eq!((&market["baseNo"], &market["subsidyYuan"]), (&json!("B1"), &Value::Null));
    }
}

#[tokio::test]
async fn tasks_know_of_named_bases_and_of_campaigns_of_their_own_county() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let known = async |region: &str, year: i32, task: &str| {
            let question = format!(
                "{{ planTasks(region: \"{region}\", year: {year}) {{ task {{ id }} reports {{ known {{ text happened }} }} }} }}"
            );
            let all = hub.data(&hub.reader("HRSS", CITY), &question).await["planTasks"].clone();
            let own = all
                .as_array()
                .expect("tasks")
                .iter()
                .find(|own| own["task"]["id"] == task)
                .cloned();
            own.map(|own| own["reports"][0]["known"][0].clone())
        };
        let (bases, theme) = ("SHUOZHOU-2021/TERM/ALL/3", "SHUOZHOU-2021/TASK/ALL/1");
        let happened = async |year: i32, task: &str| {
            known(COUNTY, year, task).await.expect("the task")["happened"].clone()
        };
        assert_eq!(happened(2024, bases).await, false);
        hub.take("HRSS", "EducationBase", "b", vec![named("B1"), base("B2", "BUILDING")]).await;
        let told = known(COUNTY, 2024, bases).await.expect("the term");
        assert_eq!(
            told,
            json!({"text": "2024年底前已命名警示教育基地1个", "happened": true}),
            "{backend:?}"
        );
        assert_eq!(happened(2022, bases).await, false, "it was named in 2023");
        assert_eq!(known(CITY, 2024, bases).await, None, "a term of counties");
        let city =
            known(CITY, 2024, "SHUOZHOU-2021/TERM/ALL/2").await.expect("the term of the city");
        assert_eq!(city["happened"], false, "the county's base is none of the city's own");
        assert_eq!(happened(2024, theme).await, false);
        let rows = vec![
            campaign("C1", "ANNUAL_THEME", "2024-03-10"),
            campaign("C2", "CONCENTRATED", "2023-07-10"),
        ];
        hub.take("HRSS", "Campaign", "c", rows).await;
        assert_eq!(happened(2024, theme).await, false, "one of the two was last year");
        let more = vec![campaign("C3", "CONCENTRATED", "2024-07-10")];
        hub.take("UNION", "Campaign", "d", more).await;
        assert_eq!(
            happened(2024, theme).await,
            true,
            "{backend:?}: whoever of the members held it"
        );
        let ends = with(campaign("C4", "OTHER", "2024-07-10"), json!({"endedOn": "2024-07-01"}));
        let answer = hub.submit(&hub.both("HEALTH"), "Campaigns", "PARTIAL", "e", &[ends]).await;
        assert_eq!(codes(&answer, 0, "faults"), ["DATE_ORDER"], "{answer}");
    }
}
