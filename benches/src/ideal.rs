//! The ideal: a server written by hand for exactly the measured operations. One prepared statement
//! a request, PostgreSQL builds the JSON, the program passes it on. It knows no access control, no
//! audit, no versions and no GraphQL.

use std::sync::Arc;

use anyhow::Context as _;
use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use chrono::{DateTime, NaiveDate, Utc};
use clap::Args;
use serde::Deserialize;
use sqlx::{PgPool, postgres::PgPoolOptions};
use uuid::Uuid;

/// Where the database is and where to listen.
#[derive(Args)]
pub struct Arguments {
    #[arg(long)]
    database_url: String,
    #[arg(long)]
    listen: String,
}

/// Serves until it is killed.
pub async fn serve(arguments: Arguments) -> anyhow::Result<()> {
    let pool = PgPoolOptions::new()
        .max_connections(16)
        .test_before_acquire(false)
        .connect(&arguments.database_url)
        .await
        .context("the database does not answer")?;
    let router = Router::new()
        .route("/accident/{id}", get(accident))
        .route("/accidents", get(accidents))
        .route("/page", get(page))
        .route("/stats", get(stats))
        .route("/persons", get(persons))
        .route("/injury", post(injury))
        .route("/injuries", post(injuries))
        .with_state(Arc::new(pool));
    let listener = tokio::net::TcpListener::bind(&arguments.listen).await?;
    axum::serve(listener, router).await?;
    Ok(())
}

type Pool = State<Arc<PgPool>>;

/// Whatever goes wrong ends the measurement.
struct Fault(sqlx::Error);

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, self.0.to_string()).into_response()
    }
}

fn json(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}

async fn accident(State(pool): Pool, Path(id): Path<Uuid>) -> Result<Response, Fault> {
    let sql = r#"SELECT json_build_object('data', json_build_object('accident', json_build_object(
            'accidentNo', a.accident_no,
            'occurredAt', to_char(a.occurred_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"'),
            'grade', a.grade, 'keyIndustry', a.key_industry, 'deaths', a.deaths, 'casualties', a.casualties, 'address', a.address,
            'employer', (SELECT json_build_object('name', e.name, 'uscc', e.uscc, 'scale', e.scale) FROM employers e
                WHERE e.employer_key = a.employer_key AND e.withdrawn_at IS NULL ORDER BY e.department <> 'HRSS', e.id LIMIT 1),
            'region', (SELECT json_build_object('code', r.code, 'name', r.name_zh) FROM reference_codes r
                WHERE r.table_name = 'region' AND r.code = a.region_code ORDER BY r.position LIMIT 1))))::text
        FROM accidents a WHERE a.id = $1 AND a.withdrawn_at IS NULL"#;
    Ok(json(sqlx::query_scalar(sql).bind(id).fetch_one(&*pool).await?))
}

#[derive(Deserialize)]
struct Which {
    region: String,
    industry: String,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

async fn accidents(State(pool): Pool, Query(which): Query<Which>) -> Result<Response, Fault> {
    let sql = r#"SELECT json_build_object('data', json_build_object('accidents', json_build_object('nodes', coalesce(json_agg(
            json_build_object(
                'accidentNo', a.accident_no,
                'occurredAt', to_char(a.occurred_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"'),
                'grade', a.grade, 'deaths', a.deaths, 'casualties', a.casualties,
                'employer', (SELECT json_build_object('name', e.name, 'uscc', e.uscc) FROM employers e
                    WHERE e.employer_key = a.employer_key AND e.withdrawn_at IS NULL
                    ORDER BY e.department <> 'HRSS', e.id LIMIT 1),
                'victims', (SELECT coalesce(json_agg(json_build_object(
                        'name', v.name, 'injuryDegree', v.injury_degree, 'age', v.age,
                        'person', (SELECT json_build_object('name', p.name, 'sex', p.sex, 'birthDate', p.birth_date) FROM persons p
                            WHERE p.person_key = v.person_key AND p.withdrawn_at IS NULL
                                AND p.region_code >= '1406' AND p.region_code < '1407'
                            ORDER BY p.department <> 'HRSS', p.id LIMIT 1),
                        'workInjury', (SELECT json_build_object('caseNo', w.case_no, 'result', w.result, 'article', w.article,
                                'decidedAt', w.decided_at) FROM work_injuries w
                            WHERE w.injury_key = v.injury_key AND w.withdrawn_at IS NULL
                                AND w.region_code >= '1406' AND w.region_code < '1407'
                            ORDER BY w.department <> 'HRSS', w.id LIMIT 1)
                    ) ORDER BY v.id), '[]') FROM (SELECT * FROM accident_victims v
                        WHERE v.accident_ref = a.ref AND v.withdrawn_at IS NULL ORDER BY v.id LIMIT 50) v)
            ) ORDER BY a.occurred_at DESC, a.id DESC), '[]'))))::text
        FROM (SELECT * FROM accidents WHERE region_code = $1 AND key_industry = $2 AND occurred_at >= $3 AND occurred_at < $4
            AND withdrawn_at IS NULL ORDER BY occurred_at DESC, id DESC LIMIT 50) a"#;
    let query = sqlx::query_scalar(sql)
        .bind(which.region)
        .bind(which.industry)
        .bind(which.from)
        .bind(which.to);
    Ok(json(query.fetch_one(&*pool).await?))
}

