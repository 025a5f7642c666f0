//! Counts and sums by group, under the same scope as rows.

use entity::catalogue::{Class, Field, Kind};
use sea_orm::{
    DbBackend,
    sea_query::{Alias, Expr, NullOrdering, Order, Query},
};

use crate::{
    authz::scope::{SMALL_CELL, Scope, Use},
    error::HubError,
    store::{
        condition::built,
        filter::{Filter, check},
        read::Reader,
    },
};

/// Most groups one question returns.
pub const MOST_GROUPS: u64 = 5_000;

/// What rows are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimension {
    /// A field as it is.
    Field(&'static Field),
    /// Calendar year of a date, in Asia/Shanghai.
    Year(&'static Field),
    /// Calendar month of a date (`2024-03`), in Asia/Shanghai.
    Month(&'static Field),
    /// Province of a region code.
    Province(&'static Field),
    /// City of a region code.
    City(&'static Field),
}

impl Dimension {
    /// All that a field offers.
    pub fn of(field: &'static Field) -> Vec<Self> {
        if !field.group || field.hidden {
            return Vec::new();
        }
        match field.kind {
            Kind::Date | Kind::DateTime => vec![Self::Year(field), Self::Month(field)],
            Kind::Code("region") => vec![Self::Province(field), Self::City(field), Self::Field(field)],
            _ => vec![Self::Field(field)],
        }
    }

    /// The field behind it.
    #[must_use]
    pub const fn field(&self) -> &'static Field {
        match self {
            Self::Field(field) | Self::Year(field) | Self::Month(field) | Self::Province(field) | Self::City(field) => field,
        }
    }

    /// Name of the enum value: `OCCURRED_AT_YEAR`.
    #[must_use]
    pub fn name(&self) -> String {
        let base = self.field().column.to_uppercase();
        match self {
            Self::Field(_) => base,
            Self::Year(_) => format!("{base}_YEAR"),
            Self::Month(_) => format!("{base}_MONTH"),
            Self::Province(_) => format!("{}_PROVINCE", base.trim_end_matches("_CODE")),
            Self::City(_) => format!("{}_CITY", base.trim_end_matches("_CODE")),
        }
    }

    fn sql(&self, backend: DbBackend, table: &str) -> String {
        let column = format!("\"{table}\".\"{}\"", self.field().column);
        let instant = self.field().kind == Kind::DateTime;
        let date = |postgres: &str, sqlite: &str| match (backend, instant) {
            (DbBackend::Postgres, true) => format!("to_char({column} AT TIME ZONE 'Asia/Shanghai', '{postgres}')"),
            (DbBackend::Postgres, false) => format!("to_char({column}, '{postgres}')"),
            (_, true) => format!("strftime('{sqlite}', {column}, '+8 hours')"),
            (_, false) => format!("strftime('{sqlite}', {column})"),
        };
        match self {
            Self::Field(field) if field.kind == Kind::Bool => {
                format!("CASE WHEN {column} IS NULL THEN NULL WHEN {column} THEN 'true' ELSE 'false' END")
            }
            Self::Field(field) if field.kind == Kind::Int => format!("CAST({column} AS TEXT)"),
            Self::Field(_) => column,
            Self::Year(_) => date("YYYY", "%Y"),
            Self::Month(_) => date("YYYY-MM", "%Y-%m"),
            Self::Province(_) => format!("substr({column}, 1, 2) || '0000'"),
            Self::City(_) => format!("substr({column}, 1, 4) || '00'"),
        }
    }

    /// What groups are ordered by: their key, but numbers as numbers.
    fn order(&self, table: &str, index: usize) -> Expr {
        match self {
            Self::Field(field) if field.kind == Kind::Int => Expr::cust(format!("MIN(\"{table}\".\"{}\")", field.column)),
            _ => Expr::col(Alias::new(format!("g{index}"))),
        }
    }
}

/// One group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Values of the dimensions, in order.
    pub keys: Vec<Option<String>>,
    /// Number of rows; `None` where it is withheld.
    pub count: Option<i64>,
    /// Sums in order; money in fen; `None` where withheld or where no row has a value.
    pub sums: Vec<Option<i64>>,
}

/// A question for statistics.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// Condition.
    pub filter: &'a Filter,
    /// Groups; none for the whole.
    pub by: &'a [Dimension],
    /// Fields to sum.
    pub sums: &'a [&'static Field],
}

