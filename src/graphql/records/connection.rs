//! Relay connections: pages of a family with opaque cursors.

use std::sync::Arc;

use async_graphql::{
    Value,
    dynamic::{Field, Object, ResolverContext, TypeRef},
};
use entity::catalogue::{Class, Family};
use futures_util::future::try_join;
use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{
    authz::scope::Use,
    error::HubError,
    graphql::records::{
        answer::JsonWriter,
        levels::{Level, descend},
        object::written,
        plan::{DEFAULT_FIRST, ReadPlan, first},
        selection::CollectedField,
        session::Session,
        shape::{Plain, Shape, ShapeBuilder},
        whereclause,
    },
    store::records::{
        cursor::{self, OrderKey, Position},
        filter::Filter,
        page_query::PageQuery,
        row::Row,
    },
};

/// 翻页信息。 Position of this page in the whole list, with the cursors for the next and the
/// previous page.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PageInfo {
    /// 后面还有。 Whether there are more items after this page.
    pub has_next_page: bool,
    /// 前面还有。 Whether there are items before this page.
    pub has_previous_page: bool,
    /// 本页首条的游标，取上一页时作 before；没有时为空。 Cursor of the first item, to be passed as
    /// `before` for the previous page; null if there is none.
    pub start_cursor: Option<String>,
    /// 本页末条的游标，取下一页时作 after；没有时为空。 Cursor of the last item, to be passed as
    /// `after` for the next page; null if there is none.
    pub end_cursor: Option<String>,
}

/// The form of a connection.
enum ConnectionField {
    TypeName,
    Nodes(Shape),
    Edges(Vec<(String, EdgePart)>),
    PageInfo(Plain),
    TotalCount,
}

/// What stands under a response name of an edge.
enum EdgePart {
    TypeName,
    Cursor,
    Node(Shape),
}

/// A page with what its cursors need.
struct RecordPage {
    level: Level,
    keys: Vec<OrderKey>,
    question: String,
    has_next: bool,
    has_previous: bool,
    total: Option<i64>,
}

