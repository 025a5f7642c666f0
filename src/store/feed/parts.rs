//! The parts of the feed that a caller may see, each read in order by an index of its own: the
//! events of a family in a region, and those of a family that is shared everywhere.
//!
//! Read whole, the feed of a county goes through what all other counties hand in. Read part by part
//! it costs the events of the county, and the parts are merged in the order of commits.

use std::{collections::BTreeSet, sync::Arc};

use sea_orm::{
    QueryResult, Value,
    sea_query::{Cond, Expr, ExprTrait, SelectStatement},
};

use crate::{
    authz::{
        identity::DepartmentCode,
        scope::{RegionCondition, Scope, Use, Zone},
    },
    error::HubError,
    store::sql::{
        condition::{column, successor, word, zones, zones_there},
        database::Database,
        statement::statement,
    },
};

/// Most parts of a statement; whoever sees more of the feed reads it whole.
const MOST_PARTS: usize = 120;
/// Most families that are read apart from the rest of the feed.
const MOST_FAMILIES: usize = 4;
/// Shortest prefix of regions that are read one by one: that of a city.
const CITY: usize = 4;
/// Length of a code of a region without regions below it.
const COUNTY: usize = 6;

/// Events that one index gives in order. No event is in two parts.
#[derive(Clone, Debug)]
pub(super) struct FeedPart {
    /// The family, as far as it is listed.
    scope: Arc<Scope>,
    place: PartPlace,
}

#[derive(Clone, Debug)]
enum PartPlace {
    /// The record lies in this region.
    In(String),
    /// The record has left this region for one that is none of these, which have parts of their own.
    Left(String, Arc<[String]>),
    /// Wherever the record lies.
    Anywhere,
}

/// The parts that hold everything these scopes list; `None` where the whole feed is better.
///
/// # Errors
///
/// What the database says.
pub(super) async fn parts(
    database: &Database,
    scopes: &[Arc<Scope>],
) -> Result<Option<Vec<FeedPart>>, HubError> {
    let (mut parts, mut everywhere) = (Vec::new(), 0);
    let mut counties: Vec<(&Arc<Scope>, [BTreeSet<String>; 2])> = Vec::new();
    let mut asked = Vec::new();
    for scope in scopes {
        let zones = scope.zones(Use::List, &[]);
        let mut prefixes = BTreeSet::new();
        let mut wide = false;
        for zone in &zones {
            match &zone.condition().place {
                RegionCondition::Inside(prefix) if prefix.len() >= CITY => {
                    prefixes.insert(prefix.clone());
                }
                // A province may be a small part of what there is: that is read in windows.
                RegionCondition::Inside(_) => return Ok(None),
                RegionCondition::Outside(..) => wide = true,
            }
        }
        if wide {
            everywhere += 1;
            parts.push(FeedPart { scope: Arc::clone(scope), place: PartPlace::Anywhere });
            continue;
        }
        let (below, whole): (Vec<String>, Vec<String>) =
            prefixes.into_iter().partition(|prefix| prefix.len() < COUNTY);
        asked.extend(below.into_iter().map(|prefix| (counties.len(), prefix)));
        let whole: BTreeSet<String> = whole.into_iter().collect();
        counties.push((scope, [whole.clone(), whole]));
    }
    let questions: Vec<(&str, &str)> = asked
        .iter()
        .filter_map(|(place, prefix)| {
            Some((counties.get(*place)?.0.family().name, prefix.as_str()))
        })
        .collect();
    for (question, left, code) in database.regions_of_events(&questions).await? {
        let place = asked.get(question).map(|(place, _)| *place);
        if let Some((_, sets)) = place.and_then(|place| counties.get_mut(place)) {
            sets[usize::from(left)].insert(code);
        }
    }
    for (scope, [held, left]) in counties {
        let all: Arc<[String]> = held.iter().chain(&left).cloned().collect();
        let places = held.into_iter().map(PartPlace::In);
        let places =
            places.chain(left.into_iter().map(|region| PartPlace::Left(region, Arc::clone(&all))));
        parts.extend(places.map(|place| FeedPart { scope: Arc::clone(scope), place }));
    }
    let few = everywhere <= MOST_FAMILIES && parts.len() <= MOST_PARTS;
    Ok(Some(parts).filter(|_| few))
}

