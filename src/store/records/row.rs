//! Which fields of a family are wanted, and a record as one actor may see it.

use entity::catalogue::{Class, Family};
use uuid::Uuid;

use crate::store::sql::cell::Cell;

/// Which fields and links of a family are wanted, by position. Each has a place: that of its value
/// in [`Row`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Selection {
    pub(in crate::store) fields: Vec<usize>,
    pub(in crate::store) links: Vec<usize>,
}

impl Selection {
    /// Adds a field by position in [`entity::catalogue::Family::all_fields`]. Returns its place.
    pub fn field(&mut self, position: usize) -> usize {
        place_in(&mut self.fields, position)
    }

    /// Adds a link by position. Returns its place.
    pub fn link(&mut self, position: usize) -> usize {
        place_in(&mut self.links, position)
    }

    /// Place of a field by position, where it is wanted.
    #[must_use]
    pub fn place(&self, position: usize) -> Option<usize> {
        self.fields.iter().position(|own| *own == position)
    }

    /// Adds all of another.
    pub fn add(&mut self, other: &Self) {
        for position in &other.fields {
            self.field(*position);
        }
        for position in &other.links {
            self.link(*position);
        }
    }

    /// Positions of the fields.
    #[must_use]
    pub fn fields(&self) -> &[usize] {
        &self.fields
    }
}

fn place_in(list: &mut Vec<usize>, position: usize) -> usize {
    list.iter().position(|own| *own == position).unwrap_or_else(|| {
        list.push(position);
        list.len() - 1
    })
}

/// A record as one actor may see it.
#[derive(Clone, Debug)]
pub struct Row {
    /// Identifier of the record, as stored; clients see it encrypted.
    pub id: Uuid,
    /// Region the row lies in, as a code such as `140600`.
    pub region: String,
    /// Department that holds it.
    pub department: String,
    /// Code of the key industry; `None` when it has none.
    pub industry: Option<String>,
    /// Values by place of the field in the selection; `Null` where the actor may not see them.
    pub cells: Vec<Cell>,
    /// Values of the links' own columns by place in the selection; `None` where one may not be
    /// followed.
    pub links: Vec<Option<String>>,
    /// Values of the keys of the order; empty when no order was given.
    pub keys: Vec<Cell>,
    /// Value of the column through which a link found the row; `None` outside of links.
    pub found: Option<String>,
    /// Classes of which at least one value was shown.
    pub shown: Classes,
}

impl Row {
    /// Region, department and key industry, which decide the zone of the row.
    #[must_use]
    pub fn place(&self) -> (&str, &str, Option<&str>) {
        (&self.region, &self.department, self.industry.as_deref())
    }

    /// The record reduced to a part of what was read; nothing else of it counts as shown.
    #[must_use]
    pub fn only(&self, family: &Family, read: &Selection, wanted: &Selection) -> Self {
        let mut shown = Classes::default();
        let cells = wanted.fields.iter().map(|position| {
            let cell = read
                .place(*position)
                .and_then(|place| self.cells.get(place))
                .cloned()
                .unwrap_or(Cell::Null);
            if let Some(field) = family.at(*position).filter(|_| !cell.is_null()) {
                shown.add(field.class);
            }
            cell
        });
        let cells = cells.collect();
        let link = |position: &usize| {
            let place = read.links.iter().position(|own| own == position)?;
            self.links.get(place).cloned().flatten()
        };
        let links = wanted.links.iter().map(link).collect();
        Self { cells, links, shown, ..self.clone() }
    }
}

/// A set of classes: those of which at least one value was shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Classes([bool; 4]);

impl Classes {
    /// Adds a class.
    pub fn add(&mut self, class: Class) {
        if let Some(own) = self.0.get_mut(class as usize) {
            *own = true;
        }
    }

    /// The classes in the set.
    pub fn iter(self) -> impl Iterator<Item = Class> {
        Class::ALL
            .into_iter()
            .filter(move |class| self.0.get(*class as usize).is_some_and(|own| *own))
    }
}

impl FromIterator<Class> for Classes {
    fn from_iter<I: IntoIterator<Item = Class>>(list: I) -> Self {
        let mut classes = Self::default();
        list.into_iter().for_each(|class| classes.add(class));
        classes
    }
}
