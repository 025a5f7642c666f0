//! A line below a head that states the unit of the whole table and nothing else: 单位：万元.

use entity::catalogue::Field;

use super::{
    head_row::{HeadRow, one_cell},
    units::{self, ColumnUnit},
};
use crate::domain::quantity;

/// The line.
pub struct UnitLine {
    /// What it says.
    pub text: HeadRow,
    stated: Vec<String>,
    first: usize,
    merged: bool,
}

impl UnitLine {
    /// A line as one of units; `None` if it says something else, or two things. Its text stands in
    /// each of its cells where they are merged.
    pub fn of(line: &HeadRow) -> Option<Self> {
        let mut texts = line.cells.iter().enumerate().filter(|(_, text)| !text.trim().is_empty());
        let (first, text) = texts.next()?;
        let text = one_cell(text);
        let mut merged = false;
        for (_, other) in texts {
            if *other != text.cells[0] {
                return None;
            }
            merged = true;
        }
        let stated = units::above(std::slice::from_ref(&text)).stated;
        (!stated.is_empty()).then_some(Self { text, stated, first, merged })
    }

    /// Whether it may be said of the column in which it stands, and not of all.
    pub const fn may_be_of_column(&self) -> bool {
        !self.merged
    }

    /// Whether it says another unit than the one in which a column is read. `of` tells the field of
    /// a column: what stands below one whose unit it is, is said of that one.
    pub fn contradicts(
        &self,
        (field, unit): (&Field, ColumnUnit),
        of: impl Fn(usize) -> Option<&'static Field>,
    ) -> bool {
        let leads = |field: &Field| {
            units::own(field)
                .map(|own| self.stated.iter().filter_map(move |unit| quantity::factor(unit, own)))
        };
        if !self.merged
            && of(self.first).and_then(leads).is_some_and(|mut all| all.next().is_some())
        {
            return false;
        }
        let read = unit.factor(field);
        read.is_some() && leads(field).is_some_and(|mut all| all.any(|said| Some(said) != read))
    }
}
