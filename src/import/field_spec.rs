//! The part of a profile that says where the value of a field comes from.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Value;

use super::cell_spec::{NumberSpec, Pad, TimeFormat};
use super::condition::ColumnCondition;

/// Where the value of a field comes from and what is done to it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldSpec {
    pub column: Option<String>,
    pub constant: Option<Value>,
    /// Family of an output above, whose key of the same row this is.
    pub key_of: Option<String>,
    /// How many rows of the record fulfil this.
    pub count_when: Option<ColumnCondition>,
    #[serde(default)]
    pub empty: Vec<String>,
    pub pad_left: Option<Pad>,
    pub map: Option<BTreeMap<String, Value>>,
    /// Value where the map has none.
    pub otherwise: Option<Value>,
    /// Value where the cell is empty.
    pub when_empty: Option<Value>,
    pub number: Option<NumberSpec>,
    /// Formats of a day (chrono); an empty list means the forms the hub reads everywhere.
    pub date: Option<Vec<String>>,
    /// With `date`: the time of day from another column, which makes it an instant.
    pub time: Option<TimeSpec>,
    /// Formats of day and time in one column.
    pub instant: Option<Vec<String>>,
    /// Of several rows, which value counts.
    #[serde(default)]
    pub take: Take,
    /// With `take = "latest"`: the column that decides, compared as text (so a day must be written
    /// year first).
    pub by: Option<String>,
    #[serde(default)]
    pub required: bool,
}

/// Which value counts when several rows make one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Take {
    /// The first value that is not empty, in the order of the file.
    #[default]
    First,
    /// The value of the row with the greatest text in the column `by`.
    Latest,
    /// The sum over all rows of the record.
    Sum,
    /// The greatest value.
    Max,
    /// The least value.
    Min,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TimeSpec {
    pub column: String,
    pub format: TimeFormat,
    pub unknown: Option<UnknownTime>,
}

/// What to do where the time of day was not recorded; counted under its name.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UnknownTime {
    pub name: String,
    pub values: Vec<String>,
    #[serde(rename = "use")]
    pub instead: String,
}