#[derive(Deserialize)]
struct After {
    at: DateTime<Utc>,
    id: Uuid,
}

async fn page(State(pool): Pool, Query(after): Query<After>) -> Result<Response, Fault> {
    let sql = r#"SELECT json_build_object('data', json_build_object('accidents', json_build_object('nodes', json_agg(json_build_object(
            'occurredAt', to_char(a.occurred_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"'),
            'regionCode', a.region_code, 'employerName', a.employer_name, 'keyIndustry', a.key_industry,
            'accidentType', a.accident_type, 'deaths', a.deaths, 'casualties', a.casualties, 'grade', a.grade)
            ORDER BY a.occurred_at, a.id))))::text
        FROM (SELECT * FROM accidents WHERE (occurred_at, id) > ($1, $2) AND withdrawn_at IS NULL
            ORDER BY occurred_at, id LIMIT 50) a"#;
    Ok(json(sqlx::query_scalar(sql).bind(after.at).bind(after.id).fetch_one(&*pool).await?))
}

async fn stats(State(pool): Pool) -> Result<Response, Fault> {
    let sql = r#"WITH g AS (SELECT occurred_at >= '2024-01-01T00:00:00+08:00' AS now, key_industry AS k, count(*) AS n,
            sum(deaths) AS d, sum(casualties) AS c FROM accidents
            WHERE region_code >= '1406' AND region_code < '1407' AND withdrawn_at IS NULL
                AND (occurred_at >= '2024-01-01T00:00:00+08:00' AND occurred_at < '2025-01-01T00:00:00+08:00'
                    OR occurred_at >= '2019-01-01T00:00:00+08:00' AND occurred_at < '2020-01-01T00:00:00+08:00')
            GROUP BY 1, 2),
        l AS (SELECT now, json_agg(json_build_object('keys', json_build_array(json_build_object('value', k, 'label',
                (SELECT name_zh FROM reference_codes WHERE table_name = 'key_industry' AND code = k LIMIT 1))),
            'count', n, 'sums', json_build_object('deaths', d, 'casualties', c)) ORDER BY k) AS list FROM g GROUP BY 1)
        SELECT json_build_object('data', json_build_object('now', (SELECT list FROM l WHERE now),
            'base', (SELECT list FROM l WHERE NOT now)))::text"#;
    Ok(json(sqlx::query_scalar(sql).fetch_one(&*pool).await?))
}

#[derive(Deserialize)]
struct Start {
    after: Uuid,
}

async fn persons(State(pool): Pool, Query(start): Query<Start>) -> Result<Response, Fault> {
    let sql = "SELECT json_build_object('data', json_build_object('persons', json_build_object('nodes', json_agg(json_build_object(
            'personNo', p.person_no, 'name', p.name, 'sex', p.sex, 'birthDate', p.birth_date, 'regionCode', p.region_code,
            'employer', (SELECT json_build_object('name', e.name, 'uscc', e.uscc, 'keyIndustry', e.key_industry) FROM employers e
                WHERE e.employer_key = p.employer_key AND e.withdrawn_at IS NULL ORDER BY e.department <> 'HRSS', e.id LIMIT 1))
            ORDER BY p.id) FILTER (WHERE p.place <= 200),
            'pageInfo', json_build_object('hasNextPage', count(*) > 200))))::text
        FROM (SELECT *, row_number() OVER (ORDER BY id) AS place FROM (SELECT * FROM persons WHERE id > $1 AND region_code >= '1406'
            AND region_code < '1407' AND withdrawn_at IS NULL ORDER BY id LIMIT 201) p) p";
    Ok(json(sqlx::query_scalar(sql).bind(start.after).fetch_one(&*pool).await?))
}

/// A work injury as it is handed in to both servers.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Injury {
    case_no: String,
    name: String,
    id_type: Option<String>,
    id_number: Option<String>,
    employer_uscc: Option<String>,
    region_code: String,
    industry_code: Option<String>,
    key_industry: Option<String>,
    applicant_kind: Option<String>,
    injured_at: NaiveDate,
    applied_at: Option<NaiveDate>,
    accepted_at: Option<NaiveDate>,
    decided_at: Option<NaiveDate>,
    result: Option<String>,
    article: Option<String>,
    course: Option<String>,
    body_part: Option<String>,
    fatal: Option<bool>,
    accident_no: Option<String>,
    accident_department: Option<String>,
}

