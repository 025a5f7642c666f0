//! `changes`: changes to records since a cursor, for systems that keep a copy.

use std::{collections::BTreeSet, sync::Arc};

use async_graphql::dynamic::{Field, TypeRef};

use crate::{
    authz::scope::{Scope, Use},
    error::HubError,
    feed::cursor::question,
    graphql::{
        declared::{about, given::ArgumentDeclaration},
        fault::resolved,
        records::{
            answer::JsonWriter,
            change_events::{
                EventPart, FamilyRecords, VisibleChange, event_form, standing, tell, write,
            },
            change_types::ChangesOf,
            plan::ReadPlan,
            query::answered,
            selection::CollectedField,
            session::Session,
            shape::ShapeBuilder,
        },
    },
    store::feed::checkpoint::FeedCheckpoint,
};

/// Name of the root field.
pub const NAME: &str = "changes";
/// Changes on a page when `first` is missing.
pub const DEFAULT_FIRST: u64 = 200;
/// Changes on a page at most.
pub const MOST_FIRST: u64 = 1_000;

/// The form of a page.
enum ChangePageField {
    TypeName,
    Events(Vec<(String, EventPart)>),
    Cursor,
    More,
    Counter,
}

/// The root field `changes`.
#[must_use]
pub fn field() -> Field {
    let arguments = ArgumentDeclaration::of::<ChangesOf>();
    let (values, description) = (arguments.values(), about(arguments.schema()));
    let field = Field::new(NAME, TypeRef::named("ChangePage"), move |ctx| {
        let arguments = arguments.clone();
        resolved(async move {
            let json = async |maker: &ShapeBuilder<'_>, uses: &CollectedField<'_>| {
                let asked =
                    ChangesRequest::read(maker.session, arguments.read(ctx.args.as_index_map())?)?;
                Ok(page(maker, &asked, asked.after, uses).await?.numbered(None))
            };
            answered(&ctx, json).await
        })
    });
    values.into_iter().fold(field, Field::argument).description(description)
}

/// A request to the feed, independent of the page.
#[derive(Clone, Debug)]
pub struct ChangesRequest {
    /// Scopes of the requested families, in the order of their names.
    pub scopes: Vec<Arc<Scope>>,
    /// Identifies the request; cursors are bound to it.
    pub question: String,
    /// Place to start after; `None` starts at the beginning.
    pub after: Option<FeedCheckpoint>,
    /// Changes of a page at most.
    pub first: u64,
}

impl ChangesRequest {
    /// From the arguments of the root field.
    ///
    /// # Errors
    ///
    /// What an argument is wrong with; [`HubError::Unauthenticated`] and [`HubError::Forbidden`].
    pub fn read(session: &Session, given: ChangesOf) -> Result<Self, HubError> {
        let actor = session.actor()?;
        let scopes = scopes(session, given.families)?;
        let first = first(given.first)?;
        let question = question(actor, &scopes);
        let after = given
            .after
            .map(|text| FeedCheckpoint::opened(&session.services.seal, &question, &text))
            .transpose()?;
        Ok(Self { scopes, question, after, first })
    }
}

/// A page written as JSON, except for its number.
#[derive(Clone, Debug)]
pub struct WrittenPage {
    json: Vec<u8>,
    /// Byte offsets at which the number of the page is inserted.
    holes: Vec<usize>,
    /// Number of changes on the page.
    pub events: usize,
    /// Place at which the page ends.
    pub end: FeedCheckpoint,
    /// Cursor for the next page, sealed and bound to the request.
    pub cursor: String,
    /// Whether more changes are available now.
    pub more: bool,
}

impl WrittenPage {
    /// The page as JSON, with its number in a subscription.
    #[must_use]
    pub fn numbered(&self, counter: Option<u64>) -> Vec<u8> {
        let number = counter.map_or_else(|| "null".to_owned(), |number| number.to_string());
        let mut out = Vec::with_capacity(self.json.len() + self.holes.len() * number.len());
        let mut from = 0;
        for hole in &self.holes {
            out.extend_from_slice(self.json.get(from..*hole).unwrap_or_default());
            out.extend_from_slice(number.as_bytes());
            from = *hole;
        }
        out.extend_from_slice(self.json.get(from..).unwrap_or_default());
        out
    }
}

/// The page after a place.
///
/// # Errors
///
/// What an argument below is wrong with, [`HubError::Resync`], or what the store says.
pub async fn page(
    maker: &ShapeBuilder<'_>,
    asked: &ChangesRequest,
    after: Option<FeedCheckpoint>,
    uses: &CollectedField<'_>,
) -> Result<WrittenPage, HubError> {
    let (session, scopes) = (maker.session, &asked.scopes);
    let mut plans: Vec<ReadPlan> =
        scopes.iter().map(|scope| ReadPlan::new(scope.family())).collect();
    let form = form(maker, &mut plans, uses)?;
    let told = asks(&form, |part| matches!(part, EventPart::Changed | EventPart::Reason));
    let heard = session.services.reader().changes(scopes, after, asked.first, told).await?;
    let mut records = Vec::with_capacity(scopes.len());
    for (number, (scope, plan)) in scopes.iter().zip(&plans).enumerate() {
        records.push(standing(session, scope, plan, &heard, number).await?);
    }
    let list: Vec<VisibleChange<'_>> = heard
        .events
        .iter()
        .filter_map(|event| tell(session, records.get(event.scope)?, event))
        .collect();
    finished(session, asked, &form, &records, &list, (heard.end, heard.more))
}

