//! A hub for one test: its own store, its own keys, the real router.
//!
//! PostgreSQL comes from `LIANFANG_TEST_POSTGRES_URL`, which `./check` sets; without it those tests
//! fail and say so.

use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::PathBuf,
    sync::{Arc, LazyLock},
};

use axum::{Router, body::Body};
use entity::catalogue::Catalogue;
use http_body_util::BodyExt;
use include_dir::{Dir, include_dir};
use lianfang::{
    app::{self, Settings},
    authz::{actor::Actor, policy::Policy, token::TokenRequest},
    context::OpCtx,
    domain::region::RegionCode,
    keys::Keys,
    services::Services,
    store::sql::database::Database,
    submit::{
        pipeline::Submission,
        verdict::{Answer, Mode},
    },
};
use sea_orm_migration::sea_orm::{ConnectionTrait, Database as Connection};
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

/// One of the two databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// Both databases: every behaviour is tested on each.
pub const fn backends() -> [Backend; 2] {
    [Backend::Sqlite, Backend::Postgres]
}

/// A hub for one test.
pub struct TestHub {
    router: Router,
    pub services: Arc<Services>,
    pub database: Database,
    pub url: String,
    pub keys: Arc<Keys>,
    _directory: TempDir,
}

/// A row to hand in.
pub type Row = Map<String, Value>;

/// A row from `json!({…})`.
pub fn row(value: Value) -> Row {
    match value {
        Value::Object(row) => row,
        other => unreachable!("a row is an object, not {other}"),
    }
}

impl TestHub {
    pub async fn sqlite() -> Self {
        Self::on(Backend::Sqlite).await
    }

    pub async fn on(backend: Backend) -> Self {
        Self::with(backend, Settings::default()).await
    }

    pub async fn with(backend: Backend, settings: Settings) -> Self {
        let catalogue = app::catalogue().expect("the shipped catalogue holds");
        let policy = app::policy(None, &catalogue).expect("the shipped policy holds");
        Self::of(backend, settings, catalogue, policy).await
    }

    pub async fn of(
        backend: Backend,
        settings: Settings,
        catalogue: Arc<Catalogue>,
        policy: Arc<Policy>,
    ) -> Self {
        let directory = TempDir::new().expect("a temporary directory");
        let url = store(backend, &directory).await;
        Self::opened(directory, url, settings, catalogue, policy).await
    }

    /// On a migrated store that is there.
    pub async fn at(directory: TempDir, url: String, settings: Settings) -> Self {
        let catalogue = app::catalogue().expect("the shipped catalogue holds");
        let policy = app::policy(None, &catalogue).expect("the shipped policy holds");
        Self::opened(directory, url, settings, catalogue, policy).await
    }

    /// On a store that is there, with families of its own.
    pub async fn opened(
        directory: TempDir,
        url: String,
        settings: Settings,
        catalogue: Arc<Catalogue>,
        policy: Arc<Policy>,
    ) -> Self {
        let database = Database::connect(&url, settings.database).await.expect("the store opens");
        let keys = Arc::new(Keys::generate().expect("keys"));
        let (router, services) =
            app::start(database.clone(), catalogue, policy, Arc::clone(&keys), settings)
                .await
                .expect("the hub starts");
        Self { router, services, database, url, keys, _directory: directory }
    }

    /// Another hub on the same store.
    pub fn beside(other: &Self, router: Router, services: Arc<Services>) -> Self {
        let (database, url, keys) =
            (other.database.clone(), other.url.clone(), Arc::clone(&other.keys));
        Self {
            router,
            services,
            database,
            url,
            keys,
            _directory: TempDir::new().expect("a temporary directory"),
        }
    }

    /// Another hub started on the same store.
    pub async fn another(&self) -> Self {
        let (catalogue, policy) =
            (Arc::clone(&self.services.catalogue), Arc::clone(&self.services.policy));
        let (database, keys) = (self.database.clone(), Arc::clone(&self.keys));
        let (router, services) = app::start(database, catalogue, policy, keys, Settings::default())
            .await
            .expect("the hub starts");
        Self::beside(self, router, services)
    }

