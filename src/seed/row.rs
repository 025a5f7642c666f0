//! A row of a submission being filled in.

use chrono::NaiveDate;
use serde_json::{Map, Value};

/// Fields by their name in the schema; a field without a value is left out.
#[derive(Debug, Default)]
pub(super) struct SeedRow(Map<String, Value>);

impl SeedRow {
    pub(super) fn text(mut self, name: &str, text: impl Into<String>) -> Self {
        self.0.insert(name.to_owned(), Value::String(text.into()));
        self
    }

    pub(super) fn maybe(self, name: &str, text: Option<impl Into<String>>) -> Self {
        match text {
            Some(text) => self.text(name, text),
            None => self,
        }
    }

    pub(super) fn number(mut self, name: &str, number: u32) -> Self {
        self.0.insert(name.to_owned(), Value::from(number));
        self
    }

    pub(super) fn maybe_number(self, name: &str, number: Option<u32>) -> Self {
        match number {
            Some(number) => self.number(name, number),
            None => self,
        }
    }

    pub(super) fn flag(mut self, name: &str, flag: bool) -> Self {
        self.0.insert(name.to_owned(), Value::Bool(flag));
        self
    }

    pub(super) fn maybe_flag(self, name: &str, flag: Option<bool>) -> Self {
        match flag {
            Some(flag) => self.flag(name, flag),
            None => self,
        }
    }

    pub(super) fn list(mut self, name: &str, codes: &[&str]) -> Self {
        self.0.insert(name.to_owned(), codes.iter().map(|code| Value::from(*code)).collect());
        self
    }

    pub(super) fn day(self, name: &str, day: Option<NaiveDate>) -> Self {
        self.maybe(name, day.map(|day| day.to_string()))
    }

    pub(super) fn done(self) -> Map<String, Value> {
        self.0
    }
}
