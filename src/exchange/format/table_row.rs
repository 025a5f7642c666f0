//! A row of a table while it is read: texts by field, as the cells of a ledger say them.

use chrono::Datelike as _;
use entity::catalogue::{Family, Field, Kind};
use serde_json::{Map, Value};

use super::{
    body::EXAMPLE_KEY,
    excel,
    fault::RowFault,
    heading::HeadingColumn,
    industry,
    units::{self, ColumnUnit},
};
use crate::domain::{
    moment, quantity,
    text::{half_width, is_nothing, squeezed},
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
    /// Months of a period whose years stand in the same cell.
    months: Option<String>,
    /// What stands in the cell for the unit of the row.
    unit: Option<String>,
    /// Whether the table has a column for it.
    has_unit: bool,
    /// Numbers without a unit of their own, that of their column, and the other field that is called
    /// like the column.
    bare: Vec<(&'static Field, ColumnUnit, Option<&'static Field>)>,
}

/// Signs for what stands in the row above.
const AS_ABOVE: [&str; 11] =
    ["同上", "同前", "同左", "〃", "″", "々", "\"", "“", "”", "''", "\"\""];
/// Ends that have not come.
const NO_END: [&str; 4] = ["至今", "长期", "在职", "在保"];
/// What people set behind the last day for something.
const UNTIL: [&str; 5] = ["之前", "以前", "前", "止", "底"];

impl TableRow {
    pub fn new(number: u64, has_unit: bool) -> Self {
        Self {
            number,
            values: Map::new(),
            faults: Vec::new(),
            industry: Vec::new(),
            times: Vec::new(),
            months: None,
            unit: None,
            has_unit,
            bare: Vec::new(),
        }
    }

