//! Files taken in against statements that put the same rows, and the feed against its table read by
//! hand, in turn, A B A B.

use std::{path::PathBuf, process::ExitCode, time::Instant};

use anyhow::{Context as _, bail};
use clap::Args;
use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Map, Value, json};
use sqlx::PgPool;
use tokio::{io::AsyncWriteExt as _, net::TcpStream};
use uuid::Uuid;

use crate::{
    client::{Client, post},
    drive::{issued, prepare},
    ideal::{Injury, upsert},
    operations::templates,
    table::{HEAD, Line, say},
};

/// Where the hub is and how much is handed in.
#[derive(Args)]
pub struct Arguments {
    #[arg(long)]
    database_url: String,
    /// host:port of the hub
    #[arg(long)]
    hub: String,
    /// Key file of the hub
    #[arg(long)]
    keys: PathBuf,
    /// Rows of a file
    #[arg(long, default_value_t = 50_000)]
    rows: usize,
    /// Rounds of each
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Only operations whose name holds this
    #[arg(long, default_value = "")]
    only: String,
}

/// Rows a second of both in each round.
#[derive(Default)]
pub struct Rates {
    /// Those written by hand.
    pub ideal: Vec<f64>,
    /// Those of the hub.
    pub hub: Vec<f64>,
}

impl Rates {
    /// As a line of the table.
    pub fn line(&self, name: &'static str, (floor, reach): (f64, f64)) -> Line {
        let mean = |rates: &[f64]| rates.iter().sum::<f64>() / rates.len().max(1) as f64;
        let ratios = self.ideal.iter().zip(&self.hub).map(|(ideal, hub)| hub / ideal);
        let spread = ratios.fold((f64::INFINITY, 0.0_f64), |(least, most), ratio| {
            (least.min(ratio), most.max(ratio))
        });
        Line {
            name,
            unit: "rows",
            ideal: mean(&self.ideal),
            hub: mean(&self.hub),
            spread,
            floor,
            reach,
        }
    }
}

