//! XLSX: cells of one sheet, read as they come.
//!
//! The sheet is the one named 数据, else the first visible one with a known heading; the headings stand in its first row
//! that is not empty. Hidden rows are read like all others: a filter hides rows, it does not take them back. Of a formula
//! the value counts that was kept in the file; nothing is computed and nothing is fetched from elsewhere.
//!
//! The library reads a sheet by borrowing the workbook, so both live on a thread of their own, which hands rows over one by
//! one and stops when nobody takes them. A fault inside the library ends that thread and the reading, and nothing else.

use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::sync::{
    Arc, Mutex,
    mpsc::{Receiver, SyncSender, sync_channel},
};
use std::thread::{Builder, JoinHandle};

use calamine::{Cell, DataRef, DataType, Reader, SheetVisible, Xlsx, XlsxCellReader};
use entity::catalogue::Family;

use super::{
    codes::Names,
    delimited::Row,
    excel,
    fault::{FileFault, RowFault},
    heading::{self, Column},
    package,
    rows::{Input, Item, Limits, Reading},
};
use crate::import::{problem::Fault, reader::MAX_RECORD_BYTES};

/// The sheet of the template in which the rows stand.
pub const DATA: &str = "数据";
/// Rows read ahead.
const AHEAD: usize = 256;

type Source = BufReader<Watched>;

/// Reads rows of a sheet.
pub struct Sheet {
    rows: Receiver<Option<Item>>,
    reader: Option<JoinHandle<Result<(), FileFault>>>,
}

impl Sheet {
    pub fn open(input: Box<dyn Input>, reading: Reading) -> Result<Self, FileFault> {
        let (send, rows) = sync_channel(AHEAD);
        let failure = Arc::new(Mutex::new(None));
        let source = Watched { inner: input, failure: Arc::clone(&failure) };
        let read = move || {
            read(source, reading, &send).map_err(|fault| match failure.lock().ok().and_then(|mut failure| failure.take()) {
                Some(error) => FileFault::Source(error),
                None => fault,
            })
        };
        let reader = Builder::new().name("workbook".to_owned()).spawn(read)?;
        let mut this = Self { rows, reader: Some(reader) };
        match this.rows.recv() {
            Ok(_) => Ok(this),
            Err(_) => Err(this.end().err().unwrap_or(FileFault::NotAWorkbook)),
        }
    }

    pub fn next(&mut self) -> Result<Option<Item>, FileFault> {
        match self.rows.recv() {
            Ok(item) => Ok(item),
            Err(_) => self.end().map(|()| None),
        }
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

/// A source that remembers why it failed: the libraries in between say only that it did.
struct Watched {
    inner: Box<dyn Input>,
    failure: Arc<Mutex<Option<io::Error>>>,
}

impl Watched {
    fn note<T>(&self, result: io::Result<T>) -> io::Result<T> {
        result.map_err(|error| {
            let kind = error.kind();
            if kind != io::ErrorKind::Interrupted
                && kind != io::ErrorKind::InvalidInput
                && let Ok(mut failure) = self.failure.lock()
            {
                failure.get_or_insert(error);
            }
            kind.into()
        })
    }
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let result = self.inner.read(buffer);
        self.note(result)
    }
}

impl Seek for Watched {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let result = self.inner.seek(to);
        self.note(result)
    }
}

/// Reads the whole sheet. `None` is handed over once the headings are understood, then a row after the other.
fn read(source: Watched, reading: Reading, out: &SyncSender<Option<Item>>) -> Result<(), FileFault> {
    let mut source = BufReader::with_capacity(1 << 16, source);
    package::check(&mut source, &reading.limits)?;
    let mut book = Xlsx::new(source).map_err(|_| FileFault::NotAWorkbook)?;
    let sheet = choose(&mut book, reading.family, &reading.limits)?;
    let cells = book.worksheet_cells_reader(&sheet).map_err(|_| FileFault::NotAWorkbook)?;
    let mut cells = Cells::new(cells, &reading.limits);
    let header = cells.row()?.ok_or(FileFault::HeaderMissing)?;
    if header.cells.len() > reading.limits.columns || header.cut {
        return Err(FileFault::TooManyColumns { most: reading.limits.columns });
    }
    let headings = header.headings();
    let columns = heading::columns(reading.family, headings.iter().map(String::as_str))?;
    let names = Names::new(reading.family, reading.reference, reading.today);
    if out.send(None).is_err() {
        return Ok(());
    }
    while let Some(raw) = cells.row()? {
        let row = row(raw, &columns);
        if row.is_blank() || row.is_example(reading.family) {
            continue;
        }
        let mut row = row;
        row.resolve(&names);
        if out.send(Some(row.finish())).is_err() {
            break;
        }
    }
    Ok(())
}

