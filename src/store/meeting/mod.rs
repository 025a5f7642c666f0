//! Tables of the joint meeting: figures, leads, meetings, resolutions, returns.

pub mod figures;
pub(in crate::store) mod kept;
pub mod leads;
pub mod meetings;
pub mod resolutions;
pub mod returns;
