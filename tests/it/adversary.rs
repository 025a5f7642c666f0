//! Somebody who is shown no exact figures, and asks for everything there is to ask for: lists,
//! counts, figures of all regions and years, the materials of the meeting, statistics under any
//! conditions, the feed, files, histories, links, leads. All answers together must pin no small count that the asker may not list, and tell
//! nothing sensitive of one known record.
//!
//! `LIANFANG_ADVERSARY_QUESTIONS` asks for so many statistics of each role,
//! `LIANFANG_ADVERSARY_COUNTIES` spreads the cases over so many counties, and what was learnt goes to
//! the folder `LIANFANG_ADVERSARY_OUT` instead of being worked out here; `scripts/adversary.sh` runs
//! it long.

mod knowledge;
mod other_ways;
mod questions;
mod subject;
mod world;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    indicators::made_up::Dice,
    support::{Backend, TestHub, backends},
};
use knowledge::Knowledge;
use questions::Asker;
use subject::Subject;
use world::{INDUSTRIES, World, YEARS};

const PROVINCE: &str = "140000";
/// Counties of two cities, of one more than of the other.
const COUNTIES: [&str; 8] =
    ["140602", "140603", "140621", "140622", "140681", "140212", "140213", "140221"];
/// Small counts looked at, of each role.
const TARGETS: usize = 40;

fn number(name: &str, or: usize) -> usize {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(or)
}

/// Counties of the province, those of the usual two cities first.
fn counties(hub: &TestHub) -> Vec<String> {
    let table = hub.services.reference.table("region").expect("regions");
    let known = table.codes.iter().filter(|code| {
        code.code.starts_with("14") && !code.code.ends_with("00") && code.valid_to.is_none()
    });
    let mut all: Vec<String> = COUNTIES.iter().map(|code| (*code).to_owned()).collect();
    all.extend(
        known.map(|code| code.code.clone()).filter(|code| !COUNTIES.contains(&code.as_str())),
    );
    all.truncate(number("LIANFANG_ADVERSARY_COUNTIES", COUNTIES.len()));
    all
}

/// Small counts of the meeting's table: places, industries, year, part; with what they are called.
fn targets(world: &World, truth: &[i64]) -> Vec<(String, Vec<usize>)> {
    let mut regions: Vec<String> = world.counties.clone();
    regions.extend(world.counties.iter().map(|county| format!("{}00", &county[..4])));
    regions.push(PROVINCE.to_owned());
    regions.sort();
    regions.dedup();
    let mut found = Vec::new();
    for region in &regions {
        let inside = questions::prefix(region);
        for industries in [&[0][..], &[1], &[0, 1]] {
            for (year, named) in YEARS.iter().enumerate() {
                for (part, holds) in world.subject.parts() {
                    let kinds = world.all(|kind| {
                        world.counties[kind[0]].starts_with(inside)
                            && industries.contains(&kind[1])
                            && holds(kind, year)
                    });
                    if kinds.iter().map(|kind| truth[*kind]).sum::<i64>() < 3 {
                        found.push((format!("{part} of {region} {industries:?} {named}"), kinds));
                    }
                }
            }
        }
    }
    found
}

/// Cases that look alike to whoever lists them, with those of them that have a disease.
fn groups(world: &World, rows: &[Value]) -> Vec<(usize, Vec<usize>)> {
    let mut alike: BTreeMap<[Option<usize>; 5], usize> = BTreeMap::new();
    for row in rows {
        let seen = world.seen(row);
        // Who is shown the disease itself need not find it out.
        if seen[3].is_none() {
            *alike.entry(seen).or_default() += 1;
        }
    }
    let holds = |seen: &[Option<usize>; 5], kind: &[usize; 5]| {
        seen.iter().zip(kind).all(|(seen, own)| seen.is_none_or(|seen| seen == *own))
    };
    alike
        .into_iter()
        .map(|(seen, count)| (count, world.all(|kind| kind[3] == 0 && holds(&seen, kind))))
        .collect()
}

#[tokio::test]
async fn whoever_asks_everything_pins_no_small_count_and_recovers_no_record() {
    for backend in backends() {
        println!("{}", asks_everything(backend, Subject::Cases).await);
    }
}

#[tokio::test]
async fn nor_of_the_roll_that_nobody_may_list() {
    for backend in backends() {
        println!("{}", asks_everything(backend, Subject::Roll).await);
    }
}

