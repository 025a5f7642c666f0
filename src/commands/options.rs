//! Options that several subcommands share.

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::bail;
use clap::Args;
use entity::catalogue::Catalogue;
use lianfang::{
    app::{self, Settings},
    authz::policy::Policy,
    error::{HubError, Of},
    exchange::intake::uploads,
    feed,
    http::tls::ServerTls,
    keys::Keys,
    quota,
    services::Services,
    store::{
        self,
        proof::prover::Prover,
        seal::Seal,
        sql::database::{Database, PoolLimits},
    },
};

use crate::config::{self, ConfigLayer, Configuration};

/// What the command line says of the configuration.
#[derive(Args, Clone, Debug)]
pub struct Common {
    /// Configuration file (TOML)
    #[arg(long, env = "LIANFANG_CONFIG")]
    pub config: Option<PathBuf>,
    /// Keys that it sets.
    #[command(flatten)]
    pub given: ConfigLayer,
}

/// Options after file, environment and flags.
#[derive(Clone, Debug)]
pub struct ResolvedOptions {
    /// The keys of the configuration.
    pub configuration: Configuration,
    /// Settings of the hub.
    pub settings: Settings,
}

/// What answers, and what it is made of.
pub type Hub = (axum::Router, Arc<Services>);

/// What a hub needs beside its database.
struct HubParts {
    catalogue: Arc<Catalogue>,
    policy: Arc<Policy>,
    keys: Arc<Keys>,
}

/// Between two attempts to reach the database.
const PAUSE: Duration = Duration::from_secs(1);

impl Common {
    /// Reads the file and puts environment and flags over it.
    pub fn settle(&self) -> anyhow::Result<ResolvedOptions> {
        let configuration = config::merge(self.given.clone(), self.config.as_deref())?;
        let settings = settings(&configuration);
        Ok(ResolvedOptions { configuration, settings })
    }
}

/// What the keys say; where they say nothing, things are as they are by themselves.
fn settings(keys: &Configuration) -> Settings {
    let own = Settings::default();
    let seconds = |given: Option<u64>, own: Duration| given.map_or(own, Duration::from_secs);
    let limits = keys.statement_timeout_seconds.map_or(own.database, |seconds| {
        let PoolLimits { acquire, snapshots, .. } = own.database;
        PoolLimits { acquire, snapshots, ..PoolLimits::within(Duration::from_secs(seconds.max(1))) }
    });
    Settings {
        database: PoolLimits {
            connections: keys.database_connections.unwrap_or(own.database.connections),
            ..limits
        },
        timeout: seconds(keys.request_timeout_seconds, own.timeout),
        places: keys.concurrent_requests.unwrap_or(own.places),
        body_bytes: keys.body_bytes.unwrap_or(own.body_bytes),
        feed: feed::FeedSettings {
            connections: keys.live_connections.unwrap_or(own.feed.connections),
            heartbeat: seconds(
                keys.heartbeat_seconds.map(|seconds| seconds.max(1)),
                own.feed.heartbeat,
            ),
            days: keys.feed_days.unwrap_or(own.feed.days),
        },
        files: uploads::IntakeSettings {
            bytes: keys.file_bytes.unwrap_or(own.files.bytes),
            days: keys.file_days.unwrap_or(own.files.days),
            workers: keys.file_workers.unwrap_or(own.files.workers),
            ..own.files
        },
        quotas: quota::QuotaSettings {
            rows_a_day: keys.organisation_rows_a_day.unwrap_or(own.quotas.rows_a_day),
            kept_bytes: keys.organisation_kept_bytes.unwrap_or(own.quotas.kept_bytes),
            jobs: keys.organisation_jobs.unwrap_or(own.quotas.jobs),
            subscriptions: keys.organisation_subscriptions.unwrap_or(own.quotas.subscriptions),
        },
        subject_requests: keys.subject_requests_a_second.unwrap_or(own.subject_requests),
        connections: keys.client_connections.unwrap_or(own.connections),
        patience: seconds(keys.client_timeout_seconds, own.patience),
        secure_cookies: keys.secure_cookies.unwrap_or(own.secure_cookies),
        ahead: true,
        lead_search_hour: keys.lead_search_hour.0,
        ..own
    }
}