    /// A token for a department in a region.
    pub fn token(&self, department: &str, region: &str, roles: &[&str]) -> String {
        self.token_for(department, region, roles, "ROUTINE_SHARING", None)
    }

    /// A token with a purpose.
    pub fn token_for(
        &self,
        department: &str,
        region: &str,
        roles: &[&str],
        purpose: &str,
        ticket: Option<&str>,
    ) -> String {
        self.issued(order("test", department, region, roles, purpose, ticket))
    }

    /// A token of an account.
    pub fn token_as(
        &self,
        subject: &str,
        department: &str,
        region: &str,
        roles: &[&str],
    ) -> String {
        self.issued(order(subject, department, region, roles, "ROUTINE_SHARING", None))
    }

    fn issued(&self, order: TokenRequest) -> String {
        let now = OpCtx::begin("test").now();
        self.services.tokens.issue(&self.services.policy, order, now).expect("a token").text
    }

    /// A reader's token.
    pub fn reader(&self, department: &str, region: &str) -> String {
        self.token(department, region, &["READER"])
    }

    /// The routes, for a server of their own.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// The answer to any HTTP request, its body not yet read.
    pub async fn respond(&self, request: http::Request<Body>) -> axum::response::Response {
        self.router.clone().oneshot(request).await.expect("the router answers")
    }

    /// Sends any HTTP request.
    pub async fn request(
        &self,
        request: http::Request<String>,
    ) -> (http::StatusCode, http::HeaderMap, Vec<u8>) {
        self.send(request.map(Body::from)).await
    }

    /// Sends any HTTP request with any body.
    pub async fn send(
        &self,
        request: http::Request<Body>,
    ) -> (http::StatusCode, http::HeaderMap, Vec<u8>) {
        let answer = self.respond(request).await;
        let (parts, body) = answer.into_parts();
        let bytes = body.collect().await.expect("the body is whole").to_bytes().to_vec();
        (parts.status, parts.headers, bytes)
    }

    /// Asks GraphQL; an empty token means nobody is signed in.
    pub async fn ask(&self, token: &str, query: &str, variables: Value) -> Value {
        let mut request =
            http::Request::post("/graphql").header("content-type", "application/json");
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let body = json!({"query": query, "variables": variables}).to_string();
        let (_, _, bytes) = self.request(request.body(body).expect("a request")).await;
        serde_json::from_slice(&bytes).expect("the answer is JSON")
    }

    /// `data` of an answer that has no errors.
    pub async fn data(&self, token: &str, query: &str) -> Value {
        let answer = self.ask(token, query, json!({})).await;
        assert!(answer.get("errors").is_none(), "{query}: {answer}");
        answer["data"].clone()
    }

    /// Code of the first error.
    pub async fn code(&self, token: &str, query: &str) -> String {
        let answer = self.ask(token, query, json!({})).await;
        answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Hands in rows as an organisation, without HTTP.
    pub async fn hand_in(
        &self,
        department: &str,
        region: &str,
        family: &str,
        mode: Mode,
        key: &str,
        rows: Vec<Row>,
    ) -> Answer {
        let ctx = OpCtx::begin("test");
        let family = self.services.catalogue.find(family).expect("a family");
        let actor =
            Actor::internal("test", department, RegionCode::parse(region).expect("a region"));
        let permit = self.services.permit(&actor, family).expect("a permit");
        let submission = Submission {
            rows,
            mode,
            source_system: String::new(),
            idempotency_key: key.to_owned(),
        };
        self.services
            .submitter()
            .submit(&ctx, &actor, &permit, &submission)
            .await
            .expect("an answer")
    }
}

fn order(
    subject: &str,
    department: &str,
    region: &str,
    roles: &[&str],
    purpose: &str,
    ticket: Option<&str>,
) -> TokenRequest {
    TokenRequest {
        subject: subject.to_owned(),
        department: department.to_owned(),
        region: region.to_owned(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        purpose: purpose.to_owned(),
        ticket: ticket.map(ToOwned::to_owned),
        seconds: 3600,
    }
}

/// A migrated store of its own; an SQLite file lies in the directory.
pub async fn store(backend: Backend, directory: &TempDir) -> String {
    match backend {
        Backend::Sqlite => sqlite(directory).await,
        Backend::Postgres => postgres().await,
    }
}

/// A copy of a store that was migrated once.
async fn sqlite(directory: &TempDir) -> String {
    let template =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("template-{}.db", *STAMP));
    if !template.exists() {
        let partial = template.with_extension(uuid::Uuid::now_v7().simple().to_string());
        let database = Database::connect(
            &format!("sqlite:{}?mode=rwc", partial.display()),
            Settings::default().database,
        )
        .await
        .expect("a store");
        app::migrate(&database).await.expect("migrations run");
        drop(database);
        let connection =
            Connection::connect(format!("sqlite:{}", partial.display())).await.expect("a store");
        connection
            .execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)")
            .await
            .expect("a checkpoint");
        connection.close().await.expect("closed");
        std::fs::rename(&partial, &template).expect("renamed");
    }
    let path = directory.path().join("hub.db");
    std::fs::copy(&template, &path).expect("copied");
    format!("sqlite:{}", path.display())
}

