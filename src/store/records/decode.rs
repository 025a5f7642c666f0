//! Columns of a statement and the rows read from its result: every value is masked here by the zone
//! of its row.

use entity::catalogue::{Family, Field, Link, Mask};
use sea_orm::{
    QueryResult,
    sea_query::{Alias, Expr, Query, SelectStatement},
};
use uuid::Uuid;

use crate::{
    authz::{
        policy::Openness,
        scope::{Scope, Zone},
    },
    domain::mask,
    error::HubError,
    store::{
        records::{
            cursor::OrderKey,
            read::Reader,
            row::{Classes, Row, Selection},
        },
        seal::Bond,
        sql::{
            cell::{Cell, value},
            condition::column,
        },
    },
};

/// Columns of a statement in the order in which a row is read: id, region, department, industry,
/// fields, links, keys, found.
pub(in crate::store) struct ColumnPlan<'a> {
    family: &'static Family,
    table: String,
    fields: Vec<&'static Field>,
    links: Vec<&'static Link>,
    keys: &'a [OrderKey],
    found: Option<&'static str>,
    columns: Vec<String>,
    expressions: Vec<Expr>,
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
            family,
            table: table.to_owned(),
            fields,
            links,
            keys,
            found,
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

    /// How many columns it has.
    pub(in crate::store) const fn width(&self) -> usize {
        self.columns.len()
    }

    /// Their names in the result.
    pub(in crate::store) fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(String::as_str)
    }

    /// Names in the result of the columns that order the rows.
    pub(in crate::store) fn key_names(&self) -> impl Iterator<Item = &str> {
        let end = self.columns.len() - usize::from(self.found.is_some());
        let own = self.columns.get(end - self.keys.len()..end).unwrap_or_default();
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
        select.from(Alias::new(self.family.table));
        select.take()
    }
}

impl Reader<'_> {
    /// A row of a result, from a column on; `None` where it may not be seen.
    pub(in crate::store) fn row(
        &self,
        scope: &Scope,
        plan: &ColumnPlan<'_>,
        result: &QueryResult,
        start: usize,
    ) -> Result<Option<Row>, HubError> {
        let family = plan.family;
        let missing = || HubError::internal("a record without identifier, region or department");
        let id: Uuid = value(result, start)?.ok_or_else(missing)?;
        let region: String = value(result, start + 1)?.ok_or_else(missing)?;
        let department: String = value(result, start + 2)?.ok_or_else(missing)?;
        let mut index = start + 3;
        let mut industry: Option<String> = None;
        if family.industry.is_some() {
            industry = value(result, index)?;
            index += 1;
        }
        let bond = Bond {
            record: id,
            department: &department,
            region: &region,
            industry: industry.as_deref(),
        };
        let Some(zone) = scope.zone_of(&region, &department, industry.as_deref()) else {
            return Ok(None);
        };
        let mut cells = Vec::with_capacity(plan.fields.len());
        let mut shown = Classes::default();
        for field in &plan.fields {
            let outcome = zone.outcome(field.class);
            let mut cell = Cell::Null;
            if outcome >= Openness::Masked {
                cell =
                    self.masked(family, field, outcome, Cell::read(field, result, index)?, &bond)?;
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
            let open = zone.outcome(link.class) >= Openness::Masked;
            links.push(if open { value(result, index)? } else { None });
            index += 1;
        }
        let mut keys = Vec::with_capacity(plan.keys.len());
        for key in plan.keys {
            keys.push(match key.field.sort {
                Some(_) => value(result, index)?.map_or(Cell::Null, Cell::Text),
                None => Cell::read(key.field, result, index)?,
            });
            index += 1;
        }
        let found = if plan.found.is_some() { value(result, index)? } else { None };
        Ok(Some(Row { id, region, department, industry, cells, links, keys, found, shown }))
    }

    pub(in crate::store) fn masked(
        &self,
        family: &Family,
        field: &Field,
        outcome: Openness,
        raw: Cell,
        bond: &Bond<'_>,
    ) -> Result<Cell, HubError> {
        if outcome == Openness::Masked && field.mask == Mask::Hide {
            return Ok(Cell::Null);
        }
        let plain = match raw {
            Cell::Sealed(bytes) => Cell::parse(
                field.kind,
                &self.seal.open(&bond.place(family.table, field.column), &bytes)?,
            ),
            other => other,
        };
        if outcome == Openness::Full {
            return Ok(plain);
        }
        let Some(text) = plain.as_text() else { return Ok(Cell::Null) };
        Ok(Cell::Text(match field.mask {
            Mask::Hide => return Ok(Cell::Null),
            Mask::Name => mask::name(text),
            Mask::LastFour => mask::identity_last_four(text),
            Mask::County => mask::address_to_county(
                text,
                self.reference.region_name(bond.region).unwrap_or_default(),
            ),
        }))
    }
}

/// The findings without those about fields that are not shown: that a stage is missing tells of the
/// disease.
fn open_findings(family: &Family, zone: &Zone, kept: &Cell) -> Cell {
    let list =
        kept.as_text().and_then(|text| serde_json::from_str::<Vec<serde_json::Value>>(text).ok());
    let Some(mut list) = list else { return Cell::Null };
    list.retain(|finding| {
        let field = finding
            .get("field")
            .and_then(serde_json::Value::as_str)
            .and_then(|name| family.field(name).or_else(|| family.versioned(name)));
        field.is_none_or(|field| zone.outcome(field.class) == Openness::Full)
    });
    if list.is_empty() { Cell::Null } else { Cell::Text(serde_json::Value::from(list).to_string()) }
}
