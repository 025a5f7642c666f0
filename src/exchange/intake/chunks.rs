//! The rows of a file in chunks, cut the same way at every reading, so that a chunk is identified
//! by its number. A thread reads a few chunks ahead.

use std::{collections::HashSet, sync::Arc};

use chrono::NaiveDate;
use entity::catalogue::{Catalogue, Family};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use crate::{
    error::{HubError, Text},
    exchange::{
        format::{self, fault::FileFault, media::Format, report::Report, rows},
        intake::content::{JobContent, Reread},
    },
    import::{
        counts::RowCounts, error::ImportError, problem::Problem, profile::Profile, survey::Survey,
    },
    store::reference::Reference,
    submit::{
        parse::{InputRow, natural_key},
        pipeline::MOST_ROWS,
        verdict::{RowOutcome, RowRemark, RowVerdict},
    },
};

/// A chunk ends with the row that makes its text longer than this.
const MOST_BYTES: usize = 4 << 20;
/// Chunks that may be read ahead.
const AHEAD: usize = 2;

/// How a file is read.
#[derive(Clone)]
pub struct ChunkOptions {
    /// Format of the file.
    pub format: Format,
    /// Character encoding the sender declared; `None` leaves it to detection. A profile holds it
    /// itself.
    pub charset: Option<String>,
    /// Family of its rows; with a profile, the main one.
    pub family: &'static Family,
    /// Import profile that turns its lines into rows; `None` when they are rows already.
    pub profile: Option<Arc<Profile>>,
    /// The catalogue, to find the families a profile produces.
    pub catalogue: Arc<Catalogue>,
    /// Code tables, for codes written by name.
    pub reference: Arc<Reference>,
    /// The current date in China, which decides the edition of codes.
    pub today: NaiveDate,
    /// Whether hidden rows and columns of a workbook are skipped.
    pub leave_hidden: bool,
}

/// A row read from a file.
#[derive(Clone, Debug)]
pub struct Handed {
    /// Lines of the file it comes from, as people count them: one, or all that a profile made it
    /// from.
    pub lines: Vec<u64>,
    /// Values by field name.
    pub values: InputRow,
    /// Faults found while reading; such a row is rejected without being submitted.
    pub faults: Vec<RowRemark>,
    /// Findings made while reading, in addition to those of the submission.
    pub findings: Vec<RowRemark>,
}

impl Handed {
    /// The first of its lines.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.lines.first().copied().unwrap_or_default()
    }
}

/// Rows of one family that are submitted together.
#[derive(Clone, Debug)]
pub struct Chunk {
    /// Number of the chunk within its file, from 0.
    pub number: i32,
    /// Record family of all its rows.
    pub family: &'static Family,
    /// Rows in file order, including those that are rejected.
    pub rows: Vec<Handed>,
    /// Counts of the import profile over the lines of the file; only with the first chunk.
    pub survey: Option<Arc<RowCounts>>,
    /// Report on the table as a whole; only with the last chunk, which may have no rows.
    pub report: Option<Arc<Report>>,
}

impl Chunk {
    /// The rows without faults, which are submitted.
    #[must_use]
    pub fn clean(&self) -> Vec<InputRow> {
        self.rows.iter().filter(|row| row.faults.is_empty()).map(|row| row.values.clone()).collect()
    }

    /// A verdict for every row, given the verdicts on the submitted ones.
    #[must_use]
    pub fn verdicts(&self, answered: Vec<RowVerdict>) -> Vec<RowVerdict> {
        let mut answered = answered.into_iter();
        let merge = |(index, row): (usize, &Handed)| {
            let own = if row.faults.is_empty() { answered.next() } else { None };
            let own = own.map(|mut verdict| {
                verdict.findings.extend(row.findings.iter().cloned());
                RowVerdict { row: index, ..verdict }
            });
            own.unwrap_or_else(|| refused(index, row.faults.clone()))
        };
        self.rows.iter().enumerate().map(merge).collect()
    }
}

fn refused(row: usize, faults: Vec<RowRemark>) -> RowVerdict {
    RowVerdict {
        row,
        outcome: RowOutcome::Rejected,
        id: None,
        version: None,
        faults,
        findings: Vec::new(),
    }
}

/// Reads a file on a separate thread, which ends with the file, at the first error, or when the
/// receiver is gone.
#[must_use]
pub fn read(
    reading: ChunkOptions,
    content: Arc<dyn JobContent>,
) -> mpsc::Receiver<Result<Chunk, HubError>> {
    let (sender, receiver) = mpsc::channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        let mut out = ChunkWriter {
            sender,
            number: 0,
            family: reading.family,
            rows: Vec::new(),
            bytes: 0,
            survey: None,
            report: None,
        };
        let result = match reading.profile.clone() {
            Some(profile) => mapped(&mut out, &reading, &profile, content.as_ref()),
            None => plain(&mut out, &reading, content.as_ref()),
        };
        let result = result.and_then(|()| out.flush());
        if let Err(Stop::Fault(error)) = result {
            // If the receiver is gone, nobody needs the error.
            let _ = out.sender.blocking_send(Err(error));
        }
    });
    receiver
}

/// Why reading ends early.
enum Stop {
    Fault(HubError),
    Unheard,
}

impl From<HubError> for Stop {
    fn from(error: HubError) -> Self {
        Self::Fault(error)
    }
}

impl From<ImportError> for Stop {
    fn from(error: ImportError) -> Self {
        Self::Fault(unusable(error))
    }
}

