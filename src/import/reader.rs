//! Records of delimited text, each with the line where it starts; a broken one is returned with a
//! fault, and reading continues after it.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader, Read};

use super::encoding::Encoding;
use super::error::ImportError;
use super::problem::{RowProblem, Unread};
use super::split::{Splitter, split_plain};

/// Byte-order mark of UTF-8.
pub const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";
/// Bytes of a line, and of a record over several lines, at most; the rest of a longer line is
/// dropped and reported.
pub const MAX_RECORD_BYTES: usize = 1 << 20;
/// Lines a quoted cell may span at most; beyond that its quote counts as broken.
const MAX_RECORD_LINES: usize = 200;

/// One line of a file, without its end.
pub struct RawLine {
    /// Its bytes, at most [`MAX_RECORD_BYTES`].
    pub bytes: Vec<u8>,
    /// Whether bytes were dropped.
    pub cut: bool,
}

/// Reads lines in bounded memory.
pub struct LineReader<'s> {
    inner: BufReader<Box<dyn Read + Send + 's>>,
    encoding: Encoding,
    number: u64,
    /// Last byte of a line end, taken from the first line; in old files a carriage return alone.
    end: u8,
}

struct SourceLine {
    number: u64,
    text: String,
    fault: Option<RowProblem>,
}

impl<'s> LineReader<'s> {
    /// Starts at the first line.
    #[must_use]
    pub fn new(reader: Box<dyn Read + Send + 's>, encoding: Encoding) -> Self {
        Self { inner: BufReader::with_capacity(1 << 16, reader), encoding, number: 0, end: b'\n' }
    }

    /// The next line as bytes, with the mark still on the first.
    ///
    /// # Errors
    /// [`ImportError::Io`]; [`ImportError::Utf16`] on the first line.
    pub fn next_raw(&mut self) -> Result<Option<RawLine>, ImportError> {
        let (mut bytes, mut cut, mut any) = (Vec::new(), false, false);
        // Whether a carriage return outside of quotes was the last byte of the piece before.
        let (mut quoted, mut returned) = (false, false);
        loop {
            let available = self.inner.fill_buf()?;
            if available.is_empty() {
                break;
            }
            any = true;
            if self.number == 0 && self.end == b'\n' {
                for byte in available {
                    if std::mem::take(&mut returned) && *byte != b'\n' {
                        self.end = b'\r';
                    }
                    quoted ^= *byte == b'"';
                    returned = *byte == b'\r' && !quoted;
                    if *byte == b'\n' || self.end == b'\r' {
                        break;
                    }
                }
            }
            let sign = self.end;
            if sign == b'\r' && bytes.last() == Some(&b'\r') {
                // It was the last byte of the piece before.
                break;
            }
            let end = available.iter().position(|byte| *byte == sign);
            let taken = end.unwrap_or(available.len());
            let kept = taken.min(MAX_RECORD_BYTES - bytes.len());
            cut |= kept < taken;
            bytes.extend_from_slice(available.get(..kept).unwrap_or(available));
            self.inner.consume(taken + usize::from(end.is_some()));
            if end.is_some() {
                break;
            }
        }
        if !any {
            return Ok(None);
        }
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
        self.number += 1;
        if self.number == 1 && (bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff")) {
            return Err(ImportError::Utf16);
        }
        Ok(Some(RawLine { bytes, cut }))
    }

    fn next_line(&mut self) -> Result<Option<SourceLine>, ImportError> {
        let Some(raw) = self.next_raw()? else { return Ok(None) };
        let bytes = match self.number {
            1 => raw.bytes.strip_prefix(UTF8_MARK).unwrap_or(&raw.bytes),
            _ => &raw.bytes,
        };
        let (text, valid) = self.encoding.decode(bytes);
        let fault = match (raw.cut, valid) {
            (true, _) => Some(RowProblem::LineTooLong),
            (_, false) => Some(RowProblem::EncodingInvalid { encoding: self.encoding.name() }),
            _ => None,
        };
        Ok(Some(SourceLine { number: self.number, text, fault }))
    }
}

/// A record as read: its cells, or why it cannot be used.
#[derive(Debug, Clone)]
pub struct CsvRecord {
    /// Line where it starts; the header is line 1.
    pub line: u64,
    /// Its cells; of a faulty record as far as they could be read.
    pub cells: Vec<String>,
    /// Why it cannot be used.
    pub fault: Option<RowProblem>,
    /// Cells of a workbook without a usable value, by column index.
    pub unread: Vec<(usize, Unread)>,
}

