//! The joint meeting (联席会议): plans and what they ask for, returns, indicators, leads between
//! departments, the
//! work on the tasks of plans, and the materials that are made of them.

pub mod assemble;
mod below;
pub mod indicators;
pub mod leads;
pub mod materials;
pub mod meetings;
pub mod obligations;
pub mod plans;
pub mod regions;
pub mod returns;
pub mod room;
pub mod rulebook;
pub mod tasks;
