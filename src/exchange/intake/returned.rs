//! The rows of a profile's file that come back, in the columns they came in, with reasons: to be
//! mended and sent again.

use std::io::{self, Write};

use crate::{
    error::HubError,
    exchange::intake::{
        chunks::{Chunk, unusable},
        content::{JobContent, Reread},
    },
    import::{profile::Profile, rejects::Rejects, survey::Survey},
    submit::verdict::{RowOutcome, RowVerdict},
};

/// Collects what the hub refused. What the profile refused is found again when the file is written.
#[derive(Debug, Default)]
pub struct Returned(Rejects);

impl Returned {
    /// Adds the refused rows of a chunk.
    pub fn add(&mut self, chunk: &Chunk, verdicts: &[RowVerdict]) {
        for (row, verdict) in chunk.rows.iter().zip(verdicts) {
            if !row.faults.is_empty() || verdict.outcome != RowOutcome::Rejected {
                continue;
            }
            for fault in &verdict.faults {
                self.0.add_record(
                    &row.lines,
                    chunk.family.name,
                    fault.field.as_deref(),
                    &fault.code,
                    &fault.zh,
                    &fault.en,
                );
            }
        }
    }

    /// Writes them where `open` leads to, if there are any. Returns how many lines come back.
    ///
    /// # Errors
    ///
    /// [`HubError::Invalid`] when the file is not what it was; [`HubError::Internal`] when it
    /// cannot be written.
    pub fn write<W: Write>(
        self,
        profile: &Profile,
        (content, leave_hidden): (&dyn JobContent, bool),
        open: impl FnOnce() -> io::Result<W>,
    ) -> Result<u64, HubError> {
        let source = Reread { content, leave_hidden };
        let survey = Survey::new(profile, &source).map_err(unusable)?;
        let mut rejects = Rejects::from_survey(&survey);
        rejects.take(self.0);
        if rejects.is_empty() {
            return Ok(0);
        }
        let out = open().map_err(HubError::internal)?;
        rejects.write(&survey, &source, out).map_err(unusable)
    }
}