/// The page that the arguments of a list field ask for, as JSON.
///
/// # Errors
///
/// What the arguments are wrong with, or what the store says.
pub async fn page(
    maker: &ShapeBuilder<'_>,
    family: &'static Family,
    ctx: &ResolverContext<'_>,
    uses: &CollectedField<'_>,
) -> Result<Vec<u8>, HubError> {
    let session = maker.session;
    let argument = |name: &str| {
        ctx.args
            .get(name)
            .map(|value| value.as_value().clone())
            .filter(|value| *value != Value::Null)
    };
    let (condition, sorting) = (argument("where"), argument("orderBy"));
    let filter = condition.as_ref().map_or_else(
        || Ok(Filter::everything()),
        |value| whereclause::read(session, family, value),
    )?;
    let keys = order(family, sorting.as_ref())?;
    let (limit, backward) = match (argument("first"), argument("last")) {
        (Some(_), Some(_)) => {
            return Err(HubError::invalid(
                "first 和 last 不能同时使用。",
                "Use `first` or `last`, not both.",
            ));
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
    let question = question(session, family, condition.as_ref(), sorting.as_ref())?;
    let from = match given {
        Some(Value::String(text)) => {
            Some(cursor::decode(&session.services.seal, &question, &keys, &text)?)
        }
        _ => None,
    };
    let mut plan = ReadPlan::new(family);
    let parts = form(maker, &mut plan, uses)?;
    let scope = session.scope(family)?;
    let reader = session.services.reader();
    let clause: Vec<Class> = keys.iter().map(|key| key.field.class).collect();
    session.ask(family, &filter, &keys.iter().map(|key| key.field).collect::<Vec<_>>());
    let count = async {
        let wanted = parts.iter().any(|(_, part)| matches!(part, ConnectionField::TotalCount));
        if wanted { reader.count(&scope, &filter, &clause).await.map(Some) } else { Ok(None) }
    };
    let rows = async {
        if !parts.iter().any(|(_, part)| {
            matches!(
                part,
                ConnectionField::Nodes(_)
                    | ConnectionField::Edges(_)
                    | ConnectionField::PageInfo(_)
            )
        }) {
            crate::store::records::filter::check(&scope, Use::List, &filter, &clause)?;
            return Ok(Vec::new());
        }
        let (selection, from) = (&plan.selection, from.as_ref());
        reader
            .page(
                &scope,
                &PageQuery {
                    selection,
                    filter: &filter,
                    keys: &keys,
                    from,
                    backward,
                    limit: limit + 1,
                },
            )
            .await
    };
    let (total, mut rows) = try_join(count, rows).await?;
    let more = rows.len() as u64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    if backward {
        rows.reverse();
    }
    let level = descend(session, &plan, rows).await?;
    let (has_next, has_previous) =
        if backward { (from.is_some(), more) } else { (more, from.is_some()) };
    RecordPage { level, keys, question, has_next, has_previous, total }.json(maker, family, &parts)
}

fn form(
    maker: &ShapeBuilder<'_>,
    plan: &mut ReadPlan,
    uses: &CollectedField<'_>,
) -> Result<Vec<(String, ConnectionField)>, HubError> {
    let family = plan.family;
    let mut parts = Vec::new();
    for picked in maker.picked(&format!("{}Connection", family.name), &uses.sets()) {
        let part = match picked.name {
            "nodes" => ConnectionField::Nodes(maker.shape(plan, &picked.sets())?),
            "edges" => {
                let mut edge = Vec::new();
                for own in maker.picked(&format!("{}Edge", family.name), &picked.sets()) {
                    let part = match own.name {
                        "node" => EdgePart::Node(maker.shape(plan, &own.sets())?),
                        "cursor" => EdgePart::Cursor,
                        _ => EdgePart::TypeName,
                    };
                    edge.push((own.key.to_owned(), part));
                }
                ConnectionField::Edges(edge)
            }
            "pageInfo" => ConnectionField::PageInfo(maker.plain("PageInfo", &picked.sets())),
            "totalCount" => ConnectionField::TotalCount,
            _ => ConnectionField::TypeName,
        };
        parts.push((picked.key.to_owned(), part));
    }
    Ok(parts)
}

/// The order of the arguments; newest identifiers last when none is given.
fn order(family: &'static Family, value: Option<&Value>) -> Result<Vec<OrderKey>, HubError> {
    let entries = match value {
        None => return Ok(Vec::new()),
        Some(Value::List(list)) => list.as_slice(),
        Some(one) => std::slice::from_ref(one),
    };
    let unknown = || {
        HubError::invalid("orderBy 的字段无效。", "`orderBy` names a field that does not exist.")
    };
    let mut keys: Vec<OrderKey> = Vec::with_capacity(entries.len());
    for entry in entries {
        let Value::Object(parts) = entry else { return Err(unknown()) };
        let word = |name: &str| match parts.get(name) {
            Some(Value::Enum(name)) => Some(name.as_str()),
            Some(Value::String(name)) => Some(name.as_str()),
            _ => None,
        };
        let name = word("field").unwrap_or_default();
        let field = family
            .all_fields()
            .find(|field| {
                field.order
                    && !field.hidden
                    && crate::graphql::records::inputs::order_name(field) == name
            })
            .ok_or_else(unknown)?;
        if keys.iter().any(|key| key.field == field) || keys.len() == 5 {
            return Err(HubError::invalid(
                "orderBy 最多五个键，且不能重复。",
                "`orderBy` takes at most five keys, each once.",
            ));
        }
        keys.push(OrderKey { field, descending: word("direction") == Some("DESC") });
    }
    Ok(keys)
}

/// Digest of what a cursor belongs to: family, condition, order, organisation.
fn question(
    session: &Session,
    family: &Family,
    filter: Option<&Value>,
    order: Option<&Value>,
) -> Result<String, HubError> {
    let actor = session.actor()?;
    let mut digest = Sha256::new();
    for part in [
        family.name,
        actor.department().as_str(),
        actor.region().as_str(),
        actor.purpose().as_str(),
    ] {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    for value in [filter, order] {
        digest.update(value.map(ToString::to_string).unwrap_or_default().as_bytes());
        digest.update([0]);
    }
    Ok(format!("{:x}", digest.finalize()).chars().take(32).collect())
}

impl RecordPage {
    fn cursor(&self, session: &Session, row: &Row) -> Result<String, HubError> {
        let position = Position { values: row.keys.clone(), id: row.id };
        cursor::encode(&session.services.seal, &self.question, &self.keys, &position)
    }

    fn json(
        &self,
        maker: &ShapeBuilder<'_>,
        family: &Family,
        parts: &[(String, ConnectionField)],
    ) -> Result<Vec<u8>, HubError> {
        let session = maker.session;
        let rows = &self.level.rows;
        // Sealed once: the ends are the very texts of their edges.
        let cursors: Vec<Option<String>> = if wants_cursors(parts) {
            rows.iter().map(|row| self.cursor(session, row).map(Some)).collect::<Result<_, _>>()?
        } else {
            let wanted =
                |index: usize| wants_ends(parts) && (index == 0 || index + 1 == rows.len());
            let own = |(index, row): (usize, &Arc<Row>)| {
                wanted(index).then(|| self.cursor(session, row)).transpose()
            };
            rows.iter().enumerate().map(own).collect::<Result<_, _>>()?
        };
        let info = PageInfo {
            has_next_page: self.has_next,
            has_previous_page: self.has_previous,
            start_cursor: cursors.first().cloned().flatten(),
            end_cursor: cursors.last().cloned().flatten(),
        };
        let mut writer = JsonWriter::new(&session.services, session.language);
        writer.object(parts, |writer, part| match part {
            ConnectionField::Nodes(shape) => {
                writer.list(0..rows.len(), |writer, index| writer.record(shape, &self.level, index))
            }
            ConnectionField::Edges(edge) => writer.list(0..rows.len(), |writer, index| {
                writer.object(edge, |writer, part| match part {
                    EdgePart::Node(shape) => writer.record(shape, &self.level, index),
                    EdgePart::Cursor => writer.text(cursors.get(index).and_then(Option::as_deref)),
                    EdgePart::TypeName => writer.value(&format!("{}Edge", family.name)),
                });
            }),
            ConnectionField::PageInfo(plain) => writer.plain(plain, &info),
            ConnectionField::TotalCount => writer.value(&self.total),
            ConnectionField::TypeName => writer.value(&format!("{}Connection", family.name)),
        });
        Ok(writer.finish())
    }
}

fn wants_cursors(parts: &[(String, ConnectionField)]) -> bool {
    let of_edge =
        |edge: &[(String, EdgePart)]| edge.iter().any(|(_, part)| matches!(part, EdgePart::Cursor));
    parts.iter().any(|(_, part)| matches!(part, ConnectionField::Edges(edge) if of_edge(edge)))
}

fn wants_ends(parts: &[(String, ConnectionField)]) -> bool {
    parts
        .iter()
        .any(|(_, part)| matches!(part, ConnectionField::PageInfo(plain) if plain.iter().any(|(_, name)| name.ends_with("Cursor"))))
}

/// The connection and edge types of a family.
#[must_use]
pub fn types(family: &'static Family) -> [Object; 2] {
    let edges = format!("{}Edge", family.name);
    let field =
        |name: &str, kind: TypeRef, about: &str| Field::new(name, kind, written).description(about);
    let page = Object::new(format!("{}Connection", family.name))
        .description(format!("{}的一页。\n\nA page of `{}` records.", family.label, family.name))
        .field(field(
            "nodes",
            TypeRef::named_nn_list_nn(family.name),
            "本页记录。\n\nRecords of this page.",
        ))
        .field(field(
            "edges",
            TypeRef::named_nn_list_nn(&edges),
            "本页记录及其游标。\n\nRecords of this page, each with its cursor.",
        ))
        .field(field(
            "pageInfo",
            TypeRef::named_nn("PageInfo"),
            "翻页信息。\n\nWhether there are further pages, and the cursors to reach them.",
        ))
        .field(field(
            "totalCount",
            TypeRef::named_nn("Long"),
            "符合条件且您可查看的总数。\n\nNumber of matching records you may see, over all pages.",
        ));
    let edge = Object::new(&edges)
        .description(format!(
            "{}及其游标。\n\nOne `{}` record with its cursor.",
            family.label, family.name
        ))
        .field(field("node", TypeRef::named_nn(family.name), "记录。\n\nThe record."))
        .field(field(
            "cursor",
            TypeRef::named_nn(TypeRef::STRING),
            "游标，可作 after 或 before。\n\nCursor of the record, to be passed as `after` or `before`.",
        ));
    [page, edge]
}
