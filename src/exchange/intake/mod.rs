//! Files on their way in. A file is kept whole, sealed, before any row of it is taken; then its
//! rows go through the same pipeline as every other submission, in chunks whose receipts make that
//! a chunk taken twice is taken once.
//!
//! [`uploads::UploadService`] receives content and answers for jobs; [`worker`] takes jobs in;
//! [`engine`] takes in any content, that of a job or that of a file on disk. Nothing here knows
//! HTTP.

pub mod chunks;
pub mod content;
mod dry;
pub mod engine;
mod noted;
pub mod profiles;
pub mod progress;
pub mod returned;
pub mod upload;
pub mod uploads;
pub mod verdicts;
pub mod worker;
