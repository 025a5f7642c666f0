//! The SQL engine: pool, statements, placeholders, the two databases. It knows no family and no subject.

pub(in crate::store) mod address;
pub mod cell;
pub(in crate::store) mod columns;
pub mod condition;
#[cfg(test)]
mod connection_tests;
pub(in crate::store) mod connections;
pub mod database;
pub(in crate::store) mod link;
pub(in crate::store) mod probe;
pub mod snapshot;
pub(in crate::store) mod texts;
pub(in crate::store) mod watch;
