//! CSV: records with headings, in UTF-8 or GB18030.

use entity::catalogue::{Family, Kind};
use serde_json::{Map, Value};

use super::{
    codes::Names,
    excel,
    fault::{FileFault, RowFault},
    formula,
    heading::{self, Column},
    rows::{Input, Item, Reading},
};
use crate::import::{encoding::Encoding, reader::RecordReader};

/// What stands in the key of the template's example row; a row with this key is passed over.
pub const EXAMPLE_KEY: &str = "示例行（不会报送）";

/// Reads records.
pub struct Records {
    records: RecordReader<'static>,
    columns: Vec<Column>,
    names: Names,
    family: &'static Family,
}

impl Records {
    pub fn new(input: Box<dyn Input>, encoding: Encoding, reading: Reading) -> Result<Self, FileFault> {
        let records = RecordReader::new(Box::new(input), encoding, ',')?;
        let most = reading.limits.columns;
        if records.header().len() > most {
            return Err(FileFault::TooManyColumns { most });
        }
        let columns = heading::columns(reading.family, records.header().iter().map(String::as_str))?;
        let names = Names::new(reading.family, reading.reference, reading.today);
        Ok(Self { records, columns, names, family: reading.family })
    }

    pub fn next(&mut self) -> Result<Option<Item>, FileFault> {
        while let Some(record) = self.records.next()? {
            if record.is_blank() {
                continue;
            }
            let mut row = Row::new(record.line);
            for (column, cell) in self.columns.iter().zip(record.cells) {
                row.put(*column, formula::said(cell));
            }
            if record.fault.is_none() && row.is_example(self.family) {
                continue;
            }
            if let Some(fault) = record.fault {
                // Its cells may stand in the wrong columns: what else could be said of them would mislead.
                row.faults = vec![RowFault::Raw(fault)];
            } else {
                row.resolve(&self.names);
            }
            return Ok(Some(row.finish()));
        }
        Ok(None)
    }
}

/// A row of a table while it is read.
pub struct Row {
    number: u64,
    values: Map<String, Value>,
    pub faults: Vec<RowFault>,
}

impl Row {
    pub fn new(number: u64) -> Self {
        Self { number, values: Map::new(), faults: Vec::new() }
    }

    /// Takes the text of a cell; a blank one is no value.
    pub fn put(&mut self, column: Column, text: String) {
        if text.trim().is_empty() {
            return;
        }
        match column {
            Column::Field(field) => {
                if field.kind == Kind::Text && excel::is_scientific(&text) {
                    self.faults.push(RowFault::AteDigits { field: field.name });
                }
                self.values.insert(field.name.to_owned(), Value::String(text));
            }
            Column::Added => {}
            Column::Unnamed => self.without_heading(),
        }
    }

    /// Something stands below no heading; once is enough to say so.
    pub fn without_heading(&mut self) {
        if !self.faults.iter().any(|fault| matches!(fault, RowFault::NoHeading)) {
            self.faults.push(RowFault::NoHeading);
        }
    }

    /// Whether nothing stands in it.
    pub fn is_blank(&self) -> bool {
        self.values.is_empty() && self.faults.is_empty()
    }

    /// Whether it is the example of the template.
    pub fn is_example(&self, family: &'static Family) -> bool {
        let key = family.key_field().and_then(|field| self.values.get(field.name)).and_then(Value::as_str);
        key.is_some_and(|key| key.trim() == EXAMPLE_KEY)
    }

    /// Puts codes in the place of names.
    pub fn resolve(&mut self, names: &Names) {
        let faults = names.resolve(&mut self.values);
        self.faults.extend(faults);
    }

    pub fn finish(self) -> Item {
        Item { row: self.number, values: self.values, faults: self.faults.into_iter().map(RowFault::remark).collect() }
    }
}
