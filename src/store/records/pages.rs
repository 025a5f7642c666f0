//! One state of the store, read page by page for as long as whoever takes the pages needs: for
//! exports.
//!
//! Each page is a short statement of its own in one transaction that reads, on a connection that no
//! request waits for. On PostgreSQL a cursor keeps the place, so that the condition is worked out
//! once; on SQLite the identifier of the last row does. The transaction knows its place in the
//! order of events: the change feed goes on exactly there.

use std::sync::{Arc, atomic::Ordering};

use entity::catalogue::Class;
use sea_orm::{
    DbBackend, QueryResult, Statement,
    sea_query::{Alias, Cond, Expr, ExprTrait, Order, SelectStatement},
};
use uuid::Uuid;

use crate::{
    authz::scope::{Scope, Use},
    error::HubError,
    store::{
        records::{
            column_plan::ColumnPlan,
            filter::{self, Filter},
            read::{Reader, readable},
            row::{Row, Selection},
        },
        sql::{
            condition::{built, column},
            snapshot::Snapshot,
        },
    },
};

/// Rows of a family in a snapshot, in the order of their identifiers.
pub struct Pages {
    snapshot: Snapshot,
    form: RowDecoder,
    /// On SQLite the statement of each page, but for where it begins.
    select: SelectStatement,
    after: Option<Uuid>,
}

/// How the rows of a result become records, under the scope they were read in.
#[derive(Clone)]
pub struct RowDecoder(Arc<(Arc<Scope>, ColumnPlan<'static>)>);

/// Rows as the database gave them: only a [`RowDecoder`] makes records of them.
pub struct Fetched {
    rows: Vec<QueryResult>,
    /// Whether there are no more.
    pub last: bool,
}

impl Snapshot {
    /// Asks for the rows of a family that meet a condition and may be listed.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] when nothing may be listed or the condition uses a column the actor
    /// may not read.
    pub async fn pages(
        mut self,
        scope: &Arc<Scope>,
        selection: &Selection,
        filter: &Filter,
    ) -> Result<Pages, HubError> {
        if let Err(error) = filter::check(scope, Use::List, filter, &[]) {
            self.close().await;
            return Err(error);
        }
        let (family, backend) = (scope.family(), self.backend);
        let plan = ColumnPlan::new(family, family.table, selection, &[], None);
        let mut classes: Vec<Class> = Vec::new();
        filter.classes(&mut classes);
        let condition = Cond::all()
            .add(readable(family, &scope.zones(Use::List, &classes)))
            .add(filter.condition(backend, family.table));
        let mut select = plan.select();
        if backend == DbBackend::Postgres {
            select.cond_where(condition).order_by_expr(column(family.table, "id"), Order::Asc);
            let Statement { sql, values, db_backend } = built(backend, &select);
            let declare = Statement {
                sql: format!("DECLARE pages NO SCROLL CURSOR FOR {sql}"),
                values,
                db_backend,
            };
            self.statements.fetch_add(1, Ordering::Relaxed);
            self.link.run(declare).await?;
        } else {
            // As one truth the condition is no use to an index: every page goes along the
            // identifiers from where it begins, instead of looking for all rows of a region again
            // and sorting them.
            let whole = Expr::cust_with_exprs("(?) IS TRUE", [condition.into()]);
            select.and_where(whole).order_by_expr(column(family.table, "id"), Order::Asc);
        }
        let form = RowDecoder(Arc::new((Arc::clone(scope), plan)));
        Ok(Pages { snapshot: self, form, select, after: None })
    }
}

impl Pages {
    /// How the rows are read.
    #[must_use]
    pub fn form(&self) -> RowDecoder {
        self.form.clone()
    }

    /// The next rows, at most so many.
    ///
    /// # Errors
    ///
    /// [`HubError::Unavailable`] when the database is away or the statement takes too long.
    pub async fn next(&mut self, most: u32) -> Result<Fetched, HubError> {
        let Snapshot { link, backend, statements, .. } = &mut self.snapshot;
        statements.fetch_add(1, Ordering::Relaxed);
        let rows = if *backend == DbBackend::Postgres {
            link.passing(format!("FETCH {most} FROM pages")).await?
        } else {
            let mut select = self.select.clone();
            if let Some(after) = self.after {
                select.and_where(
                    Expr::col((Alias::new(self.form.0.0.family().table), Alias::new("id")))
                        .gt(after),
                );
            }
            link.all(built(*backend, select.limit(most.into()))).await?
        };
        self.after = rows.last().map(|row| row.try_get_by_index(0)).transpose()?.or(self.after);
        let last = u32::try_from(rows.len()).unwrap_or(u32::MAX) < most;
        Ok(Fetched { rows, last })
    }

    /// Ends the transaction.
    pub async fn close(self) {
        self.snapshot.close().await;
    }
}

impl Reader<'_> {
    /// The records of fetched rows, masked.
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] when a sealed value does not open.
    pub fn records(&self, form: &RowDecoder, fetched: &Fetched) -> Result<Vec<Row>, HubError> {
        let (scope, plan) = &*form.0;
        let mut rows = Vec::with_capacity(fetched.rows.len());
        for result in &fetched.rows {
            rows.extend(self.row(scope, &plan.layout, result, 0)?);
        }
        Ok(rows)
    }
}
