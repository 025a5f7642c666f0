//! Two stores that differ only in small counts and sensitive values that a department may not see
//! tell it the same: in every root field of the schema, in statistics along every dimension, in
//! history, in exports and on the page of the meeting. The questions are made of the schema, so
//! that what is added to it is asked too.

mod questions;
mod worlds;

use std::collections::{BTreeMap, BTreeSet};

use lianfang::{app::Settings, http::limits::DocumentLimits};

use crate::consumer::settled;
use crate::support::{Backend, TestHub, backends};
use questions::{Answers, Schema};
use worlds::World;

/// Region whose readers ask, of it and of what lies in it.
const SEAT: &str = "140600";

async fn filled(backend: Backend, world: World) -> TestHub {
    // The questions are larger than those the hub takes from people.
    let document = DocumentLimits {
        bytes: 4_000_000,
        tokens: 1_000_000,
        depth: 20,
        fields: 100_000,
        aliases: 10_000,
        roots: 1_000,
        cost: u64::MAX,
    };
    let hub = TestHub::with(backend, Settings { document, ..Settings::default() }).await;
    world.load(&hub).await;
    settled(&hub).await;
    hub
}

/// Answers of two hubs that differ.
async fn differing(one: &TestHub, other: &TestHub, departments: &[&str]) -> (usize, Vec<String>) {
    let (mut asked, mut found) = (0, Vec::new());
    for department in departments {
        let region = SEAT;
        let schema = Schema::read(one, &one.reader(department, region)).await;
        let [left, right] = [one, other].map(|hub| Answers {
            hub,
            token: hub.reader(department, region),
            region,
            list: Vec::new(),
        });
        let (left, right): (BTreeMap<_, _>, BTreeMap<_, _>) = (
            left.all(&schema).await.into_iter().collect(),
            right.all(&schema).await.into_iter().collect(),
        );
        asked += left.len();
        // A record that one lists and the other does not is a difference by itself.
        for name in left.keys().chain(right.keys()).collect::<BTreeSet<_>>() {
            let told =
                [left.get(name), right.get(name)].map(|told| told.map_or("", String::as_str));
            if told[0] != told[1] {
                found.push(format!(
                    "{department} {region}: {name}\n{}",
                    questions::first_difference(told[0], told[1])
                ));
            }
        }
    }
    (asked, found)
}

#[tokio::test]
async fn what_may_not_be_seen_changes_no_answer_of_any_root_field() {
    for backend in backends() {
        let base = filled(backend, World::BASE).await;
        if backend == Backend::Sqlite {
            let same = filled(backend, World::BASE).await;
            let (_, found) = differing(&base, &same, &["UNION"]).await;
            assert!(found.is_empty(), "what is the same is told the same:\n{}", found.join("\n"));
        }
        let (mut asked, mut found) = (0, Vec::new());
        // What is told does not depend on the database: the second is asked about the first
        // difference.
        let worlds = if backend == Backend::Sqlite { World::OTHERS.len() } else { 1 };
        for (world, departments) in World::OTHERS.into_iter().take(worlds) {
            // One role for each difference; all of them when asked.
            let all = std::env::var_os("LIANFANG_TWINS_ALL").is_some();
            let departments = if all { departments } else { &departments[..1] };
            let other = filled(backend, world).await;
            let (more, differing) = differing(&base, &other, departments).await;
            asked += more;
            found.extend(differing);
        }
        println!("{backend:?}: {asked} answers compared");
        assert!(asked > 150, "only {asked} answers were compared");
        assert!(
            found.is_empty(),
            "{} answers tell what may not be seen:\n{}",
            found.len(),
            found.join("\n")
        );
    }
}

#[tokio::test]
async fn whoever_may_see_it_is_told_the_difference() {
    let base = filled(Backend::Sqlite, World::BASE).await;
    for (world, _) in World::OTHERS.into_iter().take(1) {
        let other = filled(Backend::Sqlite, world).await;
        let (_, found) = differing(&base, &other, &["HRSS"]).await;
        for root in ["indicators", "insuredUnitYearStats", "page"] {
            assert!(
                found.iter().any(|line| line.contains(root)),
                "{world:?}: {root} tells HRSS nothing"
            );
        }
    }
}
