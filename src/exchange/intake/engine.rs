//! Takes in the rows of a file, chunk by chunk, whoever sent it and wherever it is kept.
//!
//! Two chunks are under way at a time: while one waits for the database, the rows of the other are
//! judged. They are settled in order. A chunk is handed in under a key made of the file's and its
//! number, so taking it in again gives its first answer.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use tokio::{sync::mpsc, task::JoinHandle};
use tracing::Instrument as _;

use crate::{
    authz::actor::Actor,
    context::OpCtx,
    error::{HubError, Of},
    exchange::intake::{
        chunks::{self, Chunk, ChunkOptions},
        content::JobContent,
        dry::WouldBe,
        noted::NotedSoFar,
        progress::count,
    },
    services::Services,
    store::exchange::jobs::JobProgress,
    submit::{
        pipeline::Submission,
        verdict::{Answer, Mode, RowVerdict},
    },
};

/// Chunks under way at the same time.
const LANES: usize = 2;
/// Pause before a chunk is handed in again when the database did not answer; each is twice the one
/// before.
const PAUSE: Duration = Duration::from_millis(200);
/// No more tries after a pause as long as this.
const LONGEST_PAUSE: Duration = Duration::from_secs(6);
/// Most rows that are taken in all or none: they are one transaction, and whoever else writes has
/// to wait for it.
pub const MOST_ATOMIC: i64 = 20_000;

/// A file to be taken in.
#[derive(Clone)]
pub struct IncomingFile {
    /// How it is read.
    pub reading: ChunkOptions,
    /// What to do about rejected rows.
    pub mode: Mode,
    /// System of the department; empty where it has one only.
    pub source_system: String,
    /// What the keys of its chunks begin with.
    pub key: String,
}

impl IncomingFile {
    /// Key under which the answer to a chunk is kept.
    #[must_use]
    pub fn chunk_key(&self, number: i32) -> String {
        format!("{}/{number}", self.key)
    }
}

/// Hears of every chunk that is settled, in order.
pub trait Keeper: Send {
    /// A chunk has its verdicts, and this is how far the file is. With `false` no more is taken in.
    fn settled(
        &mut self,
        chunk: &Chunk,
        verdicts: &[RowVerdict],
        progress: &JobProgress,
    ) -> impl Future<Output = Result<bool, HubError>> + Send;

    /// The verdicts of a chunk, if they were kept at an earlier try.
    fn earlier_verdicts(
        &mut self,
        chunk: &Chunk,
    ) -> impl Future<Output = Result<Option<Vec<RowVerdict>>, HubError>> + Send;
}

/// Takes a file in, from where `progress` says it is. Returns how far it came; less than all when
/// the keeper stopped it.
///
/// # Errors
///
/// [`HubError::Invalid`] for a file that cannot be read, [`HubError::TooComplex`] for too many rows
/// to be taken all or none, [`HubError::Forbidden`] for a family the actor may not hand in;
/// [`HubError::Unavailable`] when the database does not answer: taking it in again goes on.
pub async fn take_in(
    services: &Arc<Services>,
    actor: &Actor,
    file: &IncomingFile,
    content: Arc<dyn JobContent>,
    progress: JobProgress,
    keeper: &mut impl Keeper,
) -> Result<JobProgress, HubError> {
    let chunks = chunks::read(file.reading.clone(), content);
    let mut work = IntakeWork {
        services,
        actor,
        file,
        would_be: WouldBe::default(),
        noted: NotedSoFar::default(),
    };
    match file.mode {
        Mode::Atomic => work.whole(chunks, progress, keeper).await,
        Mode::DryRun | Mode::Partial => work.by_chunk(chunks, progress, keeper).await,
    }
}

struct IntakeWork<'a> {
    services: &'a Arc<Services>,
    actor: &'a Actor,
    file: &'a IncomingFile,
    would_be: WouldBe,
    noted: NotedSoFar,
}

