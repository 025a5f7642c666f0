//! The link between entries: each holds a keyed digest of its own content, of whose data it is
//! about, and of the link before, so that no entry can be changed, left out or put in by anybody
//! who lacks the key. Entries from before there was a key hold the SHA-256 of their content and the
//! link before.

use chrono::DateTime;
use sha2::{Digest, Sha256};

use crate::{
    audit::entry::Entry,
    store::{
        audit::{Linked, Owners},
        proof::prover::{ProofInput, Prover},
    },
};

/// Link before the first entry.
pub const START: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The linked parts of a new entry.
#[must_use]
pub fn linked(seq: i64, entry: &Entry) -> Linked {
    let shown = serde_json::to_string(&entry.shown).unwrap_or_default();
    Linked {
        seq,
        at: DateTime::from_timestamp_micros(entry.at.timestamp_micros()).unwrap_or(entry.at),
        words: [
            entry.subject.clone(),
            entry.department.clone(),
            entry.region.clone(),
            entry.roles.clone(),
            entry.purpose.clone(),
            entry.ticket.clone().unwrap_or_default(),
            entry.operation.clone(),
            entry.document_hash.clone(),
            shown,
            entry.outcome.clone(),
            entry.request.clone(),
        ],
        written: [entry.written.versions, entry.written.receipts],
    }
}

/// The link of an entry after the one before.
#[must_use]
pub fn link(prover: &Prover, parts: &Linked, owners: &Owners, previous: &str) -> String {
    let mut all =
        vec![ProofInput::Text(previous), ProofInput::Number(parts.seq), ProofInput::At(parts.at)];
    all.extend(parts.words.iter().map(|word| ProofInput::Text(word)));
    all.extend(parts.written.map(ProofInput::Number));
    for ((family, department, region), records) in owners {
        all.extend([family, department, region].map(|word| ProofInput::Text(word)));
        all.push(ProofInput::Number((*records).into()));
    }
    prover.link("audit", &all)
}

/// The link of an entry from before there was a key.
#[must_use]
pub fn plain(parts: &Linked, previous: &str) -> String {
    let mut digest = Sha256::new();
    let mut part = |text: &str| {
        digest.update((text.len() as u64).to_be_bytes());
        digest.update(text.as_bytes());
    };
    part(previous);
    part(&parts.seq.to_string());
    part(&parts.at.timestamp_micros().to_string());
    parts.words.iter().for_each(|word| part(word));
    format!("{:x}", digest.finalize())
}
