//! A page over several regions: one statement with a branch for each region.
//!
//! A branch reads the index of its region in the order of the page and gives no more rows than the
//! page has; the branches are merged. One condition over all regions would be planned as if these
//! were spread evenly over the order. Deliveries come region by region, so that such a plan reads
//! most of the table for a page of fifty.
//!
//! Branches are for orders that an index of each region serves, and for conditions that leave most
//! rows: where a condition names records or employers, their own index is better.

use std::collections::BTreeSet;

use entity::catalogue::{Family, Kind};
use sea_orm::{
    DbBackend, Statement,
    sea_query::{Alias, Expr, ExprTrait, Order, SelectStatement},
};

use crate::{
    authz::scope::Zone,
    store::{
        records::{
            cursor::{OrderKey, beyond, order, order_by_names},
            filter::{FieldTest, Filter},
            page_query::PageQuery,
            unlisted::KnownRegions,
        },
        sql::{
            cell::Cell,
            condition::{built, column, word, zones_there},
        },
    },
};

/// Most branches of a statement; SQLite takes 500 parts.
const MOST: usize = 300;

/// Longest statement, in bytes: one with long lists is read without branches.
const LONGEST: usize = 512 * 1024;

/// Stands for the region in the text of a branch; no code of the policy looks like it.
const REGION: &str = "{region}";

/// Column of the identifier as bytes, by which PostgreSQL orders a page without an order of its own:
/// the bytes sort as the identifier does, and the primary key, which the planner would walk through
/// all regions, does not know them.
const BYTES: &str = "page_id";

