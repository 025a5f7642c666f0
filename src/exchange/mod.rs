//! Files of records: taken in, and given out.

pub mod format;
pub mod intake;