impl CsvRecord {
    /// A short digest of where and what it is, to notice that a file changed between two passes.
    #[must_use]
    pub fn digest(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.line, &self.cells).hash(&mut hasher);
        hasher.finish()
    }

    /// Whether all its cells are blank, as in the empty rows that spreadsheets leave at the end.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        let whole = matches!(self.fault, None | Some(RowProblem::Ragged { .. }));
        whole && self.unread.is_empty() && self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// Reads the records of delimited text one by one; faulty ones are returned as such.
pub struct RecordReader<'s> {
    lines: LineReader<'s>,
    delimiter: char,
    width: usize,
    pending: VecDeque<SourceLine>,
}

impl<'s> RecordReader<'s> {
    /// Starts at the first line, whatever it contains; records may have any number of cells.
    #[must_use]
    pub fn open(reader: Box<dyn Read + Send + 's>, encoding: Encoding, delimiter: char) -> Self {
        let lines = LineReader::new(reader, encoding);
        Self { lines, delimiter, width: 0, pending: VecDeque::new() }
    }

    /// Sets the number of cells that the following records must have.
    pub const fn expect(&mut self, width: usize) {
        self.width = width;
    }

    /// The next record, good or faulty; none at the end.
    ///
    /// # Errors
    /// [`ImportError::Io`].
    #[expect(
        clippy::should_implement_trait,
        reason = "an error ends the reading; a caller would loop on an iterator"
    )]
    pub fn next(&mut self) -> Result<Option<CsvRecord>, ImportError> {
        let Some(first) = self.line()? else { return Ok(None) };
        let mut record = self.split(&first.text);
        if first.fault.is_some() {
            return Ok(Some(CsvRecord {
                line: first.number,
                cells: record.finish(),
                fault: first.fault,
                unread: Vec::new(),
            }));
        }
        let (mut taken, mut bytes) = (Vec::new(), first.text.len());
        while record.is_open()
            && !record.is_stray()
            && taken.len() < MAX_RECORD_LINES
            && bytes < MAX_RECORD_BYTES
        {
            match self.line()? {
                Some(line) if line.fault.is_none() => {
                    record.feed(&line.text);
                    bytes += line.text.len();
                    taken.push(line);
                }
                other => {
                    self.pending.extend(other);
                    break;
                }
            }
        }
        if !record.is_open() && !record.is_stray() {
            let cells = record.finish();
            if taken.is_empty() || cells.len() == self.width || !self.swallowed(&taken) {
                return Ok(Some(self.checked(first.number, cells)));
            }
        }
        for line in taken.into_iter().rev() {
            self.pending.push_front(line);
        }
        let cells = split_plain(&first.text, self.delimiter);
        Ok(Some(CsvRecord {
            line: first.number,
            cells,
            fault: Some(RowProblem::QuoteUnbalanced),
            unread: Vec::new(),
        }))
    }

    fn split(&self, text: &str) -> Splitter {
        let mut splitter = Splitter::new(self.delimiter);
        splitter.feed(text);
        splitter
    }

    /// Whether a record over several lines that has the wrong number of cells ate other rows: one
    /// of its later lines alone has the right number.
    fn swallowed(&self, taken: &[SourceLine]) -> bool {
        let whole = |line: &SourceLine| {
            let alone = self.split(&line.text);
            !alone.is_open() && !alone.is_stray() && alone.finish().len() == self.width
        };
        self.width > 1 && taken.iter().any(whole)
    }

    /// Trailing empty cells beyond the header are dropped: spreadsheets leave them.
    fn checked(&self, line: u64, mut cells: Vec<String>) -> CsvRecord {
        while self.width > 0
            && cells.len() > self.width
            && cells.last().is_some_and(|cell| cell.trim().is_empty())
        {
            cells.pop();
        }
        let ragged = self.width > 0 && cells.len() != self.width;
        let fault =
            ragged.then_some(RowProblem::Ragged { expected: self.width, found: cells.len() });
        CsvRecord { line, cells, fault, unread: Vec::new() }
    }

    fn line(&mut self) -> Result<Option<SourceLine>, ImportError> {
        match self.pending.pop_front() {
            Some(line) => Ok(Some(line)),
            None => self.lines.next_line(),
        }
    }
}
