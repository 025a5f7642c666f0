//! Whether a workbook is what it seems, before it is read: a package of parts that do not grow
//! beyond measure.
//!
//! Every part is unpacked once into nothing, counted and watched ([`super::watch`]). A few
//! kilobytes can hold gigabytes otherwise, and the library that reads workbooks keeps strings,
//! styles and the names of sheets in memory.

use std::io::{self, Read, Seek, SeekFrom};

use zip::ZipArchive;

use super::{fault::FileFault, rows::WorkbookLimits, watch::PartWatch};

/// Parts of a package; real workbooks have some dozens.
const PARTS: usize = 10_000;
/// Bytes every workbook may grow to, however small it is.
const SMALL: u64 = 16 << 20;
/// Most bytes of a part that is neither a sheet nor the shared strings.
const OTHER: u64 = 32 << 20;
/// The container of old and of protected workbooks.
const COMPOUND: [u8; 4] = [0xd0, 0xcf, 0x11, 0xe0];

/// Checks a package and leaves it at its beginning.
pub fn check<R: Read + Seek>(input: &mut R, limits: &WorkbookLimits) -> Result<(), FileFault> {
    let packed = input.seek(SeekFrom::End(0))?;
    if packed > limits.packed {
        return Err(FileFault::WorkbookTooLarge { most: limits.packed >> 20 });
    }
    input.rewind()?;
    let mut magic = [0; 4];
    if input.read_exact(&mut magic).is_err() {
        return Err(FileFault::NotAWorkbook);
    }
    if magic == COMPOUND {
        return Err(FileFault::OldOrProtected);
    }
    input.rewind()?;
    let mut left = limits.unpacked.min(packed.saturating_mul(limits.growth).max(SMALL));
    {
        let mut package = ZipArchive::new(&mut *input).map_err(|_| FileFault::NotAWorkbook)?;
        if package.len() > PARTS {
            return Err(FileFault::Inflated);
        }
        for index in 0..package.len() {
            let mut part = package.by_index(index).map_err(|_| FileFault::NotAWorkbook)?;
            let name = part.name().map_err(|_| FileFault::NotAWorkbook)?.to_ascii_lowercase();
            let strings = name.ends_with("sharedstrings.xml");
            let most = if strings { left.min(limits.shared_strings) } else { left };
            let mut counted = CountingWriter {
                bytes: 0,
                watch: PartWatch::new(strings, name.ends_with("styles.xml")),
            };
            io::copy(&mut (&mut part).take(most + 1), &mut counted)
                .map_err(|_| FileFault::NotAWorkbook)?;
            let other = !strings && !counted.watch.is_sheet() && counted.bytes > OTHER;
            if counted.bytes > most || other || counted.watch.is_excessive() {
                return Err(FileFault::Inflated);
            }
            if counted.watch.is_foul(counted.bytes) {
                return Err(FileFault::NotAWorkbook);
            }
            left -= counted.bytes;
        }
    }
    input.rewind()?;
    Ok(())
}

/// Counts what is written to it and keeps nothing.
struct CountingWriter {
    bytes: u64,
    watch: PartWatch,
}

impl io::Write for CountingWriter {
    fn write(&mut self, chunk: &[u8]) -> io::Result<usize> {
        self.bytes += chunk.len() as u64;
        for &byte in chunk {
            self.watch.see(byte);
        }
        Ok(chunk.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
