//! What the columns of a table are, told by their headings: field names, Chinese labels, the
//! headings of the template, and what departments call the same in their own ledgers
//! (`reference/heading.csv`).
//!
//! A column that is no field of the family is passed over and told in the receipt. What a heading
//! says of a unit is kept, so that 12.6 below 直接经济损失（万元） is not 12.6 yuan.

use std::sync::LazyLock;

use entity::catalogue::{Family, Field, Kind};

use super::{
    industry, qualified,
    units::{self, ColumnUnit},
};
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
/// Headings of a column that has the unit of each row's numbers.
const UNITS_OF_ROWS: [&str; 4] = ["计量单位", "金额单位", "货币单位", "数值单位"];
/// The heading of the identifier in exports.
const IDENTIFIER: &str = "全局标识";

/// What stands in a column.
#[derive(Clone, Copy, Debug)]
pub enum HeadingColumn {
    /// A field, with the unit of its numbers.
    Field(&'static Field, ColumnUnit),
    /// The time of day of a field whose day stands in another column.
    TimeOf(&'static Field),
    /// Where an export says a record comes from.
    Origin(&'static str),
    /// The industry, as a word or a code.
    Industry,
    /// The unit of the numbers of each row.
    UnitOfRow,
    /// What is not read.
    Passed,
    /// No heading: nothing may stand here.
    Unnamed,
}

impl HeadingColumn {
    /// Whether anything of it goes into a record.
    pub const fn is_taken(self) -> bool {
        !matches!(self, Self::Passed | Self::Unnamed)
    }

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
    /// The unit of the numbers of each row.
    UnitOfRow,
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

/// A heading without the unit or whatever else stands in brackets, behind a stroke or on a line of
/// its own at its end, and that.
pub(super) fn split(heading: &str) -> (String, Option<String>) {
    let text = plain(heading);
    let unit = |text: &str| {
        let text = text.strip_prefix("单位").unwrap_or(text);
        quantity::is_unit(text).then(|| text.to_owned())
    };
    if let Some((before, below)) = heading.trim_end().rsplit_once(['\n', '\r'])
        && let Some(unit) = unit(&plain(below))
    {
        return (plain(before), Some(unit));
    }
    // 噪声强度 dB(A): the bracket belongs to the unit.
    let decibels = ["db(a)", "分贝", "db"].iter().find_map(|unit| {
        let before = text.strip_suffix(unit)?.trim_end_matches(['/', ',', ';', '-']);
        (!before.is_empty()).then(|| (before.to_owned(), Some((*unit).to_owned())))
    });
    if let Some(found) = decibels {
        return found;
    }
    match in_brackets(&text) {
        Some((before, inside)) if !before.is_empty() => {
            return (before.to_owned(), Some(inside.to_owned()));
        }
        _ => {}
    }
    // 接触浓度/mg/m³ has two strokes.
    let behind = text.match_indices(['/', ',', ';']).find_map(|(place, sign)| {
        let (before, behind) = (text.get(..place)?, text.get(place + sign.len()..)?);
        (!before.is_empty()).then(|| Some((before.to_owned(), unit(behind)?)))?
    });
    // 直接经济损失万元
    let end = ["万元", "千元", "亿元"].iter().find_map(|unit| {
        let before = text.strip_suffix(unit).filter(|before| !before.is_empty())?;
        Some((before.to_owned(), (*unit).to_owned()))
    });
    behind.or(end).map_or((text, None), |(before, unit)| (before, Some(unit)))
}

/// A heading without its unit, as headings are compared.
pub fn without_unit(heading: &str) -> String {
    split(heading).0
}

/// The unit that a heading states, as it is written.
#[must_use]
pub fn unit(heading: &str) -> Option<String> {
    quantity::stated(&split(heading).1?).map(ToOwned::to_owned)
}

/// Whether what stands in brackets behind a heading speaks of an amount in words that are not read.
pub fn unread_amount(heading: &str) -> bool {
    let inside = split(heading).1.filter(|inside| quantity::stated(inside).is_none());
    let latin = |inside: &str| ["w", "k", "wan", "10k", "万"].contains(&inside);
    inside.is_some_and(|inside| inside.contains(['元', '万', '亿']) || latin(&inside))
}

/// What stands before and in the last brackets of a text, which may hold brackets themselves.
pub fn in_brackets(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0_u32;
    for (place, c) in text.char_indices().rev() {
        match c {
            ')' | ']' | '〕' | '】' => depth += 1,
            '(' | '[' | '〔' | '【' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            let inside = text.get(place + c.len_utf8()..)?;
            let end = inside.char_indices().next_back()?.0;
            return text
                .ends_with([')', ']', '〕', '】'])
                .then_some((text.get(..place)?, inside.get(..end)?));
        }
    }
    None
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

/// What a heading says; `above` is what stands over it where the head has several lines. Of several
/// fields that are called the same, the one is meant to which a unit leads that the heading or the
/// table states (`said`); the first where none does.
#[must_use]
pub fn meaning(
    family: &'static Family,
    heading: &str,
    above: Option<&str>,
    said: &[&str],
) -> Meaning {
    // A unit of what stands above is none of its name.
    let both = above.map(|above| format!("{}{heading}", split(above).0));
    // The whole says more than its last part.
    let mut best = Meaning::Unknown;
    for text in both.iter().map(String::as_str).chain([heading]) {
        match one(family, text, said) {
            Meaning::Unknown => {}
            Meaning::Field(field, _) if qualified::is_otherwise(field, heading, above) => {}
            found @ Meaning::Field(_, Sure::Called) if matches!(best, Meaning::Unknown) => {
                best = found
            }
            Meaning::Field(_, Sure::Called) => {}
            found => return found,
        }
    }
    // 发生时间 over 日期 and 时间.
    let part = ["日期", "时间", "时刻"].contains(&plain(heading).as_str());
    match best {
        Meaning::Unknown => match above.filter(|_| part).map(|above| one(family, above, said)) {
            Some(Meaning::Field(field, sure)) if field.kind == Kind::DateTime => {
                Meaning::Field(field, sure)
            }
            _ => other_word(family, heading),
        },
        best => best,
    }
}

fn one(family: &'static Family, heading: &str, said: &[&str]) -> Meaning {
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
    if UNITS_OF_ROWS.contains(&whole.as_str()) {
        return Meaning::UnitOfRow;
    }
    if is("id") || is(IDENTIFIER) {
        return Meaning::Origin("id");
    }
    let derived = family
        .all_fields()
        .find(|field| !field.hidden && (is(&plain(field.name)) || is(&plain(field.label))));
    if let Some(field) =
        derived.filter(|field| is_name(field, heading) || called(family, heading).is_empty())
    {
        return ORIGIN
            .into_iter()
            .find(|name| *name == field.name)
            .map_or(Meaning::Derived, Meaning::Origin);
    }
    if industry::belongs(family)
        && called_lines(family, heading).iter().any(|called| called.field == industry::COLUMN)
    {
        return Meaning::Industry;
    }
    let fields = called(family, heading);
    let own = unit(heading);
    let said: Vec<&str> = own.as_deref().into_iter().chain(said.iter().copied()).collect();
    let leads = |field: &&&'static Field| {
        let own = units::own(field);
        said.iter().any(|unit| own.is_some_and(|own| quantity::known(unit, own).is_some()))
    };
    let field = fields.iter().find(leads).or(fields.first());
    field.map_or(Meaning::Unknown, |field| Meaning::Field(field, Sure::Called))
}

/// The lines of `reference/heading.csv` with a heading, those of the family first.
fn called_lines(family: &'static Family, heading: &str) -> Vec<&'static Called> {
    let (whole, (short, _)) = (plain(heading), split(heading));
    let own = |called: &&Called| {
        (called.family.is_empty() || called.family == family.name)
            && (called.heading == whole || called.heading == short)
    };
    let mut found: Vec<&Called> = CALLED.iter().filter(own).collect();
    found.sort_by_key(|called| called.family.is_empty());
    found
}

/// The fields that departments call by a heading.
pub fn called(family: &'static Family, heading: &str) -> Vec<&'static Field> {
    let lines = called_lines(family, heading).into_iter();
    lines.filter_map(|line| family.inputs().find(|field| field.name == line.field)).collect()
}

/// What a heading says with 时间 in the place of 日期, or the other way round: departments write
/// either for the same.
fn other_word(family: &'static Family, heading: &str) -> Meaning {
    let (short, _) = split(heading);
    let other = [("时间", "日期"), ("日期", "时间")]
        .iter()
        .find_map(|(own, other)| Some(format!("{}{other}", short.strip_suffix(own)?)));
    match other.map(|other| one(family, &other, &[])) {
        Some(Meaning::Field(field, _)) if matches!(field.kind, Kind::Date | Kind::DateTime) => {
            Meaning::Field(field, Sure::Called)
        }
        _ => Meaning::Unknown,
    }
}

/// Whether a heading is the name of a field, as programs write it.
pub fn is_name(field: &Field, heading: &str) -> bool {
    let heading = plain(heading);
    heading == plain(field.name) || heading == plain(field.kept)
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
