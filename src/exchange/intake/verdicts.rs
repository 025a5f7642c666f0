//! What became of the rows of a job, with the rows: the content is read again, and each chunk gets the answer it was given.

use std::sync::Arc;

use tokio::sync::mpsc;

use crate::{
    authz::actor::Actor,
    error::{HubError, Text},
    exchange::intake::{
        chunks::{self, Chunk},
        content::Stored,
        desk::Desk,
        worker,
    },
    store::jobs::Job,
    submit::verdict::Verdict,
};

/// Chunks that may wait for whoever reads them.
const AHEAD: usize = 2;

/// A chunk with the verdicts on its rows, or why there are no more.
pub type Settled = Result<(Chunk, Vec<Verdict>), HubError>;

/// The chunks of a job that are settled, with the verdicts on their rows, in order.
///
/// # Errors
///
/// [`HubError::Forbidden`] when the actor may not hand in the family; [`HubError::Conflict`] when the content is deleted or not
/// whole yet.
pub fn read(desk: &Arc<Desk>, actor: &Actor, job: &Job) -> Result<mpsc::Receiver<Settled>, HubError> {
    let permit = desk.permit(actor, job)?;
    if job.emptied || job.digest.is_none() {
        return Err(HubError::Conflict(Text::new(
            "该任务的文件内容尚未收齐，或已过保存期删除，无法给出逐行结果。",
            "The content of this job is not whole yet or has been deleted; there are no verdicts to give.",
        )));
    }
    let file = worker::file(desk, job)?;
    let size = u64::try_from(job.received).unwrap_or_default();
    let content = Arc::new(Stored::new(Arc::clone(&desk.services), permit, job.id, size));
    let mut chunks = chunks::read(file.reading, content);
    let (sender, receiver) = mpsc::channel(AHEAD);
    let (desk, job) = (Arc::clone(desk), job.clone());
    tokio::spawn(async move {
        while let Some(chunk) = chunks.recv().await {
            let told = match chunk {
                Ok(chunk) if chunk.number >= job.progress.chunks => return,
                Ok(chunk) => match worker::verdicts(&desk, &job, &chunk).await {
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
    Ok(receiver)
}
