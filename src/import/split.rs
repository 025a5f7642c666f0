//! Splits a record into cells by RFC 4180, line by line.
//!
//! The `csv` crate is used for writing only. When reading, it would treat an unclosed quote as the
//! start of a cell that extends to the end of the file; [`crate::import::reader`] has to notice
//! that the quote is still open, reject that line alone and continue with the next.

/// Takes the lines of one record, one after the other.
#[derive(Debug, Default)]
pub struct Splitter {
    delimiter: char,
    cells: Vec<String>,
    cell: String,
    quoted: bool,
    closed: bool,
    stray: bool,
}

impl Splitter {
    /// Starts a record.
    #[must_use]
    pub fn new(delimiter: char) -> Self {
        Self { delimiter, ..Self::default() }
    }

    /// Takes a line. A quote opens a cell only at its beginning; elsewhere it is text.
    pub fn feed(&mut self, line: &str) {
        if self.quoted {
            self.cell.push('\n');
        }
        let (mut rest, mut at_start) = (line, !self.quoted);
        loop {
            if self.quoted {
                let Some((text, behind)) = rest.split_once('"') else { break };
                self.cell.push_str(text);
                rest = behind;
                if let Some(behind) = rest.strip_prefix('"') {
                    self.cell.push('"');
                    rest = behind;
                } else {
                    (self.quoted, self.closed) = (false, true);
                }
            } else if let Some(behind) = rest.strip_prefix('"').filter(|_| at_start) {
                (self.quoted, rest) = (true, behind);
            } else {
                let Some((text, behind)) = rest.split_once(self.delimiter) else { break };
                self.stray |= self.closed && !text.is_empty();
                self.cell.push_str(text);
                self.cells.push(std::mem::take(&mut self.cell));
                (self.closed, at_start, rest) = (false, true, behind);
                continue;
            }
            at_start = false;
        }
        self.stray |= self.closed && !rest.is_empty();
        self.cell.push_str(rest);
    }

    /// A quoted cell is still open: the record continues on the next line, or is broken.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.quoted
    }

    /// Text follows a closing quote: quotes inside the cell were not doubled, or an unclosed quote
    /// met that of another cell.
    #[must_use]
    pub fn is_stray(&self) -> bool {
        self.stray
    }

    /// The cells of the record; call it once the record is complete.
    #[must_use]
    pub fn finish(mut self) -> Vec<String> {
        self.cells.push(self.cell);
        self.cells
    }
}

/// Splits at every delimiter and treats quotes as text, to show a line with a broken quote to the
/// person who corrects it.
#[must_use]
pub fn split_plain(text: &str, delimiter: char) -> Vec<String> {
    text.split(delimiter).map(str::to_owned).collect()
}
