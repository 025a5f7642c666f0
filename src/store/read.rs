//! Scoped reads: pages, single records, rows behind links, counts. Only selected columns are read, and every value
//! leaves here masked by the zone of its row.

use entity::catalogue::{Class, Family, Field, Link, Mask};
use sea_orm::{
    QueryResult,
    sea_query::{Alias, Cond, Expr, ExprTrait, Query, SelectStatement},
};
use uuid::Uuid;

use crate::{
    authz::{
        policy::Outcome,
        scope::{Scope, Use, Zone},
    },
    domain::mask,
    error::HubError,
    store::{
        cell::Cell,
        condition::{built, column, in_texts, zones},
        cursor::{Key, Position, beyond, order},
        database::Database,
        filter::Filter,
        reference::Reference,
        row::{Classes, Row, Selection},
        seal::{Seal, place},
    },
};

/// One page of a family.
#[derive(Clone, Debug)]
pub struct Page<'a> {
    /// Fields and links wanted.
    pub selection: &'a Selection,
    /// Condition.
    pub filter: &'a Filter,
    /// Order.
    pub keys: &'a [Key],
    /// Start beyond this place.
    pub from: Option<&'a Position>,
    /// Backwards: the rows before the place, nearest first.
    pub backward: bool,
    /// Rows at most.
    pub limit: u64,
}

/// What reading needs besides the right to it.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// Connections.
    pub database: &'a Database,
    /// Keys of sealed columns.
    pub seal: &'a Seal,
    /// Names of regions, for masks.
    pub reference: &'a Reference,
}

