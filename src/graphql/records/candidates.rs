//! Persons a record may be about when no identity number links them: candidates for a human, never
//! merged.

use std::{cmp::Reverse, collections::HashSet};

use entity::{catalogue::Family, person};
use futures_util::FutureExt as _;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    authz::scope::{Scope, Use},
    error::HubError,
    graphql::{
        declared::kinds::Id,
        part::SubjectSchema,
        records::{
            answer::JsonWriter,
            levels::descend,
            object::RecordValue,
            plan::ReadPlan,
            selection::CollectedField,
            shape::{Shape, ShapeBuilder},
        },
    },
    store::{
        records::{
            filter::{FieldTest, Filter},
            global_id,
            page_query::PageQuery,
            row::{Row, Selection},
        },
        sql::cell::Cell,
    },
};

/// Most candidates shown.
const MOST: usize = 20;
/// What is compared, beside the name: field of the record, reason.
const COMPARED: [(&str, &str); 3] =
    [("birthDate", "BIRTH_DATE"), ("sex", "SEX"), ("employerUscc", "EMPLOYER")];

/// The form of a candidate.
enum Selected {
    TypeName,
    Person(Shape),
    Reasons,
}

/// 没有证件号码可关联时，可能是同一人的劳动者：姓名相同，最多二十人，相同之处多的在前；由人确认，
/// 平台不合并。
///
/// Workers who may be the same person as a record without an identity number: at most 20, all of
/// the same name, those that agree in more points first. A human decides; the hub merges nothing.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct PersonCandidates {
    /// 伤亡人员、病例或工伤的全局标识。 Global identifier of an accident victim, disease case or
    /// work injury.
    id: Id,
}

/// 可能是同一人的劳动者。 A worker who may be the person the record is about.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct PersonCandidate {
    /// 劳动者，仅您可查看的字段。 The worker, limited to the fields you may read.
    #[schemars(extend("graphql" = "Person"))]
    pub person: RecordValue,
    /// 与该记录的相同之处，至少有姓名。 Points in which the worker agrees with the record; always
    /// includes NAME.
    pub reasons: Vec<MatchReason>,
}

/// 相同之处。 A point in which a worker and the record agree.
#[derive(JsonSchema)]
#[schemars(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MatchReason {
    /// 姓名相同。 Same name.
    Name,
    /// 出生日期相同。 Same date of birth.
    BirthDate,
    /// 性别相同。 Same sex.
    Sex,
    /// 用人单位的信用代码相同。 Same credit code of the employer.
    Employer,
}

/// `personCandidates(id)` and its types.
#[must_use]
pub fn part() -> SubjectSchema {
    SubjectSchema::default().written::<_, Option<Vec<PersonCandidate>>>(
        "personCandidates",
        |maker, _, uses, given: PersonCandidates| {
            async move { candidates(maker, &given.id.0, uses).await }.boxed()
        },
    )
}

