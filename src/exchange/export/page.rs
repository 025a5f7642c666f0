//! Pages of an export: from rows of the database to bytes, with the audit entries that must be
//! durable before the bytes leave.

use std::{io, sync::Arc};

use crate::{
    audit::{
        collector::{Collector, Noted},
        entry::Entry,
    },
    authz::scope::Scope,
    error::{HubError, Text},
    exchange::export::writer::ExportWriter,
    services::Services,
    store::records::pages::{Fetched, RowDecoder},
};

/// Turns pages into bytes and audit entries.
pub struct Pager {
    /// Database, keys and catalogue of the hub.
    pub services: Arc<Services>,
    /// Turns rows of the database into records.
    pub form: RowDecoder,
    /// Scope the records are read under.
    pub scope: Arc<Scope>,
    /// Turns records into bytes.
    pub writer: Box<dyn ExportWriter>,
    /// The parts that every audit entry of this export shares.
    pub entry: Entry,
    /// Fields the condition depends on; recorded in the first entry.
    pub asked: Collector,
    /// Records allowed at most; `None` for no limit.
    pub most: Option<u64>,
    /// Records written so far.
    pub count: u64,
    /// Whether the first entry has been made.
    pub begun: bool,
}

/// A page that waits for its audit entry.
pub struct ExportPage {
    /// The page in the format of the export, not yet compressed.
    pub bytes: Vec<u8>,
    /// Entry that must be durable before the bytes leave; `None` when the page needs none.
    pub entry: Option<Entry>,
}

impl Pager {
    /// Turns fetched rows into a page.
    ///
    /// # Errors
    ///
    /// [`HubError::TooComplex`] when there are more records than one request may show or the format
    /// can hold.
    pub fn page(&mut self, fetched: &Fetched) -> Result<ExportPage, HubError> {
        let rows = self.services.reader().records(&self.form, fetched)?;
        self.count += rows.len() as u64;
        if let Some(most) = self.most.filter(|most| self.count > *most) {
            return Err(HubError::TooComplex(Text::new(
                format!(
                    "个案用途一次最多查看 {most} 条个人信息。请用 where 缩小范围，或用 fields 去掉个人信息。"
                ),
                format!(
                    "A case purpose shows at most {most} personal records at a time. Narrow `where`, or leave personal fields out."
                ),
            )));
        }
        let collector = std::mem::take(&mut self.asked);
        let family = self.scope.family().name;
        collector.note(
            family,
            rows.iter().map(|row| Noted {
                id: row.id,
                department: &row.department,
                region: &row.region,
                classes: row.shown,
            }),
        );
        // An export is always recorded by an entry of its own, whatever it contained.
        let entry = (!self.begun || !collector.is_empty()).then(|| {
            let mut entry = self.entry.clone();
            collector.drain_into(&mut entry);
            entry
        });
        self.begun = true;
        let mut bytes = Vec::with_capacity(rows.len() * 512);
        self.writer.rows(&rows, &mut bytes)?;
        Ok(ExportPage { bytes, entry })
    }

    /// Writes what remains after the last page.
    ///
    /// # Errors
    ///
    /// What the writer says.
    pub fn finish(self, out: &mut (dyn io::Write + Send)) -> Result<(), HubError> {
        self.writer.finish(out)
    }
}
