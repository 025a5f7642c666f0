//! In which unit the numbers of a column are: by its heading, by a line of units below the head, by
//! a line above the table that says 单位：万元, or by a title with （单位：万元） in it.
//!
//! Where nobody says the unit, an amount is in yuan and a count is of persons; a number whose field
//! is kept in a unit that ledgers seldom use (μg/m³, ‰, months) is not guessed.

use entity::catalogue::{Field, Kind};

use super::{head_row::HeadRow, heading, qualified, shown::ColumnFormats};
use crate::domain::{
    quantity,
    text::{half_width, is_invisible, is_nothing},
};

/// The unit of a column's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnUnit {
    /// That of the field, or none.
    Own,
    /// That of the field, because nobody says another.
    Assumed,
    /// Another one, which leads to that of the field.
    Stated(&'static str),
    /// The one that is stated for the whole table, which leads to that of the field or is it.
    OfTable(&'static str),
    /// Percent, which the format of the cells makes of the number a hundredth as large that the file
    /// holds.
    Percent,
    /// Nobody says it, and people usually mean another than that of the field: each number has to
    /// say it.
    Unstated,
}

impl ColumnUnit {
    /// Whether a bare number is in a unit that nobody says: behind a percentage a text may be one
    /// itself, or not.
    pub const fn is_unstated(self) -> bool {
        matches!(self, Self::Unstated | Self::Percent)
    }

    /// The factor by which the numbers of a column were read; `None` where each says its own.
    pub fn factor(self, field: &Field) -> Option<i128> {
        match self {
            Self::Own | Self::Assumed => Some(1),
            Self::Stated(unit) | Self::OfTable(unit) => quantity::factor(unit, own(field)?),
            Self::Percent | Self::Unstated => None,
        }
    }
}

/// Units in which fields are kept and ledgers seldom are.
const SELDOM: [&str; 5] = ["μg/m³", "‰", "1/100000", "月", "1/10"];
/// Units that a line above a table can mean for all columns of that kind.
const OF_TABLES: [&str; 9] = ["元", "人", "人次", "μg/m³", "‰", "1/100000", "1/10", "年", "月"];

/// The unit of a field of numbers.
pub fn own(field: &Field) -> Option<&'static str> {
    match field.kind {
        Kind::Money => Some("元"),
        Kind::Int => field.unit,
        _ => None,
    }
}

/// What is said of the units of a table above its head.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableUnits {
    /// The units that are stated.
    pub stated: Vec<String>,
    /// Whether something speaks of 万元 in words that are not read.
    pub unread: bool,
}

/// Whether a unit leads to that of a field.
pub fn leads(field: &Field, unit: &str) -> bool {
    own(field).and_then(|own| quantity::factor(unit, own)).is_some()
}

/// Whether a unit leads to that of a field, and is another.
pub fn leads_elsewhere(field: &Field, unit: &str) -> bool {
    own(field).and_then(|own| quantity::factor(unit, own)).is_some_and(|factor| factor != 1)
}

