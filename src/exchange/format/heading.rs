//! What the columns of a table are, told by their headings: field names, Chinese labels, or the headings of the template.

use entity::catalogue::{Family, Field};

use super::fault::FileFault;
use crate::domain::text::half_width;

/// Columns that the hub puts into the workbooks it sends back; they are passed over, so that a mended one can be sent
/// again as it is.
pub const ADDED: [&str; 3] = ["结果", "问题", "行号"];

/// What stands in a column.
#[derive(Clone, Copy)]
pub enum Column {
    /// A field.
    Field(&'static Field),
    /// What the hub added.
    Added,
    /// No heading: nothing may stand here.
    Unnamed,
}

/// The heading of a field in the template: label, unit, and a star where it is required.
#[must_use]
pub fn written(field: &Field) -> String {
    let unit = field.unit.map(|unit| format!("（{unit}）")).unwrap_or_default();
    let star = if field.required { " *" } else { "" };
    format!("{}{unit}{star}", field.label)
}

/// Headings are compared without case, width, blanks, underscores, marks and a unit in brackets at the end.
fn key(heading: &str) -> String {
    let text = half_width(heading).to_lowercase();
    let text: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '_' | '*' | '\u{feff}')).collect();
    match text.strip_suffix(')').and_then(|text| text.rsplit_once('(')) {
        Some((before, _)) if !before.is_empty() => before.to_owned(),
        _ => text,
    }
}

fn names(field: &Field) -> [String; 2] {
    [key(field.name), key(field.label)]
}

/// Whether a heading is one of a field that can be handed in.
#[must_use]
pub fn is_known(family: &'static Family, heading: &str) -> bool {
    let heading = key(heading);
    family.inputs().any(|field| names(field).contains(&heading))
}

/// What each column is.
///
/// # Errors
/// [`FileFault`]: an unknown or derived heading, one that stands twice, required fields without a column.
pub fn columns<'a>(family: &'static Family, headings: impl Iterator<Item = &'a str>) -> Result<Vec<Column>, FileFault> {
    let mut columns = Vec::new();
    for heading in headings {
        let shown = || heading.trim().chars().take(60).collect::<String>();
        let wanted = key(heading);
        let column = if wanted.is_empty() {
            Column::Unnamed
        } else if let Some(field) = family.inputs().find(|field| names(field).contains(&wanted)) {
            if columns.iter().any(|other| matches!(other, Column::Field(known) if known.name == field.name)) {
                return Err(FileFault::HeadingTwice { heading: shown() });
            }
            Column::Field(field)
        } else if ADDED.contains(&wanted.as_str()) {
            Column::Added
        } else if family.all_fields().any(|field| !field.hidden && names(field).contains(&wanted)) {
            return Err(FileFault::HeadingDerived { heading: shown() });
        } else {
            return Err(FileFault::HeadingUnknown { heading: shown(), nearest: nearest(family, &wanted) });
        };
        columns.push(column);
    }
    let has = |field: &Field| columns.iter().any(|column| matches!(column, Column::Field(known) if known.name == field.name));
    let labels: Vec<&str> = family.inputs().filter(|field| field.required && !has(field)).map(|field| field.label).collect();
    if labels.is_empty() { Ok(columns) } else { Err(FileFault::ColumnsMissing { labels }) }
}

/// The label or name that takes the fewest changes of letters, by its own length.
fn nearest(family: &'static Family, heading: &str) -> String {
    let heading: Vec<char> = heading.chars().take(60).collect();
    let distance = |name: &str| {
        let own: Vec<char> = key(name).chars().collect();
        edits(&heading, &own) * 1000 / own.len().max(heading.len()).max(1)
    };
    let names = family.inputs().flat_map(|field| [field.label, field.name]);
    names.min_by_key(|name| distance(name)).unwrap_or_default().to_owned()
}

/// Insertions, deletions and exchanges of single letters that lead from one text to the other.
fn edits(from: &[char], to: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (index, letter) in from.iter().enumerate() {
        let mut diagonal = index;
        let mut left = index + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (above, other) in row.iter_mut().skip(1).zip(to) {
            let best = (diagonal + usize::from(letter != other)).min(left + 1).min(*above + 1);
            diagonal = std::mem::replace(above, best);
            left = best;
        }
    }
    row.last().copied().unwrap_or_default()
}
