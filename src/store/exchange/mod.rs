//! Tables of the exchange of files: jobs, their parts, exports, profiles.

pub(in crate::store) mod claims;
pub mod exports;
pub mod jobs;
pub mod parts;
pub mod profiles;
