//! Where the head of a table is, and what it says. Ledgers have titles, notes and lines for the
//! unit above it, and often two lines of it, with 伤亡情况 over 死亡 and 重伤.
//!
//! Of all blocks of one to three rows among the first ones, that with the most headings of the
//! family is the head.

use std::collections::{BTreeSet, HashMap};

use entity::catalogue::{Family, Field, Kind};

use super::{
    fault::{FileFault, HeadFaults},
    head_path::{Path, paths},
    head_row::{one_cell, without_merged},
    heading::{self, HeadingColumn, Meaning, Sure},
    industry,
    report::{Report, Why},
    said_below,
    shown::ColumnFormats,
    unit_line::UnitLine,
    units::{self, ColumnUnit},
};

pub use super::head_row::HeadRow;

/// Rows among which the head is looked for.
pub const ROWS: usize = 30;
/// Most rows of a head.
const HIGH: usize = 3;

/// Where a head was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeadPosition {
    from: usize,
    to: usize,
    /// How many fields it names.
    pub fields: usize,
    /// In how many columns: 日期 and 时间 below 发生时间 are two of one.
    columns: usize,
}

impl HeadPosition {
    /// Its last row, by its place among those looked at.
    #[must_use]
    pub const fn last(self) -> usize {
        self.to
    }
}

/// What a sheet says of its columns besides their headings.
#[derive(Clone, Copy, Default)]
pub struct SheetColumns<'a> {
    /// Whether they are hidden, by place.
    pub hidden: &'a [bool],
    /// What their numbers are shown with; `None` of a table in text.
    pub formats: Option<&'a HashMap<usize, ColumnFormats>>,
    /// Name of the sheet, which may state a unit as a title does.
    pub name: Option<&'a str>,
}

/// A head that was understood.
pub struct TableHead {
    /// What the columns are.
    pub columns: Vec<HeadingColumn>,
    /// Of columns that two fields are called by, the other one: it is meant where a number has its
    /// unit.
    pub others: HashMap<usize, &'static Field>,
    /// The number of its last row.
    pub last: u64,
    /// The texts of its rows, by which a head that is repeated on the next page is known.
    pub rows: Vec<Vec<String>>,
    /// Whether all identity numbers are of residents' cards, as the heading says, and no column has
    /// the sort of document.
    pub resident: bool,
}

/// The best place for a head among the first rows of a table.
#[must_use]
pub fn find(family: &'static Family, lines: &[HeadRow]) -> Option<HeadPosition> {
    let mut best: Option<HeadPosition> = None;
    for to in 0..lines.len().min(ROWS) {
        for from in (to.saturating_sub(HIGH - 1)..=to).rev() {
            let names = paths(lines, from, to);
            let named: Vec<&str> = names
                .iter()
                .filter_map(|path| match path.meaning(family, &[]) {
                    Meaning::Field(field, _) => Some(field.name),
                    Meaning::Origin(name) => Some(name),
                    Meaning::Industry => Some(industry::COLUMN),
                    _ => None,
                })
                .collect();
            let fields: BTreeSet<&str> = named.iter().copied().collect();
            let place = HeadPosition { from, to, fields: fields.len(), columns: named.len() };
            let much = |own: HeadPosition| (own.fields, own.columns);
            if much(place) > best.map_or((0, 0), much) {
                best = Some(place);
            }
        }
    }
    best.map(|place| HeadPosition { from: beginning(lines, place), ..place })
}

/// The first row of a head: rows above whose cells are merged with its own belong to it.
fn beginning(lines: &[HeadRow], place: HeadPosition) -> usize {
    let mut from = place.from;
    while place.to - from + 1 < HIGH
        && let (Some(above), Some(row)) =
            (from.checked_sub(1).and_then(|index| lines.get(index)), lines.get(from))
    {
        let same = above
            .cells
            .iter()
            .zip(&row.cells)
            .filter(|(one, other)| !one.trim().is_empty() && one == other);
        if same.count() < 2 {
            break;
        }
        from -= 1;
    }
    from
}

