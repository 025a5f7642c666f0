//! Rows of a table, whether of text or of a workbook.

use super::error::ImportError;
use super::reader::{CsvRecord, RecordReader};

/// Rows of a table, one after the other, whatever they are kept in.
pub trait TableRows: Send {
    /// The next one; none at the end.
    ///
    /// # Errors
    /// What makes the table as a whole unusable.
    fn next(&mut self) -> Result<Option<CsvRecord>, ImportError>;

    /// How many cells rows have from here on.
    fn expect(&mut self, _width: usize) {}
}

impl TableRows for RecordReader<'_> {
    fn next(&mut self) -> Result<Option<CsvRecord>, ImportError> {
        Self::next(self)
    }

    fn expect(&mut self, width: usize) {
        Self::expect(self, width);
    }
}
