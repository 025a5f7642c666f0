//! The noise of counts is that of another implementation of the cell-key method, cell by cell:
//! `tests/data/cell_key` was written by `scripts/oracles/cell_key.sh sample`, which says how. Many
//! more records than these are compared by the script.

use std::{collections::BTreeMap, path::PathBuf};

use serde_json::{Value, json};

use crate::{
    samples::{CITY, accident, uscc, with},
    support::{TestHub, backends},
};

type Line = BTreeMap<String, String>;

fn lines(name: &str) -> Vec<Line> {
    let shipped = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/cell_key");
    let directory = std::env::var_os("LIANFANG_CELL_KEY_DATA").map_or_else(shipped, PathBuf::from);
    let mut reader = csv::Reader::from_path(directory.join(name)).expect(name);
    reader.deserialize().collect::<Result<_, _>>().expect(name)
}

/// The dimension of a column of the oracle.
fn dimension(column: &str) -> &'static str {
    match column {
        "regionCode" => "REGION_CODE",
        "keyIndustry" => "KEY_INDUSTRY",
        "year" => "OCCURRED_AT_YEAR",
        "accidentType" => "ACCIDENT_TYPE",
        other => unreachable!("{other}"),
    }
}

async fn filled(hub: &TestHub, records: &[Line]) {
    for (number, chunk) in records.chunks(1_000).enumerate() {
        let row = |(order, line): (u32, &Line)| {
            // Each at an employer of its own: groups of one or two are not told, whatever their noise.
            let employer = uscc(1 + order + 1_000 * u32::try_from(number).expect("few chunks"));
            let own = json!({"employerUscc": employer, "regionCode": line["regionCode"], "keyIndustry": line["keyIndustry"], "accidentType": line["accidentType"],
                             "occurredAt": format!("{}-06-01T09:00:00+08:00", line["year"])});
            with(accident(&line["accidentNo"]), own)
        };
        hub.take(
            "EMERGENCY",
            "Accident",
            &format!("k{number}"),
            (0..).zip(chunk).map(row).collect(),
        )
        .await;
    }
    let mut by_key: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for line in records {
        by_key.entry(&line["recordKey"]).or_default().push(format!("'{}'", line["accidentNo"]));
    }
    for (key, numbers) in by_key {
        hub.db_run(&format!(
            "UPDATE accidents SET record_key = {key} WHERE accident_no IN ({})",
            numbers.join(", ")
        ))
        .await;
    }
}

#[tokio::test]
async fn the_noise_of_every_cell_is_that_of_another_implementation() {
    let (records, cells) = (lines("records.csv"), lines("cells.csv"));
    let mut tables: BTreeMap<&str, Vec<&Line>> = BTreeMap::new();
    for cell in &cells {
        tables.entry(&cell["dimensions"]).or_default().push(cell);
    }
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        filled(&hub, &records).await;
        let token = hub.reader("INDUSTRY", CITY);
        let mut compared = 0;
        for (dimensions, cells) in &tables {
            let names: Vec<&str> = dimensions.split('|').map(dimension).collect();
            let query = format!(
                "{{ accidentStats(groupBy: [{}]) {{ keys {{ value }} count }} }}",
                names.join(", ")
            );
            let answer = hub.data(&token, &query).await["accidentStats"].clone();
            let mut told = BTreeMap::new();
            for group in
                answer.as_array().expect("groups").iter().filter(|group| !group["count"].is_null())
            {
                let keys: Vec<&str> = group["keys"]
                    .as_array()
                    .expect("keys")
                    .iter()
                    .filter_map(|key| key["value"].as_str())
                    .collect();
                told.insert(keys.join("|"), group["count"].clone());
            }
            for cell in cells {
                // Cells whose real count is under the threshold are not told here, whatever their
                // noise.
                let real: i64 = cell["real"].parse().expect("a count");
                let wanted = cell["told"]
                    .parse::<i64>()
                    .ok()
                    .filter(|_| real >= 3)
                    .map_or(Value::Null, Value::from);
                let found = told.remove(&cell["values"]).unwrap_or_default();
                assert_eq!(found, wanted, "{backend:?} {dimensions} {}", cell["values"]);
                compared += 1;
            }
            assert!(told.is_empty(), "{backend:?} {dimensions}: {told:?}");
        }
        println!("{backend:?}: {compared} cells of {} records agree", records.len());
        assert!(compared >= 200, "only {compared} cells");
    }
}