    /// Adds the text of a cell; an empty one is no value. `other` is the other field that is called
    /// like the column: a number with its unit is its value.
    pub fn put(&mut self, column: HeadingColumn, other: Option<&'static Field>, text: String) {
        if is_nothing(&text) {
            return;
        }
        let column = match column {
            HeadingColumn::Field(field, _) if let Some(other) = of_unit(field, other, &text) => {
                HeadingColumn::Field(other, ColumnUnit::Own)
            }
            column => column,
        };
        match column {
            HeadingColumn::Field(field, _) if AS_ABOVE.contains(&squeezed(&text).as_str()) => {
                self.faults.push(RowFault::AsAbove { field: field.name });
            }
            HeadingColumn::Industry if AS_ABOVE.contains(&squeezed(&text).as_str()) => {
                self.faults.push(RowFault::AsAbove { field: industry::FIELDS[1] });
            }
            HeadingColumn::Field(field, _)
                if field.name.ends_with("To") && NO_END.contains(&text.trim()) => {}
            HeadingColumn::Field(field, unit) => {
                if field.kind == Kind::Text && excel::is_scientific(&text) {
                    self.faults.push(RowFault::AteDigits { field: field.name });
                }
                let bare = !quantity::says_its_unit(&text);
                if bare && quantity::read(&text, None, 1) != Ok(0) {
                    self.bare.push((field, unit, other));
                }
                let text = match unit {
                    ColumnUnit::Stated(unit) if bare => format!("{}{unit}", text.trim()),
                    ColumnUnit::OfTable(unit) if bare && units::leads_elsewhere(field, unit) => {
                        format!("{}{unit}", text.trim())
                    }
                    _ => text,
                };
                if self.put_period(field, &text) {
                    return;
                }
                let deadline = field.kind == Kind::Date && field.column.contains("deadline");
                let text = if deadline { without_until(&text) } else { text };
                let text = excel::of_serial_text(field.kind, &text).unwrap_or(text);
                self.values.insert(field.name.to_owned(), Value::String(text));
            }
            HeadingColumn::Origin(name) => {
                self.values.insert(name.to_owned(), Value::String(text));
            }
            HeadingColumn::TimeOf(field) => self.times.push((field, text)),
            HeadingColumn::Industry => self.industry.push(text),
            HeadingColumn::UnitOfRow => self.unit = Some(text),
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
        let number = |text: &str| text.chars().all(|c| c.is_ascii_digit()) && text.len() <= 2;
        // 2004年3月 is no period.
        if months.trim().is_empty() || !number(half_width(years).trim()) {
            return false;
        }
        self.values.insert(YEARS.to_owned(), Value::String(format!("{years}年")));
        self.months = Some(months.trim().trim_start_matches('零').to_owned());
        true
    }

    /// Puts together what stands in several cells, once all of them are read.
    pub fn put_together(&mut self) {
        self.put_units();
        self.put_times();
        let Some(months) = self.months.take() else { return };
        let number = |text: &str| quantity::read(text, Some("月"), 1).ok();
        let other = self.values.get(MONTHS).and_then(Value::as_str);
        if other.is_some_and(|other| number(other) != number(&months)) {
            self.faults.push(RowFault::CellsDiffer { field: MONTHS });
        } else {
            self.values.insert(MONTHS.to_owned(), Value::String(months));
        }
    }

    /// Puts the unit of the row behind the numbers that it leads to. A number that needs one and has
    /// none is not guessed; one whose column says another is of neither.
    fn put_units(&mut self) {
        let cell = self.unit.take();
        let unit = cell.as_deref().and_then(units::alone);
        let of_record =
            self.values.get(PHYSICAL_UNIT).and_then(Value::as_str).map(ToOwned::to_owned);
        for (mut field, of_column, other) in std::mem::take(&mut self.bare) {
            // Of a physical factor the record itself says the unit.
            let unit = match (&unit, &of_record) {
                // 853 beside dB(A) is in tenths, or no sound: nobody knows.
                (None, Some(own))
                    if field.name == PHYSICAL
                        && of_column == ColumnUnit::Unstated
                        && self.loud(field) =>
                {
                    units::alone(own)
                }
                _ => unit.clone(),
            };
            if of_column == ColumnUnit::Unstated
                && let Some(other) = unit.as_deref().and_then(|unit| leading(field, other, unit))
                && let Some(text) = self.values.remove(field.name)
            {
                self.values.insert(other.name.to_owned(), text);
                field = other;
            }
            let Some(own) = units::own(field) else { continue };
            let known = unit.as_deref().and_then(|unit| quantity::known(unit, own));
            let stated = match of_column {
                ColumnUnit::Stated(unit) | ColumnUnit::OfTable(unit) => Some(unit),
                ColumnUnit::Own => Some(own),
                ColumnUnit::Assumed | ColumnUnit::Unstated | ColumnUnit::Percent => None,
            };
            let factor = |unit: &str| quantity::factor(unit, own);
            // Months are none of years, and what is no unit is not that of amounts.
            let misfit = self.has_unit
                && known.is_none()
                && match own {
                    "元" => unit.is_none(),
                    "年" => unit.as_deref().is_some_and(is_of_months),
                    _ => false,
                };
            let fault = match (known, stated) {
                (Some(unit), Some(stated)) if factor(unit) != factor(stated) => {
                    Some(RowFault::CellsDiffer { field: field.name })
                }
                (None, None) if misfit || of_column.is_unstated() => {
                    Some(RowFault::UnitUnstated { field: field.name, unit: own })
                }
                _ => None,
            };
            match (fault, known, self.values.get_mut(field.name)) {
                (Some(fault), ..) => {
                    self.values.remove(field.name);
                    self.faults.push(fault);
                }
                (None, Some(unit), Some(Value::String(text))) if stated.is_none() => {
                    text.push_str(unit);
                }
                _ => {}
            }
        }
    }

    /// Whether a number could be one of decibels.
    fn loud(&self, field: &Field) -> bool {
        let number = self.values.get(field.name).and_then(Value::as_str);
        number.is_some_and(|text| {
            quantity::read(text, Some("dB"), 10).is_ok_and(|tenths| tenths <= 2_000)
        })
    }

    /// Puts times of day behind their days. One that says a day too has to say the same.
    fn put_times(&mut self) {
        for (field, time) in std::mem::take(&mut self.times) {
            let day = self.values.get(field.name).and_then(Value::as_str);
            let [own, of_day] = [Some(time.as_str()), day].map(|text| moment::read(text?).ok());
            // A spreadsheet keeps a time of day as one of the first days of its calendar.
            let first = own.is_some_and(|own| own.day.year() <= 1900);
            let text = match (day, own, of_day) {
                (Some(day), Some(_), _) if first => {
                    let time = time.split_once(' ').map_or("", |(_, time)| time);
                    format!("{} {time}", day.trim())
                }
                (Some(_), Some(own), Some(of_day)) if own.day != of_day.day => {
                    self.faults.push(RowFault::CellsDiffer { field: field.name });
                    continue;
                }
                (Some(_), Some(_), Some(of_day)) if of_day.at.is_some() => continue,
                (Some(day), None, _) => format!("{} {}", day.trim(), time.trim()),
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
        self.values.is_empty()
            && self.faults.is_empty()
            && self.industry.is_empty()
            && self.times.is_empty()
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

/// The fields of a value of a physical factor.
const PHYSICAL: &str = "physicalTenths";
const PHYSICAL_UNIT: &str = "physicalUnit";

/// The other field called like a column, where a unit leads to that and not to the first.
fn leading(
    field: &'static Field,
    other: Option<&'static Field>,
    unit: &str,
) -> Option<&'static Field> {
    let leads =
        |field: &Field| units::own(field).is_some_and(|own| quantity::known(unit, own).is_some());
    other.filter(|other| leads(other) && !leads(field))
}

/// The other field called like a column, where the unit behind a number is that of the other.
fn of_unit(
    field: &'static Field,
    other: Option<&'static Field>,
    text: &str,
) -> Option<&'static Field> {
    leading(field, Some(other?), &quantity::unit_said(text)?)
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

/// Whether a unit is one of months.
fn is_of_months(unit: &str) -> bool {
    quantity::known(unit, "月").is_some() && quantity::known(unit, "年").is_none()
}