/// The unit of a column: by its heading or what stands over it, by what stands `below` it in a line
/// of units, by what its cells are `shown` with, by what is said above the table. `Err` is the unit
/// of the field, to which the stated one does not lead, or of which it is not clear whether it does.
pub fn unit_of(
    field: &Field,
    (heading, over): (&str, Option<&str>),
    (below, shown): (Option<&str>, Option<&ColumnFormats>),
    of_table: &TableUnits,
) -> Result<ColumnUnit, &'static str> {
    let Some(own) = own(field) else { return Ok(ColumnUnit::Own) };
    let percent = shown.is_some_and(ColumnFormats::is_percent);
    let shown = shown.and_then(|shown| shown.unit().ok().flatten());
    let other = |unit: &'static str| match quantity::factor(unit, own) {
        Some(1) | None => ColumnUnit::Own,
        Some(_) => ColumnUnit::Stated(unit),
    };
    let money = field.kind == Kind::Money;
    if money && (heading::unread_amount(heading) || over.is_some_and(heading::unread_amount)) {
        return Err(own);
    }
    let counts = matches!(own, "人" | "人次" | "学时" | "日");
    if ((counts || money) && qualified::is_rate(heading))
        || (counts && qualified::is_bare_multiple(heading))
        || qualified::is_ambiguous(heading, own)
    {
        return Err(own);
    }
    let by_heading =
        heading::unit(heading).or_else(|| heading::unit(over?).or_else(|| alone(over?)));
    let mut stated = [shown, below].into_iter().flatten().map(ToOwned::to_owned).chain(by_heading);
    if percent {
        let known = quantity::known("%", own).is_some() && stated.all(|unit| unit == "%");
        return if known { Ok(ColumnUnit::Percent) } else { Err(own) };
    }
    if let Some(first) = stated.next() {
        let unit = quantity::known(&first, own).map(other).ok_or(own)?;
        // Two that are not the same are none.
        let same = |stated: String| quantity::known(&stated, own).map(other) == Some(unit);
        return if stated.all(same) { Ok(unit) } else { Err(own) };
    }
    if heading::is_name(field, heading) {
        return Ok(ColumnUnit::Own);
    }
    // A time of exposure in months is none in years, and days are no hours.
    let said = |of: &str, not: &str| {
        let leads = |unit: &String, to: &str| quantity::known(unit, to).is_some();
        !heading.contains(own)
            && of_table.stated.iter().any(|unit| leads(unit, of) && !leads(unit, not))
    };
    if (own == "年" && said("月", "年")) || (own == "学时" && said("日", "学时")) {
        return Err(own);
    }
    let known = of_table.stated.iter().filter_map(|unit| quantity::known(unit, own));
    let mut known = known.filter(|unit| {
        OF_TABLES.contains(&own) && (own != "月" || quantity::factor(unit, own) == Some(1))
    });
    match (known.next(), known.next()) {
        (Some(one), None) => Ok(ColumnUnit::OfTable(one)),
        (Some(_), Some(_)) => Err(own),
        (None, _) if money && of_table.unread => Err(own),
        (None, _) if SELDOM.contains(&own) && !heading.contains(own) => Ok(ColumnUnit::Unstated),
        (None, _) => Ok(ColumnUnit::Assumed),
    }
}

/// Units that lines above a table state for it: 单位：万元、人; （单位：万元） or （万元） in a title;
/// 以万元为单位; 万元 alone in a cell.
pub fn above(lines: &[HeadRow]) -> TableUnits {
    let mut found = TableUnits::default();
    for (line, cell) in
        lines.iter().flat_map(|line| line.cells.iter().map(move |cell| (line, cell)))
    {
        let text = plain(cell);
        let in_title = || {
            // （损失：万元）
            let inside = heading::in_brackets(&text)?.1;
            let last = inside.rsplit(':').next().unwrap_or(inside);
            quantity::stated(last).map(ToOwned::to_owned)
        };
        // 报告月份 | 3 | 月: among other cells a year or a month is none of a column.
        let beside = line.cells.iter().filter(|other| !other.trim().is_empty()).count() > 1;
        let of_date = |unit: &String| ["年", "月", "日", "天"].contains(&unit.as_str());
        let alone = |cell: &str| alone(cell).filter(|unit| !beside || !of_date(unit));
        // 填报单位：应急局    万元
        let wide = cell.replace(['\u{3000}', '\t', '\n'], "  ");
        let part = || {
            let mut parts = wide.split("  ").filter(|part| !part.trim().is_empty());
            parts.find_map(|part| alone(part).filter(|unit| !of_date(unit)))
        };
        let own: Vec<String> = match stated(cell) {
            own if own.is_empty() => {
                alone(cell).or_else(in_title).or_else(part).into_iter().collect()
            }
            own => own,
        };
        found.unread |= own.is_empty() && unread(cell);
        found.stated.extend(own);
    }
    found.stated.sort();
    found.stated.dedup();
    found
}

/// Whether a text speaks of 万元 in words that are not read, and not of so many 万元.
pub fn unread(text: &str) -> bool {
    let text = half_width(text);
    // The name of an office or a firm is no unit; what stands behind it may say one.
    let called = ["填报单位", "报送单位", "填表单位", "制表单位", "编制单位", "单位名称", "单位:"];
    let name = called.iter().find_map(|word| text.trim_start().strip_prefix(word));
    let text = name.map_or(text.as_str(), |name| {
        let name = name.trim_start_matches([':', ' ', '\t']);
        let end = name.find(|c: char| c.is_whitespace() || ",;。、([【".contains(c));
        end.and_then(|end| name.get(end..)).unwrap_or_default()
    });
    let latin = plain(text).to_lowercase();
    if ["单位:w", "单位:k", "单位w", "单位:10k"].iter().any(|word| latin.contains(word)) {
        return true;
    }
    text.match_indices("万元").any(|(place, word)| {
        let (before, behind) = text.split_at(place);
        let behind = behind.get(word.len()..).unwrap_or_default().trim_start();
        let number = |c: char| {
            c.is_ascii_digit() || "一二三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟".contains(c)
        };
        let word = behind.split(|c: char| c.is_whitespace() || ",;。、()[]【】".contains(c)).next();
        let firm = ["公司", "集团", "厂", "矿", "店", "合作社"];
        if word.is_some_and(|word| firm.iter().any(|end| word.ends_with(end))) {
            return false;
        }
        // 100 万元, 百万元以上, 万元以下.
        !before.trim_end().ends_with(number)
            && !["以上", "以下", "及以"].iter().any(|word| behind.starts_with(word))
    })
}

