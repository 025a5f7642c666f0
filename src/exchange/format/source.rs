//! A source of bytes that remembers why it failed.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex};

use super::rows::Input;

/// A source that remembers why it failed: the libraries in between say only that it did.
pub struct RememberingSource {
    inner: Box<dyn Input>,
    failure: Arc<Mutex<Option<io::Error>>>,
}

impl RememberingSource {
    /// Watches a source.
    pub const fn new(inner: Box<dyn Input>, failure: Arc<Mutex<Option<io::Error>>>) -> Self {
        Self { inner, failure }
    }

    fn note<T>(&self, result: io::Result<T>) -> io::Result<T> {
        result.map_err(|error| {
            let kind = error.kind();
            if kind != io::ErrorKind::Interrupted
                && kind != io::ErrorKind::InvalidInput
                && let Ok(mut failure) = self.failure.lock()
            {
                failure.get_or_insert(error);
            }
            kind.into()
        })
    }
}

impl Read for RememberingSource {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let result = self.inner.read(buffer);
        self.note(result)
    }
}

impl Seek for RememberingSource {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let result = self.inner.seek(to);
        self.note(result)
    }
}
