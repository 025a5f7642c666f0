//! Relay connections: pages of a family with opaque cursors.

use std::sync::Arc;

use async_graphql::{
    SelectionField, Value,
    dynamic::{Field, FieldFuture, FieldValue, Object, ResolverContext, TypeRef},
};
use entity::catalogue::Family;
use sha2::{Digest, Sha256};

use crate::{
    error::HubError,
    graphql::{
        fault::public,
        plan::{DEFAULT_FIRST, Node, attach, first, plan},
        records::session,
        session::Session,
        whereclause,
    },
    store::{
        cursor::{self, Key, Position},
        filter::Filter,
        read::Page,
    },
};

/// A page with what its cursors need.
pub struct Connection {
    nodes: Vec<Arc<Node>>,
    keys: Vec<Key>,
    question: String,
    has_next: bool,
    has_previous: bool,
    total: Option<i64>,
}

/// One edge of a page.
struct Edge {
    node: Arc<Node>,
    cursor: String,
}

/// Reads a page as the arguments of a list field ask.
///
/// # Errors
///
/// What the arguments are wrong with, or what the store says.
pub async fn page(session: &Session, family: &'static Family, ctx: &ResolverContext<'_>) -> Result<Connection, HubError> {
    let argument = |name: &str| ctx.args.get(name).map(|value| value.as_value().clone()).filter(|value| *value != Value::Null);
    let scope = session.scope(family)?;
    let filter = argument("where").map_or_else(|| Ok(Filter::everything()), |value| whereclause::read(session, family, &value))?;
    let keys = order(family, argument("orderBy").as_ref())?;
    let (limit, backward) = match (argument("first"), argument("last")) {
        (Some(_), Some(_)) => {
            return Err(HubError::invalid("first 和 last 不能同时使用。", "Use `first` or `last`, not both."));
        }
        (None, Some(last)) => (first(Some(&last), DEFAULT_FIRST)?, true),
        (number, None) => (first(number.as_ref(), DEFAULT_FIRST)?, false),
    };
    let given = argument(if backward { "before" } else { "after" });
    if argument(if backward { "after" } else { "before" }).is_some() {
        return Err(HubError::invalid(
            "first 与 after 搭配，last 与 before 搭配。",
            "`first` goes with `after`, `last` with `before`.",
        ));
    }
    let question = question(session, family, argument("where").as_ref(), argument("orderBy").as_ref())?;
    let from = match given {
        Some(Value::String(text)) => Some(cursor::decode(&session.services.seal, &question, &keys, &text)?),
        _ => None,
    };
    let wanted = wanted(&ctx.ctx.field());
    let plan = plan(session, family, &wanted.nodes)?;
    let reader = session.services.reader();
    let clause: Vec<_> = keys.iter().map(|key| key.field.class).collect();
    let total = if wanted.total { Some(reader.count(&scope, &filter, &clause).await?) } else { None };
    let asked = Page { selection: &plan.selection, filter: &filter, keys: &keys, from: from.as_ref(), backward, limit: limit + 1 };
    let mut rows = if wanted.rows {
        reader.page(&scope, &asked).await?
    } else {
        crate::store::filter::check(&scope, crate::authz::scope::Use::List, &filter, &clause)?;
        Vec::new()
    };
    let more = rows.len() as u64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    if backward {
        rows.reverse();
    }
    let nodes = attach(session, &plan, rows).await?;
    let (has_next, has_previous) = if backward { (from.is_some(), more) } else { (more, from.is_some()) };
    Ok(Connection { nodes, keys, question, has_next, has_previous, total })
}

/// What of a connection is selected.
struct Wanted<'a> {
    nodes: Vec<SelectionField<'a>>,
    rows: bool,
    total: bool,
}

fn wanted<'a>(list: &SelectionField<'a>) -> Wanted<'a> {
    let mut wanted = Wanted { nodes: Vec::new(), rows: false, total: false };
    for field in list.selection_set() {
        match field.name() {
            "totalCount" => wanted.total = true,
            "nodes" => {
                wanted.rows = true;
                wanted.nodes.extend(field.selection_set());
            }
            "edges" => {
                wanted.rows = true;
                for node in field.selection_set().filter(|edge| edge.name() == "node") {
                    wanted.nodes.extend(node.selection_set());
                }
            }
            "pageInfo" => wanted.rows = true,
            _ => {}
        }
    }
    wanted
}

/// The order of the arguments; newest identifiers last when none is given.
fn order(family: &'static Family, value: Option<&Value>) -> Result<Vec<Key>, HubError> {
    let entries = match value {
        None => return Ok(Vec::new()),
        Some(Value::List(list)) => list.as_slice(),
        Some(one) => std::slice::from_ref(one),
    };
    let mut keys: Vec<Key> = Vec::with_capacity(entries.len());
    for entry in entries {
        let Value::Object(parts) = entry else { continue };
        let word = |name: &str| match parts.get(name) {
            Some(Value::Enum(name)) => Some(name.as_str()),
            Some(Value::String(name)) => Some(name.as_str()),
            _ => None,
        };
        let name = word("field").unwrap_or_default();
        let field = family
            .all_fields()
            .find(|field| field.order && !field.hidden && crate::graphql::inputs::order_name(field) == name)
            .ok_or_else(|| HubError::invalid("orderBy 的字段无效。", "`orderBy` names a field that does not exist."))?;
        if keys.iter().any(|key| key.field == field) || keys.len() == 5 {
            return Err(HubError::invalid("orderBy 最多五个键，且不能重复。", "`orderBy` takes at most five keys, each once."));
        }
        keys.push(Key { field, descending: word("direction") == Some("DESC") });
    }
    Ok(keys)
}

