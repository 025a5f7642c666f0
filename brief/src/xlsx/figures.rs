//! The indicator table: the two numbers as they are, and the value as a formula over them.

use rust_xlsxwriter::{Workbook, XlsxError};

use crate::{
    content::{Brief, Figure, Formula},
    section::Section,
    table::judgement_mark,
    words,
    xlsx::sheet::{Sheet, Shown},
};

const COLUMNS: [(&str, u8); 15] = [
    ("代码", 2),
    ("指标", 9),
    ("地区", 5),
    ("行业", 6),
    ("计算方式", 9),
    ("本期数或分子", 7),
    ("基数或分母", 7),
    ("单位", 2),
    ("数值（公式）", 5),
    ("打印值", 4),
    ("上年", 4),
    ("基年", 4),
    ("目标", 5),
    ("结论", 5),
    ("说明", 12),
];

/// One row for each figure.
pub(crate) fn write(book: &mut Workbook, title: &str, brief: &Brief) -> Result<(), XlsxError> {
    let columns = COLUMNS.map(|(title, width)| (title.to_owned(), width));
    let mut sheet = Sheet::new(book, title, "指标", &columns)?;
    if brief.figures.is_empty() {
        return sheet.empty(Section::Figures.empty());
    }
    for (row, figure) in (1..).zip(&brief.figures) {
        line(&mut sheet, row, figure, words::absent(brief.head.protected))?;
    }
    sheet.filtered(brief.figures.len(), COLUMNS.len())
}

fn line(sheet: &mut Sheet<'_>, row: u32, figure: &Figure, absent: &str) -> Result<(), XlsxError> {
    sheet.text(row, 0, &figure.indicator.code)?;
    sheet.text(row, 1, words::label(&figure.indicator))?;
    sheet.text(row, 2, words::label(&figure.region))?;
    sheet.text(row, 3, words::industry(figure.industry.as_ref()))?;
    sheet.text(row, 4, words::formula(figure.formula))?;
    part(sheet, (row, 5), figure, figure.numerator, absent)?;
    match (figure.formula, figure.denominator) {
        (Formula::Count, None) => sheet.absent(row, 6, words::NONE)?,
        (_, denominator) => part(sheet, (row, 6), figure, denominator, absent)?,
    }
    sheet.text(row, 7, if figure.money { "元" } else { "" })?;
    let shown = match figure.formula {
        Formula::Reduction | Formula::Share => Shown::Percent,
        Formula::PerMille => Shown::PerMille,
        Formula::Count if figure.money => Shown::Yuan,
        Formula::Count => Shown::Whole,
    };
    sheet.formula((row, 8), &formula(figure.formula, row + 1), value(figure), shown)?;
    sheet.printed(row, 9, &figure.shown)?;
    sheet.printed(row, 10, &figure.last_year)?;
    sheet.printed(row, 11, &figure.base_year)?;
    sheet.text(row, 12, figure.target.as_deref().unwrap_or_default())?;
    let outcome = figure
        .outcome
        .map(|outcome| format!("{} {}", judgement_mark(outcome).sign(), words::outcome(outcome)));
    sheet.text(row, 13, outcome.as_deref().unwrap_or_default())?;
    sheet.text(row, 14, &figure.reason)
}

fn part(
    sheet: &mut Sheet<'_>,
    at: (u32, u16),
    figure: &Figure,
    number: Option<i64>,
    absent: &str,
) -> Result<(), XlsxError> {
    match number {
        Some(fen) if figure.money => sheet.number(at.0, at.1, fen as f64 / 100.0, Shown::Yuan),
        number => sheet.count(at.0, at.1, number, absent),
    }
}

/// The value from the numbers in columns F and G. `COUNT` leaves words out, so that a missing
/// number is not taken for zero.
fn formula(formula: Formula, line: u32) -> String {
    let over =
        |value: &str| format!("=IF(COUNT(F{line}:G{line})<2,\"—\",IF(G{line}=0,\"—\",{value}))");
    match formula {
        Formula::Reduction => over(&format!("(G{line}-F{line})/G{line}")),
        Formula::Share => over(&format!("F{line}/G{line}")),
        Formula::PerMille => over(&format!("F{line}/G{line}*1000")),
        Formula::Count => format!("=IF(COUNT(F{line})<1,\"—\",F{line})"),
    }
}

/// The result of the formula.
fn value(figure: &Figure) -> Option<f64> {
    let numerator = figure.numerator?;
    if figure.formula == Formula::Count {
        return Some(if figure.money { numerator as f64 / 100.0 } else { numerator as f64 });
    }
    let denominator = figure.denominator.filter(|denominator| *denominator != 0)?;
    let share = |number: i128| number as f64 / denominator as f64;
    Some(match figure.formula {
        Formula::Reduction => share(i128::from(denominator) - i128::from(numerator)),
        Formula::PerMille => share(i128::from(numerator) * 1000),
        Formula::Share | Formula::Count => share(i128::from(numerator)),
    })
}
