//! What stands beside the record families, one subject a module.

pub mod audit;
pub mod catalogue;
pub mod codes;
pub mod corrections;
pub mod indicators;
pub mod leads;
pub mod meeting;
pub mod obligations;
pub mod plans;
pub mod returns;
pub mod tasks;
pub mod viewer;
