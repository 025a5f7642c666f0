//! Counts under labels, with their change and their sums as formulas.

use rust_xlsxwriter::{Workbook, XlsxError};

use crate::{
    content::Tally,
    tables::heat::sum,
    words,
    xlsx::sheet::{Sheet, Shown},
};

/// One row for each label and one for all.
pub(crate) fn write(
    book: &mut Workbook,
    title: &str,
    (name, empty): (&str, &str),
    year: i32,
    tallies: &[Tally],
) -> Result<(), XlsxError> {
    let columns = [
        (name.to_owned(), 14),
        (format!("{year}年"), 6),
        (format!("{}年", year - 1), 6),
        ("增减（公式）".to_owned(), 7),
        (format!("{year}年占比（公式）"), 9),
    ];
    let mut sheet = Sheet::new(book, title, name, &columns)?;
    if tallies.is_empty() {
        return sheet.empty(empty);
    }
    let all = sum(tallies.iter().map(|tally| tally.count));
    let before = sum(tallies.iter().map(|tally| tally.last_year));
    let total = u32::try_from(tallies.len()).unwrap_or(u32::MAX - 2) + 1;
    for (row, tally) in (1..).zip(tallies) {
        sheet.text(row, 0, words::label(&tally.item))?;
        sheet.count(row, 1, tally.count, words::WITHHELD)?;
        sheet.count(row, 2, tally.last_year, words::WITHHELD)?;
        change(&mut sheet, row, tally.count, tally.last_year)?;
        share(&mut sheet, row, total, tally.count, all)?;
    }
    sheet.text(total, 0, "合计")?;
    for (column, sum) in [(1, all), (2, before)] {
        match sum {
            Some(sum) => {
                let letter = super::sheet::letter(column);
                sheet.formula(
                    (total, column),
                    &format!("=SUM({letter}2:{letter}{total})"),
                    Some(sum as f64),
                    Shown::Whole,
                )?;
            }
            // A sum over what is withheld would be too small, or give it away.
            None => sheet.absent(total, column, words::WITHHELD)?,
        }
    }
    change(&mut sheet, total, all, before)?;
    share(&mut sheet, total, total, all, all)
}

fn change(
    sheet: &mut Sheet<'_>,
    row: u32,
    now: Option<i64>,
    before: Option<i64>,
) -> Result<(), XlsxError> {
    let line = row + 1;
    let result = now.zip(before).map(|(now, before)| now as f64 - before as f64);
    sheet.formula(
        (row, 3),
        &format!("=IF(COUNT(B{line}:C{line})<2,\"—\",B{line}-C{line})"),
        result,
        Shown::Whole,
    )
}

fn share(
    sheet: &mut Sheet<'_>,
    row: u32,
    total: u32,
    count: Option<i64>,
    all: Option<i64>,
) -> Result<(), XlsxError> {
    let (line, end) = (row + 1, total + 1);
    let result =
        count.zip(all).filter(|(_, all)| *all != 0).map(|(count, all)| count as f64 / all as f64);
    let formula = format!("=IF(COUNT(B{line},B{end})<2,\"—\",IF(B{end}=0,\"—\",B{line}/B{end}))");
    sheet.formula((row, 4), &formula, result, Shown::Percent)
}
