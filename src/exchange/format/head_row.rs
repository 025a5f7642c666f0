//! A row among the first ones of a table.

/// A row that may belong to a head: what stands in its cells, merged ones filled.
#[derive(Clone, Debug, Default)]
pub struct HeadRow {
    /// Its number, as people see it.
    pub number: u64,
    /// Texts by column; empty where nothing stands.
    pub cells: Vec<String>,
}

/// A row of one cell.
pub fn one_cell(text: &str) -> HeadRow {
    HeadRow { number: 0, cells: vec![text.to_owned()] }
}

/// A row without what is merged down into it from the row above.
pub fn without_merged(line: &HeadRow, above: Option<&HeadRow>) -> HeadRow {
    let merged = |place: usize, text: &String| {
        above.and_then(|above| above.cells.get(place)).is_some_and(|own| own == text)
    };
    let own = line.cells.iter().enumerate();
    let cells =
        own.map(|(place, text)| if merged(place, text) { String::new() } else { text.clone() });
    HeadRow { number: line.number, cells: cells.collect() }
}
