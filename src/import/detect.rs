//! Which encoding a file has, where its profile leaves that open.

use std::io::Read;

use encoding_rs::GB18030;

use super::encoding::Encoding;
use super::error::ImportError;
use super::reader::{LineReader, UTF8_MARK};
use super::source::Rewind;

/// Finds the encoding of a source by reading all of it.
///
/// A file is UTF-8 if every line is, or if it starts with the mark. One damaged line must not turn
/// a UTF-8 file into GB18030, so GB18030 is taken only if it reads more lines without fault and the
/// lines beyond ASCII that are valid UTF-8 (which GB18030 text hardly ever is) are fewer than those
/// that are not.
///
/// A short text in GB18030 can be valid UTF-8 from end to end: 小学 reads as Сѧ. Where all lines
/// read both ways and UTF-8 gives no Chinese at all while GB18030 gives nothing but common
/// characters, letters of scripts that nobody here writes decide for GB18030; signs and letters
/// that do stand in such files (², é) leave it in doubt.
///
/// # Errors
/// [`ImportError::Io`], [`ImportError::Utf16`], [`ImportError::CharsetInDoubt`].
pub fn detect(source: &dyn Rewind) -> Result<Encoding, ImportError> {
    detect_in(source.open()?)
}

/// As [`detect`], for what can be read once.
///
/// # Errors
/// As [`detect`].
pub fn detect_in(reader: Box<dyn Read + Send + '_>) -> Result<Encoding, ImportError> {
    let mut lines = LineReader::new(reader, Encoding::Utf8);
    let (mut first, mut utf8_bad, mut utf8_beyond_ascii, mut gb_bad) = (true, 0_u64, 0_u64, 0_u64);
    let mut both = Both::default();
    while let Some(raw) = lines.next_raw()? {
        if std::mem::take(&mut first) && raw.bytes.starts_with(UTF8_MARK) {
            return Ok(Encoding::Utf8);
        }
        if raw.bytes.is_ascii() {
            continue;
        }
        let (chinese, valid) = Encoding::Gb18030.decode(&raw.bytes);
        match std::str::from_utf8(&raw.bytes) {
            Ok(text) => {
                utf8_beyond_ascii += 1;
                both.weigh(text, &chinese);
            }
            Err(_) => utf8_bad += 1,
        }
        gb_bad += u64::from(!valid);
    }
    if utf8_bad == 0 && gb_bad == 0 && utf8_beyond_ascii > 0 {
        return both.judge();
    }
    let chinese = utf8_bad > gb_bad && utf8_bad > utf8_beyond_ascii;
    Ok(if chinese { Encoding::Gb18030 } else { Encoding::Utf8 })
}

/// What stands in text that reads in both encodings.
#[derive(Debug, Default)]
struct Both {
    /// Read as UTF-8: characters of Chinese text; Latin letters and signs beyond ASCII; anything
    /// else.
    chinese: u64,
    latin: u64,
    foreign: u64,
    /// Read as GB18030: the common characters of GB 2312; anything else.
    common: u64,
    rare: u64,
}

impl Both {
    fn weigh(&mut self, utf8: &str, chinese: &str) {
        for c in utf8.chars().filter(|c| !c.is_ascii()) {
            match c {
                '\u{80}'..='\u{24f}' => self.latin += 1,
                '\u{2000}'..='\u{206f}'
                | '\u{2100}'..='\u{22ff}'
                | '\u{2460}'..='\u{24ff}'
                | '\u{2e80}'.. => self.chinese += 1,
                _ => self.foreign += 1,
            }
        }
        for c in chinese.chars().filter(|c| !c.is_ascii()) {
            let mut buffer = [0; 4];
            let bytes = GB18030.encode(c.encode_utf8(&mut buffer)).0;
            // Level 1 of GB 2312, the 3755 common characters.
            let common = matches!(bytes.as_ref(), [0xb0..=0xd7, 0xa1..=0xfe]);
            if common { self.common += 1 } else { self.rare += 1 }
        }
    }

    const fn judge(&self) -> Result<Encoding, ImportError> {
        if self.chinese > 0 || self.rare > 0 {
            return Ok(Encoding::Utf8);
        }
        if self.latin == 0 { Ok(Encoding::Gb18030) } else { Err(ImportError::CharsetInDoubt) }
    }
}
