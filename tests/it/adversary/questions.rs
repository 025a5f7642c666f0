//! Questions, and what their answers say.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    knowledge::Knowledge,
    subject::Subject,
    world::{INDUSTRIES, Kind, World, YEARS},
};
use crate::{indicators::made_up::Dice, support::TestHub};

const MANY: i64 = 100_000;

/// Groups under so many tell nothing sensitive of their members.
const MINIMUM: usize = 10;

/// The part of a region's code that its counties share.
pub fn prefix(region: &str) -> &str {
    region.strip_suffix("0000").or_else(|| region.strip_suffix("00")).unwrap_or(region)
}

/// Somebody who asks.
pub struct Asker<'a> {
    pub hub: &'a TestHub,
    pub token: &'a str,
    pub world: &'a World,
    pub asked: usize,
}

impl<'a> Asker<'a> {
    pub const fn new(hub: &'a TestHub, token: &'a str, world: &'a World) -> Self {
        Self { hub, token, world, asked: 0 }
    }

    pub async fn ask(&mut self, document: &str) -> Value {
        self.ask_with(document, json!({})).await
    }

    pub async fn ask_with(&mut self, document: &str, variables: Value) -> Value {
        self.asked += 1;
        let answer = self.hub.ask(self.token, document, variables).await;
        // A question that the schema does not know would be no question.
        let code = answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default();
        assert_ne!(code, "GRAPHQL_VALIDATION_FAILED", "{answer}\n{document}");
        answer["data"].clone()
    }

    /// All rows that may be listed, and how many there are that look so.
    pub async fn listed(&mut self, known: &mut Knowledge) -> Vec<Value> {
        let (list, fields) = (self.world.subject.list(), self.world.subject.fields());
        let (mut rows, mut after) = (Vec::new(), String::new());
        loop {
            let page = self
                .ask(&format!(
                    "{{ {list}(first: 100{after}) {{ totalCount nodes {{ id {fields} }} pageInfo {{ hasNextPage endCursor }} }} }}"
                ))
                .await[list]
                .clone();
            if page.is_null() {
                break;
            }
            rows.extend(page["nodes"].as_array().expect("rows").iter().cloned());
            if page["pageInfo"]["hasNextPage"] != true {
                break;
            }
            after = format!(", after: {}", page["pageInfo"]["endCursor"]);
        }
        let world = self.world;
        let mut seen: Vec<[Option<usize>; 5]> = rows.iter().map(|row| world.seen(row)).collect();
        seen.sort_unstable();
        for alike in seen.chunk_by(|one, other| one == other) {
            let count = i64::try_from(alike.len()).expect("small");
            let holds = |kind: &Kind| {
                alike[0].iter().zip(kind).all(|(seen, own)| seen.is_none_or(|seen| seen == *own))
            };
            // Somebody who does not list all rows knows that there are at least these.
            let most = if rows.len() == world.cases.len() { count } else { MANY };
            known.learn(world.all(holds), (count, most));
        }
        if rows.len() == world.cases.len() {
            // And that there is none that looks as no row does.
            let holds = |kind: &Kind| {
                seen.iter().any(|seen| {
                    seen.iter().zip(kind).all(|(seen, own)| seen.is_none_or(|seen| seen == *own))
                })
            };
            world
                .all(|kind| !holds(kind))
                .into_iter()
                .for_each(|kind| known.learn(vec![kind], (0, 0)));
        }
        rows
    }

