//! What files and their rows are, whatever the format.

use std::io::{Read, Seek};
use std::sync::Arc;

use chrono::NaiveDate;
use entity::catalogue::Family;

use crate::{
    store::reference::Reference,
    submit::{parse::InputRow, verdict::RowRemark},
};

/// Where the bytes of a file come from.
pub trait Input: Read + Seek + Send {}

impl<T: Read + Seek + Send> Input for T {}

/// What the reading of a file goes by.
#[derive(Clone)]
pub struct ReadOptions {
    /// The family its rows are of.
    pub family: &'static Family,
    /// Code tables, for cells that give a name in place of a code.
    pub reference: Arc<Reference>,
    /// The day it is in China; a name without a date beside it is looked for in the editions of
    /// this day.
    pub today: NaiveDate,
    /// How much a file may ask for.
    pub limits: WorkbookLimits,
    /// Whether hidden rows and columns of a workbook are left.
    pub leave_hidden: bool,
}

/// How much a workbook may ask for. NDJSON and CSV are read in bounded memory whatever their size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkbookLimits {
    /// Most bytes of a workbook as it is sent.
    pub packed: u64,
    /// Most bytes of all its parts together, unpacked.
    pub unpacked: u64,
    /// Most times by which it may grow when it is unpacked; small files (up to 16 MiB unpacked) may
    /// grow as they like.
    pub growth: u64,
    /// Most bytes of its shared strings, unpacked: they are held in memory, at up to three times
    /// that.
    pub shared_strings: u64,
    /// Most columns with something in the heading row.
    pub columns: usize,
}

impl Default for WorkbookLimits {
    fn default() -> Self {
        Self {
            packed: 64 << 20,
            unpacked: 512 << 20,
            growth: 200,
            shared_strings: 128 << 20,
            columns: 1000,
        }
    }
}

/// A row as it was found.
#[derive(Clone, Debug, PartialEq)]
pub struct FileRow {
    /// Where it stands, as people see it: the line where it begins (the heading is line 1), or the
    /// row of the sheet.
    pub row: u64,
    /// Its values by field name; of a row with faults, what could be read, to be shown to whoever
    /// mends it.
    pub values: InputRow,
    /// Why it cannot be taken in; such a row must not be submitted.
    pub faults: Vec<RowRemark>,
    /// What somebody should look at in a row that is taken.
    pub findings: Vec<RowRemark>,
}
