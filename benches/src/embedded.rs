//! A file taken in on SQLite against prepared inserts into the same tables, one transaction a
//! chunk, in turn, A B A B.

use std::{io::Cursor, process::ExitCode, str::FromStr as _, sync::Arc, time::Instant};

use anyhow::bail;
use clap::Args;
use lianfang::{
    app::{self, Settings},
    authz::actor::Actor,
    context::OpCtx,
    domain::{clock, region::RegionCode},
    error::HubError,
    exchange::{
        format::{media::Format, rows::Input},
        intake::{
            chunks::{Chunk, ChunkOptions},
            content::JobContent,
            engine::{self, IncomingFile, Keeper},
        },
    },
    keys::Keys,
    store::{exchange::jobs::JobProgress, sql::database::Database},
    submit::verdict::{Mode, RowVerdict},
};
use serde_json::Value;
use sqlx::{
    ConnectOptions as _, Connection as _, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use uuid::Uuid;

use crate::{
    files::{Rates, fresh, ndjson},
    operations::templates,
    table::{HEAD, say},
};

/// How much is handed in.
#[derive(Args)]
pub struct Arguments {
    /// Rows of a file
    #[arg(long, default_value_t = 20_000)]
    rows: usize,
    /// Rounds of each
    #[arg(long, default_value_t = 3)]
    rounds: usize,
}

/// A file in memory.
struct Bytes(Arc<[u8]>);

impl JobContent for Bytes {
    fn open(&self) -> std::io::Result<Box<dyn Input>> {
        Ok(Box::new(Cursor::new(Arc::clone(&self.0))))
    }
}

/// Nobody listens.
struct Nobody;

impl Keeper for Nobody {
    async fn settled(
        &mut self,
        _: &Chunk,
        _: &[RowVerdict],
        _: &JobProgress,
    ) -> Result<bool, HubError> {
        Ok(true)
    }

    async fn earlier_verdicts(&mut self, _: &Chunk) -> Result<Option<Vec<RowVerdict>>, HubError> {
        Ok(None)
    }
}

fn told(error: HubError) -> anyhow::Error {
    anyhow::anyhow!("{error}")
}

/// Measures and prints the table.
pub async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let directory =
        std::env::temp_dir().join(format!("lianfang-bench-{}", Uuid::now_v7().simple()));
    std::fs::create_dir(&directory)?;
    let result = measured(&arguments, &directory).await;
    std::fs::remove_dir_all(&directory)?;
    result
}

