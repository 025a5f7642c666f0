//! The drop-down lists of a workbook: codes with their names on a hidden sheet, one column for each
//! table.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::catalogue::Family;
use rust_xlsxwriter::{Formula, Workbook, XlsxError};

use super::codes::table_of;
use crate::{
    domain::{industry, region::RegionCode},
    store::reference::{CodeTable, Reference, ReferenceCode},
};

/// Name of the hidden sheet.
const SHEET: &str = "代码";

/// The lists for the code tables of a family.
pub struct CodeLists {
    tables: BTreeMap<&'static str, List>,
}

/// The drop-down list of one code table.
pub struct List {
    /// Entries as `code 名称`, in the order of the table.
    pub lines: Vec<String>,
    /// The codes alone, in the same order.
    pub codes: Vec<String>,
    /// Whether the list is exhaustive: no other edition, no class below, no region outside is
    /// valid.
    pub whole: bool,
    column: u16,
    title: String,
}

impl CodeLists {
    /// The codes valid on a day; of regions, those inside the given one.
    pub fn new(
        family: &'static Family,
        reference: &Reference,
        region: Option<&RegionCode>,
        today: NaiveDate,
    ) -> Self {
        let mut tables = BTreeMap::new();
        for name in family.inputs().filter_map(table_of) {
            let (Some(table), false) = (reference.table(name), tables.contains_key(name)) else {
                continue;
            };
            let wanted =
                |code: &&ReferenceCode| code.holds_on(today) && is_offered(table, code, region);
            let codes: Vec<&ReferenceCode> = table.codes.iter().filter(wanted).collect();
            let list = List {
                lines: codes.iter().map(|code| line(&code.code, name_of(code))).collect(),
                codes: codes.iter().map(|code| code.code.clone()).collect(),
                whole: codes.len() == table.codes.len(),
                column: u16::try_from(tables.len()).unwrap_or(u16::MAX),
                title: table.name_zh.clone(),
            };
            tables.insert(name, list);
        }
        Self { tables }
    }

    /// The list of a table.
    pub fn of(&self, table: &str) -> Option<&List> {
        self.tables.get(table)
    }

    /// Writes the hidden sheet.
    pub fn write(&self, book: &mut Workbook) -> Result<(), XlsxError> {
        let sheet = book.add_worksheet().set_name(SHEET)?;
        for list in self.tables.values() {
            sheet.write_string(0, list.column, &list.title)?;
            for (row, line) in (1..).zip(&list.lines) {
                sheet.write_string(row, list.column, line)?;
            }
            sheet.set_column_width(list.column, 40)?;
        }
        sheet.set_hidden(true);
        Ok(())
    }
}

impl List {
    /// The cells of the list on the hidden sheet.
    pub fn place(&self) -> Formula {
        let letter = rust_xlsxwriter::utility::column_number_to_name(self.column);
        Formula::new(format!("={SHEET}!${letter}$2:${letter}${}", self.lines.len().max(1) + 1))
    }
}

/// Sections of industry are not codes of records, and an organisation submits for its own region.
fn is_offered(table: &CodeTable, code: &ReferenceCode, region: Option<&RegionCode>) -> bool {
    match (table.name.as_str(), region) {
        ("industry", _) => industry::numeric(&code.code).is_some(),
        ("region", Some(own)) => {
            RegionCode::parse(&code.code).is_ok_and(|code| own.contains(&code))
        }
        _ => true,
    }
}

/// A code with its name, as the lists show it and the reader takes it.
pub fn line(code: &str, name: &str) -> String {
    format!("{code} {name}")
}

/// The name that distinguishes a code from others: of a region, with the regions above it.
pub fn name_of(code: &ReferenceCode) -> &str {
    code.attributes.get("full_name").map_or(&code.name_zh, |name| name)
}