/// The plain insert goes into a copy of the hub's table with the same rows and indexes.
async fn injury(State(pool): Pool, Json(row): Json<Injury>) -> Result<Response, Fault> {
    let sql = "INSERT INTO bench_work_injuries (id, ref, department, source_system, version, fingerprint, created_at, updated_at,
            case_no, name, name_sort, id_type, id_number, person_key, employer_uscc, region_code, industry_code, key_industry,
            applicant_kind, injured_at, applied_at, accepted_at, decided_at, result, article, course, body_part, fatal, accident_no,
            accident_department, employer_key)
        VALUES ($1, $2, 'HRSS', '', 1, '', now(), now(), $2, $3, $3, $4, convert_to($5, 'UTF8'), $5, $6, $7, $8, $9, $10, $11, $12,
            $13, $14, $15, $16, $17, convert_to($18, 'UTF8'), $19, $20, $21, $6)";
    sqlx::query(sql)
        .bind(Uuid::now_v7())
        .bind(row.case_no)
        .bind(row.name)
        .bind(row.id_type)
        .bind(row.id_number)
        .bind(row.employer_uscc)
        .bind(row.region_code)
        .bind(row.industry_code)
        .bind(row.key_industry)
        .bind(row.applicant_kind)
        .bind(row.injured_at)
        .bind(row.applied_at)
        .bind(row.accepted_at)
        .bind(row.decided_at)
        .bind(row.result)
        .bind(row.article)
        .bind(row.course)
        .bind(row.body_part)
        .bind(row.fatal)
        .bind(row.accident_no)
        .bind(row.accident_department)
        .execute(&*pool)
        .await?;
    Ok(json(r#"{"data":{"taken":1}}"#.to_owned()))
}

async fn injuries(State(pool): Pool, Json(rows): Json<Vec<Injury>>) -> Result<Response, Fault> {
    let taken = upsert(&pool, &rows).await?;
    Ok(json(format!(r#"{{"data":{{"taken":{taken}}}}}"#)))
}

/// Puts work injuries into the copy of the hub's table by one statement. Returns how many were put.
pub async fn upsert(pool: &sqlx::PgPool, rows: &[Injury]) -> Result<u64, sqlx::Error> {
    let sql = "INSERT INTO bench_work_injuries (id, ref, department, source_system, version, fingerprint, created_at, updated_at,
            case_no, name, name_sort, id_type, id_number, person_key, employer_uscc, region_code, industry_code, key_industry,
            applicant_kind, injured_at, applied_at, accepted_at, decided_at, result, article, course, body_part, fatal, accident_no,
            accident_department, employer_key)
        SELECT i, n, 'HRSS', '', 1, '', now(), now(), n, a, a, t, convert_to(d, 'UTF8'), d, u, r, c, k, p, b, e, f, g, h, j, l,
            convert_to(m, 'UTF8'), o, q, s, u
        FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
            $10::text[], $11::date[], $12::date[], $13::date[], $14::date[], $15::text[], $16::text[], $17::text[], $18::text[],
            $19::boolean[], $20::text[], $21::text[]) AS x(i, n, a, t, d, u, r, c, k, p, b, e, f, g, h, j, l, m, o, q, s)
        ON CONFLICT (ref) DO UPDATE SET version = bench_work_injuries.version + 1, updated_at = now(), name = excluded.name,
            result = excluded.result, article = excluded.article, decided_at = excluded.decided_at, course = excluded.course";
    let ids: Vec<Uuid> = rows.iter().map(|_| Uuid::now_v7()).collect();
    let text = |get: fn(&Injury) -> Option<&String>| {
        rows.iter().map(|row| get(row).map(String::as_str)).collect::<Vec<_>>()
    };
    let day = |get: fn(&Injury) -> Option<NaiveDate>| rows.iter().map(get).collect::<Vec<_>>();
    let done = sqlx::query(sql)
        .bind(&ids)
        .bind(text(|row| Some(&row.case_no)))
        .bind(text(|row| Some(&row.name)))
        .bind(text(|row| row.id_type.as_ref()))
        .bind(text(|row| row.id_number.as_ref()))
        .bind(text(|row| row.employer_uscc.as_ref()))
        .bind(text(|row| Some(&row.region_code)))
        .bind(text(|row| row.industry_code.as_ref()))
        .bind(text(|row| row.key_industry.as_ref()))
        .bind(text(|row| row.applicant_kind.as_ref()))
        .bind(day(|row| Some(row.injured_at)))
        .bind(day(|row| row.applied_at))
        .bind(day(|row| row.accepted_at))
        .bind(day(|row| row.decided_at))
        .bind(text(|row| row.result.as_ref()))
        .bind(text(|row| row.article.as_ref()))
        .bind(text(|row| row.course.as_ref()))
        .bind(text(|row| row.body_part.as_ref()))
        .bind(rows.iter().map(|row| row.fatal).collect::<Vec<_>>())
        .bind(text(|row| row.accident_no.as_ref()))
        .bind(text(|row| row.accident_department.as_ref()))
        .execute(pool)
        .await?;
    Ok(done.rows_affected())
}
