//! Properties of the sheets of a workbook besides the values of cells: hidden rows and columns,
//! merged cells. The library that reads the values leaves them out.

use std::collections::HashMap;
use std::io::{BufReader, Read, Seek};

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use zip::ZipArchive;

use super::{
    fault::FileFault,
    marked::{MarkedCells, MarkedTexts},
};

/// Merged cells and hidden ranges of a workbook at most.
const MOST: usize = 200_000;

/// Cells merged into one: rows and columns from 0, both ends inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merge {
    pub rows: (u32, u32),
    pub columns: (u32, u32),
}

/// Properties of one sheet.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    hidden_rows: Vec<(u32, u32)>,
    hidden_columns: Vec<(u32, u32)>,
    /// Merged cells by the row in which they begin.
    pub merges: Vec<Merge>,
    /// Cells with letters that are raised, lowered or struck out.
    pub marked: MarkedCells,
}

impl Facts {
    /// Whether a row is hidden.
    pub fn hides_row(&self, row: u32) -> bool {
        let before = self.hidden_rows.partition_point(|(from, _)| *from <= row);
        before
            .checked_sub(1)
            .and_then(|index| self.hidden_rows.get(index))
            .is_some_and(|(_, to)| row <= *to)
    }

    /// For each of the first `width` columns, whether it is hidden.
    pub fn hidden_columns(&self, width: usize) -> Vec<bool> {
        let mut hidden = vec![false; width];
        let mut done = 0;
        for (from, to) in &self.hidden_columns {
            let (from, behind) = ((*from as usize).max(done), (*to as usize + 1).min(width));
            // Ranges may overlap; no column is looked at twice.
            if let Some(columns) = hidden.get_mut(from..behind) {
                columns.fill(true);
                done = behind;
            }
        }
        hidden
    }

    /// The merged cells that begin in a row.
    pub fn beginning_in(&self, row: u32) -> impl Iterator<Item = &Merge> {
        let from = self.merges.partition_point(|merge| merge.rows.0 < row);
        self.merges.iter().skip(from).take_while(move |merge| merge.rows.0 == row)
    }
}

/// Reads the properties of all sheets of a workbook, by sheet name.
pub fn read<R: Read + Seek>(input: &mut R) -> Result<HashMap<String, Facts>, FileFault> {
    let mut package = ZipArchive::new(&mut *input).map_err(|_| FileFault::NotAWorkbook)?;
    let names: Vec<String> =
        package.file_names().filter_map(|name| Some(name.ok()?.to_string())).collect();
    let Some(book) =
        names.iter().find(|name| name.to_ascii_lowercase().ends_with("xl/workbook.xml"))
    else {
        return Ok(HashMap::new());
    };
    let (directory, file) = book.rsplit_once('/').unwrap_or(("", book));
    let mut sheets: Vec<(String, String)> = Vec::new();
    each(&mut package, book, |tag| {
        if tag.local_name().as_ref() == "sheet"
            && let (Some(name), Some(id)) = (attribute(tag, "name"), attribute(tag, "id"))
        {
            sheets.push((name, id));
        }
        true
    })?;
    let mut targets: HashMap<String, String> = HashMap::new();
    each(&mut package, &format!("{directory}/_rels/{file}.rels"), |tag| {
        if let (Some(id), Some(target)) = (attribute(tag, "Id"), attribute(tag, "Target")) {
            targets.insert(id, target);
        }
        true
    })?;
    let shared = format!("{directory}/sharedStrings.xml");
    let shared = names.iter().find(|own| own.eq_ignore_ascii_case(&shared));
    let texts = shared.map(|path| MarkedTexts::read(&mut package, path)).transpose()?;
    let texts = texts.unwrap_or_default();
    let mut found = HashMap::new();
    let mut left = MOST;
    for (name, id) in sheets {
        let Some(target) = targets.get(&id) else { continue };
        let path = match target.strip_prefix('/') {
            Some(path) => path.to_owned(),
            None => format!("{directory}/{target}"),
        };
        let Some(path) = names.iter().find(|own| own.eq_ignore_ascii_case(&path)) else { continue };
        let mut facts = sheet(&mut package, path, &mut left)?;
        facts.marked = MarkedCells::read(&mut package, path, &texts, &mut left)?;
        found.insert(name, facts);
    }
    input.rewind()?;
    Ok(found)
}

