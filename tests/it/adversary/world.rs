//! Records in many counties, few in most of them, and what can be said of each.

use lianfang::submit::verdict::{Mode, RowOutcome};
use serde_json::{Value, json};

use super::subject::Subject;
use crate::{
    indicators::made_up::Dice,
    samples::{employer, identity, person, with},
    support::{Row, TestHub},
};

pub const INDUSTRIES: [Option<&str>; 3] = [Some("COAL_MINE"), Some("METALLURGY"), None];
pub const YEARS: [i32; 3] = [2021, 2022, 2023];
/// What is known or unknown of a case, by place in the lists: county, industry, year, and two
/// things more.
pub type Kind = [usize; 5];

/// The cases.
pub struct World {
    pub subject: Subject,
    pub counties: Vec<String>,
    pub cases: Vec<Kind>,
}

impl World {
    /// Cases in these counties: none in many places, many in some.
    pub fn new(subject: Subject, counties: Vec<String>, seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let mut cases = Vec::new();
        for county in 0..counties.len() {
            let size = [0, 1, 2, 6][usize::try_from(dice.below(4)).expect("small")];
            for industry in 0..INDUSTRIES.len() {
                for year in 0..YEARS.len() {
                    for one in 0..2 {
                        for other in 0..2 {
                            let many = dice.below(3) == 0;
                            let count =
                                if many { dice.below(1 + size) } else { dice.below(1 + size / 3) };
                            cases.extend((0..count).map(|_| [county, industry, year, one, other]));
                        }
                    }
                }
            }
        }
        Self { subject, counties, cases }
    }

    fn sizes(&self) -> Kind {
        [self.counties.len(), INDUSTRIES.len(), YEARS.len(), 2, 2]
    }

    /// How many kinds there are.
    pub fn kinds(&self) -> usize {
        self.sizes().iter().product()
    }

    /// Places of all kinds that something is true of.
    pub fn all(&self, holds: impl Fn(&Kind) -> bool) -> Vec<usize> {
        (0..self.kinds()).filter(|place| holds(&self.kind(*place))).collect()
    }

    fn kind(&self, place: usize) -> Kind {
        let sizes = self.sizes();
        let mut rest = place;
        let mut kind = [0; 5];
        for side in (0..5).rev() {
            kind[side] = rest % sizes[side];
            rest /= sizes[side];
        }
        kind
    }

    /// All kinds.
    pub fn possible(&self) -> impl Iterator<Item = Kind> + '_ {
        (0..self.kinds()).map(|place| self.kind(place))
    }

    /// How many cases there are of each kind.
    pub fn truth(&self) -> Vec<i64> {
        let mut truth = vec![0; self.kinds()];
        for case in &self.cases {
            let place =
                case.iter().zip(self.sizes()).fold(0, |place, (own, size)| place * size + own);
            truth[place] += 1;
        }
        truth
    }

    /// Hands the cases in, with the persons and the employer they are of, and searches for leads.
    pub async fn load(&self, hub: &TestHub) {
        let who = |number: usize| {
            let order = u32::try_from(number).expect("small");
            let born = format!("190{}0{}0{}", order % 3, 1 + order / 900 % 9, 1 + order / 100 % 9);
            identity("140602", &born, order % 100 * 10 + 1)
        };
        let of = |case: &Kind| self.counties[case[0]].as_str();
        let numbered = || self.cases.iter().enumerate();
        let (holder, family) = self.subject.family();
        let rows = numbered()
            .map(|(number, case)| self.subject.row(number, &who(number), (of(case), case)));
        hand_in(hub, (holder, family), rows.collect()).await;
        let persons = numbered().map(|(number, case)| {
            with(person(&format!("P{number}"), &who(number)), json!({"regionCode": of(case)}))
        });
        hand_in(hub, ("HRSS", "Person"), persons.collect()).await;
        hand_in(hub, ("HRSS", "Employer"), vec![employer("E1", 1)]).await;
        let steward = hub.token("HRSS", "140000", &["READER", "STEWARD"]);
        hub.data(&steward, "mutation { searchLeads(region: \"140000\") { at } }").await;
    }

    /// What a listed row says of its case; nothing where a field is hidden.
    pub fn seen(&self, row: &Value) -> [Option<usize>; 5] {
        let place = |list: &[&str], value: &Value| {
            value.as_str().and_then(|value| list.iter().position(|own| *own == value))
        };
        let counties: Vec<&str> = self.counties.iter().map(String::as_str).collect();
        let industry = INDUSTRIES.iter().position(|own| *own == row["keyIndustry"].as_str());
        let [year, one, other] = self.subject.seen(row);
        [place(&counties, &row["regionCode"]), industry, year, one, other]
    }
}

async fn hand_in(hub: &TestHub, (holder, family): (&str, &str), rows: Vec<Row>) {
    for (number, rows) in rows.chunks(500).enumerate() {
        let key = format!("{family}{number}");
        let answer = hub.hand_in(holder, "140000", family, Mode::Atomic, &key, rows.to_vec()).await;
        assert_eq!(answer.count(RowOutcome::Created), rows.len(), "{answer:?}");
    }
}
