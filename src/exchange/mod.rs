//! Files of records: what they look like, how they come in and how they leave.

pub mod export;
pub mod format;
pub mod intake;
