//! The indicators of a province against statements written by hand for the same figures on the same
//! database, in turn.
//!
//! By hand there is one statement a family, all at once over one connection each, summed to cities,
//! with JSON built by PostgreSQL; no access control, no judgement, no sums over groups.

use std::{path::PathBuf, process::ExitCode, time::Instant};

use anyhow::{Context as _, bail};
use clap::Args;
use futures_util::future::try_join_all;
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::{
    client::{Client, post},
    drive::issued,
    table::say,
};

/// Where the hub is and how often it is asked.
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
    /// Province
    #[arg(long, default_value = "140000")]
    region: String,
    /// Year, with all years from 2019
    #[arg(long, default_value_t = 2025)]
    year: i32,
    /// Rounds of each
    #[arg(long, default_value_t = 60)]
    rounds: usize,
    /// Only these indicators, separated by commas
    #[arg(long, default_value = "")]
    indicators: String,
}

const SHEET: &str = "query ($region: String!, $year: Int!, $indicators: [Indicator!]) { indicators(region: $region, year: $year, \
    indicators: $indicators) { plan baseYear provisional position rows { indicator region scope industry numerator denominator value \
    shown lastYear { numerator denominator shown } baseYear { numerator denominator shown } target most outcome together reasonCode \
    reason records { field where } } differences { indicator scope own sum } series { measure scope points { year numerator \
    denominator } stair { year numerator denominator } } accidentTypes { item count lastYear } heat { industries rows { region counts } } \
    exposure { item count } factors { item count above } } }";

/// A family by hand: what is grouped, from where, and what is counted.
fn statement(from: &str, year: &str, condition: &str, counts: &str) -> String {
    format!(
        "SELECT COALESCE(json_agg(g)::text, '[]') FROM (SELECT substr(region_code, 1, 4) AS city, key_industry, {year} AS y, {counts} \
         FROM {from} WHERE withdrawn_at IS NULL AND region_code >= $1 AND region_code < $2 AND {condition} GROUP BY 1, 2, 3) AS g"
    )
}

