//! Where the bytes come from. An import reads its source several times.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use super::error::ImportError;
use super::rows::TableRows;

/// Something that can be read from the beginning as often as needed. A caller that shows progress
/// implements it with a reader that counts; [`crate::import::profile::Profile::passes`] says how
/// often the source is read.
pub trait Rewind: Sync {
    /// Opens the source at its beginning.
    ///
    /// # Errors
    /// Whatever opening a file can raise.
    fn open(&self) -> io::Result<Box<dyn Read + Send + '_>>;

    /// The rows of a sheet, where the source is a workbook and no text: of the sheet of that name,
    /// or of the one that has most of these headings.
    ///
    /// # Errors
    /// [`ImportError`] where it cannot be read.
    fn sheet(
        &self,
        _name: Option<&str>,
        _headings: &[&str],
    ) -> Result<Option<Box<dyn TableRows + '_>>, ImportError> {
        Ok(None)
    }
}

impl Rewind for PathBuf {
    fn open(&self) -> io::Result<Box<dyn Read + Send + '_>> {
        Ok(Box::new(File::open(self)?))
    }
}

impl Rewind for Vec<u8> {
    fn open(&self) -> io::Result<Box<dyn Read + Send + '_>> {
        Ok(Box::new(self.as_slice()))
    }
}