/// What stands before 单位 where an office or a firm is meant.
const OFFICES: [&str; 12] = [
    "填报", "报送", "填表", "制表", "编制", "用人", "参保", "建设", "依托", "事故", "施工", "责任",
];

/// Whether a note speaks of the table as a whole, and not of something that it names first.
pub fn is_of_table(text: &str) -> bool {
    let text = plain(text);
    let numbered = |c: char| c.is_ascii_digit() || "()[]【】:、.*".contains(c);
    let text = text.trim_start_matches(numbered);
    let text = ["注", "备注", "说明", "附注"]
        .iter()
        .find_map(|word| text.strip_prefix(word))
        .unwrap_or(text)
        .trim_start_matches(numbered);
    let whole = [
        "单位",
        "金额",
        "计量",
        "货币",
        "币种",
        "表内",
        "表中",
        "本表",
        "以上",
        "均",
        "以万元",
        "以元",
        "按万元",
        "按元",
    ];
    whole.iter().any(|word| text.starts_with(word)) || quantity::is_unit(text)
}

/// What a text says of the unit of a table.
pub fn stated(text: &str) -> Vec<String> {
    let text = plain(text);
    let mut found = Vec::new();
    for (place, word) in text.match_indices(['以', '按']) {
        let rest = text.get(place + word.len()..).unwrap_or_default();
        let end = ["为单位", "统计", "计"].iter().filter_map(|end| rest.find(end)).min();
        found.extend(end.and_then(|end| quantity::stated(rest.get(..end)?)).map(ToOwned::to_owned));
    }
    for word in ["均为", "都为", "皆为"] {
        let rest = text.split_once(word).map(|(_, rest)| rest).unwrap_or_default();
        let end = rest.find(['。', '(', ')', '[', ']', '】']).unwrap_or(rest.len());
        found.extend(units(rest.get(..end).unwrap_or_default()));
    }
    for word in ["单位", "金额", "计量", "币种"] {
        for (place, _) in text.match_indices(word) {
            // 填报单位：万元商贸 is an office.
            let before = text.get(..place).unwrap_or_default();
            if word == "单位" && OFFICES.iter().any(|office| before.ends_with(office)) {
                continue;
            }
            let rest = text.get(place + word.len()..).unwrap_or_default();
            // 计量单位 万元
            if quantity::is_unit(rest.trim_end_matches([')', ']', '】', '。'])) {
                found.extend(units(rest.trim_end_matches([')', ']', '】', '。'])));
                continue;
            }
            let all = ["一律", "统一", "全部", "均", "都", "皆"];
            let rest = all.iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest);
            if !rest.starts_with([':', '为', '是']) {
                continue;
            }
            let rest = rest.trim_start_matches([':', '为', '是']);
            let end = rest.find(['。', '(', ')', '[', ']', '】']).unwrap_or(rest.len());
            found.extend(units(rest.get(..end).unwrap_or_default()));
        }
    }
    found
}

/// The units of a list of units; what is no unit of ours is left out.
fn units(list: &str) -> Vec<String> {
    let mut found = Vec::new();
    for part in list.split(['、', ',', ';', '和', '及']) {
        let part = part.strip_prefix("人民币").unwrap_or(part);
        let part = part.strip_suffix("人民币").unwrap_or(part);
        // 元/人 are two, mg/m³ is one.
        if quantity::is_unit(part) {
            found.push(part.to_owned());
        } else if part.split('/').all(quantity::is_unit) {
            found.extend(part.split('/').map(ToOwned::to_owned));
        }
    }
    found
}

/// A cell that is a unit and nothing else.
pub fn alone(text: &str) -> Option<String> {
    let text = plain(text);
    let text = text.trim_start_matches(['(', '[', '【']).trim_end_matches([']', '】']);
    // Of dB(A) the bracket belongs to the unit.
    [text, text.trim_end_matches(')')].into_iter().find_map(|text| {
        let text = text.strip_prefix("单位").unwrap_or(text).trim_start_matches(':');
        quantity::is_unit(text).then(|| text.to_owned())
    })
}

