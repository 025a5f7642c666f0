//! Takes jobs in. A worker claims a job, renews the claim while it is at it, and keeps how far it
//! is; whoever takes the job over after a crash goes on from there.

use std::{
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use chrono::TimeDelta;
use tokio::{sync::Notify, time::Instant};
use tracing::Instrument as _;

use crate::{
    authz::actor::Actor,
    context::OpCtx,
    domain::{clock, code::Coded as _, region::RegionCode},
    error::{HubError, Of},
    exchange::{
        format::media::Format,
        intake::{
            chunks::{Chunk, ChunkOptions},
            content::Stored,
            engine::{self, IncomingFile, Keeper},
            profiles,
            uploads::UploadService,
        },
    },
    import::profile::Profile,
    store::{
        exchange::jobs::{Job, JobProgress, JobState},
        records::receipts,
    },
    submit::verdict::{Answer, Mode, RowVerdict},
};

/// A claim lasts so long.
const CLAIM: TimeDelta = TimeDelta::seconds(10);
/// It is renewed so often.
const RENEWAL: Duration = Duration::from_secs(3);
/// Jobs that another hub has left are looked for so often.
const LOOK: Duration = Duration::from_secs(3);
/// How far a job is, is kept at most so often: what is done again after a crash has its receipts.
const KEPT: Duration = Duration::from_millis(300);
/// Old content is deleted so often, for the first time a while after the start.
const TIDY: Duration = Duration::from_secs(3600);
const FIRST_TIDY: Duration = Duration::from_secs(60);

/// Starts the workers of a service.
pub(super) fn start(uploads: &Arc<UploadService>) {
    for number in 0..uploads.settings.workers {
        tokio::spawn(work(Arc::downgrade(uploads), Arc::clone(&uploads.wake), number == 0));
    }
}

async fn work(uploads: Weak<UploadService>, wake: Arc<Notify>, tidies: bool) {
    let mut tidy_at = Instant::now() + FIRST_TIDY;
    loop {
        let woken = wake.notified();
        let Some(open) = uploads.upgrade() else { return };
        if tidies && Instant::now() > tidy_at {
            tidy_at = Instant::now() + TIDY;
            tidy(&open).await;
        }
        let now = OpCtx::begin("worker").now();
        let claimed = open.services.database.job_claim(open.worker, now, CLAIM).await;
        match claimed {
            Ok(Some(job)) => {
                let span = tracing::info_span!("job", job = %job.id);
                take(&open, job).instrument(span).await;
                continue;
            }
            Ok(None) => {}
            Err(error) => error.warn(Of::Hub, "jobs could not be looked for"),
        }
        drop(open);
        let _ = tokio::time::timeout(LOOK, woken).await;
    }
}

async fn tidy(uploads: &UploadService) {
    let now = OpCtx::begin("tidy").now();
    let before = now - TimeDelta::days(i64::from(uploads.settings.days));
    match uploads.services.database.jobs_empty(before, now).await {
        Ok(0) => {}
        Ok(number) => tracing::info!(number, "deleted the content of old files"),
        Err(error) => error.warn(Of::Hub, "the content of old files could not be deleted"),
    }
    if let Err(error) = uploads.services.quotas.tidy(now).await {
        error.warn(Of::Hub, "old counts could not be deleted");
    }
}

/// How a job's file is read and taken in.
///
/// # Errors
///
/// [`HubError::Internal`] when the job names what this hub does not know.
pub(super) fn file(uploads: &UploadService, job: &Job) -> Result<IncomingFile, HubError> {
    let unknown = |what: &str| HubError::internal(format!("job {}: {what}", job.id));
    let mode = [Mode::DryRun, Mode::Atomic, Mode::Partial]
        .into_iter()
        .find(|mode| mode.code() == job.order.mode);
    let format = Format::of_name(&job.order.format).ok_or_else(|| unknown("format"))?;
    let charset = job.order.charset.clone();
    let profile = match &job.order.profile {
        Some((_, text)) => {
            let profile = || Profile::parse(text).map_err(HubError::internal);
            // A job is refused when the two contradict; older ones were taken by the profile.
            let own = profiles::for_file(profile()?, format, charset.as_deref());
            Some(Arc::new(own.or_else(|_| profile())?))
        }
        None => None,
    };
    let services = &uploads.services;
    let reading = ChunkOptions {
        format,
        charset,
        family: uploads.family(&job.order.family)?,
        profile,
        catalogue: Arc::clone(&services.catalogue),
        reference: Arc::clone(&services.reference),
        today: clock::shanghai_date(job.created_at),
        leave_hidden: job.order.leave_hidden,
    };
    Ok(IncomingFile {
        reading,
        mode: mode.ok_or_else(|| unknown("mode"))?,
        source_system: job.order.source_system.clone(),
        key: format!("exchange-{}", job.id.simple()),
    })
}

/// Who a job's rows are handed in by.
pub(super) fn sender(job: &Job) -> Result<Actor, HubError> {
    let region =
        RegionCode::parse(&job.region).map_err(|fault| HubError::internal(fault.message_en()))?;
    Ok(Actor::internal(&job.subject, &job.department, region))
}

async fn take(uploads: &Arc<UploadService>, job: Job) {
    let stop = Arc::new(AtomicBool::new(job.state == JobState::Cancelling));
    let renewing = tokio::spawn(renew(Arc::downgrade(uploads), job.clone(), Arc::clone(&stop)));
    let result = taken(uploads, &job, &stop).await;
    renewing.abort();
    let database = &uploads.services.database;
    let now = OpCtx::begin("worker").now();
    let ended = match &result {
        Ok((_, true)) => database.job_release(uploads.worker, job.id).await,
        Ok((progress, false)) => {
            let state =
                if stop.load(Ordering::Relaxed) { JobState::Cancelled } else { JobState::Done };
            metrics::counter!("lianfang_exchange_rows_total")
                .increment(u64::try_from(progress.rows).unwrap_or_default());
            database.job_end(uploads.worker, &job, progress, (state, None), now).await
        }
        Err((error @ (HubError::Unavailable(_) | HubError::Overtaken(_)), _)) => {
            error.warn(Of::Job(job.id), "a job is tried again");
            tokio::time::sleep(Duration::from_millis(500)).await;
            database.job_release(uploads.worker, job.id).await
        }
        Err((error, progress)) => {
            error.log(Of::Job(job.id), "a job failed");
            database
                .job_end(uploads.worker, &job, progress, (JobState::Failed, Some(error)), now)
                .await
        }
    };
    if let Err(error) = ended {
        // The claim runs out, and the job is taken up again.
        error.warn(Of::Job(job.id), "how a job ended could not be kept");
    }
    uploads.notify_workers();
}

/// Takes in what is left of a job, or as much of it as there is time for while others wait: then it
/// says so. An error comes with how far the job was before.
async fn taken(
    uploads: &Arc<UploadService>,
    job: &Job,
    stop: &Arc<AtomicBool>,
) -> Result<(JobProgress, bool), (HubError, JobProgress)> {
    let (progress, now) = (job.progress.clone(), Instant::now());
    let mut keeper = JobKeeper {
        uploads,
        job,
        stop,
        progress,
        answers: Vec::new(),
        kept: now,
        begun: now,
        yields: false,
    };
    if stop.load(Ordering::Relaxed) {
        return Ok((keeper.progress, false));
    }
    let result = async {
        let (actor, file) = (sender(job)?, file(uploads, job)?);
        let permit = uploads.permit(&actor, job)?;
        let size = u64::try_from(job.received).unwrap_or_default();
        let content = Arc::new(Stored::new(Arc::clone(&uploads.services), permit, size));
        let mut progress = engine::take_in(
            &uploads.services,
            &actor,
            &file,
            content,
            job.progress.clone(),
            &mut keeper,
        )
        .await?;
        if file.mode != Mode::DryRun {
            // Not the place of its last event: an older transaction may still bring one that comes
            // before it.
            progress.event = uploads.services.database.feed_horizon().await?.point();
        }
        keeper.progress = progress.clone();
        keeper.keep().await?;
        Ok((progress, keeper.yields && !stop.load(Ordering::Relaxed)))
    }
    .await;
    result.map_err(|error| (error, keeper.progress))
}

async fn renew(uploads: Weak<UploadService>, job: Job, stop: Arc<AtomicBool>) {
    loop {
        tokio::time::sleep(RENEWAL).await;
        let Some(uploads) = uploads.upgrade() else { return };
        let until = OpCtx::begin("worker").now() + CLAIM;
        match uploads.services.database.job_renew(uploads.worker, job.id, until).await {
            Ok(Some(JobState::Cancelling)) | Ok(None) => stop.store(true, Ordering::Relaxed),
            Ok(Some(_)) => {}
            Err(error) => error.warn(Of::Job(job.id), "a claim could not be renewed"),
        }
    }
}

/// Keeps how far a job is.
struct JobKeeper<'a> {
    uploads: &'a Arc<UploadService>,
    job: &'a Job,
    stop: &'a AtomicBool,
    progress: JobProgress,
    /// Answers that have no receipt and are not kept yet.
    answers: Vec<(i32, String)>,
    kept: Instant,
    begun: Instant,
    /// Others wait, and this job has had its time.
    yields: bool,
}