/// A database cloned from a template that was migrated once.
async fn postgres() -> String {
    let base = std::env::var("LIANFANG_TEST_POSTGRES_URL").expect(
        "LIANFANG_TEST_POSTGRES_URL is not set: run the tests through ./check, or start a server with scripts/postgres.sh start DIR",
    );
    let (server, _) = base.rsplit_once('/').expect("the URL ends with a database");
    let admin = Connection::connect(&base).await.expect("the server answers");
    let template = format!("lianfang_template_{}", *STAMP);
    let url = |name: &str| format!("{server}/{name}");
    // One process makes the template, the others wait for it. The lock belongs to one connection,
    // hence one transaction.
    let transaction =
        sea_orm_migration::sea_orm::TransactionTrait::begin(&admin).await.expect("a transaction");
    transaction
        .execute_unprepared("SELECT pg_advisory_xact_lock(7140600)")
        .await
        .expect("the lock");
    let exists = format!("SELECT 1 FROM pg_database WHERE datname = '{template}'");
    let known = transaction
        .query_one_raw(sea_orm_migration::sea_orm::Statement::from_string(
            sea_orm_migration::sea_orm::DbBackend::Postgres,
            exists,
        ))
        .await
        .expect("a look")
        .is_some();
    if !known {
        let making = format!("{template}_making");
        admin
            .execute_unprepared(&format!("DROP DATABASE IF EXISTS {making}"))
            .await
            .expect("dropped");
        admin.execute_unprepared(&format!("CREATE DATABASE {making}")).await.expect("created");
        let database = Database::connect(&url(&making), Settings::default().database)
            .await
            .expect("the template opens");
        app::migrate(&database).await.expect("migrations run");
        database.migrations().clone().close().await.expect("closed");
        admin
            .execute_unprepared(&format!("ALTER DATABASE {making} RENAME TO {template}"))
            .await
            .expect("renamed");
    }
    let name = format!("lianfang_test_{}", uuid::Uuid::now_v7().simple());
    admin
        .execute_unprepared(&format!("CREATE DATABASE {name} TEMPLATE {template}"))
        .await
        .expect("cloned");
    transaction.commit().await.expect("the lock is given back");
    admin.close().await.expect("closed");
    url(&name)
}

/// What makes a migrated store: the migrations, the code tables, and the store, which installs
/// triggers beside them.
static MAKING: [Dir<'static>; 3] = [
    include_dir!("$CARGO_MANIFEST_DIR/migration/src"),
    include_dir!("$CARGO_MANIFEST_DIR/reference"),
    include_dir!("$CARGO_MANIFEST_DIR/src/store"),
];

/// Changes when a migrated store may have changed.
static STAMP: LazyLock<String> = LazyLock::new(|| {
    fn add(directory: &Dir<'_>, hasher: &mut DefaultHasher) {
        for file in directory.files() {
            (file.path(), file.contents()).hash(hasher);
        }
        directory.dirs().for_each(|below| add(below, hasher));
    }
    let mut hasher = DefaultHasher::new();
    MAKING.iter().for_each(|directory| add(directory, &mut hasher));
    format!("{:x}", hasher.finish())
});
