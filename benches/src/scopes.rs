//! A county's first page of every family on a store that holds much more, against the same page on a
//! store that holds the county alone: A B A B, as all comparisons here.

use std::{
    path::PathBuf,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use clap::Args;
use lianfang::app;
use serde_json::json;

use crate::{
    client::{Client, post},
    drive::issued,
    table::say,
};

/// Least ratio of a page to that of the county alone.
const FLOOR: f64 = 0.70;

/// Where both hubs are and how long to measure.
#[derive(Args)]
pub struct Arguments {
    /// host:port of the hub on the store that holds much more
    #[arg(long)]
    hub: String,
    /// host:port of the hub on the store that holds the county alone
    #[arg(long)]
    alone: String,
    /// Key file of both
    #[arg(long)]
    keys: PathBuf,
    #[arg(long, default_value = "140623")]
    region: String,
    #[arg(long, default_value = "HRSS")]
    department: String,
    #[arg(long, default_value_t = 8)]
    connections: usize,
    /// Rounds of each hub
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Seconds of a round
    #[arg(long, default_value_t = 1.0)]
    seconds: f64,
}

/// Measures every family and prints the table.
pub async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let token = issued(&arguments.keys, &arguments.department, &arguments.region, "READER")?;
    let catalogue = app::catalogue().map_err(|error| anyhow::anyhow!("{}", error.text().en))?;
    say(
        "| first page of | order | alone | beside others | ratio (rounds) |\n| --- | --- | --- | --- | --- |",
    )?;
    let mut slow = 0;
    for family in catalogue.families() {
        for order in ["", "orderBy: [{field: UPDATED_AT, direction: DESC}]"] {
            let query = format!(
                "{{ {}(first: 50, where: {{regionCode: {{eq: \"{}\"}}}} {order}) {{ nodes {{ id version }} pageInfo {{ endCursor }} }} }}",
                family.list_name(),
                arguments.region
            );
            let request = Arc::new(post("/graphql", &token, &json!({ "query": query })));
            let by = if order.is_empty() { "default" } else { "last change" };
            let mut ratios = Vec::new();
            let (mut alone, mut beside) = (0.0, 0.0);
            if let Err(error) = round(&arguments, &arguments.alone, &request, 0.3).await {
                let closed = error.to_string().contains("FORBIDDEN");
                if !closed {
                    return Err(error);
                }
                say(format_args!(
                    "| {} | {by} | closed to {} | | |",
                    family.name, arguments.department
                ))?;
                continue;
            }
            round(&arguments, &arguments.hub, &request, 0.3).await?;
            for _ in 0..arguments.rounds {
                let own = round(&arguments, &arguments.alone, &request, arguments.seconds).await?;
                let here = round(&arguments, &arguments.hub, &request, arguments.seconds).await?;
                ratios.push(here / own);
                alone += own / arguments.rounds as f64;
                beside += here / arguments.rounds as f64;
            }
            let (least, most) = ratios
                .iter()
                .fold((f64::INFINITY, 0.0_f64), |(a, b), ratio| (a.min(*ratio), b.max(*ratio)));
            let ratio = beside / alone;
            slow += usize::from(ratio < FLOOR);
            let mark = if ratio < FLOOR { " ✗" } else { "" };
            say(format_args!(
                "| {} | {by} | {alone:.0}/s | {beside:.0}/s | **{ratio:.2}**{mark} ({least:.2}–{most:.2}) |",
                family.name
            ))?;
        }
    }
    say(format_args!("\n{slow} pages are slower than {FLOOR:.2}"))?;
    Ok(if slow == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Requests a second over all connections.
async fn round(
    arguments: &Arguments,
    address: &str,
    request: &Arc<Vec<u8>>,
    seconds: f64,
) -> anyhow::Result<f64> {
    let done = Arc::new(AtomicU64::new(0));
    let mut clients = Vec::new();
    for _ in 0..arguments.connections {
        clients.push(Client::connect(address).await?);
    }
    let (start, time) = (Instant::now(), Duration::from_secs_f64(seconds));
    let mut tasks = Vec::new();
    for mut client in clients {
        let (request, done) = (Arc::clone(request), Arc::clone(&done));
        tasks.push(tokio::spawn(async move {
            while start.elapsed() < time {
                let body = client.send(&request).await?;
                let tail = body.get(body.len().saturating_sub(600)..).context("a body")?;
                if tail.windows(9).any(|part| part == b"\"errors\":") {
                    bail!("{}", String::from_utf8_lossy(tail));
                }
                done.fetch_add(1, Ordering::Relaxed);
            }
            Ok(())
        }));
    }
    for task in tasks {
        task.await??;
    }
    Ok(done.load(Ordering::Relaxed) as f64 / start.elapsed().as_secs_f64())
}
