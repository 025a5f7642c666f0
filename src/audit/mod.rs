//! What was read and written, by whom and why: durable before the answer leaves, hash-linked,
//! readable by those it is about.

pub mod asked;
pub mod audited;
pub mod chain;
pub mod collector;
pub mod entry;
pub mod log;
pub mod verify;
pub mod view;
