//! Exports: a family as NDJSON, CSV or XLSX, from one state of the store, under the same scope,
//! masks and audit as a query, with a manifest that says where the change feed continues.
//!
//! This part knows nothing about HTTP or about how a condition is written: it takes a filter and
//! yields chunks of bytes.

pub mod columns;
mod csv;
pub mod format;
pub mod manifest;
mod ndjson;
pub mod order;
mod pack;
mod page;
mod run;
mod writer;
mod xlsx;