fn statements(year: i32) -> Vec<String> {
    let local = "EXTRACT(YEAR FROM occurred_at AT TIME ZONE 'Asia/Shanghai')::int";
    let day = |name: &str| format!("EXTRACT(YEAR FROM {name})::int");
    let within =
        |name: &str| format!("{name} >= DATE '2019-01-01' AND {name} <= DATE '{year}-12-31'");
    let roll = "(SELECT e.region_code, e.key_industry, e.withdrawn_at, y.y, COALESCE(e.person_key, e.ref) AS p, \
         BOOL_OR(t.s <= y.last) AS s, BOOL_OR(t.h <= y.last) AS h FROM employments e JOIN (SELECT y, make_date(y, 12, 31) AS last FROM \
         generate_series(2019, $YEAR) AS y) AS y ON e.insured_from <= y.last AND (e.insured_to IS NULL OR e.insured_to >= y.last) \
         LEFT JOIN (SELECT person_key, MIN(COALESCE(exam_at, ended_on)) FILTER (WHERE training_domain = 'SAFETY') AS s, \
         MIN(COALESCE(exam_at, ended_on)) FILTER (WHERE training_domain = 'OCCUPATIONAL_HEALTH') AS h FROM training_records WHERE passed AND \
         withdrawn_at IS NULL GROUP BY 1) AS t ON t.person_key = e.person_key WHERE e.key_post IS NOT NULL AND e.department = 'HRSS' AND \
         e.region_code >= $1 AND e.region_code < $2 GROUP BY 1, 2, 3, 4, 5) AS roll";
    vec![
        statement(
            "accidents",
            local,
            &format!(
                "occurred_at >= '2019-01-01 00:00+08' AND occurred_at < '{}-01-01 00:00+08' AND stat_status IS DISTINCT FROM 'WRITTEN_OFF' \
                 AND department = CASE key_industry WHEN 'CONSTRUCTION' THEN 'HOUSING' WHEN 'TRANSPORT' THEN 'TRANSPORT' ELSE 'EMERGENCY' END",
                year + 1
            ),
            "COUNT(*), SUM(deaths), SUM(missing), SUM(serious_injuries + acute_poisonings), SUM(minor_injuries) AS minor",
        ),
        statement(
            "occupational_disease_cases",
            &day("diagnosed_at"),
            &format!("report_nature = 'FIRST' AND department = 'HEALTH' AND {}", within("diagnosed_at")),
            "COUNT(*) FILTER (WHERE disease_code BETWEEN 'RESP-01' AND 'RESP-13') AS pneumoconiosis, COUNT(*) FILTER (WHERE disease_code \
             BETWEEN 'RESP-01' AND 'RESP-13' AND under_five_years) AS short, COUNT(*)",
        ),
        statement(
            "work_injuries",
            &day("COALESCE(injured_at, diagnosed_at)"),
            &format!("result IN ('RECOGNIZED', 'DEEMED') AND department = 'HRSS' AND {}", within("COALESCE(injured_at, diagnosed_at)")),
            "COUNT(*), COUNT(*) FILTER (WHERE article IS DISTINCT FROM 'ART14_6') AS at_work",
        ),
        statement(
            "insured_unit_years",
            "year",
            &format!("department = 'HRSS' AND year BETWEEN 2019 AND {year}"),
            "SUM(insured_persons), SUM(premium_paid_fen) AS paid, SUM(benefits_fen) AS benefits, SUM(prevention_fen) AS prevention",
        ),
        statement(
            "hazard_rectifications",
            &day("COALESCE(extended_deadline, deadline)"),
            &within("COALESCE(extended_deadline, deadline)"),
            "COUNT(*), COUNT(closed_at) AS closed",
        ),
        statement(
            "exposure_measurements",
            &day("sampled_at"),
            &format!("exceeded IS NOT NULL AND {}", within("sampled_at")),
            "COUNT(*), COUNT(*) FILTER (WHERE exceeded) AS above",
        ),
        statement(&roll.replace("$YEAR", &year.to_string()), "y", "true", "COUNT(*), COUNT(*) FILTER (WHERE s) AS s, COUNT(*) FILTER (WHERE h) AS h"),
        "SELECT COALESCE(json_agg(g)::text, '[]') FROM (SELECT substr(v.region_code, 1, 4) AS city, v.key_industry, \
         EXTRACT(YEAR FROM a.occurred_at AT TIME ZONE 'Asia/Shanghai')::int AS y, COUNT(*), COUNT(*) FILTER (WHERE EXISTS (SELECT 1 FROM \
         work_injuries w WHERE w.injury_key = v.injury_key AND w.withdrawn_at IS NULL AND w.result IN ('RECOGNIZED', 'DEEMED'))) AS matched \
         FROM accident_victims v JOIN accidents a ON a.ref = v.accident_ref AND a.withdrawn_at IS NULL AND a.stat_status IS DISTINCT FROM \
         'WRITTEN_OFF' WHERE v.withdrawn_at IS NULL AND v.region_code >= $1 AND v.region_code < $2 AND EXISTS (SELECT 1 FROM employments e \
         WHERE e.person_key = v.person_key AND e.department = 'HRSS' AND e.withdrawn_at IS NULL AND e.insured_from <= (a.occurred_at AT TIME \
         ZONE 'Asia/Shanghai')::date AND (e.insured_to IS NULL OR e.insured_to >= (a.occurred_at AT TIME ZONE 'Asia/Shanghai')::date)) \
         AND a.occurred_at >= '2019-01-01 00:00+08' GROUP BY 1, 2, 3) AS g"
            .to_owned(),
    ]
}

/// Milliseconds that so many of a hundred rounds stay under.
fn percentile(times: &[f64], of: usize) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
        .get((sorted.len() * of / 100).min(sorted.len().saturating_sub(1)))
        .copied()
        .unwrap_or_default()
}

