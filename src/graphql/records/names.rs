//! The meaning of each field name of a family's object; built once from the catalogue.

use std::collections::{HashMap, HashSet};

use entity::catalogue::{Catalogue, Family, Field, Kind};

/// What a field of an object shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldTarget {
    /// The global identifier of the record.
    Id,
    /// The field at that position.
    Field(usize),
    /// 中文名称 of the code in the field at that position.
    Label(usize),
    /// Region of the code in the field at that position.
    Region(usize),
    /// The link at that position.
    Link(usize),
}

/// Names by family and field, and the names under which lists of records are selected.
#[derive(Debug)]
pub struct FieldNames {
    targets: HashMap<&'static str, HashMap<String, FieldTarget>>,
    lists: HashSet<String>,
}

impl FieldNames {
    /// The names of a catalogue.
    #[must_use]
    pub fn new(catalogue: &Catalogue) -> Self {
        let targets =
            catalogue.families().map(|family| (family.name, targets(family).into_iter().collect()));
        let links = catalogue.families().flat_map(|family| family.links.iter());
        let lists = catalogue
            .families()
            .map(Family::list_name)
            .chain(links.filter(|link| link.many).map(|link| link.name.to_owned()));
        Self { targets: targets.collect(), lists: lists.collect() }
    }

    /// What a name means; `None` when the family's object has no such field.
    #[must_use]
    pub fn get(&self, family: &Family, name: &str) -> Option<FieldTarget> {
        self.targets.get(family.name)?.get(name).copied()
    }

    /// Whether a field of that name returns a list of records: at the root or behind a link.
    #[must_use]
    pub fn is_list(&self, name: &str) -> bool {
        self.lists.contains(name)
    }
}

/// All fields of a family's object, in order.
#[must_use]
pub fn targets(family: &Family) -> Vec<(String, FieldTarget)> {
    let mut list = vec![("id".to_owned(), FieldTarget::Id)];
    for (position, field) in family.all_fields().enumerate().filter(|(_, field)| !field.hidden) {
        list.push((field.name.to_owned(), FieldTarget::Field(position)));
        match field.kind {
            Kind::Code("region") => list.push((region_name(field), FieldTarget::Region(position))),
            Kind::Code(_) => {
                list.push((format!("{}Label", field.name), FieldTarget::Label(position)))
            }
            _ => {}
        }
    }
    for (position, link) in family.links.iter().enumerate() {
        list.push((link.name.to_owned(), FieldTarget::Link(position)));
    }
    list
}

/// `region` beside `regionCode`.
fn region_name(field: &Field) -> String {
    field.name.strip_suffix("Code").unwrap_or("region").to_owned()
}
