//! Where the bytes of a file come from: a file on disk, or the sealed parts of a job. Reading
//! blocks, so it happens on threads that may block.

use std::{
    io::{self, Read, Seek, SeekFrom},
    path::PathBuf,
    sync::Arc,
};

use tokio::runtime::Handle;

use crate::{
    authz::permit::JobPermit,
    exchange::format::{flat, rows::Input},
    import::{error::ImportError, rows::TableRows, source::Rewind},
    services::Services,
    store::exchange::parts::PART,
};

/// Content that can be read from its beginning as often as needed.
pub trait JobContent: Send + Sync {
    /// Opens it at its beginning.
    ///
    /// # Errors
    ///
    /// Whatever opening a file can raise.
    fn open(&self) -> io::Result<Box<dyn Input>>;
}

impl JobContent for PathBuf {
    fn open(&self) -> io::Result<Box<dyn Input>> {
        Ok(Box::new(std::fs::File::open(self)?))
    }
}

/// Content as import profiles read it: text or a workbook, recognised by its first bytes.
pub struct Reread<'a> {
    /// Source of the bytes: a file on disk or the stored parts of a job.
    pub content: &'a dyn JobContent,
    /// Whether hidden rows and columns of a workbook are skipped.
    pub leave_hidden: bool,
}

impl Rewind for Reread<'_> {
    fn open(&self) -> io::Result<Box<dyn Read + Send + '_>> {
        Ok(Box::new(self.content.open()?))
    }

    fn sheet(
        &self,
        name: Option<&str>,
        headings: &[&str],
    ) -> Result<Option<Box<dyn TableRows + '_>>, ImportError> {
        let mut input = self.content.open()?;
        let mut magic = Vec::with_capacity(flat::MAGIC.len());
        input.by_ref().take(flat::MAGIC.len() as u64).read_to_end(&mut magic)?;
        if magic != flat::MAGIC {
            return Ok(None);
        }
        input.rewind()?;
        let wanted = flat::SheetRequest {
            sheet: name.map(ToOwned::to_owned),
            headings: headings.iter().map(|name| (*name).to_owned()).collect(),
            leave_hidden: self.leave_hidden,
        };
        Ok(Some(Box::new(flat::FlatSheet::open(input, wanted)?)))
    }
}

/// The content of a job, as stored in sealed parts.
#[derive(Clone)]
pub struct Stored {
    services: Arc<Services>,
    permit: JobPermit,
    handle: Handle,
    size: u64,
}

impl Stored {
    /// The content of the permit's job, with its size in bytes. Has to be made inside the runtime
    /// it will use.
    #[must_use]
    pub fn new(services: Arc<Services>, permit: JobPermit, size: u64) -> Self {
        Self { services, permit, handle: Handle::current(), size }
    }

    fn part(&self, number: u64) -> io::Result<Vec<u8>> {
        let number = i32::try_from(number).map_err(io::Error::other)?;
        let part = self.services.database.part(&self.permit, &self.services.seal, number);
        self.handle
            .block_on(part)
            .map_err(io::Error::other)?
            .ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}

impl JobContent for Stored {
    fn open(&self) -> io::Result<Box<dyn Input>> {
        Ok(Box::new(ContentReader { stored: self.clone(), at: 0, held: None }))
    }
}

/// The content of a job while it is read, one part at a time.
struct ContentReader {
    stored: Stored,
    at: u64,
    held: Option<(u64, Vec<u8>)>,
}

impl Read for ContentReader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.stored.size || into.is_empty() {
            return Ok(0);
        }
        let size = u64::try_from(PART).unwrap_or(u64::MAX);
        let number = self.at / size;
        let bytes = match &self.held {
            Some((own, bytes)) if *own == number => bytes,
            _ => &self.held.insert((number, self.stored.part(number)?)).1,
        };
        let from = usize::try_from(self.at % size).unwrap_or(usize::MAX);
        let rest = bytes
            .get(from..)
            .filter(|rest| !rest.is_empty())
            .ok_or(io::ErrorKind::UnexpectedEof)?;
        let count = rest.len().min(into.len());
        if let (Some(into), Some(rest)) = (into.get_mut(..count), rest.get(..count)) {
            into.copy_from_slice(rest);
        }
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for ContentReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => i128::from(at),
            SeekFrom::End(by) => i128::from(self.stored.size) + i128::from(by),
            SeekFrom::Current(by) => i128::from(self.at) + i128::from(by),
        };
        self.at = u64::try_from(at).map_err(|_| io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}
