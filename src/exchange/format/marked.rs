//! Letters of a cell that are raised, lowered or struck out: a footnote 1² is no twelve, and what is
//! struck out is no value. The library that reads the values gives their letters alone.

use std::collections::HashSet;
use std::io::{BufReader, Read, Seek};

use entity::catalogue::{Field, Kind};
use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use zip::ZipArchive;

use super::{
    facts::{attribute, cell},
    fault::FileFault,
};

/// Cells with such letters, by row and column from 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MarkedCells {
    /// With raised or lowered letters.
    pub raised: HashSet<(u32, u32)>,
    /// With letters that are struck out.
    pub struck: HashSet<(u32, u32)>,
}

/// Shared texts with such letters, by number.
#[derive(Debug, Default)]
pub struct MarkedTexts {
    raised: HashSet<u64>,
    struck: HashSet<u64>,
}

/// What a property of letters says of them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Raised,
    Struck,
}

fn mark(tag: &BytesStart<'_>) -> Option<Mark> {
    let value = || attribute(tag, "val");
    match tag.local_name().as_ref() {
        "vertAlign" if value().as_deref() != Some("baseline") => Some(Mark::Raised),
        "strike" | "dstrike" if !matches!(value().as_deref(), Some("0" | "false")) => {
            Some(Mark::Struck)
        }
        _ => None,
    }
}

impl MarkedTexts {
    /// Those among the shared texts of a workbook.
    pub fn read<R: Read + Seek>(
        package: &mut ZipArchive<R>,
        path: &str,
    ) -> Result<Self, FileFault> {
        let mut found = Self::default();
        let mut number = 0_u64;
        events(package, path, |event| match event {
            Event::Start(tag) if tag.local_name().as_ref() == "si" => number += 1,
            Event::Start(tag) => match mark(tag) {
                Some(Mark::Raised) => _ = found.raised.insert(number.saturating_sub(1)),
                Some(Mark::Struck) => _ = found.struck.insert(number.saturating_sub(1)),
                None => {}
            },
            _ => {}
        })?;
        Ok(found)
    }
}

impl MarkedCells {
    /// Whether it is not clear which letters of a cell are its value: some are struck out, or some
    /// are raised that would make another number, day or key. The 3 of mg/m³ makes none.
    pub fn blur(&self, at: (u32, u32), (field, key): (&Field, &str), text: Option<&str>) -> bool {
        let number = matches!(field.kind, Kind::Int | Kind::Money | Kind::Date | Kind::DateTime);
        let exact = number || field.sealed || field.name == key;
        let unit = text.is_some_and(|text| text.trim_end().ends_with("m3"));
        self.struck.contains(&at) || (exact && !unit && self.raised.contains(&at))
    }

    /// Those of a sheet.
    pub fn read<R: Read + Seek>(
        package: &mut ZipArchive<R>,
        path: &str,
        texts: &MarkedTexts,
        left: &mut usize,
    ) -> Result<Self, FileFault> {
        let mut found = Self::default();
        let (mut at, mut shared, mut value) = (None, false, String::new());
        events(package, path, |event| match event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "c" => {
                    at = attribute(tag, "r").and_then(|name| cell(&name));
                    shared = attribute(tag, "t").as_deref() == Some("s");
                    value.clear();
                }
                _ if found.raised.len() + found.struck.len() >= *left => {}
                _ => match (mark(tag), at) {
                    (Some(Mark::Raised), Some(at)) => _ = found.raised.insert(at),
                    (Some(Mark::Struck), Some(at)) => _ = found.struck.insert(at),
                    _ => {}
                },
            },
            Event::Text(text) if shared => value.extend(text.chars().filter(char::is_ascii_digit)),
            Event::End(tag) if tag.local_name().as_ref() == "c" => {
                if let (Some(at), Ok(number)) = (at.take(), value.parse::<u64>())
                    && found.raised.len() + found.struck.len() < *left
                {
                    if texts.raised.contains(&number) {
                        found.raised.insert(at);
                    }
                    if texts.struck.contains(&number) {
                        found.struck.insert(at);
                    }
                }
            }
            _ => {}
        })?;
        *left = left.saturating_sub(found.raised.len() + found.struck.len());
        if *left == 0 { Err(FileFault::Inflated) } else { Ok(found) }
    }
}

/// Reads all events of a part; none of one that is not there.
fn events<R: Read + Seek>(
    package: &mut ZipArchive<R>,
    path: &str,
    mut take: impl FnMut(&Event<'_>),
) -> Result<(), FileFault> {
    let Ok(part) = package.by_name(path) else { return Ok(()) };
    let mut reader = Reader::from_reader(BufReader::new(part));
    let config = reader.config_mut();
    config.check_end_names = false;
    config.expand_empty_elements = true;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Eof) => return Ok(()),
            Ok(event) => take(&event),
            Err(_) => return Err(FileFault::NotAWorkbook),
        }
    }
}
