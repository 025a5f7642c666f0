//! The only code that knows async-graphql: the schema is built from the catalogue at start.
//!
//! A root resolver plans its whole selection, the store answers with one statement a level, and the records are written as
//! JSON from the rows that were read. Nothing here decides who may see what.

pub mod answer;
pub mod arguments;
pub mod candidates;
pub mod change_types;
pub mod changes;
pub mod codes;
pub mod connection;
pub mod declared;
pub mod disclosure;
pub mod fault;
pub mod indicators;
pub mod inputs;
pub mod leads;
pub mod loader;
pub mod meeting;
pub mod mutation;
pub mod names;
pub mod object;
pub mod obligations;
pub mod part;
pub mod plan;
pub mod plans;
pub mod progress;
pub mod projected;
pub mod query;
pub mod records;
pub mod returns;
pub mod schema;
pub mod selection;
pub mod session;
pub mod shape;
pub mod stats;
pub mod subscription;
pub mod variables;
pub mod viewer;
pub mod whereclause;