impl JobKeeper<'_> {
    async fn keep(&mut self) -> Result<(), HubError> {
        let database = &self.uploads.services.database;
        if !self.answers.is_empty() {
            let permit = self.uploads.permit(&sender(self.job)?, self.job)?;
            database.answers_keep(&permit, &self.answers).await?;
            self.answers.clear();
        }
        let until = OpCtx::begin("worker").now() + CLAIM;
        match database.job_advance(self.uploads.worker, self.job.id, &self.progress, until).await? {
            Some(JobState::Cancelling) | None => self.stop.store(true, Ordering::Relaxed),
            Some(_) => {}
        }
        self.kept = Instant::now();
        self.uploads.notify_workers();
        Ok(())
    }

    /// Whether the job has had its time while others wait. A batch that is taken whole or not at
    /// all, and a trial, go on.
    async fn has_had_its_turn(&self) -> Result<bool, HubError> {
        if self.begun.elapsed() < self.uploads.settings.turn
            || self.job.order.mode != Mode::Partial.code()
        {
            return Ok(false);
        }
        self.uploads.services.database.others_wait(self.job, OpCtx::begin("worker").now()).await
    }
}

impl Keeper for JobKeeper<'_> {
    async fn settled(
        &mut self,
        chunk: &Chunk,
        verdicts: &[RowVerdict],
        progress: &JobProgress,
    ) -> Result<bool, HubError> {
        // What was taken in has its receipt; what a dry run or a batch taken back says has none.
        if self.job.order.mode != Mode::Partial.code() {
            self.answers
                .push((chunk.number, serde_json::to_string(verdicts).map_err(HubError::internal)?));
        }
        self.progress = progress.clone();
        if self.kept.elapsed() > KEPT {
            self.keep().await?;
            self.yields = self.has_had_its_turn().await?;
        }
        Ok(!self.yields && !self.stop.load(Ordering::Relaxed))
    }

    async fn earlier_verdicts(
        &mut self,
        chunk: &Chunk,
    ) -> Result<Option<Vec<RowVerdict>>, HubError> {
        verdicts(self.uploads, self.job, chunk).await
    }
}

/// The verdicts on a chunk of a job, where they are kept: beside the job, or as the receipt of the
/// chunk.
pub(super) async fn verdicts(
    uploads: &UploadService,
    job: &Job,
    chunk: &Chunk,
) -> Result<Option<Vec<RowVerdict>>, HubError> {
    let actor = sender(job)?;
    let database = &uploads.services.database;
    if job.order.mode != Mode::Partial.code()
        && let Some(text) = database.answer(&uploads.permit(&actor, job)?, chunk.number).await?
    {
        return serde_json::from_str(&text).map(Some).map_err(HubError::internal);
    }
    if chunk.rows.iter().all(|row| !row.faults.is_empty()) {
        return Ok(Some(chunk.verdicts(Vec::new())));
    }
    let permit = uploads.services.permit(&actor, chunk.family)?;
    let key = file(uploads, job)?.chunk_key(chunk.number);
    let Some(receipt) = receipts::before(database, &permit, &key, &[]).await?.receipt else {
        return Ok(None);
    };
    let answer: Answer = serde_json::from_str(&receipt.answer).map_err(HubError::internal)?;
    Ok(Some(chunk.verdicts(answer.verdicts)))
}
