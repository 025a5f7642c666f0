//! Which sheet of a workbook is read: the one named 数据, else the visible one with the best head.

use std::collections::HashMap;

use calamine::{Reader as _, SheetVisible, Xlsx};

use super::{
    cells::{CellRows, MOST_COLUMNS},
    facts::Facts,
    fault::{FileFault, SearchedPlace},
    head,
    report::Report,
    rows::ReadOptions,
    workbook::{DATA, WorkbookSource},
};

/// The sheet to read, with its first rows and the place of the head among them.
pub struct Chosen {
    pub sheet: String,
    pub lines: Vec<head::HeadRow>,
    pub place: head::HeadPosition,
    pub cut: bool,
}

impl Chosen {
    /// The number of the last row of the head.
    pub fn head(&self) -> u64 {
        self.lines.get(self.place.last()).map_or(0, |line| line.number)
    }
}

/// The sheet to read.
pub fn choose(
    book: &mut Xlsx<WorkbookSource>,
    facts: &HashMap<String, Facts>,
    reading: &ReadOptions,
    report: &mut Report,
) -> Result<Chosen, FileFault> {
    let sheets: Vec<(String, bool)> = book
        .sheets_metadata()
        .iter()
        .map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible))
        .collect();
    let (mut found, mut looked): (Vec<Chosen>, Vec<SearchedPlace>) = (Vec::new(), Vec::new());
    for (name, _) in sheets.iter().filter(|(name, visible)| *visible || name == DATA) {
        let name = name.clone();
        // What is no worksheet, such as a page with a chart alone, is passed over.
        let Ok(cells) = book.worksheet_cells_reader(&name) else { continue };
        let (lines, cut) = first(CellRows::new(cells, &reading.limits), facts.get(&name))?;
        match head::find(reading.family, &lines) {
            Some(place) => found.push(Chosen { sheet: name, lines, place, cut }),
            None => {
                if let Some(line) = lines.first().filter(|_| looked.len() < 5) {
                    looked.push(SearchedPlace::at(Some(name), line.number, &line.cells));
                }
            }
        }
    }
    // A sheet called 数据 that nobody sees is an old one, unless it is all there is.
    let shown =
        |chosen: &Chosen| sheets.iter().any(|(name, shown)| *shown && *name == chosen.sheet);
    let hidden: Vec<String> = if found.iter().any(shown) {
        let hidden = found.extract_if(.., |chosen| !shown(chosen));
        hidden.map(|chosen| chosen.sheet).collect()
    } else {
        Vec::new()
    };
    let most = found.iter().map(|chosen| chosen.place.fields).max().unwrap_or_default();
    let data = found.iter().position(|chosen| chosen.sheet == DATA);
    let Some(index) = data.or_else(|| found.iter().position(|chosen| chosen.place.fields == most))
    else {
        return Err(FileFault::SheetMissing { looked });
    };
    let chosen = found.swap_remove(index);
    let alike = found
        .iter()
        .filter(|other| other.place.fields > 2 && other.place.fields * 2 >= chosen.place.fields);
    report.sheets = alike.map(|other| other.sheet.clone()).chain(hidden).collect();
    report.sheets.sort();
    Ok(chosen)
}

/// The first rows of a sheet as texts, merged cells filled, and whether one of them was cut.
fn first(
    mut cells: CellRows<'_>,
    facts: Option<&Facts>,
) -> Result<(Vec<head::HeadRow>, bool), FileFault> {
    let (mut lines, mut cut): (Vec<head::HeadRow>, bool) = (Vec::new(), false);
    while lines.len() < head::ROWS {
        let Some(raw) = cells.row()? else { break };
        cut |= raw.cut;
        lines.push(head::HeadRow { number: u64::from(raw.row) + 1, cells: raw.texts() });
    }
    let Some(facts) = facts else { return Ok((lines, cut)) };
    let numbers: Vec<u64> = lines.iter().map(|line| line.number).collect();
    let last = numbers.last().copied().unwrap_or_default();
    for merge in facts.merges.iter().take_while(|merge| u64::from(merge.rows.0) < last) {
        let at = |line: &head::HeadRow| line.number == u64::from(merge.rows.0) + 1;
        let anchor = lines
            .iter()
            .find(|line| at(line))
            .and_then(|line| line.cells.get(merge.columns.0 as usize))
            .cloned();
        let Some(text) = anchor.filter(|text| !text.is_empty()) else { continue };
        let covered = |number: u64| {
            (u64::from(merge.rows.0) + 1..=u64::from(merge.rows.1) + 1).contains(&number)
        };
        for line in lines.iter_mut().filter(|line| covered(line.number)) {
            let to = (merge.columns.1 as usize).min(MOST_COLUMNS);
            if line.cells.len() <= to {
                line.cells.resize(to + 1, String::new());
            }
            for cell in line
                .cells
                .iter_mut()
                .take(to + 1)
                .skip(merge.columns.0 as usize)
                .filter(|cell| cell.is_empty())
            {
                cell.clone_from(&text);
            }
        }
    }
    Ok((lines, cut))
}
