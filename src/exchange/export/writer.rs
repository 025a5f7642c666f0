//! What the writers of all formats share.

use std::{io, sync::Arc};

use entity::catalogue::{Family, Kind};

use crate::{
    error::{HubError, Language},
    exchange::export::{
        columns::{ColumnContent, ExportColumns},
        format::Style,
    },
    store::{
        records::{json, row::Row},
        reference::Reference,
        seal::Seal,
        sql::cell::Cell,
    },
    submit::verdict::RowRemark,
};

/// Writes records in one format.
pub trait ExportWriter: Send {
    /// Appends records. Some formats write nothing before the end.
    ///
    /// # Errors
    ///
    /// [`HubError::TooComplex`] when the format cannot hold that many.
    fn rows(&mut self, rows: &[Row], out: &mut Vec<u8>) -> Result<(), HubError>;

    /// Writes what remains.
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] when the disk or the receiver of the bytes fails.
    fn finish(self: Box<Self>, out: &mut (dyn io::Write + Send)) -> Result<(), HubError>;
}

/// What the records are, and how their values become text.
pub struct ExportSheet {
    /// Record family of the rows.
    pub family: &'static Family,
    /// Columns in file order, with the fields to read for them.
    pub columns: ExportColumns,
    /// Code tables, for the Chinese names of codes.
    pub reference: Arc<Reference>,
    /// Encrypts the identifiers that clients see.
    pub seal: Seal,
    /// Format and options of the file.
    pub style: Style,
    /// Records a workbook can hold.
    pub most: u32,
}

impl ExportSheet {
    /// Headings of the columns: field names, or Chinese labels if the client asked for them.
    pub fn headings(&self) -> impl Iterator<Item = &str> {
        self.columns.list.iter().map(|column| {
            if self.style.chinese { column.label.as_str() } else { column.name.as_str() }
        })
    }

    /// Chinese name (中文名称) of the code at a place in a row.
    pub fn label(&self, row: &Row, place: usize, table: &str) -> Option<&str> {
        cell(row, place).as_text().and_then(|code| self.reference.label(table, code))
    }

    /// Findings as JSON, as in a GraphQL answer.
    pub fn findings(&self, out: &mut Vec<u8>, cell: &Cell) {
        let list: Vec<RowRemark> =
            cell.as_text().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let english = self.style.language == Language::English;
        out.push(b'[');
        for (index, remark) in list.iter().enumerate() {
            out.extend_from_slice(if index > 0 { b",{\"code\":" } else { b"{\"code\":" });
            json::text_of(out, &remark.code);
            out.extend_from_slice(b",\"field\":");
            match &remark.field {
                Some(field) => json::text_of(out, field),
                None => out.extend_from_slice(b"null"),
            }
            out.extend_from_slice(b",\"message\":");
            json::text_of(out, if english { &remark.en } else { &remark.zh });
            out.push(b'}');
        }
        out.push(b']');
    }

    /// Writes the value of a column as plain text into a buffer; nothing when there is none. Lists
    /// of codes are joined with `|`, the form that submissions accept.
    pub fn plain(&self, out: &mut Vec<u8>, row: &Row, what: ColumnContent) {
        match what {
            ColumnContent::Id => out.extend_from_slice(
                crate::store::records::global_id::global_id(&self.seal, self.family, row.id)
                    .as_bytes(),
            ),
            ColumnContent::Label(place, table) => {
                out.extend_from_slice(self.label(row, place, table).unwrap_or_default().as_bytes())
            }
            ColumnContent::Findings(place) => match cell(row, place) {
                Cell::Null => {}
                own => self.findings(out, own),
            },
            ColumnContent::Value(place, kind) => match (kind, cell(row, place)) {
                (_, Cell::Null | Cell::Sealed(_)) => {}
                (Kind::Codes(_), Cell::Text(list)) => {
                    let codes: Vec<String> = serde_json::from_str(list).unwrap_or_default();
                    out.extend_from_slice(codes.join("|").as_bytes());
                }
                (_, Cell::Text(text)) => out.extend_from_slice(text.as_bytes()),
                (Kind::Money, Cell::Int(fen)) => json::yuan(out, *fen),
                (_, Cell::Int(number)) => {
                    out.extend_from_slice(itoa::Buffer::new().format(*number).as_bytes())
                }
                (_, Cell::Bool(yes)) => {
                    out.extend_from_slice(if *yes { b"true" } else { b"false" })
                }
                (_, Cell::Date(day)) => json::date(out, *day),
                (_, Cell::Instant(at)) => json::instant(out, *at),
            },
        }
    }
}

/// The value at a place of a row.
pub fn cell(row: &Row, place: usize) -> &Cell {
    row.cells.get(place).unwrap_or(&Cell::Null)
}
