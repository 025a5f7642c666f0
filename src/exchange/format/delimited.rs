//! CSV: records below a head, in UTF-8 or GB18030, with any of several delimiters.
//!
//! Where the comma is the decimal mark, spreadsheets use semicolons or tabs, and some write `sep=;`
//! in the first line. The delimiter that yields the best head is chosen.

use super::{
    body::Body,
    fault::{FileFault, RowFault, SearchedPlace},
    formula, head,
    report::Report,
    row_sort::{CellKind, RowSort},
    rows::{FileRow, Input, ReadOptions},
};
use crate::{error::Text, submit::verdict::RowRemark};

use crate::import::{
    encoding::Encoding,
    problem::RowProblem,
    reader::{CsvRecord, RecordReader},
};

/// Possible delimiters, the usual one first.
const DELIMITERS: [char; 5] = [',', ';', '\t', '|', '，'];

/// Reader for CSV: finds encoding, delimiter and head, then yields the records below it.
pub struct DelimitedReader {
    records: RecordReader<'static>,
    body: Body,
}

impl DelimitedReader {
    pub fn new(
        mut input: Box<dyn Input>,
        encoding: Encoding,
        reading: &ReadOptions,
    ) -> Result<Self, FileFault> {
        let stated = stated(&mut input, encoding)?;
        let mut best: Option<(char, Vec<head::HeadRow>, Option<head::HeadPosition>)> = None;
        let mut unreadable = false;
        for delimiter in DELIMITERS
            .into_iter()
            .filter(|delimiter| stated.is_none_or(|stated| stated == *delimiter))
            .chain(stated)
        {
            input.rewind()?;
            let (lines, bad) = first(&mut input, encoding, delimiter, stated.is_some())?;
            unreadable |= bad;
            let place = head::find(reading.family, &lines);
            let fields = |place: &Option<head::HeadPosition>| place.map_or(0, |place| place.fields);
            if best.as_ref().is_none_or(|(_, _, before)| fields(&place) > fields(before)) {
                best = Some((delimiter, lines, place));
            }
        }
        let Some((delimiter, lines, place)) = best else {
            return Err(FileFault::HeaderMissing { looked: None });
        };
        let Some(place) = place else {
            if unreadable {
                return Err(FileFault::HeaderUnreadable);
            }
            let first =
                lines.iter().find(|line| line.cells.iter().any(|cell| !cell.trim().is_empty()));
            return Err(FileFault::HeaderMissing {
                looked: first.map(|line| SearchedPlace::at(None, line.number, &line.cells)),
            });
        };
        let mut report = Report::default();
        let width = lines.iter().map(|line| line.cells.len()).max().unwrap_or_default();
        let most = reading.limits.columns;
        if width > most {
            return Err(FileFault::TooManyColumns { most });
        }
        let head =
            head::read(reading.family, &lines, place, head::SheetColumns::default(), &mut report)?;
        input.rewind()?;
        let mut records = RecordReader::open(Box::new(input), encoding, delimiter);
        // Skips to the last row of the head.
        while let Some(record) = records.next()? {
            if record.line >= head.last {
                break;
            }
        }
        records.expect(head.columns.len());
        Ok(Self { records, body: Body::new(head, report, reading) })
    }

    pub fn next(&mut self) -> Result<Option<FileRow>, FileFault> {
        while let Some(record) = self.records.next()? {
            if record.is_blank() {
                self.body.skip_blank(1);
                continue;
            }
            let shown: Vec<(usize, CellKind<'_>)> = record
                .cells
                .iter()
                .enumerate()
                .filter(|(_, cell)| !cell.trim().is_empty())
                .map(|(place, cell)| (place, CellKind::Text(cell)))
                .collect();
            let sort = self.body.sort(&shown, false);
            self.body.first(sort, record.line, &shown)?;
            if sort != RowSort::Record
                && matches!(record.fault, None | Some(RowProblem::Ragged { .. }))
            {
                self.body.leave(sort, record.line, &shown)?;
                continue;
            }
            if let Some(item) = self.item(record) {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }

    fn item(&mut self, record: CsvRecord) -> Option<FileRow> {
        let mut row = self.body.row(record.line);
        let short = record.fault.as_ref().is_some_and(|fault| self.only_lacks_optional(fault));
        let fault = record.fault.filter(|_| !short);
        for (place, cell) in record.cells.into_iter().enumerate().take(self.body.columns.len()) {
            row.put(self.body.column(place), self.body.other(place), formula::said(cell));
        }
        if let Some(fault) = fault {
            // Its cells may be in the wrong columns: any other message would mislead.
            row.faults = vec![RowFault::Raw(fault)];
        }
        let mut row = self.body.finish(row)?;
        if short {
            row.findings.push(cut_short());
        }
        Some(row)
    }

    /// Whether a record lacks its last cells only, and none of them has to be there: spreadsheets
    /// leave out empty ones at the end of a line.
    fn only_lacks_optional(&self, fault: &RowProblem) -> bool {
        let RowProblem::Ragged { expected, found } = fault else { return false };
        found < expected
            && (*found..*expected)
                .all(|place| self.body.column(place).field().is_none_or(|field| !field.required))
    }

    /// Report on the table so far.
    pub const fn report(&self) -> &Report {
        &self.body.report
    }
}

/// What is said of a line whose last cells were left out.
fn cut_short() -> RowRemark {
    let text = Text::new(
        "本行的列数少于表头，已按行尾省略了空单元格读取。请核对各列有没有错位。",
        "The line has fewer cells than the head; it was read as if empty ones at its end were left out. Check that no cell has moved.",
    );
    RowRemark::new("LINE_CUT_SHORT", None, text)
}

/// The delimiter named in a first line such as `sep=;`.
fn stated(input: &mut Box<dyn Input>, encoding: Encoding) -> Result<Option<char>, FileFault> {
    input.rewind()?;
    let mut records = RecordReader::open(Box::new(&mut *input), encoding, '\u{1f}');
    let first =
        records.next()?.and_then(|record| record.cells.into_iter().next()).unwrap_or_default();
    let mut letters = match first.trim_matches(['"', ' ']).get(..4) {
        Some(word) if word.eq_ignore_ascii_case("sep=") => {
            first.trim_start_matches(['"', ' ']).chars().skip(4)
        }
        _ => return Ok(None),
    };
    Ok(letters.next())
}

/// The first records, and whether one of them is not text in the encoding.
fn first(
    input: &mut Box<dyn Input>,
    encoding: Encoding,
    delimiter: char,
    behind: bool,
) -> Result<(Vec<head::HeadRow>, bool), FileFault> {
    let mut records = RecordReader::open(Box::new(&mut *input), encoding, delimiter);
    if behind {
        records.next()?;
    }
    let (mut lines, mut bad) = (Vec::new(), false);
    while lines.len() < head::ROWS {
        let Some(record) = records.next()? else { break };
        let fault = record.fault.as_ref();
        bad |= fault.is_some_and(|fault| !matches!(fault, RowProblem::Ragged { .. }));
        let cells = if fault.is_some() { Vec::new() } else { record.cells };
        lines.push(head::HeadRow { number: record.line, cells });
    }
    Ok((lines, bad))
}
