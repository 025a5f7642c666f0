//! A record behind a to-one link, read in the same statement as the record the link starts from.

use entity::catalogue::{Class, Family, Link};
use sea_orm::sea_query::{Alias, Cond, Expr, ExprTrait, JoinType, Order, Query, SelectStatement};

use crate::{
    authz::{
        policy::Openness,
        scope::{Scope, Zone},
    },
    domain::department::Department,
    store::{
        records::{column_plan::ColumnPlan, row::Selection},
        sql::condition::{column, zones},
    },
};

/// A to-one link that is joined in the statement of its source.
#[derive(Clone, Copy, Debug)]
pub struct InlineJoin<'a> {
    /// The link from the source to the record.
    pub link: &'static Link,
    /// Index of the link's own column in the rows of the source.
    pub place: usize,
    /// The right to read the linked family.
    pub scope: &'a Scope,
    /// Fields and links wanted of the linked record.
    pub selection: &'a Selection,
}

impl InlineJoin<'_> {
    /// Joins the record to a statement on a family's table. Several departments may hold the same
    /// employer or person: the record of 人社 is preferred where it may be seen, as behind all such
    /// links.
    pub(in crate::store) fn join(
        &self,
        select: &mut SelectStatement,
        from: &Family,
        number: usize,
    ) -> ColumnPlan<'static> {
        let family = self.scope.family();
        let (table, candidate) = (format!("beside_{number}"), format!("candidate_{number}"));
        let plan = ColumnPlan::new(family, &table, self.selection, &[], None);
        let reached = self.scope.reached(&[], self.link.foreign);
        let within = |zones_of: &[&Zone]| {
            zones(&candidate, family.region_column(), family.industry_column(), zones_of)
        };
        let told: Vec<&Zone> = reached
            .iter()
            .copied()
            .filter(|zone| zone.outcome(Class::Public) >= Openness::Masked)
            .collect();
        let first = Cond::all()
            .add(column(&candidate, "department").eq(Department::HRSS.code()))
            .add(within(&told));
        let chosen = Query::select()
            .expr(column(&candidate, "id"))
            .from_as(Alias::new(family.table), Alias::new(candidate.as_str()))
            .and_where(
                column(&candidate, self.link.foreign).eq(column(from.table, self.link.local)),
            )
            .and_where(column(&candidate, "withdrawn_at").is_null())
            .cond_where(within(&reached))
            .order_by_expr(Expr::case(first, 0).finally(1).into(), Order::Asc)
            .order_by_expr(column(&candidate, "id"), Order::Asc)
            .limit(1)
            .to_owned();
        let on = column(&table, "id").eq(Expr::SubQuery(None, Box::new(chosen.into())));
        select.join_as(
            JoinType::LeftJoin,
            Alias::new(family.table),
            Alias::new(table.as_str()),
            on,
        );
        plan.put(select);
        plan
    }
}
