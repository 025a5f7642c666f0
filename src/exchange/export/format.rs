//! Options of an exported file besides its format.

use crate::{error::Language, exchange::format::media::Format};

/// Compression of the whole file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// The file is sent uncompressed.
    Plain,
    /// gzip (RFC 1952), at a level that favours speed.
    Gzip,
    /// Zstandard (RFC 8878).
    Zstd,
}

/// How a file is written.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// File format: NDJSON, CSV or XLSX.
    pub format: Format,
    /// Chinese headings instead of field names.
    pub chinese: bool,
    /// CSV in GB 18030 instead of UTF-8 with a byte order mark.
    pub gb18030: bool,
    /// Compression of the file as sent; its digest covers the content before compression.
    pub packing: Packing,
    /// Language of the findings' messages.
    pub language: Language,
}
