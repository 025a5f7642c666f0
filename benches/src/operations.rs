//! The measured operations: for each the requests to both servers that ask for the same thing.

use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context as _;
use base64::Engine as _;
use chrono::{DateTime, Utc};
use lianfang::seed::{self, Scale};
use serde_json::{Map, Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use crate::client::{Client, get, post};

/// Requests of an operation, for the hub and for the server written by hand.
pub enum Requests {
    /// The same ones again and again, in pairs that must give the same data.
    Kept(Vec<(Vec<u8>, Vec<u8>)>),
    /// New work injuries each time: so many rows a request.
    Fresh(usize),
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One record by identifier.
    Single,
    /// A filtered and ordered page with three levels of links.
    First,
    /// A page far down a list.
    Deep,
    /// Statistics.
    Stats,
    /// A list page by page.
    Walk,
    /// So many new rows a request.
    Submit(usize),
}

/// One line of the table to be.
#[derive(Debug)]
pub struct Operation {
    /// What is measured.
    pub kind: Kind,
    /// What is asked.
    pub name: &'static str,
    /// What is counted.
    pub unit: &'static str,
    /// Ratio below which it is too slow.
    pub floor: f64,
    /// Ratio to reach for.
    pub reach: f64,
}

/// All operations with the floors of the design.
pub const OPERATIONS: [Operation; 7] = [
    Operation {
        kind: Kind::Single,
        name: "one accident by id with employer and region",
        unit: "req",
        floor: 0.40,
        reach: 0.60,
    },
    Operation {
        kind: Kind::First,
        name: "first 50 accidents of a county, industry and year, newest first, each with employer, victims, their person and work \
               injury — audited",
        unit: "req",
        floor: 0.50,
        reach: 0.80,
    },
    Operation {
        kind: Kind::Deep,
        name: "keyset page of 50 at 80 % of the accidents",
        unit: "req",
        floor: 0.50,
        reach: 0.75,
    },
    Operation {
        kind: Kind::Stats,
        name: "accidents and casualties by industry for a city, one year against 2019",
        unit: "req",
        floor: 0.75,
        reach: 0.95,
    },
    Operation {
        kind: Kind::Walk,
        name: "10,000 persons with employer, page by page of 200 — audited",
        unit: "pages",
        floor: 0.60,
        reach: 0.90,
    },
    Operation {
        kind: Kind::Submit(1),
        name: "submit one work injury (validated, versioned, event, receipt, audited) against a plain insert",
        unit: "rows",
        floor: 0.30,
        reach: 0.50,
    },
    Operation {
        kind: Kind::Submit(1000),
        name: "submit 1,000 work injuries in one call against INSERT … SELECT unnest … ON CONFLICT",
        unit: "rows",
        floor: 0.30,
        reach: 0.50,
    },
];

/// What makes requests.
pub struct Maker {
    /// Token of who reads.
    pub reader: String,
    /// Token of who hands in.
    pub submitter: String,
    /// Rows to make new ones of.
    templates: Vec<Map<String, Value>>,
    number: AtomicU64,
    run: String,
}

const ACCIDENT: &str = "query ($id: ID!) { accident(id: $id) { accidentNo occurredAt grade keyIndustry deaths casualties address \
    employer { name uscc scale } region { code name } } }";
const ACCIDENTS: &str = "query ($region: String!, $industry: KeyIndustry!, $from: DateTime!, $to: DateTime!) { accidents(first: 50, \
    where: {regionCode: {eq: $region}, keyIndustry: {eq: $industry}, occurredAt: {gte: $from, lt: $to}}, \
    orderBy: [{field: OCCURRED_AT, direction: DESC}]) { nodes { accidentNo occurredAt grade deaths casualties employer { name uscc } \
    victims { name injuryDegree age person { name sex birthDate } workInjury { caseNo result article decidedAt } } } } }";
const PAGE: &str = "query ($first: Int!, $after: String) { accidents(first: $first, after: $after, \
    orderBy: [{field: OCCURRED_AT, direction: ASC}]) { nodes { occurredAt regionCode employerName keyIndustry accidentType deaths \
    casualties grade } } }";
const WALK: &str = "query ($after: String) { accidents(first: 200, after: $after, orderBy: [{field: OCCURRED_AT, direction: ASC}]) \
    { pageInfo { endCursor } } }";
const STATS: &str = r#"{ now: accidentStats(where: {regionCode: {prefix: "1406"}, occurredAt: {gte: "2024-01-01", lt: "2025-01-01"}},
    groupBy: [KEY_INDUSTRY]) { keys { value label } count sums { deaths casualties } }
    base: accidentStats(where: {regionCode: {prefix: "1406"}, occurredAt: {gte: "2019-01-01", lt: "2020-01-01"}},
    groupBy: [KEY_INDUSTRY]) { keys { value label } count sums { deaths casualties } } }"#;
