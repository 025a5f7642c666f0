//! What happened to records, in the order of commits.

pub mod events;
pub mod mark;
pub mod news;
pub mod prune;
pub mod stir;
pub(in crate::store) mod unseen;