/// Measures and prints the table.
pub async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let pool = PgPool::connect(&arguments.database_url).await?;
    let submitter = issued(&arguments.keys, "HRSS", "140600", "SUBMITTER")?;
    let reader = issued(&arguments.keys, "HRSS", "140600", "READER")?;
    prepare(&pool).await?;
    let templates = templates()?;
    let (mut new, mut same, mut dry) = (Rates::default(), Rates::default(), Rates::default());
    let wants = |name: &str| name.contains(&arguments.only);
    let files = ["import", "re-import", "dry run"].into_iter().any(wants);
    for _ in 0..if files { arguments.rounds } else { 0 } {
        let rows = fresh(&templates, arguments.rows);
        let other: Vec<Injury> =
            fresh(&templates, arguments.rows).into_iter().map(injury).collect::<Result<_, _>>()?;
        let body = ndjson(&rows);
        new.ideal.push(put(&pool, &other).await?);
        let tried = hand_in(&arguments.hub, &submitter, "dry-run", &body).await?;
        let taken = hand_in(&arguments.hub, &submitter, "partial", &body).await?;
        new.hub.push(taken.rate("created", rows.len())?);
        dry.hub.push(tried.rate("created", rows.len())?);
        dry.ideal.push(taken.rate("created", rows.len())?);
        same.ideal.push(put(&pool, &other).await?);
        let again = hand_in(&arguments.hub, &submitter, "partial", &body).await?;
        same.hub.push(again.rate("unchanged", rows.len())?);
    }
    let mut lines = Vec::new();
    if files {
        lines.push(new.line("import of new work injuries", (0.30, 0.50)));
        lines.push(same.line("re-import, all unchanged", (0.50, 0.80)));
        lines.push(dry.line("dry run, against the import", (1.0, 1.5)));
    }
    for catching in CATCHING.iter().filter(|_| wants("feed")) {
        lines.push(
            feed(&arguments, &pool, &reader, catching).await?.line(catching.name, (0.30, 0.60)),
        );
    }
    say(HEAD)?;
    for line in &lines {
        say(line)?;
    }
    let slow = lines.iter().filter(|line| line.ratio() < line.floor).count();
    say(format_args!("\n{slow} of {} operations are slower than their floor", lines.len()))?;
    Ok(if slow == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Rows that nobody has handed in yet.
pub fn fresh(templates: &[Map<String, Value>], count: usize) -> Vec<Value> {
    let run = Uuid::now_v7().simple().to_string();
    templates
        .iter()
        .cycle()
        .take(count)
        .enumerate()
        .map(|(number, template)| {
            let mut row = template.clone();
            row.insert("caseNo".to_owned(), format!("F{run}-{number}").into());
            Value::Object(row)
        })
        .collect()
}

/// Rows as a file.
pub fn ndjson(rows: &[Value]) -> Vec<u8> {
    rows.iter().flat_map(|row| format!("{row}\n").into_bytes()).collect()
}

fn injury(row: Value) -> Result<Injury, serde_json::Error> {
    serde_json::from_value(row)
}

async fn put(pool: &PgPool, rows: &[Injury]) -> anyhow::Result<f64> {
    let start = Instant::now();
    for chunk in rows.chunks(1_000) {
        if upsert(pool, chunk).await? != chunk.len() as u64 {
            bail!("the statement did not put all rows");
        }
    }
    Ok(rows.len() as f64 / start.elapsed().as_secs_f64())
}

/// What became of a file, and how long it took from the first byte sent to the answer.
struct Taken {
    job: Value,
    seconds: f64,
}

impl Taken {
    fn rate(&self, outcome: &str, rows: usize) -> anyhow::Result<f64> {
        if self.job[outcome].as_u64() != Some(rows as u64) || self.job["state"] != "DONE" {
            bail!("not all rows were {outcome}: {}", self.job);
        }
        Ok(rows as f64 / self.seconds)
    }
}

async fn hand_in(hub: &str, token: &str, mode: &str, body: &[u8]) -> anyhow::Result<Taken> {
    let start = Instant::now();
    let mut stream = TcpStream::connect(hub).await?;
    let head = format!(
        "POST /exchange/workInjuries?mode={mode}&wait=60 HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\n\
         content-type: application/x-ndjson\r\nidempotency-key: {}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        Uuid::now_v7(),
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body).await?;
    let mut answer = String::new();
    tokio::io::AsyncReadExt::read_to_string(&mut stream, &mut answer).await?;
    let seconds = start.elapsed().as_secs_f64();
    let (head, body) = answer.split_once("\r\n\r\n").context("an answer")?;
    if !head.starts_with("HTTP/1.1 200") {
        bail!("{answer}");
    }
    Ok(Taken { job: serde_json::from_str(body)?, seconds })
}

/// A page of changes, read no further than is needed to go on: the client is not what is measured.
#[derive(Deserialize)]
struct Page {
    events: Vec<IgnoredAny>,
    cursor: String,
    more: bool,
}

#[derive(Deserialize)]
struct Changes {
    changes: Page,
}

#[derive(Deserialize)]
struct Answer {
    data: Changes,
}

/// What is asked of each change, and the statement that gives the same by hand.
struct Catching {
    name: &'static str,
    asked: &'static str,
    columns: &'static str,
    join: &'static str,
}

const CATCHING: [Catching; 2] = [
    Catching {
        name: "feed catch-up, pages of 1,000",
        asked: "kind family id version at",
        columns: "e.kind",
        join: "",
    },
    Catching {
        name: "the same with records, audited",
        asked: "kind family id version at record { ... on WorkInjury { caseNo name regionCode keyIndustry injuredAt result article } }",
        columns: "concat_ws('|', e.kind, w.case_no, w.name, w.region_code, w.key_industry, w.injured_at, w.result, w.article)",
        join: "LEFT JOIN work_injuries w ON w.id = e.record_id AND w.withdrawn_at IS NULL",
    },
];

/// All changes of the city's work injuries, through GraphQL and by hand.
async fn feed(
    arguments: &Arguments,
    pool: &PgPool,
    token: &str,
    catching: &Catching,
) -> anyhow::Result<Rates> {
    let Catching { asked, columns, join, .. } = catching;
    let ask = format!(
        "query ($after: String) {{ changes(after: $after, families: [\"WorkInjury\"], first: 1000) {{ events {{ {asked} }} cursor more }} }}"
    );
    let sql = format!(
        "SELECT e.transaction_id, e.position, e.family, e.record_id, e.version, {columns}, e.at FROM change_events e {join} \
         WHERE (e.transaction_id, e.position) > ($1, $2) AND e.family = 'WorkInjury' AND e.region_code >= '1406' \
         AND e.region_code < '1407' ORDER BY e.transaction_id, e.position LIMIT 1000"
    );
    let mut rates = Rates::default();
    let mut client = Client::connect(&arguments.hub).await?;
    for _ in 0..arguments.rounds {
        let start = Instant::now();
        let (mut place, mut count) = ((0_i64, 0_i64), 0_usize);
        loop {
            type Event = (i64, i64, String, Uuid, i32, String, chrono::DateTime<chrono::Utc>);
            let statement = sqlx::query_as(sqlx::AssertSqlSafe(sql.clone()));
            let events: Vec<Event> = statement.bind(place.0).bind(place.1).fetch_all(pool).await?;
            let Some(last) = events.last() else { break };
            place = (last.0, last.1);
            count += events.len();
        }
        rates.ideal.push(count as f64 / start.elapsed().as_secs_f64());
        let start = Instant::now();
        let (mut after, mut heard) = (Value::Null, 0_usize);
        loop {
            let request =
                post("/graphql", token, &json!({"query": ask, "variables": {"after": after}}));
            let page = serde_json::from_slice::<Answer>(client.send(&request).await?)?.data.changes;
            heard += page.events.len();
            after = page.cursor.into();
            if !page.more {
                break;
            }
        }
        rates.hub.push(heard as f64 / start.elapsed().as_secs_f64());
        if heard != count {
            bail!("the feed gave {heard} changes, the table holds {count}");
        }
    }
    Ok(rates)
}
