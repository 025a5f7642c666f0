//! A version of which a reader sees nothing is not told of: not by the feed, whichever way, not by
//! the history, not by a number or a time.

use serde_json::{Value, json};

use crate::{
    consumer::{Consumer, WITHDRAW, settled},
    samples::{CITY, accident, injury, man, outcomes, with},
    support::{Row, TestHub, backends},
};

const HISTORY: &str = "query($id: ID!) { history(id: $id) { version action changed } }";

fn kinds(events: &[Value]) -> Vec<&str> {
    events.iter().filter_map(|event| event["kind"].as_str()).collect()
}

async fn sent(hub: &TestHub, key: &str, row: Row) -> Value {
    let answer = hub.submit(&hub.both("HRSS"), "WorkInjuries", "ATOMIC", key, &[row]).await;
    assert!(outcomes(&answer)[0] != "REJECTED", "{answer}");
    answer["verdicts"][0]["id"].clone()
}

#[tokio::test]
async fn what_changed_out_of_sight_is_no_event_and_no_version_and_the_cursor_goes_on() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let union = hub.reader("UNION", CITY);
        let (mut partial, mut single) =
            (Consumer::new(union.clone(), Value::Null), Consumer::new(union.clone(), Value::Null));
        let mut whole = Consumer::new(hub.both("HRSS"), json!(["WorkInjury"]));
        let id = sent(&hub, "k1", injury("W1", "A1", &man(1))).await;
        let parts = ["左手", "右手", "头部", "腰部"];
        for (number, part) in parts.iter().enumerate() {
            sent(
                &hub,
                &format!("h{number}"),
                with(injury("W1", "A1", &man(1)), json!({"bodyPart": part})),
            )
            .await;
        }
        // Hidden by the mask: 王小明 and 王大明 are both 王*.
        let named = |name: &str| {
            with(injury("W1", "A1", &man(1)), json!({"bodyPart": "腰部", "name": name}))
        };
        sent(&hub, "m1", named("王大明")).await;
        assert_eq!(
            kinds(&whole.pull(&hub, 2).await),
            ["UPSERT"; 6],
            "{backend:?}: whoever sees all is told all"
        );
        assert_eq!(kinds(&partial.pull(&hub, 1000).await), ["UPSERT"], "{backend:?}");
        assert_eq!(kinds(&single.pull(&hub, 1).await), ["UPSERT"], "{backend:?}: one at a time");
        let page = "{ changes(first: 1) { events { kind } more } }";
        assert_eq!(
            hub.data(&union, page).await["changes"]["more"],
            false,
            "{backend:?}: nothing is promised that is not told"
        );
        sent(&hub, "m2", named("李大明")).await;
        let seen = with(named("李大明"), json!({"decidedAt": "2024-04-01"}));
        sent(&hub, "v1", seen).await;
        let told = partial.pull(&hub, 1000).await;
        assert_eq!(
            kinds(&told),
            ["UPSERT"; 2],
            "{backend:?}: another mask is seen, and so is an open field"
        );
        assert_eq!(
            (&told[0]["changed"], &told[1]["changed"]),
            (&json!([]), &json!(["decidedAt"])),
            "{backend:?}"
        );
        for event in &told {
            assert_eq!(
                (&event["version"], &event["previousVersion"]),
                (&Value::Null, &Value::Null),
                "{backend:?}: {event}"
            );
        }
        let history = |token: String| {
            let (hub, id) = (&hub, id.clone());
            async move { hub.ask(&token, HISTORY, json!({"id": id})).await["data"]["history"].clone() }
        };
        let numbers = |list: &Value| -> Vec<i64> {
            list.as_array()
                .expect("a history")
                .iter()
                .filter_map(|version| version["version"].as_i64())
                .collect()
        };
        assert_eq!(numbers(&history(union.clone()).await), [3, 2, 1], "{backend:?}");
        assert_eq!(
            numbers(&history(hub.both("HRSS")).await),
            [8, 7, 6, 5, 4, 3, 2, 1],
            "{backend:?}"
        );
        let list = "{ workInjuries { nodes { version updatedAt createdAt } } }";
        let nodes = hub.data(&union, list).await["workInjuries"]["nodes"].clone();
        assert_eq!(
            (&nodes[0]["version"], &nodes[0]["updatedAt"]),
            (&Value::Null, &Value::Null),
            "{backend:?}: {nodes}"
        );
        assert!(nodes[0]["createdAt"].is_string(), "{backend:?}");
        let by_time = "{ workInjuries(where: {updatedAt: {gt: \"2024-01-01T00:00:00+08:00\"}}) { totalCount } }";
        assert_eq!(hub.code(&union, by_time).await, "FORBIDDEN", "{backend:?}: nor by a condition");
        // It goes and comes back: both are told, whatever changed.
        hub.ask(&hub.both("HRSS"), WITHDRAW, json!({"id": id, "reason": "误报"})).await;
        let back = with(named("李大明"), json!({"decidedAt": "2024-04-01"}));
        sent(&hub, "v2", back).await;
        assert_eq!(kinds(&partial.pull(&hub, 1000).await), ["UPSERT"; 2], "{backend:?}");
        assert_eq!(numbers(&history(union).await), [5, 4, 3, 2, 1], "{backend:?}");
        hub.holds().await;
    }
}

#[tokio::test]
async fn whoever_sees_all_of_a_family_sees_its_numbers() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("EMERGENCY", "Accident", "k1", vec![accident("A1")]).await;
        hub.take(
            "EMERGENCY",
            "Accident",
            "k2",
            vec![with(accident("A1"), json!({"course": "巷道顶板冒落"}))],
        )
        .await;
        settled(&hub).await;
        let list = "{ accidents { nodes { version } } changes(families: [\"Accident\"]) { events { version } } }";
        let all = hub.data(&hub.reader("EMERGENCY", CITY), list).await;
        assert_eq!(all["accidents"]["nodes"], json!([{"version": 2}]), "{backend:?}");
        assert_eq!(
            all["changes"]["events"],
            json!([{"version": 1}, {"version": 2}]),
            "{backend:?}"
        );
        let other = hub.data(&hub.reader("HRSS", CITY), list).await;
        assert_eq!(other["accidents"]["nodes"], json!([{"version": null}]), "{backend:?}");
        assert_eq!(
            other["changes"]["events"],
            json!([{"version": null}]),
            "{backend:?}: the course is hidden"
        );
    }
}
