//! The tables of each section, the same for page, document and workbook.

pub(crate) mod figures;
pub(crate) mod hazards;
pub(crate) mod heat;
pub(crate) mod leads;
pub(crate) mod meeting;
pub(crate) mod resolutions;
pub(crate) mod returns;
pub(crate) mod tallies;
pub(crate) mod targets;
pub(crate) mod tasks;
pub(crate) mod trends;