const PERSONS: &str = "query ($after: String) { persons(first: 200, after: $after) { nodes { personNo name sex birthDate regionCode \
    employer { name uscc keyIndustry } } pageInfo { hasNextPage endCursor } } }";
const SUBMIT: &str = "mutation ($rows: [WorkInjuryRow!]!, $key: String!) { submitWorkInjuries(input: {rows: $rows, mode: PARTIAL, \
    idempotencyKey: $key}) { created updated unchanged rejected } }";

/// Work injuries of the seed, from which rows to hand in are made.
pub fn templates() -> anyhow::Result<Vec<Map<String, Value>>> {
    let batch = seed::batches(Scale::County)
        .find(|batch| batch.family == "WorkInjury" && batch.region == "140600");
    Ok(batch.context("the seed has work injuries")?.rows)
}

impl Maker {
    /// With tokens; rows to hand in are made after those of the seed.
    pub fn new(reader: String, submitter: String) -> anyhow::Result<Self> {
        Ok(Self {
            reader,
            submitter,
            templates: templates()?,
            number: AtomicU64::new(0),
            run: Uuid::now_v7().simple().to_string(),
        })
    }

    fn query(&self, query: &str, variables: Value) -> Vec<u8> {
        post("/graphql", &self.reader, &json!({"query": query, "variables": variables}))
    }

    /// Rows nobody has handed in yet.
    fn rows(&self, count: usize) -> (u64, Vec<Value>) {
        let first = self.number.fetch_add(count as u64, Ordering::Relaxed);
        let row = |number: u64| {
            let mut row = self
                .templates
                .get(number as usize % self.templates.len())
                .cloned()
                .unwrap_or_default();
            row.insert("caseNo".to_owned(), format!("B{}-{number}", self.run).into());
            Value::Object(row)
        };
        (first, (first..first + count as u64).map(row).collect())
    }

    /// A submission to the hub.
    pub fn hub_rows(&self, count: usize) -> Vec<u8> {
        let (number, rows) = self.rows(count);
        let variables = json!({"rows": rows, "key": format!("{}-{number}", self.run)});
        post("/graphql", &self.submitter, &json!({"query": SUBMIT, "variables": variables}))
    }

    /// The same to the other.
    pub fn ideal_rows(&self, count: usize) -> Vec<u8> {
        let (_, mut rows) = self.rows(count);
        match rows.pop() {
            Some(row) if count == 1 => post("/injury", "", &row),
            Some(row) => {
                rows.push(row);
                post("/injuries", "", &rows.into())
            }
            None => Vec::new(),
        }
    }

    /// Requests of an operation for what the database holds.
    pub async fn requests(
        &self,
        kind: Kind,
        pool: &PgPool,
        hub: &mut Client,
    ) -> anyhow::Result<Requests> {
        Ok(Requests::Kept(match kind {
            Kind::Single => self.single(pool).await?,
            Kind::First => self.first(pool).await?,
            Kind::Deep => self.deep(pool, hub).await?,
            Kind::Stats => vec![(self.query(STATS, json!({})), get("/stats"))],
            Kind::Walk => self.walk(pool, hub).await?,
            Kind::Submit(count) => return Ok(Requests::Fresh(count)),
        }))
    }

