//! Options that several subcommands share.

use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use clap::Args;
use entity::catalogue::Catalogue;
use lianfang::{
    app::{self, Settings},
    authz::policy::Policy,
    error::HubError,
    keys::Keys,
    services::Services,
    store::{
        self,
        proof::prover::Prover,
        seal::Seal,
        sql::database::{Database, Limits},
    },
};

use crate::config::File;

/// Where the store and the keys are.
#[derive(Args, Clone, Debug, Default)]
pub struct Common {
    /// Configuration file (TOML)
    #[arg(long, env = "LIANFANG_CONFIG")]
    pub config: Option<PathBuf>,
    /// sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME
    #[arg(long, env = "LIANFANG_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// File of the secret keys
    #[arg(long, env = "LIANFANG_SECRET_KEY_FILE")]
    pub secret_key_file: Option<PathBuf>,
}

/// Options after file, environment and flags.
#[derive(Clone, Debug)]
pub struct Settled {
    /// The file.
    pub file: File,
    /// URL of the database.
    pub database_url: String,
    /// File of the keys.
    pub secret_key_file: PathBuf,
    /// Settings of the hub.
    pub settings: Settings,
    /// How long a start waits for the database.
    pub wait: Duration,
}

/// What answers, and what it is made of.
pub type Hub = (axum::Router, Arc<Services>);

/// What a hub needs beside its database.
struct Parts {
    catalogue: Arc<Catalogue>,
    policy: Arc<Policy>,
    keys: Arc<Keys>,
}

/// Between two attempts to reach the database.
const PAUSE: Duration = Duration::from_secs(1);

impl Common {
    /// Reads the file and puts environment and flags over it.
    pub fn settle(&self) -> anyhow::Result<Settled> {
        let file = File::read(self.config.as_deref()).map_err(anyhow::Error::msg)?;
        let mut settings = Settings { ahead: true, ..Settings::default() };
        if let Some(number) = file.database_connections {
            settings.database.connections = number;
        }
        if let Some(seconds) = file.statement_timeout_seconds {
            let Limits { connections, acquire, snapshots, .. } = settings.database;
            settings.database = Limits { connections, acquire, snapshots, ..Limits::within(Duration::from_secs(seconds.max(1))) };
        }
        if let Some(seconds) = file.request_timeout_seconds {
            settings.timeout = Duration::from_secs(seconds);
        }
        if let Some(number) = file.concurrent_requests {
            settings.places = number;
        }
        if let Some(number) = file.body_bytes {
            settings.body_bytes = number;
        }
        if let Some(number) = file.live_connections {
            settings.feed.connections = number;
        }
        if let Some(seconds) = file.heartbeat_seconds {
            settings.feed.heartbeat = Duration::from_secs(seconds.max(1));
        }
        if let Some(days) = file.feed_days {
            settings.feed.days = days;
        }
        if let Some(number) = file.file_bytes {
            settings.files.bytes = number;
        }
        if let Some(days) = file.file_days {
            settings.files.days = days;
        }
        if let Some(number) = file.file_workers {
            settings.files.workers = number;
        }
        if let Some(number) = file.organisation_rows_a_day {
            settings.quotas.rows_a_day = number;
        }
        if let Some(number) = file.organisation_kept_bytes {
            settings.quotas.kept_bytes = number;
        }
        if let Some(number) = file.organisation_jobs {
            settings.quotas.jobs = number;
        }
        if let Some(number) = file.organisation_subscriptions {
            settings.quotas.subscriptions = number;
        }
        if let Some(number) = file.client_connections {
            settings.connections = number;
        }
        if let Some(seconds) = file.client_timeout_seconds {
            settings.patience = Duration::from_secs(seconds);
        }
        if let Some(secure) = file.secure_cookies {
            settings.secure_cookies = secure;
        }
        Ok(Settled {
            database_url: self
                .database_url
                .clone()
                .or_else(|| file.database_url.clone())
                .unwrap_or_else(|| "sqlite:var/lianfang.db".to_owned()),
            secret_key_file: self
                .secret_key_file
                .clone()
                .or_else(|| file.secret_key_file.clone())
                .unwrap_or_else(|| PathBuf::from("var/lianfang.keys.json")),
            wait: Duration::from_secs(file.database_wait_seconds.unwrap_or(60)),
            file,
            settings,
        })
    }
}

impl Settled {
    /// Connects to the store, which must be there.
    pub async fn connect(&self) -> anyhow::Result<Database> {
        self.there()?;
        Database::connect(&self.database_url, self.settings.database).await.map_err(told)
    }

    /// Connects to the store, and makes its file if it is an embedded one.
    async fn create(&self) -> anyhow::Result<Database> {
        let Some(path) = self.file() else { return self.connect().await };
        if let Some(directory) = path.parent().filter(|directory| !directory.as_os_str().is_empty()) {
            std::fs::create_dir_all(directory)?;
        }
        let url = format!("sqlite:{}?mode=rwc", path.display());
        Database::connect(&url, self.settings.database).await.map_err(told)
    }

    /// File of an embedded store.
    fn file(&self) -> Option<PathBuf> {
        let path = self.database_url.strip_prefix("sqlite:")?;
        Some(PathBuf::from(path.split('?').next().unwrap_or(path)))
    }

