//! What stands beside the record families, one subject a module.

pub mod codes;
pub mod disclosure;
pub mod indicators;
pub mod leads;
pub mod meeting;
pub mod obligations;
pub mod plans;
pub mod returns;
pub mod viewer;
