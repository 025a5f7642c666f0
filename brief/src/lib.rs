//! What one takes into the room: the materials of a joint meeting (联席会议) as content, and that content as a page, a
//! document and a workbook.
//!
//! The crate knows no database, no access rules and no clock. Whoever fills a [`content::Brief`] decides what may stand in
//! it; the same content always gives the same bytes.

pub mod content;
pub mod links;
pub mod page;

mod chart;
mod clean;
mod head;
mod section;
mod table;
mod tables;
mod words;
