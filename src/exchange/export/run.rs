//! A running export: the next page is fetched and written while the audit entry of the current one
//! becomes durable. Bytes leave in order, each page after its entry.

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

/// Size of the pieces, in bytes, in which a format written only at its end is sent.
const CHUNK: usize = 256 * 1024;

/// What the receiver of the content gets.
pub enum Piece {
    /// The next bytes of the file, compressed if the client asked for it.
    Bytes(Vec<u8>),
    /// The end: the content was complete.
    End,
}

/// What a running export needs besides its pages.
pub struct ExportRun {
    /// Database, keys and audit log of the hub.
    pub services: Arc<Services>,
    /// Identifier of the manifest.
    pub id: Uuid,
    /// Number of the request, for the log and the audit entries.
    pub request: String,
    /// Limits on time and size of the export.
    pub limits: ExportLimits,
    /// Channel to the receiver of the content.
    pub sender: mpsc::Sender<Result<Piece, HubError>>,
}

/// Bytes and the audit entry they wait for.
struct PendingBytes {
    bytes: Vec<u8>,
    entry: Option<JoinHandle<Result<(), HubError>>>,
}

impl ExportRun {
    /// Produces the content, and records its end in the manifest when it is complete.
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
        // If the receiver is gone, nobody reads this.
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

    /// Turns pages into bytes and submits their entries. Returns the number of records.
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

    /// Sends bytes whose entry is durable. Returns the digest of all of them.
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
    // The first pages are small, so that a small export does not wait for a large page.
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

/// Runs CPU-bound work where it does not block other tasks.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, HubError> {
    tokio::task::spawn_blocking(work).await.map_err(HubError::internal)
}

/// Receives what a format writes at its end, once all entries were submitted.
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
