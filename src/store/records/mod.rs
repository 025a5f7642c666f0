//! Records of the families: typed, scoped reads and writes, and what is kept beside them.

pub mod aggregate;
pub(in crate::store) mod alike;
pub mod beside;
pub mod computed;
pub mod content;
pub(in crate::store) mod create;
pub mod cursor;
pub(in crate::store) mod decode;
pub mod employers;
pub mod filter;
pub mod follow;
pub mod global_id;
pub mod json;
pub mod known;
pub(in crate::store) mod names;
pub mod natural_key;
pub mod pages;
pub mod past;
pub mod read;
pub mod receipts;
pub mod record_keys;
pub mod row;
pub mod toll;
pub mod twins;
pub mod versions;
pub mod write;