fn plain(text: &str) -> String {
    let shown = half_width(text);
    let quote = |c: char| matches!(c, '“' | '”' | '"' | '「' | '」' | '\'');
    let shown = shown.chars().filter(|c| !c.is_whitespace() && !is_invisible(*c) && !quote(*c));
    shown.map(|c| if matches!(c, '∶' | '﹕' | '︰') { ':' } else { c }).collect()
}

/// The units by column of a row that holds nothing else, but for what it is called and strokes: a
/// line of units below a head.
pub fn row_of_units(row: &HeadRow) -> Option<Vec<Option<String>>> {
    let units: Vec<Option<String>> = row.cells.iter().map(|cell| alone(cell)).collect();
    let called = |cell: &str| {
        is_nothing(cell) || ["单位", "计量单位", "金额单位"].contains(&plain(cell).as_str())
    };
    let all = row.cells.iter().zip(&units).all(|(cell, unit)| unit.is_some() || called(cell));
    (all && units.iter().any(Option::is_some)).then_some(units)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_states_its_unit_in_a_line_a_title_a_sentence_or_a_cell_of_its_own() {
        for (text, expected) in [
            ("单位：万元", vec!["万元"]),
            ("单位:万元、人", vec!["万元", "人"]),
            ("（金额单位：万元）", vec!["万元"]),
            ("朔城区2024年事故台账（单位：万元）", vec!["万元"]),
            ("2024年台账      单位:万元", vec!["万元"]),
            ("（以万元为单位）", vec!["万元"]),
            ("（金额：万元）", vec!["万元"]),
            ("单位：人民币万元", vec!["万元"]),
            ("单位：万元人民币", vec!["万元"]),
            ("单位为：万元", vec!["万元"]),
            ("单位：起、人、百万吨死亡率、万元", vec!["万元", "人", "起"]),
            ("2024年事故台账（万元）", vec!["万元"]),
            ("表内损失均为万元", vec!["万元"]),
            ("损失100 万元以上事故台账", vec![]),
            ("直接经济损失百万元以上事故台账", vec![]),
            ("万元以上事故台账", vec![]),
            ("注：直接经济损失以万元计", vec!["万元"]),
            ("dB(A)", vec!["dB(A)"]),
            ("损失100万元以上事故台账", vec![]),
            ("注：直接经济损失单位为万元。", vec!["万元"]),
            ("说明：以上经济损失单位均为万元。", vec!["万元"]),
            ("单位：mg/m³", vec!["mg/m³"]),
            ("单位：元/人", vec!["人", "元"]),
            ("万 元", vec!["万元"]),
            ("（万元）", vec!["万元"]),
            ("事故台账（损失：万元）", vec!["万元"]),
            ("事故台账                万元", vec!["万元"]),
            ("填报单位：应急局   填报日期：2024-3-5   万元", vec!["万元"]),
            ("单位∶万元", vec!["万元"]),
            ("填报单位：朔州市应急管理局", vec![]),
            ("单位：元月煤业", vec![]),
            ("用人单位", vec![]),
            ("单位负责人：某某", vec![]),
        ] {
            let row = HeadRow { number: 1, cells: vec![text.to_owned()] };
            let units = above(&[row]);
            assert_eq!(
                (units.stated, units.unread),
                (expected.into_iter().map(str::to_owned).collect(), false),
                "{text}"
            );
        }
    }

    #[test]
    fn what_speaks_of_ten_thousands_and_is_not_read_is_no_silence() {
        let row = |text: &str| HeadRow { number: 1, cells: vec![text.to_owned()] };
        for text in ["金额均为万元口径", "填报单位：朔州市应急管理局（损失金额万元）"]
        {
            let said = above(&[row(text)]);
            assert!(said.unread || said.stated == ["万元"], "{text}: {said:?}");
        }
        let name = above(&[row("填报单位：朔州市万元商贸有限公司")]);
        assert_eq!(name, TableUnits::default(), "a firm's name");
    }

    #[test]
    fn a_row_of_units_holds_nothing_else() {
        let row = |cells: &[&str]| HeadRow {
            number: 1,
            cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
        };
        let units = row_of_units(&row(&["", "（人）", "万元", ""]));
        let unit = |unit: &str| Some(unit.to_owned());
        assert_eq!(units, Some(vec![None, unit("人"), unit("万元"), None]));
        let labelled = row_of_units(&row(&["单位", "-", "万元"]));
        assert_eq!(labelled, Some(vec![None, None, unit("万元")]));
        assert_eq!(row_of_units(&row(&["", "万元", "A-1"])), None);
        assert_eq!(row_of_units(&row(&["", ""])), None);
    }
}
