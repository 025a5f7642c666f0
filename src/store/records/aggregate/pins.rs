//! A condition as pins: single values of published dimensions, all of which hold. A condition that
//! cannot be written this way selects between published cells; it gets no answer over rows that may
//! not be listed.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use entity::catalogue::{Class, Family, Field, Kind};

use crate::{
    domain::{
        clock,
        disclosure::published::{PublishedCube, PublishedLevel},
    },
    store::{
        disclosure::plain,
        records::{
            aggregate::GroupDimension,
            filter::{FieldTest, Filter},
        },
        sql::cell::Cell,
    },
};

/// One published dimension held at one value.
#[derive(Clone, Debug)]
pub(super) struct Pin {
    /// Class of its field.
    pub class: Class,
    /// Whether groups by this dimension reveal something sensitive.
    pub sensitive: bool,
    /// All tests of the question on this field.
    pub filter: Filter,
}

/// The condition as pins.
///
/// # Errors
///
/// What in it is no published dimension, as it is written in a question.
pub(super) fn pins(
    cube: &PublishedCube,
    family: &'static Family,
    filter: &Filter,
) -> Result<Vec<Pin>, String> {
    let mut leaves = Vec::new();
    flatten(filter, &mut leaves)?;
    let mut pins = Vec::with_capacity(leaves.len());
    let mut done: Vec<&'static Field> = Vec::new();
    for (field, _) in &leaves {
        if done.contains(field) {
            continue;
        }
        done.push(field);
        let own: Vec<&FieldTest> =
            leaves.iter().filter(|(other, _)| other == field).map(|(_, test)| *test).collect();
        for level in levels(field, &own).ok_or_else(|| field.name.to_owned())? {
            let found =
                cube.find(family.name, field.name, level).ok_or_else(|| field.name.to_owned())?;
            let filter =
                Filter::All(own.iter().map(|test| Filter::Field(field, (*test).clone())).collect());
            pins.push(Pin { class: field.class, sensitive: found.sensitive, filter });
        }
    }
    Ok(pins)
}

/// Whether groups by a dimension tell something sensitive.
///
/// # Errors
///
/// The dimension, when it is not published.
pub(super) fn sensitive(
    cube: &PublishedCube,
    family: &'static Family,
    dimension: &GroupDimension,
) -> Result<bool, String> {
    let found = cube.find(family.name, dimension.field().name, dimension.level());
    found.map(|found| found.sensitive).ok_or_else(|| dimension.name())
}

/// The tests that all have to hold; anything else than "all of them" cannot be pinned.
fn flatten<'a>(
    filter: &'a Filter,
    into: &mut Vec<(&'static Field, &'a FieldTest)>,
) -> Result<(), String> {
    match filter {
        Filter::All(parts) => parts.iter().try_for_each(|part| flatten(part, into)),
        Filter::Field(field, test) => {
            into.push((field, test));
            Ok(())
        }
        Filter::Any(_) => Err("or".to_owned()),
        Filter::Not(_) => Err("not".to_owned()),
        Filter::Link(link, ..) => Err(link.name.to_owned()),
    }
}

/// The levels at which the tests fix one field to single values; `None` when one of them does not.
fn levels(field: &Field, tests: &[&FieldTest]) -> Option<Vec<PublishedLevel>> {
    let (ranges, others): (Vec<&&FieldTest>, Vec<&&FieldTest>) =
        tests.iter().partition(|test| matches!(test, FieldTest::Range(..)));
    let dated = matches!(field.kind, Kind::Date | Kind::DateTime);
    let mut found = Vec::new();
    for test in others {
        found.push(match test {
            FieldTest::IsNull(true) if dated => PublishedLevel::Year,
            FieldTest::IsNull(true) => plain(field.kind),
            FieldTest::In(cells) if cells.len() == 1 && !dated => plain(field.kind),
            FieldTest::Prefix(prefix) if plain(field.kind) == PublishedLevel::Region => {
                match prefix.len() {
                    2 => PublishedLevel::Province,
                    4 => PublishedLevel::City,
                    6 => PublishedLevel::Region,
                    _ => return None,
                }
            }
            _ => return None,
        });
    }
    if !ranges.is_empty() {
        found.push(year(&ranges)?);
    }
    Some(found)
}

/// Whether ranges together are one calendar year in Asia/Shanghai.
fn year(ranges: &[&&FieldTest]) -> Option<PublishedLevel> {
    let (mut from, mut to) = (None, None);
    for range in ranges {
        let FieldTest::Range(least, most) = range else { return None };
        for (bound, own) in [(&mut from, least), (&mut to, most)] {
            if let Some(own) = own {
                // Two bounds on one side: one of them is idle, and there is no need to write it.
                if bound.replace(own).is_some() {
                    return None;
                }
            }
        }
    }
    let first = first_day(from?, true)?;
    let end = first_day(to?, false)?;
    let next = NaiveDate::from_ymd_opt(first.year() + 1, 1, 1)?;
    (first.ordinal() == 1 && end == next).then_some(PublishedLevel::Year)
}

/// The first day that a bound lets in (`least`), or the first that it no longer does.
fn first_day((cell, inclusive): &(Cell, bool), least: bool) -> Option<NaiveDate> {
    match cell {
        // Both bounds of days: "from, inclusive" and "to, exclusive" name the day itself, the
        // others the day after.
        Cell::Date(day) if *inclusive == least => Some(*day),
        Cell::Date(day) => day.succ_opt(),
        Cell::Instant(at) if *inclusive == least => midnight(*at),
        _ => None,
    }
}

/// The day whose first moment in Asia/Shanghai this is.
fn midnight(at: DateTime<Utc>) -> Option<NaiveDate> {
    let day = clock::shanghai_date(at);
    let before = at.checked_sub_signed(chrono::TimeDelta::microseconds(1))?;
    (clock::shanghai_date(before) < day).then_some(day)
}

#[cfg(test)]
mod tests;