/// Digest of what a cursor belongs to: family, condition, order, organisation.
fn question(session: &Session, family: &Family, filter: Option<&Value>, order: Option<&Value>) -> Result<String, HubError> {
    let actor = session.actor()?;
    let mut digest = Sha256::new();
    for part in [family.name, actor.department(), actor.region().as_str(), actor.purpose()] {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    for value in [filter, order] {
        digest.update(value.map(ToString::to_string).unwrap_or_default().as_bytes());
        digest.update([0]);
    }
    Ok(format!("{:x}", digest.finalize()).chars().take(32).collect())
}

impl Connection {
    fn cursor(&self, session: &Session, node: &Node) -> Result<String, HubError> {
        let position = Position { values: node.row.keys.clone(), id: node.row.id };
        cursor::encode(&session.services.seal, &self.question, &self.keys, &position)
    }

    fn page_info(&self, session: &Session) -> Result<Value, HubError> {
        let cursor = |node: Option<&Arc<Node>>| node.map(|node| self.cursor(session, node)).transpose();
        Ok(crate::graphql::records::object([
            ("hasNextPage", self.has_next.into()),
            ("hasPreviousPage", self.has_previous.into()),
            ("startCursor", crate::graphql::records::text(cursor(self.nodes.first())?)),
            ("endCursor", crate::graphql::records::text(cursor(self.nodes.last())?)),
        ]))
    }
}

fn connection<'a>(ctx: &ResolverContext<'a>) -> Option<&'a Connection> {
    ctx.parent_value.downcast_ref::<Connection>()
}

/// The connection and edge types of a family.
#[must_use]
pub fn types(family: &'static Family) -> [Object; 2] {
    let edges = format!("{}Edge", family.name);
    let page = Object::new(format!("{}Connection", family.name))
        .description(format!("{}的一页。\n\nA page of {}.", family.label, family.plural))
        .field(
            Field::new("nodes", TypeRef::named_nn_list_nn(family.name), |ctx| {
                let nodes = connection(&ctx).map(|page| page.nodes.as_slice()).unwrap_or_default();
                FieldFuture::Value(Some(FieldValue::list(nodes.iter().map(|node| FieldValue::owned_any(Arc::clone(node))))))
            })
            .description("本页记录。\n\nThe records."),
        )
        .field(
            Field::new("edges", TypeRef::named_nn_list_nn(&edges), |ctx| {
                FieldFuture::new(async move {
                    let session = session(&ctx);
                    let Some(page) = connection(&ctx) else { return Ok(None) };
                    let edge = |node: &Arc<Node>| {
                        let cursor = page.cursor(session, node).map_err(|error| public(session, &error))?;
                        Ok(FieldValue::owned_any(Edge { node: Arc::clone(node), cursor }))
                    };
                    let edges = page.nodes.iter().map(edge).collect::<Result<Vec<_>, async_graphql::Error>>()?;
                    Ok(Some(FieldValue::list(edges)))
                })
            })
            .description("本页记录及其游标。\n\nThe records with their cursors."),
        )
        .field(
            Field::new("pageInfo", TypeRef::named_nn("PageInfo"), |ctx| {
                FieldFuture::new(async move {
                    let session = session(&ctx);
                    let Some(page) = connection(&ctx) else { return Ok(None) };
                    page.page_info(session).map(|info| Some(FieldValue::value(info))).map_err(|error| public(session, &error))
                })
            })
            .description("翻页信息。\n\nHow to go on."),
        )
        .field(
            Field::new("totalCount", TypeRef::named_nn("Long"), |ctx| {
                FieldFuture::Value(connection(&ctx).and_then(|page| page.total).map(FieldValue::value))
            })
            .description("符合条件且您可查看的总数。\n\nHow many there are that you may see."),
        );
    let edge = Object::new(&edges)
        .description(format!("{}及其游标。\n\nOne of {} with its cursor.", family.label, family.plural))
        .field(
            Field::new("node", TypeRef::named_nn(family.name), |ctx| {
                let edge = ctx.parent_value.downcast_ref::<Edge>();
                FieldFuture::Value(edge.map(|edge| FieldValue::owned_any(Arc::clone(&edge.node))))
            })
            .description("记录。\n\nThe record."),
        )
        .field(
            Field::new("cursor", TypeRef::named_nn(TypeRef::STRING), |ctx| {
                let edge = ctx.parent_value.downcast_ref::<Edge>();
                FieldFuture::Value(edge.map(|edge| FieldValue::value(edge.cursor.clone())))
            })
            .description("游标。\n\nIts cursor."),
        );
    [page, edge]
}