impl Reader<'_> {
    /// A page of rows.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] when a clause uses a column the actor may not read.
    pub async fn page(&self, scope: &Scope, page: &Page<'_>) -> Result<Vec<Row>, HubError> {
        let clause: Vec<Class> = page.keys.iter().map(|key| key.field.class).collect();
        crate::store::filter::check(scope, Use::List, page.filter, &clause)?;
        let family = scope.family();
        let plan = Plan::new(family, page.selection, page.keys, None);
        let mut select = plan.select();
        let mut classes = clause;
        page.filter.classes(&mut classes);
        self.restrict(&mut select, scope, &classes, Use::List);
        select.cond_where(page.filter.condition(self.database.backend(), family.table));
        if let Some(position) = page.from {
            select.cond_where(beyond(family.table, page.keys, position, page.backward));
        }
        order(&mut select, family.table, page.keys, page.backward);
        select.limit(page.limit);
        self.rows(scope, &plan, select).await
    }

    /// The record of that identifier, if it may be seen.
    ///
    /// # Errors
    ///
    /// Only what the database says; not there and not to be seen are both `None`.
    pub async fn get(&self, scope: &Scope, id: Uuid, selection: &Selection) -> Result<Option<Row>, HubError> {
        let family = scope.family();
        let plan = Plan::new(family, selection, &[], None);
        let mut select = plan.select();
        self.restrict(&mut select, scope, &[], Use::List);
        select.and_where(column(family.table, "id").eq(id));
        Ok(self.rows(scope, &plan, select).await?.pop())
    }

    /// The record of that identifier without any of its values, if it may be seen, withdrawn or not: its versions stay.
    ///
    /// # Errors
    ///
    /// Only what the database says.
    pub async fn ever(&self, scope: &Scope, id: Uuid) -> Result<Option<Row>, HubError> {
        let family = scope.family();
        let selection = Selection::default();
        let plan = Plan::new(family, &selection, &[], None);
        let mut select = plan.select();
        select.cond_where(visible(family, &scope.zones(Use::List, &[]))).and_where(column(family.table, "id").eq(id));
        Ok(self.rows(scope, &plan, select).await?.pop())
    }

    /// Rows behind a link for many keys in one statement, at most `limit` for each key.
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
        crate::store::filter::check(scope, Use::List, filter, &[])?;
        let family = scope.family();
        let plan = Plan::new(family, selection, &[], Some(link.foreign));
        let mut classes = Vec::new();
        filter.classes(&mut classes);
        let backend = self.database.backend();
        let mut inner = plan.select();
        within(&mut inner, family, &scope.reached(&classes, family.key_class(link.foreign)));
        inner
            .and_where(in_texts(backend, column(family.table, link.foreign), keys))
            .cond_where(filter.condition(backend, family.table));
        if !link.many {
            return self.rows(scope, &plan, inner.take()).await;
        }
        inner.expr_as(
            Expr::cust(format!("row_number() OVER (PARTITION BY \"{}\" ORDER BY \"id\")", link.foreign)),
            Alias::new("rank"),
        );
        let mut outer = Query::select();
        for name in &plan.columns {
            outer.column(Alias::new(name.as_str()));
        }
        outer.from_subquery(inner.take(), Alias::new("ranked")).and_where(Expr::col(Alias::new("rank")).lte(limit));
        outer.order_by(Alias::new("id"), sea_orm::sea_query::Order::Asc);
        self.rows(scope, &plan, outer.take()).await
    }

    /// Number of rows that meet a condition.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] when the filter uses a column the actor may not read.
    pub async fn count(&self, scope: &Scope, filter: &Filter, order: &[Class]) -> Result<i64, HubError> {
        crate::store::filter::check(scope, Use::List, filter, order)?;
        let family = scope.family();
        let mut classes = order.to_vec();
        filter.classes(&mut classes);
        let mut select = Query::select();
        select.expr(Expr::cust("COUNT(*)")).from(Alias::new(family.table));
        self.restrict(&mut select, scope, &classes, Use::List);
        select.cond_where(filter.condition(self.database.backend(), family.table));
        let row = self.database.one(built(self.database.backend(), &select)).await?;
        Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default())
    }

    pub(super) fn restrict(&self, select: &mut SelectStatement, scope: &Scope, classes: &[Class], how: Use) {
        within(select, scope.family(), &scope.zones(how, classes));
    }

    async fn rows(&self, scope: &Scope, plan: &Plan<'_>, select: SelectStatement) -> Result<Vec<Row>, HubError> {
        let results = self.database.all(built(self.database.backend(), &select)).await?;
        let mut rows = Vec::with_capacity(results.len());
        for result in &results {
            if let Some(row) = self.row(scope, plan, result)? {
                rows.push(row);
            }
        }
        Ok(rows)
    }

    fn row(&self, scope: &Scope, plan: &Plan<'_>, result: &QueryResult) -> Result<Option<Row>, HubError> {
        let family = plan.family;
        let id: Uuid = result.try_get_by_index(0)?;
        let region: String = result.try_get_by_index(1)?;
        let department: String = result.try_get_by_index(2)?;
        let mut index = 3;
        let mut industry: Option<String> = None;
        if family.industry.is_some() {
            industry = result.try_get_by_index(index)?;
            index += 1;
        }
        let Some(zone) = scope.zone_of(&region, &department, industry.as_deref()) else { return Ok(None) };
        let mut cells = Vec::with_capacity(plan.fields.len());
        let mut shown = Classes::default();
        for field in &plan.fields {
            let outcome = zone.outcome(field.class);
            let mut cell = Cell::Null;
            if outcome >= Outcome::Masked {
                cell = self.masked(family, field, outcome, Cell::read(field, result, index)?, &region)?;
                if field.name == "findings" {
                    cell = open_findings(family, zone, &cell);
                }
                if !cell.is_null() {
                    shown.add(field.class);
                }
            }
            cells.push(cell);
            index += 1;
        }
        let mut links = Vec::with_capacity(plan.links.len());
        for link in &plan.links {
            let open = zone.outcome(link.class) >= Outcome::Masked;
            links.push(if open { result.try_get_by_index(index)? } else { None });
            index += 1;
        }
        let mut keys = Vec::with_capacity(plan.keys.len());
        for key in plan.keys {
            keys.push(match key.field.sort {
                Some(_) => result.try_get_by_index::<Option<String>>(index)?.map_or(Cell::Null, Cell::Text),
                None => Cell::read(key.field, result, index)?,
            });
            index += 1;
        }
        let found = if plan.found.is_some() { result.try_get_by_index(index)? } else { None };
        Ok(Some(Row { id, region, department, industry, cells, links, keys, found, shown }))
    }

    fn masked(&self, family: &Family, field: &Field, outcome: Outcome, raw: Cell, region: &str) -> Result<Cell, HubError> {
        if outcome == Outcome::Masked && field.mask == Mask::Hide {
            return Ok(Cell::Null);
        }
        let plain = match raw {
            Cell::Sealed(bytes) => Cell::parse(field.kind, &self.seal.open(&place(family.table, field.column), &bytes)?),
            other => other,
        };
        if outcome == Outcome::Full {
            return Ok(plain);
        }
        let Some(text) = plain.as_text() else { return Ok(Cell::Null) };
        Ok(Cell::Text(match field.mask {
            Mask::Hide => return Ok(Cell::Null),
            Mask::Name => mask::name(text),
            Mask::LastFour => mask::identity_last_four(text),
            Mask::County => mask::address_to_county(text, self.reference.region_name(region).unwrap_or_default()),
        }))
    }
}

