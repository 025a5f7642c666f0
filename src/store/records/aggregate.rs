//! Counts and sums by group, under the same scope as rows.
//!
//! Rows that whoever asks may list are counted exactly. Over the others only cells of published
//! dimensions can be asked for, and what is told of a cell carries noise or is withheld: see
//! `domain::disclosure`. Decided by question and asker, before anything is counted; no answer tells
//! whether something was withheld.

mod dimension;
mod groups;
mod pins;
mod protected;
mod question;
mod tally;

use entity::{
    catalogue::{Class, Family, Kind},
    insured_unit_year,
};

pub use crate::store::records::aggregate::{
    dimension::GroupDimension,
    question::{MOST_GROUPS, Method, Statistics, StatsGroup, StatsQuestion},
};
use crate::{
    authz::scope::{Scope, Treated, Use, Zone, listed},
    domain::disclosure::{
        blur::{Summed, blurred},
        rules::Rules,
    },
    error::HubError,
    store::{
        meeting::figures::{AMOUNTS, BESIDE_AMOUNTS},
        records::{
            aggregate::{
                groups::GroupUnion,
                pins::{Pin, pins, sensitive},
                protected::GroupGuard,
                tally::{Ask, GroupSum, GroupTally},
            },
            filter::check,
            read::Reader,
        },
    },
};

impl Reader<'_> {
    /// Groups with their counts and sums.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] when a column may not be read even in sums, or may be read in sums
    /// only and the question asks for more than published cells; [`HubError::TooComplex`] for too
    /// many groups.
    pub async fn statistics(
        &self,
        scope: &Scope,
        rules: &Rules,
        question: &StatsQuestion<'_>,
    ) -> Result<Statistics, HubError> {
        let mut clause: Vec<Class> =
            question.by.iter().map(|dimension| dimension.field().class).collect();
        clause.extend(question.sum_classes());
        check(scope, Use::Aggregate, question.filter, &clause)?;
        let mut treated = scope.treated(&question.row_classes(), &question.sum_classes());
        let cell = match CubeQuestion::of(rules, scope, question) {
            Ok(cell) => cell,
            Err(fault) if treated.exact.is_empty() => {
                return Err(unpublished(rules, scope, &fault));
            }
            Err(_) => {
                // Only between the published cells: rows that may not be listed are left out.
                treated = Treated { exact: treated.exact, ..Treated::default() };
                CubeQuestion::default()
            }
        };
        let mut groups = GroupUnion::new(question);
        if !treated.exact.is_empty() {
            let ask = plain(scope, question, &treated.exact, false);
            groups.add_exact(&self.tally(&ask).await?, |tally, index| {
                tally.sums.get(index).and_then(|sum| sum.whole)
            });
        }
        if !treated.summed.is_empty() {
            let ask = plain(scope, question, &treated.summed, true);
            let blur = |tally: &GroupTally, index: usize| {
                self.sum(rules, (scope.family(), question), &treated.summed, tally, index)
            };
            groups.add_exact(&self.tally(&ask).await?, blur);
        }
        if !treated.protected.is_empty() {
            let (ask, guard) = cell.protected(rules, scope, question, &treated.protected);
            let blur = |tally: &GroupTally, index: usize| {
                self.sum(rules, (scope.family(), question), &[], tally, index)
            };
            groups.add_protected(guard.tell(&self.tally(&ask).await?, blur));
        }
        let method = match (
            treated.exact.is_empty() && treated.summed.is_empty(),
            treated.protected.is_empty(),
        ) {
            (_, true) => Method::Exact,
            (true, false) => Method::Perturbed,
            (false, false) => Method::Mixed,
        };
        Ok(Statistics { method, groups: groups.finish(method) })
    }

    /// A sum as it is told: exactly where the field may be listed in all these zones.
    fn sum(
        &self,
        rules: &Rules,
        (family, question): (&Family, &StatsQuestion<'_>),
        zones: &[&Zone],
        tally: &GroupTally,
        index: usize,
    ) -> Option<i64> {
        let (field, sum) = (question.sums.get(index)?, tally.sums.get(index)?);
        if !zones.is_empty() && listed(zones, Some(field.class)) {
            return sum.whole;
        }
        // The figures of the meeting tell it exactly, or what it nearly is: beside them the noise,
        // which is a share of the largest part, would tell that.
        let mut told = AMOUNTS.iter().chain(&BESIDE_AMOUNTS);
        if family.is::<insured_unit_year::Entity>() && told.any(|own| *own == field.column) {
            return None;
        }
        let GroupSum { whole, contributors, largest } = *sum;
        let unit = if field.kind == Kind::Money { 100 } else { 1 };
        let seed = self
            .seal
            .number("sum", &format!("{}|{}|{}", field.column, tally.count, tally.record_keys));
        blurred(&Summed { whole: whole?, contributors, largest, unit }, rules.threshold, seed)
    }
}

