//! Accidents by subordinate region and industry, with the sums of rows and columns as formulas and
//! a scale of colours.

use rust_xlsxwriter::{ConditionalFormat2ColorScale, Workbook, XlsxError};

use crate::{
    content::Brief,
    section::Section,
    tables::heat::{counts, sum},
    words,
    xlsx::sheet::{Sheet, Shown, letter},
};

/// Regions down, industries across.
pub(crate) fn write(book: &mut Workbook, title: &str, brief: &Brief) -> Result<(), XlsxError> {
    let heat = &brief.heat;
    let absent = words::absent(brief.head.protected);
    let width = heat.industries.len();
    let mut columns = vec![("地区".to_owned(), 9)];
    columns.extend(heat.industries.iter().map(|industry| (words::label(industry).to_owned(), 6)));
    columns.push(("合计（公式）".to_owned(), 7));
    let mut sheet = Sheet::new(book, title, "县区×行业", &columns)?;
    if heat.regions.is_empty() {
        return sheet.empty(Section::Heat.empty());
    }
    let (last, right) = (
        u32::try_from(heat.regions.len()).unwrap_or(u32::MAX - 2),
        u16::try_from(width).unwrap_or(u16::MAX - 2),
    );
    for (row, region) in (1..).zip(&heat.regions) {
        sheet.text(row, 0, words::label(&region.region))?;
        for (column, count) in (1..).zip(counts(region, width)) {
            sheet.count(row, column, count, absent)?;
        }
        let range = format!("B{0}:{1}{0}", row + 1, letter(right.max(1)));
        total(&mut sheet, (row, right + 1), &range, (sum(counts(region, width)), absent))?;
    }
    sheet.text(last + 1, 0, "合计（公式）")?;
    for at in 0..=right {
        let column = letter(at + 1);
        let sum = if at == right {
            sum(heat.regions.iter().flat_map(|row| counts(row, width)))
        } else {
            sum(heat.regions.iter().map(|row| row.counts.get(usize::from(at)).copied().flatten()))
        };
        total(
            &mut sheet,
            (last + 1, at + 1),
            &format!("{column}2:{column}{}", last + 1),
            (sum, absent),
        )?;
    }
    if right > 0 {
        let scale = ConditionalFormat2ColorScale::new()
            .set_minimum_color(0x00FF_FFFF)
            .set_maximum_color(0x00F2_B68D);
        sheet.page.add_conditional_format(1, 1, last, right, &scale)?;
    }
    match &heat.difference {
        Some(difference) => sheet.sentence(last + 3, &format!("差异说明：{difference}")),
        None => Ok(()),
    }
}

fn total(
    sheet: &mut Sheet<'_>,
    at: (u32, u16),
    range: &str,
    (sum, absent): (Option<i64>, &str),
) -> Result<(), XlsxError> {
    match sum {
        Some(sum) => sheet.formula(at, &format!("=SUM({range})"), Some(sum as f64), Shown::Whole),
        None => sheet.absent(at.0, at.1, absent),
    }
}