impl FeedPart {
    /// The index that gives it in order.
    pub(super) const fn index(&self) -> &'static str {
        match self.place {
            PartPlace::In(_) => "ix_change_events_part_region",
            PartPlace::Left(..) => "ix_change_events_part_left",
            PartPlace::Anywhere => "ix_change_events_part_family",
        }
    }

    /// Whether only some events of the part are listed: those of a department or an industry. Such a
    /// part is gone through in windows.
    pub(super) fn is_sparse(&self) -> bool {
        let zones = self.scope.zones(Use::List, &[]);
        let mut own = zones.iter().map(|zone| zone.condition()).filter(|own| match &self.place {
            PartPlace::In(region) | PartPlace::Left(region, _) => own.place.holds(region),
            PartPlace::Anywhere => matches!(own.place, RegionCondition::Outside(..)),
        });
        let departments: Vec<_> = own
            .clone()
            .filter(|own| own.industry.is_none())
            .filter_map(|own| own.department.as_ref())
            .collect();
        let both = |department: &DepartmentCode| {
            [true, false]
                .iter()
                .all(|is| departments.iter().any(|(own, held)| own == department && held == is))
        };
        let whole = own.any(|own| own.department.is_none() && own.industry.is_none());
        !whole && !departments.iter().any(|(own, _)| both(own))
    }

    /// Restricts a query for events to those of the part, whether they are listed or not.
    pub(super) fn held(&self, select: &mut SelectStatement, table: &str) {
        select.and_where(column(table, "family").eq(word(self.scope.family().name)));
        match &self.place {
            PartPlace::Anywhere => {}
            PartPlace::In(region) => {
                select.and_where(column(table, AFTER.0).eq(word(region)));
            }
            PartPlace::Left(region, others) => {
                let others = others.iter().map(|code| word(code));
                select
                    .and_where(column(table, BEFORE.0).eq(word(region)))
                    .and_where(column(table, BEFORE.0).ne(column(table, AFTER.0)))
                    .and_where(column(table, AFTER.0).is_not_in(others));
            }
        }
    }

    /// Restricts a query for events to those of the part that are listed.
    ///
    /// What follows from the region of the part is not asked again: the planner would take the part
    /// for much smaller than it is, and rather sort it than read it in order.
    pub(super) fn narrow(&self, select: &mut SelectStatement, table: &str) {
        self.held(select, table);
        let family = self.scope.family();
        let (region, industry) = match &self.place {
            PartPlace::Anywhere => {
                let place = Cond::any().add(lay(&self.scope, table, AFTER));
                select.cond_where(place.add(lay(&self.scope, table, BEFORE)));
                return;
            }
            PartPlace::In(region) => (region, AFTER.1),
            PartPlace::Left(region, _) => (region, BEFORE.1),
        };
        let zones = self.scope.zones(Use::List, &[]);
        let there: Vec<&Zone> =
            zones.into_iter().filter(|zone| zone.condition().place.holds(region)).collect();
        let here = zones_there(table, family.industry_column().map(|_| industry), &there);
        if here.is_empty() && !there.is_empty() {
            return;
        }
        let mut place = Cond::any();
        if !there.is_empty() {
            place = place.add(here);
        }
        if matches!(self.place, PartPlace::In(_)) {
            place = place.add(lay(&self.scope, table, BEFORE));
        }
        select.cond_where(if place.is_empty() { place.add(Expr::cust("1 = 0")) } else { place });
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
    /// For each family and prefix the regions below it that hold records with events, and those
    /// that such records have left: one look into the index for each. The code table is not asked:
    /// a record may lie in a region that was abolished. Gives the place of the question, whether
    /// records left, and the code.
    async fn regions_of_events(
        &self,
        questions: &[(&str, &str)],
    ) -> Result<Vec<(usize, bool, String)>, HubError> {
        if questions.is_empty() {
            return Ok(Vec::new());
        }
        let (mut tables, mut rows, mut values) = (Vec::new(), Vec::new(), Vec::new());
        for (place, (family, prefix)) in questions.iter().enumerate() {
            let end = successor(prefix).unwrap_or_default();
            for (left, region, holds) in
                [(0, AFTER.0, ""), (1, BEFORE.0, " AND was_region <> region_code")]
            {
                let name = format!("q{place}_{left}");
                let next = |after: &str| {
                    format!(
                        "SELECT MIN({region}) FROM change_events WHERE family = ?{holds} AND {region} {after} AND {region} < ?"
                    )
                };
                tables.push(format!(
                    "{name}(code) AS ({} UNION ALL SELECT ({}) FROM {name} WHERE code IS NOT NULL)",
                    next(">= ?"),
                    next(&format!("> {name}.code"))
                ));
                rows.push(format!(
                    "SELECT {place} AS question, {left} AS was_left, code FROM {name} WHERE code IS NOT NULL"
                ));
                let (family, end) = (*family, end.as_str());
                values.extend([family, *prefix, end, family, end].map(Value::from));
            }
        }
        let sql = format!("WITH RECURSIVE {} {}", tables.join(", "), rows.join(" UNION ALL "));
        let found = self.all(statement(self.backend(), &sql, values)).await?;
        let of = |row: &QueryResult| -> Result<(usize, bool, String), HubError> {
            let (question, left): (i32, i32) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            Ok((usize::try_from(question).unwrap_or_default(), left != 0, row.try_get_by_index(2)?))
        };
        found.iter().map(of).collect()
    }
}