type UnderWay = VecDeque<(Chunk, JoinHandle<Result<Option<Answer>, HubError>>)>;

impl IntakeWork<'_> {
    async fn by_chunk(
        &mut self,
        mut chunks: mpsc::Receiver<Result<Chunk, HubError>>,
        mut progress: JobProgress,
        keeper: &mut impl Keeper,
    ) -> Result<JobProgress, HubError> {
        let from = progress.chunks;
        let mut under_way = UnderWay::new();
        while let Some(chunk) = chunks.recv().await {
            let chunk = match chunk {
                Ok(chunk) => chunk,
                Err(error) => {
                    // What is under way is taken in all the same, and is told.
                    while !under_way.is_empty() {
                        self.settle(&mut under_way, &mut progress, keeper).await?;
                    }
                    return Err(error);
                }
            };
            if chunk.number < from {
                continue;
            }
            let other =
                under_way.back().is_some_and(|(before, _)| before.family.name != chunk.family.name);
            while under_way.len() >= if other { 1 } else { LANES } {
                if !self.settle(&mut under_way, &mut progress, keeper).await? {
                    return Ok(progress);
                }
            }
            let answer = self.hand_in(&chunk)?;
            under_way.push_back((chunk, answer));
        }
        while !under_way.is_empty() {
            if !self.settle(&mut under_way, &mut progress, keeper).await? {
                break;
            }
        }
        Ok(progress)
    }

    /// Waits for the first chunk under way.
    async fn settle(
        &mut self,
        under_way: &mut UnderWay,
        progress: &mut JobProgress,
        keeper: &mut impl Keeper,
    ) -> Result<bool, HubError> {
        let Some((chunk, answer)) = under_way.pop_front() else { return Ok(true) };
        let answer = answer.await.map_err(HubError::internal)??;
        if let Some(answer) = &answer {
            self.noted.add(chunk.family, answer);
        }
        let mut verdicts = chunk.verdicts(answer.map(|answer| answer.verdicts).unwrap_or_default());
        if self.file.mode == Mode::DryRun && self.file.reading.profile.is_some() {
            self.would_be.excuse(&chunk, &mut verdicts);
        }
        Self::count(&chunk, &verdicts, progress)?;
        self.noted.write(progress)?;
        self.services.quotas.count_rows(
            self.actor,
            OpCtx::begin("rows").now(),
            chunk.rows.len() as u64,
        );
        keeper.settled(&chunk, &verdicts, progress).await
    }

    fn count(
        chunk: &Chunk,
        verdicts: &[RowVerdict],
        progress: &mut JobProgress,
    ) -> Result<(), HubError> {
        count(progress, &chunk.rows, verdicts)?;
        let skipped = chunk.survey.as_ref().map_or(0, |counts| counts.skipped.values().sum());
        let left_out = chunk.report.as_ref().map_or(0, |report| report.left_out());
        progress.skipped += i64::try_from(skipped + left_out).unwrap_or(i64::MAX);
        if let Some(report) = &chunk.report {
            progress.reading =
                serde_json::to_string(report.as_ref()).map_err(HubError::internal)?;
        }
        Ok(())
    }

    fn submission(&self, chunk: &Chunk) -> Submission {
        Submission {
            rows: chunk.clean(),
            mode: self.file.mode,
            source_system: self.file.source_system.clone(),
            idempotency_key: self.file.chunk_key(chunk.number),
        }
    }

    /// Hands a chunk in on a task of its own. A chunk of which no row can be handed in has no
    /// answer.
    fn hand_in(
        &self,
        chunk: &Chunk,
    ) -> Result<JoinHandle<Result<Option<Answer>, HubError>>, HubError> {
        let submission = self.submission(chunk);
        let permit = self.services.permit(self.actor, chunk.family)?;
        let (services, actor) = (Arc::clone(self.services), self.actor.clone());
        let ctx = OpCtx::begin(submission.idempotency_key.clone());
        let handed = async move {
            if submission.rows.is_empty() {
                return Ok(None);
            }
            let mut pause = PAUSE;
            loop {
                // Whatever became of the first try, the same key gives one answer.
                match services.submitter().submit(&ctx, &actor, &permit, &submission).await {
                    Err(error @ HubError::Unavailable(_)) if pause < LONGEST_PAUSE => {
                        // The span names the job.
                        error.warn(Of::Hub, "a chunk is handed in again");
                        tokio::time::sleep(pause).await;
                        pause *= 2;
                    }
                    other => return other.map(Some),
                }
            }
        };
        Ok(tokio::spawn(handed.in_current_span()))
    }

    /// All chunks in one transaction. If a row is rejected nothing is kept but the verdicts.
    async fn whole(
        &mut self,
        mut chunks: mpsc::Receiver<Result<Chunk, HubError>>,
        mut progress: JobProgress,
        keeper: &mut impl Keeper,
    ) -> Result<JobProgress, HubError> {
        let mut all: Vec<Chunk> = Vec::new();
        let mut rows = 0;
        while let Some(chunk) = chunks.recv().await {
            let chunk = chunk?;
            rows += i64::try_from(chunk.rows.len()).unwrap_or(i64::MAX);
            if rows > MOST_ATOMIC {
                return Err(HubError::TooComplex(crate::error::Text::new(
                    format!("整批模式（atomic）最多 {MOST_ATOMIC} 行。请分文件，或使用 partial。"),
                    format!(
                        "Mode atomic takes at most {MOST_ATOMIC} rows. Split the file or use partial."
                    ),
                )));
            }
            all.push(chunk);
        }
        let verdicts = self.verdicts_of_whole(&all, keeper).await?;
        // A hub that was killed may have counted the first chunks already.
        let from = progress.chunks;
        for (chunk, verdicts) in all.iter().zip(&verdicts).filter(|(chunk, _)| chunk.number >= from)
        {
            Self::count(chunk, verdicts, &mut progress)?;
            self.noted.write(&mut progress)?;
            self.services.quotas.count_rows(
                self.actor,
                OpCtx::begin("rows").now(),
                chunk.rows.len() as u64,
            );
            if !keeper.settled(chunk, verdicts, &progress).await? {
                break;
            }
        }
        Ok(progress)
    }

    async fn verdicts_of_whole(
        &mut self,
        all: &[Chunk],
        keeper: &mut impl Keeper,
    ) -> Result<Vec<Vec<RowVerdict>>, HubError> {
        let mut kept = Vec::with_capacity(all.len());
        for chunk in all {
            let Some(verdicts) = keeper.earlier_verdicts(chunk).await? else { break };
            kept.push(verdicts);
        }
        if kept.len() == all.len() {
            return Ok(kept);
        }
        let ctx = OpCtx::begin(self.file.key.clone());
        let faulty = all.iter().flat_map(|chunk| &chunk.rows).any(|row| !row.faults.is_empty());
        let submitter = self.services.submitter();
        let mut whole = submitter.whole(&ctx, self.actor, faulty).await?;
        let mut answers = Vec::with_capacity(all.len());
        for chunk in all {
            let submission = self.submission(chunk);
            if submission.rows.is_empty() {
                answers.push(Vec::new());
                continue;
            }
            let permit = self.services.permit(self.actor, chunk.family)?;
            let answer = whole.add(&permit, &submission).await?;
            self.noted.add(chunk.family, &answer);
            answers.push(answer.verdicts);
        }
        let applied = whole.end().await?;
        let finish = |(chunk, verdicts): (&Chunk, Vec<RowVerdict>)| {
            let mut verdicts = chunk.verdicts(verdicts);
            if !applied {
                verdicts.iter_mut().for_each(RowVerdict::void);
            }
            verdicts
        };
        Ok(all.iter().zip(answers).map(finish).collect())
    }
}
