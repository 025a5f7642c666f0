//! The encodings in which departments export: UTF-8 and GB18030 (which contains GBK and GB 2312).

use std::borrow::Cow;

use encoding_rs::GB18030;

/// A character encoding of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte-order mark.
    Utf8,
    /// GB18030, which includes GBK and GB 2312.
    Gb18030,
}

impl Encoding {
    /// Name as written in profiles.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Gb18030 => "gb18030",
        }
    }

    /// The text, and whether all bytes were valid; invalid ones become U+FFFD.
    #[must_use]
    pub fn decode(self, bytes: &[u8]) -> (String, bool) {
        match self {
            Self::Utf8 => match std::str::from_utf8(bytes) {
                Ok(text) => (text.to_owned(), true),
                Err(_) => (String::from_utf8_lossy(bytes).into_owned(), false),
            },
            Self::Gb18030 => {
                let (text, damaged) = GB18030.decode_without_bom_handling(bytes);
                (text.into_owned(), !damaged)
            }
        }
    }

    /// The bytes of a text; both encodings can write all of Unicode.
    #[must_use]
    pub fn encode(self, text: &str) -> Cow<'_, [u8]> {
        match self {
            Self::Utf8 => Cow::Borrowed(text.as_bytes()),
            Self::Gb18030 => GB18030.encode(text).0,
        }
    }
}
