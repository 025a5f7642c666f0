//! NDJSON: one record per line, with names and values as in a GraphQL answer.

use std::io;

use crate::{
    error::HubError,
    exchange::export::{
        columns::ColumnContent,
        writer::{ExportSheet, ExportWriter, cell},
    },
    store::records::{global_id, json, row::Row},
};

/// Writer for NDJSON: one JSON object per line, in UTF-8.
pub struct Ndjson {
    sheet: ExportSheet,
    /// The bytes before the value of each column.
    before: Vec<Vec<u8>>,
    id: String,
}

impl Ndjson {
    /// A writer for a sheet.
    pub fn new(sheet: ExportSheet) -> Self {
        let before = |(index, name): (usize, String)| {
            // Names in the schema are letters and digits.
            format!("{}\"{name}\":", if index == 0 { '{' } else { ',' }).into_bytes()
        };
        let before = sheet.columns.names().into_iter().enumerate().map(before).collect();
        Self { sheet, before, id: String::new() }
    }
}

impl ExportWriter for Ndjson {
    fn rows(&mut self, rows: &[Row], out: &mut Vec<u8>) -> Result<(), HubError> {
        for row in rows {
            for (before, column) in self.before.iter().zip(&self.sheet.columns.list) {
                out.extend_from_slice(before);
                match column.what {
                    ColumnContent::Id => {
                        self.id.clear();
                        global_id::append(
                            &mut self.id,
                            &self.sheet.seal,
                            self.sheet.family.name,
                            row.id,
                        );
                        json::text_of(out, &self.id);
                    }
                    ColumnContent::Value(place, kind) => json::write(out, kind, cell(row, place)),
                    ColumnContent::Findings(place) => self.sheet.findings(out, cell(row, place)),
                    ColumnContent::Label(place, table) => match self.sheet.label(row, place, table)
                    {
                        Some(label) => json::text_of(out, label),
                        None => out.extend_from_slice(b"null"),
                    },
                }
            }
            out.extend_from_slice(b"}\n");
        }
        Ok(())
    }

    fn finish(self: Box<Self>, _: &mut (dyn io::Write + Send)) -> Result<(), HubError> {
        Ok(())
    }
}
