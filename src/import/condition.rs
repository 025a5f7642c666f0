//! Conditions on the cells of a row: `{ COLUMN = { equals = "x" } }`. All tests of all columns must
//! hold.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::transforms;

/// Tests by column name.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct ColumnCondition(pub BTreeMap<String, CellTest>);

/// Tests of one cell, after it was cleaned.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CellTest {
    /// Exactly this text.
    pub equals: Option<String>,
    /// One of these texts.
    #[serde(rename = "in")]
    pub one_of: Option<Vec<String>>,
    /// None of these texts.
    pub not_in: Option<Vec<String>>,
    /// Empty, or not empty.
    pub empty: Option<bool>,
    /// One of these patterns: `*` stands for any text, upper and lower case are the same.
    pub matches: Option<Vec<String>>,
    /// A whole number, this or more.
    pub at_least: Option<i64>,
    /// A whole number less than this.
    pub below: Option<i64>,
}

impl ColumnCondition {
    /// Whether it holds, given a way to look up cells.
    pub fn holds<'c>(&self, cell: impl Fn(&str) -> &'c str) -> bool {
        self.0.iter().all(|(column, test)| test.holds(cell(column)))
    }

    /// The columns it looks at.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl CellTest {
    /// Whether a test is stated at all; an empty one would hold for everything.
    #[must_use]
    pub fn is_stated(&self) -> bool {
        self.equals.is_some()
            || self.one_of.is_some()
            || self.not_in.is_some()
            || self.empty.is_some()
            || self.matches.is_some()
            || self.at_least.is_some()
            || self.below.is_some()
    }

    fn holds(&self, cell: &str) -> bool {
        let number = || transforms::whole(cell);
        self.equals.as_ref().is_none_or(|text| text == cell)
            && self.one_of.as_ref().is_none_or(|texts| texts.iter().any(|text| text == cell))
            && self.not_in.as_ref().is_none_or(|texts| texts.iter().all(|text| text != cell))
            && self.empty.is_none_or(|empty| empty == cell.is_empty())
            && self
                .matches
                .as_ref()
                .is_none_or(|patterns| patterns.iter().any(|pattern| matches(pattern, cell)))
            && self.at_least.is_none_or(|least| number().is_some_and(|number| number >= least))
            && self.below.is_none_or(|limit| number().is_some_and(|number| number < limit))
    }
}

/// Pattern match where `*` stands for any text.
#[must_use]
pub fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.to_lowercase(), text.to_lowercase());
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let mut open = false;
    let mut last = "";
    for part in parts {
        if open {
            // The part before this one may stand anywhere, so the first place is as good as any.
            let Some((_, behind)) = rest.split_once(last) else { return false };
            rest = behind;
        }
        (open, last) = (true, part);
    }
    if open { rest.ends_with(last) } else { rest.is_empty() }
}
