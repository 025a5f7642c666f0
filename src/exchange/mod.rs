//! The exchange of whole files: what they look like, how they come in and how they leave.

pub mod format;
