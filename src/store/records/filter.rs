//! Conditions that callers put on a family: checked against the scope before they become SQL.

use std::sync::Arc;

use entity::catalogue::{Class, Family, Field, Link, Mask};
use sea_orm::{
    DbBackend,
    sea_query::{Alias, Cond, Expr, ExprTrait, Query},
};

use crate::{
    authz::scope::{Scope, Use},
    error::HubError,
    store::{
        records::names,
        sql::{
            cell::Cell,
            condition::{beginning, column, in_texts, zones},
        },
    },
};

/// A test on one field.
#[derive(Clone, Debug)]
pub enum FieldTest {
    /// Equals one of these values.
    In(Vec<Cell>),
    /// Within bounds, each `(value, inclusive)`.
    Range(Option<(Cell, bool)>, Option<(Cell, bool)>),
    /// Text begins with this, compared byte by byte.
    Prefix(String),
    /// Text contains this, compared byte by byte.
    Contains(String),
    /// Has no value (`true`), or has one (`false`).
    IsNull(bool),
    /// Keyed hash of the value is one of these; for sealed fields.
    Key(Vec<String>),
}

/// A field or link that a caller's question uses.
#[derive(Clone, Copy, Debug)]
pub struct QuestionTerm {
    /// Family that declares the field or link.
    pub family: &'static Family,
    /// Name of the field or link in the catalogue.
    pub name: &'static str,
    /// Class of the field or link, which decides who may use it.
    pub class: Class,
}

impl QuestionTerm {
    /// The term for a field of a family.
    #[must_use]
    pub const fn field(family: &'static Family, field: &'static Field) -> Self {
        Self { family, name: field.name, class: field.class }
    }
}

/// A condition on rows of a family.
#[derive(Clone, Debug)]
pub enum Filter {
    /// All of these hold.
    All(Vec<Filter>),
    /// One of these holds.
    Any(Vec<Filter>),
    /// The part is false or unknown (NULL).
    Not(Box<Filter>),
    /// A test on a field.
    Field(&'static Field, FieldTest),
    /// Some row (`true`) or no row (`false`) behind a link meets a condition, within the scope of
    /// the linked family.
    Link(&'static Link, Arc<Scope>, bool, Box<Filter>),
}

impl Filter {
    /// The condition that every row meets.
    #[must_use]
    pub const fn everything() -> Self {
        Self::All(Vec::new())
    }

    /// Whether every row meets it, whatever is in the row.
    #[must_use]
    pub const fn is_everything(&self) -> bool {
        matches!(self, Self::All(parts) if parts.is_empty())
    }

    /// Classes of this family's fields and links that the condition depends on.
    pub fn classes(&self, into: &mut Vec<Class>) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.classes(into)),
            Self::Not(part) => part.classes(into),
            Self::Field(field, _) => into.push(field.class),
            Self::Link(link, ..) => into.push(link.class),
        }
    }

    /// Collects the fields and links that the condition uses, behind links too.
    pub fn asks(&self, family: &'static Family, into: &mut Vec<QuestionTerm>) {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().for_each(|part| part.asks(family, into))
            }
            Self::Not(part) => part.asks(family, into),
            Self::Field(field, _) => into.push(QuestionTerm::field(family, field)),
            Self::Link(link, scope, _, inner) => {
                into.push(QuestionTerm { family, name: link.name, class: link.class });
                inner.asks(scope.family(), into);
            }
        }
    }

    /// Refuses a condition that uses a masked or hidden column behind a link.
    fn check_links(&self) -> Result<(), HubError> {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().try_for_each(|part| part.check_links())
            }
            Self::Not(part) => part.check_links(),
            Self::Field(..) => Ok(()),
            Self::Link(link, scope, _, inner) => {
                check(scope, Use::List, inner, &key_classes(scope, link.foreign))
            }
        }
    }

    /// The condition in SQL. Zones of linked families are joined here, so a link narrows and never
    /// widens.
    pub(in crate::store) fn condition(&self, backend: DbBackend, table: &str) -> Cond {
        match self {
            Self::All(parts) => {
                parts.iter().fold(Cond::all(), |all, part| all.add(part.condition(backend, table)))
            }
            Self::Any(parts) if parts.is_empty() => Cond::all().add(Expr::cust("1 = 0")),
            Self::Any(parts) => {
                parts.iter().fold(Cond::any(), |any, part| any.add(part.condition(backend, table)))
            }
            Self::Not(part) => {
                let inner = part.condition(backend, table);
                Cond::all().add(Expr::cust_with_exprs(
                    match backend {
                        DbBackend::Postgres => "($1) IS NOT TRUE",
                        _ => "(?) IS NOT TRUE",
                    },
                    [inner.into()],
                ))
            }
            Self::Field(field, test) => tested(backend, table, field, test),
            Self::Link(link, scope, some, inner) => {
                let target = scope.family();
                let other = below(table);
                let mut classes = key_classes(scope, link.foreign);
                inner.classes(&mut classes);
                let exists = Query::select()
                    .expr(Expr::cust("1"))
                    .from_as(Alias::new(target.table), Alias::new(&other))
                    .and_where(column(&other, link.foreign).eq(column(table, link.local)))
                    .and_where(column(&other, "withdrawn_at").is_null())
                    .cond_where(zones(
                        &other,
                        target.region_column(),
                        target.industry_column(),
                        &scope.zones(Use::List, &classes),
                    ))
                    .cond_where(inner.condition(backend, &other))
                    .to_owned();
                let exists = Expr::exists(exists);
                Cond::all().add(if *some { exists } else { exists.not() })
            }
        }
    }
}

