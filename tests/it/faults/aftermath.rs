//! What has to hold after every fault, asked of the hub and of `lianfang verify`.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::faults::{
    fire::{Counts, Fire},
    follower::Follower,
    ledger::Ledger,
    process::Place,
};

/// Looks at everything, with the hub running and nobody writing. Returns how many records there
/// are.
pub async fn holds(
    fire: &Fire,
    place: &Place,
    ledger: &Ledger,
    followers: Vec<Follower<'_>>,
) -> usize {
    let listed = listed(fire).await;
    rows(fire, ledger, &listed);
    for receipt in &ledger.receipts {
        let (answer, _) = fire.settle(&receipt.number, &receipt.query, &receipt.variables).await;
        if answer.body == receipt.answer {
            Counts::add(&fire.counts.replayed);
        } else {
            fire.wrong(format!(
                "{} is answered otherwise: {}",
                receipt.number,
                String::from_utf8_lossy(&answer.body)
            ));
        }
    }
    for receipt in ledger.receipts.iter().take(5) {
        let mut other = receipt.variables.clone();
        let mark = if other["input"]["rows"][0]["victimNo"].is_string() {
            "lostWorkdays"
        } else {
            "minorInjuries"
        };
        other["input"]["rows"][0][mark] = json!(5_999);
        let (answer, _) = fire.settle(&receipt.number, &receipt.query, &other).await;
        let body: Value = serde_json::from_slice(&answer.body).expect("JSON");
        if body["errors"][0]["extensions"]["code"] != "CONFLICT" {
            fire.wrong(format!("{} with other content: {body}", receipt.number));
        }
    }
    for mut follower in followers {
        feed(fire, ledger, &listed, &mut follower).await;
    }
    let (sound, said) = place.run(&["verify"]).await;
    if !sound || !said.contains("everything holds") {
        fire.wrong(said);
    }
    let trouble = fire.trouble();
    assert!(
        trouble.is_empty(),
        "{} things are wrong:\n{}\nthe hubs said:\n{}",
        trouble.len(),
        trouble.join("\n"),
        place.log()
    );
    listed.len()
}

/// All records in the lists, by their number; each list is read to its end.
async fn listed(fire: &Fire) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for (list, fields) in
        [("accidents", "accidentNo minorInjuries"), ("accidentVictims", "victimNo lostWorkdays")]
    {
        let query = format!(
            "query($after: String) {{ {list}(first: 200, after: $after) {{ pageInfo {{ hasNextPage endCursor }} nodes {{ id version \
             {fields} }} }} }}"
        );
        let mut after = Value::Null;
        loop {
            let (answer, _) = fire.settle("list", &query, &json!({"after": after})).await;
            let body: Value = serde_json::from_slice(&answer.body).expect("JSON");
            let page = &body["data"][list];
            for node in page["nodes"].as_array().unwrap_or_else(|| unreachable!("{body}")) {
                let number = number(node).to_owned();
                if let Some(twice) = all.insert(number, node.clone()) {
                    fire.wrong(format!("there twice: {twice} {node}"));
                }
            }
            if page["pageInfo"]["hasNextPage"] != true {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
    }
    all
}

fn number(node: &Value) -> &str {
    node["accidentNo"].as_str().or(node["victimNo"].as_str()).expect("a number")
}

fn mark(node: &Value) -> i64 {
    node["minorInjuries"].as_i64().or(node["lostWorkdays"].as_i64()).unwrap_or_default()
}

/// What was acknowledged is there, what was refused is not, and of the rest all rows of a
/// submission or none.
fn rows(fire: &Fire, ledger: &Ledger, listed: &BTreeMap<String, Value>) {
    let mut expected = 0;
    for (number, known) in &ledger.records {
        let found = listed.get(number);
        expected += usize::from(!known.withdrawn);
        let same = match found {
            None => known.withdrawn,
            Some(node) => {
                !known.withdrawn
                    && node["id"] == known.id.as_str()
                    && node["version"] == known.version
                    && mark(node) == known.mark
            }
        };
        if !same {
            fire.wrong(format!("{number} was acknowledged as {known:?} and is {found:?}"));
        }
    }
    for number in &ledger.refused {
        if let Some(node) = listed.get(number) {
            fire.wrong(format!("refused and there: {node}"));
        }
    }
    let together = ledger
        .abandoned
        .iter()
        .map(|rows| (rows, true))
        .chain(ledger.files.iter().map(|rows| (rows, false)));
    for (rows, may_be_missing) in together {
        let found: Vec<&Value> =
            rows.numbers.iter().filter_map(|number| listed.get(number)).collect();
        let whole = found.len() == rows.numbers.len()
            && found.iter().all(|node| mark(node) == rows.mark && node["version"] == 1);
        let sound = whole || (may_be_missing && found.is_empty());
        if !sound {
            fire.wrong(format!(
                "{} of {} rows are there: {rows:?} {found:?}",
                found.len(),
                rows.numbers.len()
            ));
        }
        expected += found.len();
    }
    if expected != listed.len() {
        fire.wrong(format!("{} records are there instead of {expected}", listed.len()));
    }
}

/// The follower has heard of everything, and has what the lists show.
async fn feed(
    fire: &Fire,
    ledger: &Ledger,
    listed: &BTreeMap<String, Value>,
    follower: &mut Follower<'_>,
) {
    let own: BTreeMap<&str, &Value> = listed
        .iter()
        .filter(|(number, _)| follower.heard_all() || number.starts_with('A'))
        .map(|(number, node)| (number.as_str(), node))
        .collect();
    // Other tests write to the same server: what they have open holds back what is newer.
    let whole = |follower: &Follower<'_>| {
        follower.copy.len() == own.len()
            && own.values().all(|node| follower.copy.values().any(|copy| copy == *node))
            && (!follower.heard_all()
                || ledger.records.values().all(|known| follower.knows(&known.id, known.version)))
    };
    for _ in 0..6_000 {
        while follower.page().await {}
        if whole(follower) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let copy: BTreeMap<&str, &Value> =
        follower.copy.values().map(|node| (number(node), node)).collect();
    for (number, node) in &own {
        if copy.get(number) != Some(node) {
            fire.wrong(format!("the list has {node} and the follower {:?}", copy.get(number)));
        }
    }
    if copy.len() != own.len() {
        fire.wrong(format!("the follower has {} records instead of {}", copy.len(), own.len()));
    }
    for (number, known) in ledger.records.iter().filter(|_| follower.heard_all()) {
        if !follower.knows(&known.id, known.version) {
            fire.wrong(format!("the feed left out versions of {number} {known:?}"));
        }
    }
}