    async fn single(&self, pool: &PgPool) -> anyhow::Result<Vec<(Vec<u8>, Vec<u8>)>> {
        let sql = "SELECT id FROM accidents WHERE region_code >= '1406' AND region_code < '1407' ORDER BY ref LIMIT 500";
        let ids: Vec<Uuid> = sqlx::query_scalar(sql).fetch_all(pool).await?;
        let pair = |id: Uuid| {
            let mut bytes = b"Accident\0".to_vec();
            bytes.extend_from_slice(id.as_bytes());
            let global = base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(bytes);
            (self.query(ACCIDENT, json!({"id": global})), get(&format!("/accident/{id}")))
        };
        Ok(ids.into_iter().map(pair).collect())
    }

    async fn first(&self, pool: &PgPool) -> anyhow::Result<Vec<(Vec<u8>, Vec<u8>)>> {
        let sql = "SELECT region_code, key_industry, to_char(occurred_at AT TIME ZONE 'Asia/Shanghai', 'YYYY')::int AS year \
            FROM accidents WHERE region_code >= '1406' AND region_code < '1407' AND key_industry IS NOT NULL \
            GROUP BY 1, 2, 3 ORDER BY count(*) DESC, 1, 2, 3 LIMIT 20";
        let places: Vec<(String, String, i32)> = sqlx::query_as(sql).fetch_all(pool).await?;
        let pair = |(region, industry, year): (String, String, i32)| {
            let (from, to) = (
                format!("{year}-01-01T00:00:00+08:00"),
                format!("{}-01-01T00:00:00+08:00", year + 1),
            );
            let ideal =
                format!("/accidents?region={region}&industry={industry}&from={from}&to={to}")
                    .replace('+', "%2B");
            (
                self.query(
                    ACCIDENTS,
                    json!({"region": region, "industry": industry, "from": from, "to": to}),
                ),
                get(&ideal),
            )
        };
        Ok(places.into_iter().map(pair).collect())
    }

    async fn deep(
        &self,
        pool: &PgPool,
        hub: &mut Client,
    ) -> anyhow::Result<Vec<(Vec<u8>, Vec<u8>)>> {
        let total: i64 =
            sqlx::query_scalar("SELECT count(*) FROM accidents WHERE withdrawn_at IS NULL")
                .fetch_one(pool)
                .await?;
        let last = total * 4 / 5 / 200;
        let mut pairs = Vec::new();
        let mut cursor = Value::Null;
        for number in 1..=last {
            let answer: Value = serde_json::from_slice(
                hub.send(&self.query(WALK, json!({"after": cursor}))).await?,
            )?;
            cursor = answer
                .pointer("/data/accidents/pageInfo/endCursor")
                .cloned()
                .with_context(|| answer.to_string())?;
            if number + 10 > last {
                let sql = "SELECT occurred_at, id FROM accidents WHERE withdrawn_at IS NULL ORDER BY 1, 2 OFFSET $1 LIMIT 1";
                let (at, id): (DateTime<Utc>, Uuid) =
                    sqlx::query_as(sql).bind(number * 200 - 1).fetch_one(pool).await?;
                let ideal = format!(
                    "/page?at={}&id={id}",
                    at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
                );
                pairs.push((self.query(PAGE, json!({"first": 50, "after": cursor})), get(&ideal)));
            }
        }
        Ok(pairs)
    }

    async fn walk(
        &self,
        pool: &PgPool,
        hub: &mut Client,
    ) -> anyhow::Result<Vec<(Vec<u8>, Vec<u8>)>> {
        let sql = "SELECT id FROM persons WHERE region_code >= '1406' AND region_code < '1407' AND withdrawn_at IS NULL \
            ORDER BY id LIMIT 10000";
        let ids: Vec<Uuid> = sqlx::query_scalar(sql).fetch_all(pool).await?;
        let mut pairs = Vec::new();
        let mut cursor = Value::Null;
        let mut after = Uuid::nil();
        for page in ids.chunks(200) {
            let request = self.query(PERSONS, json!({"after": cursor}));
            let answer: Value = serde_json::from_slice(hub.send(&request).await?)?;
            cursor = answer
                .pointer("/data/persons/pageInfo/endCursor")
                .cloned()
                .with_context(|| answer.to_string())?;
            pairs.push((request, get(&format!("/persons?after={after}"))));
            after = page.last().copied().unwrap_or_default();
        }
        Ok(pairs)
    }
}
