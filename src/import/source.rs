//! Where the bytes come from. An import reads its source several times.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

/// Something that can be read from the beginning as often as needed. A caller that shows progress implements it with
/// a reader that counts; [`crate::import::profile::Profile::passes`] says how often the source is read.
pub trait Source: Sync {
    /// Opens the source at its beginning.
    ///
    /// # Errors
    /// Whatever opening a file can raise.
    fn open(&self) -> io::Result<Box<dyn Read + Send + '_>>;
}

impl Source for PathBuf {
    fn open(&self) -> io::Result<Box<dyn Read + Send + '_>> {
        Ok(Box::new(File::open(self)?))
    }
}

impl Source for Vec<u8> {
    fn open(&self) -> io::Result<Box<dyn Read + Send + '_>> {
        Ok(Box::new(self.as_slice()))
    }
}
