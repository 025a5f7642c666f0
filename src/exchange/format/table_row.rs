//! A row of a table while it is read: texts by field, as the cells of a ledger say them.

use entity::catalogue::{Family, Field, Kind};
use serde_json::{Map, Value};

use super::{body::EXAMPLE_KEY, excel, fault::RowFault, heading::HeadingColumn, units::ColumnUnit};
use crate::domain::{
    moment, quantity,
    text::{is_nothing, squeezed},
};

/// A row of a table while it is read.
pub struct TableRow {
    pub number: u64,
    pub values: Map<String, Value>,
    pub faults: Vec<RowFault>,
    /// Values below 行业.
    pub industry: Vec<String>,
    /// Times of day, whose days stand in other columns.
    times: Vec<(&'static Field, String)>,
}

/// Signs for what stands in the row above.
const AS_ABOVE: [&str; 6] = ["同上", "同前", "同左", "〃", "″", "々"];
/// Ends that have not come.
const NO_END: [&str; 4] = ["至今", "长期", "在职", "在保"];
/// What people set behind the last day of something.
const UNTIL: [&str; 5] = ["之前", "以前", "前", "止", "底"];

impl TableRow {
    pub fn new(number: u64) -> Self {
        Self {
            number,
            values: Map::new(),
            faults: Vec::new(),
            industry: Vec::new(),
            times: Vec::new(),
        }
    }

    /// Adds the text of a cell; an empty one is no value.
    pub fn put(&mut self, column: HeadingColumn, text: String) {
        if is_nothing(&text) {
            return;
        }
        match column {
            HeadingColumn::Field(field, _) if AS_ABOVE.contains(&squeezed(&text).as_str()) => {
                self.faults.push(RowFault::AsAbove { field: field.name });
            }
            HeadingColumn::Field(field, _)
                if field.kind == Kind::Date && !field.required && NO_END.contains(&text.trim()) => {
            }
            HeadingColumn::Field(field, unit) => {
                if field.kind == Kind::Text && excel::is_scientific(&text) {
                    self.faults.push(RowFault::AteDigits { field: field.name });
                }
                let bare = !quantity::says_its_unit(&text);
                if unit == ColumnUnit::Unstated && bare && quantity::read(&text, None, 1) != Ok(0) {
                    self.faults.push(RowFault::UnitUnstated {
                        field: field.name,
                        unit: field.unit.unwrap_or_default(),
                    });
                    return;
                }
                let text = match unit {
                    ColumnUnit::Stated(unit) if bare => format!("{}{unit}", text.trim()),
                    _ => text,
                };
                if self.put_period(field, &text) {
                    return;
                }
                let text = match field.kind {
                    Kind::Date => without_until(&text),
                    _ => text,
                };
                let text = excel::of_serial_text(field.kind, &text).unwrap_or(text);
                self.values.insert(field.name.to_owned(), Value::String(text));
            }
            HeadingColumn::Origin(name) => {
                self.values.insert(name.to_owned(), Value::String(text));
            }
            HeadingColumn::TimeOf(field) => self.times.push((field, text)),
            HeadingColumn::Industry => self.industry.push(text),
            HeadingColumn::Passed => {}
            HeadingColumn::Unnamed => self.without_heading(),
        }
    }

    /// Years and months in one cell, where a record holds them apart: 20年3个月.
    fn put_period(&mut self, field: &'static Field, text: &str) -> bool {
        let Some((years, months)) = (field.name == YEARS).then(|| text.split_once('年')).flatten()
        else {
            return false;
        };
        if months.trim().is_empty() {
            return false;
        }
        self.values.insert(YEARS.to_owned(), Value::String(format!("{years}年")));
        self.values
            .entry(MONTHS)
            .or_insert_with(|| Value::String(months.trim().trim_start_matches('零').to_owned()));
        true
    }

    /// Puts times of day behind their days; one that is a whole moment takes the place of the day.
    pub fn put_times(&mut self) {
        for (field, time) in std::mem::take(&mut self.times) {
            let whole = moment::read(&time).is_ok();
            let text = match self.values.get(field.name).and_then(Value::as_str) {
                Some(day) if !whole => format!("{} {}", day.trim(), time.trim()),
                Some(day) if moment::read(day).is_ok_and(|day| day.at.is_some()) => continue,
                _ => time,
            };
            self.values.insert(field.name.to_owned(), Value::String(text));
        }
    }

    /// Notes a value below no heading; one note per row is enough.
    pub fn without_heading(&mut self) {
        if !self.faults.iter().any(|fault| matches!(fault, RowFault::NoHeading)) {
            self.faults.push(RowFault::NoHeading);
        }
    }

    /// Whether the row is blank.
    pub fn is_blank(&self) -> bool {
        self.values.is_empty() && self.faults.is_empty() && self.industry.is_empty()
    }

    /// Whether it is the example of the template.
    pub fn is_example(&self, family: &'static Family) -> bool {
        let key = family
            .key_field()
            .and_then(|field| self.values.get(field.name))
            .and_then(Value::as_str);
        key.is_some_and(|key| key.trim() == EXAMPLE_KEY)
    }
}

/// The fields of a time of exposure.
const YEARS: &str = "exposureYears";
const MONTHS: &str = "exposureMonths";

/// A day without the word that says it is the last: 2024年4月30日前.
fn without_until(text: &str) -> String {
    let text = text.trim();
    let bare = UNTIL.iter().find_map(|word| text.strip_suffix(word)).unwrap_or(text);
    bare.trim().to_owned()
}
