//! Puts a hub together: store, catalogue, policy, keys, schema, router.

use std::{
    path::Path,
    sync::{Arc, Weak},
    time::Duration,
};

use axum::Router;
use entity::catalogue::Catalogue;
use migration::Migrator;
use sea_orm_migration::MigratorTrait as _;
use tokio::sync::Semaphore;

use crate::{
    authz::policy::Policy,
    context::OpCtx,
    error::{HubError, Of},
    exchange::{
        export::order,
        intake::uploads::{self, UploadService},
    },
    feed,
    graphql::{records::names::FieldNames, schema},
    http::{
        documents::Documents, health, limits::DocumentLimits, live, rate::SubjectRates,
        router::router, state::AppState,
    },
    keys::Keys,
    meeting::{
        indicators::make_ahead,
        leads::{LeadSearches, nightly},
        rulebook::Rulebook,
    },
    quota,
    services::Services,
    store::{
        reference::Reference,
        rekey,
        sql::database::{self, Database},
        verify::{Schema, blank},
    },
};

/// Time between two looks for regions that no code table lists.
const REGIONS_EVERY: Duration = Duration::from_secs(60);

/// Settings of a running hub, set by tests and the command line.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Limits for a GraphQL document.
    pub document: DocumentLimits,
    /// Limits of the connection pools.
    pub database: database::PoolLimits,
    /// Number of requests executed at the same time.
    pub places: usize,
    /// Time after which a request is aborted.
    pub timeout: Duration,
    /// Limits of an export.
    pub exports: order::ExportLimits,
    /// Greatest size of a request body, in bytes.
    pub body_bytes: usize,
    /// Limits for incoming files.
    pub files: uploads::IntakeSettings,
    /// Allowances of each organisation.
    pub quotas: quota::QuotaSettings,
    /// Most requests of one account a second; 0 for no limit.
    pub subject_requests: u32,
    /// Settings of the change feed.
    pub feed: feed::FeedSettings,
    /// Timeouts and limits of WebSockets and other live connections.
    pub live: live::LiveSettings,
    /// Greatest number of client connections at the same time, event streams included.
    pub connections: usize,
    /// Time for a client to finish sending a request and to accept the response, in addition to the
    /// time that a slow connection needs.
    pub patience: Duration,
    /// Whether the hub works when nobody asks: computes the protected tables of the meeting ahead,
    /// and looks for regions that no code table lists.
    pub ahead: bool,
    /// Hour of the night, in China, at which the hub searches for leads by itself; `None` for never.
    pub lead_search_hour: Option<u32>,
    /// Whether the session cookie is limited to encrypted connections; on loopback it is sent over
    /// unencrypted ones too.
    pub secure_cookies: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            document: DocumentLimits::default(),
            database: database::PoolLimits::default(),
            places: 64,
            timeout: Duration::from_secs(30),
            exports: order::ExportLimits::default(),
            body_bytes: 8 * 1024 * 1024,
            files: uploads::IntakeSettings::default(),
            quotas: quota::QuotaSettings::default(),
            subject_requests: 1_000,
            feed: feed::FeedSettings::default(),
            live: live::LiveSettings::default(),
            connections: 12_000,
            patience: Duration::from_secs(30),
            ahead: false,
            lead_search_hour: None,
            secure_cookies: true,
        }
    }
}

/// The catalogue that ships with the hub.
///
/// # Errors
///
/// [`HubError::Internal`] when a declaration contradicts another.
pub fn catalogue() -> Result<Arc<Catalogue>, HubError> {
    Catalogue::new(entity::families()).map(Arc::new).map_err(HubError::internal)
}

/// The policy of a directory, or the shipped one.
///
/// # Errors
///
/// [`HubError::Invalid`] naming file and line.
pub fn policy(directory: Option<&Path>, catalogue: &Catalogue) -> Result<Arc<Policy>, HubError> {
    Policy::load(directory, "", catalogue)
        .map(Arc::new)
        .map_err(|fault| HubError::invalid(fault.clone(), fault))
}

/// Brings the store's schema and code tables up to date. Returns the number of codes written.
///
/// # Errors
///
/// What the database says.
pub async fn migrate(database: &Database) -> Result<usize, HubError> {
    Migrator::up(database.migrations(), None).await?;
    database.watch_rows().await?;
    let ctx = OpCtx::begin("migrate");
    let written = Reference::store(database, ctx.now()).await?;
    rekey::surnames(database).await?;
    Ok(written)
}

/// The schema that the migrations produce on an empty store, for comparison with another one.
///
/// # Errors
///
/// What the database in memory says.
pub async fn declared() -> Result<Schema, HubError> {
    let store = blank().await?;
    Migrator::up(&store, None).await?;
    Schema::made(&store).await
}

/// The schema of a catalogue as text.
///
/// # Errors
///
/// [`HubError::Internal`] when it cannot be built.
pub fn sdl(catalogue: &Catalogue) -> Result<String, HubError> {
    let reference = Reference::shipped().map_err(HubError::internal)?;
    let rules = Arc::new(Rulebook::load(&reference)?);
    let schema = schema::build(catalogue, &reference, rules).map_err(HubError::internal)?;
    Ok(schema::sdl(&schema))
}

/// A hub on a migrated store.
///
/// # Errors
///
/// [`HubError::Invalid`] when the store was never migrated or its plans and clocks break a rule,
/// [`HubError::Internal`] when the schema cannot be built.
pub async fn start(
    database: Database,
    catalogue: Arc<Catalogue>,
    policy: Arc<Policy>,
    keys: Arc<Keys>,
    settings: Settings,
) -> Result<(Router, Arc<Services>), HubError> {
    health::recorder();
    let services = Arc::new(
        Services::start(database, catalogue, policy, keys, settings.feed, settings.quotas).await?,
    );
    let mut rules = Rulebook::load(&services.reference)?;
    rules.searches = Arc::new(LeadSearches::patient(settings.timeout));
    let rules = Arc::new(rules);
    let schema = schema::build(&services.catalogue, &services.reference, Arc::clone(&rules))
        .map_err(HubError::internal)?;
    if settings.ahead {
        tokio::spawn(look_for_regions(Arc::downgrade(&services)));
        make_ahead(&services, &rules);
    }
    if let Some(hour) = settings.lead_search_hour {
        nightly::begin(&services, &rules, hour);
    }
    let edge = AppState {
        names: Arc::new(FieldNames::new(&services.catalogue)),
        uploads: UploadService::open(Arc::clone(&services), settings.files),
        services: Arc::clone(&services),
        rules,
        schema,
        documents: Documents::new(Arc::clone(&services.catalogue)),
        rates: SubjectRates::new(settings.subject_requests),
        limits: settings.document,
        places: Semaphore::new(settings.places),
        timeout: settings.timeout,
        streams: live::Streams::new(settings.places),
        live: settings.live,
        exports: settings.exports,
        secure_cookies: settings.secure_cookies,
    };
    Ok((router(Arc::new(edge), settings.body_bytes, settings.patience), services))
}

/// Looks now and then for regions in which another hub on the same store has taken in a record, and
/// which no code table lists any more. Ends with the hub.
async fn look_for_regions(services: Weak<Services>) {
    loop {
        tokio::time::sleep(REGIONS_EVERY).await;
        let Some(services) = services.upgrade() else { return };
        let found = services.unlisted.refresh(&services.database, &services.catalogue).await;
        if let Err(error) = found {
            error.warn(Of::Hub, "regions without a code could not be looked for");
        }
    }
}