/// Why a profile cannot process a file.
pub(super) fn unusable(error: ImportError) -> HubError {
    match error {
        ImportError::Io(cause) => unread(cause),
        other => {
            HubError::File(other.file_code(), Text::new(other.message_zh(), other.to_string()))
        }
    }
}

/// The error of reading content: a job's content comes from the database, whose error is inside.
fn unread(cause: std::io::Error) -> HubError {
    match cause.downcast::<HubError>() {
        Ok(error) => error,
        Err(cause) => HubError::internal(cause),
    }
}

fn spoiled(fault: FileFault) -> HubError {
    match fault {
        FileFault::Source(cause) => unread(cause),
        other => other.into(),
    }
}

/// Collects rows and hands them on as chunks.
struct ChunkWriter {
    sender: mpsc::Sender<Result<Chunk, HubError>>,
    number: i32,
    family: &'static Family,
    rows: Vec<Handed>,
    bytes: usize,
    survey: Option<Arc<RowCounts>>,
    report: Option<Arc<Report>>,
}

impl ChunkWriter {
    fn add(&mut self, family: &'static Family, row: Handed) -> Result<(), Stop> {
        if family.name != self.family.name {
            self.flush()?;
            self.family = family;
        }
        self.bytes += row
            .values
            .iter()
            .map(|(name, value)| name.len() + value.as_str().map_or(8, str::len))
            .sum::<usize>();
        self.rows.push(row);
        if self.rows.len() >= MOST_ROWS || self.bytes >= MOST_BYTES { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), Stop> {
        if self.rows.is_empty() && self.survey.is_none() && self.report.is_none() {
            return Ok(());
        }
        let chunk = Chunk {
            number: self.number,
            family: self.family,
            rows: std::mem::take(&mut self.rows),
            survey: self.survey.take(),
            report: self.report.take(),
        };
        self.number += 1;
        self.bytes = 0;
        self.sender.blocking_send(Ok(chunk)).map_err(|_| Stop::Unheard)
    }
}

/// Rows of one family, by field name.
fn plain(
    out: &mut ChunkWriter,
    reading: &ChunkOptions,
    content: &dyn JobContent,
) -> Result<(), Stop> {
    let input = content.open().map_err(unread)?;
    let family = reading.family;
    let by = rows::ReadOptions {
        family,
        reference: Arc::clone(&reading.reference),
        today: reading.today,
        limits: rows::WorkbookLimits::default(),
        leave_hidden: reading.leave_hidden,
    };
    let mut rows =
        format::open(reading.format, reading.charset.as_deref(), input, by).map_err(spoiled)?;
    let key_field = family.key_field().map(|field| field.name);
    let mut seen: HashSet<[u8; 16]> = HashSet::new();
    while let Some(item) = rows.next().map_err(spoiled)? {
        let mut row = Handed {
            lines: vec![item.row],
            values: item.values,
            faults: item.faults,
            findings: item.findings,
        };
        // A number counts once per file, wherever the chunks end: the first occurrence wins.
        if let Some(key) = natural_key(family, &row.values) {
            // Rows that an export of the hub identifies are distinguished by their identifiers.
            let of_record = row.values.get("id").and_then(|id| id.as_str()).unwrap_or_default();
            let digest = Sha256::digest(format!("{key}\u{1f}{of_record}").as_bytes());
            let short = digest.first_chunk::<16>().copied().unwrap_or_default();
            if !seen.insert(short) && row.faults.is_empty() {
                let text = Text::new(
                    "同一文件中编号重复，以先出现的为准。请只保留一行。",
                    "The number stands twice in this file; the first row counts. Keep one.",
                );
                row.faults.push(RowRemark::new("DUPLICATE_IN_SUBMISSION", key_field, text));
            }
        }
        out.add(family, row)?;
    }
    out.report = Some(rows.report()).filter(|report| !report.is_silent()).map(Arc::new);
    Ok(())
}

/// Rows that a profile makes: those it refuses first, then each family.
fn mapped(
    out: &mut ChunkWriter,
    reading: &ChunkOptions,
    profile: &Profile,
    content: &dyn JobContent,
) -> Result<(), Stop> {
    let source = Reread { content, leave_hidden: reading.leave_hidden };
    let survey = Survey::new(profile, &source)?;
    out.survey = Some(Arc::new(survey.counts().clone()));
    for rejected in survey.rejected() {
        let family = rejected.problems.iter().find_map(|problem| problem.family.as_deref());
        let family = family.and_then(|name| reading.catalogue.find(name)).unwrap_or(reading.family);
        let remark = |problem: &Problem| {
            let text = Text::new(problem.message_zh.clone(), problem.message_en.clone());
            RowRemark::new(problem.code.clone(), problem.field.as_deref(), text)
        };
        let faults = rejected.problems.iter().map(remark).collect();
        out.add(
            family,
            Handed {
                lines: vec![rejected.line],
                values: InputRow::new(),
                faults,
                findings: Vec::new(),
            },
        )?;
    }
    for record in survey.records(&source) {
        let record = record?;
        let family = reading
            .catalogue
            .find(&record.family)
            .ok_or_else(|| HubError::internal("a profile's family"))?;
        out.add(
            family,
            Handed {
                lines: record.lines,
                values: record.row,
                faults: Vec::new(),
                findings: Vec::new(),
            },
        )?;
    }
    Ok(())
}
