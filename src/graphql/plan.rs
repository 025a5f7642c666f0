//! From a selection set to what the store must read, level by level.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{SelectionField, Value};
use entity::catalogue::Family;
use futures_util::future::try_join_all;

use crate::{
    error::HubError,
    graphql::{
        loader::{Edge, Key},
        names::Target,
        session::Session,
        whereclause,
    },
    store::{
        filter::Filter,
        read::{Row, Selection},
    },
};

/// Rows behind a many-link when `first` is not given.
pub const DEFAULT_FIRST: u64 = 50;
/// Most rows of one list.
pub const MOST_FIRST: u64 = 200;

/// A record with the rows behind its selected links, by response name.
#[derive(Debug)]
pub struct Node {
    /// Family.
    pub family: &'static Family,
    /// The record.
    pub row: Row,
    /// Rows behind links.
    pub links: HashMap<String, Vec<Arc<Node>>>,
}

/// What is wanted of a family's rows.
#[derive(Debug)]
pub struct Plan {
    family: &'static Family,
    /// Fields and links to read.
    pub selection: Selection,
    edges: Vec<(String, usize, Arc<Edge>, Plan)>,
}

/// Plans a selection on a family.
///
/// # Errors
///
/// What an argument below is wrong with, and [`HubError::Forbidden`] where nothing of a linked family is read at all.
pub fn plan(session: &Session, family: &'static Family, fields: &[SelectionField<'_>]) -> Result<Plan, HubError> {
    let mut selection = Selection::default();
    let mut links: Vec<(String, usize, Vec<SelectionField<'_>>)> = Vec::new();
    for field in fields {
        match session.names.get(family, field.name()) {
            Some(Target::Field(position) | Target::Label(position) | Target::Region(position)) => selection.field(position),
            Some(Target::Link(position)) => {
                selection.link(position);
                let key = field.alias().unwrap_or(field.name());
                // The same response name stands for the same link and arguments: only what is below is joined.
                match links.iter_mut().find(|(own, ..)| own == key) {
                    Some((.., below)) => below.push(*field),
                    None => links.push((key.to_owned(), position, vec![*field])),
                }
            }
            Some(Target::Id) | None => {}
        }
    }
    let mut edges = Vec::with_capacity(links.len());
    for (key, position, uses) in links {
        let Some(link) = family.links.get(position) else { continue };
        let Some(target) = session.services.catalogue.find(link.to) else { continue };
        let below: Vec<SelectionField<'_>> = uses.iter().flat_map(SelectionField::selection_set).collect();
        let inner = plan(session, target, &below)?;
        let arguments = match uses.first() {
            Some(field) => field.arguments().map_err(|_| missing_variable())?,
            None => Vec::new(),
        };
        let argument = |name: &str| arguments.iter().find(|(own, _)| own == name).map(|(_, value)| value);
        let edge = Edge {
            link,
            scope: session.scope(target)?,
            selection: inner.selection.clone(),
            filter: argument("where")
                .map_or_else(|| Ok(Filter::everything()), |value| whereclause::read(session, target, value))?,
            limit: first(argument("first"), DEFAULT_FIRST)?,
        };
        edges.push((key, position, Arc::new(edge), inner));
    }
    Ok(Plan { family, selection, edges })
}

fn missing_variable() -> HubError {
    HubError::invalid("变量没有赋值。请在 variables 中给出。", "A variable has no value. Give it in `variables`.")
}

/// `first` or `last` within bounds.
///
/// # Errors
///
/// [`HubError::Invalid`] outside 1 to 200.
pub fn first(value: Option<&Value>, default: u64) -> Result<u64, HubError> {
    match value {
        None | Some(Value::Null) => Ok(default),
        Some(Value::Number(number)) => number.as_u64().filter(|number| (1..=MOST_FIRST).contains(number)).ok_or_else(out_of_bounds),
        Some(_) => Err(out_of_bounds()),
    }
}

fn out_of_bounds() -> HubError {
    HubError::invalid(
        format!("first 和 last 须为 1 至 {MOST_FIRST}。请分页。"),
        format!("`first` and `last` are 1 to {MOST_FIRST}. Page through the list."),
    )
}

/// Notes rows as shown and reads what is behind their links, a level at a time.
///
/// # Errors
///
/// What the store says.
pub async fn attach(session: &Session, plan: &Plan, rows: Vec<Row>) -> Result<Vec<Arc<Node>>, HubError> {
    let scope = session.scope(plan.family)?;
    session.show(&scope, &rows)?;
    let levels = try_join_all(plan.edges.iter().map(|edge| Box::pin(behind(session, edge, &rows)))).await?;
    let mut nodes = Vec::with_capacity(rows.len());
    for row in rows {
        let mut links = HashMap::with_capacity(plan.edges.len());
        for ((key, position, ..), level) in plan.edges.iter().zip(&levels) {
            let value = row.links.get(*position).and_then(Option::as_ref);
            let own = value.and_then(|value| level.get(value)).cloned().unwrap_or_default();
            links.insert(key.clone(), own);
        }
        nodes.push(Arc::new(Node { family: plan.family, row, links }));
    }
    Ok(nodes)
}

async fn behind(
    session: &Session,
    (_, position, edge, below): &(String, usize, Arc<Edge>, Plan),
    rows: &[Row],
) -> Result<HashMap<String, Vec<Arc<Node>>>, HubError> {
    let mut values: Vec<String> = rows.iter().filter_map(|row| row.links.get(*position).cloned().flatten()).collect();
    values.sort();
    values.dedup();
    if values.is_empty() {
        return Ok(HashMap::new());
    }
    let keys = values.into_iter().map(|value| Key { edge: Arc::clone(edge), value });
    let loaded = session.links.load_many(keys).await.map_err(shared)?;
    // All rows of the level go down together, so that the next level is one statement too.
    let mut order = Vec::new();
    let mut all = Vec::new();
    for (key, found) in loaded {
        order.push((key.value, found.len()));
        all.extend(found.iter().cloned());
    }
    let mut nodes = attach(session, below, all).await?.into_iter();
    Ok(order.into_iter().map(|(value, count)| (value, nodes.by_ref().take(count).collect())).collect())
}

/// An error that several keys share, for one of them.
fn shared(error: Arc<HubError>) -> HubError {
    match Arc::try_unwrap(error) {
        Ok(error) => error,
        Err(error) => match &*error {
            HubError::Forbidden(text) => HubError::Forbidden(text.clone()),
            HubError::Unavailable(_) => HubError::Unavailable("a linked level could not be read".into()),
            other => HubError::internal(other.code()),
        },
    }
}
