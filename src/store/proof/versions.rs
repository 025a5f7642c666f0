//! What is proved of versions, events, rows and receipts.

use chrono::{DateTime, Utc};
use entity::catalogue::Family;
use uuid::Uuid;

use crate::store::{
    proof::prover::{Part, Prover},
    records::write,
    sql::cell::Cell,
};

/// What a version says, as far as it does not lie in the record before.
#[derive(Clone, Copy, Debug)]
pub struct VersionParts<'a> {
    /// Family.
    pub family: &'a str,
    /// Record.
    pub record: Uuid,
    /// Number.
    pub version: i32,
    /// What was done.
    pub action: &'a str,
    /// Content as JSON.
    pub content: &'a str,
    /// Names of the fields that changed.
    pub changed: &'a str,
    /// Why it was withdrawn.
    pub reason: Option<&'a str>,
    /// Account, department, region and request that wrote it.
    pub author: [&'a str; 4],
    /// When.
    pub at: DateTime<Utc>,
    /// Natural key of the record, which holds department and source system.
    pub reference: &'a str,
    /// What is kept of the row beside its content.
    pub kept: Option<&'a str>,
}

/// What an event says; where it stands in the order is proved by the chain of events.
#[derive(Clone, Copy, Debug)]
pub struct EventParts<'a> {
    /// Family.
    pub family: &'a str,
    /// Record.
    pub record: Uuid,
    /// Version.
    pub version: i32,
    /// `UPSERT` or `WITHDRAWN`.
    pub kind: &'a str,
    /// When.
    pub at: DateTime<Utc>,
    /// Region, department, industry, and region and industry before.
    pub places: [Option<&'a str>; 5],
}

impl Prover {
    /// Digest of a version.
    #[must_use]
    pub fn version(&self, of: &VersionParts<'_>) -> String {
        let [subject, department, region, request] = of.author.map(Part::Text);
        self.tag(
            "version",
            &[
                Part::Text(of.family),
                Part::Id(of.record),
                Part::Number(of.version.into()),
                Part::Text(of.action),
                Part::Text(of.content),
                Part::Text(of.changed),
                Part::May(of.reason),
                subject,
                department,
                region,
                request,
                Part::At(of.at),
                Part::Text(of.reference),
                Part::May(of.kept),
            ],
        )
    }

    /// Digest of an event.
    #[must_use]
    pub fn event(&self, of: &EventParts<'_>) -> String {
        let head =
            [Part::Text(of.family), Part::Id(of.record), Part::Number(of.version.into()), Part::Text(of.kind), Part::At(of.at)];
        self.tag("event", &head.into_iter().chain(of.places.map(Part::May)).collect::<Vec<_>>())
    }

    /// Digest of what a row holds beside the content of its version: fingerprint, findings, columns for links, keyed hashes and
    /// sort keys. It stays when the record is withdrawn or moves.
    #[must_use]
    pub fn kept(
        &self,
        family: &Family,
        (fingerprint, findings): (&str, Option<&str>),
        cells: &[Cell],
        beside: &[Option<String>],
    ) -> String {
        let mut parts = vec![Part::Text(family.table), Part::Text(fingerprint), Part::May(findings)];
        for ((field, cell), beside) in family.fields.iter().zip(cells).zip(beside) {
            if field.hidden {
                parts.extend([Part::Text(field.column), Part::May(cell.as_text())]);
            }
            if let Some(name) = write::beside(field) {
                parts.extend([Part::Text(name), Part::May(beside.as_deref())]);
            }
        }
        self.tag("row beside", &parts)
    }

    /// Digest of a receipt: organisation, key, family, digest of the content, answer, and the request it answered.
    #[must_use]
    pub fn receipt(&self, texts: [&str; 7], at: DateTime<Utc>) -> String {
        self.tag("receipt", &texts.into_iter().map(Part::Text).chain([Part::At(at)]).collect::<Vec<_>>())
    }
}