/// The statement of a page, where it is better read region by region.
pub(super) fn page(
    (known, backend): (&KnownRegions<'_>, DbBackend),
    (mut select, names): (SelectStatement, Vec<&str>),
    zones: &[&Zone],
    (family, page): (&Family, &PageQuery<'_>),
) -> Option<Statement> {
    if !is_indexed(page) || !leaves_most(page, family) {
        return None;
    }
    let (regions, zones) = places(known, zones, page.filter, family)?;
    let there = zones_there(family.table, family.industry_column(), &zones);
    select
        .and_where(column(family.table, family.region_column()).eq(word(REGION)))
        .and_where(column(family.table, "withdrawn_at").is_null())
        .cond_where(there.clone())
        .cond_where(page.filter.condition(backend, family.table));
    let index = (backend != DbBackend::Postgres && there.is_empty()).then(|| {
        let order = page.keys.first().map_or("id", OrderKey::column);
        format!("ix_{}_page_{order}", family.table)
    });
    let (statement, by) = match backend {
        DbBackend::Postgres => branch_on_postgres(select, &names, family, page),
        _ => {
            if let Some(position) = page.from {
                select.cond_where(beyond(
                    backend,
                    family.table,
                    page.keys,
                    position,
                    page.backward,
                ));
            }
            let by = order_by_names(page.keys, names.iter().copied(), page.backward);
            (built(backend, &select), by)
        }
    };
    let Statement { sql: mut branch, values, db_backend } = statement;
    if let Some(index) = index {
        // SQLite does not know how few rows of a part will be asked for, and would rather sort.
        let from = format!("FROM \"{}\"", family.table);
        branch = branch.replacen(&from, &format!("{from} INDEXED BY \"{index}\""), 1);
    }
    if backend != DbBackend::Postgres {
        branch = shared_parameters(&branch);
    }
    if branch.len() * regions.len() > LONGEST {
        return None;
    }
    let parts: Vec<String> = regions.iter().map(|region| branch.replace(REGION, region)).collect();
    let limit = page.limit;
    let sql = match parts.as_slice() {
        // A part of its own is in order already.
        [one] if backend == DbBackend::Postgres => one.clone(),
        parts => format!("{} ORDER BY {by} LIMIT {limit}", parts.join(" UNION ALL ")),
    };
    Some(Statement { sql, values, db_backend })
}

/// The parameters of SQLite with numbers, as PostgreSQL has them, so that all branches share them.
fn shared_parameters(branch: &str) -> String {
    let mut parts = branch.split('?');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.enumerate().fold(first, |text, (place, part)| format!("{text}?{}{part}", place + 1))
}

/// A branch for PostgreSQL, and the order of all: a branch without a limit of its own is not read in
/// order. Its parameters have numbers, which all branches share.
fn branch_on_postgres(
    mut select: SelectStatement,
    names: &[&str],
    family: &Family,
    page: &PageQuery<'_>,
) -> (Statement, String) {
    let PageQuery { keys, from, backward, limit, .. } = *page;
    let by = if keys.is_empty() {
        let bytes = || Expr::cust(format!("uuid_send(\"{}\".\"id\")", family.table));
        if let Some(position) = from {
            let there = Expr::cust_with_values("(SELECT uuid_send($1))", [position.id]);
            select.and_where(if backward { bytes().lt(there) } else { bytes().gt(there) });
        }
        let (way, words) = if backward { (Order::Desc, "DESC") } else { (Order::Asc, "ASC") };
        select.expr_as(bytes(), Alias::new(BYTES)).order_by_expr(bytes(), way);
        format!("\"{BYTES}\" {words}")
    } else {
        if let Some(position) = from {
            select.cond_where(beyond(DbBackend::Postgres, family.table, keys, position, backward));
        }
        order(&mut select, family.table, keys, backward);
        order_by_names(keys, names.iter().copied(), backward)
    };
    let built = built(DbBackend::Postgres, &select);
    (Statement { sql: format!("({} LIMIT {limit})", built.sql), ..built }, by)
}

/// Whether an index of each region serves the order.
fn is_indexed(page: &PageQuery<'_>) -> bool {
    match page.keys {
        [] => true,
        [key] => key.field.indexed,
        _ => false,
    }
}

/// Whether a condition is not better answered by an index of its own: of a number, a key, a link, an
/// industry, or of another date than the one that orders the page.
fn leaves_most(page: &PageQuery<'_>, family: &Family) -> bool {
    let ordering = page.keys.first().map(|key| key.field.name);
    parts(page.filter).iter().all(|part| is_loose(part, ordering, family))
}

fn is_loose(filter: &Filter, ordering: Option<&str>, family: &Family) -> bool {
    match filter {
        Filter::Field(field, _) if field.column == family.region_column() => true,
        // Region, industry and date have an index together.
        Filter::Field(field, _) if Some(field.column) == family.industry_column() => false,
        Filter::Field(field, test) => match test {
            FieldTest::Key(_) => false,
            FieldTest::In(_) if field.kind == Kind::Text => false,
            FieldTest::In(_) | FieldTest::Range(..) => {
                !field.indexed || Some(field.name) == ordering
            }
            FieldTest::Prefix(_) => false,
            FieldTest::Contains(_) | FieldTest::IsNull(_) => true,
        },
        Filter::Link(..) => false,
        Filter::All(list) | Filter::Any(list) => {
            list.iter().all(|part| is_loose(part, ordering, family))
        }
        Filter::Not(part) => is_loose(part, ordering, family),
    }
}

/// The conditions that all have to hold.
fn parts(filter: &Filter) -> Vec<&Filter> {
    match filter {
        Filter::All(list) => list.iter().flat_map(parts).collect(),
        other => vec![other],
    }
}

/// Regions in which rows that may be read and that a condition asks for may lie, with the zones that
/// all of them lie in; none where there is no such region, too many, or not all in the same zones.
fn places<'a>(
    known: &'a KnownRegions<'_>,
    zones: &[&'a Zone],
    filter: &Filter,
    family: &Family,
) -> Option<(BTreeSet<&'a str>, Vec<&'a Zone>)> {
    let parts = parts(filter);
    let asked = |code: &str| {
        parts.iter().all(|part| match part {
            Filter::Field(field, test) if field.column == family.region_column() => match test {
                FieldTest::Prefix(prefix) => code.starts_with(prefix),
                FieldTest::In(list) => list.iter().filter_map(Cell::as_text).any(|own| own == code),
                _ => true,
            },
            _ => true,
        })
    };
    let (mut found, mut common) = (BTreeSet::new(), None);
    for code in known.codes().filter(|code| asked(code)) {
        let holding = zones.iter().copied().filter(|zone| zone.condition().place.holds(code));
        let own: Vec<&Zone> = holding.collect();
        if own.is_empty() {
            continue;
        }
        found.insert(code);
        if common.get_or_insert_with(|| own.clone()) != &own || found.len() > MOST {
            return None;
        }
    }
    common.map(|zones| (found, zones))
}
