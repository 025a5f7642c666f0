//! How a table as a whole was read: where its head was found, which columns and rows were skipped.
//! It is part of the receipt, so that nothing is left out silently.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::Text;

/// Columns and sheets named at most.
const MOST: usize = 50;

/// Why a column was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Why {
    /// It is not a field of the family.
    NoField,
    /// The hub computes it.
    Derived,
    /// It is hidden, and the client asked to skip hidden columns.
    Hidden,
    /// Another column names the same field more clearly.
    Doubled,
}

/// A column that was not read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassedColumn {
    /// Heading of the column, as written in the file.
    pub heading: String,
    /// Reason the column was skipped.
    pub why: Why,
    /// Label of the field that the heading may have meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nearest: Option<String>,
}

/// How a table was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Report {
    /// Name of the sheet that was read; `None` for CSV.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Numbers of the rows that form the head.
    pub head: Vec<u64>,
    /// Columns that were not read.
    pub columns: Vec<PassedColumn>,
    /// Rows that are blank or contain a running number only.
    pub blank: u64,
    /// Rows with totals.
    pub totals: u64,
    /// Rows with notes, signatures, titles, repeated heads or numbers of columns.
    pub notes: u64,
    /// Number of hidden rows, read or skipped.
    pub hidden_rows: u64,
    /// Number of hidden columns, read or skipped.
    pub hidden_columns: u64,
    /// Whether hidden rows and columns were skipped.
    pub hidden_left: bool,
    /// Unit that a line above the table states, if it is not that of the fields: `万元`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Fields, by name, whose stored value is missing in the file, with the number of records in
    /// which it was removed or, in a trial, would be.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub cleared: BTreeMap<String, u64>,
    /// In a trial: rows that would be created although a record with the same content exists under
    /// another number, if that is true of most new rows.
    #[serde(skip_serializing_if = "is_none")]
    pub repeated: u64,
    /// Other sheets whose head also fits, which were not read.
    pub sheets: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_none(count: &u64) -> bool {
    *count == 0
}

impl Report {
    /// Rows that were skipped although they are not blank.
    #[must_use]
    pub const fn left_out(&self) -> u64 {
        self.totals + self.notes + if self.hidden_left { self.hidden_rows } else { 0 }
    }

    /// Whether there is nothing to report.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        let quiet = Self { sheet: self.sheet.clone(), head: self.head.clone(), ..Self::default() };
        *self == quiet && self.head.len() < 2 && self.head.iter().all(|row| *row == 1)
    }

    /// Notes that a column was skipped.
    pub fn pass(&mut self, heading: &str, why: Why, nearest: Option<&str>) {
        if self.columns.len() < MOST {
            let heading = heading.trim().chars().take(60).collect();
            self.columns.push(PassedColumn {
                heading,
                why,
                nearest: nearest.map(ToOwned::to_owned),
            });
        }
    }

    /// The report as sentences for people.
    #[must_use]
    pub fn sentences(&self) -> Vec<Text> {
        let mut told = Vec::new();
        let mut tell = |zh: String, en: String| told.push(Text { zh, en });
        if let Some(sheet) = &self.sheet {
            let rows = numbers(&self.head);
            tell(
                format!("读取工作表“{sheet}”，表头在第 {rows} 行。"),
                format!("Read sheet “{sheet}”, headings in row {rows}."),
            );
        } else if !self.head.is_empty() {
            let rows = numbers(&self.head);
            tell(format!("表头在第 {rows} 行。"), format!("Headings in line {rows}."));
        }
        for (why, zh, en) in [
            (Why::NoField, "不是本类记录的字段，未读取", "are no fields and were not read"),
            (Why::Derived, "由平台计算，未读取", "are computed by the hub and were not read"),
            (Why::Hidden, "已隐藏，按要求未读取", "are hidden and were left, as asked"),
            (
                Why::Doubled,
                "与另一列是同一字段，未读取",
                "name a field that another column names, and were not read",
            ),
        ] {
            let names: Vec<&str> = self
                .columns
                .iter()
                .filter(|column| column.why == why)
                .map(|column| column.heading.as_str())
                .collect();
            if !names.is_empty() {
                tell(
                    format!("列 {} {zh}。", quoted(&names)),
                    format!("Columns {} {en}.", quoted(&names)),
                );
            }
        }
        for column in &self.columns {
            if let Some(nearest) = &column.nearest {
                tell(
                    format!("列“{}”如指“{nearest}”，请改为该列名后再报。", column.heading),
                    format!(
                        "If column “{}” means “{nearest}”, name it so and send the file again.",
                        column.heading
                    ),
                );
            }
        }
        if let Some(unit) = &self.unit {
            tell(
                format!("数值按表上方注明的“{unit}”读取。"),
                format!("Numbers were read in {unit}, as the lines above the table say."),
            );
        }
        for (count, zh, en) in [
            (self.totals, "合计、小计行", "rows with totals"),
            (self.notes, "标题、说明、签字等行", "rows with titles, notes or signatures"),
            (self.blank, "空行", "blank rows"),
        ] {
            if count > 0 {
                tell(format!("略过{zh} {count} 行。"), format!("{count} {en} were left out."));
            }
        }
        if self.hidden_rows + self.hidden_columns > 0 {
            let (zh, en) = if self.hidden_left {
                ("按要求未读取", "left, as asked")
            } else {
                ("照常读取", "read like all others")
            };
            tell(
                format!("有隐藏的 {} 行、{} 列，{zh}。", self.hidden_rows, self.hidden_columns),
                format!(
                    "{} rows and {} columns are hidden; they were {en}.",
                    self.hidden_rows, self.hidden_columns
                ),
            );
        }
        if let Some(most) = self.cleared.values().max() {
            let names: Vec<&str> = self.cleared.keys().map(String::as_str).collect();
            tell(
                format!(
                    "有 {most} 条已有记录的 {} 在文件中没有值，以文件为准将被清空（试运行时不清空）。如不应清空，请补上这些列再报。",
                    quoted(&names)
                ),
                format!(
                    "Up to {most} records had {} and the file gives no value: these are emptied, as the file is the whole record (not in \
                     a dry run). Add the columns and send the file again if they should stay.",
                    quoted(&names)
                ),
            );
        }
        if self.repeated > 0 {
            let count = self.repeated;
            tell(
                format!(
                    "有 {count} 行除编号外与平台已有记录完全相同，正式报送会成为新的记录，原记录仍在。编号若是按行号生成的，请改用不随行变动的编号后再报。"
                ),
                format!(
                    "{count} rows say, but for their number, what records of yours say already; they would become new records \
                     beside them. If numbers are made from the order of rows, use numbers that stay."
                ),
            );
        }
        if !self.sheets.is_empty() {
            let names: Vec<&str> = self.sheets.iter().take(MOST).map(String::as_str).collect();
            tell(
                format!(
                    "工作表 {} 也有同样的表头，未读取。如需报送，请另存为单独的文件。",
                    quoted(&names)
                ),
                format!(
                    "Sheets {} have such headings too and were not read. Send them as files of their own.",
                    quoted(&names)
                ),
            );
        }
        told
    }
}

/// Numbers as people list them.
pub(super) fn numbers(numbers: &[u64]) -> String {
    match numbers {
        [first, .., last] => format!("{first}–{last}"),
        [one] => one.to_string(),
        [] => String::new(),
    }
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("“{name}”")).collect::<Vec<_>>().join("、")
}
