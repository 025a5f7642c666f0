//! Files of records: one row after the other, as NDJSON, CSV or an Excel workbook, coming in and
//! going back.
//!
//! [`open`] finds out what a file holds and gives its [`FileRows`]; each [`rows::FileRow`] is a row
//! for `submit`, or one with faults. [`template::template`] writes the workbook that people fill
//! in, [`lines`] and [`mended`] write what became of their rows. Only a file that cannot be used as
//! a whole is an error ([`fault::FileFault`]); a row that cannot be read never ends the reading.
//!
//! ```text
//! let reading = Reading { family, reference, today: ctx.today(), limits: Limits::default(), leave_hidden: false };
//! let mut rows = open(format, charset, Box::new(content), reading)?;          // inside spawn_blocking
//! while let Some(item) = rows.next()? {
//!     if item.faults.is_empty() { … submit item.values … } else { … rejected with item.faults … }
//! }
//! ```
//!
//! What a table (CSV, XLSX) hands on are texts, in the forms that `submit` reads; NDJSON hands on
//! what stands there. Memory does not grow with the number of rows, but for the shared strings of a
//! workbook, which [`rows::WorkbookLimits`] bounds.
//!
//! It knows nothing of HTTP, of jobs or of the database: a source is anything that can be read and
//! sought in. A workbook is read on a thread of its own, outside any runtime; a source that fetches
//! from a store brings the handle it needs.

mod body;
mod cells;
mod codes;
mod delimited;
mod excel;
mod facts;
pub mod fault;
pub mod flat;
mod format_code;
pub mod formula;
mod head;
mod head_fault;
mod head_path;
mod head_row;
mod heading;
mod industry;
pub mod judged;
mod layout;
pub mod lines;
mod lists;
mod marked;
pub mod media;
pub mod mended;
mod ndjson;
mod package;
mod qualified;
pub mod report;
mod row_fault;
mod row_sort;
pub mod rows;
mod said_below;
mod sheet_choice;
mod shown;
mod source;
mod table_row;
pub mod template;
mod unit_line;
mod units;
mod watch;
mod words;
mod workbook;
mod written;

#[cfg(test)]
mod tests;

use crate::import::{detect::detect_in, encoding::Encoding};

use fault::FileFault;
use media::Format;
use report::Report;
use rows::{FileRow, Input, ReadOptions};

/// The rows of a file, in order.
pub struct FileRows(FileKind);

enum FileKind {
    Ndjson(ndjson::Lines),
    Csv(Box<delimited::DelimitedReader>),
    Xlsx(workbook::SheetReader),
}

impl FileRows {
    /// The next row; none at the end. Rows without anything in them are left out.
    ///
    /// # Errors
    /// [`FileFault`] when the source cannot be read on, or a workbook is damaged further down. It
    /// ends the reading.
    #[expect(
        clippy::should_implement_trait,
        reason = "an error ends the reading; a caller would loop on an iterator"
    )]
    pub fn next(&mut self) -> Result<Option<FileRow>, FileFault> {
        match &mut self.0 {
            FileKind::Ndjson(lines) => lines.next(),
            FileKind::Csv(records) => records.next(),
            FileKind::Xlsx(sheet) => sheet.next(),
        }
    }

    /// What was made of the table as a whole, once all its rows were read.
    #[must_use]
    pub fn report(&self) -> Report {
        match &self.0 {
            FileKind::Ndjson(lines) => lines.report(),
            FileKind::Csv(records) => records.report().clone(),
            FileKind::Xlsx(sheet) => sheet.report(),
        }
    }
}

/// Looks at the beginning of a file and makes its rows readable. `charset` is what the sender says
/// of the encoding of CSV; without it, UTF-8 and GB18030 are told apart by reading the file once.
/// The source is read from its beginning.
///
/// # Errors
/// [`FileFault`]: what makes the file as a whole unusable, or that its source cannot be read.
pub fn open(
    format: Format,
    charset: Option<&str>,
    mut input: Box<dyn Input>,
    reading: ReadOptions,
) -> Result<FileRows, FileFault> {
    let stated = charset.map(encoding_of).transpose()?;
    input.rewind()?;
    match format {
        Format::Ndjson if stated == Some(Encoding::Gb18030) => {
            Err(FileFault::Charset { given: "gb18030".to_owned() })
        }
        Format::Ndjson => Ok(FileRows(FileKind::Ndjson(ndjson::Lines::new(input, reading.family)))),
        Format::Csv => {
            let encoding = match stated {
                Some(encoding) => encoding,
                None => detect_in(Box::new(&mut input))?,
            };
            input.rewind()?;
            Ok(FileRows(FileKind::Csv(Box::new(delimited::DelimitedReader::new(
                input, encoding, &reading,
            )?))))
        }
        Format::Xlsx => Ok(FileRows(FileKind::Xlsx(workbook::SheetReader::open(input, reading)?))),
    }
}

/// The encoding of a `charset` parameter. GB 2312 and GBK are parts of GB18030.
///
/// # Errors
/// [`FileFault::Charset`] for any other.
pub fn encoding_of(charset: &str) -> Result<Encoding, FileFault> {
    match charset.trim_matches(['"', ' ']).to_ascii_lowercase().as_str() {
        "utf-8" | "utf8" | "us-ascii" | "ascii" => Ok(Encoding::Utf8),
        "gb18030" | "gbk" | "gb2312" | "gb_2312-80" | "cp936" | "x-gbk" => Ok(Encoding::Gb18030),
        other => Err(FileFault::Charset { given: other.chars().take(40).collect() }),
    }
}