/// A page without changes, up to a place.
///
/// # Errors
///
/// What an argument below is wrong with.
pub fn quiet(
    maker: &ShapeBuilder<'_>,
    asked: &ChangesRequest,
    end: FeedCheckpoint,
    uses: &CollectedField<'_>,
) -> Result<WrittenPage, HubError> {
    let mut plans: Vec<ReadPlan> =
        asked.scopes.iter().map(|scope| ReadPlan::new(scope.family())).collect();
    let form = form(maker, &mut plans, uses)?;
    finished(maker.session, asked, &form, &[], &[], (end, false))
}

fn finished(
    session: &Session,
    asked: &ChangesRequest,
    form: &[(String, ChangePageField)],
    records: &[FamilyRecords],
    list: &[VisibleChange<'_>],
    (end, more): (FeedCheckpoint, bool),
) -> Result<WrittenPage, HubError> {
    let cursor = end.sealed(&session.services.seal, &asked.question)?;
    let mut writer = JsonWriter::new(&session.services, session.language);
    let mut holes = Vec::new();
    writer.object(form, |writer, part| match part {
        ChangePageField::Events(parts) => writer.list(list, |writer, told| {
            if let Some(records) = records.get(told.event.scope) {
                write(writer, &session.services.seal, parts, records, told);
            }
        }),
        ChangePageField::Cursor => writer.value(&cursor),
        ChangePageField::More => writer.value(&more),
        ChangePageField::Counter => holes.push(writer.written()),
        ChangePageField::TypeName => writer.value("ChangePage"),
    });
    Ok(WrittenPage { json: writer.finish(), holes, events: list.len(), end, cursor, more })
}

/// Scopes of the families requested, by name; without a list, of all that may be listed.
fn scopes(session: &Session, families: Option<Vec<String>>) -> Result<Vec<Arc<Scope>>, HubError> {
    let catalogue = &session.services.catalogue;
    let Some(names) = families else {
        let all = catalogue
            .families()
            .map(|family| session.scope(family))
            .collect::<Result<Vec<_>, _>>()?;
        let mut listed: Vec<_> =
            all.into_iter().filter(|scope| scope.allows(Use::List, &[])).collect();
        listed.sort_by_key(|scope| scope.family().name);
        return Ok(listed);
    };
    let unknown = || {
        HubError::invalid(
            "families 须为一个或多个数据类别的名称，见 catalogue { families { name } }。",
            "`families` names one or more families; see `catalogue { families { name } }`.",
        )
    };
    let mut found = BTreeSet::new();
    for name in &names {
        found.insert(catalogue.find(name).ok_or_else(unknown)?.name);
    }
    if found.is_empty() {
        return Err(unknown());
    }
    found
        .into_iter()
        .filter_map(|name| catalogue.find(name))
        .map(|family| session.scope(family))
        .collect()
}

fn first(given: Option<i32>) -> Result<u64, HubError> {
    let given = given.map_or(Some(DEFAULT_FIRST), |given| u64::try_from(given).ok());
    given.filter(|number| (1..=MOST_FIRST).contains(number)).ok_or_else(|| {
        HubError::invalid(
            format!("changes 的 first 须为 1 至 {MOST_FIRST}。请用 cursor 继续。"),
            format!("`first` of `changes` is 1 to {MOST_FIRST}. Go on with `cursor`."),
        )
    })
}

fn form(
    maker: &ShapeBuilder<'_>,
    plans: &mut [ReadPlan],
    uses: &CollectedField<'_>,
) -> Result<Vec<(String, ChangePageField)>, HubError> {
    let mut parts = Vec::new();
    for picked in maker.picked("ChangePage", &uses.sets()) {
        let part = match picked.name {
            "events" => ChangePageField::Events(event_form(maker, plans, &picked)?),
            "cursor" => ChangePageField::Cursor,
            "more" => ChangePageField::More,
            "counter" => ChangePageField::Counter,
            _ => ChangePageField::TypeName,
        };
        parts.push((picked.key.to_owned(), part));
    }
    Ok(parts)
}

fn asks(form: &[(String, ChangePageField)], what: fn(&EventPart) -> bool) -> bool {
    form.iter().any(|(_, part)| matches!(part, ChangePageField::Events(parts) if parts.iter().any(|(_, part)| what(part))))
}
