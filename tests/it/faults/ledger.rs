//! What a writer knows to be in the store, because it was acknowledged, and what it does not know.

use std::collections::BTreeMap;

use serde_json::Value;

/// A record as it was acknowledged last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub id: String,
    pub version: i64,
    /// A value that every change of the record changes.
    pub mark: i64,
    pub withdrawn: bool,
}

/// A submission that was acknowledged: sent again it has to give the same.
#[derive(Clone, Debug)]
pub struct Receipt {
    pub number: String,
    pub query: String,
    pub variables: Value,
    pub answer: Vec<u8>,
}

/// Rows of one submission of which it is known only that all are there, or of which it is known
/// only that all are there or none, as the writer never asked.
#[derive(Clone, Debug)]
pub struct Together {
    pub numbers: Vec<String>,
    pub mark: i64,
}

/// All that one writer has done.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// Accidents and victims by their number.
    pub records: BTreeMap<String, Known>,
    pub receipts: Vec<Receipt>,
    pub abandoned: Vec<Together>,
    /// Rows of files that were taken: all of them are there.
    pub files: Vec<Together>,
    /// Numbers that were refused: they must not be there.
    pub refused: Vec<String>,
}

impl Ledger {
    /// Writes down what a row became, which has to follow from what it was. Gives what is wrong
    /// with it, if anything is.
    pub fn take(&mut self, number: String, mark: i64, verdict: &Value) -> Option<String> {
        let known = self.records.get(&number);
        let version = verdict["version"].as_i64();
        let id = verdict["id"].as_str().unwrap_or_default().to_owned();
        let follows = match (verdict["outcome"].as_str(), known) {
            (Some("REJECTED"), None) => {
                self.refused.push(number);
                return None;
            }
            (Some("CREATED"), None) => version == Some(1),
            (Some("UPDATED"), Some(known)) => version == Some(known.version + 1) && known.id == id,
            _ => false,
        };
        let wrong = (!follows).then(|| format!("{number} was {known:?} and became {verdict}"));
        self.records.insert(
            number,
            Known { id, version: version.unwrap_or_default(), mark, withdrawn: false },
        );
        wrong
    }

    /// Both.
    pub fn join(&mut self, other: Self) {
        self.records.extend(other.records);
        self.receipts.extend(other.receipts);
        self.abandoned.extend(other.abandoned);
        self.files.extend(other.files);
        self.refused.extend(other.refused);
    }
}
