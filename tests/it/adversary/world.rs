//! Cases of disease in many counties, few in most of them, and what can be said of each.

use lianfang::submit::verdict::{Mode, Outcome};
use serde_json::{Value, json};

use crate::{
    indicators::made_up::Dice,
    samples::{disease, identity, with},
    support::TestHub,
};

pub const INDUSTRIES: [Option<&str>; 3] = [Some("COAL_MINE"), Some("METALLURGY"), None];
pub const YEARS: [i32; 3] = [2021, 2022, 2023];
/// A pneumoconiosis, and something else.
pub const DISEASES: [&str; 2] = ["RESP-01", "ENT-01"];
/// Their classes.
pub const CLASSES: [&str; 2] = ["RESPIRATORY", "ENT_ORAL"];

/// What is known or unknown of a case, by place in the lists: county, industry, year, disease, whether under five years.
pub type Kind = [usize; 5];

/// The cases.
pub struct World {
    pub counties: Vec<String>,
    pub cases: Vec<Kind>,
}

impl World {
    /// Cases in these counties: none in many places, many in some.
    pub fn new(counties: Vec<String>, seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let mut cases = Vec::new();
        for county in 0..counties.len() {
            let size = [0, 1, 2, 6][usize::try_from(dice.below(4)).expect("small")];
            for industry in 0..INDUSTRIES.len() {
                for year in 0..YEARS.len() {
                    for disease in 0..DISEASES.len() {
                        for under in 0..2 {
                            let many = dice.below(3) == 0;
                            let count = if many { dice.below(1 + size) } else { dice.below(1 + size / 3) };
                            cases.extend((0..count).map(|_| [county, industry, year, disease, under]));
                        }
                    }
                }
            }
        }
        Self { counties, cases }
    }

    fn sizes(&self) -> Kind {
        [self.counties.len(), INDUSTRIES.len(), YEARS.len(), DISEASES.len(), 2]
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
            let place = case.iter().zip(self.sizes()).fold(0, |place, (own, size)| place * size + own);
            truth[place] += 1;
        }
        truth
    }

    /// Hands the cases in.
    pub async fn load(&self, hub: &TestHub) {
        let row = |(number, case): (usize, &Kind)| {
            let order = u32::try_from(number).expect("small");
            let person = identity(
                "140602",
                &format!("190{}0{}0{}", order % 3, 1 + order / 900 % 9, 1 + order / 100 % 9),
                order % 100 * 10 + 1,
            );
            let changes = json!({"diagnosedAt": format!("{}-0{}-15", YEARS[case[2]], 1 + number % 9), "reportNature": "FIRST",
                "diseaseCode": DISEASES[case[3]], "stage": null, "exposureYears": if case[4] == 1 { 2 } else { 12 }, "exposureMonths": 3,
                "regionCode": self.counties[case[0]], "keyIndustry": INDUSTRIES[case[1]], "industryCode": null});
            with(disease(&format!("Q{number}"), &person), changes)
        };
        let rows: Vec<_> = self.cases.iter().enumerate().map(row).collect();
        for (number, rows) in rows.chunks(500).enumerate() {
            let key = format!("w{number}");
            let answer = hub.hand_in("HEALTH", "140000", "OccupationalDiseaseCase", Mode::Atomic, &key, rows.to_vec()).await;
            assert_eq!(answer.count(Outcome::Created), rows.len(), "{answer:?}");
        }
    }

    /// What a listed row says of its case; nothing where a field is hidden.
    pub fn seen(&self, row: &Value) -> [Option<usize>; 5] {
        let place = |list: &[&str], value: &Value| value.as_str().and_then(|value| list.iter().position(|own| *own == value));
        let counties: Vec<&str> = self.counties.iter().map(String::as_str).collect();
        let industry = INDUSTRIES.iter().position(|own| *own == row["keyIndustry"].as_str());
        let year = row["diagnosedAt"].as_str().and_then(|day| YEARS.iter().position(|year| day.starts_with(&year.to_string())));
        [
            place(&counties, &row["regionCode"]),
            industry,
            year,
            place(&DISEASES, &row["diseaseCode"]),
            row["underFiveYears"].as_bool().map(usize::from),
        ]
    }
}
