//! Reads a plan level by level: one statement for each use of a to-many link, and one for each
//! family and column that to-one links lead to, however many rows and branches there are.

use std::{ops::Range, sync::Arc};

use entity::catalogue::{Class, Family};
use futures_util::future::{try_join, try_join_all};
use uuid::Uuid;

use crate::{
    error::HubError,
    graphql::records::{
        loader::{LinkSelection, RecordKey},
        plan::{LinkUse, ReadPlan},
        session::Session,
    },
    store::records::{beside::InlineJoin, row::Row},
};

/// Rows that were read, with the rows behind each use of a link.
#[derive(Debug, Default)]
pub struct Level {
    /// The rows, in the order in which the store returned them.
    pub rows: Vec<Arc<Row>>,
    /// The rows behind each use of a link, in the order of the plan.
    pub below: Vec<Below>,
}

/// The rows behind one use of a link.
#[derive(Debug, Default)]
pub struct Below {
    of: Vec<Range<usize>>,
    /// The rows behind the link, those of one source row next to each other.
    pub level: Level,
}

impl Below {
    /// Range of the rows that belong to a row of the level above.
    #[must_use]
    pub fn of(&self, row: usize) -> Range<usize> {
        self.of.get(row).cloned().unwrap_or_default()
    }
}

/// Rows behind a link, those of one value of the link next to each other.
#[derive(Default)]
struct LinkedRows {
    rows: Vec<Arc<Row>>,
    /// Which rows belong to a value, in the order of the values.
    of: Vec<Range<usize>>,
}

impl LinkedRows {
    /// At most one row for each value.
    fn each(list: impl Iterator<Item = Option<Arc<Row>>>) -> Self {
        let mut found = Self::default();
        for row in list {
            let start = found.rows.len();
            found.rows.extend(row);
            found.of.push(start..found.rows.len());
        }
        found
    }

    /// Rows that name the value they were found by, in the order of the values.
    fn grouped(values: &[String], rows: Vec<Row>) -> Self {
        let mut found = Self { rows: Vec::with_capacity(rows.len()), of: Vec::new() };
        let mut rows = rows.into_iter().peekable();
        for value in values {
            let start = found.rows.len();
            while rows.next_if(|row| row.found.as_ref() < Some(value)).is_some() {}
            while let Some(row) = rows.next_if(|row| row.found.as_ref() == Some(value)) {
                found.rows.push(Arc::new(row));
            }
            found.of.push(start..found.rows.len());
        }
        found
    }
}

/// Rows of a plan, and the link and rows they were reached from; the root has none.
struct Node<'a> {
    plan: &'a ReadPlan,
    above: Option<usize>,
    of: Vec<Range<usize>>,
    rows: Vec<Arc<Row>>,
}

/// A use of a link from the rows of a node, with the distinct values it follows.
struct LinkStep<'a> {
    above: usize,
    deeper: &'a LinkUse,
    values: Vec<String>,
}

/// Records rows as shown and reads the rows behind their links, one level at a time.
///
/// # Errors
///
/// Errors of the store, and [`HubError::Forbidden`] when nothing of a linked family may be read.
pub async fn descend(
    session: &Session,
    plan: &ReadPlan,
    rows: Vec<Row>,
) -> Result<Level, HubError> {
    let root =
        Node { plan, above: None, of: Vec::new(), rows: rows.into_iter().map(Arc::new).collect() };
    below(session, root, None).await
}

/// Reads one record by its identifier, and the rows behind its links; to-one links are joined in
/// the same statement.
///
/// # Errors
///
/// [`HubError::NotFound`] when it does not exist or may not be seen, and errors of the store.
pub async fn single(session: &Session, plan: &ReadPlan, id: Uuid) -> Result<Level, HubError> {
    let scope = session.scope(plan.family)?;
    let ones: Vec<&LinkUse> = plan.links.iter().filter(|deeper| !deeper.link.many).collect();
    let scopes = ones
        .iter()
        .map(|deeper| session.scope(deeper.plan.family))
        .collect::<Result<Vec<_>, _>>()?;
    let mut beside = Vec::with_capacity(ones.len());
    for (deeper, scope) in ones.iter().zip(&scopes) {
        beside.push(InlineJoin {
            link: deeper.link,
            place: deeper.place,
            scope,
            selection: &deeper.plan.selection,
        });
    }
    let found = session.services.reader().get(&scope, id, &plan.selection, &beside).await?;
    let (row, found) = found.ok_or(HubError::NotFound)?;
    let root = Node { plan, above: None, of: Vec::new(), rows: vec![Arc::new(row)] };
    below(session, root, Some(found)).await
}

