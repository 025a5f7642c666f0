//! Pages of an export: from what the database gave to bytes, and what the audit log must know
//! before they leave.

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

/// Makes bytes and audit entries of pages.
pub struct Pager {
    /// The hub.
    pub services: Arc<Services>,
    /// How rows become records.
    pub form: RowDecoder,
    /// Under which scope.
    pub scope: Arc<Scope>,
    /// How records become bytes.
    pub writer: Box<dyn ExportWriter>,
    /// What every entry of this export says.
    pub entry: Entry,
    /// What the condition asks about; the first entry says so.
    pub asked: Collector,
    /// Records at most.
    pub most: Option<u64>,
    /// Records so far.
    pub count: u64,
    /// Whether the first entry was made.
    pub begun: bool,
}

/// A page that waits for its entry.
pub struct ExportPage {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What must be durable before they leave.
    pub entry: Option<Entry>,
}

impl Pager {
    /// The page of fetched rows.
    ///
    /// # Errors
    ///
    /// [`HubError::TooComplex`] when there are more records than one request may show or the format
    /// holds.
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
        // That something was exported is an entry of its own account, whatever was in it.
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

    /// What is left when all pages were made.
    ///
    /// # Errors
    ///
    /// What the writer says.
    pub fn finish(self, out: &mut (dyn io::Write + Send)) -> Result<(), HubError> {
        self.writer.finish(out)
    }
}
