//! The forms of a file.

use crate::error::Language;

/// Kind of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A JSON object a line.
    Ndjson,
    /// Comma-separated values (RFC 4180).
    Csv,
    /// A workbook for Excel and WPS.
    Xlsx,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Ndjson, Self::Csv, Self::Xlsx];

    /// Its name in the manifest.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ndjson => "NDJSON",
            Self::Csv => "CSV",
            Self::Xlsx => "XLSX",
        }
    }

    /// Its name in a request and the ending of a file.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// Media types that ask for it, the usual one first.
    #[must_use]
    pub const fn media(self) -> &'static [&'static str] {
        match self {
            Self::Ndjson => &["application/x-ndjson", "application/jsonl"],
            Self::Csv => &["text/csv"],
            Self::Xlsx => &["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
        }
    }
}

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
    /// Kind.
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
