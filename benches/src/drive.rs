//! Measures both servers in turn, A B A B, after checking that they answer the same.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use clap::Args;
use lianfang::{
    app,
    authz::token::{TokenRequest, Tokens},
    context::OpCtx,
    keys::Keys,
};
use serde_json::Value;
use sqlx::PgPool;

use crate::{
    client::Client,
    operations::{Maker, OPERATIONS, Operation, Requests},
    table::{HEAD, Line, say},
};

/// Where both servers are and how long to measure.
#[derive(Args)]
pub struct Arguments {
    #[arg(long)]
    database_url: String,
    /// host:port of the hub
    #[arg(long)]
    hub: String,
    /// host:port of the server written by hand
    #[arg(long)]
    ideal: String,
    /// Key file of the hub
    #[arg(long)]
    keys: PathBuf,
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// Rounds of each server
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Seconds of a round
    #[arg(long, default_value_t = 4.0)]
    seconds: f64,
    /// Only operations whose name holds this
    #[arg(long, default_value = "")]
    only: String,
    /// Measure the hub alone, for profiling
    #[arg(long)]
    hub_only: bool,
}

/// One of the two.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Ideal,
    Hub,
}

/// Measures everything and prints the table.
pub async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let pool = PgPool::connect(&arguments.database_url).await?;
    let token = |role: &str| issued(&arguments.keys, "HRSS", "140600", role);
    let maker = Arc::new(Maker::new(token("READER")?, token("SUBMITTER")?)?);
    prepare(&pool).await?;
    let mut hub = Client::connect(&arguments.hub).await?;
    let mut ideal = Client::connect(&arguments.ideal).await?;
    let mut lines = Vec::new();
    for operation in OPERATIONS.iter().filter(|operation| operation.name.contains(&arguments.only))
    {
        let requests =
            maker.requests(operation.kind, &pool, &mut hub).await.context(operation.name)?;
        check(&maker, &requests, &mut hub, &mut ideal).await.context(operation.name)?;
        let line = measure(&arguments, &maker, operation, requests).await?;
        if lines.is_empty() {
            say(HEAD)?;
        }
        say(&line)?;
        lines.push(line);
    }
    let slow = lines.iter().filter(|line| line.ratio() < line.floor).count();
    say(format_args!("\n{slow} of {} operations are slower than their floor", lines.len()))?;
    Ok(if slow == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A token for an organisation with a role.
pub fn issued(keys: &Path, department: &str, region: &str, role: &str) -> anyhow::Result<String> {
    let told = |error: lianfang::error::HubError| anyhow::anyhow!("{}", error.text().en);
    let catalogue = app::catalogue().map_err(told)?;
    let policy = app::policy(None, &catalogue).map_err(told)?;
    let tokens = Tokens::new(&Keys::read(keys)?).map_err(told)?;
    let order = TokenRequest {
        subject: "bench".to_owned(),
        department: department.to_owned(),
        region: region.to_owned(),
        roles: vec![role.to_owned()],
        purpose: "ROUTINE_SHARING".to_owned(),
        ticket: None,
        seconds: 24 * 3600,
    };
    let issued = tokens.issue(&policy, order, OpCtx::begin("bench").now());
    issued.map(|issued| issued.text).map_err(told)
}

/// A copy of the table for the plain inserts: the same rows and indexes.
pub async fn prepare(pool: &PgPool) -> anyhow::Result<()> {
    // What the database computes itself nobody may put in.
    let columns = "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns \
                   WHERE table_name = 'work_injuries' AND table_schema = current_schema() AND is_generated = 'NEVER'";
    let columns: String = sqlx::query_scalar(columns).fetch_one(pool).await?;
    for sql in [
        "DROP TABLE IF EXISTS bench_work_injuries".to_owned(),
        "CREATE TABLE bench_work_injuries (LIKE work_injuries INCLUDING ALL)".to_owned(),
        format!("INSERT INTO bench_work_injuries ({columns}) SELECT {columns} FROM work_injuries"),
        "VACUUM ANALYZE".to_owned(),
        "CHECKPOINT".to_owned(),
    ] {
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(pool).await?;
    }
    Ok(())
}

/// Both must say the same.
async fn check(
    maker: &Maker,
    requests: &Requests,
    hub: &mut Client,
    ideal: &mut Client,
) -> anyhow::Result<()> {
    match requests {
        Requests::Kept(pairs) => {
            for (ours, theirs) in pairs {
                let mut left: Value = serde_json::from_slice(hub.send(ours).await?)?;
                let right: Value = serde_json::from_slice(ideal.send(theirs).await?)?;
                if let Some(Value::Object(info)) = left.pointer_mut("/data/persons/pageInfo") {
                    info.remove("endCursor");
                }
                if left.get("data") != right.get("data") || left.get("errors").is_some() {
                    let short =
                        |value: &Value| value.to_string().chars().take(1500).collect::<String>();
                    bail!("the answers differ\nhub:   {}\nideal: {}", short(&left), short(&right));
                }
            }
        }
        Requests::Fresh(count) => {
            let left: Value = serde_json::from_slice(hub.send(&maker.hub_rows(*count)).await?)?;
            let right: Value =
                serde_json::from_slice(ideal.send(&maker.ideal_rows(*count)).await?)?;
            let created = left.pointer("/data/submitWorkInjuries/created");
            if created != right.pointer("/data/taken")
                || created.and_then(Value::as_u64) != Some(*count as u64)
            {
                bail!("the answers differ\nhub:   {left}\nideal: {right}");
            }
        }
    }
    Ok(())
}

async fn measure(
    arguments: &Arguments,
    maker: &Arc<Maker>,
    operation: &Operation,
    requests: Requests,
) -> anyhow::Result<Line> {
    let Operation { name, unit, floor, reach, .. } = *operation;
    let each = if let Requests::Fresh(count) = requests { count as f64 } else { 1.0 };
    let requests = Arc::new(requests);
    let run =
        |side, seconds| round(arguments, maker, &requests, side, Duration::from_secs_f64(seconds));
    let sides: &[Side] = if arguments.hub_only { &[Side::Hub] } else { &[Side::Ideal, Side::Hub] };
    for side in sides {
        run(*side, (arguments.seconds / 2.0).min(1.5)).await?;
    }
    let (mut ideal, mut hub) = (Vec::new(), Vec::new());
    for _ in 0..arguments.rounds {
        for side in sides {
            let speed = run(*side, arguments.seconds).await?;
            if *side == Side::Ideal { ideal.push(speed) } else { hub.push(speed) }
        }
    }
    let mean = |speeds: &[f64]| speeds.iter().sum::<f64>() * each / speeds.len().max(1) as f64;
    let ratios = ideal.iter().zip(&hub).map(|(ideal, hub)| hub / ideal);
    let spread = ratios
        .fold((f64::INFINITY, 0.0_f64), |(least, most), ratio| (least.min(ratio), most.max(ratio)));
    Ok(Line { name, unit, ideal: mean(&ideal), hub: mean(&hub), spread, floor, reach })
}

/// One round of one server: requests a second over all connections.
async fn round(
    arguments: &Arguments,
    maker: &Arc<Maker>,
    requests: &Arc<Requests>,
    side: Side,
    time: Duration,
) -> anyhow::Result<f64> {
    let address = if side == Side::Ideal { &arguments.ideal } else { &arguments.hub };
    let done = Arc::new(AtomicU64::new(0));
    let next = Arc::new(AtomicU64::new(0));
    let mut clients = Vec::new();
    for _ in 0..arguments.connections {
        clients.push(Client::connect(address).await?);
    }
    let start = Instant::now();
    let mut tasks = Vec::new();
    for mut client in clients {
        let (maker, requests, done, next) =
            (Arc::clone(maker), Arc::clone(requests), Arc::clone(&done), Arc::clone(&next));
        tasks.push(tokio::spawn(async move {
            while start.elapsed() < time {
                let body = match &*requests {
                    Requests::Kept(pairs) => {
                        let place =
                            next.fetch_add(1, Ordering::Relaxed) as usize % pairs.len().max(1);
                        let (ours, theirs) = pairs.get(place).context("there are requests")?;
                        client.send(if side == Side::Hub { ours } else { theirs }).await?
                    }
                    Requests::Fresh(count) => {
                        let request = if side == Side::Hub {
                            maker.hub_rows(*count)
                        } else {
                            maker.ideal_rows(*count)
                        };
                        client.send(&request).await?
                    }
                };
                // Errors stand between data and extensions, at the end of what is not long.
                let tail = body.get(body.len().saturating_sub(600)..).unwrap_or_default();
                if tail.windows(10).any(|part| part == b"\"errors\":[") {
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
