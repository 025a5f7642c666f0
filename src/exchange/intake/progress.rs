//! What became of the rows so far, and the digest of those that were taken.
//!
//! The digest can be made again by whoever sent the file: it begins as 32 zero bytes, and for each
//! row that was taken (created, updated or unchanged), in the order of the file, becomes the
//! SHA-256 of itself and of the row as JSON with sorted names and no blanks.

use sha2::{Digest, Sha256};

use crate::{
    error::HubError,
    exchange::intake::chunks::Handed,
    store::exchange::jobs::JobProgress,
    submit::verdict::{RowOutcome, RowVerdict},
};

/// Counts a chunk, whose verdicts stand in the order of its rows.
///
/// # Errors
///
/// [`HubError::Internal`] when the digest so far is none.
pub fn count(
    progress: &mut JobProgress,
    rows: &[Handed],
    verdicts: &[RowVerdict],
) -> Result<(), HubError> {
    let mut digest = opened(&progress.accepted)?;
    for (row, verdict) in rows.iter().zip(verdicts) {
        progress.rows += 1;
        match verdict.outcome {
            RowOutcome::Created => progress.created += 1,
            RowOutcome::Updated => progress.updated += 1,
            RowOutcome::Unchanged => progress.unchanged += 1,
            RowOutcome::Rejected => progress.rejected += 1,
            RowOutcome::Skipped => progress.skipped += 1,
        }
        if matches!(
            verdict.outcome,
            RowOutcome::Created | RowOutcome::Updated | RowOutcome::Unchanged
        ) {
            let mut hasher = Sha256::new_with_prefix(digest);
            hasher.update(serde_json::to_vec(&row.values).map_err(HubError::internal)?);
            digest = hasher.finalize().into();
        }
    }
    progress.accepted = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    progress.chunks += 1;
    Ok(())
}

fn opened(text: &str) -> Result<[u8; 32], HubError> {
    let mut digest = [0; 32];
    if text.is_empty() {
        return Ok(digest);
    }
    for (index, byte) in digest.iter_mut().enumerate() {
        let pair = text
            .get(index * 2..index * 2 + 2)
            .ok_or_else(|| HubError::internal("a digest is too short"))?;
        *byte = u8::from_str_radix(pair, 16).map_err(HubError::internal)?;
    }
    Ok(digest)
}