/// Measures and prints the table.
pub async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let pool = PgPool::connect(&arguments.database_url).await?;
    let token = issued(&arguments.keys, "HRSS", &arguments.region, "SECRETARY")?;
    let indicators: Vec<&str> =
        arguments.indicators.split(',').filter(|code| !code.is_empty()).collect();
    let indicators = if indicators.is_empty() { Value::Null } else { json!(indicators) };
    let variables =
        json!({"region": arguments.region, "year": arguments.year, "indicators": indicators});
    let request = post("/graphql", &token, &json!({"query": SHEET, "variables": variables}));
    let statements = statements(arguments.year);
    let prefix = arguments.region.trim_end_matches("00").to_owned();
    let end = format!("{prefix}~");
    let by_hand = async |statements: &[String]| -> anyhow::Result<Vec<Value>> {
        let all = statements.iter().map(|sql| {
            sqlx::query_scalar::<_, String>(sqlx::AssertSqlSafe(sql.clone()))
                .bind(&prefix)
                .bind(&end)
                .fetch_one(&pool)
        });
        try_join_all(all)
            .await?
            .iter()
            .map(|text| serde_json::from_str(text).context("JSON"))
            .collect()
    };
    let mut hub = Client::connect(&arguments.hub).await?;
    let told: Value = serde_json::from_slice(hub.send(&request).await?)?;
    if told.get("errors").is_some() {
        bail!("{told}");
    }
    check(&told, &by_hand(&statements).await?)?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..arguments.rounds {
        let start = Instant::now();
        by_hand(&statements).await?;
        theirs.push(start.elapsed().as_secs_f64() * 1_000.0);
        let start = Instant::now();
        hub.send(&request).await?;
        ours.push(start.elapsed().as_secs_f64() * 1_000.0);
    }
    for sql in &statements {
        let start = Instant::now();
        by_hand(std::slice::from_ref(sql)).await?;
        say(format_args!(
            "    {:>7.1} ms  {}",
            start.elapsed().as_secs_f64() * 1_000.0,
            sql.split(" FROM ").nth(2).unwrap_or_default().chars().take(40).collect::<String>()
        ))?;
    }
    say("| indicators of a province | by hand ms | hub ms | ratio |")?;
    say("| --- | ---: | ---: | ---: |")?;
    for of in [50, 95] {
        let (theirs, ours) = (percentile(&theirs, of), percentile(&ours, of));
        say(format_args!("| p{of} | {theirs:.1} | {ours:.1} | {:.2} |", ours / theirs))?;
    }
    let slow =
        percentile(&ours, 95) > 150.0 || percentile(&ours, 50) > 2.0 * percentile(&theirs, 50);
    Ok(if slow { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Both count the same accidents in the last year, industry by industry.
fn check(told: &Value, by_hand: &[Value]) -> anyhow::Result<()> {
    let sheet = told.pointer("/data/indicators").context("a sheet")?;
    let (year, rows) = (
        told.pointer("/data/indicators/rows"),
        by_hand.first().and_then(Value::as_array).context("accidents")?,
    );
    let last = sheet
        .pointer("/series/0/points")
        .and_then(Value::as_array)
        .and_then(|points| points.last())
        .context("years")?;
    for row in year
        .and_then(Value::as_array)
        .context("rows")?
        .iter()
        .filter(|row| row["indicator"] == "I1" && row["industry"].is_string())
    {
        let province = row["region"].as_str().is_some_and(|region| region.ends_with("0000"));
        if !province {
            continue;
        }
        let own = rows
            .iter()
            .filter(|own| own["key_industry"] == row["industry"] && own["y"] == last["year"]);
        let sum: i64 = own.filter_map(|own| own["count"].as_i64()).sum();
        if row["numerator"].as_i64() != Some(sum) {
            bail!("the answers differ: {row} {sum}");
        }
    }
    Ok(())
}
