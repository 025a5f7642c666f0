//! XLSX: cells of one sheet, read as they come.
//!
//! The sheet is the one named 数据, else the visible one with the best head. Of a formula the value
//! counts that was kept in the file; nothing is computed and nothing is fetched from elsewhere, and
//! a formula without a kept value is a fault: what could not be read never empties anything. A cell
//! merged over several rows holds for all of them.
//!
//! The library reads a sheet by borrowing the workbook, so both live on a thread of their own,
//! which hands rows over one by one and stops when nobody takes them. A fault inside the library
//! ends that thread and the reading, and nothing else.

use std::collections::HashSet;
use std::io::BufReader;
use std::sync::{
    Arc, Mutex,
    mpsc::{Receiver, SyncSender, sync_channel},
};
use std::thread::{Builder, JoinHandle};

use calamine::{DataRef, DataType, Reader, Xlsx};

use super::{
    body::Body,
    cells::{CellRows, FilledCell, RawRow},
    excel,
    facts::{self, Facts},
    fault::{FileFault, RowFault},
    head::{self, SheetColumns},
    heading::HeadingColumn,
    package,
    report::Report,
    row_sort::{CellKind, RowSort},
    rows::{FileRow, Input, ReadOptions},
    sheet_choice::choose,
    shown,
    source::RememberingSource,
};
use crate::import::problem::RowProblem;

/// The sheet of the template in which the rows stand.
pub const DATA: &str = "数据";
/// Rows read ahead.
const AHEAD: usize = 256;

pub(super) type WorkbookSource = BufReader<RememberingSource>;

/// Reads rows of a sheet.
pub struct SheetReader {
    rows: Receiver<Option<FileRow>>,
    reader: Option<JoinHandle<Result<(), FileFault>>>,
    report: Arc<Mutex<Report>>,
}

impl SheetReader {
    pub fn open(input: Box<dyn Input>, reading: ReadOptions) -> Result<Self, FileFault> {
        let (send, rows) = sync_channel(AHEAD);
        let failure = Arc::new(Mutex::new(None));
        let source = RememberingSource::new(input, Arc::clone(&failure));
        let report: Arc<Mutex<Report>> = Arc::default();
        let kept = Arc::clone(&report);
        let read = move || {
            read(source, reading, &send, &kept).map_err(|fault| {
                match failure.lock().ok().and_then(|mut failure| failure.take()) {
                    Some(error) => FileFault::Source(error),
                    None => fault,
                }
            })
        };
        let reader = Builder::new().name("workbook".to_owned()).spawn(read)?;
        let mut this = Self { rows, reader: Some(reader), report };
        match this.rows.recv() {
            Ok(_) => Ok(this),
            Err(_) => Err(this.end().err().unwrap_or(FileFault::NotAWorkbook)),
        }
    }

    pub fn next(&mut self) -> Result<Option<FileRow>, FileFault> {
        match self.rows.recv() {
            Ok(item) => Ok(item),
            Err(_) => self.end().map(|()| None),
        }
    }

    /// What was made of the sheet as a whole, once it was read.
    pub fn report(&self) -> Report {
        self.report.lock().map(|report| report.clone()).unwrap_or_default()
    }

    /// How the reading ended; asked again, it has ended well.
    fn end(&mut self) -> Result<(), FileFault> {
        match self.reader.take().map(JoinHandle::join) {
            Some(Ok(end)) => end,
            Some(Err(_)) => Err(FileFault::NotAWorkbook),
            None => Ok(()),
        }
    }
}

/// Reads the whole sheet. `None` is handed over once the headings are understood, then a row after
/// the other.
fn read(
    source: RememberingSource,
    reading: ReadOptions,
    out: &SyncSender<Option<FileRow>>,
    kept: &Mutex<Report>,
) -> Result<(), FileFault> {
    let mut source = BufReader::with_capacity(1 << 16, source);
    package::check(&mut source, &reading.limits)?;
    let mut facts = facts::read(&mut source)?;
    let mut book = Xlsx::new(source).map_err(|_| FileFault::NotAWorkbook)?;
    let from_1904 = book.has_1904_epoch();
    let mut report = Report { hidden_left: reading.leave_hidden, ..Report::default() };
    let chosen = choose(&mut book, &facts, &reading, &mut report)?;
    let mut facts = facts.remove(&chosen.sheet).unwrap_or_default();
    let width = chosen.lines.iter().map(|line| line.cells.len()).max().unwrap_or_default();
    if width > reading.limits.columns || chosen.cut {
        return Err(FileFault::TooManyColumns { most: reading.limits.columns });
    }
    let hidden = facts.hidden_columns(width);
    report.sheet = Some(chosen.sheet.clone());
    let cells = book.worksheet_cells_reader(&chosen.sheet).map_err(|_| FileFault::NotAWorkbook)?;
    let formats = shown::formats(cells, chosen.head())?;
    facts.marked.struck.extend(&formats.struck);
    let around = SheetColumns {
        hidden: &hidden,
        formats: Some(&formats.columns),
        name: Some(&chosen.sheet),
    };
    let head = head::read(reading.family, &chosen.lines, chosen.place, around, &mut report)?;
    let named = |(hidden, column): &(&bool, &HeadingColumn)| {
        **hidden && !matches!(column, HeadingColumn::Unnamed)
    };
    report.hidden_columns = hidden.iter().zip(&head.columns).filter(named).count() as u64;
    let cells = book.worksheet_cells_reader(&chosen.sheet).map_err(|_| FileFault::NotAWorkbook)?;
    let mut cells = CellRows::new(cells, &reading.limits);
    if out.send(None).is_err() {
        return Ok(());
    }
    let last = head.last;
    let mut table = SheetTable {
        body: Body::new(head, report, &reading),
        facts,
        undated: formats.undated,
        from_1904,
        held: Vec::new(),
        before: last,
    };
    while let Some(raw) = cells.row()? {
        if u64::from(raw.row) < last {
            continue;
        }
        if let Some(item) = table.take(raw)?
            && out.send(Some(item)).is_err()
        {
            break;
        }
    }
    if let Ok(mut kept) = kept.lock() {
        *kept = table.body.report;
    }
    Ok(())
}