    /// Reads the keys.
    pub fn keys(&self) -> anyhow::Result<Arc<Keys>> {
        Ok(Arc::new(Keys::read(&self.secret_key_file).map_err(|error| {
            anyhow::anyhow!("{error}\n没有密钥文件时，用 lianfang keys init 生成。Make one with `lianfang keys init`.")
        })?))
    }

    /// Brings the store up to date, and makes a key file for a store that holds nothing yet. A store with records keeps
    /// the keys it was written with: a new file would not open them. Returns the number of codes written.
    pub async fn prepare(&self) -> anyhow::Result<usize> {
        let database = self.create().await?;
        let codes = app::migrate(&database).await.map_err(told)?;
        if !self.secret_key_file.exists() && store::verify::is_empty(&database).await.map_err(told)? {
            crate::commands::keys::init(&self.secret_key_file)?;
        }
        self.adopt(&database).await?;
        Ok(codes)
    }

    /// A store from before its sealed values were bound to their records, or from before there was a key to prove with, is taken
    /// over as it is. The key is written last: what was not done to
    /// its end is done again.
    async fn adopt(&self, database: &Database) -> anyhow::Result<()> {
        if !self.secret_key_file.exists() {
            return Ok(());
        }
        let mut keys = Keys::read(&self.secret_key_file)?;
        let catalogue = app::catalogue().map_err(told)?;
        if !keys.bound() {
            let seal = Seal::new(Arc::new(Keys::read(&self.secret_key_file)?));
            store::rotate::bind(database, &seal, &catalogue).await.map_err(told)?;
            keys.bind();
            keys.write(&self.secret_key_file)?;
        }
        if keys.proving().is_some() {
            return Ok(());
        }
        keys.prove();
        if let Some(prover) = Prover::new(&keys) {
            database.prove_with(prover);
            database.adopt(&catalogue).await.map_err(told)?;
        }
        keys.write(&self.secret_key_file)?;
        Ok(())
    }

    /// A hub on the store that serves, as soon as the database answers. What does not mend itself is told at once.
    pub async fn hub(&self) -> anyhow::Result<Hub> {
        let parts = self.parts()?;
        let begun = Instant::now();
        loop {
            let error = match self.opened(&parts, self.settings).await {
                Ok(hub) => return Ok(hub),
                Err(error) => error,
            };
            let waited = begun.elapsed();
            if !error.may_pass() {
                return Err(told(error));
            }
            if waited >= self.wait {
                let seconds = waited.as_secs();
                return Err(told(error).context(format!(
                    "等待数据库 {seconds} 秒后放弃（database_wait_seconds）。\nGave up after waiting {seconds} seconds for the database \
                     (database_wait_seconds)."
                )));
            }
            let cause = error.cause().map(tracing::field::display);
            tracing::warn!(waited = waited.as_secs(), most = self.wait.as_secs(), cause, "waiting for the database");
            tokio::time::sleep(PAUSE.min(self.wait.saturating_sub(waited))).await;
        }
    }

    /// A hub on the store for one command: it leaves the jobs of others alone.
    pub async fn services(&self) -> anyhow::Result<Arc<Services>> {
        let mut settings = self.settings;
        settings.files.workers = 0;
        Ok(self.opened(&self.parts()?, settings).await.map_err(told)?.1)
    }

    /// What a hub needs beside its database.
    fn parts(&self) -> anyhow::Result<Parts> {
        self.there()?;
        let catalogue = app::catalogue().map_err(told)?;
        let policy = app::policy(self.file.policy_directory.as_deref(), &catalogue).map_err(told)?;
        let keys = self.keys()?;
        if !keys.bound() {
            anyhow::bail!(
                "密文尚未与记录绑定。请先运行 lianfang migrate。\nSealed values are not bound to their records yet. Run `lianfang migrate` first."
            );
        }
        Ok(Parts { catalogue, policy, keys })
    }

    async fn opened(&self, parts: &Parts, settings: Settings) -> Result<Hub, HubError> {
        let Parts { catalogue, policy, keys } = parts;
        let database = Database::connect(&self.database_url, settings.database).await?;
        let hub = app::start(database, Arc::clone(catalogue), Arc::clone(policy), Arc::clone(keys), settings).await?;
        store::records::record_keys::fill(&hub.1.database, &hub.1.seal, &hub.1.catalogue).await?;
        Ok(hub)
    }

    /// An embedded store is there.
    fn there(&self) -> anyhow::Result<()> {
        if self.file().is_some_and(|path| !path.exists()) {
            anyhow::bail!("没有这个数据库文件。请先运行 lianfang migrate。\nThere is no such store. Run `lianfang migrate` first.");
        }
        Ok(())
    }
}

/// An error of the hub for whoever runs it: both languages and the cause.
pub fn told(error: HubError) -> anyhow::Error {
    let text = error.text();
    match error {
        HubError::Unavailable(cause) | HubError::Internal(cause) => anyhow::anyhow!("{} {}\n{cause}", text.zh, text.en),
        _ => anyhow::anyhow!("{}\n{}", text.zh, text.en),
    }
}
