//! The parts of a profile as they are written in TOML. What they may say together is checked in
//! [`crate::import::validate`].

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Value;

use super::cell_spec::{Controls, Pad};
use super::condition::ColumnCondition;
use super::field_spec::{FieldSpec, Take};

/// Name of the built-in rule that skips rows without any text.
pub const BLANK_ROW: &str = "blank-row";

/// A scalar of the profile as JSON; other kinds do not pass the check.
pub(super) fn json(value: &Value) -> serde_json::Value {
    match value {
        Value::String(text) => text.as_str().into(),
        Value::Integer(number) => (*number).into(),
        Value::Boolean(truth) => (*truth).into(),
        _ => serde_json::Value::Null,
    }
}

/// The file as written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileFile {
    pub(super) profile: HeadSpec,
    #[serde(default)]
    pub(super) clean: BTreeMap<String, Clean>,
    #[serde(default, rename = "derive")]
    pub(super) derived: Vec<Derived>,
    #[serde(default, rename = "skip")]
    pub(super) skips: Vec<SkipRule>,
    #[serde(default, rename = "reject")]
    pub(super) refusals: Vec<RejectRule>,
    #[serde(rename = "output")]
    pub(super) outputs: Vec<Output>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HeadSpec {
    pub name: String,
    pub description: String,
    pub encoding: EncodingName,
    pub source_system: String,
    #[serde(default = "comma")]
    pub delimiter: String,
    /// `+08:00`; the zone of the local times of the source.
    pub timezone_offset: Option<String>,
    /// Texts that stand for an empty cell, in every column.
    #[serde(default)]
    pub empty: Vec<String>,
    /// What becomes of control characters, which are refused otherwise, in every column.
    pub controls: Option<Controls>,
    /// Lines above the headings. Not given: the headings are looked for.
    pub skip_lines: Option<u64>,
    /// Lines that the headings take.
    #[serde(default = "one")]
    pub head_lines: usize,
    /// Sheet of a workbook. Not given: the one that has most of the columns.
    pub sheet: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) enum EncodingName {
    #[serde(rename = "utf-8")]
    Utf8,
    #[serde(rename = "gb18030")]
    Gb18030,
    #[serde(rename = "auto")]
    Auto,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Clean {
    #[serde(default)]
    pub empty: Vec<String>,
    /// Texts that others take the place of, wherever they stand in the cell.
    #[serde(default)]
    pub replace: BTreeMap<String, String>,
    pub controls: Option<Controls>,
    pub pad_left: Option<Pad>,
    /// Formats of a day, which is then written `YYYY-MM-DD`; an empty list means the forms the hub
    /// reads everywhere.
    pub date: Option<Vec<String>>,
}

/// A column computed from others: the first case that holds gives it its value, or else it is
/// empty.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Derived {
    pub name: String,
    pub cases: Vec<CaseSpec>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseSpec {
    #[serde(default)]
    pub when: ColumnCondition,
    pub value: Option<String>,
    pub column: Option<String>,
    /// The first of these columns that is not empty.
    pub first_of: Option<Vec<String>>,
    /// The least of these columns: the earliest day or instant, the smallest number. Empty cells do
    /// not count.
    pub min: Option<Vec<String>>,
    /// The greatest of these columns; empty cells do not count.
    pub max: Option<Vec<String>>,
}

impl CaseSpec {
    /// The columns it takes its value from.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        let several = [&self.first_of, &self.min, &self.max].into_iter().flatten().flatten();
        self.column.iter().chain(several).map(String::as_str)
    }

    /// How many things are said to give the value; one is right.
    pub fn sources(&self) -> usize {
        let several = [&self.first_of, &self.min, &self.max].into_iter().flatten();
        usize::from(self.value.is_some()) + usize::from(self.column.is_some()) + several.count()
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SkipRule {
    pub name: String,
    pub when: ColumnCondition,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RejectRule {
    pub name: String,
    pub when: ColumnCondition,
    pub family: Option<String>,
    pub field: Option<String>,
    pub message_zh: String,
    pub message_en: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Output {
    pub family: String,
    pub key: KeySpec,
    #[serde(default)]
    pub when: ColumnCondition,
    pub fields: BTreeMap<String, FieldSpec>,
}

impl Output {
    /// Whether its records are counted short when one of their rows is missing.
    pub fn is_counted(&self) -> bool {
        self.fields
            .values()
            .any(|field| field.count_when.is_some() || matches!(field.take, Take::Sum))
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeySpec {
    pub field: String,
    /// Family of an output above, whose key comes first.
    pub under: Option<String>,
    #[serde(default)]
    pub compose: Vec<String>,
    /// Columns whose content, digested, ends the key: a number that does not move when another row
    /// is added or taken away.
    #[serde(default)]
    pub content: Vec<String>,
    #[serde(default = "dash")]
    pub separator: String,
    #[serde(default)]
    pub on_collision: Collision,
    /// With `merge`: rows with the same key are one record only if they agree in these columns too.
    #[serde(default)]
    pub same: Vec<String>,
    /// With `merge`: a row that does not fulfil this is a record of its own, whatever its key.
    pub merge_when: Option<ColumnCondition>,
}

/// What becomes of a second row with the same key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Collision {
    /// It is rejected.
    #[default]
    Reject,
    /// It belongs to the same record.
    Merge,
    /// It is another record: `#2`, `#3` … is added to its key.
    Ordinal,
    /// As `ordinal`, but the first has `#1`.
    OrdinalAlways,
}

fn comma() -> String {
    ",".into()
}

const fn one() -> usize {
    1
}

fn dash() -> String {
    "-".into()
}
