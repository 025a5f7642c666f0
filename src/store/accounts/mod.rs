//! People and systems: their accounts, and what was revoked of their tokens.

pub mod attempts;
pub mod people;
pub mod revocations;
