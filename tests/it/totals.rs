//! `totalCount` is the number of rows there are now, whoever asks and whatever hub: it comes from
//! cells that are counted once, and no write may escape them.

use lianfang::submit::verdict::Mode;
use proptest::{
    collection::vec,
    strategy::{Strategy, ValueTree as _},
};
use serde_json::{Value, json};

use crate::{
    paging::runner,
    samples::{CITY, COUNTY, FOREIGN_COUNTY, OTHER_COUNTY, accident, injury, man, with},
    support::{Row, TestHub, backends},
};

const WITHDRAW: &str =
    "mutation($id: ID!) { withdrawRecord(input: {id: $id, reason: \"重复\"}) { id version } }";

/// The total of a list, and the number of rows that it has.
async fn both(hub: &TestHub, token: &str, list: &str, condition: &str) -> (Value, usize) {
    let query = format!("{{ {list}(first: 200 {condition}) {{ totalCount nodes {{ id }} }} }}");
    let alone = format!("{{ {list}(first: 1 {condition}) {{ totalCount }} }}");
    let answer = hub.data(token, &query).await;
    let total = hub.data(token, &alone).await[list]["totalCount"].clone();
    assert_eq!(answer[list]["totalCount"], total);
    (total, answer[list]["nodes"].as_array().expect("nodes").len())
}

#[tokio::test]
async fn the_total_is_that_of_the_list_after_every_write_on_every_hub() {
    let places = [COUNTY, OTHER_COUNTY, CITY];
    let industries = [Some("COAL_MINE"), Some("TRANSPORT"), Some("CONSTRUCTION"), None];
    let write = (0_usize..6, 0..places.len(), 0..industries.len(), 0_u32..4);
    let writes = vec(write, 14).new_tree(&mut runner(1)).expect("writes").current();
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let other = hub.another().await;
        let askers = [
            ("EMERGENCY", CITY),
            ("HRSS", COUNTY),
            ("HRSS", "140000"),
            ("TRANSPORT", CITY),
            ("UNION", "140200"),
        ]
        .map(|(department, region)| hub.reader(department, region));
        let steward = hub.both("EMERGENCY");
        for (step, (number, place, industry, kind)) in writes.iter().copied().enumerate() {
            let changes = json!({"regionCode": places[place], "keyIndustry": industries[industry]});
            let row: Row = with(accident(&format!("A{number}")), changes);
            let key = format!("k{step}");
            let answer =
                hub.hand_in("EMERGENCY", CITY, "Accident", Mode::Atomic, &key, vec![row]).await;
            if kind == 0
                && let Some(id) = answer.verdicts[0].id
            {
                let family = hub.services.catalogue.find("Accident").expect("the family");
                let id =
                    lianfang::store::records::global_id::global_id(&hub.services.seal, family, id);
                let gone = hub.ask(&steward, WITHDRAW, json!({ "id": id })).await;
                assert!(gone["data"]["withdrawRecord"]["version"].is_number(), "{gone}");
            }
            for token in &askers {
                for condition in [
                    String::new(),
                    format!("where: {{regionCode: {{eq: \"{COUNTY}\"}}}}"),
                    "where: {regionCode: {prefix: \"1406\"}}".to_owned(),
                    "where: {keyIndustry: {in: [COAL_MINE, TRANSPORT]}}".to_owned(),
                ] {
                    for hub in [&hub, &other] {
                        let (total, rows) = both(hub, token, "accidents", &condition).await;
                        assert_eq!(total, json!(rows), "step {step} {condition}");
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn nobody_is_told_how_many_there_are_where_they_see_none() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let far = with(injury("W9", "A9", &man(9)), json!({"regionCode": FOREIGN_COUNTY}));
        hub.take("HRSS", "WorkInjury", "k1", vec![injury("W1", "A1", &man(1))]).await;
        hub.hand_in("HRSS", "140200", "WorkInjury", Mode::Atomic, "k2", vec![far]).await;
        for (region, count) in [(CITY, 1), ("140200", 1), ("140000", 2), (OTHER_COUNTY, 0)] {
            let token = hub.reader("HRSS", region);
            let (total, rows) = both(&hub, &token, "workInjuries", "").await;
            assert_eq!((total, rows), (json!(count), count), "{region}");
        }
    }
}
