//! A system that hands in accidents of its own and their victims, changes and withdraws them, and
//! after every doubt sends the same again with the same key, as the API asks for.

use rand::{Rng as _, rngs::StdRng, seq::SliceRandom as _};
use serde_json::{Value, json};

use crate::{
    faults::{
        fire::{Counts, Fire, Unknown},
        ledger::{Known, Ledger, Receipt, Together},
    },
    samples::{accident, man, victim, with},
    support::Row,
};

const WITHDRAW: &str =
    "mutation($id: ID!) { withdrawRecord(input: {id: $id, reason: \"误报\"}) { id version } }";

/// A mutation that hands in rows of a family.
pub fn mutation(plural: &str) -> String {
    format!(
        "mutation($input: Submit{plural}Input!) {{ answer: submit{plural}(input: $input) {{ receipt mode at digest created updated \
         unchanged rejected verdicts {{ row outcome id version faults {{ code }} findings {{ code }} }} }} }}"
    )
}

/// The variables of [`mutation`].
pub fn input(mode: &str, key: &str, rows: &[Row]) -> Value {
    json!({"input": {"mode": mode, "idempotencyKey": key, "rows": rows}})
}

/// An accident whose mark is its number of minor injuries.
pub fn marked(number: &str, mark: i64) -> Row {
    with(accident(number), json!({"minorInjuries": mark}))
}

/// A writer of a round.
pub struct Writer<'a> {
    fire: &'a Fire,
    name: String,
    random: StdRng,
    ledger: Ledger,
    count: i64,
}

/// What a writer is about to send.
struct Letter {
    plural: &'static str,
    mode: &'static str,
    numbers: Vec<String>,
    mark: i64,
    rows: Vec<Row>,
}

impl<'a> Writer<'a> {
    pub fn new(fire: &'a Fire, name: String, random: StdRng) -> Self {
        Self { fire, name, random, ledger: Ledger::default(), count: 0 }
    }

    /// Writes until the round ends.
    pub async fn run(mut self) -> Ledger {
        while self.fire.burns() {
            match self.random.gen_range(0..12) {
                0..=2 => self.create(1).await,
                3..=4 => self.create(30).await,
                5 => self.refused("ATOMIC").await,
                6 => self.refused("PARTIAL").await,
                7..=8 => self.change().await,
                9..=10 => self.victims().await,
                _ => self.withdraw().await,
            }
        }
        self.ledger
    }

    fn next(&mut self) -> i64 {
        self.count += 1;
        self.count
    }

    /// A number of a new record, or a key.
    fn fresh(&mut self, letter: char) -> String {
        let count = self.next();
        format!("{letter}{}-{count:05}", self.name)
    }

    /// Some of its accidents.
    fn some(&mut self, most: usize, withdrawn: bool) -> Vec<String> {
        let own =
            self.ledger.records.iter().filter(|(number, known)| {
                number.starts_with('A') && (withdrawn || !known.withdrawn)
            });
        let all: Vec<String> = own.map(|(number, _)| number.clone()).collect();
        let count = self.random.gen_range(1..=most);
        all.choose_multiple(&mut self.random, count).cloned().collect()
    }

    /// New rows, all or none. Now and then the writer never asks again what became of them.
    async fn create(&mut self, most: usize) {
        let count = self.random.gen_range(1..=most);
        let numbers: Vec<String> = (0..count).map(|_| self.fresh('A')).collect();
        let mark = self.next();
        let rows = numbers.iter().map(|number| marked(number, mark)).collect();
        let patient = self.random.gen_bool(0.8);
        self.submit(Letter { plural: "Accidents", mode: "ATOMIC", numbers, mark, rows }, patient)
            .await;
    }

    /// A good row and a wrong one.
    async fn refused(&mut self, mode: &'static str) {
        let (good, bad, mark) = (self.fresh('A'), self.fresh('A'), self.next());
        let rows = vec![
            marked(&good, mark),
            with(marked(&bad, mark), json!({"accidentType": "NO_SUCH_CODE"})),
        ];
        self.submit(
            Letter { plural: "Accidents", mode, numbers: vec![good, bad], mark, rows },
            true,
        )
        .await;
    }

    /// Other values for some of its accidents, withdrawn ones among them.
    async fn change(&mut self) {
        let numbers = self.some(8, true);
        if numbers.is_empty() {
            return;
        }
        let mark = self.next();
        let rows = numbers.iter().map(|number| marked(number, mark)).collect();
        self.submit(Letter { plural: "Accidents", mode: "PARTIAL", numbers, mark, rows }, true)
            .await;
    }

    /// Victims of its accidents.
    async fn victims(&mut self) {
        let accidents = self.some(3, false);
        if accidents.is_empty() {
            return;
        }
        let mark = self.next();
        let (mut numbers, mut rows) = (Vec::new(), Vec::new());
        for accident in accidents {
            let number = self.fresh('V');
            let order = u32::try_from(self.count).expect("small");
            rows.push(with(victim(&number, &accident, &man(order)), json!({"lostWorkdays": mark})));
            numbers.push(number);
        }
        self.submit(
            Letter { plural: "AccidentVictims", mode: "ATOMIC", numbers, mark, rows },
            true,
        )
        .await;
    }

    async fn withdraw(&mut self) {
        let Some(number) = self.some(1, false).pop() else { return };
        let known = self.ledger.records[&number].clone();
        let (answer, _) =
            self.fire.settle(&self.fresh('K'), WITHDRAW, &json!({"id": known.id})).await;
        let body: Value = serde_json::from_slice(&answer.body).expect("JSON");
        let version = known.version + 1;
        if body["data"]["withdrawRecord"] != json!({"id": known.id, "version": version}) {
            return self.fire.wrong(format!("{number} {known:?}: {body}"));
        }
        self.ledger.records.insert(number, Known { version, withdrawn: true, ..known });
    }

    async fn submit(&mut self, letter: Letter, patient: bool) {
        let key = self.fresh('K');
        let (query, variables) = (mutation(letter.plural), input(letter.mode, &key, &letter.rows));
        let (answer, again) = if patient {
            self.fire.settle(&key, &query, &variables).await
        } else {
            match self.fire.ask(&key, &query, &variables).await {
                Ok(answer) => (answer, None),
                Err(Unknown) => {
                    self.ledger
                        .abandoned
                        .push(Together { numbers: letter.numbers, mark: letter.mark });
                    return;
                }
            }
        };
        let body: Value = serde_json::from_slice(&answer.body).expect("JSON");
        let verdicts = body["data"]["answer"]["verdicts"].as_array().cloned().unwrap_or_default();
        if verdicts.len() != letter.numbers.len() {
            return self.fire.wrong(format!("{key}: {body}"));
        }
        if let Some(again) = again {
            // A receipt says when it was written: by this very request, or by one before it.
            let at = body["data"]["answer"]["at"]
                .as_str()
                .and_then(|at| at.parse::<chrono::DateTime<chrono::Utc>>().ok());
            let before = at.is_some_and(|at| at < again);
            Counts::add(if before { &self.fire.counts.done } else { &self.fire.counts.not_done });
        }
        for (number, verdict) in letter.numbers.into_iter().zip(&verdicts) {
            if let Some(wrong) = self.ledger.take(number, letter.mark, verdict) {
                self.fire.wrong(wrong);
            }
        }
        self.ledger.receipts.push(Receipt { number: key, query, variables, answer: answer.body });
    }
}
