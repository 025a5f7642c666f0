//! A disk that fills up under SQLite, and has room again later.
//!
//! Everywhere by the largest size a file may have, which needs no rights; and where a file system
//! of one's own may be mounted, by one that is really full.

use std::{
    io::Write as _,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU64, Ordering},
};

use futures_util::future::join_all;
use rand::{SeedableRng as _, rngs::StdRng};
use serde_json::{Value, json};

use crate::{
    faults::{
        aftermath,
        fire::Fire,
        follower::Follower,
        ledger::Ledger,
        process::{Place, Process},
        writer::{Writer, input, marked, mutation},
    },
    patience::until,
    support::Backend,
};

/// Bytes that the log of SQLite may still take when there is no room left.
const LEFT: u64 = 96 * 1024;

/// How room is taken and given back.
enum Disk {
    /// No file of the hub may grow beyond a size.
    Limit,
    /// A file system in memory, seen by its own processes only, with a file that fills it.
    Mounted { holder: Child, ballast: PathBuf },
}

impl Disk {
    /// A file system of its own over the directory of the place, with what is there; nothing where
    /// none may be mounted.
    fn mounted(place: &mut Place) -> Option<Self> {
        let directory = place.directory.path().display().to_string();
        let script = "mount -t tmpfs -o size=24m none \"$1.new\" && cp -a \"$1/.\" \"$1.new\" && mount --move \"$1.new\" \"$1\" \
                      && echo ready && exec sleep 600";
        std::fs::create_dir(format!("{directory}.new")).expect("a directory");
        let mut holder = Command::new("unshare")
            .args([
                "--user",
                "--map-root-user",
                "--mount",
                "--propagation",
                "private",
                "sh",
                "-c",
                script,
                "sh",
                &directory,
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut said = String::new();
        let output = holder.stdout.as_mut().expect("its output");
        std::io::BufRead::read_line(&mut std::io::BufReader::new(output), &mut said)
            .expect("a line");
        std::fs::remove_dir(format!("{directory}.new")).expect("removed");
        if said.trim() != "ready" {
            holder.wait().expect("its end");
            return None;
        }
        let number = holder.id().to_string();
        let through =
            ["nsenter", "--target", &number, "--user", "--mount", "--preserve-credentials", "--"];
        place.through = through.map(ToOwned::to_owned).into();
        let ballast = PathBuf::from(format!("/proc/{number}/root{directory}/ballast"));
        Some(Self::Mounted { holder, ballast })
    }

    fn fill(&self, hub: &Process) {
        match self {
            Self::Limit => limit(hub, &LEFT.to_string()),
            Self::Mounted { ballast, .. } => {
                let mut file = std::fs::File::create(ballast).expect("a file");
                let block = [0; 4096];
                while file.write_all(&block).is_ok() {}
            }
        }
    }

    fn free(&self, hub: &Process) {
        match self {
            Self::Limit => limit(hub, "unlimited"),
            Self::Mounted { ballast, .. } => std::fs::remove_file(ballast).expect("removed"),
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if let Self::Mounted { holder, .. } = self {
            let _ = holder.kill();
            let _ = holder.wait();
        }
    }
}

/// The largest size of a file that a process writes.
fn limit(hub: &Process, size: &str) {
    let set = Command::new("prlimit")
        .args(["--pid", &hub.id().to_string(), &format!("--fsize={size}:")])
        .status();
    assert!(set.expect("prlimit runs").success());
}

async fn more(what: &str, number: &AtomicU64, by: u64) {
    let before = number.load(Ordering::Relaxed);
    until(what, async || number.load(Ordering::Relaxed) >= before + by).await;
}

/// What the hub says while there is no room, and what it still does.
async fn without_room(fire: &Fire) {
    let facts = "{ accidents(first: 5) { nodes { id accidentNo deaths } } }";
    let answer = fire.ask("facts", facts, &Value::Null).await.expect("facts are still read");
    let body: Value = serde_json::from_slice(&answer.body).expect("JSON");
    assert!(body["data"]["accidents"]["nodes"].is_array(), "{body}");
    let names = "{ accidentVictims(first: 5) { nodes { id name } } }";
    let answer = fire.once("names", names, &Value::Null).await.expect("an answer");
    let body: Value = serde_json::from_slice(&answer.body).expect("JSON");
    assert_eq!(
        (answer.status.as_u16(), &body["data"]),
        (503, &Value::Null),
        "personal data that cannot be audited: {body}"
    );
    let query = mutation("Accidents");
    let answer = fire
        .once("full", &query, &input("ATOMIC", "full", &[marked("A-full", 1)]))
        .await
        .expect("an answer");
    let body: Value = serde_json::from_slice(&answer.body).expect("JSON");
    let error = &body["errors"][0];
    assert_eq!(error["extensions"]["code"], "UNAVAILABLE", "{body}");
    assert!(
        error["message"].as_str().is_some_and(|text| text.contains("磁盘")),
        "it says why: {body}"
    );
}

async fn full(disk: Disk, place: Place, what: &str) {
    let fire = Fire::new(place.token("EMERGENCY", &["READER", "SUBMITTER"]));
    let writers: Vec<_> = (0..3_u64)
        .map(|number| Writer::new(&fire, format!("{number}"), StdRng::seed_from_u64(number)).run())
        .collect();
    let filling = async {
        let mut hub = place.start().await;
        fire.at(Some(hub.address));
        for _ in 0..3 {
            more("the hub answers", &fire.counts.answered, 60).await;
            disk.fill(&hub);
            fire.struck();
            more("the hub notices that the disk is full", &fire.counts.unavailable, 12).await;
            without_room(&fire).await;
            assert!(hub.runs(), "the hub ended: {}", place.log());
            disk.free(&hub);
        }
        more("the hub answers again", &fire.counts.answered, 60).await;
        fire.stop();
        hub
    };
    let (hub, ledgers, follower) =
        tokio::join!(filling, join_all(writers), Follower::new(&fire).run());
    let mut ledger = Ledger::default();
    ledgers.into_iter().for_each(|own| ledger.join(own));
    // What was refused for want of room is taken when it is sent again.
    let rows = input("ATOMIC", "full", &[marked("A-full", 1)]);
    let (answer, _) = fire.settle("full", &mutation("Accidents"), &rows).await;
    let body: Value = serde_json::from_slice(&answer.body).expect("JSON");
    assert_eq!(body["data"]["answer"]["created"], json!(1), "{body}");
    let id =
        body["data"]["answer"]["verdicts"][0]["id"].as_str().expect("an identifier").to_owned();
    ledger.records.insert(
        "A-full".to_owned(),
        crate::faults::ledger::Known { id, version: 1, mark: 1, withdrawn: false },
    );
    let rows = aftermath::holds(&fire, &place, &ledger, vec![follower]).await;
    drop(hub);
    fire.counts.say(what, rows);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_told_reads_go_on_and_nothing_is_lost() {
    let place = Place::on(Backend::Sqlite).await;
    full(Disk::Limit, place, "disk full on SQLite by the size of files").await;
    let mut place = Place::on(Backend::Sqlite).await;
    match Disk::mounted(&mut place) {
        Some(disk) => full(disk, place, "disk full on SQLite by a full file system").await,
        None => eprintln!(
            "faults: no file system may be mounted here: the disk was full by the size of files only"
        ),
    }
}
