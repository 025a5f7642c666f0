//! What is wrong with the head of a table, reported all at once with the place that was searched
//! and its content.

use super::report::numbers;

/// A place where headings were searched for in vain.
#[derive(Clone, Debug, Default)]
pub struct SearchedPlace {
    /// Name of the sheet; `None` for CSV.
    pub sheet: Option<String>,
    /// Number of the row, counted from 1 as people see it.
    pub row: u64,
    /// Texts in that row; empty if they could be data.
    pub seen: Vec<String>,
}

impl SearchedPlace {
    /// A row about which nothing is known. Texts that could be values of a record are not repeated.
    #[must_use]
    pub fn at(sheet: Option<String>, row: u64, cells: &[String]) -> Self {
        let long = |text: &String| text.chars().filter(char::is_ascii_digit).count() >= 6;
        let shown =
            |text: &String| text.split_whitespace().collect::<String>().chars().take(30).collect();
        let texts: Vec<&String> = cells.iter().filter(|text| !text.trim().is_empty()).collect();
        let seen = if texts.iter().any(|text| long(text)) {
            Vec::new()
        } else {
            texts.into_iter().take(8).map(shown).collect()
        };
        Self { sheet, row, seen }
    }

    pub(super) fn texts(&self) -> (String, String) {
        let sheet = |before: &str| {
            self.sheet.as_ref().map(|sheet| format!("{before}“{sheet}”")).unwrap_or_default()
        };
        let seen = self.seen.join("、");
        let (what_zh, what_en) = if seen.is_empty() {
            (String::new(), String::new())
        } else {
            (format!("是“{seen}”"), format!(" is “{seen}”"))
        };
        (
            format!("；{}第 {} 行{what_zh}", sheet("工作表"), self.row),
            format!("; {} row {}{what_en}", sheet("sheet "), self.row),
        )
    }
}

/// Everything that is wrong with a head.
#[derive(Clone, Debug, Default)]
pub struct HeadFaults {
    /// Name of the sheet; `None` for CSV.
    pub sheet: Option<String>,
    /// Rows of the head.
    pub rows: Vec<u64>,
    /// Labels of required fields without a column, each with the heading that may mean it.
    pub missing: Vec<(&'static str, Option<String>)>,
    /// Headings of a field that already has a column.
    pub twice: Vec<String>,
    /// Headings whose unit cannot be converted to that of the field, each with the field's unit.
    pub units: Vec<(String, &'static str)>,
    /// Headings of columns whose cells show more than the number the file holds, each with the unit
    /// of the field; without one, the number of a document is put together by the format. The rows
    /// are the first of each format.
    pub formats: Vec<(String, Option<&'static str>, Vec<u64>)>,
    /// All headings of the table, to be listed in the message.
    pub seen: Vec<String>,
}

/// The unit of a field as people write it.
fn scale(unit: &'static str) -> &'static str {
    match unit {
        "1/100000" => "%",
        "1/10" => "dB(A)",
        "μg/m³" => "mg/m³",
        unit => unit,
    }
}

impl HeadFaults {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty()
            && self.twice.is_empty()
            && self.units.is_empty()
            && self.formats.is_empty()
    }

    pub(super) const fn code(&self) -> &'static str {
        match (self.missing.is_empty(), self.twice.is_empty(), self.units.is_empty()) {
            (false, ..) => "FILE_COLUMNS_MISSING",
            (true, false, _) => "FILE_HEADING_TWICE",
            (true, true, false) => "FILE_HEADING_UNIT",
            (true, true, true) => "FILE_CELL_FORMAT",
        }
    }

    pub(super) fn texts(&self) -> (String, String) {
        let rows = numbers(&self.rows);
        let (mut zh, mut en) = match &self.sheet {
            Some(sheet) => (
                format!("工作表“{sheet}”第 {rows} 行的表头："),
                format!("Headings of sheet “{sheet}”, row {rows}: "),
            ),
            None => (format!("第 {rows} 行的表头："), format!("Headings in line {rows}: ")),
        };
        if !self.missing.is_empty() {
            let labels = |other: &str| {
                let one = |(label, meant): &(&str, Option<String>)| match meant {
                    Some(meant) => format!("{label}（{other}“{meant}”）"),
                    None => (*label).to_owned(),
                };
                self.missing.iter().map(one).collect::<Vec<_>>().join("、")
            };
            zh.push_str(&format!("缺少必填的列 {}，请补上或改列名；", labels("是否就是")));
            en.push_str(&format!("required columns are missing: {}; ", labels("perhaps ")));
        }
        if !self.twice.is_empty() {
            let names = self.twice.join("”、“");
            zh.push_str(&format!("列“{names}”与另一列是同一字段（合并的列名只读到这一层），请只保留一列，或把各列的名称写全；"));
            en.push_str(&format!("“{names}” names a field that another column names, keep one; "));
        }
        for (heading, unit) in &self.units {
            let unit = scale(unit);
            zh.push_str(&format!("列“{heading}”的单位不能确定：列名、表上方的单位说明、单位行、单元格格式写的单位互相不一致，或不能换算为{unit}，请只留一个正确的单位；"));
            en.push_str(&format!("the unit of “{heading}” is not clear: heading, lines above, line of units and cell format contradict each other, or do not lead to {unit}; leave the right one; "));
        }
        for (heading, unit, rows) in &self.formats {
            let rows = rows.iter().map(u64::to_string).collect::<Vec<_>>().join("、");
            match unit {
                Some(unit) => {
                    let unit = scale(unit);
                    zh.push_str(&format!("列“{heading}”的单元格格式（见第 {rows} 行，合计行也算在内）各行不一，或另带倍数、百分号，与文件中的数不一致，请将整列改为常规格式，并在列名中写明单位（可换算为{unit}）；"));
                    en.push_str(&format!("the cells of “{heading}” (see rows {rows}; totals count too) are shown in different ways, or with a multiple or a percentage that the file does not hold; make all of them plain numbers and write the unit (one that leads to {unit}) into the heading; "));
                }
                None => {
                    zh.push_str(&format!("列“{heading}”（见第 {rows} 行）显示的编号由单元格格式拼成，文件中只有数字，请改为文本格式并写出完整编号；"));
                    en.push_str(&format!("the numbers shown in “{heading}” (see row {rows}) are put together by the cell format and the file holds digits alone; make them text, written out; "));
                }
            }
        }
        let seen = self.seen.join("、");
        zh.push_str(&format!("该处的列名是：{seen}。"));
        en.push_str(&format!("what stands there: {seen}."));
        (zh, en)
    }
}