fn row(raw: Raw<'_>, columns: &[Column]) -> Row {
    let mut row = Row::new(u64::from(raw.row) + 1);
    for (place, cell) in raw.cells {
        match columns.get(place as usize).copied().unwrap_or(Column::Unnamed) {
            Column::Field(field) => {
                let (text, fault) = excel::text(field, &cell);
                row.put(Column::Field(field), text.unwrap_or_default());
                row.faults.extend(fault);
            }
            Column::Added => {}
            Column::Unnamed => row.without_heading(),
        }
    }
    if raw.cut {
        row.faults.push(RowFault::Raw(Fault::LineTooLong));
    }
    row
}

/// The sheet to read.
fn choose(book: &mut Xlsx<Source>, family: &'static Family, limits: &Limits) -> Result<String, FileFault> {
    let sheets: Vec<(String, bool)> =
        book.sheets_metadata().iter().map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible)).collect();
    if let Some((name, _)) = sheets.iter().find(|(name, _)| name == DATA) {
        return Ok(name.clone());
    }
    for (name, _) in sheets.into_iter().filter(|(_, visible)| *visible) {
        // What is no worksheet, such as a page with a chart alone, is passed over.
        let Ok(cells) = book.worksheet_cells_reader(&name) else { continue };
        let header = Cells::new(cells, limits).row()?;
        if header.is_some_and(|header| header.headings().iter().any(|heading| heading::is_known(family, heading))) {
            return Ok(name);
        }
    }
    Err(FileFault::SheetMissing)
}

/// Cells of one row that hold something.
struct Raw<'a> {
    row: u32,
    cells: Vec<(u32, DataRef<'a>)>,
    /// Cells were dropped: there were too many, or they were too long.
    cut: bool,
}

impl Raw<'_> {
    /// The texts by column, empty where nothing stands.
    fn headings(&self) -> Vec<String> {
        let mut headings = Vec::new();
        for (place, cell) in &self.cells {
            let place = (*place as usize).min(MOST_COLUMNS);
            if headings.len() <= place {
                headings.resize(place + 1, String::new());
            }
            if let Some(heading) = headings.get_mut(place) {
                // What is no text is no heading either, but has to be named as unknown.
                *heading = cell.as_string().unwrap_or_else(|| "?".to_owned());
            }
        }
        headings
    }
}

/// Columns of a sheet of Excel.
const MOST_COLUMNS: usize = 16_383;

/// Cells of a sheet, gathered to rows.
struct Cells<'a> {
    reader: XlsxCellReader<'a, Source>,
    pending: Option<Cell<DataRef<'a>>>,
    last: u32,
    most: usize,
    end: Option<End>,
}

/// How a sheet ends behind the row just given.
#[derive(Clone, Copy)]
enum End {
    Whole,
    Broken,
}

impl<'a> Cells<'a> {
    fn new(reader: XlsxCellReader<'a, Source>, limits: &Limits) -> Self {
        Self { reader, pending: None, last: 0, most: limits.columns, end: None }
    }

    /// The next row with something in it.
    fn row(&mut self) -> Result<Option<Raw<'a>>, FileFault> {
        let mut raw: Option<Raw<'a>> = None;
        let mut bytes = 0;
        match self.end {
            Some(End::Whole) => return Ok(None),
            Some(End::Broken) => return Err(self.damaged()),
            None => {}
        }
        loop {
            let cell = match self.cell() {
                Ok(Some(cell)) if cell.get_position().0 >= self.last => cell,
                Ok(None) => {
                    self.end = Some(End::Whole);
                    break;
                }
                _ if raw.is_some() => {
                    // What was read before is whole.
                    self.end = Some(End::Broken);
                    break;
                }
                _ => return Err(self.damaged()),
            };
            let (row, place) = cell.get_position();
            if raw.as_ref().is_some_and(|raw| raw.row != row) {
                self.pending = Some(cell);
                break;
            }
            self.last = row;
            let raw = raw.get_or_insert_with(|| Raw { row, cells: Vec::new(), cut: false });
            bytes += cell.get_value().get_string().map_or(8, str::len);
            if raw.cells.len() > self.most || bytes > MAX_RECORD_BYTES {
                raw.cut = true;
            } else {
                raw.cells.push((place, cell.get_value().clone()));
            }
        }
        Ok(raw)
    }

    fn cell(&mut self) -> Result<Option<Cell<DataRef<'a>>>, FileFault> {
        if let Some(cell) = self.pending.take() {
            return Ok(Some(cell));
        }
        while let Some(cell) = self.reader.next_cell().map_err(|_| self.damaged())? {
            let blank = cell.get_value().get_string().is_some_and(|text| text.trim().is_empty());
            if !blank && *cell.get_value() != DataRef::Empty {
                return Ok(Some(cell));
            }
        }
        Ok(None)
    }

    const fn damaged(&self) -> FileFault {
        FileFault::SheetDamaged { row: self.last as u64 + 1 }
    }
}
