//! The formats by their names: media types and the words of `?format=`.

use strum::{IntoStaticStr, VariantArray};

use crate::domain::code::Coded as _;

/// A format of files of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Format {
    /// One JSON object a line.
    Ndjson,
    /// RFC 4180 with a heading row.
    Csv,
    /// A workbook of Excel 2007 or later.
    Xlsx,
}

impl Format {
    /// The format of a `Content-Type`, with its `charset` where one is stated: `text/csv;
    /// charset=gb18030`.
    #[must_use]
    pub fn of_media_type(header: &str) -> Option<(Self, Option<String>)> {
        let mut parts = header.split(';').map(str::trim);
        let format = match parts.next()?.to_ascii_lowercase().as_str() {
            "application/x-ndjson"
            | "application/ndjson"
            | "application/jsonl"
            | "application/x-jsonlines" => Self::Ndjson,
            "text/csv" => Self::Csv,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => Self::Xlsx,
            _ => return None,
        };
        let charset = parts
            .filter_map(|part| part.split_once('='))
            .find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
        Some((
            format,
            charset.map(|(_, value)| value.trim().trim_matches('"').to_ascii_lowercase()),
        ))
    }

    /// The format of a word: `ndjson`, `csv` or `xlsx`, in any case.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.name().eq_ignore_ascii_case(name))
    }

    /// Its word, which is also the end of file names.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// Media types that ask for it, the usual one first.
    #[must_use]
    pub const fn asked(self) -> &'static [&'static str] {
        match self {
            Self::Ndjson => &["application/x-ndjson", "application/jsonl"],
            Self::Csv => &["text/csv"],
            Self::Xlsx => &["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
        }
    }

    /// The `Content-Type` of what the hub writes.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Ndjson => "application/x-ndjson",
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}
