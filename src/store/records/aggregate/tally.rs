//! One statement that counts: groups over some zones, with what it takes to decide what may be told
//! of them.

use entity::catalogue::{Family, Field};
use sea_orm::{
    DbBackend, QueryResult,
    sea_query::{Alias, Cond, Expr, Func, Query, SelectStatement, SimpleExpr},
};

use crate::{
    authz::scope::Zone,
    error::{HubError, Text},
    store::{
        records::{
            aggregate::{GroupDimension, MOST_GROUPS},
            filter::Filter,
            read::{Reader, readable},
        },
        sql::condition::{built, column},
    },
};

/// A sum over a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct GroupSum {
    /// The sum; nothing where no row has a value.
    pub whole: Option<i64>,
    /// Different contributors with something to add, where that was asked.
    pub contributors: i64,
    /// The largest contribution of one of them.
    pub largest: i64,
}

/// What was counted of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GroupTally {
    /// Values of the dimensions, in order.
    pub keys: Vec<Option<String>>,
    /// Rows that meet all conditions.
    pub count: i64,
    /// Sum of their record keys.
    pub record_keys: i64,
    /// Different contributors among them, where that was asked.
    pub contributors: i64,
    /// Rows that meet each of the narrower conditions asked for.
    pub parts: Vec<i64>,
    /// Sums over the rows that meet all conditions.
    pub sums: Vec<GroupSum>,
}

/// What to count.
pub(super) struct Ask<'a> {
    pub family: &'static Family,
    pub zones: &'a [&'a Zone],
    pub by: &'a [GroupDimension],
    pub sums: &'a [&'static Field],
    /// What no counted row may fail.
    pub always: Vec<&'a Filter>,
    /// What the counted rows of a group meet besides; groups without such rows are counted too.
    pub meets: Vec<&'a Filter>,
    /// Other counts: rows that meet these instead of `meets`.
    pub parts: Vec<Vec<&'a Filter>>,
    /// Whether contributors are told apart: employers where the family knows them, else records.
    pub contributors: bool,
}

fn raw(sql: impl Into<String>) -> Expr {
    Expr::cust(sql.into())
}

fn alias(letter: char, index: usize) -> Alias {
    Alias::new(format!("{letter}{index}"))
}