    /// Figures of all regions and years, on both bases, and the materials of the meeting.
    pub async fn figures(&mut self, known: &mut Knowledge) {
        let mut regions = vec!["140000".to_owned()];
        for county in &self.world.counties {
            let city = format!("{}00", &county[..4]);
            if !regions.contains(&city) {
                regions.push(city);
            }
        }
        regions.extend(self.world.counties.iter().cloned());
        for region in &regions {
            for year in YEARS {
                for (indicator, basis) in self.world.subject.figures() {
                    let document = format!(
                        "{{ indicators(region: \"{region}\", year: {year}, indicators: [{indicator}], {basis}) {{ rows {{ region scope \
                         numerator denominator lastYear {{ year numerator denominator }} baseYear {{ year numerator denominator }} }} }} }}"
                    );
                    let rows = self.ask(&document).await["indicators"]["rows"].clone();
                    for row in rows.as_array().into_iter().flatten() {
                        let place = (
                            row["region"].as_str().unwrap_or_default(),
                            row["scope"].as_str().unwrap_or_default(),
                        );
                        let own = json!({"year": year, "numerator": row["numerator"], "denominator": row["denominator"]});
                        for told in [&own, &row["lastYear"], &row["baseYear"]] {
                            self.ratio(known, place, told, basis);
                        }
                    }
                }
                if year != YEARS[YEARS.len() - 1] {
                    continue;
                }
                let document = format!(
                    "{{ jointMeeting(region: \"{region}\", year: {year}) {{ today {{ figures {{ indicator {{ code }} region {{ code }} industry \
                     {{ code }} numerator denominator }} }} }} }}"
                );
                let figures = self.ask(&document).await["jointMeeting"]["today"]["figures"].clone();
                let own: Vec<&str> =
                    self.world.subject.figures().iter().map(|(indicator, _)| *indicator).collect();
                let code = |figure: &Value| {
                    figure["indicator"]["code"].as_str().unwrap_or_default().to_owned()
                };
                for figure in figures
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter(|figure| own.contains(&code(figure).as_str()))
                {
                    let industry = figure["industry"]["code"].as_str().unwrap_or("ALL");
                    let told = json!({"year": year, "numerator": figure["numerator"], "denominator": figure["denominator"]});
                    self.ratio(
                        known,
                        (figure["region"]["code"].as_str().unwrap_or_default(), industry),
                        &told,
                        "",
                    );
                }
            }
        }
    }

    /// What the two numbers of a figure say: short exposures of a region and a group of industries,
    /// out of all cases of pneumoconiosis or of any disease; holders of posts.
    fn ratio(
        &self,
        known: &mut Knowledge,
        (region, scope): (&str, &str),
        told: &Value,
        basis: &str,
    ) {
        let world = self.world;
        let Some(year) = YEARS.iter().position(|year| told["year"] == *year) else { return };
        let inside = |kind: &Kind| {
            Subject::holds(scope, INDUSTRIES[kind[1]])
                && world.counties[kind[0]].starts_with(prefix(region))
        };
        for (name, holds) in
            ["numerator", "denominator"].into_iter().zip(world.subject.told(basis, year))
        {
            if let (Some(count), Some(holds)) = (told[name].as_i64(), holds) {
                known.learn(world.all(|kind| inside(kind) && holds(kind)), (count, count));
            }
        }
    }

    /// Statistics under conditions that are drawn, grouped as drawn. Half of them keep to what is
    /// published. `lists` says whether whoever asks lists every case, and so knows how large the
    /// groups are before anything sensitive is asked.
    pub async fn statistics(
        &mut self,
        known: &mut Knowledge,
        dice: &mut Dice,
        (questions, lists): (usize, bool),
    ) {
        let world = self.world;
        let (stats, dimensions) = (world.subject.stats(), world.subject.dimensions());
        for number in 0..questions {
            let drawn: Kind = *dice.one(&world.cases);
            let narrowed: [bool; 5] = std::array::from_fn(|_| dice.below(4) == 0);
            let condition = condition(world, &drawn, &narrowed, number % 2 == 0);
            let by: Vec<usize> =
                (0..5).filter(|side| !narrowed[*side] && dice.below(4) == 0).collect();
            let names: Vec<&str> = by.iter().map(|side| dimensions[*side]).collect();
            let document = format!(
                "{{ {stats}({condition}groupBy: [{}]) {{ keys {{ value }} count disclosure {{ method bound threshold }} }} }}",
                names.join(", ")
            );
            let answer = self.ask(&document).await[stats].clone();
            let Some(groups) = answer.as_array() else { continue };
            let inside =
                |kind: &Kind| (0..5).all(|side| !narrowed[side] || kind[side] == drawn[side]);
            let mut untold: BTreeSet<Vec<usize>> = keys_of(world, &by, &inside);
            let (mut method, mut bound, mut threshold) = (String::new(), 0, 0);
            for group in groups {
                let told = &group["disclosure"];
                method = told["method"].as_str().unwrap_or_default().to_owned();
                // The distribution of the noise can be read: its largest is one less than what is
                // told of it.
                bound = told["bound"].as_i64().unwrap_or_default() - 1;
                threshold = told["threshold"].as_i64().unwrap_or_default();
                let (Some(keys), Some(count)) =
                    (self.keys(&by, &group["keys"]), group["count"].as_i64())
                else {
                    continue;
                };
                let kinds = world.all(|kind| {
                    inside(kind) && by.iter().zip(&keys).all(|(side, key)| kind[*side] == *key)
                });
                match method.as_str() {
                    // Exact is what may be listed, which need not be all there is.
                    "EXACT" => known.learn(kinds, (count, if lists { count } else { MANY })),
                    // No group of fewer is told, before or after the noise.
                    "PERTURBED" => {
                        known.learn(kinds, ((count - bound).max(threshold), count + bound))
                    }
                    _ => known.learn(kinds, ((count - bound).max(0), MANY)),
                }
                untold.remove(&keys);
            }
            // What is not told is small, unless the group it is of is small before anything
            // sensitive.
            let secret = world.subject.sensitive();
            let sensitive = secret.iter().any(|side| narrowed[*side] || by.contains(side));
            for keys in untold {
                let of = |kind: &Kind, without: &[usize]| {
                    (0..5).filter(|side| !without.contains(side)).all(|side| {
                        let key = by.iter().position(|own| *own == side).map(|place| keys[place]);
                        (!narrowed[side] || kind[side] == drawn[side])
                            && key.is_none_or(|key| kind[side] == key)
                    })
                };
                let base = world.cases.iter().filter(|kind| of(kind, secret)).count();
                if method == "PERTURBED" && (!sensitive || (lists && base >= MINIMUM)) {
                    known.learn(world.all(|kind| of(kind, &[])), (0, threshold - 1 + bound));
                }
            }
        }
    }