/// A statement over rows that may be listed by what is asked.
fn plain<'a>(
    scope: &Scope,
    question: &'a StatsQuestion<'_>,
    zones: &'a [&'a Zone],
    contributors: bool,
) -> Ask<'a> {
    Ask {
        family: scope.family(),
        zones,
        by: question.by,
        sums: question.sums,
        always: vec![question.filter],
        meets: Vec::new(),
        parts: Vec::new(),
        contributors,
    }
}

/// A question as cells of the published cube.
#[derive(Default)]
struct CubeQuestion {
    sensitive: Vec<bool>,
    pins: Vec<Pin>,
}

impl CubeQuestion {
    fn of(rules: &Rules, scope: &Scope, question: &StatsQuestion<'_>) -> Result<Self, String> {
        let sensitive =
            question.by.iter().map(|dimension| sensitive(&rules.cube, scope.family(), dimension));
        Ok(Self {
            sensitive: sensitive.collect::<Result<_, _>>()?,
            pins: pins(&rules.cube, scope.family(), question.filter)?,
        })
    }

    fn protected<'a>(
        &'a self,
        rules: &'a Rules,
        scope: &Scope,
        question: &'a StatsQuestion<'_>,
        zones: &'a [&'a Zone],
    ) -> (Ask<'a>, GroupGuard<'a>) {
        let may = |class: Class| listed(zones, Some(class));
        let some = |wanted: &dyn Fn(&Pin) -> bool| {
            self.pins.iter().filter(|pin| wanted(pin)).map(|pin| &pin.filter).collect()
        };
        let ask = Ask {
            family: scope.family(),
            zones,
            by: question.by,
            sums: question.sums,
            always: some(&|pin| !pin.sensitive && may(pin.class)),
            meets: some(&|pin| pin.sensitive || !may(pin.class)),
            // In the order of `protected::BASE` and `protected::LISTED`. What the asker lists
            // narrows the base, however sensitive it is.
            parts: vec![
                some(&|pin| pin.sensitive == may(pin.class)),
                some(&|pin| pin.sensitive && may(pin.class)),
            ],
            contributors: true,
        };
        let guard = GroupGuard {
            rules,
            minimum: rules.minimum_of(scope.family().name),
            listed: question.by.iter().map(|dimension| may(dimension.field().class)).collect(),
            asks_sensitive: self.sensitive.contains(&true)
                || self.pins.iter().any(|pin| pin.sensitive),
            sensitive: self.sensitive.clone(),
            lists: listed(zones, None),
        };
        (ask, guard)
    }
}

fn unpublished(rules: &Rules, scope: &Scope, fault: &str) -> HubError {
    let family = scope.family();
    let published = rules.cube.in_words(family.name);
    HubError::forbidden(
        format!(
            "您对{}只能汇总，“{fault}”不在已公布的统计维度之内。只可按已公布的维度分组，或以单个值筛选：{published}。请去掉该条件或维度。",
            family.label
        ),
        format!(
            "{} are open to you in sums only, and `{fault}` is no published dimension. Group by published dimensions, or hold them at single values: {published}. Leave the other conditions and dimensions out.",
            family.plural
        ),
    )
}