async fn measured(arguments: &Arguments, directory: &std::path::Path) -> anyhow::Result<ExitCode> {
    let path = directory.join("hub.db");
    let settings = Settings::default();
    let database =
        Database::connect(&format!("sqlite:{}?mode=rwc", path.display()), settings.database)
            .await
            .map_err(told)?;
    app::migrate(&database).await.map_err(told)?;
    let catalogue = app::catalogue().map_err(told)?;
    let policy = app::policy(None, &catalogue).map_err(told)?;
    let (_router, services) =
        app::start(database, Arc::clone(&catalogue), policy, Arc::new(Keys::generate()?), settings)
            .await
            .map_err(told)?;
    let region =
        RegionCode::parse("140600").map_err(|fault| anyhow::anyhow!(fault.message_en()))?;
    let actor = Actor::internal("bench", "HRSS", region);
    let Some(family) = catalogue.find("WorkInjury") else { bail!("no family WorkInjury") };
    let templates = templates()?;
    let mut rates = Rates::default();
    let mut plain = plain(directory).await?;
    for _ in 0..arguments.rounds {
        rates.ideal.push(put(&mut plain, &fresh(&templates, arguments.rows)).await?);
        let body: Arc<[u8]> = ndjson(&fresh(&templates, arguments.rows)).into();
        let reading = ChunkOptions {
            format: Format::Ndjson,
            charset: None,
            family,
            profile: None,
            catalogue: Arc::clone(&services.catalogue),
            reference: Arc::clone(&services.reference),
            today: clock::shanghai_date(OpCtx::begin("bench").now()),
            leave_hidden: false,
        };
        let file = IncomingFile {
            reading,
            mode: Mode::Partial,
            source_system: String::new(),
            key: format!("bench-{}", Uuid::now_v7().simple()),
        };
        let start = Instant::now();
        let content = Arc::new(Bytes(body));
        let done =
            engine::take_in(&services, &actor, &file, content, JobProgress::default(), &mut Nobody)
                .await
                .map_err(told)?;
        if usize::try_from(done.created)? != arguments.rows {
            bail!("not all rows were created: {done:?}");
        }
        rates.hub.push(arguments.rows as f64 / start.elapsed().as_secs_f64());
    }
    plain.close().await?;
    let line = rates.line("import on SQLite", (0.30, 0.50));
    say(HEAD)?;
    say(&line)?;
    Ok(if line.ratio() < line.floor { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// A store of its own with the hub's tables, opened as the hub opens its own.
async fn plain(directory: &std::path::Path) -> anyhow::Result<SqliteConnection> {
    let path = directory.join("plain.db");
    let database = Database::connect(
        &format!("sqlite:{}?mode=rwc", path.display()),
        Settings::default().database,
    )
    .await
    .map_err(told)?;
    app::migrate(&database).await.map_err(told)?;
    drop(database);
    let options = SqliteConnectOptions::from_str(&format!("sqlite:{}", path.display()))?
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .disable_statement_logging();
    Ok(SqliteConnection::connect_with(&options).await?)
}

/// Record, version and event of each row by prepared statements.
async fn put(plain: &mut SqliteConnection, rows: &[Value]) -> anyhow::Result<f64> {
    let start = Instant::now();
    for chunk in rows.chunks(1_000) {
        let mut transaction = plain.begin().await?;
        for row in chunk {
            let (id, now) = (Uuid::now_v7(), "2026-11-24T00:00:00.000000+00:00");
            let text = |name: &str| row.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
            let number = text("caseNo").unwrap_or_default();
            sqlx::query(
                "INSERT INTO work_injuries (id, ref, department, source_system, version, fingerprint, created_at, updated_at, case_no, name, \
                 name_sort, id_type, id_number, person_key, employer_uscc, region_code, industry_code, key_industry, applicant_kind, injured_at, \
                 applied_at, accepted_at, decided_at, result, article, course, body_part, fatal, accident_no, accident_department, employer_key) \
                 VALUES (?, ?, 'HRSS', '', 1, '', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(id)
            .bind(format!("HRSS|{number}"))
            .bind(now)
            .bind(now)
            .bind(&number)
            .bind(text("name"))
            .bind(text("name"))
            .bind(text("idType"))
            .bind(text("idNumber").map(String::into_bytes))
            .bind(text("idNumber"))
            .bind(text("employerUscc"))
            .bind(text("regionCode"))
            .bind(text("industryCode"))
            .bind(text("keyIndustry"))
            .bind(text("applicantKind"))
            .bind(text("injuredAt"))
            .bind(text("appliedAt"))
            .bind(text("acceptedAt"))
            .bind(text("decidedAt"))
            .bind(text("result"))
            .bind(text("article"))
            .bind(text("course"))
            .bind(text("bodyPart").map(String::into_bytes))
            .bind(row.get("fatal").and_then(Value::as_bool))
            .bind(text("accidentNo"))
            .bind(text("accidentDepartment"))
            .bind(text("employerUscc"))
            .execute(&mut *transaction)
            .await?;
            sqlx::query(
                "INSERT INTO record_versions (record_id, version, family, action, content, changed, subject, department, region_code, \
                 request_id, at) VALUES (?, 1, 'WorkInjury', 'CREATED', ?, '[]', 'bench', 'HRSS', '140600', 'bench', ?)",
            )
            .bind(id)
            .bind(row.to_string())
            .bind(now)
            .execute(&mut *transaction)
            .await?;
            sqlx::query(
                "INSERT INTO change_events (family, record_id, version, kind, at, region_code, department, key_industry) \
                 VALUES ('WorkInjury', ?, 1, 'UPSERT', ?, ?, 'HRSS', ?)",
            )
            .bind(id)
            .bind(now)
            .bind(text("regionCode"))
            .bind(text("keyIndustry"))
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
    }
    Ok(rows.len() as f64 / start.elapsed().as_secs_f64())
}
