//! An export of many records against `COPY … TO STDOUT` of the same rows and columns, in turn, A B
//! A B.

use std::{path::PathBuf, process::ExitCode, time::Instant};

use anyhow::{Context as _, bail};
use clap::Args;
use entity::catalogue::Family;
use futures_util::StreamExt as _;
use lianfang::app;
use sqlx::{AssertSqlSafe, PgConnection, Row as _, postgres::PgPoolCopyExt as _};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{drive::issued, table::say};

/// Where the hub is and what is exported.
#[derive(Args)]
pub struct Arguments {
    #[arg(long)]
    database_url: String,
    /// host:port of the hub
    #[arg(long)]
    hub: String,
    /// Process of the hub
    #[arg(long)]
    pid: u32,
    /// Key file of the hub
    #[arg(long)]
    keys: PathBuf,
    /// Records: those of the province are copied until there are so many
    #[arg(long, default_value_t = 1_000_000)]
    rows: i64,
    /// Rounds of each
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Family and who exports it, as `Family DEPARTMENT`
    #[arg(long, default_values = ["AccidentVictim UNION", "AccidentVictim EMERGENCY", "Accident EMERGENCY"])]
    what: Vec<String>,
    #[arg(long, default_value = "ndjson")]
    format: String,
    /// `Accept-Encoding` of the export
    #[arg(long, default_value = "identity")]
    encoding: String,
    /// Do not measure COPY, for profiling
    #[arg(long)]
    hub_only: bool,
}

/// Province whose records are exported.
const PROVINCE: &str = "140000";

/// Time and processor time of a run, in seconds.
#[derive(Clone, Copy)]
struct Spent {
    wall: f64,
    hub: f64,
    database: f64,
}

/// Measures and prints the table.
pub async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let pool = sqlx::PgPool::connect(&arguments.database_url).await?;
    let catalogue = app::catalogue()?;
    say(
        "| export | records | COPY/s | export/s | ratio | CPU of COPY | CPU of export: hub + database | hub's peak RSS |",
    )?;
    say("| --- | --- | --- | --- | --- | --- | --- | --- |")?;
    for what in &arguments.what {
        let (family, department) = what.split_once(' ').context("--what is `Family DEPARTMENT`")?;
        let family = catalogue.find(family).context("no such family")?;
        let token = issued(&arguments.keys, department, PROVINCE, "READER")?;
        filled(&pool, family, arguments.rows).await?;
        let path = format!("/exchange/{}?format={}", family.list_name(), arguments.format);
        let ask = |path: &str| {
            let encoding = &arguments.encoding;
            format!(
                "GET {path} HTTP/1.1\r\nhost: bench\r\nconnection: close\r\nauthorization: Bearer {token}\r\naccept-encoding: {encoding}\r\n\r\n"
            )
        };
        // Warm, and with it the columns and the number of records.
        let head = taken(&arguments.hub, &ask(&path)).await?;
        let link = head
            .split("</exchange/exports/")
            .nth(1)
            .and_then(|rest| rest.split('>').next())
            .context("a manifest")?;
        let manifest = body(&arguments.hub, &ask(&format!("/exchange/exports/{link}"))).await?;
        let rows = manifest["rows"].as_i64().context("the export is complete")?;
        let columns = columns(family, &manifest)?;
        let sql = format!(
            "COPY (SELECT {columns} FROM {} WHERE region_code >= '14' AND region_code < '15' AND withdrawn_at IS NULL) TO STDOUT",
            family.table
        );
        let postmaster = postmaster(&pool).await?;
        let (mut copies, mut exports) = (Vec::new(), Vec::new());
        for _ in 0..arguments.rounds {
            if !arguments.hub_only {
                let start = Clocks::now(arguments.pid, postmaster)?;
                let lines = copied(&pool, &sql).await?;
                copies.push(start.until(arguments.pid, postmaster)?);
                if lines != rows {
                    bail!("COPY gives {lines} rows, the export {rows}");
                }
            }
            let start = Clocks::now(arguments.pid, postmaster)?;
            taken(&arguments.hub, &ask(&path)).await?;
            exports.push(start.until(arguments.pid, postmaster)?);
        }
        let rate = |runs: &[Spent]| rows as f64 / median(runs.iter().map(|run| run.wall).collect());
        let processor =
            |runs: &[Spent], of: fn(&Spent) -> f64| median(runs.iter().map(of).collect());
        say(format!(
            "| {what} | {rows} | {:.0} | {:.0} | {:.2} | {:.2} s | {:.2} s + {:.2} s | {} MB |",
            rate(&copies),
            rate(&exports),
            rate(&exports) / rate(&copies),
            processor(&copies, |run| run.database),
            processor(&exports, |run| run.hub),
            processor(&exports, |run| run.database),
            peak(arguments.pid)? / 1024,
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Copies records of the province until there are enough, each with an identifier and a reference
/// of its own.
async fn filled(pool: &sqlx::PgPool, family: &Family, rows: i64) -> anyhow::Result<()> {
    let own = "region_code >= '14' AND region_code < '15'";
    let table = family.table;
    let count = async || -> anyhow::Result<i64> {
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE {own}");
        Ok(sqlx::query(AssertSqlSafe(sql)).fetch_one(pool).await?.try_get(0)?)
    };
    let mut there = count().await?;
    if there == 0 {
        bail!("{table} is empty: seed the store first");
    }
    if there < rows {
        let sql = "SELECT column_name::text FROM information_schema.columns WHERE table_name = $1 AND column_name NOT IN ('id', 'ref')";
        let names: Vec<String> = sqlx::query_scalar(sql).bind(table).fetch_all(pool).await?;
        let names = names.join(", ");
        while there < rows {
            // Identifiers go up with the rows, as those of the hub do.
            let sql = format!(
                "INSERT INTO {table} (id, ref, {names}) SELECT ('fffffff0-0000-7000-8000-' || lpad(to_hex({there} + n), 12, '0'))::uuid, \
                 ref || '#' || n || '/{there}', {names} FROM (SELECT row_number() OVER (ORDER BY id) AS n, * FROM {table} WHERE {own} \
                 LIMIT {}) AS x ORDER BY n",
                rows - there
            );
            sqlx::query(AssertSqlSafe(sql)).execute(pool).await?;
            there = count().await?;
        }
        sqlx::query(AssertSqlSafe(format!("VACUUM ANALYZE {table}"))).execute(pool).await?;
        sqlx::query("CHECKPOINT").execute(pool).await?;
    }
    Ok(())
}

/// The columns that an export held.
fn columns(family: &Family, manifest: &serde_json::Value) -> anyhow::Result<String> {
    let fields = manifest["fields"].as_array().context("fields")?;
    let column = |name: &serde_json::Value| match name.as_str() {
        Some("id") => Some("id"),
        Some(name) => family.field(name).map(|field| field.column),
        None => None,
    };
    Ok(fields.iter().map(column).collect::<Option<Vec<_>>>().context("columns")?.join(", "))
}

async fn copied(pool: &sqlx::PgPool, sql: &str) -> anyhow::Result<i64> {
    let mut stream = pool.copy_out_raw(sql).await?;
    let mut lines = 0;
    while let Some(bytes) = stream.next().await {
        lines += bytes?.iter().filter(|byte| **byte == b'\n').count();
    }
    Ok(i64::try_from(lines)?)
}

/// Takes a whole answer and forgets it. Returns its head.
async fn taken(address: &str, request: &str) -> anyhow::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut buffer = vec![0; 256 * 1024];
    let (mut head, mut tail) = (Vec::new(), Vec::new());
    loop {
        let read = stream.read(&mut buffer).await?;
        let part = buffer.get(..read).unwrap_or_default();
        if read == 0 {
            break;
        }
        if head.is_empty() {
            head = part.to_vec();
        }
        if read >= 5 {
            tail = part.get(read - 5..).unwrap_or_default().to_vec();
        } else {
            tail.extend_from_slice(part);
        }
    }
    let head =
        String::from_utf8_lossy(&head).split("\r\n\r\n").next().unwrap_or_default().to_owned();
    if !head.starts_with("HTTP/1.1 200") || !tail.ends_with(b"0\r\n\r\n") {
        bail!("the export broke off: {head}");
    }
    Ok(head)
}

async fn body(address: &str, request: &str) -> anyhow::Result<serde_json::Value> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap_or_default())?)
}

