//! The rows below the head of a table: which of them are records, and what the others are. Ledgers
//! have totals, notes and signatures at the end, blank rows with a running number, a row that
//! numbers the columns, and the head repeated on every page; all of these are left out and counted.

use std::sync::LazyLock;

use entity::catalogue::{Family, Kind};
use serde_json::{Map, Value};

use super::{
    codes::CodeFinder,
    excel,
    fault::RowFault,
    head::TableHead,
    heading::HeadingColumn,
    industry,
    report::Report,
    rows::{FileRow, ReadOptions},
};
use crate::domain::{
    quantity,
    text::{is_invisible, squeezed},
};
use crate::submit::verdict::RowRemark;

/// Key of the template's example row; a row with this key is skipped.
pub const EXAMPLE_KEY: &str = "示例行（不会报送）";

/// What a cell contains, as far as it reveals the sort of its row.
#[derive(Clone, Copy, Debug)]
pub enum CellKind<'a> {
    Text(&'a str),
    Number(f64),
    Other,
}

/// The sort of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowSort {
    /// A record, or something meant to be one.
    Record,
    /// A total (合计, 小计, 总计) over other rows, which is no record.
    Total,
    /// A note, a title, a signature, or the head repeated.
    Note,
}

/// State kept while the rows of a table are read.
pub struct Body {
    pub family: &'static Family,
    pub columns: Vec<HeadingColumn>,
    pub report: Report,
    names: CodeFinder,
    head: Vec<Vec<String>>,
    begun: bool,
    blank: u64,
}

impl Body {
    pub fn new(head: TableHead, report: Report, reading: &ReadOptions) -> Self {
        let names = CodeFinder::new(
            reading.family,
            std::sync::Arc::clone(&reading.reference),
            reading.today,
        );
        let rows =
            head.rows.iter().map(|row| row.iter().map(|text| squeezed(text)).collect()).collect();
        Self {
            family: reading.family,
            columns: head.columns,
            report,
            names,
            head: rows,
            begun: false,
            blank: 0,
        }
    }

    /// The column at an index.
    pub fn column(&self, place: usize) -> HeadingColumn {
        self.columns.get(place).copied().unwrap_or(HeadingColumn::Unnamed)
    }

