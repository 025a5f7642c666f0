//! One JSON object a line, by field name.

use std::collections::BTreeSet;
use std::fmt;

use entity::catalogue::{Family, Kind};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::{
    fault::{FileFault, RowFault},
    report::{Report, Why},
    rows::{FileRow, Input},
};
use crate::{
    import::{
        encoding::Encoding,
        problem::RowProblem,
        reader::{LineReader, UTF8_MARK},
    },
    submit::parse::ORIGIN,
};

/// Reads lines as objects.
pub struct Lines {
    lines: LineReader<'static>,
    family: &'static Family,
    row: u64,
    /// Fields that the hub computes, which came back with an export.
    derived: BTreeSet<&'static str>,
}

impl Lines {
    pub fn new(input: Box<dyn Input>, family: &'static Family) -> Self {
        Self {
            lines: LineReader::new(Box::new(input), Encoding::Utf8),
            family,
            row: 0,
            derived: BTreeSet::new(),
        }
    }

    pub fn next(&mut self) -> Result<Option<FileRow>, FileFault> {
        while let Some(line) = self.lines.next_raw()? {
            self.row += 1;
            let bytes = match self.row {
                1 => line.bytes.strip_prefix(UTF8_MARK).unwrap_or(&line.bytes),
                _ => line.bytes.as_slice(),
            };
            if line.cut {
                return Ok(Some(self.faulty(Map::new(), RowFault::Raw(RowProblem::LineTooLong))));
            }
            if !bytes.trim_ascii().is_empty() {
                return Ok(Some(self.item(bytes)));
            }
        }
        Ok(None)
    }

    /// What was passed over.
    pub fn report(&self) -> Report {
        let mut report = Report::default();
        for name in &self.derived {
            report.pass(name, Why::Derived, None);
        }
        report
    }

    /// Takes out what the hub computes: an export comes back as it was given.
    fn without_derived(&mut self, values: &mut Map<String, Value>) {
        for field in self
            .family
            .all_fields()
            .filter(|field| field.derived && !field.hidden && !ORIGIN.contains(&field.name))
        {
            if values.remove(field.name).is_some() {
                self.derived.insert(field.name);
            }
        }
    }

    fn item(&mut self, bytes: &[u8]) -> FileRow {
        let Ok(text) = std::str::from_utf8(bytes) else {
            return self.faulty(
                Map::new(),
                RowFault::Raw(RowProblem::EncodingInvalid { encoding: Encoding::Utf8.name() }),
            );
        };
        match serde_json::from_str::<Object>(text) {
            Ok(mut object) => {
                self.without_derived(&mut object.values);
                let nested = object.values.iter().find(|(name, value)| self.is_nested(name, value));
                let nested = nested.map(|(name, _)| RowFault::Nested { field: self.known(name) });
                let twice =
                    object.twice.map(|name| RowFault::KeyTwice { field: self.known(&name) });
                let faults = twice.into_iter().chain(nested).map(|fault| fault.remark()).collect();
                FileRow { row: self.row, values: object.values, faults, findings: Vec::new() }
            }
            // What the library says may quote the line; where it stopped is enough.
            Err(error) => self.faulty(Map::new(), RowFault::Json { column: error.column() }),
        }
    }

    /// Lists stand only in fields that take several codes, objects nowhere.
    fn is_nested(&self, name: &str, value: &Value) -> bool {
        let list =
            self.family.field(name).is_some_and(|field| matches!(field.kind, Kind::Codes(_)));
        match value {
            Value::Object(_) => true,
            Value::Array(items) => {
                !list || items.iter().any(|item| item.is_array() || item.is_object())
            }
            _ => false,
        }
    }

    /// The name of a field; what is not one is the sender's own text and is not repeated.
    fn known(&self, name: &str) -> Option<&'static str> {
        self.family.field(name).map(|field| field.name)
    }

    fn faulty(&self, values: Map<String, Value>, fault: RowFault) -> FileRow {
        FileRow { row: self.row, values, faults: vec![fault.remark()], findings: Vec::new() }
    }
}

/// A JSON object that remembers a name that stood twice; plain maps keep the last value without a
/// word.
struct Object {
    values: Map<String, Value>,
    twice: Option<String>,
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct UniqueObject;
        impl<'de> Visitor<'de> for UniqueObject {
            type Value = Object;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut object = Object { values: Map::new(), twice: None };
                while let Some(name) = map.next_key::<String>()? {
                    let value: Value = map.next_value().map_err(A::Error::custom)?;
                    if object.values.contains_key(&name) {
                        object.twice.get_or_insert(name);
                    } else {
                        object.values.insert(name, value);
                    }
                }
                Ok(object)
            }
        }
        from.deserialize_map(UniqueObject)
    }
}
