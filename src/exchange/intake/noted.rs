//! What the answers to all chunks of a file say together, for its report.

use std::collections::BTreeMap;

use entity::catalogue::Family;

use crate::{
    error::HubError, exchange::format::report::Report, store::exchange::jobs::JobProgress,
    submit::verdict::Answer,
};

/// Collected answer by answer.
#[derive(Debug, Default)]
pub(super) struct NotedSoFar {
    /// Rows that would be created though a record says the same under another number.
    repeated: u64,
    /// Records that lost the value of a field, by its label.
    cleared: BTreeMap<String, u64>,
}

impl NotedSoFar {
    /// Adds an answer.
    pub(super) fn add(&mut self, family: &Family, answer: &Answer) {
        let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        self.repeated += number(answer.repeated);
        for (name, count) in &answer.cleared {
            let label = family.field(name).map_or(name.as_str(), |field| field.label);
            *self.cleared.entry(label.to_owned()).or_default() += number(*count);
        }
    }

    /// Writes it into the report so far. Rows that are new by their number only are said where they
    /// are most of the new ones.
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] when the report so far is none.
    pub(super) fn write(&self, progress: &mut JobProgress) -> Result<(), HubError> {
        if self.repeated == 0 && self.cleared.is_empty() {
            return Ok(());
        }
        let mut report: Report = match progress.reading.as_str() {
            "" => Report::default(),
            text => serde_json::from_str(text).map_err(HubError::internal)?,
        };
        let created = u64::try_from(progress.created).unwrap_or_default();
        report.repeated = if self.repeated.saturating_mul(2) > created { self.repeated } else { 0 };
        report.cleared.clone_from(&self.cleared);
        progress.reading = if report == Report::default() {
            String::new()
        } else {
            serde_json::to_string(&report).map_err(HubError::internal)?
        };
        Ok(())
    }
}
