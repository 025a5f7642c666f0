//! How a file is written, beside its format.

use crate::{error::Language, exchange::format::media::Format};

/// Compression of the whole on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// None.
    Plain,
    /// gzip.
    Gzip,
    /// Zstandard.
    Zstd,
}

/// How a file is written.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Format.
    pub format: Format,
    /// Chinese headings instead of field names.
    pub chinese: bool,
    /// CSV in GB 18030 instead of UTF-8 with a byte order mark.
    pub gb18030: bool,
    /// Compression.
    pub packing: Packing,
    /// Language of findings.
    pub language: Language,
}
