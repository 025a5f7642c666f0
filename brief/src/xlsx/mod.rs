//! The workbook: the same tables with their arithmetic as formulas, so that a clerk can follow
//! every figure from the two numbers it was made of. Results are stored beside the formulas, for
//! readers that do not calculate.
//!
//! Texts are texts: none is ever read as a formula. What is missing is a word and never zero, and
//! no formula counts it.

mod figures;
mod heat;
mod list;
mod notes;
mod sheet;
mod tallies;
mod trends;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use crate::{WriteError, clean, content::Brief, head, links::NoLinks, section::Section, tables};

/// The workbook's bytes. The same content gives the same bytes.
///
/// # Errors
///
/// [`WriteError`] when the content is more than a workbook holds (1,048,576 rows on a sheet).
pub fn write(brief: &Brief) -> Result<Vec<u8>, WriteError> {
    let brief = clean::brief(brief);
    let mut book = Workbook::new();
    fill(&mut book, &brief)
        .and_then(|()| book.save_to_buffer())
        .map_err(|error| WriteError(error.to_string()))
}

fn fill(book: &mut Workbook, brief: &Brief) -> Result<(), XlsxError> {
    let (first, second) = head::title(&brief.head);
    let title = format!("{first}{second}");
    // Whatever the year, so that the bytes depend on the content alone and not on when they are
    // written.
    let taken = ExcelDateTime::from_timestamp(brief.head.taken_at.timestamp())
        .or_else(|_| ExcelDateTime::from_timestamp(0))?;
    let title_kept: String = title.chars().take(120).collect();
    book.set_properties(&DocProperties::new().set_title(title_kept).set_creation_datetime(&taken));
    let leads = &brief.leads;
    list::write(
        book,
        &title,
        ("目标", Section::Headlines.empty()),
        &tables::targets::table(brief),
    )?;
    figures::write(book, &title, brief)?;
    trends::write(book, &title, brief)?;
    tallies::write(
        book,
        &title,
        ("事故类型", Section::AccidentTypes.empty()),
        brief.head.year,
        &brief.accident_types,
    )?;
    heat::write(book, &title, brief)?;
    tallies::write(
        book,
        &title,
        ("接尘工龄", Section::Exposure.empty()),
        brief.head.year,
        &brief.exposure,
    )?;
    list::write(
        book,
        &title,
        ("报送情况", Section::Returns.empty()),
        &tables::returns::table(brief),
    )?;
    let tasks = brief.tasks.as_deref().unwrap_or_default();
    list::write(
        book,
        &title,
        ("任务", Section::Tasks.empty()),
        &tables::tasks::flat(brief.head.year, tasks),
    )?;
    list::write(book, &title, ("线索", Section::Leads.empty()), &tables::leads::summary(leads))?;
    list::write(book, &title, ("名单比对", "没有可比对的名单。"), &tables::leads::overlaps(leads))?;
    list::write(
        book,
        &title,
        ("线索明细", Section::Leads.empty()),
        &tables::leads::lines(leads, &NoLinks),
    )?;
    list::write(
        book,
        &title,
        ("隐患", brief.hazards_note.as_deref().unwrap_or(Section::Hazards.empty())),
        &tables::hazards::overdue(brief, &NoLinks),
    )?;
    list::write(
        book,
        &title,
        ("走访单位", brief.employers_note.as_deref().unwrap_or(Section::Employers.empty())),
        &tables::hazards::employers(brief, &NoLinks),
    )?;
    list::write(
        book,
        &title,
        ("决议", Section::Resolutions.empty()),
        &tables::resolutions::table(brief),
    )?;
    list::write(
        book,
        &title,
        ("冻结后变化", Section::Differences.empty()),
        &tables::meeting::differences(&brief.differences),
    )?;
    notes::write(book, &title, brief)
}