    /// Places of the values of a group; nothing where it has none.
    fn keys(&self, by: &[usize], keys: &Value) -> Option<Vec<usize>> {
        let keys = keys.as_array().filter(|keys| keys.len() == by.len())?;
        let place = |(side, key): (&usize, &Value)| {
            let value = key["value"].as_str();
            match side {
                0 => self.world.counties.iter().position(|own| Some(own.as_str()) == value),
                1 => INDUSTRIES.iter().position(|own| *own == value),
                2 => YEARS.iter().position(|own| value == Some(own.to_string().as_str())),
                _ => self.world.subject.place(*side, value),
            }
        };
        by.iter().zip(keys).map(place).collect()
    }

    /// Records of which a question about one tells something its list does not.
    pub async fn recovered(&mut self, rows: &[Value]) -> Vec<String> {
        let mut found = Vec::new();
        let Some(secret) = self.world.subject.secret() else { return found };
        let (stats, list) = (self.world.subject.stats(), self.world.subject.list());
        for row in rows
            .iter()
            .filter(|row| row[secret.field].is_null() && row[secret.number].is_string())
            .step_by(7)
            .take(12)
        {
            let number = &row[secret.number];
            let own = format!("{{{}: {{eq: {number}}}}}", secret.number);
            let grouped = self
                .ask(&format!(
                    "{{ {stats}(where: {own}, groupBy: [{}]) {{ keys {{ value }} count }} }}",
                    secret.dimension
                ))
                .await[stats]
                .clone();
            let keys = grouped
                .as_array()
                .into_iter()
                .flatten()
                .any(|group| group["keys"][0]["value"].is_string());
            let mut told = Vec::new();
            for value in secret.values {
                let clause = format!("{{and: [{own}, {{{}: {{eq: {value}}}}}]}}", secret.field);
                told.push(
                    self.ask(&format!("{{ {stats}(where: {clause}) {{ count withheld }} }}")).await
                        [stats]
                        .clone(),
                );
                let lists = format!("{{ {list}(where: {clause}) {{ totalCount }} }}");
                told.push(self.ask(&lists).await[list].clone());
            }
            if keys || told[0] != told[2] || told[1] != told[3] {
                found.push(format!("{number} has a {} that is told", secret.field));
            }
        }
        found
    }
}

/// A condition that holds a case to what was drawn; plain ones name one value of a published
/// dimension each.
fn condition(world: &World, drawn: &Kind, narrowed: &[bool; 5], plain: bool) -> String {
    let texts: Vec<String> = (0..5)
        .map(|side| match side {
            0 => format!("{{regionCode: {{eq: \"{}\"}}}}", world.counties[drawn[0]]),
            _ => world.subject.condition(side, drawn[side], plain),
        })
        .collect();
    let clauses: Vec<String> = texts
        .into_iter()
        .zip(narrowed)
        .filter(|(_, narrowed)| **narrowed)
        .map(|(text, _)| text)
        .collect();
    if clauses.is_empty() {
        String::new()
    } else {
        format!("where: {{and: [{}]}}, ", clauses.join(", "))
    }
}

/// All keys that groups of cases under a condition could have.
fn keys_of(world: &World, by: &[usize], inside: &impl Fn(&Kind) -> bool) -> BTreeSet<Vec<usize>> {
    world
        .possible()
        .filter(inside)
        .map(|kind| by.iter().map(|side| kind[*side]).collect())
        .collect()
}
