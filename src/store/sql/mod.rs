//! The SQL engine: pool, statements, placeholders, the two databases. It knows no family and no
//! subject.

pub(in crate::store) mod address;
pub mod cell;
pub(in crate::store) mod columns;
pub mod condition;
#[cfg(test)]
mod connection_tests;
pub(in crate::store) mod connections;
pub mod database;
pub mod limits;
pub(in crate::store) mod link;
pub mod point;
pub(in crate::store) mod probe;
pub(in crate::store) mod shapes;
pub(in crate::store) mod signal;
pub mod snapshot;
pub(in crate::store) mod statement;
pub(in crate::store) mod texts;
pub(in crate::store) mod watch;
