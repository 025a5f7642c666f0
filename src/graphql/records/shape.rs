//! The form of an answer: built once from a selection, filled for every row. The plan of what to
//! read is built along with it.

use async_graphql::parser::types::SelectionSet;
use entity::catalogue::{Family, Kind};

use crate::{
    authz::scope::Use,
    error::HubError,
    graphql::records::{
        names::FieldTarget,
        plan::{DEFAULT_FIRST, LinkUse, ReadPlan, first},
        selection::{AskedOperation, CollectedField, picked},
        session::Session,
        whereclause,
    },
    store::records::filter::{Filter, check},
};

/// The form of a record.
#[derive(Debug)]
pub struct Shape {
    /// Family of the record.
    pub family: &'static Family,
    /// Its parts by response name, in order.
    pub parts: Vec<(String, RecordField)>,
}

/// What a record shows under a response name.
#[derive(Debug)]
pub enum RecordField {
    /// `__typename`: the name of the family's type.
    TypeName,
    /// Global identifier of the record, as clients see it.
    Id,
    /// Value of that kind, by its place in the row.
    Value(usize, Kind),
    /// Chinese name (中文名称) of the code at that place, from that table.
    Label(usize, &'static str),
    /// Region of the code at that place.
    Region(usize, Plain),
    /// Remarks stored at that place.
    Findings(usize, Plain),
    /// Record behind the link, as read for that use of the plan.
    One(usize, Shape),
    /// Records behind the link, as read for that use of the plan.
    Many(usize, Shape),
}

/// The form of an object of plain values: response names and names of fields.
pub type Plain = Vec<(String, String)>;

/// What forms are built from.
#[derive(Clone, Copy)]
pub struct ShapeBuilder<'a> {
    /// The request: its caller, scopes and catalogue.
    pub session: &'a Session,
    /// Document and variables of the request.
    pub asked: AskedOperation<'a>,
}

impl<'a> ShapeBuilder<'a> {
    /// Fields selected of an object that implements no interface.
    #[must_use]
    pub fn picked(&self, name: &str, sets: &[&'a SelectionSet]) -> Vec<CollectedField<'a>> {
        picked(self.asked.fragments, sets, &|condition| condition == name)
    }

    /// The form of an object of plain values.
    #[must_use]
    pub fn plain(&self, name: &str, sets: &[&'a SelectionSet]) -> Plain {
        self.picked(name, sets)
            .into_iter()
            .map(|picked| (picked.key.to_owned(), picked.name.to_owned()))
            .collect()
    }

    /// The form of a record; what has to be read for it is added to the plan.
    ///
    /// # Errors
    ///
    /// What an argument below is wrong with; [`HubError::Forbidden`] when a condition below may not
    /// be asked.
    pub fn shape(&self, plan: &mut ReadPlan, sets: &[&'a SelectionSet]) -> Result<Shape, HubError> {
        let family = plan.family;
        let is = |condition: &str| condition == family.name || condition == "Node";
        let mut parts = Vec::new();
        for picked in picked(self.asked.fragments, sets, &is) {
            let part = match self.session.names.get(family, picked.name) {
                Some(FieldTarget::Id) => RecordField::Id,
                Some(FieldTarget::Field(position)) => {
                    let Some(field) = family.at(position) else { continue };
                    let place = plan.selection.field(position);
                    match field.name {
                        "findings" => {
                            RecordField::Findings(place, self.plain("Remark", &picked.sets()))
                        }
                        _ => RecordField::Value(place, field.kind),
                    }
                }
                Some(FieldTarget::Label(position)) => {
                    let Some(Kind::Code(table)) = family.at(position).map(|field| field.kind)
                    else {
                        continue;
                    };
                    RecordField::Label(plan.selection.field(position), table)
                }
                Some(FieldTarget::Region(position)) => RecordField::Region(
                    plan.selection.field(position),
                    self.plain("Region", &picked.sets()),
                ),
                Some(FieldTarget::Link(position)) => match self.link(plan, position, &picked)? {
                    Some(part) => part,
                    None => continue,
                },
                None if picked.name == "__typename" => RecordField::TypeName,
                None => continue,
            };
            parts.push((picked.key.to_owned(), part));
        }
        Ok(Shape { family, parts })
    }

    fn link(
        &self,
        plan: &mut ReadPlan,
        position: usize,
        picked: &CollectedField<'a>,
    ) -> Result<Option<RecordField>, HubError> {
        let Some(link) = plan.family.links.get(position) else { return Ok(None) };
        let Some(target) = self.session.services.catalogue.find(link.to) else { return Ok(None) };
        let place = plan.selection.link(position);
        let mut below = ReadPlan::new(target);
        let shape = self.shape(&mut below, &picked.sets())?;
        let filter = match picked.argument(self.asked, "where")? {
            Some(value) => {
                // Refused whether or not there are rows to ask it of.
                let filter = whereclause::read(self.session, target, &value)?;
                check(&*self.session.scope(target)?, Use::List, &filter, &[])?;
                filter
            }
            None => Filter::everything(),
        };
        let limit = first(picked.argument(self.asked, "first")?.as_ref(), DEFAULT_FIRST)?;
        let number = plan.links.len();
        plan.links.push(LinkUse { link, place, filter, limit, plan: below });
        Ok(Some(if link.many {
            RecordField::Many(number, shape)
        } else {
            RecordField::One(number, shape)
        }))
    }
}
