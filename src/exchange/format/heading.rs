//! What the columns of a table are, told by their headings: field names, Chinese labels, the
//! headings of the template, and what departments call the same in their own ledgers
//! (`reference/heading.csv`).
//!
//! A column that is no field of the family is passed over and told in the receipt. What a heading
//! says of a unit is kept, so that 12.6 below 直接经济损失（万元） is not 12.6 yuan.

use std::sync::LazyLock;

use entity::catalogue::{Family, Field, Kind};

use super::industry;
use crate::{
    domain::{
        quantity,
        text::{half_width, is_invisible},
    },
    submit::parse::ORIGIN,
};

/// Columns that the hub puts into the workbooks it sends back; they are passed over without a word,
/// so that a mended one can be sent again as it is.
pub const ADDED: [&str; 3] = ["结果", "问题", "行号"];
/// The heading of the identifier in exports.
const IDENTIFIER: &str = "全局标识";

/// What stands in a column.
#[derive(Clone, Copy, Debug)]
pub enum HeadingColumn {
    /// A field, with the unit that the table says its numbers are in, where it is not the field's
    /// own.
    Field(&'static Field, Option<&'static str>),
    /// Where an export says a record comes from.
    Origin(&'static str),
    /// The industry, as a word or a code.
    Industry,
    /// What is not read.
    Passed,
    /// No heading: nothing may stand here.
    Unnamed,
}

impl HeadingColumn {
    /// The field, if it is one.
    pub const fn field(self) -> Option<&'static Field> {
        match self {
            Self::Field(field, _) => Some(field),
            _ => None,
        }
    }
}

/// How surely a heading names its field; a surer one takes the column from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sure {
    /// A name that departments use.
    Called,
    /// The name, the label, or the heading of the template.
    Named,
}