impl ResolvedOptions {
    /// TLS for clients, where a certificate is given.
    pub fn tls(&self) -> anyhow::Result<Option<ServerTls>> {
        let keys = &self.configuration;
        match (&keys.tls_certificate_file, &keys.tls_key_file) {
            (None, None) => Ok(None),
            (Some(certificate), Some(key)) => {
                ServerTls::of_files(certificate, key).map(Some).map_err(into_anyhow)
            }
            _ => bail!(
                "tls_certificate_file 与 tls_key_file 须同时给出。Give both `tls_certificate_file` and `tls_key_file`, or neither."
            ),
        }
    }

    /// Refuses to serve other machines without TLS, unless that was said.
    pub fn refuse_plain(&self, address: SocketAddr, tls: bool) -> anyhow::Result<()> {
        if tls || address.ip().is_loopback() || self.configuration.plain_http == Some(true) {
            return Ok(());
        }
        bail!(
            "{address} 可由其他计算机访问，令牌和个人信息不能明文传输。请给出 tls_certificate_file 和 tls_key_file；前面有终止 TLS 的代理时，设 plain_http = true。\n\
             {address} is reached by other machines, and tokens and personal data do not go over plain HTTP: give `tls_certificate_file` and `tls_key_file`, or `plain_http = true` behind a proxy that has TLS."
        )
    }

    /// Connects to the store, which must be there.
    pub async fn connect(&self) -> anyhow::Result<Database> {
        self.there()?;
        Database::connect(&self.configuration.database_url, self.settings.database)
            .await
            .map_err(into_anyhow)
    }

    /// Connects to the store, and makes its file if it is an embedded one.
    async fn create(&self) -> anyhow::Result<Database> {
        let Some(path) = self.file() else { return self.connect().await };
        if let Some(directory) = path.parent().filter(|directory| !directory.as_os_str().is_empty())
        {
            std::fs::create_dir_all(directory)?;
        }
        let url = format!("sqlite:{}?mode=rwc", path.display());
        Database::connect(&url, self.settings.database).await.map_err(into_anyhow)
    }

    /// File of an embedded store.
    fn file(&self) -> Option<PathBuf> {
        let path = self.configuration.database_url.strip_prefix("sqlite:")?;
        Some(PathBuf::from(path.split('?').next().unwrap_or(path)))
    }

    /// Reads the secret keys.
    pub fn secret_keys(&self) -> anyhow::Result<Arc<Keys>> {
        Ok(Arc::new(Keys::read(&self.configuration.secret_key_file).map_err(|error| {
            anyhow::anyhow!("{error}\n没有密钥文件时，用 lianfang keys init 生成。Make one with `lianfang keys init`.")
        })?))
    }

    /// Brings the store up to date, and makes a key file for a store that holds nothing yet. A
    /// store with records keeps the keys it was written with: a new file would not open them.
    /// Returns the number of codes written.
    pub async fn prepare(&self) -> anyhow::Result<usize> {
        let database = self.create().await?;
        let codes = app::migrate(&database).await.map_err(into_anyhow)?;
        if !self.configuration.secret_key_file.exists()
            && store::verify::is_empty(&database).await.map_err(into_anyhow)?
        {
            crate::commands::keys::init(&self.configuration.secret_key_file)?;
        }
        self.adopt(&database).await?;
        self.mend(&database).await?;
        Ok(codes)
    }

    /// A store from before its sealed values were bound to their records, or from before there was
    /// a key to prove with, is taken over as it is. The key is written last: what was not done to
    /// its end is done again.
    async fn adopt(&self, database: &Database) -> anyhow::Result<()> {
        if !self.configuration.secret_key_file.exists() {
            return Ok(());
        }
        let mut keys = Keys::read(&self.configuration.secret_key_file)?;
        let catalogue = app::catalogue().map_err(into_anyhow)?;
        if !keys.bound() {
            let seal = Seal::new(Arc::new(Keys::read(&self.configuration.secret_key_file)?));
            store::rotate::bind(database, &seal, &catalogue).await.map_err(into_anyhow)?;
            keys.bind();
            keys.write(&self.configuration.secret_key_file)?;
        }
        if keys.proving().is_some() {
            return Ok(());
        }
        keys.prove();
        if let Some(prover) = Prover::new(&keys) {
            database.prove_with(prover);
            database.adopt(&catalogue).await.map_err(into_anyhow)?;
        }
        keys.write(&self.configuration.secret_key_file)?;
        Ok(())
    }

