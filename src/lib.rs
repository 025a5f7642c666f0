//! 联防 Lianfang: the hub through which departments share work-injury prevention records.
//!
//! `docs/architecture.md` is the map; `design` invariants stand there. Who may import whom is tested.

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
pub mod store;
pub mod submit;
