//! Made-up records of a city that touch every rule of counting: other years, other states, other
//! holders, no industry.

use serde_json::{Value, json};

use crate::{
    samples::{CITY, COUNTY, OTHER_COUNTY, accident, disease, injury, man, victim, with},
    support::{Row, TestHub, row},
};

/// A sequence of numbers that only looks random.
pub struct Dice(u64);

impl Dice {
    pub const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }

    pub fn one<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len() as u64) as usize]
    }
}

const PLACES: [&str; 5] = [CITY, COUNTY, OTHER_COUNTY, "140681", "140671"];
const INDUSTRIES: [Option<&str>; 6] = [
    Some("COAL_MINE"),
    Some("CONSTRUCTION"),
    Some("TRANSPORT"),
    Some("METALLURGY"),
    Some("OTHER"),
    None,
];

/// Days around the turn of the year and in it.
fn day(dice: &mut Dice) -> String {
    let year = 2018 + dice.below(7);
    let (month, day) = *dice.one(&[(1, 1), (3, 5), (6, 30), (12, 31)]);
    format!("{year}-{month:02}-{day:02}")
}

fn place(dice: &mut Dice, made: Row) -> Row {
    let changes = json!({"regionCode": dice.one(&PLACES), "keyIndustry": dice.one(&INDUSTRIES), "industryCode": null});
    with(made, changes)
}