impl Reader<'_> {
    /// Groups with their counts and sums, ordered by their keys, empty ones last. Small cells over rows that may not be listed are
    /// withheld, and with them the next smallest, so that the total does not give them away.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] when a column may not be read even in sums; [`HubError::TooComplex`] for too many groups.
    pub async fn groups(&self, scope: &Scope, question: &Question<'_>) -> Result<Vec<Group>, HubError> {
        let family = scope.family();
        let backend = self.database.backend();
        let mut classes: Vec<Class> = question.by.iter().map(|dimension| dimension.field().class).collect();
        classes.extend(question.sums.iter().map(|field| field.class));
        check(scope, Use::Aggregate, question.filter, &classes)?;
        question.filter.classes(&mut classes);
        let mut select = Query::select();
        for (index, dimension) in question.by.iter().enumerate() {
            let sql = dimension.sql(backend, family.table);
            select.expr_as(Expr::cust(sql), Alias::new(format!("g{index}")));
        }
        select.expr_as(Expr::cust("COUNT(*)"), Alias::new("n"));
        for (index, field) in question.sums.iter().enumerate() {
            let sum = format!("CAST(SUM(\"{}\".\"{}\") AS BIGINT)", family.table, field.column);
            select.expr_as(Expr::cust(sum), Alias::new(format!("s{index}")));
        }
        select.from(Alias::new(family.table));
        self.restrict(&mut select, scope, &classes, Use::Aggregate);
        select.cond_where(question.filter.condition(backend, family.table));
        for (index, dimension) in question.by.iter().enumerate() {
            select.add_group_by([Expr::col(Alias::new(format!("g{index}")))]);
            select.order_by_expr_with_nulls(dimension.order(family.table, index), Order::Asc, NullOrdering::Last);
        }
        select.limit(MOST_GROUPS + 1);
        let rows = self.database.all(built(backend, &select)).await?;
        if rows.len() as u64 > MOST_GROUPS {
            return Err(HubError::TooComplex(crate::error::Text::new(
                format!("分组超过 {MOST_GROUPS} 个。请减少分组维度或缩小范围。"),
                format!("More than {MOST_GROUPS} groups. Group by less or narrow the filter."),
            )));
        }
        let width = question.by.len();
        let mut groups = Vec::with_capacity(rows.len());
        for row in rows {
            let keys = (0..width).map(|index| row.try_get_by_index(index)).collect::<Result<_, _>>()?;
            let sums = (0..question.sums.len()).map(|index| row.try_get_by_index(width + 1 + index)).collect::<Result<_, _>>()?;
            groups.push(Group { keys, count: Some(row.try_get_by_index(width)?), sums });
        }
        if scope.withholds_small_cells(&classes) {
            withhold(&mut groups);
        }
        Ok(groups)
    }
}

/// Withholds cells under [`SMALL_CELL`], and the next smallest while what is withheld adds up to less than that.
fn withhold(groups: &mut [Group]) {
    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.sort_by_key(|index| groups.get(*index).and_then(|group| group.count));
    let mut withheld = 0;
    for index in order {
        let Some(group) = groups.get_mut(index) else { continue };
        let Some(count) = group.count.filter(|count| *count > 0) else { continue };
        if count >= SMALL_CELL && (withheld == 0 || withheld >= SMALL_CELL) {
            break;
        }
        withheld += count;
        group.count = None;
        group.sums.iter_mut().for_each(|sum| *sum = None);
    }
}

#[cfg(test)]
mod tests {
    use super::{Group, withhold};

    fn after(counts: &[i64]) -> Vec<Option<i64>> {
        let mut groups: Vec<Group> =
            counts.iter().map(|count| Group { keys: Vec::new(), count: Some(*count), sums: vec![Some(1)] }).collect();
        withhold(&mut groups);
        groups.into_iter().map(|group| group.count).collect()
    }

    #[test]
    fn small_cells_are_withheld_with_the_next_smallest() {
        assert_eq!(after(&[10, 2, 7]), [Some(10), None, None]);
        assert_eq!(after(&[10, 2, 1, 7]), [Some(10), None, None, Some(7)]);
        assert_eq!(after(&[10, 7]), [Some(10), Some(7)]);
        assert_eq!(after(&[1]), [None]);
        assert_eq!(after(&[0]), [Some(0)]);
    }
}