/// The findings without those about fields that are not shown: that a stage is missing tells of the disease.
fn open_findings(family: &Family, zone: &Zone, kept: &Cell) -> Cell {
    let list = kept.as_text().and_then(|text| serde_json::from_str::<Vec<serde_json::Value>>(text).ok());
    let Some(mut list) = list else { return Cell::Null };
    list.retain(|finding| {
        let field = finding.get("field").and_then(serde_json::Value::as_str).and_then(|name| family.field(name));
        field.is_none_or(|field| zone.outcome(field.class) == Outcome::Full)
    });
    if list.is_empty() { Cell::Null } else { Cell::Text(serde_json::Value::from(list).to_string()) }
}

/// Only rows of these zones that are not withdrawn.
fn within(select: &mut SelectStatement, family: &Family, of: &[&Zone]) {
    select.cond_where(Cond::all().add(column(family.table, "withdrawn_at").is_null()).add(visible(family, of)));
}

/// Rows of these zones.
fn visible(family: &Family, of: &[&Zone]) -> Cond {
    zones(family.table, family.region_column(), family.industry_column(), of)
}

/// Columns of a statement in the order in which a row is read: id, region, department, industry, fields, links, keys, found.
struct Plan<'a> {
    family: &'static Family,
    fields: Vec<&'static Field>,
    links: Vec<&'static Link>,
    keys: &'a [Key],
    found: Option<&'static str>,
    columns: Vec<String>,
    expressions: Vec<Expr>,
}

impl<'a> Plan<'a> {
    fn new(family: &'static Family, selection: &Selection, keys: &'a [Key], found: Option<&'static str>) -> Self {
        let fields: Vec<_> = selection.fields.iter().filter_map(|position| family.at(*position)).collect();
        let links: Vec<_> = selection.links.iter().filter_map(|position| family.links.get(*position)).collect();
        let columns = fields.iter().map(|field| field.column).chain(links.iter().map(|link| link.local)).collect::<Vec<_>>();
        let mut plan = Self { family, fields, links, keys, found, columns: Vec::new(), expressions: Vec::new() };
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
        let alias =
            if self.columns.iter().any(|own| own == name) { format!("{name}_{}", self.columns.len()) } else { name.to_owned() };
        self.expressions.push(column(self.family.table, name));
        self.columns.push(alias);
    }

    fn select(&self) -> SelectStatement {
        let mut select = Query::select();
        for (expression, name) in self.expressions.iter().zip(&self.columns) {
            select.expr_as(expression.clone(), Alias::new(name.as_str()));
        }
        select.from(Alias::new(self.family.table));
        select.take()
    }
}
