//! The only code that knows async-graphql: the schema is built from the catalogue at start.
//!
//! Nothing here decides who may see what.

pub mod context;
pub mod declared;
pub mod fault;
pub mod part;
pub mod records;
pub mod schema;
pub mod subjects;
