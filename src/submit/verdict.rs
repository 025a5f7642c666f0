//! What became of each row, and of the whole submission.

use std::collections::BTreeMap;
use strum::{IntoStaticStr, VariantArray};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Text;

/// How a submission treats rows that are rejected.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, VariantArray, IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Mode {
    /// Says what would happen and keeps nothing.
    DryRun,
    /// All rows or none.
    Atomic,
    /// The rows that hold; the others are rejected.
    Partial,
}

/// A fault (the row is rejected) or a finding (it is kept, someone should look).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowRemark {
    /// Stable code.
    pub code: String,
    /// Field it is about.
    pub field: Option<String>,
    /// 中文。
    pub zh: String,
    /// English.
    pub en: String,
}

impl RowRemark {
    /// A remark on a field.
    pub fn new(code: impl Into<String>, field: Option<&str>, text: Text) -> Self {
        Self { code: code.into(), field: field.map(ToOwned::to_owned), zh: text.zh, en: text.en }
    }
}

/// What became of a row.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, VariantArray, IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RowOutcome {
    /// New.
    Created,
    /// A new version.
    Updated,
    /// The same as before; nothing was written.
    Unchanged,
    /// Not taken; the faults say why.
    Rejected,
    /// Left out: a record of somebody else that came back with an export. Only files have such
    /// rows.
    Skipped,
}

/// The verdict on one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowVerdict {
    /// Place in the submission, from 0.
    pub row: usize,
    /// What became of it.
    pub outcome: RowOutcome,
    /// Record, once it has one.
    pub id: Option<Uuid>,
    /// Version it has now.
    pub version: Option<i32>,
    /// Why it was rejected.
    pub faults: Vec<RowRemark>,
    /// What someone should look at.
    pub findings: Vec<RowRemark>,
}

impl RowVerdict {
    /// The row holds, but others it was to be kept together with do not.
    pub fn void(&mut self) {
        if matches!(self.outcome, RowOutcome::Rejected | RowOutcome::Skipped) {
            return;
        }
        let text = Text::new(
            "本行无误，但同批其他行被拒绝，整批未入库。",
            "This row holds, but others do not and the mode takes all or none.",
        );
        self.outcome = RowOutcome::Rejected;
        self.id = None;
        self.version = None;
        self.faults.push(RowRemark::new("NOT_APPLIED", None, text));
    }
}

/// The answer to a submission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Identifier of the receipt.
    pub receipt: Uuid,
    /// Mode.
    pub mode: Mode,
    /// Instant the rows were taken, RFC 3339.
    pub at: String,
    /// SHA-256 of the submitted content.
    pub digest: String,
    /// A verdict for each row, in order.
    pub verdicts: Vec<RowVerdict>,
    /// Of a trial: so many rows would be created though a record says the same under another
    /// number.
    #[serde(default, skip_serializing)]
    pub repeated: usize,
    /// How many records had a value of a field that their rows do not give, and have none now; by
    /// the name of the field.
    #[serde(default, skip_serializing)]
    pub cleared: BTreeMap<String, usize>,
}

impl Answer {
    /// Number of rows with an outcome.
    #[must_use]
    pub fn count(&self, outcome: RowOutcome) -> usize {
        self.verdicts.iter().filter(|verdict| verdict.outcome == outcome).count()
    }
}