async fn candidates(
    maker: &ShapeBuilder<'_>,
    id: &str,
    uses: &CollectedField<'_>,
) -> Result<Vec<u8>, HubError> {
    let session = maker.session;
    session.actor()?;
    let catalogue = &session.services.catalogue;
    let (family, id) = global_id::parse(&session.services.seal, catalogue, id)?;
    let persons = catalogue.of::<person::Entity>().ok_or(HubError::NotFound)?;
    let reader = session.services.reader();
    let scope = session.scope(family)?;
    let selection = compared(family);
    let (row, _) = reader.get(&scope, id, &selection, &[]).await?.ok_or(HubError::NotFound)?;
    session.show(&scope, std::slice::from_ref(&row))?;
    let about = Candidate { family, selection: &selection, row: &row };
    // A masked name is no name to look for.
    let name =
        about.value("name").filter(|name| name.as_text().is_some_and(|name| !name.ends_with('*')));
    let (Some(name), Some(field)) = (name, persons.field(person::names::NAME)) else {
        return Err(HubError::invalid(
            "该记录没有您可查看的姓名，无法查找候选人。",
            "The record has no name you may read, so there is nothing to look for.",
        ));
    };
    let filter = Filter::Field(field, FieldTest::In(vec![name.clone()]));
    let mut plan = ReadPlan::new(persons);
    let mut parts = Vec::new();
    for picked in maker.picked("PersonCandidate", &uses.sets()) {
        let part = match picked.name {
            "person" => Selected::Person(maker.shape(&mut plan, &picked.sets())?),
            "reasons" => Selected::Reasons,
            _ => Selected::TypeName,
        };
        parts.push((picked.key.to_owned(), part));
    }
    for position in compared(persons).fields() {
        plan.selection.field(*position);
    }
    let person_scope = session.scope(persons)?;
    let page = async |filter: &Filter| {
        let page = PageQuery {
            selection: &plan.selection,
            filter,
            keys: &[],
            from: None,
            backward: false,
            limit: MOST as u64,
        };
        reader.page(&person_scope, &page).await
    };
    let same_name = page(&filter).await?;
    let mut found = Vec::new();
    // Where there are more of the name than are shown, those that agree in more come first.
    if same_name.len() == MOST {
        for closer in about.closer(&person_scope, &filter) {
            let rows = page(&closer).await?;
            let full = rows.len() == MOST;
            found.extend(rows);
            if full {
                break;
            }
        }
    }
    found.extend(same_name);
    let mut seen = HashSet::new();
    found.retain(|person| seen.insert(person.id));
    let reasons = |person: &Row| {
        about.agrees(&Candidate { family: persons, selection: &plan.selection, row: person })
    };
    found.sort_by_key(|person| Reverse(reasons(person).len()));
    found.truncate(MOST);
    let level = descend(session, &plan, found).await?;
    let mut writer = JsonWriter::new(&session.services, session.language);
    writer.list(level.rows.iter().enumerate(), |writer, (index, person)| {
        writer.object(&parts, |writer, part| match part {
            Selected::Person(shape) => writer.record(shape, &level, index),
            Selected::Reasons => writer.value(&reasons(person)),
            Selected::TypeName => writer.value("PersonCandidate"),
        });
    });
    Ok(writer.finish())
}

fn compared(family: &'static Family) -> Selection {
    let mut selection = Selection::default();
    for name in std::iter::once("name").chain(COMPARED.iter().map(|(name, _)| *name)) {
        if let Some(position) = family.position(name) {
            selection.field(position);
        }
    }
    selection
}

/// A record with what was read of it.
struct Candidate<'a> {
    family: &'static Family,
    selection: &'a Selection,
    row: &'a Row,
}

impl<'a> Candidate<'a> {
    fn value(&self, name: &str) -> Option<&'a Cell> {
        let place = self.selection.place(self.family.position(name)?)?;
        self.row.cells.get(place).filter(|cell| !cell.is_null())
    }

    /// Conditions on persons of the name, the narrowest first: to agree in everything compared, in
    /// all of it but one, and so on. What the actor may not use in a condition is left out.
    fn closer(&self, persons: &Scope, name: &Filter) -> Vec<Filter> {
        let mut classes = Vec::new();
        name.classes(&mut classes);
        let mut points = Vec::new();
        for (own, _) in COMPARED {
            let Some((field, value)) = persons.family().field(own).zip(self.value(own)) else {
                continue;
            };
            classes.push(field.class);
            if persons.allows(Use::List, &classes) {
                points.push(Filter::Field(field, FieldTest::In(vec![value.clone()])));
            } else {
                classes.pop();
            }
        }
        let of = |set: usize| {
            let chosen = points.iter().enumerate().filter(|(place, _)| set >> place & 1 == 1);
            Filter::All(chosen.map(|(_, point)| point.clone()).collect())
        };
        let sets = |number| {
            (0..1_usize << points.len()).filter(move |set| set.count_ones() as usize == number)
        };
        (1..=points.len())
            .rev()
            .map(|number| {
                Filter::All(vec![name.clone(), Filter::Any(sets(number).map(of).collect())])
            })
            .collect()
    }

    /// What agrees with a person of the same name.
    fn agrees(&self, person: &Candidate<'_>) -> Vec<&'static str> {
        let same = |name: &str| self.value(name).is_some_and(|own| person.value(name) == Some(own));
        std::iter::once("NAME")
            .chain(COMPARED.iter().filter(|(name, _)| same(name)).map(|(_, reason)| *reason))
            .collect()
    }
}
