//! A workbook as import profiles read it: the rows of one sheet as texts, with row numbers as
//! people see them. The profile interprets the cells; cells that cannot be read are reported with
//! the row.

use std::collections::HashSet;
use std::io::BufReader;
use std::sync::{
    Arc, Mutex,
    mpsc::{Receiver, SyncSender, sync_channel},
};
use std::thread::{Builder, JoinHandle};

use calamine::{DataRef, Reader, SheetVisible, Xlsx};

use super::{
    cells::{CellRows, MOST_COLUMNS, RawRow},
    excel,
    facts::{self, Facts},
    fault::FileFault,
    head, package,
    rows::{Input, WorkbookLimits},
    source::RememberingSource,
    workbook::WorkbookSource,
};
use crate::domain::text::squeezed;
use crate::import::{
    error::ImportError,
    problem::{RowProblem, Unread},
    reader::CsvRecord,
    rows::TableRows,
};

/// Rows read ahead.
const AHEAD: usize = 256;
/// First bytes of a workbook, which is a ZIP archive.
pub const MAGIC: [u8; 4] = *b"PK\x03\x04";

/// Which sheet is read, and how.
pub struct SheetRequest {
    /// Name of the sheet; `None` chooses the visible one with the most of the headings.
    pub sheet: Option<String>,
    /// Names of the columns the profile uses.
    pub headings: Vec<String>,
    /// Whether hidden rows and columns are skipped.
    pub leave_hidden: bool,
}

/// The rows of a sheet. The library reads it by borrowing the workbook, so both live on a thread of
/// their own.
pub struct FlatSheet {
    rows: Receiver<CsvRecord>,
    reader: Option<JoinHandle<Result<(), FileFault>>>,
}

impl FlatSheet {
    /// Begins to read.
    ///
    /// # Errors
    /// What beginning a thread raises; what is wrong with the workbook comes with the rows.
    pub fn open(input: Box<dyn Input>, wanted: SheetRequest) -> Result<Self, ImportError> {
        let (send, rows) = sync_channel(AHEAD);
        let failure = Arc::new(Mutex::new(None));
        let source = RememberingSource::new(input, Arc::clone(&failure));
        let run = move || {
            read(source, &wanted, &send).map_err(|fault| {
                match failure.lock().ok().and_then(|mut failure| failure.take()) {
                    Some(error) => FileFault::Source(error),
                    None => fault,
                }
            })
        };
        Ok(Self { rows, reader: Some(Builder::new().name("workbook".to_owned()).spawn(run)?) })
    }
}

impl TableRows for FlatSheet {
    fn next(&mut self) -> Result<Option<CsvRecord>, ImportError> {
        if let Ok(record) = self.rows.recv() {
            return Ok(Some(record));
        }
        match self.reader.take().map(JoinHandle::join) {
            Some(Ok(Ok(()))) | None => Ok(None),
            Some(Ok(Err(FileFault::Source(error)))) => Err(ImportError::Io(error)),
            Some(Ok(Err(fault))) => Err(unusable(&fault)),
            Some(Err(_)) => Err(unusable(&FileFault::NotAWorkbook)),
        }
    }
}

fn unusable(fault: &FileFault) -> ImportError {
    let text = fault.text();
    ImportError::Workbook { code: fault.code(), zh: text.zh, en: text.en }
}

fn read(
    source: RememberingSource,
    wanted: &SheetRequest,
    out: &SyncSender<CsvRecord>,
) -> Result<(), FileFault> {
    let limits = WorkbookLimits::default();
    let mut source = BufReader::with_capacity(1 << 16, source);
    package::check(&mut source, &limits)?;
    let mut facts = facts::read(&mut source)?;
    let mut book = Xlsx::new(source).map_err(|_| FileFault::NotAWorkbook)?;
    let name = choose(&mut book, wanted, &limits)?;
    let facts = facts.remove(&name).unwrap_or_default();
    let cells = book.worksheet_cells_reader(&name).map_err(|_| FileFault::NotAWorkbook)?;
    let mut cells = CellRows::new(cells, &limits);
    let hidden = if wanted.leave_hidden { facts.hidden_columns(MOST_COLUMNS) } else { Vec::new() };
    let mut sheet = FlatPart { facts, hidden, held: Vec::new() };
    while let Some(raw) = cells.row()? {
        if wanted.leave_hidden && sheet.facts.hides_row(raw.row) {
            continue;
        }
        if out.send(sheet.record(&raw)).is_err() {
            break;
        }
    }
    Ok(())
}