/// What a heading says.
#[derive(Clone, Copy, Debug)]
pub enum Meaning {
    /// A field that is handed in.
    Field(&'static Field, Sure),
    /// Where a record comes from.
    Origin(&'static str),
    /// The industry, in whichever way it is named.
    Industry,
    /// A column of the hub: what it adds to workbooks that come back.
    Added,
    /// A field that the hub computes.
    Derived,
    /// None of these.
    Unknown,
}

/// The heading of a field in the template: label, unit, and a star where it is required.
#[must_use]
pub fn written(field: &Field) -> String {
    let unit = field.unit.map(|unit| format!("（{unit}）")).unwrap_or_default();
    let star = if field.required { " *" } else { "" };
    format!("{}{unit}{star}", field.label)
}

/// A heading as headings are compared: without case, width, blanks, underscores and marks.
fn plain(heading: &str) -> String {
    let text = half_width(heading).to_lowercase();
    text.chars()
        .filter(|c| {
            !c.is_whitespace() && !is_invisible(*c) && !matches!(c, '_' | '*' | ':' | '、' | '·')
        })
        .collect()
}

/// A heading without what stands in brackets at its end, and that.
fn split(heading: &str) -> (String, Option<String>) {
    let text = plain(heading);
    match text.strip_suffix([')', ']', '〕']).and_then(|text| text.rsplit_once(['(', '[', '〔']))
    {
        Some((before, inside)) if !before.is_empty() => {
            (before.to_owned(), Some(inside.to_owned()))
        }
        _ => (text, None),
    }
}

/// The unit that a heading states, as it is written.
#[must_use]
pub fn unit(heading: &str) -> Option<String> {
    let word = match split(heading).1 {
        Some(inside) => inside,
        None => plain(heading).rsplit_once(['/', ',', ';']).map(|(_, unit)| unit.to_owned())?,
    };
    let word = word.strip_prefix("单位").unwrap_or(&word);
    quantity::is_unit(word).then(|| word.to_owned())
}

struct Called {
    family: String,
    field: String,
    heading: String,
}

static CALLED: LazyLock<Vec<Called>> = LazyLock::new(|| {
    let lines = include_str!("../../../reference/heading.csv").lines().skip(1);
    let parts = lines.filter_map(|line| {
        let mut cells = line.split(',');
        let (family, field, heading) = (cells.next()?, cells.next()?, cells.next()?);
        Some(Called { family: family.to_owned(), field: field.to_owned(), heading: plain(heading) })
    });
    parts.collect()
});

/// What a heading says; `above` is what stands over it where the head has several lines.
#[must_use]
pub fn meaning(family: &'static Family, heading: &str, above: Option<&str>) -> Meaning {
    let both = above.map(|above| format!("{above}{heading}"));
    // The whole says more than its last part.
    let mut best = Meaning::Unknown;
    for text in both.iter().map(String::as_str).chain([heading]) {
        match one(family, text) {
            Meaning::Unknown => {}
            found @ Meaning::Field(_, Sure::Called) if matches!(best, Meaning::Unknown) => {
                best = found
            }
            Meaning::Field(_, Sure::Called) => {}
            found => return found,
        }
    }
    best
}

fn one(family: &'static Family, heading: &str) -> Meaning {
    let whole = plain(heading);
    let (short, _) = split(heading);
    let is = |name: &str| name == whole || name == short;
    if whole.is_empty() {
        return Meaning::Unknown;
    }
    if let Some(field) = family.inputs().find(|field| {
        is(&plain(field.name))
            || is(&plain(field.kept))
            || is(&plain(field.label))
            || is(&split(field.label).0)
    }) {
        return Meaning::Field(field, Sure::Named);
    }
    if ADDED.contains(&whole.as_str()) {
        return Meaning::Added;
    }
    if is("id") || is(IDENTIFIER) {
        return Meaning::Origin("id");
    }
    if let Some(field) = family
        .all_fields()
        .find(|field| !field.hidden && (is(&plain(field.name)) || is(&plain(field.label))))
    {
        return ORIGIN
            .into_iter()
            .find(|name| *name == field.name)
            .map_or(Meaning::Derived, Meaning::Origin);
    }
    let own = |called: &&Called| {
        (called.family.is_empty() || called.family == family.name) && is(&called.heading)
    };
    if industry::belongs(family)
        && CALLED.iter().filter(own).any(|called| called.field == industry::COLUMN)
    {
        return Meaning::Industry;
    }
    let mut called: Vec<&Called> = CALLED.iter().filter(own).collect();
    called.sort_by_key(|called| called.family.is_empty());
    let field =
        called.iter().find_map(|called| family.inputs().find(|field| field.name == called.field));
    field.map_or(Meaning::Unknown, |field| Meaning::Field(field, Sure::Called))
}

/// The unit of a column by its heading or, failing that, by the line above the table that says
/// 单位：万元. `Err` is a unit that does not lead to that of the field.
pub fn unit_of(
    field: &Field,
    heading: &str,
    of_table: &[String],
) -> Result<Option<&'static str>, String> {
    if !matches!(field.kind, Kind::Int | Kind::Money) {
        return Ok(None);
    }
    let Some(own) = field.unit.or(if field.kind == Kind::Money { Some("元") } else { None })
    else {
        return Ok(None);
    };
    // The field's own unit needs no word.
    let other = |unit: &'static str| {
        quantity::factor(unit, own).is_some_and(|factor| factor != 1).then_some(unit)
    };
    if let Some(stated) = unit(heading) {
        return quantity::known(&stated, own).map(other).ok_or(stated);
    }
    if field.kind != Kind::Money {
        return Ok(None);
    }
    let mut of_table = of_table.iter().filter_map(|unit| quantity::known(unit, own));
    match (of_table.next(), of_table.next()) {
        (Some(one), None) => Ok(other(one)),
        (Some(_), Some(_)) => Err("元".to_owned()),
        (None, _) => Ok(None),
    }
}

/// The field whose label or name a heading seems to mean: the fewest changes of letters lead to it,
/// and only a few. None where nothing is near: a suggestion that makes no sense is worse than none.
#[must_use]
pub fn nearest(family: &'static Family, heading: &str) -> Option<&'static Field> {
    let heading: Vec<char> = split(heading).0.chars().take(60).collect();
    let distance = |name: &str| {
        let own: Vec<char> = split(name).0.chars().collect();
        let contained =
            own.len() >= 4 && heading.windows(own.len()).any(|part| part == own.as_slice());
        (if contained { 1 } else { edits(&heading, &own) }, own.len().max(heading.len()))
    };
    let all = family.inputs().flat_map(|field| [(field, field.label), (field, field.name)]);
    let (changes, length, field) = all
        .map(|(field, name)| {
            let (changes, length) = distance(name);
            (changes, length, field)
        })
        .min_by_key(|(changes, length, _)| changes * 1000 / length.max(&1))?;
    (changes > 0 && length >= 4 && changes * 3 <= length).then_some(field)
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
