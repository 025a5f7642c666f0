//! Whether a workbook is what it seems, before it is read: a package of parts that do not grow beyond measure.
//!
//! Every part is unpacked once into nothing and counted. A few kilobytes can hold gigabytes otherwise, and the library
//! that reads workbooks keeps the shared strings in memory and makes room for as many as the file promises.

use std::io::{self, Read, Seek, SeekFrom};

use zip::ZipArchive;

use super::{fault::FileFault, rows::Limits};

/// Parts of a package; real workbooks have some dozens.
const PARTS: usize = 10_000;
/// Bytes every workbook may grow to, however small it is.
const SMALL: u64 = 16 << 20;
/// The container of old and of protected workbooks.
const COMPOUND: [u8; 4] = [0xd0, 0xcf, 0x11, 0xe0];
/// Shortest shared string, `<si/>`.
const SHORTEST: u64 = 5;
const PROMISE: &[u8] = b"uniqueCount";

/// Checks a package and leaves it at its beginning.
pub fn check<R: Read + Seek>(input: &mut R, limits: &Limits) -> Result<(), FileFault> {
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
            let mut counted = Counted { bytes: 0, watch: strings.then(Watch::default) };
            io::copy(&mut (&mut part).take(most + 1), &mut counted).map_err(|_| FileFault::NotAWorkbook)?;
            if counted.bytes > most {
                return Err(FileFault::Inflated);
            }
            left -= counted.bytes;
            if counted.watch.is_some_and(|watch| watch.foul || watch.promised > counted.bytes / SHORTEST + 1) {
                return Err(FileFault::NotAWorkbook);
            }
        }
    }
    input.rewind()?;
    Ok(())
}

/// Counts what is written to it and keeps nothing.
struct Counted {
    bytes: u64,
    watch: Option<Watch>,
}

impl io::Write for Counted {
    fn write(&mut self, chunk: &[u8]) -> io::Result<usize> {
        self.bytes += chunk.len() as u64;
        if let Some(watch) = &mut self.watch {
            watch.see(chunk);
        }
        Ok(chunk.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Looks for the number of strings that a part promises. Bytes that would hide it in another encoding are foul; no XML in
/// UTF-8 has them.
#[derive(Default)]
struct Watch {
    matched: usize,
    digits: Option<u64>,
    promised: u64,
    foul: bool,
}

impl Watch {
    fn see(&mut self, chunk: &[u8]) {
        for &byte in chunk {
            self.foul |= byte == 0 || byte == 0x1b;
            if let Some(so_far) = self.digits {
                match byte {
                    b'0'..=b'9' => {
                        let number = so_far.saturating_mul(10).saturating_add(u64::from(byte - b'0'));
                        self.digits = Some(number);
                        self.promised = self.promised.max(number);
                        continue;
                    }
                    b'=' | b'"' | b'\'' | b'+' | b' ' | b'\t' | b'\r' | b'\n' if so_far == 0 => continue,
                    _ => self.digits = None,
                }
            }
            self.matched = match (PROMISE.get(self.matched) == Some(&byte), PROMISE.first() == Some(&byte)) {
                (true, _) => self.matched + 1,
                (false, true) => 1,
                (false, false) => 0,
            };
            if self.matched == PROMISE.len() {
                (self.matched, self.digits) = (0, Some(0));
            }
        }
    }
}
