//! 联防 Lianfang: the hub through which departments share work-injury prevention records.
//!
//! # The house
//!
//! | floor | module | what it does |
//! | --- | --- | --- |
//! | edge | [`http`] | requests, limits, media types, refusals; files, live connections, the page of a meeting |
//! | | [`graphql`] | the schema made of the catalogue; a selection becomes a plan, its rows an answer |
//! | services | [`meeting`] | plans, obligations and returns, indicators, leads, materials |
//! | | [`exchange`] | files on their way in and out |
//! | | [`import`] | other systems' tables, through profiles, as rows |
//! | | [`submit`] | the one way in: rows, verdicts, one transaction, a receipt |
//! | | [`feed`] | what has changed since a cursor |
//! | | [`accounts`] | people and systems: when they are no longer heard |
//! | | [`audit`] | who looked at what, written before the answer leaves |
//! | records | [`store`] | the only code that writes SQL: reads under a scope, writes under a permit |
//! | rights | [`authz`] | who may: actor, token, policy, scope, permit, seat |
//! | rules | [`domain`] | identifiers, grades, clocks, fractions, masks; no input or output |
//!
//! Every module uses those below it and none above; a test reads the sources for that. Beside the
//! house stand [`entity`], where each family of records is declared once, [`migration`], and
//! [`brief`], which knows how materials look. [`app`] puts a hub together, and [`services`] is what
//! it then holds. [`seed`] makes the demonstration's records. `docs/architecture.md` has what
//! always holds, and follows a read, a write and a meeting from file to file; `docs/glossary.md`
//! has the words.
//!
//! # A record, in and out
//!
//! ```
//! use axum::{body::{Body, to_bytes}, http::Request};
//! use lianfang::{
//!     app::{self, Settings},
//!     authz::{actor::Actor, token::TokenRequest},
//!     context::OpCtx,
//!     domain::region::RegionCode,
//!     keys::Keys,
//!     store::sql::database::Database,
//!     submit::{pipeline::Submission, verdict::{Mode, RowOutcome}},
//! };
//! use serde_json::{Value, json};
//! use tower::ServiceExt as _;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // A hub on a store of its own.
//! let directory = tempfile::tempdir()?;
//! let url = format!("sqlite:{}?mode=rwc", directory.path().join("hub.db").display());
//! let settings = Settings::default();
//! let database = Database::connect(&url, settings.database).await?;
//! app::migrate(&database).await?;
//! let catalogue = app::catalogue()?;
//! let policy = app::policy(None, &catalogue)?;
//! let (router, hub) = app::start(database, catalogue, policy, Keys::generate()?.into(), settings).await?;
//!
//! // In: 应急 of 朔州 hands in an accident with a victim. Without a permit there is nothing to call.
//! let ctx = OpCtx::begin("example");
//! let emergency = Actor::internal("example", "EMERGENCY", RegionCode::parse("140600").expect("a region"));
//! for (family, content) in [
//!     ("Accident", json!({"accidentNo": "A-1", "occurredAt": "2024-05-06T10:00:00+08:00", "regionCode": "140602",
//!         "industryCode": "0610", "accidentType": "ROOF_FALL",
//!         "deaths": 0, "missing": 0, "seriousInjuries": 1, "acutePoisonings": 0, "minorInjuries": 0})),
//!     ("AccidentVictim", json!({"victimNo": "V-1", "accidentNo": "A-1", "name": "王小明", "injuryDegree": "SERIOUS"})),
//! ] {
//!     let permit = hub.permit(&emergency, hub.catalogue.find(family).expect("a family"))?;
//!     let rows = vec![content.as_object().expect("a row").clone()];
//!     let submission =
//!         Submission { rows, mode: Mode::Atomic, source_system: String::new(), idempotency_key: family.to_owned() };
//!     let receipt = hub.submitter().submit(&ctx, &emergency, &permit, &submission).await?;
//!     assert_eq!(receipt.count(RowOutcome::Created), 1);
//! }
//!
//! // Out: the trade union of the city sees who it was, masked, and that look is audited before it does.
//! let union = TokenRequest {
//!     subject: "example".into(), department: "UNION".into(), region: "140600".into(), roles: vec!["READER".into()],
//!     purpose: "ROUTINE_SHARING".into(), ticket: None, seconds: 60,
//! };
//! let token = hub.tokens.issue(&hub.policy, union, ctx.now())?.text;
//! let query = "{ accidents { nodes { accidentType gradeLabel victims { name } } } }";
//! let request = Request::post("/graphql")
//!     .header("content-type", "application/json")
//!     .header("authorization", format!("Bearer {token}"))
//!     .body(Body::from(json!({"query": query}).to_string()))?;
//! let answer = to_bytes(router.oneshot(request).await?.into_body(), usize::MAX).await?;
//! let answer: Value = serde_json::from_slice(&answer)?;
//! assert_eq!(answer["data"]["accidents"]["nodes"][0]["victims"], json!([{"name": "王*"}]));
//! # Ok(())
//! # }
//! ```
//!
//! What happened on the way: [`authz::permit::Permit`] and [`authz::scope::Scope`] are the proofs
//! without which neither [`submit::pipeline::Submitter`] nor [`store::records::read::Reader`] does
//! anything; only [`authz`] makes them. The grade was computed by [`domain::accident::grade`] when
//! the row was judged. The name left the store masked by [`domain::mask::name`].

pub mod accounts;
pub mod app;
pub mod audit;
pub mod authz;
pub mod context;
pub mod domain;
pub mod error;
pub mod exchange;
pub mod feed;
pub mod graphql;
pub mod http;
pub mod import;
pub mod keys;
pub mod meeting;
pub mod owner_only;
pub mod quota;
pub mod readiness;
pub mod seed;
pub mod services;
pub mod sharing;
pub mod store;
pub mod submit;
