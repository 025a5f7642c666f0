//! Files out: a family as NDJSON, CSV or XLSX, from one state of the store, under the same scope,
//! masks and audit as a query, with a manifest that says where the change feed goes on.
//!
//! It knows nothing of HTTP, nor how a condition is written down: it takes a filter and gives
//! chunks of bytes.

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
