//! How many rows of a family there are, from cells that are counted once: rows by region, key
//! industry and department, brought up to date by the events since, as the figures of the meeting
//! are. Every caller's total is the sum of the cells that lie in their zones.

use entity::catalogue::{Class, Family};
use sea_orm::{
    DbBackend, QueryResult,
    sea_query::{Alias, Cond, Expr, ExprTrait as _, Query, SimpleExpr},
};

use crate::{
    authz::{
        identity::DepartmentCode,
        scope::{RegionCondition, Scope, Use, Zone},
    },
    error::HubError,
    store::{
        meeting::{
            figure_cache::{CountedFigures, Counting},
            figures::CountedRows,
        },
        records::{
            filter::{FieldTest, Filter},
            read::Reader,
        },
        sql::{
            cell::Cell,
            condition::{built, column, word},
        },
    },
};

impl Reader<'_> {
    /// The number of rows of a scope, as of now, where the condition asks for nothing but regions
    /// and key industries; `None` where it asks for more.
    ///
    /// # Errors
    ///
    /// Whatever the database reports.
    pub(super) async fn total(
        &self,
        scope: &Scope,
        filter: &Filter,
        classes: &[Class],
    ) -> Result<Option<i64>, HubError> {
        let family = scope.family();
        let Some(asked) = CellFilter::of(family, filter) else { return Ok(None) };
        // The rows of single regions are counted by their index, in less time than the cells of all.
        let zones = scope.zones(Use::List, classes);
        let single = |zone: &&Zone| matches!(&zone.condition().place, RegionCondition::Inside(prefix) if prefix.len() >= 6);
        if asked.is_single() || zones.iter().all(single) {
            return Ok(None);
        }
        let departments: Vec<&str> =
            self.policy.departments().map(DepartmentCode::as_str).collect();
        let held = |region: &str, department: &str, industry: Option<&str>| {
            asked.holds(region, industry)
                && zones.iter().any(|zone| zone.condition().holds(region, department, industry))
        };
        let mut total = 0;
        for cell in self.cells(family, &departments).await?.iter() {
            let region = cell.region.as_deref().unwrap_or_default();
            let industry = cell.industry.as_deref();
            // The last number is that of departments which are not in the policy any more.
            for (number, department) in cell.numbers.iter().zip(departments.iter().chain([&""])) {
                if *number > 0 && held(region, department, industry) {
                    total += number;
                }
            }
        }
        Ok(Some(total))
    }

    /// Rows of the family by region and key industry: a number for each department, and one for all
    /// others.
    async fn cells(
        &self,
        family: &'static Family,
        departments: &[&str],
    ) -> Result<std::sync::Arc<CountedRows>, HubError> {
        let (table, backend) = (family.table, self.database.backend());
        let industry = family.industry_column();
        let statement = |places: Option<Cond>| {
            let mut select = Query::select();
            select.expr_as(column(table, family.region_column()), Alias::new("r")).expr_as(
                industry.map_or_else(|| Expr::cust("NULL"), |name| column(table, name)),
                Alias::new("k"),
            );
            let own = |condition: SimpleExpr| {
                let text = match backend {
                    DbBackend::Postgres => "CAST(SUM(CASE WHEN $1 THEN 1 ELSE 0 END) AS bigint)",
                    _ => "CAST(SUM(CASE WHEN ? THEN 1 ELSE 0 END) AS bigint)",
                };
                Expr::cust_with_exprs(text, [condition])
            };
            let held_by = || column(table, "department");
            for department in departments {
                select.expr(own(held_by().eq(word(department))));
            }
            select.expr(own(held_by().is_not_in(departments.iter().map(|code| word(code)))));
            select.from(Alias::new(table)).and_where(column(table, "withdrawn_at").is_null());
            select.cond_where(places.unwrap_or_else(Cond::all));
            select.add_group_by(["r", "k"].map(|name| Expr::col(Alias::new(name))));
            built(backend, &select)
        };
        let (families, width) = ([family.name], departments.len() + 1);
        let counting = Counting {
            families: &families,
            own: Some(family),
            width,
            statement: &statement,
            read: cell,
        };
        self.figures.counts(self.database, &counting).await
    }
}

fn cell(row: &QueryResult, width: usize) -> Result<CountedFigures, HubError> {
    let numbers = (2..2 + width).map(|index| Ok(row.try_get_by_index::<i64>(index)?));
    Ok(CountedFigures {
        region: row.try_get_by_index(0)?,
        industry: row.try_get_by_index(1)?,
        year: 0,
        numbers: numbers.collect::<Result<_, HubError>>()?,
    })
}

/// A condition on nothing but region and key industry.
struct CellFilter<'a>(Vec<(Dimension, &'a FieldTest)>);

#[derive(Clone, Copy)]
enum Dimension {
    Region,
    Industry,
}

impl<'a> CellFilter<'a> {
    fn of(family: &Family, filter: &'a Filter) -> Option<Self> {
        match filter {
            Filter::All(parts) => {
                let parts = parts.iter().map(|part| Self::of(family, part));
                let parts = parts.collect::<Option<Vec<_>>>()?;
                Some(Self(parts.into_iter().flat_map(|part| part.0).collect()))
            }
            Filter::Field(field, test @ (FieldTest::In(_) | FieldTest::Prefix(_))) => {
                let dimension = match field.column {
                    name if name == family.region_column() => Dimension::Region,
                    name if Some(name) == family.industry_column() => Dimension::Industry,
                    _ => return None,
                };
                Some(Self(vec![(dimension, test)]))
            }
            _ => None,
        }
    }

    /// Whether it asks for single regions.
    fn is_single(&self) -> bool {
        self.0.iter().any(|(dimension, test)| {
            matches!(dimension, Dimension::Region)
                && match test {
                    FieldTest::In(_) => true,
                    FieldTest::Prefix(prefix) => prefix.len() >= 6,
                    _ => false,
                }
        })
    }

    fn holds(&self, region: &str, industry: Option<&str>) -> bool {
        self.0.iter().all(|(dimension, test)| {
            let value = match dimension {
                Dimension::Region => Some(region),
                Dimension::Industry => industry,
            };
            match test {
                FieldTest::In(list) => {
                    value.is_some_and(|own| list.iter().any(|one| Cell::as_text(one) == Some(own)))
                }
                FieldTest::Prefix(prefix) => value.is_some_and(|own| own.starts_with(prefix)),
                _ => false,
            }
        })
    }
}
