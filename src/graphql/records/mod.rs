//! Records: their types in the schema, and the executor that answers for them.
//!
//! A root resolver plans its whole selection, the store answers with one statement a level, and the records are written as
//! JSON from the rows that were read.

pub mod answer;
pub mod candidates;
pub mod change_types;
pub mod changes;
pub mod connection;
pub mod disclosure;
pub mod history;
pub mod inputs;
pub mod loader;
pub mod mutation;
pub mod names;
pub mod object;
pub mod plan;
pub mod progress;
pub mod query;
pub mod region;
pub mod selection;
pub mod session;
pub mod shape;
pub mod stats;
pub mod subscription;
pub mod variables;
pub mod whereclause;
