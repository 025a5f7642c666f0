//! Verdicts on the rows of a job, together with the rows: the content is read again, and each chunk
//! is paired with the answer it got.

use std::{io::Write, sync::Arc};

use chrono::NaiveDate;
use entity::catalogue::Family;
use tokio::sync::mpsc;

use crate::{
    authz::actor::Actor,
    domain::region::RegionCode,
    error::{HubError, Language, Text},
    exchange::{
        format::{
            judged::VerdictRow,
            lines,
            media::Format,
            mended::{CorrectedWorkbook, VerdictWorkbook},
        },
        intake::{
            chunks::{self, Chunk},
            content::{JobContent, Stored},
            returned::Returned,
            uploads::UploadService,
            worker,
        },
    },
    import::profile::Profile,
    store::{
        exchange::jobs::{Job, JobState},
        reference::Reference,
        seal::Seal,
    },
    submit::{
        parse::InputRow,
        verdict::{RowOutcome, RowRemark, RowVerdict},
    },
};

/// Chunks read ahead of the receiver.
const AHEAD: usize = 2;
/// Rejected rows above which a workbook is assembled on disk.
const IN_MEMORY: i64 = 5_000;

/// A chunk with the verdicts on its rows, or why there are no more.
type JudgedChunk = Result<(Chunk, Vec<RowVerdict>), HubError>;

/// The form in which verdicts are requested.
#[derive(Clone, Copy, Debug)]
pub struct VerdictFormat {
    /// File format: NDJSON, CSV or XLSX.
    pub format: Format,
    /// Whether accepted rows are left out.
    pub only_rejected: bool,
    /// Language of the messages in NDJSON; CSV and workbooks are in Chinese.
    pub language: Language,
}

/// Verdicts ready to be written.
pub struct Giving {
    wanted: VerdictFormat,
    family: &'static Family,
    seal: Seal,
    reference: Arc<Reference>,
    region: RegionCode,
    today: NaiveDate,
    spills: bool,
    profile: Option<Arc<Profile>>,
    leave_hidden: bool,
    content: Arc<dyn JobContent>,
    settled: mpsc::Receiver<JudgedChunk>,
    /// Why the file as a whole, or the rest of it, was not accepted; `None` if it was.
    failed: Option<RowRemark>,
}

/// Prepares the verdicts on the processed rows of a job.
///
/// # Errors
///
/// [`HubError::Forbidden`] when the actor may not submit the family; [`HubError::Conflict`] when
/// the content was deleted or is incomplete; [`HubError::Invalid`] for a workbook of rows made by a
/// profile: those come back as CSV.
pub fn prepare(
    uploads: &Arc<UploadService>,
    actor: &Actor,
    job: &Job,
    wanted: VerdictFormat,
) -> Result<Giving, HubError> {
    let permit = uploads.permit(actor, job)?;
    if job.emptied || job.digest.is_none() {
        return Err(HubError::Conflict(Text::new(
            "该任务的文件内容尚未收齐，或已过保存期删除，无法给出逐行结果。",
            "The content of this job is not whole yet or has been deleted; there are no verdicts to give.",
        )));
    }
    if job.order.profile.is_some() && wanted.format == Format::Xlsx {
        return Err(HubError::invalid(
            "用导入模板报送的文件，退回的行以原来的列返回 CSV：请用 format=csv&only=rejected。",
            "Rows handed in through a profile come back as CSV in their own columns: ask for format=csv&only=rejected.",
        ));
    }
    let file = worker::file(uploads, job)?;
    let size = u64::try_from(job.received).unwrap_or_default();
    let content: Arc<dyn JobContent> =
        Arc::new(Stored::new(Arc::clone(&uploads.services), permit, size));
    let rows = if wanted.only_rejected { job.progress.rejected } else { job.progress.rows };
    Ok(Giving {
        wanted,
        family: file.reading.family,
        seal: uploads.services.seal.clone(),
        reference: Arc::clone(&file.reading.reference),
        region: actor.region().clone(),
        today: file.reading.today,
        spills: rows > IN_MEMORY,
        profile: file.reading.profile.clone(),
        leave_hidden: file.reading.leave_hidden,
        settled: read(uploads, job, chunks::read(file.reading, Arc::clone(&content))),
        content,
        failed: job.error.clone().map(|(code, text)| RowRemark::new(code, None, text)),
    })
}

