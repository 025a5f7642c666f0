//! What stands below a head and says that numbers are in another unit than that in which they are
//! read: notes, totals, lines of units that come again.

use entity::catalogue::Field;

use super::{
    heading::{self, HeadingColumn},
    row_sort::CellKind,
    units::{self, ColumnUnit},
};
use crate::domain::{quantity, text::squeezed};

/// The unit that notes speak of in words that are not read.
const TEN_THOUSANDS: &str = "万元";

fn text<'a>((place, shown): &(usize, CellKind<'a>)) -> Option<(usize, &'a str)> {
    match shown {
        CellKind::Text(text) => Some((*place, *text)),
        _ => None,
    }
}

fn column(columns: &[HeadingColumn], place: usize) -> Option<(&'static Field, ColumnUnit)> {
    match columns.get(place) {
        Some(HeadingColumn::Field(field, of_column)) => Some((*field, *of_column)),
        _ => None,
    }
}

/// The unit of the first row below a head that is no record but says, in whatever words, that numbers
/// are in another unit.
pub fn by_first_row(columns: &[HeadingColumn], cells: &[(usize, CellKind<'_>)]) -> Option<String> {
    cells.iter().filter_map(text).find_map(|(place, text)| {
        let (field, of_column) = column(columns, place)?;
        // 12.5万元 and 近百万元 are amounts, if not as they should be written.
        let about =
            |c: char| "一二三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟两近约数几余".contains(c);
        if text.chars().any(|c| c.is_ascii_digit())
            || (text.trim_start().starts_with(about) && units::alone(text).is_none())
        {
            return None;
        }
        let unread = units::unread(text).then(|| TEN_THOUSANDS.to_owned());
        let mut said = units::alone(text)
            .into_iter()
            .chain(units::stated(text))
            .chain(heading::unit(text))
            .chain(unread);
        said.find(|unit| contradicts(field, of_column, unit))
    })
}

/// The unit of a total, in one of its cells or beside its word.
pub fn by_total(columns: &[HeadingColumn], cells: &[(usize, CellKind<'_>)]) -> Option<String> {
    let by_cell = cells.iter().filter_map(text).find_map(|(place, text)| {
        let (field, of_column) = column(columns, place)?;
        let unit = quantity::unit_said(text).or_else(|| units::alone(text));
        unit.filter(|unit| contradicts(field, of_column, unit))
    });
    let by_word = || {
        // 合计：25万元 is an amount, 合计（万元） a unit.
        let words = cells.iter().filter_map(text).map(|(_, text)| text);
        let words = words.filter(|text| !text.chars().any(|c| c.is_ascii_digit()));
        let of_date = |unit: &String| ["年", "月", "日", "天"].contains(&unit.as_str());
        let alone = |text: &str| units::alone(text).filter(|unit| !of_date(unit));
        let mut said = words.flat_map(|text| {
            heading::unit(text).into_iter().chain(units::stated(text)).chain(alone(text))
        });
        said.find(|unit| any(columns, unit))
    };
    by_cell.or_else(by_word)
}

/// The unit of a note, for all columns or for one that it names, or of a line of units that comes
/// again.
pub fn by_note(
    columns: &[HeadingColumn],
    head: &[Vec<String>],
    cells: &[(usize, CellKind<'_>)],
) -> Option<String> {
    // 填表日期 | 2024 | 年 | 3 | 月: among other cells a year or a month is none of a column.
    let of_date = |unit: &str| cells.len() > 1 && ["年", "月", "日", "天"].contains(&unit);
    let line_of_units = cells.iter().filter_map(text).all(|(_, text)| units::alone(text).is_some());
    cells.iter().filter_map(text).find_map(|(place, text)| {
        if let Some(unit) = units::alone(text) {
            if !line_of_units && of_date(&unit) {
                return None;
            }
            let own = column(columns, place)
                .is_some_and(|(field, of_column)| read_otherwise(field, of_column, &unit));
            // Beside a signature it is said of the table.
            let of_table = cells.len() == 1 || !line_of_units;
            let table = || any(columns, &unit) || (cells.len() == 1 && none(columns, &unit));
            return (own || (of_table && table())).then_some(unit);
        }
        let said = units::stated(text);
        let of_table = units::is_of_table(text);
        let otherwise = |unit: &&String| any(columns, unit) || (of_table && none(columns, unit));
        if let Some(unit) = said.iter().find(otherwise) {
            return Some(unit.clone());
        }
        if said.is_empty() && units::unread(text) && any(columns, TEN_THOUSANDS) {
            return Some(TEN_THOUSANDS.to_owned());
        }
        named(columns, head, &squeezed(text), &said)
    })
}

/// The unit that a note states for a column by its name.
fn named(
    columns: &[HeadingColumn],
    head: &[Vec<String>],
    note: &str,
    said: &[String],
) -> Option<String> {
    (0..columns.len()).find_map(|place| {
        let (field, of_column) = column(columns, place)?;
        let name =
            head.iter().rev().find_map(|row| row.get(place).filter(|own| !own.is_empty()))?;
        let name = heading::without_unit(name);
        if name.chars().count() < 2 || !note.contains(name.as_str()) {
            return None;
        }
        said.iter().find(|unit| read_otherwise(field, of_column, unit)).cloned()
    })
}

/// Whether a unit leads to that of amounts that were read in another, because nothing above them
/// said so.
fn any(columns: &[HeadingColumn], unit: &str) -> bool {
    (0..columns.len()).any(|place| {
        column(columns, place).is_some_and(|(field, of_column)| contradicts(field, of_column, unit))
    })
}

/// Whether a unit that is said of the table as a whole is that of none of the columns which it can be
/// said of, whatever their headings say.
pub fn none(columns: &[HeadingColumn], unit: &str) -> bool {
    let meant: Vec<_> = (0..columns.len())
        .filter_map(|place| column(columns, place))
        .filter(|(field, _)| units::leads(field, unit))
        .collect();
    !meant.is_empty()
        && meant.iter().all(|(field, of_column)| read_otherwise(field, *of_column, unit))
}

/// Whether a unit leads to that of a field, and is another than the one in which the column was read
/// because nobody said more of it than the table.
fn contradicts(field: &Field, of_column: ColumnUnit, unit: &str) -> bool {
    matches!(of_column, ColumnUnit::Assumed | ColumnUnit::OfTable(_))
        && read_otherwise(field, of_column, unit)
}

/// Whether a unit leads to that of a field, and is another than the one in which its column was read,
/// whoever said so.
fn read_otherwise(field: &Field, of_column: ColumnUnit, unit: &str) -> bool {
    let Some(own) = units::own(field) else { return false };
    let leads = |to: &str| quantity::known(unit, to);
    let months = own == "年" && leads("月").is_some() && leads("年").is_none();
    let said = leads(own).and_then(|unit| quantity::factor(unit, own));
    months || said.zip(of_column.factor(field)).is_some_and(|(said, read)| said != read)
}