impl Ask<'_> {
    fn all(&self, backend: DbBackend, filters: &[&Filter]) -> Cond {
        filters
            .iter()
            .fold(Cond::all(), |all, filter| all.add(filter.condition(backend, self.family.table)))
    }

    /// `value` of the rows that meet the conditions.
    fn of(&self, backend: DbBackend, filters: &[&Filter], value: SimpleExpr) -> SimpleExpr {
        if filters.is_empty() {
            value
        } else {
            Expr::case(self.all(backend, filters), value).into()
        }
    }

    /// The column that tells contributors apart: the employer where the family knows it, else the
    /// record.
    fn contributor(&self) -> String {
        let table = self.family.table;
        let employer = self.family.fields.iter().any(|field| field.column == "employer_key");
        let own = format!("\"{table}\".\"ref\"");
        if employer { format!("COALESCE(\"{table}\".\"employer_key\", {own})") } else { own }
    }

    fn select(&self, backend: DbBackend) -> SelectStatement {
        let table = self.family.table;
        let nested = self.contributors && !self.sums.is_empty();
        let mut select = Query::select();
        for (index, dimension) in self.by.iter().enumerate() {
            select
                .expr_as(raw(dimension.sql(backend, table)), alias('g', index))
                .add_group_by([Expr::col(alias('g', index))]);
        }
        let count = |filters: &[&Filter]| Func::count(self.of(backend, filters, raw("1")));
        select.expr_as(count(&self.meets), Alias::new("n"));
        let key = self.of(backend, &self.meets, column(table, "record_key"));
        select.expr_as(Func::coalesce([Func::sum(key).into(), raw("0")]), Alias::new("k"));
        let who = self.of(backend, &self.meets, raw(self.contributor()));
        match self.contributors {
            true if !nested => select.expr_as(Func::count_distinct(who), Alias::new("w")),
            _ => select.expr_as(raw("0"), Alias::new("w")),
        };
        for (index, part) in self.parts.iter().enumerate() {
            select.expr_as(count(part), alias('p', index));
        }
        for (index, field) in self.sums.iter().enumerate() {
            select.expr_as(
                Func::sum(self.of(backend, &self.meets, column(table, field.column))),
                alias('s', index),
            );
        }
        select
            .from(Alias::new(table))
            .cond_where(readable(self.family, self.zones))
            .cond_where(self.all(backend, &self.always));
        if nested {
            select
                .expr_as(raw(self.contributor()), Alias::new("who"))
                .add_group_by([Expr::col(Alias::new("who"))]);
        }
        self.outer(select, nested)
    }

    /// Adds contributors up where there are any, and makes every number one of 64 bits.
    fn outer(&self, inner: SelectStatement, nested: bool) -> SelectStatement {
        let mut outer = Query::select();
        let whole = |name: String| {
            let own = if nested { format!("SUM(t.\"{name}\")") } else { format!("t.\"{name}\"") };
            raw(format!("CAST({own} AS BIGINT)"))
        };
        for index in 0..self.by.len() {
            outer.expr(raw(format!("t.\"g{index}\"")));
        }
        outer.expr(whole("n".to_owned())).expr(whole("k".to_owned()));
        outer.expr(if nested {
            raw("CAST(COUNT(CASE WHEN t.\"n\" > 0 THEN 1 END) AS BIGINT)")
        } else {
            whole("w".to_owned())
        });
        for index in 0..self.parts.len() {
            outer.expr(whole(format!("p{index}")));
        }
        for index in 0..self.sums.len() {
            outer.expr(whole(format!("s{index}")));
            if nested {
                outer.expr(raw(format!("COUNT(NULLIF(t.\"s{index}\", 0))")));
                outer.expr(raw(format!("CAST(COALESCE(MAX(ABS(t.\"s{index}\")), 0) AS BIGINT)")));
            }
        }
        outer.from_subquery(inner, Alias::new("t"));
        if nested && !self.by.is_empty() {
            outer.add_group_by((0..self.by.len()).map(|index| raw(format!("t.\"g{index}\""))));
        }
        outer.limit(MOST_GROUPS + 1).take()
    }

    fn read(&self, row: &QueryResult) -> Result<GroupTally, HubError> {
        let mut at = 0..;
        let mut next = || at.next().unwrap_or_default();
        let keys =
            self.by.iter().map(|_| row.try_get_by_index(next())).collect::<Result<_, _>>()?;
        let count = row.try_get_by_index::<Option<i64>>(next())?.unwrap_or_default();
        let record_keys = row.try_get_by_index::<Option<i64>>(next())?.unwrap_or_default();
        let contributors = row.try_get_by_index::<Option<i64>>(next())?.unwrap_or_default();
        let mut parts = Vec::with_capacity(self.parts.len());
        for _ in &self.parts {
            parts.push(row.try_get_by_index::<Option<i64>>(next())?.unwrap_or_default());
        }
        let mut sums = Vec::with_capacity(self.sums.len());
        for _ in self.sums {
            let mut sum = GroupSum { whole: row.try_get_by_index(next())?, ..GroupSum::default() };
            if self.contributors {
                sum.contributors = row.try_get_by_index(next())?;
                sum.largest = row.try_get_by_index(next())?;
            }
            sums.push(sum);
        }
        Ok(GroupTally { keys, count, record_keys, contributors, parts, sums })
    }
}

impl Reader<'_> {
    /// Counts, groups in any order.
    pub(super) async fn tally(&self, ask: &Ask<'_>) -> Result<Vec<GroupTally>, HubError> {
        let backend = self.database.backend();
        let rows = self.database.all(built(backend, &ask.select(backend))).await?;
        if rows.len() as u64 > MOST_GROUPS {
            return Err(HubError::TooComplex(Text::new(
                format!("分组超过 {MOST_GROUPS} 个。请减少分组维度或缩小范围。"),
                format!("More than {MOST_GROUPS} groups. Group by less or narrow the filter."),
            )));
        }
        rows.iter().map(|row| ask.read(row)).collect()
    }
}
