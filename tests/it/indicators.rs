//! Indicators from outside: every figure equals a plain count over the records, is judged by the
//! plan, opens down to its records, and is told only to whom it may be.

mod access;
mod ahead;
mod gaps;
mod judged;
mod kept;
pub mod made_up;
mod plain;
mod signed;
mod standing;
mod targets;