fn sheet<R: Read + Seek>(
    package: &mut ZipArchive<R>,
    path: &str,
    left: &mut usize,
) -> Result<Facts, FileFault> {
    let mut facts = Facts::default();
    let mut row = 0_u32;
    let fits = each(package, path, |tag| {
        match tag.local_name().as_ref() {
            "row" => {
                row = attribute(tag, "r").and_then(|number| number.parse().ok()).unwrap_or(row + 1);
                if truth(tag, "hidden")
                    || attribute(tag, "ht").is_some_and(|height| height.parse() == Ok(0.0))
                {
                    let place = row.saturating_sub(1);
                    match facts.hidden_rows.last_mut() {
                        Some((_, to)) if *to + 1 == place => *to = place,
                        _ => {
                            facts.hidden_rows.push((place, place));
                            *left = left.saturating_sub(1);
                        }
                    }
                }
            }
            "col"
                if truth(tag, "hidden")
                    || attribute(tag, "width").is_some_and(|width| width.parse() == Ok(0.0)) =>
            {
                let end = |name: &str| {
                    attribute(tag, name)
                        .and_then(|number| number.parse::<u32>().ok())
                        .map(|number| number.saturating_sub(1))
                };
                if let (Some(from), Some(to)) = (end("min"), end("max")) {
                    facts.hidden_columns.push((from, to));
                    *left = left.saturating_sub(1);
                }
            }
            "mergeCell" => {
                if let Some(merge) = attribute(tag, "ref").and_then(|range| merge(&range)) {
                    facts.merges.push(merge);
                    *left = left.saturating_sub(1);
                }
            }
            _ => {}
        }
        *left > 0
    })
    .map_err(|fault| match fault {
        FileFault::NotAWorkbook => FileFault::SheetDamaged { row: u64::from(row) },
        other => other,
    })?;
    if !fits {
        return Err(FileFault::Inflated);
    }
    facts.hidden_rows.sort_unstable();
    facts.hidden_columns.sort_unstable();
    facts.merges.sort_by_key(|merge| (merge.rows, merge.columns));
    Ok(facts)
}

/// Reads the tags of a part until they end or the callback has seen enough. Returns whether all
/// were read.
///
/// Damage anywhere in the part is a fault: merged cells follow the values of a sheet, and without
/// them the sheet would say something different from what was sent.
fn each<R: Read + Seek>(
    package: &mut ZipArchive<R>,
    path: &str,
    mut take: impl FnMut(&BytesStart<'_>) -> bool,
) -> Result<bool, FileFault> {
    let Ok(part) = package.by_name(path) else { return Ok(true) };
    let mut reader = Reader::from_reader(BufReader::new(part));
    let config = reader.config_mut();
    config.check_end_names = false;
    config.expand_empty_elements = true;
    let mut buffer = Vec::new();
    let mut open = 0_u64;
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) => {
                open += 1;
                if !take(&tag) {
                    return Ok(false);
                }
            }
            Ok(Event::End(_)) => open = open.saturating_sub(1),
            Ok(Event::Eof) if open == 0 => return Ok(true),
            Ok(Event::Eof) | Err(_) => return Err(FileFault::NotAWorkbook),
            Ok(_) => {}
        }
    }
}

pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found =
        tag.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    quick_xml::escape::unescape(&found.value).ok().map(|value| value.into_owned())
}

fn truth(tag: &BytesStart<'_>, name: &str) -> bool {
    attribute(tag, name).is_some_and(|value| matches!(value.as_str(), "1" | "true"))
}

/// Parses a range such as `C2:C4`; `None` if it is not one.
fn merge(range: &str) -> Option<Merge> {
    let (from, to) = range.split_once(':')?;
    let (from, to) = (cell(from)?, cell(to)?);
    (from.0 <= to.0 && from.1 <= to.1)
        .then_some(Merge { rows: (from.0, to.0), columns: (from.1, to.1) })
}

pub(super) fn cell(name: &str) -> Option<(u32, u32)> {
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (letters, digits) = name.split_at(letters);
    let column = letters.bytes().try_fold(0_u32, |column, letter| {
        column.checked_mul(26)?.checked_add(u32::from(letter.to_ascii_uppercase() - b'A') + 1)
    })?;
    Some((digits.parse::<u32>().ok()?.checked_sub(1)?, column.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_rows_and_columns() {
        assert_eq!(merge("C2:C4"), Some(Merge { rows: (1, 3), columns: (2, 2) }));
        assert_eq!(merge("Z1:AB1"), Some(Merge { rows: (0, 0), columns: (25, 27) }));
        for range in ["", "A1", "A0:B2", "B2:A1", "ZZZZZZZZZ1:A2", "1:2"] {
            assert_eq!(merge(range), None, "{range}");
        }
    }
}
