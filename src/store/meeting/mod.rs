//! Tables of the joint meeting: figures, leads, meetings, resolutions, returns, reports on
//! tasks.

pub mod figure_cache;
pub mod figures;
pub mod leads;
pub mod meetings;
pub mod resolutions;
pub mod returns;
pub mod tasks;
