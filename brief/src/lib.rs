//! What one takes into the room: the materials of a joint meeting (联席会议) as content, and that
//! content as a page, a document and a workbook.
//!
//! The crate knows no database, no access rules and no clock. Whoever fills a [`content::Brief`]
//! decides what may stand in it; the same content always gives the same bytes.

pub mod content;
pub mod docx;
pub mod links;
pub mod page;
pub mod xlsx;

mod chart;
mod clean;
mod head;
mod section;
mod table;
mod tables;
mod words;

/// A file that could not be put together, in English, for the log. The content is at fault, not the
/// reader.
#[derive(Debug)]
pub struct WriteError(pub(crate) String);

impl std::fmt::Display for WriteError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "a file of the meeting's materials cannot be written: {}", self.0)
    }
}

impl std::error::Error for WriteError {}
