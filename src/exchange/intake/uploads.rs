//! The service that takes files: creates jobs, answers for them, wakes workers.

use std::{sync::Arc, time::Duration};

use entity::catalogue::Family;
use tokio::sync::{Notify, watch};
use uuid::Uuid;

use crate::{
    authz::{actor::Actor, permit::JobPermit},
    context::OpCtx,
    error::{HubError, Text},
    exchange::intake::worker,
    services::Services,
    store::exchange::jobs::{Job, JobRequest, JobState},
    submit::pipeline::{check_key, check_source_system},
};

/// Limits of incoming files.
#[derive(Clone, Copy, Debug)]
pub struct IntakeSettings {
    /// Bytes of one file's content at most, uncompressed.
    pub bytes: u64,
    /// Files that one hub processes at the same time.
    pub workers: usize,
    /// Days for which content and verdicts are kept after a job has ended.
    pub days: u32,
    /// Time after which a file lets another organisation's go first; it continues at its next turn.
    pub turn: Duration,
}

impl Default for IntakeSettings {
    fn default() -> Self {
        Self { bytes: 2 << 30, workers: 2, days: 7, turn: Duration::from_secs(20) }
    }
}

/// Takes in the files of one hub.
pub struct UploadService {
    /// Database, keys and catalogue of the hub.
    pub services: Arc<Services>,
    /// Limits on size, number and age of files.
    pub settings: IntakeSettings,
    pub(super) worker: Uuid,
    pub(super) wake: Arc<Notify>,
    /// Counts the changes this hub makes to jobs, so that waiters wake.
    pub(super) moved: watch::Sender<u64>,
}

/// The job a client's request leads to.
#[derive(Debug)]
pub enum OpenedJob {
    /// It waits for its content.
    Receiving(Job),
    /// Its content is complete: content sent with the request must be identical.
    Whole(Job),
}

impl Drop for UploadService {
    fn drop(&mut self) {
        self.wake.notify_waiters();
    }
}

impl UploadService {
    /// Starts the service and its workers, which end when it is dropped.
    #[must_use]
    pub fn open(services: Arc<Services>, settings: IntakeSettings) -> Arc<Self> {
        let worker = OpCtx::begin("uploads").new_id();
        let uploads = Arc::new(Self {
            services,
            settings,
            worker,
            wake: Arc::default(),
            moved: watch::Sender::new(0),
        });
        worker::start(&uploads);
        uploads
    }

    /// The job for a request: a new one, or the one the organisation already has under that key.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] for a family the actor may not submit, [`HubError::Invalid`] for a
    /// malformed key, [`HubError::Conflict`] for a key already used with other settings,
    /// [`HubError::Exhausted`] when the organisation has reached its limit.
    pub async fn order(
        &self,
        ctx: &OpCtx,
        actor: &Actor,
        order: JobRequest,
    ) -> Result<OpenedJob, HubError> {
        check_key(&order.key)?;
        check_source_system(&order.source_system)?;
        self.services.permit(actor, self.family(&order.family)?)?;
        self.room(ctx, actor, &order).await?;
        if let Some(job) =
            self.services.database.job_begin(actor, ctx.new_id(), &order, ctx.now()).await?
        {
            return Ok(OpenedJob::Receiving(job));
        }
        let known =
            self.services.database.job_under(actor, &order.key).await?.ok_or(HubError::NotFound)?;
        if known.order != order {
            return Err(other_content());
        }
        if known.state != JobState::Receiving {
            return Ok(OpenedJob::Whole(known));
        }
        // The interrupted upload starts anew; late bytes of the first one are refused.
        match self.services.database.parts_restart(&self.permit(actor, &known)?).await? {
            Some(generation) => Ok(OpenedJob::Receiving(Job { generation, received: 0, ..known })),
            None => Ok(OpenedJob::Whole(self.job(actor, known.id).await?)),
        }
    }

