//! PostgreSQL crashing, and the line to it cut in the middle of statements, while others write and
//! follow. The hub stays up, says `UNAVAILABLE` where it does not know, and the same key tells what
//! became of it.

use std::time::Duration;

use futures_util::future::join_all;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use tempfile::TempDir;

use crate::faults::{
    aftermath,
    fire::{Counts, Fire},
    follower::Follower,
    kills::seeds,
    ledger::Ledger,
    process::Place,
    proxy::{Cut, Proxy},
    server::Server,
    writer::Writer,
};

const WRITERS: u64 = 4;
const CUTS: u64 = 36;
const CRASHES: u64 = 4;

/// Cuts the line, in one way or the other, for a moment.
async fn cut(proxy: &Proxy, random: &mut StdRng) {
    let how = if random.gen_bool(0.5) { Cut::Both } else { Cut::Answers };
    if how == Cut::Answers {
        proxy.lose_answers();
        tokio::time::sleep(Duration::from_millis(random.gen_range(1..30))).await;
    }
    proxy.cut();
    tokio::time::sleep(Duration::from_millis(random.gen_range(0..60))).await;
    proxy.mend();
}

async fn round(server: &Server, seed: u64, counts: &Counts) -> usize {
    let proxy = Proxy::to(server.port()).await;
    let url = format!("postgres://postgres@{}/postgres", proxy.address);
    let place = Place::at(TempDir::new().expect("a directory"), url);
    let fire = Fire::new(place.token("EMERGENCY", &["READER", "SUBMITTER"]));
    let mut random = StdRng::seed_from_u64(seed);
    let writers: Vec<_> = (0..WRITERS)
        .map(|number| {
            Writer::new(&fire, format!("{seed}-{number}"), StdRng::seed_from_u64(random.r#gen()))
                .run()
        })
        .collect();
    let cutting = async {
        let mut hub = place.start().await;
        fire.at(Some(hub.address));
        for number in 0..CUTS + CRASHES {
            for _ in 0..random.gen_range(0..16) {
                fire.sent().await;
            }
            tokio::time::sleep(Duration::from_micros(random.gen_range(0..40_000))).await;
            fire.struck();
            if number % 10 == 9 {
                server.crash().await;
            } else {
                cut(&proxy, &mut random).await;
            }
            assert!(hub.runs(), "the hub ended: {}", place.log());
        }
        fire.stop();
        hub
    };
    let (hub, ledgers, follower) =
        tokio::join!(cutting, join_all(writers), Follower::new(&fire).run());
    let mut ledger = Ledger::default();
    ledgers.into_iter().for_each(|own| ledger.join(own));
    let rows = aftermath::holds(&fire, &place, &ledger, vec![follower]).await;
    drop(hub);
    counts.join(&fire.counts);
    rows
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_crashes_and_lines_that_are_cut_leave_every_outcome_to_be_settled() {
    let (counts, mut rows) = (Counts::default(), 0);
    for seed in seeds(2) {
        eprintln!("faults: PostgreSQL crashed and cut off, seed {seed}");
        let server = Server::start().await;
        rows += round(&server, seed, &counts).await;
    }
    counts.say("PostgreSQL crashed and cut off", rows);
}