/// The name of the sheet to read.
fn choose(
    book: &mut Xlsx<WorkbookSource>,
    wanted: &SheetRequest,
    limits: &WorkbookLimits,
) -> Result<String, FileFault> {
    let sheets: Vec<(String, bool)> = book
        .sheets_metadata()
        .iter()
        .map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible))
        .collect();
    if let Some(name) = &wanted.sheet {
        let own = sheets.iter().find(|(sheet, _)| squeezed(sheet) == squeezed(name));
        return own
            .map(|(sheet, _)| sheet.clone())
            .ok_or(FileFault::SheetMissing { looked: Vec::new() });
    }
    let headings: HashSet<String> = wanted.headings.iter().map(|name| squeezed(name)).collect();
    let mut best: Option<(usize, String)> = None;
    for (name, _) in sheets.into_iter().filter(|(_, visible)| *visible) {
        let Ok(cells) = book.worksheet_cells_reader(&name) else { continue };
        let mut cells = CellRows::new(cells, limits);
        let mut seen: HashSet<String> = HashSet::new();
        for _ in 0..head::ROWS {
            let Some(raw) = cells.row()? else { break };
            seen.extend(
                raw.texts()
                    .iter()
                    .map(|text| squeezed(text))
                    .filter(|text| headings.contains(text)),
            );
        }
        if best.as_ref().is_none_or(|(most, _)| seen.len() > *most) {
            best = Some((seen.len(), name));
        }
    }
    best.map(|(_, name)| name).ok_or(FileFault::SheetMissing { looked: Vec::new() })
}

/// The content of a cell that is merged over the rows below it.
struct MergedText {
    place: usize,
    until: u32,
    text: String,
    unread: Option<Unread>,
}

struct FlatPart {
    facts: Facts,
    /// For each column whether it is skipped; those beyond are not.
    hidden: Vec<bool>,
    held: Vec<MergedText>,
}

impl FlatPart {
    fn record(&mut self, raw: &RawRow<'_>) -> CsvRecord {
        let row = raw.row;
        self.held.retain(|held| held.until >= row);
        let mut record = CsvRecord {
            line: u64::from(row) + 1,
            cells: Vec::new(),
            fault: None,
            unread: Vec::new(),
        };
        for cell in &raw.cells {
            let place = (cell.place as usize).min(MOST_COLUMNS);
            if self.hidden.get(place).is_some_and(|hidden| *hidden) {
                continue;
            }
            let (text, unread) = if cell.formula && cell.value == DataRef::Empty {
                (String::new(), Some(Unread::NotComputed))
            } else {
                excel::plain(&cell.value)
            };
            let below = self
                .facts
                .beginning_in(row)
                .find(|merge| merge.columns.0 == cell.place && merge.rows.1 > row);
            if let Some(merge) = below {
                self.held.push(MergedText {
                    place,
                    until: merge.rows.1,
                    text: text.clone(),
                    unread,
                });
            }
            put(&mut record, place, text, unread);
        }
        for held in &self.held {
            if record.cells.get(held.place).is_none_or(String::is_empty)
                && !record.unread.iter().any(|(place, _)| *place == held.place)
            {
                put(&mut record, held.place, held.text.clone(), held.unread);
            }
        }
        if raw.cut {
            record.fault = Some(RowProblem::LineTooLong);
        }
        record
    }
}

fn put(record: &mut CsvRecord, place: usize, text: String, unread: Option<Unread>) {
    if record.cells.len() <= place {
        record.cells.resize(place + 1, String::new());
    }
    record.unread.extend(unread.map(|why| (place, why)));
    if let Some(cell) = record.cells.get_mut(place) {
        *cell = text;
    }
}
