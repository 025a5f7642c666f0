//! Behaviour of the hub through its real router, on both databases.

// The example family is compiled as it would stand in `entity` and `migration`: it finds here what it would find there.
use entity::{catalogue, record};
use migration::columns;

mod abuse;
mod access;
mod answers;
mod audit;
mod clients;
mod commands;
mod concurrency;
mod consumer;
mod contract;
mod coverage;
mod dependency_policy;
mod docs;
mod export;
mod export_following;
mod export_streams;
mod exported;
mod faults;
mod feed;
mod files;
mod files_back;
mod filters;
mod following;
mod graphql_over_http;
mod identifiers;
mod layers;
mod leak;
mod live;
mod live_client;
mod live_close;
mod matrix;
mod near_miss;
mod oracle;
mod paging;
mod resync;
mod samples;
mod schema_store;
mod schema_text;
mod statements;
mod stats;
mod submit;
mod support;
mod verify;
mod withdraw;
