//! Scoped reads: pages, single records, rows behind links, counts. Only selected columns are read,
//! and every value leaves here masked by the zone of its row.

use std::sync::Arc;

use entity::catalogue::{Class, Family, Link};
use sea_orm::{
    DbBackend, QueryResult, Statement, Value,
    sea_query::{Alias, Cond, Expr, ExprTrait, Query, SelectStatement},
};
use uuid::Uuid;

use crate::{
    authz::{
        policy::Policy,
        scope::{Scope, Use, Zone},
    },
    error::HubError,
    store::{
        meeting::figure_cache::FigureCache,
        records::{
            beside::InlineJoin,
            branches,
            column_plan::{ColumnPlan, RowLayout},
            cursor::{beyond, order},
            filter::Filter,
            page_query::PageQuery,
            row::{Row, Selection},
            statement_cache::{ReadKey, StatementCache, StatementKey},
            unlisted::{KnownRegions, UnlistedRegions},
        },
        reference::Reference,
        seal::Seal,
        sql::{
            condition::{built, column, in_texts, texts, zones},
            database::Database,
        },
    },
};

/// What reading needs besides the right to it.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// The database to read from.
    pub database: &'a Database,
    /// Keys of sealed columns.
    pub seal: &'a Seal,
    /// Code tables; masks use the names of regions.
    pub reference: &'a Reference,
    /// The access policy, for the departments there are.
    pub policy: &'a Policy,
    /// Regions with records that the code table no longer lists.
    pub unlisted: &'a UnlistedRegions,
    /// Cache of counts that were made earlier.
    pub figures: &'a FigureCache,
    /// Cache of statements that were built before.
    pub statements: &'a StatementCache,
}

