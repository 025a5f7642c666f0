//! Columns of a statement that reads records, and how a row of its result is laid out.

use entity::catalogue::{Family, Field, Link};
use sea_orm::sea_query::{Alias, Expr, Query, SelectStatement};

use crate::store::{
    records::{cursor::OrderKey, row::Selection},
    sql::condition::column,
};

/// What a row of a result holds, in the order in which it is read: id, region, department,
/// industry, fields, links, keys, found.
#[derive(Debug)]
pub(in crate::store) struct RowLayout<'a> {
    pub(super) family: &'static Family,
    pub(super) fields: Vec<&'static Field>,
    pub(super) links: Vec<&'static Link>,
    pub(super) keys: &'a [OrderKey],
    pub(super) found: Option<&'static str>,
}

/// Columns of a statement, in the order of its layout.
pub(in crate::store) struct ColumnPlan<'a> {
    /// How a row of the result is read.
    pub(in crate::store) layout: RowLayout<'a>,
    table: String,
    columns: Vec<String>,
    expressions: Vec<Expr>,
}

impl RowLayout<'_> {
    /// How many columns it has.
    pub(in crate::store) const fn width(&self) -> usize {
        3 + self.family.industry.is_some() as usize
            + self.fields.len()
            + self.links.len()
            + self.keys.len()
            + self.found.is_some() as usize
    }
}

impl<'a> ColumnPlan<'a> {
    /// Columns of the family's table, which the statement calls `table`.
    pub(in crate::store) fn new(
        family: &'static Family,
        table: &str,
        selection: &Selection,
        keys: &'a [OrderKey],
        found: Option<&'static str>,
    ) -> Self {
        let fields: Vec<_> =
            selection.fields.iter().filter_map(|position| family.at(*position)).collect();
        let links: Vec<_> =
            selection.links.iter().filter_map(|position| family.links.get(*position)).collect();
        let columns = fields
            .iter()
            .map(|field| field.column)
            .chain(links.iter().map(|link| link.local))
            .collect::<Vec<_>>();
        let mut plan = Self {
            layout: RowLayout { family, fields, links, keys, found },
            table: table.to_owned(),
            columns: Vec::new(),
            expressions: Vec::new(),
        };
        plan.add("id");
        plan.add(family.region_column());
        plan.add("department");
        if let Some(industry) = family.industry_column() {
            plan.add(industry);
        }
        columns.into_iter().for_each(|name| plan.add(name));
        for key in keys {
            plan.add(key.column());
        }
        if let Some(name) = found {
            plan.add(name);
        }
        plan
    }

    /// A column may be asked for twice; the second time it gets a name of its own.
    fn add(&mut self, name: &str) {
        let alias = if self.columns.iter().any(|own| own == name) {
            format!("{name}_{}", self.columns.len())
        } else {
            name.to_owned()
        };
        self.expressions.push(column(&self.table, name));
        self.columns.push(alias);
    }

    /// Their names in the result.
    pub(in crate::store) fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(String::as_str)
    }

    /// Names in the result of the columns that order the rows.
    pub(in crate::store) fn key_names(&self) -> impl Iterator<Item = &str> {
        let end = self.columns.len() - usize::from(self.layout.found.is_some());
        let own = self.columns.get(end - self.layout.keys.len()..end).unwrap_or_default();
        own.iter().map(String::as_str)
    }

    /// Adds them to a statement.
    pub(in crate::store) fn put(&self, select: &mut SelectStatement) {
        for (expression, name) in self.expressions.iter().zip(self.names()) {
            select.expr_as(expression.clone(), Alias::new(name));
        }
    }

    /// A statement with them, from the family's table.
    pub(in crate::store) fn select(&self) -> SelectStatement {
        let mut select = Query::select();
        self.put(&mut select);
        select.from(Alias::new(self.layout.family.table));
        select.take()
    }
}