/// Classes that the rows behind a link have to show, for the link to lead to them.
fn key_classes(scope: &Scope, column: &str) -> Vec<Class> {
    scope.family().key_class(column).into_iter().chain(scope.number_class(column)).collect()
}

/// Refuses a clause that depends on columns the actor may not read in any row: for filters, links,
/// orders and groups alike.
///
/// # Errors
///
/// [`HubError::Forbidden`], the same whatever the column holds.
pub fn check(scope: &Scope, how: Use, filter: &Filter, more: &[Class]) -> Result<(), HubError> {
    let mut classes = more.to_vec();
    filter.classes(&mut classes);
    if !scope.allows(how, &[]) {
        return Err(closed(scope, how));
    }
    if scope.allows(how, &classes) {
        filter.check_links()
    } else {
        Err(HubError::forbidden(
            format!(
                "不能按您无权查看的字段筛选、排序或分组（{}）。请去掉这些条件。",
                scope.family().label
            ),
            format!(
                "You may not filter, sort or group {} by fields you cannot read. Leave those conditions out.",
                scope.family().name
            ),
        ))
    }
}

/// The refusal of a family that is closed to the caller; it names what may be asked instead.
fn closed(scope: &Scope, how: Use) -> HubError {
    let family = scope.family();
    let mut letters = family.name.chars();
    let stats = letters.next().map_or_else(String::new, |first| {
        format!("{}{}Stats", first.to_ascii_lowercase(), letters.as_str())
    });
    if how == Use::List && scope.allows(Use::Aggregate, &[]) {
        return HubError::forbidden(
            format!("“{}”不对本部门开放逐条查看，只可汇总。请改用 {stats}。", family.label),
            format!(
                "{} records are not listed to your department; it may only ask for sums. Ask {stats} instead.",
                family.name
            ),
        );
    }
    HubError::forbidden(
        format!("“{}”不对本部门开放。本部门可查看的类别见 viewer 的 rights。", family.label),
        format!(
            "{} records are closed to your department. What it may read stands in `rights` of `viewer`.",
            family.name
        ),
    )
}

fn tested(backend: DbBackend, table: &str, field: &Field, test: &FieldTest) -> Cond {
    let own = || column(table, field.column);
    match test {
        FieldTest::In(cells) if cells.is_empty() => Cond::all().add(Expr::cust("1 = 0")),
        FieldTest::In(cells) if field.mask == Mask::Name && !field.sealed => {
            let exact =
                cells.iter().filter_map(Cell::as_text).map(ToOwned::to_owned).collect::<Vec<_>>();
            let mut any = Cond::any().add(in_texts(backend, own(), &exact));
            for name in exact.iter().filter_map(|name| names::folded(name)) {
                any = any.add(
                    Expr::cust(names::plain(&format!("\"{table}\".\"{}\"", field.column))).eq(name),
                );
            }
            any
        }
        FieldTest::In(cells) => match cells.as_slice() {
            [one] => Cond::all().add(own().eq(one.bind(field.kind))),
            many if many.iter().all(|cell| cell.as_text().is_some()) => {
                let texts: Vec<String> =
                    many.iter().filter_map(|cell| cell.as_text().map(ToOwned::to_owned)).collect();
                Cond::all().add(in_texts(backend, own(), &texts))
            }
            many => Cond::all().add(own().is_in(many.iter().map(|cell| cell.bind(field.kind)))),
        },
        FieldTest::Range(from, to) => {
            let mut all = Cond::all();
            if let Some((cell, inclusive)) = from {
                let value = cell.bind(field.kind);
                all = all.add(if *inclusive { own().gte(value) } else { own().gt(value) });
            }
            if let Some((cell, inclusive)) = to {
                let value = cell.bind(field.kind);
                all = all.add(if *inclusive { own().lte(value) } else { own().lt(value) });
            }
            all
        }
        FieldTest::Prefix(prefix) => beginning(table, field.column, prefix),
        // LIKE ignores case on SQLite only; these compare by bytes on both.
        FieldTest::Contains(part) => Cond::all().add(match backend {
            DbBackend::Postgres => {
                Expr::cust_with_exprs("strpos($1, $2) > 0", [own(), Expr::val(part.as_str())])
            }
            _ => Expr::cust_with_exprs("instr(?, ?) > 0", [own(), Expr::val(part.as_str())]),
        }),
        FieldTest::IsNull(true) => Cond::all().add(own().is_null()),
        FieldTest::IsNull(false) => Cond::all().add(own().is_not_null()),
        FieldTest::Key(hashes) => Cond::all().add(in_texts(
            backend,
            column(table, field.key.unwrap_or(field.column)),
            hashes,
        )),
    }
}

/// Alias of a linked table one level further down. Short, as PostgreSQL cuts names at 63 bytes and
/// would take two levels for one.
fn below(table: &str) -> String {
    let level = table
        .strip_prefix("linked_")
        .and_then(|level| level.parse::<u32>().ok())
        .unwrap_or_default();
    format!("linked_{}", level.saturating_add(1))
}
