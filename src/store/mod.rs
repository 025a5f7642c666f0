//! The only code that knows sea-orm: generic over the families of the catalogue.
//!
//! Every function that touches records asks for a [`crate::authz::scope::Scope`] or
//! [`crate::authz::permit::Permit`] first. It does not know who is asking, nor what a record means.

mod address;
pub mod aggregate;
mod alike;
pub mod audit;
pub mod beside;
pub mod cell;
mod claims;
mod columns;
pub mod computed;
pub mod condition;
#[cfg(test)]
mod connection_tests;
mod connections;
pub mod content;
mod create;
pub mod cursor;
pub mod database;
mod decode;
pub mod disclosure;
pub mod employers;
pub mod events;
pub mod exports;
pub mod figures;
pub mod filter;
pub mod follow;
pub mod global_id;
pub mod jobs;
pub mod json;
mod kept;
pub mod known;
pub mod leads;
mod link;
pub mod mark;
pub mod meetings;
pub mod natural_key;
pub mod news;
mod organisations;
pub mod parts;
mod probe;
pub mod profiles;
pub mod proof;
pub mod prune;
pub mod read;
pub mod receipts;
pub mod record_keys;
pub mod reference;
pub mod rekey;
pub mod resolutions;
pub mod returns;
pub mod rotate;
pub mod row;
pub mod seal;
pub mod snapshot;
pub mod stir;
mod texts;
pub mod toll;
pub mod twins;
mod unseen;
pub mod verify;
pub mod versions;
mod watch;
pub mod write;
