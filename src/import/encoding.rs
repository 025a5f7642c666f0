//! The encodings in which departments export: UTF-8 and GB18030 (which contains GBK and GB 2312).

use std::borrow::Cow;
use std::io::Read;

use encoding_rs::GB18030;

use super::error::ImportError;
use super::reader::{LineReader, UTF8_MARK};
use super::source::Source;

/// A character encoding of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte-order mark.
    Utf8,
    /// GB18030.
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

/// Finds the encoding of a source by reading all of it.
///
/// A file is UTF-8 if every line is, or if it starts with the mark. One damaged line must not turn a UTF-8 file into
/// GB18030, so GB18030 is taken only if it reads more lines without fault and the lines beyond ASCII that are valid
/// UTF-8 (which GB18030 text hardly ever is) are fewer than those that are not.
///
/// # Errors
/// [`ImportError::Io`] and [`ImportError::Utf16`].
pub fn detect(source: &dyn Source) -> Result<Encoding, ImportError> {
    detect_in(source.open()?)
}

/// As [`detect`], for what can be read once.
///
/// # Errors
/// [`ImportError::Io`] and [`ImportError::Utf16`].
pub fn detect_in(reader: Box<dyn Read + Send + '_>) -> Result<Encoding, ImportError> {
    let mut lines = LineReader::new(reader, Encoding::Utf8);
    let (mut first, mut utf8_bad, mut utf8_beyond_ascii, mut gb_bad) = (true, 0_u64, 0_u64, 0_u64);
    while let Some(raw) = lines.next_raw()? {
        if std::mem::take(&mut first) && raw.bytes.starts_with(UTF8_MARK) {
            return Ok(Encoding::Utf8);
        }
        if raw.bytes.is_ascii() {
            continue;
        }
        match std::str::from_utf8(&raw.bytes) {
            Ok(_) => utf8_beyond_ascii += 1,
            Err(_) => utf8_bad += 1,
        }
        gb_bad += u64::from(!Encoding::Gb18030.decode(&raw.bytes).1);
    }
    let chinese = utf8_bad > gb_bad && utf8_bad > utf8_beyond_ascii;
    Ok(if chinese { Encoding::Gb18030 } else { Encoding::Utf8 })
}
