//! Whoever follows the changes holds what the lists show, whatever is written meanwhile.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use serde_json::{Value, json};

use crate::{
    consumer::{Consumer, WITHDRAW},
    samples::{CITY, COUNTY, OTHER_COUNTY, accident, man, outcomes, person, victim, with},
    support::{TestHub, backends},
};

/// What a reader sees of all families of the feed, by identifier, with the fields of
/// [`crate::consumer::PAGE`].
pub async fn listed(hub: &TestHub, token: &str) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for (list, fields) in [
        ("accidents", "accidentNo regionCode keyIndustry deaths"),
        ("accidentVictims", "victimNo regionCode name bodyPart"),
        ("persons", "personNo regionCode name"),
    ] {
        let query = format!(
            "{{ {list}(first: 200) {{ pageInfo {{ hasNextPage }} nodes {{ __typename id {fields} }} }} }}"
        );
        // A family of which nothing may be listed is refused.
        let page = hub.ask(token, &query, json!({})).await["data"][list].clone();
        if page.is_null() {
            continue;
        }
        assert_eq!(page["pageInfo"]["hasNextPage"], false);
        for node in page["nodes"].as_array().expect("rows") {
            all.insert(node["id"].as_str().expect("an identifier").to_owned(), node.clone());
        }
    }
    all
}

/// One writer of a round: hands in or withdraws something. That others are faster, or that an
/// accident is gone, is no fault.
pub async fn write(hub: &TestHub, key: &str, choice: u32, number: u32, seed: u32) {
    let region = if seed.is_multiple_of(2) { COUNTY } else { OTHER_COUNTY };
    let industry = ["COAL_MINE", "CONSTRUCTION"][(seed / 2 % 2) as usize];
    let (emergency, social) = (hub.both("EMERGENCY"), hub.both("HRSS"));
    let (token, plural, row) = match choice {
        0..=3 => {
            let row = json!({"regionCode": region, "keyIndustry": industry, "deaths": seed % 3});
            (&emergency, "Accidents", with(accident(&format!("A{number}")), row))
        }
        4..=6 => {
            let row = victim(&format!("V{number}"), &format!("A{}", seed % 6), &man(number));
            (
                &emergency,
                "AccidentVictims",
                with(row, json!({"bodyPart": format!("部位{}", seed % 2)})),
            )
        }
        7..=8 => {
            let row =
                with(person(&format!("P{number}"), &man(number)), json!({"regionCode": region}));
            (&social, "Persons", row)
        }
        _ => {
            let (token, list) =
                [(&emergency, "accidents"), (&emergency, "accidentVictims"), (&social, "persons")]
                    [(seed % 3) as usize];
            let found =
                hub.data(token, &format!("{{ {list}(first: 200) {{ nodes {{ id }} }} }}")).await;
            let nodes = found[list]["nodes"].as_array().cloned().unwrap_or_default();
            if let Some(node) = nodes.get(number as usize % nodes.len().max(1)) {
                hub.ask(token, WITHDRAW, json!({"id": node["id"], "reason": "误报"})).await;
            }
            return;
        }
    };
    let answer = hub.submit(token, plural, "PARTIAL", key, &[row]).await;
    assert!(
        !outcomes(&answer).is_empty() || answer["errors"][0]["extensions"]["code"] == "CONFLICT",
        "{answer}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_follows_the_changes_holds_what_the_lists_show() {
    for backend in backends() {
        for seed in 0..3 {
            let hub = TestHub::on(backend).await;
            let mut random = StdRng::seed_from_u64(seed);
            let families = json!(["Accident", "AccidentVictim", "Person"]);
            let mut consumers: Vec<Consumer> = [
                ("EMERGENCY", CITY),
                ("EMERGENCY", COUNTY),
                ("HRSS", OTHER_COUNTY),
                ("HOUSING", CITY),
                ("UNION", COUNTY),
                ("MARKET", CITY),
            ]
            .map(|(department, region)| {
                Consumer::new(hub.reader(department, region), families.clone())
            })
            .into();
            let mut told = 0;
            for round in 0..12 {
                let writers: Vec<_> = (0..4)
                    .map(|writer| {
                        (
                            format!("{round}-{writer}"),
                            random.gen_range(0..11),
                            random.gen_range(0..6),
                            random.gen_range(0..1000),
                        )
                    })
                    .collect();
                let writing =
                    join_all(writers.iter().map(|(key, choice, number, seed)| {
                        write(&hub, key, *choice, *number, *seed)
                    }));
                // Who follows while others write must not lose what is committed behind the own
                // back.
                let following = async {
                    let mut told = 0;
                    for consumer in &mut consumers {
                        if random.gen_bool(0.5) {
                            told += consumer.follow(&hub, random.gen_range(1..9)).await.len();
                        }
                    }
                    told
                };
                told += tokio::join!(writing, following).1;
            }
            for consumer in &mut consumers {
                told += consumer.pull(&hub, random.gen_range(1..40)).await.len();
                assert_eq!(
                    consumer.copy,
                    listed(&hub, &consumer.token).await,
                    "{backend:?} seed {seed}"
                );
                // Who begins now comes to the same.
                let mut late = Consumer::new(consumer.token.clone(), families.clone());
                late.pull(&hub, random.gen_range(1..40)).await;
                assert_eq!(late.copy, consumer.copy, "{backend:?} seed {seed}");
            }
            assert!(told > 50, "only {told} changes were told");
            hub.holds().await;
        }
    }
}
