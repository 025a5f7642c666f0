//! An export under way: the next page is fetched and written while the entry of this one becomes
//! durable. Bytes leave in order, each page after its entry.

use std::{io, sync::Arc};

use tokio::{sync::mpsc, task::JoinHandle, time::timeout};
use uuid::Uuid;

use crate::{
    audit::entry::Entry,
    context::OpCtx,
    error::{HubError, Of},
    exchange::export::{
        order::ExportLimits,
        pack::Packer,
        page::{ExportPage, Pager},
    },
    services::Services,
    store::{
        exchange::exports::{self, ExportEnd},
        records::pages::{Fetched, Pages},
    },
};

/// Bytes that a format which is written at its end gives at a time.
const CHUNK: usize = 256 * 1024;

/// What arrives at whoever takes the content.
pub enum Piece {
    /// Bytes.
    Bytes(Vec<u8>),
    /// All were there.
    End,
}

/// A run.
pub struct ExportRun {
    /// The hub.
    pub services: Arc<Services>,
    /// Number of the manifest.
    pub id: Uuid,
    /// Number of the request.
    pub request: String,
    /// Bounds.
    pub limits: ExportLimits,
    /// To whoever takes the content.
    pub sender: mpsc::Sender<Result<Piece, HubError>>,
}

/// Bytes with the entry they wait for.
struct PendingBytes {
    bytes: Vec<u8>,
    entry: Option<JoinHandle<Result<(), HubError>>>,
}

impl ExportRun {
    /// Makes the content and notes in the manifest that all of it was made.
    pub async fn drive(self, pages: Pages, pager: Pager, packer: Packer) {
        let made = tokio::select! {
            made = timeout(self.limits.longest, self.made(pages, pager, packer)) => made.unwrap_or_else(|_| Err(slow())),
            () = self.sender.closed() => Err(gone()),
        };
        let piece = match made {
            Ok(()) => Ok(Piece::End),
            Err(error) => {
                error.warn(Of::Request(&self.request), "an export broke off");
                Err(error)
            }
        };
        // Whoever is gone hears nothing more.
        let _ = timeout(self.limits.stall, self.sender.send(piece)).await;
    }

    async fn made(&self, pages: Pages, pager: Pager, packer: Packer) -> Result<(), HubError> {
        let (fetched, unwritten) = mpsc::channel(1);
        let (written, waiting) = mpsc::channel(1);
        let ((), rows, digest) = tokio::try_join!(
            fetch(pages, fetched, self.limits.page),
            self.write(pager, unwritten, written),
            self.release(packer, waiting)
        )?;
        let end = ExportEnd {
            at: OpCtx::begin(&self.request).now(),
            rows: i64::try_from(rows).unwrap_or(i64::MAX),
            digest,
        };
        exports::complete(&self.services.database, self.id, &end).await
    }

    /// Makes bytes of pages and hands in their entries. Gives the number of records.
    async fn write(
        &self,
        mut pager: Pager,
        mut unwritten: mpsc::Receiver<Fetched>,
        written: mpsc::Sender<PendingBytes>,
    ) -> Result<u64, HubError> {
        let mut last = false;
        while let Some(fetched) = unwritten.recv().await {
            last = fetched.last;
            let page;
            (pager, page) = blocking(move || {
                let page = pager.page(&fetched);
                (pager, page)
            })
            .await?;
            let ExportPage { bytes, entry } = page?;
            let entry = entry.map(|entry| {
                let (audit, at) = (self.services.audit.clone(), OpCtx::begin(&self.request).now());
                tokio::spawn(async move { audit.append(Entry { at, ..entry }).await })
            });
            if written.send(PendingBytes { bytes, entry }).await.is_err() {
                return Err(gone());
            }
        }
        if !last {
            return Err(gone());
        }
        let rows = pager.count;
        blocking(move || {
            let mut rest = Rest { bytes: Vec::new(), written };
            pager.finish(&mut rest)?;
            rest.pass().map_err(HubError::internal)
        })
        .await??;
        Ok(rows)
    }

    /// Lets bytes go whose entry is durable. Gives the digest of all.
    async fn release(
        &self,
        mut packer: Packer,
        mut waiting: mpsc::Receiver<PendingBytes>,
    ) -> Result<String, HubError> {
        while let Some(PendingBytes { bytes, entry }) = waiting.recv().await {
            if let Some(entry) = entry {
                entry.await.map_err(HubError::internal)??;
            }
            let packed;
            (packer, packed) = blocking(move || {
                let packed = packer.push(bytes);
                (packer, packed)
            })
            .await?;
            self.send(packed?).await?;
        }
        let (rest, digest) = packer.finish()?;
        self.send(rest).await?;
        Ok(digest)
    }

    async fn send(&self, bytes: Vec<u8>) -> Result<(), HubError> {
        if bytes.is_empty() {
            return Ok(());
        }
        let sent = timeout(self.limits.stall, self.sender.send(Ok(Piece::Bytes(bytes)))).await;
        sent.map_err(|_| stalled())?.map_err(|_| gone())
    }
}

/// Fetches pages ahead of the writer.
async fn fetch(
    mut pages: Pages,
    fetched: mpsc::Sender<Fetched>,
    most: u32,
) -> Result<(), HubError> {
    // Whoever asks for little waits for little.
    let mut now = (most / 8).max(1);
    loop {
        let page = pages.next(now).await?;
        let last = page.last;
        if fetched.send(page).await.is_err() || last {
            break;
        }
        now = most;
    }
    pages.close().await;
    Ok(())
}

/// Runs what keeps a processor busy where it keeps nobody else waiting.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, HubError> {
    tokio::task::spawn_blocking(work).await.map_err(HubError::internal)
}

/// Takes what a format writes at its end, when all entries were handed in.
struct Rest {
    bytes: Vec<u8>,
    written: mpsc::Sender<PendingBytes>,
}

impl Rest {
    fn pass(&mut self) -> io::Result<()> {
        let bytes = std::mem::take(&mut self.bytes);
        self.written
            .blocking_send(PendingBytes { bytes, entry: None })
            .map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

impl io::Write for Rest {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(bytes);
        if self.bytes.len() >= CHUNK {
            self.pass()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn gone() -> HubError {
    HubError::Unavailable("whoever took the export is gone".into())
}

fn stalled() -> HubError {
    HubError::Unavailable("whoever takes the export has taken nothing for too long".into())
}

fn slow() -> HubError {
    HubError::Unavailable("the export took too long".into())
}
