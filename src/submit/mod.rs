//! The way in: parse, normalise, validate, match, compare, upsert, version, event, receipt.
//!
//! GraphQL, files, the command line and the seed all hand in through [`pipeline::Submitter`]. It
//! does not know where rows come from.

pub mod batch;
mod codes;
pub mod content;
pub mod draft;
pub mod parse;
pub mod pipeline;
mod repeated;
pub mod rules;
pub mod shared_commits;
pub mod toll;
mod twins;
pub mod value;
pub mod verdict;
pub mod whole;
pub mod withdraw;
mod write;