    /// Decides the sort of a row from its filled cells; `alone` says whether one merged cell is all
    /// of it.
    pub fn sort(&self, cells: &[(usize, CellKind<'_>)], alone: bool) -> RowSort {
        let texts = || {
            cells.iter().filter_map(|(_, shown)| {
                if let CellKind::Text(text) = shown { Some(*text) } else { None }
            })
        };
        if cells
            .iter()
            .take(4)
            .any(|(_, shown)| matches!(shown, CellKind::Text(text) if is_total(text)))
            || cells.first().is_some_and(
                |(_, shown)| matches!(shown, CellKind::Text(text) if begins_total(text)),
            )
        {
            return RowSort::Total;
        }
        let repeated = |row: &Vec<String>| {
            cells.len() > 1
                && cells.iter().all(|(place, shown)| {
                    matches!(shown, CellKind::Text(text) if row.get(*place).is_some_and(|own| *own == squeezed(text)))
                })
        };
        let first = texts().next().unwrap_or_default();
        let begins = self
            .columns
            .iter()
            .position(|column| !matches!(column, HeadingColumn::Unnamed))
            .unwrap_or_default();
        let in_front = cells.first().is_some_and(|(place, _)| *place <= begins);
        let section = cells.len() == 1 && (is_section(first) || (in_front && is_remark(first)));
        if alone
            || section
            || is_note(first)
            || self.head.iter().any(repeated)
            || (!self.begun && numbers_columns(cells))
        {
            return RowSort::Note;
        }
        RowSort::Record
    }

    /// Begins a row that is a record.
    pub fn row(&self, number: u64) -> TableRow {
        TableRow { number, values: Map::new(), faults: Vec::new(), industry: Vec::new() }
    }

    /// Counts a row that is not a record.
    pub fn leave(&mut self, sort: RowSort) {
        match sort {
            RowSort::Record => {}
            RowSort::Total => self.report.totals += 1,
            RowSort::Note => self.report.notes += 1,
        }
    }

    /// Counts blank rows; those after the last record do not count.
    pub fn skip_blank(&mut self, rows: u64) {
        self.blank += rows;
    }

    /// Finishes a row; `None` if it is blank or the example of the template.
    pub fn finish(&mut self, mut row: TableRow) -> Option<FileRow> {
        if row.is_blank() {
            self.skip_blank(1);
            return None;
        }
        self.begun = true;
        if row.is_example(self.family) {
            return None;
        }
        self.report.blank += std::mem::take(&mut self.blank);
        let unread = row.faults.iter().any(|fault| matches!(fault, RowFault::Raw(_)));
        if !unread {
            let faults = self.names.resolve(&mut row.values);
            row.faults.extend(faults);
        }
        let findings = self.industry(&mut row);
        let faults = row.faults.into_iter().map(RowFault::remark).collect();
        Some(FileRow { row: row.number, values: row.values, faults, findings })
    }

    /// Moves a value below 行业 to its field, unless the row fills that field itself; values that
    /// cannot be interpreted are reported.
    fn industry(&self, row: &mut TableRow) -> Vec<RowRemark> {
        let words = std::mem::take(&mut row.industry);
        let mut unknown = false;
        for word in &words {
            match industry::read(&self.names, self.family, word) {
                Some((field, value)) => {
                    row.values.entry(field).or_insert(Value::String(value));
                }
                None => unknown = true,
            }
        }
        let told = industry::FIELDS.iter().any(|field| row.values.contains_key(*field));
        if unknown && !told { vec![industry::unknown()] } else { Vec::new() }
    }
}

/// A row of a table while it is read.
pub struct TableRow {
    number: u64,
    pub values: Map<String, Value>,
    pub faults: Vec<RowFault>,
    /// Values below 行业.
    industry: Vec<String>,
}

impl TableRow {
    /// Adds the text of a cell; a blank one is no value.
    pub fn put(&mut self, column: HeadingColumn, text: String) {
        if text.chars().all(|c| c.is_whitespace() || is_invisible(c)) {
            return;
        }
        match column {
            HeadingColumn::Field(field, unit) => {
                if field.kind == Kind::Text && excel::is_scientific(&text) {
                    self.faults.push(RowFault::AteDigits { field: field.name });
                }
                let text = match unit {
                    Some(unit) if !quantity::says_its_unit(&text) => {
                        format!("{}{unit}", text.trim())
                    }
                    _ => text,
                };
                let text = excel::of_serial_text(field.kind, &text).unwrap_or(text);
                self.values.insert(field.name.to_owned(), Value::String(text));
            }
            HeadingColumn::Origin(name) => {
                self.values.insert(name.to_owned(), Value::String(text));
            }
            HeadingColumn::Industry => self.industry.push(text),
            HeadingColumn::Passed => {}
            HeadingColumn::Unnamed => self.without_heading(),
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
    fn is_example(&self, family: &'static Family) -> bool {
        let key = family
            .key_field()
            .and_then(|field| self.values.get(field.name))
            .and_then(Value::as_str);
        key.is_some_and(|key| key.trim() == EXAMPLE_KEY)
    }
}

const TOTALS: [&str; 9] =
    ["平均", "合计", "小计", "总计", "共计", "累计", "总合计", "本页合计", "本页小计"];

fn is_total(text: &str) -> bool {
    let text = squeezed(text);
    TOTALS.contains(&text.trim_end_matches([':', '：']))
}

/// 合计：3 起, 合计（人）; but not a longer word that merely begins with it.
fn begins_total(text: &str) -> bool {
    let text = squeezed(text);
    // 煤矿小计, 朔城区合计.
    let of_part = ["合计", "小计", "总计"].iter().any(|total| {
        text.strip_suffix(total).is_some_and(|before| {
            !before.is_empty() && before.chars().count() <= 8 && !before.is_ascii()
        })
    });
    if of_part {
        return true;
    }
    let behind = TOTALS.iter().find_map(|total| text.strip_prefix(total));
    let ends = TOTALS.iter().any(|total| {
        text.strip_suffix(total).is_some_and(|before| {
            ["全市", "全县", "全区", "全省", "本月", "本年", "本季"].contains(&before)
        })
    });
    ends || behind.is_some_and(|rest| {
        rest.starts_with([':', '(', '：']) || rest.starts_with(|c: char| c.is_ascii_digit())
    })
}

/// Words before the colon in notes and signatures.
static NOTES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    "注 附注 备注 说明 填表说明 填报说明 填表人 填报人 制表 制表人 经办人 审核 审核人 复核人 负责人 单位负责人 主要负责人 分管领导 统计负责人 联系人 \
     联系电话 填表日期 填报日期 填报时间 报送日期 报送时间 报出日期 制表日期 填报单位 报送单位 制表单位 填表单位 单位盖章 单位(盖章) 填报单位(盖章) 单位 金额单位"
        .split_whitespace()
        .collect()
});

fn is_note(text: &str) -> bool {
    let text = squeezed(text);
    if NOTES.contains(&text.as_str()) {
        return true;
    }
    text.split_once(':').is_some_and(|(before, _)| {
        let before = before.trim_end_matches(|c: char| c.is_ascii_digit());
        NOTES.contains(&before)
    })
}

/// A text alone in its row: the name of a county above its records, 1月份, 制表人 某某, an unmarked note.
/// The number of a document, which can be the key of a record (朔应急〔2026〕1号), does not match.
fn is_remark(text: &str) -> bool {
    let text = squeezed(text);
    let chinese = text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    chinese && !text.ends_with('号') && !text.contains(['〔', '['])
}

/// 一、煤矿 or （二）非煤矿山, alone in its row.
fn is_section(text: &str) -> bool {
    let text = squeezed(text);
    let numeral =
        |text: &str| !text.is_empty() && text.chars().all(|c| "一二三四五六七八九十".contains(c));
    text.split_once('、').is_some_and(|(number, _)| numeral(number))
        || text
            .strip_prefix('(')
            .and_then(|text| text.split_once(')'))
            .is_some_and(|(number, _)| numeral(number))
}

/// Whether the cells only number their columns: 1, 2, 3 … or 甲, 乙, 1, 2 ….
fn numbers_columns(cells: &[(usize, CellKind<'_>)]) -> bool {
    let number = |shown: &CellKind<'_>| match shown {
        CellKind::Number(number) => Some(*number),
        CellKind::Text(text) => {
            squeezed(text).trim_matches(['(', ')']).parse::<u8>().ok().map(f64::from)
        }
        CellKind::Other => None,
    };
    let letter = |shown: &CellKind<'_>| matches!(shown, CellKind::Text(text) if ["甲", "乙", "丙", "丁", "A", "B", "C"].contains(&squeezed(text).as_str()));
    let counted: Vec<(usize, f64)> = cells
        .iter()
        .skip_while(|(_, shown)| letter(shown))
        .filter_map(|(place, shown)| Some((*place, number(shown)?)))
        .collect();
    let letters = cells.iter().take_while(|(_, shown)| letter(shown)).count();
    let steps = counted
        .windows(2)
        .all(|pair| matches!(pair, [(place, one), (next, two)] if *next == place + 1 && (*two - *one - 1.0).abs() < f64::EPSILON));
    let from = counted.first().is_some_and(|(_, first)| (0.0..=4.0).contains(first));
    counted.len() >= 3 && counted.len() + letters == cells.len() && steps && from
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_notes_and_numbers_of_columns_are_told_from_records() {
        for (text, total) in [
            ("合计", true),
            ("合 计", true),
            ("合计：", true),
            ("小计", true),
            ("合计煤业", false),
            ("总计划", false),
        ] {
            assert_eq!(is_total(text), total, "{text}");
        }
        for (text, total) in [
            ("合计：3起", true),
            ("全市合计", true),
            ("合计3", true),
            ("总计划-1", false),
            ("合计煤业", false),
        ] {
            assert_eq!(begins_total(text), total, "{text}");
        }
        for (text, note) in [
            ("填表人：某某", true),
            ("注：本表", true),
            ("备注1：x", true),
            ("单位负责人（签字）：", false),
            ("A-1", false),
            ("地点：井下", false),
        ] {
            assert_eq!(is_note(text), note, "{text}");
        }
        let cells = |texts: &[&'static str]| {
            texts.iter().copied().map(CellKind::Text).enumerate().collect::<Vec<_>>()
        };
        assert!(numbers_columns(&cells(&["甲", "乙", "1", "2", "3"])));
        assert!(numbers_columns(&cells(&["1", "2", "3", "4"])));
        assert!(!numbers_columns(&cells(&["1", "2024", "3", "4"])));
        assert!(is_section("（二）非煤矿山") && is_section("一、煤矿") && !is_section("煤矿"));
    }
}
