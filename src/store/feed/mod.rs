//! What happened to records, in the order of commits.

pub mod affected;
pub mod checkpoint;
pub mod events;
pub mod news;
mod parts;
pub mod prune;
pub(in crate::store) mod unseen;
mod window;