    /// Checks that the actor's organisation may have another file. One that is already known is not
    /// counted again.
    async fn room(&self, ctx: &OpCtx, actor: &Actor, order: &JobRequest) -> Result<(), HubError> {
        let Services { database, quotas, .. } = &*self.services;
        let waiting = database.jobs_waiting(actor).await?;
        let fits = match quotas.job_fits(waiting) {
            Ok(()) => quotas.rows_left(actor, ctx.now()).await,
            full => full,
        };
        if fits.is_err() && database.job_under(actor, &order.key).await?.is_some() {
            Ok(())
        } else {
            fits
        }
    }

    /// A job of the actor's organisation.
    ///
    /// # Errors
    ///
    /// [`HubError::NotFound`] for one of another organisation too; [`HubError::Forbidden`] when the
    /// actor may not hand in its family.
    pub async fn job(&self, actor: &Actor, id: Uuid) -> Result<Job, HubError> {
        let job = self.services.database.job(actor, id).await?.ok_or(HubError::NotFound)?;
        self.permit(actor, &job)?;
        Ok(job)
    }

    /// The right to a job's content.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] when the actor may not hand in its family; [`HubError::NotFound`]
    /// for a job of another organisation.
    pub fn permit(&self, actor: &Actor, job: &Job) -> Result<JobPermit, HubError> {
        let permit = self.services.permit(actor, self.family(&job.order.family)?)?;
        permit.of_job(job.id, &job.order.family, (&job.department, &job.region))
    }

    /// The family of that name.
    ///
    /// # Errors
    ///
    /// [`HubError::NotFound`].
    pub fn family(&self, name: &str) -> Result<&'static Family, HubError> {
        let catalogue = &self.services.catalogue;
        let named =
            catalogue.families().find(|family| family.name == name || family.list_name() == name);
        named.ok_or_else(|| {
            HubError::invalid(
                "没有这个数据类别。请在 catalogue { families { name } } 中查对。",
                "There is no such family; see `catalogue { families { name } }`.",
            )
        })
    }

    /// The job once it has ended, or its current state after a while.
    ///
    /// # Errors
    ///
    /// As [`UploadService::job`].
    pub async fn wait(&self, actor: &Actor, id: Uuid, patience: Duration) -> Result<Job, HubError> {
        let until = tokio::time::Instant::now() + patience;
        let mut moved = self.moved.subscribe();
        loop {
            moved.borrow_and_update();
            let job = self.job(actor, id).await?;
            if job.state.ended()
                || job.state == JobState::Receiving
                || tokio::time::Instant::now() >= until
            {
                return Ok(job);
            }
            // Another hub may work on it, and its changes are not signalled here.
            let look = (tokio::time::Instant::now() + Duration::from_secs(1)).min(until);
            let _ = tokio::time::timeout_at(look, moved.changed()).await;
        }
    }

    /// Requests cancellation of a job. Rows accepted before that stay.
    ///
    /// # Errors
    ///
    /// As [`UploadService::job`]; [`HubError::Conflict`] when it has ended.
    pub async fn cancel(&self, ctx: &OpCtx, actor: &Actor, id: Uuid) -> Result<Job, HubError> {
        self.job(actor, id).await?;
        if !self.services.database.job_cancel(actor, id, ctx.now()).await? {
            return Err(HubError::Conflict(Text::new(
                "任务已经结束，无法取消。",
                "The job has ended; it cannot be cancelled.",
            )));
        }
        self.notify_workers();
        self.job(actor, id).await
    }

    /// Signals that a job changed.
    pub(super) fn notify_workers(&self) {
        self.moved.send_modify(|number| *number = number.wrapping_add(1));
    }
}

/// The error when a key is used again with different content.
#[must_use]
pub fn other_content() -> HubError {
    HubError::Conflict(Text::new(
        "该幂等键已用于另一文件或另一组参数。请换用新的 Idempotency-Key。",
        "This key was used for another file or other settings. Use a new Idempotency-Key.",
    ))
}