    /// Changes rows of earlier versions that cannot be changed without the keys.
    async fn mend(&self, database: &Database) -> anyhow::Result<()> {
        if !self.configuration.secret_key_file.exists() {
            return Ok(());
        }
        let keys = Keys::read(&self.configuration.secret_key_file)?;
        if let Some(prover) = Prover::new(&keys) {
            database.prove_with(prover);
            database.leads_forget_diagnoses().await.map_err(into_anyhow)?;
        }
        Ok(())
    }

    /// A hub on the store that serves, as soon as the database answers. What does not mend itself
    /// is told at once.
    pub async fn hub(&self) -> anyhow::Result<Hub> {
        let parts = self.parts()?;
        let (begun, wait) =
            (Instant::now(), Duration::from_secs(self.configuration.database_wait_seconds));
        loop {
            let error = match self.opened(&parts, self.settings).await {
                Ok(hub) => return Ok(hub),
                Err(error) => error,
            };
            let waited = begun.elapsed();
            if !error.may_pass() {
                return Err(into_anyhow(error));
            }
            if waited >= wait {
                let seconds = waited.as_secs();
                return Err(into_anyhow(error).context(format!(
                    "等待数据库 {seconds} 秒后放弃（database_wait_seconds）。\nGave up after waiting {seconds} seconds for the database \
                     (database_wait_seconds)."
                )));
            }
            let (waited_for, most) = (waited.as_secs(), wait.as_secs());
            error.warn(
                Of::Hub,
                &format!("waiting for the database, {waited_for} of {most} seconds"),
            );
            tokio::time::sleep(PAUSE.min(wait.saturating_sub(waited))).await;
        }
    }

    /// A hub on the store for one command: it leaves the jobs of others alone.
    pub async fn services(&self) -> anyhow::Result<Arc<Services>> {
        let mut settings = self.settings;
        settings.files.workers = 0;
        settings.lead_search_hour = None;
        Ok(self.opened(&self.parts()?, settings).await.map_err(into_anyhow)?.1)
    }

    /// What a hub needs beside its database.
    fn parts(&self) -> anyhow::Result<HubParts> {
        self.there()?;
        let catalogue = app::catalogue().map_err(into_anyhow)?;
        let policy = app::policy(self.configuration.policy_directory.as_deref(), &catalogue)
            .map_err(into_anyhow)?;
        let keys = self.secret_keys()?;
        if !keys.bound() {
            anyhow::bail!(
                "密文尚未与记录绑定。请先运行 lianfang migrate。\nSealed values are not bound to their records yet. Run `lianfang migrate` first."
            );
        }
        Ok(HubParts { catalogue, policy, keys })
    }

    async fn opened(&self, parts: &HubParts, settings: Settings) -> Result<Hub, HubError> {
        let HubParts { catalogue, policy, keys } = parts;
        let database =
            Database::connect(&self.configuration.database_url, settings.database).await?;
        let hub = app::start(
            database,
            Arc::clone(catalogue),
            Arc::clone(policy),
            Arc::clone(keys),
            settings,
        )
        .await?;
        store::records::record_keys::fill(&hub.1.database, &hub.1.seal, &hub.1.catalogue).await?;
        Ok(hub)
    }

    /// An embedded store is there.
    fn there(&self) -> anyhow::Result<()> {
        if self.file().is_some_and(|path| !path.exists()) {
            anyhow::bail!(
                "没有这个数据库文件。请先运行 lianfang migrate。\nThere is no such store. Run `lianfang migrate` first."
            );
        }
        Ok(())
    }
}

/// An error of the hub for whoever runs it: both languages and the cause.
pub fn into_anyhow(error: HubError) -> anyhow::Error {
    let text = error.text();
    match error.reason() {
        Some(cause) => anyhow::anyhow!("{} {}\n{cause}", text.zh, text.en),
        None => anyhow::anyhow!("{}\n{}", text.zh, text.en),
    }
}