/// Fills a hub with so many records of each family.
pub async fn fill(hub: &TestHub, seed: u64, count: u64) {
    let mut dice = Dice::new(seed);
    let mut made = Vec::new();
    for department in ["EMERGENCY", "HOUSING", "TRANSPORT"] {
        let rows = (0..count).map(|number| {
            // Half past midnight in China is still the day before in UTC.
            let time = *dice.one(&["T00:30:00+08:00", "T23:30:00+08:00"]);
            let occurred = format!("{}{time}", day(&mut dice));
            let status = *dice.one(&[Some("WRITTEN_OFF"), Some("DETERMINED"), Some("PRELIMINARY"), None]);
            let row = with(
                accident(&format!("{department}-{number}")),
                json!({"occurredAt": occurred, "statStatus": status, "deaths": dice.below(3), "missing": dice.below(2),
                    "seriousInjuries": dice.below(3), "acutePoisonings": dice.below(2), "minorInjuries": dice.below(4),
                    "accidentType": *dice.one(&["COLLAPSE", "MACHINERY", "FALL_FROM_HEIGHT"])}),
            );
            let industries: &[Option<&str>] = match department {
                "HOUSING" => &[Some("CONSTRUCTION")],
                "TRANSPORT" => &[Some("TRANSPORT")],
                _ => &INDUSTRIES,
            };
            with(row, json!({"regionCode": dice.one(&PLACES), "keyIndustry": dice.one(industries)}))
        });
        let rows: Vec<Row> = rows.collect();
        made.push((department, "Accident", rows));
    }
    let victims = (0..count).map(|number| {
        let accident = format!("EMERGENCY-{}", dice.below(count));
        victim(
            &format!("V{number}"),
            &accident,
            &man(u32::try_from(dice.below(30)).expect("small")),
        )
    });
    made.push(("EMERGENCY", "AccidentVictim", victims.collect()));
    let cases = (0..count).map(|number| {
        let row = with(
            disease(&format!("D{number}"), &man(u32::try_from(number).expect("small"))),
            json!({"diagnosedAt": day(&mut dice), "reportNature": *dice.one(&["FIRST", "FIRST", "PROGRESSION"]),
                "diseaseCode": *dice.one(&["RESP-01", "RESP-12", "ENT-01"]), "stage": null,
                "exposureYears": *dice.one(&[Some(2), Some(4), Some(9), None]), "exposureMonths": *dice.one(&[0, 11])}),
        );
        place(&mut dice, row)
    });
    made.push(("HEALTH", "OccupationalDiseaseCase", cases.collect()));
    let injuries = (0..count).map(|number| {
        let article = *dice.one(&["ART14_1", "ART14_4", "ART14_6", "ART15_1", "ART15_2"]);
        let result = *dice.one(&["RECOGNIZED", "DEEMED", "NOT_RECOGNIZED"]);
        let (case, accident) = (format!("C{number}"), dice.below(count));
        let person = man(u32::try_from(dice.below(30)).expect("small"));
        let day = day(&mut dice);
        let row = with(
            injury(
                &case,
                &format!("EMERGENCY-{accident}"),
                &person,
            ),
            json!({"injuredAt": day, "decidedAt": day, "article": article, "result": result, "accidentDepartment": "EMERGENCY"}),
        );
        place(&mut dice, row)
    });
    made.push(("HRSS", "WorkInjury", injuries.collect()));
    let spells = (0..count * 2).map(|number| {
        let from = day(&mut dice);
        let to = dice.one(&[None, Some("2021-12-31"), Some("2023-06-30")]).filter(|to| **to > *from);
        let row = row(json!({
            "employmentNo": format!("M{number}"), "idType": "RESIDENT_ID", "idNumber": man(u32::try_from(dice.below(30)).expect("small")),
            "keyPost": *dice.one(&[Some("TEAM_LEADER"), Some("DEPUTY_HEAD"), None]), "insuredFrom": from, "insuredTo": to,
            "regionCode": dice.one(&PLACES[1..4]),
        }));
        with(row, json!({"keyIndustry": dice.one(&INDUSTRIES)}))
    });
    made.push(("HRSS", "Employment", spells.collect()));
    let trained = (0..count).map(|number| {
        row(json!({
            "trainingNo": format!("T{number}"), "name": "王小明", "idType": "RESIDENT_ID",
            "idNumber": man(u32::try_from(dice.below(30)).expect("small")), "regionCode": dice.one(&PLACES[1..4]),
            "trainingDomain": *dice.one(&["SAFETY", "OCCUPATIONAL_HEALTH"]), "mode": "OFFLINE", "hours": 8,
            "endedOn": day(&mut dice), "passed": dice.below(3) > 0,
        }))
    });
    made.push(("HRSS", "TrainingRecord", trained.collect()));
    let units = (0..count).map(|number| {
        let row = row(json!({
            "unitYearNo": format!("U{number}"), "year": 2018 + dice.below(7), "riskClass": 4, "floatStep": "BASE",
            "insuredPersons": dice.below(500), "baseRatePer100000": 900,
            "premiumPaidYuan": format!("{}.50", dice.below(100_000)), "benefitMedicalYuan": format!("{}.25", dice.below(50_000)),
            "benefitDeathYuan": format!("{}.00", dice.below(50_000)), "preventionYuan": format!("{}.00", dice.below(900)),
        }));
        place(&mut dice, row)
    });
    made.push(("HRSS", "InsuredUnitYear", units.collect()));
    for (department, family, rows) in made {
        hub.take(department, family, &format!("{family}-{department}"), rows).await;
    }
    // The city answers for all of its figures; its counties for what they have handed in.
    hub.sign_all(CITY, &[2018, 2019, 2020, 2021, 2022, 2023, 2024]).await;
}

/// All rows of a list, page by page.
pub async fn listed(hub: &TestHub, token: &str, list: &str, fields: &str) -> Vec<Value> {
    let (mut rows, mut after) = (Vec::new(), Value::Null);
    loop {
        let document = format!(
            "query($after: String) {{ {list}(first: 200, after: $after) {{ nodes {{ {fields} }} pageInfo {{ hasNextPage endCursor }} }} }}"
        );
        let answer = hub.ask(token, &document, json!({"after": after})).await;
        assert!(answer.get("errors").is_none(), "{answer}");
        let page = &answer["data"][list];
        rows.extend(page["nodes"].as_array().expect("nodes").clone());
        if page["pageInfo"]["hasNextPage"] != true {
            return rows;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}
