//! Counts that a hub keeps are those that a hub counts which has kept nothing, whatever was written
//! in between.

use std::sync::Arc;

use lianfang::{
    app::{self, Settings},
    store::sql::database::Database,
};
use serde_json::{Value, json};

use super::made_up::{Dice, fill, listed};
use crate::{
    consumer::settled,
    samples::{CITY, COUNTY, OTHER_COUNTY, accident, disease, injury, man, victim, with},
    support::{TestHub, backends, row},
};

const SHEET: &str = "query($year: Int!) { indicators(region: \"140600\", year: $year) { rows { indicator region scope numerator denominator \
    lastYear { numerator } baseYear { numerator } } differences { own sum } accidentTypes { item count lastYear } \
    exposure { item count lastYear } factors { item count above } heat { rows { counts } } } }";

async fn told(hub: &TestHub, token: &str) -> Value {
    let answer = hub.ask(token, SHEET, json!({"year": 2023})).await;
    assert!(answer.get("errors").is_none(), "{answer}");
    answer["data"].clone()
}

/// What a hub says that has just started on the same store.
async fn counted_anew(hub: &TestHub, token: &str) -> Value {
    let database =
        Database::connect(&hub.url, Settings::default().database).await.expect("the store opens");
    let (services, settings) = (&hub.services, Settings::default());
    let parts =
        (Arc::clone(&services.catalogue), Arc::clone(&services.policy), Arc::clone(&hub.keys));
    let (router, services) =
        app::start(database, parts.0, parts.1, parts.2, settings).await.expect("the hub starts");
    told(&TestHub::beside(hub, router, services), token).await
}

/// Writes something of some family.
async fn write(hub: &TestHub, dice: &mut Dice, number: u64) {
    let (region, year) = (*dice.one(&[CITY, COUNTY, OTHER_COUNTY, "140681"]), 2019 + dice.below(5));
    let industry = *dice.one(&[Some("COAL_MINE"), Some("METALLURGY"), Some("MACHINERY"), None]);
    let place = json!({"regionCode": region, "keyIndustry": industry});
    let day = format!("{year}-05-05");
    // Half of them change a record that is there, and move it.
    let name = if dice.below(2) == 0 {
        format!("EMERGENCY-{}", dice.below(40))
    } else {
        format!("N{number}")
    };
    let person = man(u32::try_from(dice.below(30)).expect("small"));
    let (department, family, made) = match dice.below(7) {
        0 | 1 => (
            "EMERGENCY",
            "Accident",
            with(
                with(accident(&name), json!({"occurredAt": format!("{day}T08:00:00+08:00")})),
                place,
            ),
        ),
        2 => (
            "EMERGENCY",
            "AccidentVictim",
            victim(&format!("V{number}"), &format!("EMERGENCY-{}", dice.below(40)), &person),
        ),
        3 => (
            "HEALTH",
            "OccupationalDiseaseCase",
            with(
                with(
                    disease(&format!("D{}", dice.below(60)), &person),
                    json!({"diagnosedAt": day}),
                ),
                place,
            ),
        ),
        4 => {
            let made = injury(
                &format!("C{}", dice.below(60)),
                &format!("EMERGENCY-{}", dice.below(40)),
                &person,
            );
            (
                "HRSS",
                "WorkInjury",
                with(
                    with(made, json!({"injuredAt": day, "accidentDepartment": "EMERGENCY"})),
                    place,
                ),
            )
        }
        5 => {
            let made = json!({"trainingNo": format!("T{}", dice.below(60)), "name": "王小明", "idType": "RESIDENT_ID", "idNumber": person,
                "regionCode": COUNTY, "trainingDomain": "SAFETY", "mode": "OFFLINE", "hours": 8, "endedOn": day, "passed": dice.below(2) == 0});
            ("HRSS", "TrainingRecord", row(made))
        }
        _ => {
            let made = json!({"employmentNo": format!("M{}", dice.below(90)), "idType": "RESIDENT_ID", "idNumber": person,
                "keyPost": "TEAM_LEADER", "insuredFrom": day, "regionCode": region});
            ("HRSS", "Employment", with(row(made), json!({"keyIndustry": industry})))
        }
    };
    hub.take(department, family, &format!("w{number}"), vec![made]).await;
}

#[tokio::test]
async fn kept_counts_are_those_of_a_hub_that_counts_anew_after_every_write() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        fill(&hub, 11, 60).await;
        let office = hub.token("HRSS", CITY, &["SECRETARY"]);
        let mut dice = Dice::new(5);
        for number in 0..24 {
            write(&hub, &mut dice, number).await;
            if number % 6 == 5 {
                let owner = hub.both("EMERGENCY");
                let mut rows = listed(&hub, &owner, "accidents", "id department accidentNo").await;
                // The first forty have victims to come.
                let later = |number: &str| {
                    let filled = number.strip_prefix("EMERGENCY-").map(str::parse::<u32>);
                    !matches!(filled, Some(Ok(0..40)))
                };
                rows.retain(|row| {
                    row["department"] == "EMERGENCY"
                        && row["accidentNo"].as_str().is_some_and(later)
                });
                let id = dice.one(&rows)["id"].as_str().expect("an identifier").to_owned();
                let withdraw = format!(
                    "mutation {{ withdrawRecord(input: {{id: \"{id}\", reason: \"重复\"}}) {{ id }} }}"
                );
                hub.data(&owner, &withdraw).await;
            }
            assert_eq!(
                told(&hub, &office).await,
                counted_anew(&hub, &office).await,
                "after write {number}"
            );
        }
        // Nothing is counted again while nothing happens.
        settled(&hub).await;
        told(&hub, &office).await;
        let before = hub.database.statements();
        told(&hub, &office).await;
        let quiet = hub.database.statements() - before;
        assert!(quiet < 40, "{quiet} statements");
    }
}

#[tokio::test]
async fn kept_counts_hold_while_many_write_at_once() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        fill(&hub, 13, 60).await;
        let office = hub.token("HRSS", CITY, &["SECRETARY"]);
        let writers = async |start: u64| {
            let mut dice = Dice::new(start + 17);
            for number in start..start + 12 {
                write(&hub, &mut dice, number).await;
            }
        };
        let readers = async {
            for _ in 0..12 {
                told(&hub, &office).await;
            }
        };
        tokio::join!(writers(1_000), writers(2_000), writers(3_000), readers);
        assert_eq!(told(&hub, &office).await, counted_anew(&hub, &office).await);
        // Whoever may count less has counts of their own.
        let housing = hub.token("HOUSING", CITY, &["SECRETARY"]);
        assert_eq!(told(&hub, &housing).await, counted_anew(&hub, &housing).await);
    }
}
