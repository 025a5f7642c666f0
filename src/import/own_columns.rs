//! The leading columns of a rejects file, which are ours and not of the source.

use std::io::Read as _;

use super::{error::ImportError, reader::UTF8_MARK, source::Rewind};

/// Line in the file that the row first came from.
pub const LINE_COLUMN: &str = "lianfang_line";
/// Families still due, separated by blanks.
pub const FAMILY_COLUMN: &str = "lianfang_family";
/// Keys given in the first run, as a JSON object by family.
pub const KEYS_COLUMN: &str = "lianfang_keys";
/// What every column of ours begins with.
pub const COLUMN_PREFIX: &str = "lianfang_";

/// All of them, in their order.
pub(super) const COLUMNS: [&str; 6] = [
    LINE_COLUMN,
    FAMILY_COLUMN,
    "lianfang_field",
    "lianfang_code",
    "lianfang_message",
    KEYS_COLUMN,
];

/// Whether a source is a rejects file, by its first column.
///
/// # Errors
/// [`ImportError::Io`].
pub fn is_rejects_file(source: &dyn Rewind) -> Result<bool, ImportError> {
    let mut start = Vec::new();
    source.open()?.take(32).read_to_end(&mut start)?;
    let start = start.strip_prefix(UTF8_MARK).unwrap_or(&start);
    let start = start.strip_prefix(b"\"").unwrap_or(start);
    Ok(start.starts_with(LINE_COLUMN.as_bytes()))
}
