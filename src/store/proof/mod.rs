//! Proofs that nobody without the key has changed the store: keyed digests of versions, events,
//! receipts and rows, chains of the audit log and of events, and their heads. `verify` computes
//! them again.

pub mod adopt;
pub mod checkpoint;
pub mod events;
pub mod head;
pub mod prover;
pub mod renumber;
pub mod shape;
pub mod tables;
pub mod triggers;
pub mod versions;
pub mod witness;
pub mod witnessed;
