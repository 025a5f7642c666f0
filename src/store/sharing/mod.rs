//! Tables of the sharing of data between departments.

pub mod corrections;