#[tokio::test]
async fn nor_of_injuries_whose_grades_are_hidden() {
    for backend in backends() {
        println!("{}", asks_everything(backend, Subject::Injuries).await);
    }
}

/// One test of a family; tells how many questions were asked, and what came of them.
async fn asks_everything(backend: Backend, subject: Subject) -> String {
    let hub = TestHub::on(backend).await;
    let world = World::new(subject, counties(&hub), 20);
    world.load(&hub).await;
    let truth = world.truth();
    let (mut asked, mut pinned, mut recovered, mut told) = (0, Vec::new(), Vec::new(), Vec::new());
    // What is told does not depend on the database: half of the roles ask each.
    let first = usize::from(backend == Backend::Postgres);
    for department in subject.departments().iter().skip(first).step_by(2) {
        let token = hub.reader(department, PROVINCE);
        let mut asker = Asker::new(&hub, &token, &world);
        let mut listing = Knowledge::new(world.kinds());
        let rows = asker.listed(&mut listing).await;
        let mut known = listing.clone();
        asker.figures(&mut known).await;
        let mut dice = Dice::new(3);
        let lists = rows.len() == world.cases.len();
        asker
            .statistics(&mut known, &mut dice, (number("LIANFANG_ADVERSARY_QUESTIONS", 60), lists))
            .await;
        assert_eq!(known.wrong(&truth), Vec::<String>::new(), "{department}: what is told is so");
        let own: Vec<String> =
            asker.recovered(&rows).await.into_iter().chain(asker.other_ways(&rows).await).collect();
        let all = targets(&world, &truth);
        let step = (all.len() / TARGETS).max(1);
        let all: Vec<(String, Vec<usize>)> = all.into_iter().step_by(step).collect();
        let alike = if subject.secret().is_some() { groups(&world, &rows) } else { Vec::new() };
        if let Ok(folder) = std::env::var("LIANFANG_ADVERSARY_OUT") {
            let learnt = json!({"kinds": world.kinds(), "asked": asker.asked, "known": known.told(), "listing": listing.told(),
                "targets": all, "groups": alike, "recovered": own});
            let path = format!("{folder}/{subject:?}-{department}.json");
            std::fs::write(path, learnt.to_string()).expect("written");
            continue;
        }
        recovered.extend(own.into_iter().map(|name| format!("{department}: {name}")));
        for (name, kinds) in &all {
            let (least, most) = known.range(kinds);
            // What the lists say of themselves is not withheld from whoever may list.
            if least == most && listing.range(kinds) != (least, most) {
                pinned.push(format!("{department}: {name} is {least}"));
            }
        }
        for (count, ill) in alike {
            let count = i64::try_from(count).expect("small");
            let range = known.range(&ill);
            if range.0 == range.1
                && (range.0 == 0 || range.0 == count)
                && listing.range(&ill) != range
            {
                recovered
                    .push(format!("{department}: {count} listed alike, {} of them ill", range.0));
            }
        }
        asked += asker.asked;
        told.push(format!("{department}: {} questions, {} facts", asker.asked, known.facts()));
    }
    told.push(format!(
        "{subject:?}: questions {asked}, pinned {}, recovered {}",
        pinned.len(),
        recovered.len()
    ));
    assert!(
        pinned.is_empty() && recovered.is_empty(),
        "pinned {pinned:#?}\nrecovered {recovered:#?}"
    );
    told.join("\n")
}

#[test]
fn the_adversary_sees_through_a_table_that_withholds_one_cell_only() {
    let world =
        World::new(Subject::Cases, COUNTIES.iter().map(|code| (*code).to_owned()).collect(), 20);
    let truth = world.truth();
    let mut known = Knowledge::new(world.kinds());
    let of = |county: usize| world.all(|kind| kind[0] == county && kind[1] == 0);
    let sum = |kinds: &[usize]| kinds.iter().map(|kind| truth[*kind]).sum::<i64>();
    for county in 1..world.counties.len() {
        known.learn(of(county), (sum(&of(county)), sum(&of(county))));
    }
    let all = world.all(|kind| kind[1] == 0);
    known.learn(all.clone(), (sum(&all), sum(&all)));
    let found = sum(&of(0));
    assert_eq!(known.range(&of(0)), (found, found));
    assert!(INDUSTRIES.len() == 3 && known.wrong(&truth).is_empty());
}