/// Process of the database server.
async fn postmaster(pool: &sqlx::PgPool) -> anyhow::Result<u32> {
    let mut connection = pool.acquire().await?;
    let own: i32 = backend(&mut connection).await?;
    let stat = std::fs::read_to_string(format!("/proc/{own}/stat"))
        .context("the database runs on this machine")?;
    let fields =
        stat.rsplit_once(')').map(|(_, rest)| rest.split_whitespace()).context("a process")?;
    Ok(fields.skip(1).take(1).next().context("a parent")?.parse()?)
}

async fn backend(connection: &mut PgConnection) -> anyhow::Result<i32> {
    Ok(sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(connection).await?)
}

/// Clocks at the beginning of a run.
struct Clocks {
    wall: Instant,
    hub: f64,
    database: f64,
}

impl Clocks {
    fn now(hub: u32, postmaster: u32) -> anyhow::Result<Self> {
        Ok(Self { wall: Instant::now(), hub: processor(hub)?, database: children(postmaster)? })
    }

    /// What was spent since then.
    fn until(&self, hub: u32, postmaster: u32) -> anyhow::Result<Spent> {
        let now = Self::now(hub, postmaster)?;
        let wall = now.wall.duration_since(self.wall).as_secs_f64();
        Ok(Spent { wall, hub: now.hub - self.hub, database: now.database - self.database })
    }
}

/// Processor time of a process, in seconds.
fn processor(pid: u32) -> anyhow::Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let fields: Vec<&str> =
        stat.rsplit_once(')').context("a process")?.1.split_whitespace().collect();
    let ticks =
        |at: usize| fields.get(at).and_then(|text| text.parse::<f64>().ok()).unwrap_or_default();
    // User and system time, in hundredths of a second on every Linux there is.
    Ok((ticks(11) + ticks(12)) / 100.0)
}

/// Processor time of all processes of the database server.
fn children(postmaster: u32) -> anyhow::Result<f64> {
    let list = std::fs::read_to_string(format!("/proc/{postmaster}/task/{postmaster}/children"))?;
    Ok(list.split_whitespace().filter_map(|pid| processor(pid.parse().ok()?).ok()).sum())
}

/// Most memory a process has held, in kilobytes.
fn peak(pid: u32) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).context("VmHWM")?;
    Ok(line.split_whitespace().nth(1).context("a number")?.parse()?)
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}
