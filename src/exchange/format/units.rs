//! In which unit the numbers of a column are: by its heading, by a line of units below the head, by
//! a line above the table that says 单位：万元, or by a title with （单位：万元） in it.
//!
//! Where nobody says the unit, an amount is in yuan and a count is of persons; a number whose field
//! is kept in a unit that ledgers seldom use (μg/m³, ‰, months) is not guessed.

use entity::catalogue::{Field, Kind};

use super::{head::HeadRow, heading};
use crate::domain::{
    quantity,
    text::{half_width, is_invisible},
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
    /// Nobody says it, and people usually mean another than that of the field: each number has to
    /// say it.
    Unstated,
}

/// Units in which fields are kept and ledgers seldom are.
const SELDOM: [&str; 5] = ["μg/m³", "‰", "1/100000", "月", "1/10"];
/// Units that a line above a table can mean for all columns of that kind.
const OF_TABLES: [&str; 6] = ["元", "人", "人次", "μg/m³", "‰", "1/100000"];

/// The unit of a field of numbers.
fn own(field: &Field) -> Option<&'static str> {
    match field.kind {
        Kind::Money => Some("元"),
        Kind::Int => field.unit,
        _ => None,
    }
}

/// The unit of a column: `below` is what stands for it in a line of units under the head,
/// `of_table` what the lines above the table state. `Err` is the unit of the field, to which the
/// stated one does not lead.
pub fn unit_of(
    field: &Field,
    heading: &str,
    below: Option<&str>,
    of_table: &[String],
) -> Result<ColumnUnit, &'static str> {
    let Some(own) = own(field) else { return Ok(ColumnUnit::Own) };
    let other = |unit: &'static str| match quantity::factor(unit, own) {
        Some(1) | None => ColumnUnit::Own,
        Some(_) => ColumnUnit::Stated(unit),
    };
    if let Some(stated) = below.map(ToOwned::to_owned).or_else(|| heading::unit(heading)) {
        return quantity::known(&stated, own).map(other).ok_or(own);
    }
    if heading::is_name(field, heading) {
        return Ok(ColumnUnit::Own);
    }
    let mut of_table = of_table
        .iter()
        .filter_map(|unit| quantity::known(unit, own))
        .filter(|_| OF_TABLES.contains(&own));
    match (of_table.next(), of_table.next()) {
        (Some(one), None) => Ok(other(one)),
        (Some(_), Some(_)) => Err(own),
        (None, _) if SELDOM.contains(&own) && !heading.contains(own) => Ok(ColumnUnit::Unstated),
        (None, _) => Ok(ColumnUnit::Assumed),
    }
}

/// Units that lines above a table state for it: 单位：万元、人; （单位：万元） in a title; 以万元为单位;
/// 万元 alone in a cell.
pub fn above(lines: &[HeadRow]) -> Vec<String> {
    let cells = lines.iter().flat_map(|line| &line.cells);
    let mut units: Vec<String> =
        cells.flat_map(|cell| stated(cell).into_iter().chain(alone(cell))).collect();
    units.sort();
    units.dedup();
    units
}

/// What a text says of the unit of a table.
pub fn stated(text: &str) -> Vec<String> {
    let text = plain(text);
    if let Some((_, rest)) = text.split_once('以')
        && let Some((unit, _)) = rest.split_once("为单位")
        && quantity::is_unit(unit)
    {
        return vec![unit.to_owned()];
    }
    let mut found = Vec::new();
    for word in ["单位", "金额", "计量", "币种"] {
        for (place, _) in text.match_indices(word) {
            let rest = text.get(place + word.len()..).unwrap_or_default();
            let Some(rest) = rest.strip_prefix([':', '为', '是']) else { continue };
            let end = rest.find(['。', '(', ')', '[', ']', '】']).unwrap_or(rest.len());
            found.extend(units(rest.get(..end).unwrap_or_default()));
        }
    }
    found
}

/// The units of a list of units; what is behind the first word that is none is not of it.
fn units(list: &str) -> Vec<String> {
    let mut found = Vec::new();
    for part in list.split(['、', ',', ';', '和', '及']) {
        if quantity::is_unit(part) {
            found.push(part.to_owned());
            continue;
        }
        // 元/人 are two, mg/m³ is one.
        let parts: Vec<&str> = part.split('/').collect();
        if !parts.iter().all(|part| quantity::is_unit(part)) {
            break;
        }
        found.extend(parts.into_iter().map(ToOwned::to_owned));
    }
    found
}

/// A cell that is a unit and nothing else.
fn alone(text: &str) -> Option<String> {
    let text = plain(text);
    let text = text.trim_start_matches(['(', '[', '【']).trim_end_matches([')', ']', '】']);
    let text = text.strip_prefix("单位").unwrap_or(text).trim_start_matches(':');
    quantity::is_unit(text).then(|| text.to_owned())
}

fn plain(text: &str) -> String {
    half_width(text).chars().filter(|c| !c.is_whitespace() && !is_invisible(*c)).collect()
}

/// The units by column of a row that holds nothing else: a line of units below a head.
pub fn row_of_units(row: &HeadRow) -> Option<Vec<Option<String>>> {
    let units: Vec<Option<String>> = row.cells.iter().map(|cell| alone(cell)).collect();
    let filled = row.cells.iter().zip(&units).filter(|(cell, _)| !cell.trim().is_empty());
    let (mut some, mut all) = (false, true);
    for (_, unit) in filled {
        some = true;
        all &= unit.is_some();
    }
    (some && all).then_some(units)
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
            ("注：直接经济损失单位为万元。", vec!["万元"]),
            ("单位：mg/m³", vec!["mg/m³"]),
            ("单位：元/人", vec!["人", "元"]),
            ("万 元", vec!["万元"]),
            ("（万元）", vec!["万元"]),
            ("填报单位：朔州市应急管理局", vec![]),
            ("单位：元月煤业", vec![]),
            ("用人单位", vec![]),
            ("单位负责人：某某", vec![]),
        ] {
            let row = HeadRow { number: 1, cells: vec![text.to_owned()] };
            assert_eq!(above(&[row]), expected, "{text}");
        }
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
        assert_eq!(row_of_units(&row(&["", "万元", "A-1"])), None);
        assert_eq!(row_of_units(&row(&["", ""])), None);
    }
}