/// Reads the head at a place. All that is wrong with it is told at once.
///
/// # Errors
/// [`FileFault::Head`].
pub fn read(
    family: &'static Family,
    lines: &[HeadRow],
    place: HeadPosition,
    around: SheetColumns<'_>,
    report: &mut Report,
) -> Result<TableHead, FileFault> {
    let block = lines.get(place.from..=place.to).unwrap_or_default();
    let name = around.name.map(|name| HeadRow { number: 0, cells: vec![name.to_owned()] });
    let above = lines.get(..place.from).unwrap_or_default();
    // 单位：万元 below the head, alone in its row, is said of the table like one above it.
    let of_all = lines.get(place.to + 1).map(|line| without_merged(line, block.last()));
    let of_all = of_all.as_ref().and_then(UnitLine::of);
    let paths = paths(lines, place.from, place.to);
    // 直接经济损失 | 备注 | 单位：万元, in the line of the head itself.
    let in_head = paths.iter().map(|path| path.leaf.as_str());
    let in_head = in_head.filter(|text| text.contains(':') || text.contains('：'));
    let in_head = in_head.filter(|text| units::alone(text).is_some()).map(one_cell);
    let said: Vec<HeadRow> = name
        .into_iter()
        .chain(above.iter().cloned())
        .chain(in_head)
        .chain(of_all.iter().map(|line| line.text.clone()))
        .collect();
    let units = units::above(&said);
    let below = lines
        .get(place.to + 1)
        .and_then(|line| Some((line, units::row_of_units(&without_merged(line, block.last()))?)));
    let by_column = of_all.as_ref().is_none_or(UnitLine::may_be_of_column);
    let of_column = |index: usize| below.as_ref().filter(|_| by_column)?.1.get(index)?.as_deref();
    let shown = |index: usize| around.formats.and_then(|formats| formats.get(&index));
    // 直接经济损失 | 万元: a heading that is a unit and nothing else belongs to the one before it.
    let beside: Vec<Option<String>> = paths
        .iter()
        .skip(1)
        .map(|next| units::alone(&next.leaf).filter(|_| next.above.is_none()))
        .collect();
    // With values below it, it is a column of its own.
    let rows = lines.get(place.to + 1 + usize::from(below.is_some())..).unwrap_or_default();
    let values = |index: usize| {
        let texts = rows.iter().filter_map(move |row| row.cells.get(index));
        texts.filter(|text| !text.trim().is_empty())
    };
    let filled = |index: usize| values(index).next().is_some();
    let unit_beside = |index: usize| beside.get(index)?.as_deref();
    let beside = |index: usize| unit_beside(index).filter(|_| !filled(index + 1));
    let stands_below = |index: usize| {
        of_column(index).or_else(|| paths.get(index)?.unit.as_deref()).or_else(|| beside(index))
    };
    let unit_below = |index: usize| {
        let shown = shown(index).and_then(|shown| shown.unit().ok().flatten());
        shown.or_else(|| stands_below(index))
    };
    let meaning = |(index, path): (usize, &Path)| {
        let of_table = units.stated.iter().map(String::as_str);
        let said: Vec<&str> = unit_below(index).into_iter().chain(of_table).collect();
        path.meaning(family, &said)
    };
    let meanings: Vec<Meaning> = paths
        .iter()
        .enumerate()
        .map(|(index, path)| match meaning((index, path)) {
            // 单位 | 万元: a column that holds units alone is not that of employers.
            Meaning::Unknown | Meaning::Field(_, Sure::Called)
                if path.leaf.trim().ends_with("单位")
                    && values(index).any(|text| units::alone(text).is_some())
                    && values(index)
                        .all(|text| units::alone(text).is_some() || text.trim() == "同上") =>
            {
                Meaning::UnitOfRow
            }
            found => found,
        })
        .collect();
    let mut faults = HeadFaults {
        rows: block.iter().map(|line| line.number).collect(),
        ..HeadFaults::default()
    };
    let left =
        |index: usize| report.hidden_left && around.hidden.get(index).copied().unwrap_or(false);
    let mut columns: Vec<HeadingColumn> = Vec::with_capacity(paths.len());
    let mut passed: Vec<(String, Why, Option<&'static str>)> = Vec::new();
    for (index, (path, meaning)) in paths.iter().zip(&meanings).enumerate() {
        let heading = path.shown();
        let column = match meaning {
            _ if path.leaf.is_empty() => HeadingColumn::Unnamed,
            _ if left(index) => {
                passed.push((heading, Why::Hidden, None));
                HeadingColumn::Passed
            }
            Meaning::Field(field, _) if beside_day(index, field, &paths, &meanings) => {
                HeadingColumn::TimeOf(field)
            }
            Meaning::Field(field, sure) => {
                let same = meanings
                    .iter()
                    .enumerate()
                    .filter(|(other, _)| *other != index && !left(*other))
                    .filter(|(other, _)| !beside_day(*other, field, &paths, &meanings))
                    .filter_map(|(other, meaning)| match meaning {
                        Meaning::Field(own, sure) if own.name == field.name => Some((other, *sure)),
                        _ => None,
                    });
                let same: Vec<(usize, Sure)> = same.collect();
                if same.iter().any(|(_, other)| other > sure) {
                    passed.push((heading, Why::Doubled, None));
                    HeadingColumn::Passed
                } else {
                    if same.iter().any(|(other, equally)| *other < index && equally == sure) {
                        faults.twice.push(path.whole(None));
                    }
                    if let Some((shown, unit)) =
                        shown(index).and_then(|shown| Some((shown, misread(field, shown)?)))
                    {
                        faults.formats.push((heading.clone(), unit, shown.rows()));
                    }
                    let (below, shown) = (stands_below(index), shown(index));
                    let unit = units::unit_of(field, path.both(), (below, shown), &units);
                    let of = |place: usize| match meanings.get(place) {
                        Some(Meaning::Field(field, _)) => Some(*field),
                        _ => None,
                    };
                    let unclear = |unit: ColumnUnit| {
                        let other = unit_beside(index).filter(|_| filled(index + 1));
                        let other = other.is_some_and(|unit| units::leads(field, unit));
                        (unit == ColumnUnit::Assumed && other)
                            || of_all.as_ref().is_some_and(|all| all.contradicts((field, unit), of))
                    };
                    let unit = match (unit, units::own(field)) {
                        (Ok(unit), Some(own)) if unclear(unit) => Err(own),
                        (unit, _) => unit,
                    };
                    match unit {
                        Ok(unit) => {
                            if let ColumnUnit::OfTable(unit) = unit
                                && units::leads_elsewhere(field, unit)
                            {
                                report.unit = Some(unit.to_owned());
                            }
                            HeadingColumn::Field(field, unit)
                        }
                        Err(own) => {
                            faults.units.push((path.whole(None), own));
                            HeadingColumn::Passed
                        }
                    }
                }
            }
            Meaning::Origin(name) => HeadingColumn::Origin(name),
            Meaning::Industry => HeadingColumn::Industry,
            Meaning::UnitOfRow => HeadingColumn::UnitOfRow,
            Meaning::Added => HeadingColumn::Passed,
            Meaning::Derived => {
                passed.push((heading, Why::Derived, None));
                HeadingColumn::Passed
            }
            Meaning::Unknown => {
                let nearest = heading::nearest(family, &path.leaf);
                passed.push((heading, Why::NoField, nearest.map(|field| field.label)));
                HeadingColumn::Passed
            }
        };
        columns.push(column);
    }
    // 单位：万元 above and （元） in every heading that it can be said of: nobody knows which holds.
    for unit in units.stated.iter().filter(|unit| said_below::none(&columns, unit)) {
        for (path, column) in paths.iter().zip(&columns) {
            let field = column.field().filter(|field| units::leads(field, unit));
            if let Some(own) = field.and_then(units::own) {
                faults.units.push((path.whole(None), own));
            }
        }
    }
    let has = |name: &str| {
        columns.iter().any(|column| column.field().is_some_and(|field| field.name == name))
    };
    let resident = paths.iter().zip(&columns).any(|(path, column)| {
        column.field().is_some_and(|field| field.name == ID_NUMBER) && of_residents(&path.leaf)
    });
    let told = |name: &str| has(name) || (resident && name == ID_TYPE);
    for field in family.inputs().filter(|field| field.required && !told(field.name)) {
        let meant = passed
            .iter()
            .find(|(_, _, nearest)| *nearest == Some(field.label))
            .map(|(heading, ..)| heading.clone());
        faults.missing.push((field.label, meant));
    }
    let missing_label =
        |label: &str| family.inputs().any(|field| field.label == label && !has(field.name));
    for (heading, why, nearest) in passed {
        report.pass(&heading, why, nearest.filter(|label| missing_label(label)));
    }
    report.head.clone_from(&faults.rows);
    if !faults.is_empty() {
        faults.sheet.clone_from(&report.sheet);
        faults.seen =
            paths.iter().map(Path::shown).filter(|text| !text.is_empty()).take(40).collect();
        return Err(FileFault::Head(Box::new(faults)));
    }
    let others = paths.iter().zip(&columns).enumerate().filter_map(|(index, (path, column))| {
        let field = column.field()?;
        let other = |own: &&'static Field| own.name != field.name && !has(own.name);
        Some((index, heading::called(family, &path.leaf).into_iter().find(other)?))
    });
    let others = others.collect();
    let resident = resident && !has(ID_TYPE);
    let rows: Vec<Vec<String>> = block
        .iter()
        .chain(below.as_ref().map(|(line, _)| *line))
        .map(|line| line.cells.clone())
        .collect();
    let last = below.as_ref().map(|(line, _)| *line).or(block.last()).map_or(0, |line| line.number);
    Ok(TableHead { columns, others, last, rows, resident })
}

/// Whether what the numbers of a column are shown with says something else than the numbers, with
/// the unit that they should have.
fn misread(field: &'static Field, shown: &ColumnFormats) -> Option<Option<&'static str>> {
    match (units::own(field), field.kind) {
        (Some(own), _) if shown.unit().is_err() => Some(Some(own)),
        (_, Kind::Text) => Some(None),
        _ => None,
    }
}

/// The fields of an identity document.
pub const ID_NUMBER: &str = "idNumber";
pub const ID_TYPE: &str = "idType";
/// Code of the identity card of residents.
pub const RESIDENT: &str = "RESIDENT_ID";

/// Whether a heading of a number says that it is that of a resident's identity card.
fn of_residents(heading: &str) -> bool {
    ["身份证号", "公民身份号码"].iter().any(|word| heading.contains(word))
}

/// Whether a column has the time of day whose day another column of the same field has: 发生日期 and
/// 发生时间.
fn beside_day(index: usize, field: &Field, paths: &[Path], meanings: &[Meaning]) -> bool {
    let ends = |place: usize, word: &str| paths[place].leaf.trim().ends_with(word);
    let same =
        |place: usize| matches!(meanings[place], Meaning::Field(own, _) if own.name == field.name);
    field.kind == Kind::DateTime
        && ["时间", "时刻"].iter().any(|word| ends(index, word))
        && (0..paths.len()).any(|other| other != index && same(other) && ends(other, "日期"))
}
