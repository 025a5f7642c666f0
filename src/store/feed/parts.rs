//! The parts of the feed that a caller may see, each read in order by an index of its own: the
//! events of a region, and those of a family that is shared everywhere.
//!
//! Read whole, the feed of a county goes through what all other counties hand in. Read part by part
//! it costs the events of the county, and the parts are merged in the order of commits.

use std::{collections::BTreeSet, sync::Arc};

use sea_orm::sea_query::{Cond, Expr, ExprTrait, SelectStatement};

use crate::{
    authz::scope::{RegionCondition, Scope, Use, Zone},
    error::HubError,
    store::sql::{
        condition::{column, successor, word, zones, zones_there},
        database::Database,
        statement::statement,
    },
};

/// Most parts of a statement; whoever sees more of the feed reads it whole.
const MOST_PARTS: usize = 80;
/// Most families that are read apart from the rest of the feed.
const MOST_FAMILIES: usize = 4;
/// Shortest prefix of regions that are read one by one: that of a city.
const CITY: usize = 4;
/// Length of a code of a region without regions below it.
const COUNTY: usize = 6;

/// Events that one index gives in order. No event is in two parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FeedPart {
    /// Of records that lie in this region.
    In(String),
    /// Of records that have left this region for one that is read in no other part.
    Left(String),
    /// Of this family, wherever the record lies.
    Family(&'static str),
}

/// How the feed of a caller is read.
#[derive(Clone, Debug)]
pub(super) struct FeedParts {
    /// The parts.
    pub parts: Vec<FeedPart>,
    /// All regions that are read.
    regions: Vec<String>,
    /// Names of the families that are read region by region.
    families: Vec<&'static str>,
}

impl FeedParts {
    /// The parts that hold everything these scopes list; `None` where the whole feed is better.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub(super) async fn of(
        database: &Database,
        scopes: &[Arc<Scope>],
    ) -> Result<Option<Self>, HubError> {
        let (mut prefixes, mut families, mut everywhere) =
            (BTreeSet::new(), Vec::new(), Vec::new());
        for scope in scopes {
            let (name, zones) = (scope.family().name, scope.zones(Use::List, &[]));
            let narrow = zones.iter().map(|zone| match &zone.condition().place {
                RegionCondition::Inside(prefix) if prefix.len() >= CITY => Some(prefix.as_str()),
                _ => None,
            });
            match narrow.collect::<Option<Vec<_>>>() {
                Some(own) if own.is_empty() => {}
                Some(own) => {
                    prefixes.extend(own.into_iter().map(ToOwned::to_owned));
                    families.push(name);
                }
                None => everywhere.push(name),
            }
        }
        everywhere.dedup();
        if everywhere.len() > MOST_FAMILIES {
            return Ok(None);
        }
        let mut regions = BTreeSet::new();
        for prefix in prefixes {
            if prefix.len() < COUNTY {
                regions.extend(database.regions_of_events(&prefix).await?);
            } else {
                regions.insert(prefix);
            }
        }
        let regions: Vec<String> = regions.into_iter().collect();
        let of_regions = |part: fn(String) -> FeedPart| regions.iter().cloned().map(part);
        let parts: Vec<FeedPart> = of_regions(FeedPart::In)
            .chain(of_regions(FeedPart::Left))
            .chain(everywhere.iter().copied().map(FeedPart::Family))
            .collect();
        let few = !parts.is_empty() && parts.len() <= MOST_PARTS;
        Ok(few.then_some(Self { parts, regions, families }))
    }

    /// Restricts a query for events to those of a part that these scopes list.
    ///
    /// What follows from the region of the part is not asked again: the planner would take the part
    /// for much smaller than it is, and rather sort it than read it in order.
    pub(super) fn narrow(
        &self,
        part: &FeedPart,
        scopes: &[Arc<Scope>],
        select: &mut SelectStatement,
        table: &str,
    ) {
        match part {
            FeedPart::In(region) => {
                select.and_where(column(table, "region_code").eq(word(region)));
                self.families(part, scopes, select, table);
            }
            FeedPart::Left(region) => {
                let others = self.regions.iter().map(|code| word(code));
                select
                    .and_where(column(table, "was_region").eq(word(region)))
                    .and_where(column(table, "was_region").ne(column(table, "region_code")))
                    .and_where(column(table, "region_code").is_not_in(others));
                self.families(part, scopes, select, table);
            }
            FeedPart::Family(family) => {
                let own = scopes.iter().filter(|scope| scope.family().name == *family);
                select
                    .cond_where(own.fold(Cond::any(), |any, scope| any.add(listed(scope, table))));
            }
        }
    }

    /// Restricts a query for events of a region to those of the families that are read region by
    /// region, as far as they are listed there.
    fn families(
        &self,
        part: &FeedPart,
        scopes: &[Arc<Scope>],
        select: &mut SelectStatement,
        table: &str,
    ) {
        let (FeedPart::In(region) | FeedPart::Left(region)) = part else { return };
        let (mut whole, mut any) = (Vec::new(), Cond::any());
        for scope in scopes.iter().filter(|scope| self.families.contains(&scope.family().name)) {
            let (family, zones) = (scope.family(), scope.zones(Use::List, &[]));
            let there: Vec<&Zone> =
                zones.iter().copied().filter(|zone| zone.condition().place.holds(region)).collect();
            let industry = match part {
                FeedPart::In(_) => "key_industry",
                _ => "was_industry",
            };
            let here = zones_there(table, family.industry_column().map(|_| industry), &there);
            if !there.is_empty() && here.is_empty() {
                whole.push(word(family.name));
                continue;
            }
            let mut place = Cond::any();
            if !there.is_empty() {
                place = place.add(here);
            }
            if matches!(part, FeedPart::In(_)) {
                place = place.add(lay(scope, table, BEFORE));
            }
            if !place.is_empty() {
                let own = column(table, "family").eq(word(family.name));
                any = any.add(Cond::all().add(own).add(place));
            }
        }
        if !whole.is_empty() {
            any = any.add(column(table, "family").is_in(whole));
        }
        select.cond_where(if any.is_empty() { Cond::all().add(Expr::cust("1 = 0")) } else { any });
    }
}