fn read(
    uploads: &Arc<UploadService>,
    job: &Job,
    mut chunks: mpsc::Receiver<Result<Chunk, HubError>>,
) -> mpsc::Receiver<JudgedChunk> {
    let (sender, receiver) = mpsc::channel(AHEAD);
    let (uploads, job) = (Arc::clone(uploads), job.clone());
    tokio::spawn(async move {
        while let Some(chunk) = chunks.recv().await {
            let told = match chunk {
                Ok(chunk) if chunk.number >= job.progress.chunks => return,
                // The job says why it failed.
                Err(_) if job.state == JobState::Failed => return,
                Ok(chunk) => match worker::verdicts(&uploads, &job, &chunk).await {
                    Ok(Some(verdicts)) => Ok((chunk, verdicts)),
                    Ok(None) => Err(HubError::internal("a settled chunk has no answer")),
                    Err(error) => Err(error),
                },
                Err(error) => Err(error),
            };
            let failed = told.is_err();
            if sender.send(told).await.is_err() || failed {
                return;
            }
        }
    });
    receiver
}

impl Giving {
    /// Writes the verdicts. Blocks.
    ///
    /// # Errors
    ///
    /// What reading the content or writing raises.
    pub fn write(mut self, out: &mut (dyn Write + Send)) -> Result<(), HubError> {
        match (self.wanted.format, self.profile.take()) {
            (Format::Csv, Some(profile)) if self.wanted.only_rejected && self.failed.is_none() => {
                self.returned(&profile, out)
            }
            (Format::Xlsx, _) => self.workbook(out),
            (Format::Ndjson, _) => {
                let (language, seal) = (self.wanted.language, self.seal.clone());
                self.lines(out, |judged| Ok(lines::ndjson(judged, &seal, language)))
            }
            (Format::Csv, _) => {
                out.write_all(lines::CSV_HEAD.as_bytes()).map_err(HubError::internal)?;
                self.lines(out, lines::csv)
            }
        }
    }

    /// The next chunk, and the verdicts on those of its rows that were requested.
    fn next(&mut self) -> Result<Option<(Chunk, Vec<RowVerdict>)>, HubError> {
        self.settled.blocking_recv().transpose()
    }

    fn wants(&self, verdict: &RowVerdict) -> bool {
        !self.wanted.only_rejected || verdict.outcome == RowOutcome::Rejected
    }

    fn lines(
        &mut self,
        out: &mut (dyn Write + Send),
        line: impl Fn(&VerdictRow) -> Result<String, HubError>,
    ) -> Result<(), HubError> {
        while let Some((chunk, verdicts)) = self.next()? {
            let mut text = String::new();
            for (row, verdict) in chunk.rows.iter().zip(verdicts) {
                if self.wants(&verdict) {
                    text.push_str(&line(&VerdictRow {
                        row: row.line(),
                        family: chunk.family,
                        verdict,
                    })?);
                }
            }
            out.write_all(text.as_bytes()).map_err(HubError::internal)?;
        }
        match self.failure() {
            Some(judged) => out.write_all(line(&judged)?.as_bytes()).map_err(HubError::internal),
            None => Ok(()),
        }
    }

    /// The verdict on the file itself, which follows those on its rows and belongs to no row.
    fn failure(&self) -> Option<VerdictRow> {
        let faults = vec![self.failed.clone()?];
        let verdict = RowVerdict {
            row: 0,
            outcome: RowOutcome::Rejected,
            id: None,
            version: None,
            faults,
            findings: Vec::new(),
        };
        Some(VerdictRow { row: 0, family: self.family, verdict })
    }

    fn workbook(&mut self, out: &mut (dyn Write + Send)) -> Result<(), HubError> {
        let (reference, region, spill) =
            (Arc::clone(&self.reference), self.region.clone(), std::env::temp_dir());
        let mut book = CorrectedWorkbook::new(VerdictWorkbook {
            family: self.family,
            reference: &reference,
            region: Some(&region),
            today: self.today,
            spill: self.spills.then_some(spill.as_path()),
        })?;
        while let Some((chunk, verdicts)) = self.next()? {
            for (row, verdict) in chunk.rows.iter().zip(verdicts) {
                if self.wants(&verdict) {
                    book.row(
                        &VerdictRow { row: row.line(), family: chunk.family, verdict },
                        &row.values,
                    )?;
                }
            }
        }
        if let Some(judged) = self.failure() {
            book.row(&judged, &InputRow::new())?;
        }
        book.finish(out)
    }

    /// The rejected lines of the file, in their own columns.
    fn returned(
        &mut self,
        profile: &Profile,
        out: &mut (dyn Write + Send),
    ) -> Result<(), HubError> {
        let mut returned = Returned::default();
        while let Some((chunk, verdicts)) = self.next()? {
            returned.add(&chunk, &verdicts);
        }
        returned.write(profile, (self.content.as_ref(), self.leave_hidden), || Ok(out)).map(|_| ())
    }
}
