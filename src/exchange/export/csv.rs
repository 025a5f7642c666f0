//! CSV according to RFC 4180: a heading line, then one record per line. UTF-8 begins with a byte
//! order mark; without it Excel assumes another encoding.
//!
//! Spreadsheets treat a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return as a
//! formula, quoted or not. Such texts, and texts that begin with an apostrophe, are prefixed with
//! an apostrophe: removing one leading apostrophe from every cell restores the values. Numbers and
//! dates are left as they are.

use std::io;

use encoding_rs::GB18030;
use entity::catalogue::Kind;

use crate::{
    error::HubError,
    exchange::{
        export::{
            columns::ColumnContent,
            writer::{ExportSheet, ExportWriter},
        },
        format::formula::is_formula,
    },
    store::records::row::Row,
};

/// Writer for CSV: in UTF-8 with a byte order mark, or in GB 18030.
pub struct Csv {
    sheet: ExportSheet,
    begun: bool,
    cell: Vec<u8>,
}

impl Csv {
    /// A writer for a sheet.
    pub fn new(sheet: ExportSheet) -> Self {
        Self { sheet, begun: false, cell: Vec::new() }
    }

    fn head(&mut self, out: &mut Vec<u8>) {
        if !self.sheet.style.gb18030 {
            out.extend_from_slice("\u{FEFF}".as_bytes());
        }
        for (index, heading) in self.sheet.headings().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            quoted(out, heading.as_bytes());
        }
        out.extend_from_slice(b"\r\n");
    }

    fn lines(&mut self, rows: &[Row], out: &mut Vec<u8>) {
        for row in rows {
            for (index, column) in self.sheet.columns.list.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                self.cell.clear();
                self.sheet.plain(&mut self.cell, row, column.what);
                if is_text(column.what) && is_formula(&self.cell) {
                    self.cell.insert(0, b'\'');
                }
                quoted(out, &self.cell);
            }
            out.extend_from_slice(b"\r\n");
        }
    }
}

impl ExportWriter for Csv {
    fn rows(&mut self, rows: &[Row], out: &mut Vec<u8>) -> Result<(), HubError> {
        let from = out.len();
        if !self.begun {
            self.begun = true;
            self.head(out);
        }
        self.lines(rows, out);
        if self.sheet.style.gb18030 {
            let text = String::from_utf8(out.split_off(from)).map_err(HubError::internal)?;
            // GB 18030 can encode every character.
            out.extend_from_slice(&GB18030.encode(&text).0);
        }
        Ok(())
    }

    fn finish(self: Box<Self>, _: &mut (dyn io::Write + Send)) -> Result<(), HubError> {
        Ok(())
    }
}

fn is_text(what: ColumnContent) -> bool {
    matches!(
        what,
        ColumnContent::Value(_, Kind::Text | Kind::Code(_) | Kind::Codes(_))
            | ColumnContent::Label(..)
    )
}

fn quoted(out: &mut Vec<u8>, cell: &[u8]) {
    let special = |byte: &u8| matches!(byte, b',' | b'"' | b'\r' | b'\n');
    let padded =
        matches!((cell.first(), cell.last()), (Some(b' ' | b'\t'), _) | (_, Some(b' ' | b'\t')));
    if !padded && !cell.iter().any(special) {
        out.extend_from_slice(cell);
        return;
    }
    out.push(b'"');
    for byte in cell {
        if *byte == b'"' {
            out.push(b'"');
        }
        out.push(*byte);
    }
    out.push(b'"');
}