/// Region and industry of the record after a change, and before it.
const AFTER: (&str, &str) = ("region_code", "key_industry");
const BEFORE: (&str, &str) = ("was_region", "was_industry");

/// Events of a family whose records lay, before or after the change, where they may be listed.
pub(super) fn listed(scope: &Scope, table: &str) -> Cond {
    let place = Cond::any().add(lay(scope, table, AFTER)).add(lay(scope, table, BEFORE));
    Cond::all().add(column(table, "family").eq(word(scope.family().name))).add(place)
}

fn lay(scope: &Scope, table: &str, (region, industry): (&str, &str)) -> Cond {
    let industry = scope.family().industry_column().map(|_| industry);
    zones(table, region, industry, &scope.zones(Use::List, &[]))
}

impl Database {
    /// The regions below a prefix of which there are events, or which records have left: one look
    /// into the index for each. The code table is not asked: a record may lie in a region that was
    /// abolished.
    async fn regions_of_events(&self, prefix: &str) -> Result<Vec<String>, HubError> {
        let end = successor(prefix).unwrap_or_default();
        let held = |name: &str, region: &str, holds: &str| {
            let next = |after: &str| {
                format!(
                    "SELECT MIN({region}) FROM change_events WHERE {holds}{region} {after} AND {region} < ?"
                )
            };
            format!(
                "{name}(code) AS ({} UNION ALL SELECT ({}) FROM {name} WHERE code IS NOT NULL)",
                next(">= ?"),
                next(&format!("> {name}.code"))
            )
        };
        let sql = format!(
            "WITH RECURSIVE {}, {} SELECT code FROM lies WHERE code IS NOT NULL UNION SELECT code FROM lay WHERE code IS NOT NULL",
            held("lies", "region_code", ""),
            held("lay", "was_region", "was_region <> region_code AND "),
        );
        let own = || [prefix.into(), end.as_str().into(), end.as_str().into()];
        let values = own().into_iter().chain(own()).collect();
        let rows = self.all(statement(self.backend(), &sql, values)).await?;
        rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
    }
}
