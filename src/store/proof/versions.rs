//! What the digests of versions, events, rows and receipts cover.

use chrono::{DateTime, Utc};
use entity::catalogue::Family;
use uuid::Uuid;

use crate::store::{
    proof::prover::{ProofInput, Prover},
    records::write,
    sql::cell::Cell,
};

/// The parts of a version that its digest covers.
#[derive(Clone, Copy, Debug)]
pub struct VersionParts<'a> {
    /// Name of the record family.
    pub family: &'a str,
    /// Identifier of the record.
    pub record: Uuid,
    /// Number of the version, from 1.
    pub version: i32,
    /// `CREATED`, `UPDATED` or `WITHDRAWN`.
    pub action: &'a str,
    /// Content as JSON.
    pub content: &'a str,
    /// Names of the changed fields, as a JSON list.
    pub changed: &'a str,
    /// Reason of a withdrawal.
    pub reason: Option<&'a str>,
    /// Account, department, region and request that wrote it.
    pub author: [&'a str; 4],
    /// When the version was written.
    pub at: DateTime<Utc>,
    /// Natural key of the record, which holds department and source system.
    pub reference: &'a str,
    /// Digest of what the row holds besides its content.
    pub kept: Option<&'a str>,
}

/// The parts of a change event; its place in the order is covered by the chain of events.
#[derive(Clone, Copy, Debug)]
pub struct EventParts<'a> {
    /// Name of the record family.
    pub family: &'a str,
    /// Identifier of the record.
    pub record: Uuid,
    /// Version the record reached with this event.
    pub version: i32,
    /// `UPSERT` or `WITHDRAWN`.
    pub kind: &'a str,
    /// When the change was made, to the microsecond.
    pub at: DateTime<Utc>,
    /// Region, department, industry, and region and industry before.
    pub places: [Option<&'a str>; 5],
}

impl Prover {
    /// Digest of a version.
    #[must_use]
    pub fn version(&self, of: &VersionParts<'_>) -> String {
        let [subject, department, region, request] = of.author.map(ProofInput::Text);
        self.tag(
            "version",
            &[
                ProofInput::Text(of.family),
                ProofInput::Id(of.record),
                ProofInput::Number(of.version.into()),
                ProofInput::Text(of.action),
                ProofInput::Text(of.content),
                ProofInput::Text(of.changed),
                ProofInput::May(of.reason),
                subject,
                department,
                region,
                request,
                ProofInput::At(of.at),
                ProofInput::Text(of.reference),
                ProofInput::May(of.kept),
            ],
        )
    }

    /// Digest of an event.
    #[must_use]
    pub fn event(&self, of: &EventParts<'_>) -> String {
        let head = [
            ProofInput::Text(of.family),
            ProofInput::Id(of.record),
            ProofInput::Number(of.version.into()),
            ProofInput::Text(of.kind),
            ProofInput::At(of.at),
        ];
        self.tag(
            "event",
            &head.into_iter().chain(of.places.map(ProofInput::May)).collect::<Vec<_>>(),
        )
    }

    /// Digest of what a row holds in addition to the content of its version: fingerprint, findings,
    /// columns for links, keyed hashes and sort keys. It does not change when the record is
    /// withdrawn or moves.
    #[must_use]
    pub fn beside_digest(
        &self,
        family: &Family,
        (fingerprint, findings): (&str, Option<&str>),
        cells: &[Cell],
        beside: &[Option<String>],
    ) -> String {
        let mut parts = vec![
            ProofInput::Text(family.table),
            ProofInput::Text(fingerprint),
            ProofInput::May(findings),
        ];
        for ((field, cell), beside) in family.fields.iter().zip(cells).zip(beside) {
            if field.hidden {
                parts.extend([ProofInput::Text(field.column), ProofInput::May(cell.as_text())]);
            }
            if let Some(name) = write::beside(field) {
                parts.extend([ProofInput::Text(name), ProofInput::May(beside.as_deref())]);
            }
        }
        self.tag("row beside", &parts)
    }

    /// Digest of a receipt: organisation, key, family, digest of the content, answer, and the
    /// request it answered.
    #[must_use]
    pub fn receipt(&self, texts: [&str; 7], at: DateTime<Utc>) -> String {
        self.tag(
            "receipt",
            &texts
                .into_iter()
                .map(ProofInput::Text)
                .chain([ProofInput::At(at)])
                .collect::<Vec<_>>(),
        )
    }
}