/// What stands in a cell that is merged over the rows below it.
struct MergedCell {
    place: usize,
    until: u32,
    text: String,
    faults: Vec<RowFault>,
}

/// The rows of a sheet below its head.
struct SheetTable {
    body: Body,
    facts: Facts,
    /// Cells whose day is not shown.
    undated: HashSet<(u32, u32)>,
    from_1904: bool,
    held: Vec<MergedCell>,
    /// Number of the row before.
    before: u64,
}

impl SheetTable {
    /// A row as it is handed on; none if it is no record.
    fn take(&mut self, raw: RawRow<'_>) -> Result<Option<FileRow>, FileFault> {
        let (row, number) = (raw.row, u64::from(raw.row) + 1);
        self.body.skip_blank(number.saturating_sub(self.before + 1));
        self.before = number;
        self.held.retain(|held| held.until >= row);
        let shown: Vec<(usize, CellKind<'_>)> =
            raw.cells.iter().map(|cell| (cell.place as usize, cell.shown())).collect();
        let wide = |cell: &FilledCell<'_>| {
            self.facts
                .beginning_in(row)
                .any(|merge| merge.columns.0 == cell.place && merge.columns.1 > cell.place + 1)
        };
        let alone = matches!(raw.cells.as_slice(), [cell] if wide(cell));
        let sort = self.body.sort(&shown, alone);
        self.body.first(sort, number, &shown)?;
        if sort != RowSort::Record {
            self.body.leave(sort, number, &shown)?;
            return Ok(None);
        }
        let mut read = self.body.row(number);
        let key = self.body.family.key_field().map_or("", |field| field.name);
        let mut own = Vec::with_capacity(raw.cells.len());
        for cell in &raw.cells {
            let place = cell.place as usize;
            own.push(place);
            let column = self.body.column(place);
            let (text, mut faults): (String, Vec<RowFault>) = match column {
                HeadingColumn::Field(field, _) | HeadingColumn::TimeOf(field)
                    if cell.formula && cell.value == DataRef::Empty =>
                {
                    (String::new(), vec![RowFault::NotComputed { field: field.name }])
                }
                HeadingColumn::Field(field, _)
                    if self.undated.contains(&(row, cell.place)) && excel::is_day(field) =>
                {
                    (String::new(), vec![RowFault::DayNotShown { field: field.name }])
                }
                HeadingColumn::Field(field, _)
                    if self.facts.marked.blur(
                        (row, cell.place),
                        (field, key),
                        cell.value.get_string(),
                    ) =>
                {
                    (String::new(), vec![RowFault::Marked { field: field.name }])
                }
                HeadingColumn::Field(field, unit) => {
                    let (text, fault) = excel::text(field, &cell.value, self.from_1904);
                    (cell.in_column(unit, text.unwrap_or_default()), fault.into_iter().collect())
                }
                HeadingColumn::TimeOf(_) => (excel::plain(&cell.value).0, Vec::new()),
                HeadingColumn::Origin(_) | HeadingColumn::Industry | HeadingColumn::UnitOfRow => {
                    (cell.value.as_string().unwrap_or_default(), Vec::new())
                }
                HeadingColumn::Passed => continue,
                HeadingColumn::Unnamed => {
                    read.without_heading();
                    continue;
                }
            };
            if let Some(merge) =
                self.facts.beginning_in(row).find(|merge| merge.columns.0 == cell.place)
            {
                if let Some(field) = column.field() {
                    let fields = (merge.columns.0..=merge.columns.1)
                        .filter(|place| self.body.column(*place as usize).is_taken());
                    if fields.count() > 1 {
                        faults.push(RowFault::MergedAcross { field: field.name });
                    }
                    if merge.rows.1 > row && field.name == key {
                        faults.push(RowFault::KeyMerged { field: field.name });
                    } else if merge.rows.1 > row && field.sum {
                        faults.push(RowFault::AmountMerged { field: field.name });
                    }
                }
                if merge.rows.1 > row {
                    self.held.push(MergedCell {
                        place,
                        until: merge.rows.1,
                        text: text.clone(),
                        faults: faults.clone(),
                    });
                }
            }
            read.faults.extend(faults);
            read.put(column, self.body.other(place), text);
        }
        if raw.cut {
            read.faults.push(RowFault::Raw(RowProblem::LineTooLong));
        }
        // A merged cell alone makes no record of the blank rows that it covers.
        if !read.is_blank() {
            for held in self.held.iter().filter(|held| !own.contains(&held.place)) {
                read.put(
                    self.body.column(held.place),
                    self.body.other(held.place),
                    held.text.clone(),
                );
                read.faults.extend(held.faults.iter().cloned());
            }
        }
        if self.facts.hides_row(row) && !read.is_blank() {
            self.body.report.hidden_rows += 1;
            if self.body.report.hidden_left {
                return Ok(None);
            }
        }
        Ok(self.body.finish(read))
    }
}
