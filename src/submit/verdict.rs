//! The verdict on each row, and the answer to the whole submission.

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
    /// Reports what would happen and stores nothing.
    DryRun,
    /// Stores all rows or none.
    Atomic,
    /// Stores the valid rows and rejects the others.
    Partial,
}

/// A fault (the row is rejected) or a finding (the row is kept, but someone should look at it).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowRemark {
    /// Stable code of the rule, such as `CREDIT_CODE_LENGTH`.
    pub code: String,
    /// Name of the field it is about; `None` if it is about the whole row.
    pub field: Option<String>,
    /// Text in Chinese: what is wrong and what to do about it.
    pub zh: String,
    /// The same text in English.
    pub en: String,
}

impl RowRemark {
    /// A remark on a field.
    pub fn new(code: impl Into<String>, field: Option<&str>, text: Text) -> Self {
        Self { code: code.into(), field: field.map(ToOwned::to_owned), zh: text.zh, en: text.en }
    }
}

/// The outcome for a row.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, VariantArray, IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RowOutcome {
    /// A new record was created.
    Created,
    /// The record got a new version.
    Updated,
    /// The record is the same as before; nothing was written.
    Unchanged,
    /// The row was not accepted; the faults say why.
    Rejected,
    /// Left out: a record of another department that came back with an export. Only files have such
    /// rows.
    Skipped,
}

/// The verdict on one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowVerdict {
    /// Place in the submission, from 0.
    pub row: usize,
    /// The outcome for the row.
    pub outcome: RowOutcome,
    /// Identifier of the record, once there is one.
    pub id: Option<Uuid>,
    /// Current version of the record.
    pub version: Option<i32>,
    /// Why it was rejected.
    pub faults: Vec<RowRemark>,
    /// What someone should look at.
    pub findings: Vec<RowRemark>,
}

impl RowVerdict {
    /// Rejects a valid row because others that it was to be kept together with are invalid.
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
    /// How rejected rows were treated.
    pub mode: Mode,
    /// Time at which the rows were accepted, in RFC 3339.
    pub at: String,
    /// SHA-256 of the submitted content.
    pub digest: String,
    /// A verdict for each row, in order.
    pub verdicts: Vec<RowVerdict>,
    /// For a dry run: number of rows that would be created although a record under another number
    /// has the same content.
    #[serde(default, skip_serializing)]
    pub repeated: usize,
    /// By field name, the number of records that lost their value because their row gives none.
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
