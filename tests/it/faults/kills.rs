//! `kill -9` of the hub at random moments, again and again, while others write and follow.

use std::time::Duration;

use futures_util::future::join_all;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

use crate::{
    faults::{
        aftermath,
        exporter::Exporter,
        fire::{Counts, Fire},
        follower::Follower,
        ledger::Ledger,
        process::Place,
        subscriber,
        uploader::Uploader,
        writer::Writer,
    },
    support::Backend,
};

/// Kills of one round; then its store is looked at and another begins.
const A_ROUND: u64 = 26;
const WRITERS: u64 = 3;

/// Kills for each database.
fn kills() -> u64 {
    std::env::var("LIANFANG_FAULT_KILLS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(2 * A_ROUND)
}

/// Seeds of so many rounds: always the same ones, and at the end one that nobody knows before.
pub fn seeds(rounds: u64) -> Vec<u64> {
    let given = std::env::var("LIANFANG_FAULT_SEED").ok().and_then(|text| text.parse().ok());
    let mut seeds: Vec<u64> = (1..rounds).collect();
    seeds.push(given.unwrap_or_else(|| rand::thread_rng().gen_range(1_000..1_000_000)));
    seeds
}

async fn killed(backend: Backend) {
    let counts = Counts::default();
    let (rounds, mut rows) = (kills().div_ceil(A_ROUND), 0);
    for seed in seeds(rounds) {
        eprintln!("faults: kill -9 on {backend:?}, seed {seed}");
        rows += round(backend, seed, &counts).await;
    }
    counts.say(&format!("kill -9 on {backend:?}"), rows);
    assert!(counts.all() >= kills(), "{counts:?}");
}

/// One store, killed over and over.
async fn round(backend: Backend, seed: u64, counts: &Counts) -> usize {
    let place = Place::on(backend).await;
    let fire = Fire::new(place.token("EMERGENCY", &["READER", "SUBMITTER"]));
    let mut random = StdRng::seed_from_u64(seed);
    let writers: Vec<_> = (0..WRITERS)
        .map(|number| {
            Writer::new(&fire, format!("{number}"), StdRng::seed_from_u64(random.r#gen())).run()
        })
        .collect();
    let killing = async {
        let mut hub = place.start().await;
        fire.at(Some(hub.address));
        for _ in 0..A_ROUND {
            // Sometimes at once, sometimes when it has warmed up.
            for _ in 0..random.gen_range(0..16) {
                fire.sent().await;
            }
            let most = if random.gen_bool(0.5) { 15_000 } else { 80_000 };
            tokio::time::sleep(Duration::from_micros(random.gen_range(0..most))).await;
            fire.struck();
            hub.kill();
            fire.at(None);
            hub = place.start().await;
            fire.at(Some(hub.address));
        }
        fire.stop();
        hub
    };
    let (hub, ledgers, files, follower, subscriber, exported) = tokio::join!(
        killing,
        join_all(writers),
        Uploader::new(&fire).run(),
        Follower::new(&fire).run(),
        subscriber::run(&fire),
        Exporter::new(&fire).run(),
    );
    let mut ledger = Ledger::default();
    ledgers.into_iter().chain([files]).for_each(|own| ledger.join(own));
    let rows = aftermath::holds(&fire, &place, &ledger, vec![follower, subscriber, exported]).await;
    drop(hub);
    counts.join(&fire.counts);
    rows
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_hub_on_sqlite_loses_nothing_and_doubles_nothing() {
    killed(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_hub_on_postgres_loses_nothing_and_doubles_nothing() {
    killed(Backend::Postgres).await;
}
