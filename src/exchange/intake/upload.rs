//! The content of a job as it arrives: cut into parts, sealed, and durable part by part, so that an
//! interrupted upload continues where it stopped.

use sha2::{Digest, Sha256};

use crate::{
    authz::permit::JobPermit,
    error::{HubError, Text},
    exchange::intake::uploads::{UploadService, other_content},
    store::exchange::{jobs::Job, parts::PART},
};

/// A running upload.
pub struct Upload<'a> {
    uploads: &'a UploadService,
    permit: &'a JobPermit,
    job: Job,
    /// Bytes of the last, unfinished part; the start of it may be durable already.
    last: Vec<u8>,
    /// Bytes received, durable or not.
    taken: u64,
    /// Digest of the whole content; `None` when part of it came with an earlier upload.
    whole: Option<Sha256>,
    /// Bytes stored for the organisation's other files, as of the last check.
    others: u64,
    /// Parts made durable since that check.
    parts: u32,
}

/// Number of parts after which the size of the other files is checked again.
const ASK: u32 = 64;

impl<'a> Upload<'a> {
    /// Continues after the durable bytes.
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

    /// Adds bytes to the content.
    ///
    /// # Errors
    ///
    /// [`HubError::TooComplex`] when the file exceeds its limit; [`HubError::Exhausted`] when the
    /// organisation's storage does; [`HubError::Conflict`] when another upload has taken over the
    /// job, or it was cancelled.
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

    /// Generation of the upload, and the number of durable bytes.
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

    /// Makes the received bytes durable; more will follow in another upload. Returns the number of
    /// bytes stored.
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

    /// Declares the content complete: a worker may begin. `expected` is its SHA-256 as the sender
    /// states it.
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

/// Content sent again for a job that already has all of it: it is compared by its digest.
#[derive(Default)]
pub struct Again(Sha256);

impl Again {
    /// Adds bytes to the digest; nothing is stored.
    pub fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Checks that it was the same content.
    ///
    /// # Errors
    ///
    /// [`HubError::Conflict`] when it was not.
    pub fn finish(self, job: &Job) -> Result<(), HubError> {
        let digest = format!("{:x}", self.0.finalize());
        // A job cancelled before its content was complete has no digest to compare with.
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

/// The error when the bytes received are not the bytes sent.
#[must_use]
pub fn damaged() -> HubError {
    HubError::invalid(
        "内容与摘要不符，传输中可能损坏。请重新发送。",
        "The content does not match its digest; it may have been damaged on the way. Send it again.",
    )
}
