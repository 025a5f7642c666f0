//! The content of a job as it comes in: cut into parts, sealed, and durable part by part, so that a
//! broken upload goes on where it broke.

use sha2::{Digest, Sha256};

use crate::{
    authz::permit::JobPermit,
    error::{HubError, Text},
    exchange::intake::uploads::{UploadService, other_content},
    store::exchange::{jobs::Job, parts::PART},
};

/// An upload under way.
pub struct Upload<'a> {
    uploads: &'a UploadService,
    permit: &'a JobPermit,
    job: Job,
    /// What belongs to the last part and is not durable yet, behind what is.
    last: Vec<u8>,
    /// Bytes taken, durable or not.
    taken: u64,
    /// Digest of all of them, where all came with this upload.
    whole: Option<Sha256>,
    /// Bytes kept of the organisation's other files, as they were when that was asked.
    others: u64,
    /// Parts made durable since.
    parts: u32,
}

/// After so many parts it is asked again what is kept of other files.
const ASK: u32 = 64;

impl<'a> Upload<'a> {
    /// Goes on behind what is durable.
    ///
    /// # Errors
    ///
    /// [`HubError::Unavailable`] when the database does not answer.
    pub async fn open(
        uploads: &'a UploadService,
        permit: &'a JobPermit,
        job: Job,
    ) -> Result<Self, HubError> {
        let taken = u64::try_from(job.received).unwrap_or_default();
        let size = PART as u64;
        let last = if taken % size == 0 {
            Vec::with_capacity(PART)
        } else {
            let number = i32::try_from(taken / size).map_err(HubError::internal)?;
            uploads
                .services
                .database
                .part(permit, &uploads.services.seal, number)
                .await?
                .unwrap_or_default()
        };
        let whole = (taken == 0).then(Sha256::new);
        let others =
            uploads.services.database.kept_bytes(&job.department, &job.region, job.id).await?;
        uploads.services.quotas.bytes_fit(others)?;
        Ok(Self { uploads, permit, job, last, taken, whole, others, parts: 0 })
    }

    /// Takes bytes.
    ///
    /// # Errors
    ///
    /// [`HubError::TooComplex`] for more than a file may have; [`HubError::Exhausted`] for more
    /// than the organisation may keep; [`HubError::Conflict`] when another upload has taken the job
    /// over, or it was cancelled.
    pub async fn write(&mut self, mut bytes: &[u8]) -> Result<(), HubError> {
        self.taken += bytes.len() as u64;
        let most = self.uploads.settings.bytes;
        if self.taken > most {
            return Err(HubError::TooComplex(Text::new(
                format!("文件超过 {} MiB。请拆分后分别报送。", most >> 20),
                format!("The file is longer than {} MiB. Split it.", most >> 20),
            )));
        }
        if let Some(whole) = &mut self.whole {
            whole.update(bytes);
        }
        while !bytes.is_empty() {
            let room = (PART - self.last.len()).min(bytes.len());
            let (now, later) = bytes.split_at(room);
            self.last.extend_from_slice(now);
            bytes = later;
            if self.last.len() == PART {
                self.flush().await?;
                self.last.clear();
            }
        }
        Ok(())
    }

    /// Which upload it is, and how many bytes are durable.
    const fn place(&self) -> (i32, i64) {
        (self.job.generation, self.job.received)
    }

    async fn flush(&mut self) -> Result<(), HubError> {
        let database = &self.uploads.services.database;
        let seal = &self.uploads.services.seal;
        let after = database.part_append(self.permit, seal, self.place(), &self.last).await?;
        let (received, kept) = after.ok_or_else(taken_over)?;
        self.job.received = received;
        self.parts += 1;
        if self.parts.is_multiple_of(ASK) {
            self.others =
                database.kept_bytes(&self.job.department, &self.job.region, self.job.id).await?;
        }
        self.uploads
            .services
            .quotas
            .bytes_fit(self.others.saturating_add(u64::try_from(kept).unwrap_or_default()))
    }

    /// Makes durable what has come; more is to come with another upload. Returns how many bytes
    /// there are.
    ///
    /// # Errors
    ///
    /// As [`Upload::write`].
    pub async fn pause(mut self) -> Result<u64, HubError> {
        self.rest().await?;
        Ok(self.taken)
    }

    async fn rest(&mut self) -> Result<(), HubError> {
        if self.taken > u64::try_from(self.job.received).unwrap_or_default() {
            self.flush().await?;
        }
        Ok(())
    }

    /// The content is whole: a worker may begin. `expected` is its digest as the sender knows it.
    ///
    /// # Errors
    ///
    /// As [`Upload::write`]; [`HubError::Invalid`] for another digest.
    pub async fn finish(mut self, expected: Option<&[u8]>) -> Result<(), HubError> {
        self.rest().await?;
        let digest = match self.whole.take() {
            Some(whole) => whole.finalize(),
            None => self.read_again().await?,
        };
        if expected.is_some_and(|expected| expected != digest.as_slice()) {
            return Err(damaged());
        }
        let text = format!("{digest:x}");
        let database = &self.uploads.services.database;
        if !database.parts_whole(self.permit, self.place(), &text).await? {
            return Err(taken_over());
        }
        self.uploads.wake.notify_one();
        self.uploads.notify_workers();
        Ok(())
    }

    async fn read_again(&self) -> Result<sha2::digest::Output<Sha256>, HubError> {
        let mut hasher = Sha256::new();
        let parts = self.taken.div_ceil(PART as u64);
        for number in 0..parts {
            let number = i32::try_from(number).map_err(HubError::internal)?;
            let part = self
                .uploads
                .services
                .database
                .part(self.permit, &self.uploads.services.seal, number)
                .await?;
            hasher
                .update(part.ok_or_else(|| HubError::internal("a part of an upload is missing"))?);
        }
        Ok(hasher.finalize())
    }
}

/// Content that comes again for a job that has all of it.
#[derive(Default)]
pub struct Again(Sha256);

impl Again {
    /// Takes bytes.
    pub fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Whether it was the same content.
    ///
    /// # Errors
    ///
    /// [`HubError::Conflict`] when it was not.
    pub fn finish(self, job: &Job) -> Result<(), HubError> {
        let digest = format!("{:x}", self.0.finalize());
        // A job that was cancelled before its content was whole has no digest, and nothing to
        // compare with.
        if job.digest.as_ref().is_none_or(|own| *own == digest) {
            Ok(())
        } else {
            Err(other_content())
        }
    }
}

fn taken_over() -> HubError {
    HubError::Conflict(Text::new(
        "同一任务的另一次上传已接手，或任务已取消。请查询任务状态。",
        "Another upload has taken this job over, or it was cancelled. Look at the job.",
    ))
}

/// What came is not what was sent.
#[must_use]
pub fn damaged() -> HubError {
    HubError::invalid(
        "内容与摘要不符，传输中可能损坏。请重新发送。",
        "The content does not match its digest; it may have been damaged on the way. Send it again.",
    )
}