impl Reader<'_> {
    /// A page of rows.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] when a clause uses a column the actor may not read.
    pub async fn page(&self, scope: &Scope, page: &PageQuery<'_>) -> Result<Vec<Row>, HubError> {
        let (plan, statement) = self.planned(scope, page)?;
        self.read(scope, &plan.layout, self.database.all(statement).await?)
    }

    /// The statement of a page, to ask the database what it costs.
    ///
    /// # Errors
    ///
    /// As [`Self::page`].
    pub fn page_statement(
        &self,
        scope: &Scope,
        page: &PageQuery<'_>,
    ) -> Result<Statement, HubError> {
        self.planned(scope, page).map(|(_, statement)| statement)
    }

    fn planned<'p>(
        &self,
        scope: &Scope,
        page: &PageQuery<'p>,
    ) -> Result<(ColumnPlan<'p>, Statement), HubError> {
        let clause: Vec<Class> = page.keys.iter().map(|key| key.field.class).collect();
        crate::store::records::filter::check(scope, Use::List, page.filter, &clause)?;
        let family = scope.family();
        let plan = ColumnPlan::new(family, family.table, page.selection, page.keys, None);
        let mut classes = clause;
        page.filter.classes(&mut classes);
        let (backend, zones) = (self.database.backend(), scope.zones(Use::List, &classes));
        let known = KnownRegions::new(self.reference, self.unlisted);
        let by_region = branches::page(
            (&known, backend),
            (plan.select(), plan.key_names().collect()),
            &zones,
            (family, page),
        );
        if let Some(statement) = by_region {
            return Ok((plan, statement));
        }
        let mut select = plan.select();
        within(&mut select, family, &zones);
        select.cond_where(page.filter.condition(backend, family.table));
        if let Some(position) = page.from {
            select.cond_where(beyond(backend, family.table, page.keys, position, page.backward));
        }
        order(&mut select, family.table, page.keys, page.backward);
        if backend != DbBackend::Postgres {
            select.limit(page.limit);
            return Ok((plan, built(backend, &select)));
        }
        let mut statement = built(backend, &select);
        // Not as a parameter: a plan that does not know the limit is made for a tenth of all rows.
        statement.sql.push_str(&format!(" LIMIT {}", page.limit));
        Ok((plan, statement))
    }

    /// The record with that identifier, if it may be seen, with the records behind some of its
    /// to-one links, in their order.
    ///
    /// # Errors
    ///
    /// Only what the database says; not there and not to be seen are both `None`.
    pub async fn get(
        &self,
        scope: &Scope,
        id: Uuid,
        selection: &Selection,
        beside: &[InlineJoin<'_>],
    ) -> Result<Option<(Row, Vec<Option<Row>>)>, HubError> {
        let own = |one: &InlineJoin<'_>| {
            ReadKey::new(one.scope, Some((one.link.local, one.link.foreign)), one.selection)
        };
        let key = StatementKey {
            main: ReadKey::new(scope, None, selection),
            beside: beside.iter().map(own).collect(),
            limit: None,
        };
        let (backend, value) = (self.database.backend(), Value::from(id));
        let known =
            self.statements.get(key, &value, || self.single(scope, id, selection, beside))?;
        let parameters = known.parameters(backend, value);
        let result = self.database.one_with(Arc::clone(&known.sql), parameters).await?;
        let (Some(result), Some((layout, joined))) = (result, known.layouts.split_first()) else {
            return Ok(None);
        };
        let Some(row) = self.row(scope, layout, &result, 0)? else { return Ok(None) };
        let mut start = layout.width();
        let mut found = Vec::with_capacity(beside.len());
        for (one, layout) in beside.iter().zip(joined) {
            // The value that the link rests on is hidden in this record, so its target is hidden
            // too.
            let open = row.links.get(one.place).is_some_and(Option::is_some);
            let there = open && result.try_get_by_index::<Option<Uuid>>(start)?.is_some();
            found.push(if there { self.row(one.scope, layout, &result, start)? } else { None });
            start += layout.width();
        }
        Ok(Some((row, found)))
    }

    /// The statement of a single record, and how its result is read.
    fn single(
        &self,
        scope: &Scope,
        id: Uuid,
        selection: &Selection,
        beside: &[InlineJoin<'_>],
    ) -> (Statement, Vec<RowLayout<'static>>) {
        let family = scope.family();
        let plan = ColumnPlan::new(family, family.table, selection, &[], None);
        let mut select = plan.select();
        let mut layouts = vec![plan.layout];
        for (number, one) in beside.iter().enumerate() {
            layouts.push(one.join(&mut select, family, number).layout);
        }
        self.restrict(&mut select, scope, &[], Use::List);
        select.and_where(column(family.table, "id").eq(id));
        (built(self.database.backend(), &select), layouts)
    }

    /// The record with that identifier without any values, if it may be seen, withdrawn or not: its
    /// versions remain.
    ///
    /// # Errors
    ///
    /// Only what the database says.
    pub async fn find_including_withdrawn(
        &self,
        scope: &Scope,
        id: Uuid,
    ) -> Result<Option<Row>, HubError> {
        let family = scope.family();
        let selection = Selection::default();
        let plan = ColumnPlan::new(family, family.table, &selection, &[], None);
        let mut select = plan.select();
        select
            .cond_where(visible(family, &scope.zones(Use::List, &[])))
            .and_where(column(family.table, "id").eq(id));
        let found = self.database.one(built(self.database.backend(), &select)).await?;
        Ok(found.map(|result| self.row(scope, &plan.layout, &result, 0)).transpose()?.flatten())
    }

    /// Rows behind a link for many keys in one statement: behind a to-many link at most `limit` for
    /// each key; behind a to-one link all that may be read, since several departments may hold the
    /// same employer or person.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] when the filter uses a column the actor may not read.
    pub async fn behind(
        &self,
        scope: &Scope,
        link: &'static Link,
        keys: &[String],
        selection: &Selection,
        filter: &Filter,
        limit: u64,
    ) -> Result<Vec<Row>, HubError> {
        crate::store::records::filter::check(scope, Use::List, filter, &[])?;
        let backend = self.database.backend();
        if !filter.is_everything() {
            let (statement, layout) = self.linked(scope, link, keys, selection, filter, limit);
            return self.read(scope, &layout, self.database.all(statement).await?);
        }
        let key = StatementKey {
            main: ReadKey::new(scope, Some((link.local, link.foreign)), selection),
            beside: Vec::new(),
            limit: link.many.then_some(limit),
        };
        let value = texts(backend, keys);
        let known = self.statements.get(key, &value, || {
            let (statement, layout) = self.linked(scope, link, keys, selection, filter, limit);
            (statement, vec![layout])
        })?;
        let parameters = known.parameters(backend, value);
        let results = self.database.all_with(Arc::clone(&known.sql), parameters).await?;
        known.layouts.first().map_or_else(|| Ok(Vec::new()), |own| self.read(scope, own, results))
    }

    /// The statement of the rows behind a link, and how its result is read.
    fn linked(
        &self,
        scope: &Scope,
        link: &'static Link,
        keys: &[String],
        selection: &Selection,
        filter: &Filter,
        limit: u64,
    ) -> (Statement, RowLayout<'static>) {
        let family = scope.family();
        let plan = ColumnPlan::new(family, family.table, selection, &[], Some(link.foreign));
        let mut classes = Vec::new();
        filter.classes(&mut classes);
        let backend = self.database.backend();
        let mut inner = plan.select();
        within(&mut inner, family, &scope.reached(&classes, link.foreign));
        inner
            .and_where(in_texts(backend, column(family.table, link.foreign), keys))
            .cond_where(filter.condition(backend, family.table));
        if !link.many {
            return (built(backend, &inner), plan.layout);
        }
        inner.expr_as(
            Expr::cust(format!(
                "row_number() OVER (PARTITION BY \"{}\" ORDER BY \"id\")",
                link.foreign
            )),
            Alias::new("rank"),
        );
        let mut outer = Query::select();
        for name in plan.names() {
            outer.column(Alias::new(name));
        }
        outer
            .from_subquery(inner.take(), Alias::new("ranked"))
            .and_where(Expr::col(Alias::new("rank")).lte(limit));
        outer.order_by(Alias::new("id"), sea_orm::sea_query::Order::Asc);
        (built(backend, &outer), plan.layout)
    }

    /// Number of rows that meet a condition.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] when the filter uses a column the actor may not read.
    pub async fn count(
        &self,
        scope: &Scope,
        filter: &Filter,
        order: &[Class],
    ) -> Result<i64, HubError> {
        crate::store::records::filter::check(scope, Use::List, filter, order)?;
        let family = scope.family();
        let mut classes = order.to_vec();
        filter.classes(&mut classes);
        if let Some(total) = self.total(scope, filter, &classes).await? {
            return Ok(total);
        }
        let mut select = Query::select();
        select.expr(Expr::cust("COUNT(*)")).from(Alias::new(family.table));
        self.restrict(&mut select, scope, &classes, Use::List);
        select.cond_where(filter.condition(self.database.backend(), family.table));
        let row = self.database.one(built(self.database.backend(), &select)).await?;
        Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default())
    }

    pub(in crate::store) fn restrict(
        &self,
        select: &mut SelectStatement,
        scope: &Scope,
        classes: &[Class],
        how: Use,
    ) {
        within(select, scope.family(), &scope.zones(how, classes));
    }

    fn read(
        &self,
        scope: &Scope,
        layout: &RowLayout<'_>,
        results: Vec<QueryResult>,
    ) -> Result<Vec<Row>, HubError> {
        let mut rows = Vec::with_capacity(results.len());
        for result in &results {
            if let Some(row) = self.row(scope, layout, result, 0)? {
                rows.push(row);
            }
        }
        Ok(rows)
    }
}

/// Only rows of these zones that are not withdrawn.
fn within(select: &mut SelectStatement, family: &Family, of: &[&Zone]) {
    select.cond_where(readable(family, of));
}

/// Rows of these zones that are not withdrawn.
pub(in crate::store) fn readable(family: &Family, of: &[&Zone]) -> Cond {
    Cond::all().add(column(family.table, "withdrawn_at").is_null()).add(visible(family, of))
}

/// Rows of these zones.
pub(in crate::store) fn visible(family: &Family, of: &[&Zone]) -> Cond {
    zones(family.table, family.region_column(), family.industry_column(), of)
}