/// Reads everything below a root. The records behind its to-one links may be given already, in
/// their order.
async fn below(
    session: &Session,
    root: Node<'_>,
    mut beside: Option<Vec<Option<Row>>>,
) -> Result<Level, HubError> {
    let mut nodes = vec![root];
    let mut level = 0..1;
    while !level.is_empty() {
        let mut steps = Vec::new();
        for (above, node) in nodes.iter().enumerate().skip(level.start) {
            session.show(&*session.scope(node.plan.family)?, node.rows.iter().map(Arc::as_ref))?;
            for deeper in &node.plan.links {
                session.ask(deeper.plan.family, &deeper.filter, &[]);
                steps.push(LinkStep { above, deeper, values: values(&node.rows, deeper.place) });
            }
        }
        level = nodes.len()..nodes.len() + steps.len();
        let found = read(session, &steps, beside.take()).await?;
        for (LinkStep { above, deeper, values }, found) in steps.into_iter().zip(found) {
            let Some(Node { plan, rows, .. }) = nodes.get(above) else { continue };
            followed(session, (plan.family, rows), deeper, &found.rows);
            let of = |row: &Arc<Row>| {
                let value = row.links.get(deeper.place)?.as_ref()?;
                found.of.get(values.binary_search(value).ok()?).cloned()
            };
            let of = rows.iter().map(|row| of(row).unwrap_or_default()).collect();
            nodes.push(Node { plan: &deeper.plan, above: Some(above), of, rows: found.rows });
        }
    }
    Ok(joined(nodes))
}

/// The distinct values of a link's own column.
fn values(rows: &[Arc<Row>], place: usize) -> Vec<String> {
    let mut values: Vec<String> =
        rows.iter().filter_map(|row| row.links.get(place).cloned().flatten()).collect();
    values.sort_unstable();
    values.dedup();
    values
}

/// Reads the rows behind the links of a level: all to-one links in one call of the loader, whatever
/// branch they are in.
async fn read(
    session: &Session,
    steps: &[LinkStep<'_>],
    beside: Option<Vec<Option<Row>>>,
) -> Result<Vec<LinkedRows>, HubError> {
    let mut keys = Vec::with_capacity(steps.len());
    for LinkStep { deeper: LinkUse { link, plan, .. }, values, .. } in steps {
        let scope = session.scope(plan.family)?;
        let wanted = Arc::new(LinkSelection { scope, link, selection: plan.selection.clone() });
        let loaded = !link.many && beside.is_none();
        keys.push(
            values
                .iter()
                .filter(|_| loaded)
                .map(|value| RecordKey::new(&wanted, value))
                .collect::<Vec<_>>(),
        );
    }
    let many =
        steps.iter().filter(|step| step.deeper.link.many).map(|step| read_many(session, step));
    let loaded = session.loader.load(keys.iter().flatten().cloned().collect());
    let (many, loaded) = try_join(try_join_all(many), loaded).await?;
    let (mut many, mut beside) = (many.into_iter(), beside.into_iter().flatten());
    let found = steps.iter().zip(keys).map(|(step, keys)| {
        if step.deeper.link.many {
            many.next().unwrap_or_default()
        } else if keys.is_empty() {
            let row = beside.next().flatten().map(Arc::new);
            LinkedRows::each(std::iter::once(row))
        } else {
            LinkedRows::each(keys.iter().map(|key| loaded.get(key).cloned()))
        }
    });
    Ok(found.collect())
}

async fn read_many(session: &Session, step: &LinkStep<'_>) -> Result<LinkedRows, HubError> {
    let LinkUse { link, filter, limit, plan, .. } = step.deeper;
    let scope = session.scope(plan.family)?;
    if step.values.is_empty() {
        return Ok(LinkedRows::default());
    }
    let mut rows = session
        .services
        .reader()
        .behind(&scope, link, &step.values, &plan.selection, filter, *limit)
        .await?;
    rows.sort_by(|one, other| one.found.cmp(&other.found));
    Ok(LinkedRows::grouped(&step.values, rows))
}

/// Following a link reveals what it uses: the class of the link on this side, and of its column on
/// the other.
fn followed(
    session: &Session,
    (family, rows): (&'static Family, &[Arc<Row>]),
    deeper: &LinkUse,
    reached: &[Arc<Row>],
) {
    let there = deeper.plan.family;
    let class = there
        .key_class(deeper.link.foreign)
        .map_or(deeper.link.class, |there| there.max(deeper.link.class));
    if class >= Class::Personal {
        let leaving =
            rows.iter().filter(|row| row.links.get(deeper.place).is_some_and(Option::is_some));
        session.follow(family, leaving.map(Arc::as_ref), class);
        session.follow(there, reached.iter().map(Arc::as_ref), class);
    }
}

/// Joins the levels into one tree. Nodes come after those above them, in the order of the plan.
fn joined(mut nodes: Vec<Node<'_>>) -> Level {
    let mut below: Vec<Vec<Below>> = nodes.iter().map(|_| Vec::new()).collect();
    while let Some(Node { above, of, rows, .. }) = nodes.pop() {
        let mut own = below.pop().unwrap_or_default();
        own.reverse();
        let level = Level { rows, below: own };
        match above.and_then(|above| below.get_mut(above)) {
            Some(siblings) => siblings.push(Below { of, level }),
            None => return level,
        }
    }
    Level::default()
}
