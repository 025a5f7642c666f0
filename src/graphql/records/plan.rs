//! What the store must read for an answer, level by level, and reading it: one statement for each use of a link, however
//! many rows there are.

use std::{ops::Range, sync::Arc};

use async_graphql::Value;
use entity::catalogue::{Class, Family, Link};
use futures_util::future::try_join_all;
use uuid::Uuid;

use crate::{
    error::HubError,
    graphql::records::{links::Linked, session::Session},
    store::records::{
        beside::Beside,
        filter::Filter,
        row::{Row, Selection},
    },
};

/// Rows behind a many-link when `first` is not given.
pub const DEFAULT_FIRST: u64 = 50;
/// Most rows of one list.
pub const MOST_FIRST: u64 = 200;

/// What is to be read of a family's rows, and below them.
#[derive(Debug)]
pub struct Plan {
    /// The family.
    pub family: &'static Family,
    /// Fields and links to read.
    pub selection: Selection,
    /// Uses of links.
    pub links: Vec<Deeper>,
}

/// One use of a link.
#[derive(Debug)]
pub struct Deeper {
    /// The link.
    pub link: &'static Link,
    /// Place of its own column in the rows above.
    pub place: usize,
    /// Condition on the rows behind it.
    pub filter: Filter,
    /// Rows at most for each row above.
    pub limit: u64,
    /// What is wanted of them.
    pub plan: Plan,
}

impl Deeper {
    /// Following a link reads what it goes by: the class of the link from here, and of its column there.
    fn followed(&self, session: &Session, family: &'static Family, rows: &[Row], reached: &[Row]) {
        let class = self.plan.family.key_class(self.link.foreign).map_or(self.link.class, |there| there.max(self.link.class));
        if class >= Class::Personal {
            session.follow(family, rows.iter().filter(|row| row.links.get(self.place).is_some_and(Option::is_some)), class);
            session.follow(self.plan.family, reached, class);
        }
    }
}

impl Plan {
    /// A plan that reads nothing yet.
    #[must_use]
    pub fn new(family: &'static Family) -> Self {
        Self { family, selection: Selection::default(), links: Vec::new() }
    }
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

/// Rows that were read, with what was read behind each use of a link.
#[derive(Debug)]
pub struct Level {
    /// The rows.
    pub rows: Arc<Vec<Row>>,
    /// By use of a link, in the order of the plan.
    pub below: Vec<Below>,
}

/// What is behind one use of a link.
#[derive(Debug)]
pub struct Below {
    of: Vec<Range<usize>>,
    /// The rows of the level.
    pub level: Level,
}

impl Below {
    /// Which rows of the level belong to a row above.
    #[must_use]
    pub fn of(&self, row: usize) -> Range<usize> {
        self.of.get(row).cloned().unwrap_or_default()
    }
}

/// Notes rows as shown and reads what is behind their links, a level at a time.
///
/// # Errors
///
/// What the store says, and [`HubError::Forbidden`] where nothing of a linked family is read at all.
pub async fn descend(session: &Session, plan: &Plan, rows: Arc<Vec<Row>>) -> Result<Level, HubError> {
    let scope = session.scope(plan.family)?;
    session.show(&scope, &rows)?;
    let below = match plan.links.as_slice() {
        [] => Vec::new(),
        [one] => vec![Box::pin(behind(session, plan.family, one, &rows)).await?],
        many => try_join_all(many.iter().map(|deeper| Box::pin(behind(session, plan.family, deeper, &rows)))).await?,
    };
    Ok(Level { rows, below })
}

/// Reads the record of an identifier and what is behind its links: those to one in the same statement.
///
/// # Errors
///
/// [`HubError::NotFound`] when it is not there or may not be seen, and what the store says.
pub async fn single(session: &Session, plan: &Plan, id: Uuid) -> Result<Level, HubError> {
    let scope = session.scope(plan.family)?;
    let ones: Vec<&Deeper> = plan.links.iter().filter(|deeper| !deeper.link.many).collect();
    let scopes = ones.iter().map(|deeper| session.scope(deeper.plan.family)).collect::<Result<Vec<_>, _>>()?;
    let mut beside = Vec::with_capacity(ones.len());
    for (deeper, scope) in ones.iter().zip(&scopes) {
        beside.push(Beside { link: deeper.link, place: deeper.place, scope, selection: &deeper.plan.selection });
    }
    let found = session.services.reader().get(&scope, id, &plan.selection, &beside).await?;
    let (row, found) = found.ok_or(HubError::NotFound)?;
    let rows = Arc::new(vec![row]);
    session.show(&scope, &rows)?;
    let mut found = found.into_iter();
    let mut below = Vec::with_capacity(plan.links.len());
    for deeper in &plan.links {
        below.push(if deeper.link.many {
            Box::pin(behind(session, plan.family, deeper, &rows)).await?
        } else {
            let own: Vec<Row> = found.next().flatten().into_iter().collect();
            deeper.followed(session, plan.family, &rows, &own);
            let of = std::iter::once(0..own.len()).collect();
            Below { of, level: descend(session, &deeper.plan, Arc::new(own)).await? }
        });
    }
    Ok(Level { rows, below })
}

async fn behind(session: &Session, family: &'static Family, deeper: &Deeper, rows: &[Row]) -> Result<Below, HubError> {
    let value = |row: &Row| row.links.get(deeper.place).cloned().flatten();
    let mut values: Vec<String> = rows.iter().filter_map(value).collect();
    values.sort_unstable();
    values.dedup();
    session.ask(deeper.plan.family, &deeper.filter, &[]);
    let linked = if values.is_empty() { Linked::default() } else { Linked::read(session, deeper, &values).await? };
    deeper.followed(session, family, rows, &linked.rows);
    let of = |row: &Row| row.links.get(deeper.place).and_then(Option::as_deref).map_or(0..0, |value| linked.of(value));
    let of = rows.iter().map(of).collect();
    // All rows of the level go down together, so that the next level is one statement too.
    let level = descend(session, &deeper.plan, linked.rows).await?;
    Ok(Below { of, level })
}
