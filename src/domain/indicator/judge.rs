//! The rules of judgement. Source: domain reference §6.2 with its table of special cases.

use super::{FigureJudgement, Fraction, Goal, Reason, TargetOutcome, TargetTolerance};

/// The count of a year, or why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum YearCount {
    /// The count as recorded.
    Known(i64),
    /// No data have been handed in for it.
    Missing,
    /// Too small to be shown to the asker.
    Withheld,
    /// Made of records that the asker may not count.
    Closed,
    /// Not asked for in that year: a figure counted from the first day of a plan does not exist
    /// before it.
    Unasked,
}

/// The year of a figure and how it relates to the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Season {
    /// Calendar year of the figure.
    pub year: i32,
    /// The year against which all reductions are measured, if the plan names one.
    pub base_year: Option<i32>,
    /// First and last year that the plan judges.
    pub plan: (i32, i32),
    /// Whether the figures are preliminary.
    pub provisional: bool,
}

/// Numerator and denominator of a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Number of those that meet the criterion; money in fen for some indicators.
    pub numerator: YearCount,
    /// Number of all; where it is zero there is no share.
    pub denominator: YearCount,
}

/// The ratio of an earlier year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio {
    /// Calendar year of the ratio.
    pub year: i32,
    /// The ratio; `None` where that year had no case.
    pub value: Option<Fraction>,
}

impl YearCount {
    /// The number, or the reason why there is none.
    fn read(self) -> Result<i64, Reason> {
        match self {
            Self::Known(number) if number < 0 => Err(Reason::Negative),
            Self::Known(number) => Ok(number),
            Self::Missing => Err(Reason::Missing),
            Self::Withheld => Err(Reason::Withheld),
            Self::Closed => Err(Reason::Closed),
            Self::Unasked => Err(Reason::NotInPlan),
        }
    }

    /// The number, where there is one.
    #[must_use]
    pub const fn number(self) -> Option<i64> {
        match self {
            Self::Known(number) => Some(number),
            Self::Missing | Self::Withheld | Self::Closed | Self::Unasked => None,
        }
    }
}

impl Season {
    /// Why figures of this year are not judged, whatever their value.
    fn unjudged(&self) -> Option<Reason> {
        if self.base_year == Some(self.year) {
            return Some(Reason::BaseYear);
        }
        if self.year < self.plan.0 || self.year > self.plan.1 {
            return Some(Reason::NotInPlan);
        }
        self.provisional.then_some(Reason::Preliminary)
    }
}

/// I1 and I2: the reduction of a count against the base year.
#[must_use]
pub fn reduction(
    season: Season,
    base: YearCount,
    current: YearCount,
    goal: Option<(Goal, TargetTolerance)>,
) -> FigureJudgement {
    let (base, current) = match (base.read(), current.read()) {
        (Ok(base), Ok(current)) => (base, current),
        (Err(reason), _) | (_, Err(reason)) => return FigureJudgement::open(None, reason),
    };
    let value = Fraction::reduction(base, current);
    let most = goal.and_then(|(goal, _)| most(goal, base));
    let mut judged = match (season.unjudged(), goal) {
        (Some(reason), _) => FigureJudgement::open(value, reason),
        (None, None) => FigureJudgement::open(value, Reason::NoTarget),
        (None, Some(_)) if base == 0 => held_at_zero(current == 0),
        (None, Some((goal, tolerance))) => against(value, goal, tolerance, current < base),
    };
    judged.most = most;
    judged
}

/// I3: whether a ratio keeps falling. `earlier` are the ratios of earlier years, in any order.
#[must_use]
pub fn fall(
    season: Season,
    share: Share,
    earlier: &[Ratio],
    goal: Option<(Goal, TargetTolerance)>,
) -> FigureJudgement {
    let (numerator, denominator) = match (share.numerator.read(), share.denominator.read()) {
        (Ok(numerator), Ok(denominator)) => (numerator, denominator),
        (Err(reason), _) | (_, Err(reason)) => return FigureJudgement::open(None, reason),
    };
    let value = Fraction::new(numerator, denominator);
    let (Some(now), None) = (value, season.unjudged()) else {
        return FigureJudgement::open(value, season.unjudged().unwrap_or(Reason::NoCases));
    };
    match goal {
        None => return FigureJudgement::open(value, Reason::NoTarget),
        Some((Goal::Falls, _)) => {}
        Some((goal, tolerance)) => return against(value, goal, tolerance, false),
    }
    let last = earlier
        .iter()
        .filter(|ratio| ratio.year < season.year && ratio.value.is_some())
        .max_by_key(|ratio| ratio.year);
    let Some((year, before)) = last.and_then(|ratio| Some((ratio.year, ratio.value?))) else {
        return FigureJudgement::open(value, Reason::NoPrevious);
    };
    if year != season.year - 1 {
        return FigureJudgement::open(value, Reason::PreviousNull { year, lower: now < before });
    }
    let (outcome, reason) = match (before.numerator() == 0, now.numerator() == 0, now < before) {
        (true, true, _) => (TargetOutcome::Met, Reason::PreviousZeroHeld),
        (true, false, _) => (TargetOutcome::NotMet, Reason::PreviousZeroNotHeld),
        (false, _, true) => (TargetOutcome::Met, Reason::Met),
        (false, _, false) => (TargetOutcome::NotMet, Reason::Short),
    };
    FigureJudgement::new(value, outcome, reason)
}

/// I6: a rate against that of the base year. The value is the rate; the target is about its
/// reduction.
#[must_use]
pub fn rate(
    season: Season,
    base: Option<Share>,
    current: Share,
    goal: Option<(Goal, TargetTolerance)>,
) -> FigureJudgement {
    let value = match defined(current) {
        Ok(value) => value,
        Err(reason) => return FigureJudgement::open(None, reason),
    };
    let open = |reason| FigureJudgement::open(Some(value), reason);
    if let Some(reason) = season.unjudged() {
        return open(reason);
    }
    let Some((goal, tolerance)) = goal else { return open(Reason::NoTarget) };
    let before = match base.map_or(Err(Reason::Missing), defined) {
        Ok(before) => before,
        Err(reason) => return open(reason),
    };
    if before.numerator() == 0 {
        return FigureJudgement { value: Some(value), ..held_at_zero(value.numerator() == 0) };
    }
    let judged = against(before.reduced_to(value), goal, tolerance, value < before);
    FigureJudgement { value: Some(value), ..judged }
}

/// The other indicators: a share against a bound.
#[must_use]
pub fn share(
    season: Season,
    share: Share,
    goal: Option<(Goal, TargetTolerance)>,
) -> FigureJudgement {
    let value = match defined(share) {
        Ok(value) => value,
        Err(reason) => return FigureJudgement::open(None, reason),
    };
    match (season.unjudged(), goal) {
        (Some(reason), _) => FigureJudgement::open(Some(value), reason),
        (None, None) => FigureJudgement::open(Some(value), Reason::NoTarget),
        (None, Some((goal, tolerance))) => against(Some(value), goal, tolerance, false),
    }
}

/// Joint outcome of two targets that must both be met (“均降低20%”: accidents and casualties).
#[must_use]
pub fn both(one: TargetOutcome, other: TargetOutcome) -> TargetOutcome {
    match (one, other) {
        (TargetOutcome::NotMet, _) | (_, TargetOutcome::NotMet) => TargetOutcome::NotMet,
        (TargetOutcome::NotJudged, _) | (_, TargetOutcome::NotJudged) => TargetOutcome::NotJudged,
        (TargetOutcome::About, _) | (_, TargetOutcome::About) => TargetOutcome::About,
        (TargetOutcome::Met, TargetOutcome::Met) => TargetOutcome::Met,
    }
}

fn defined(share: Share) -> Result<Fraction, Reason> {
    Fraction::new(share.numerator.read()?, share.denominator.read()?).ok_or(Reason::Nothing)
}

fn held_at_zero(zero: bool) -> FigureJudgement {
    if zero {
        FigureJudgement::new(None, TargetOutcome::Met, Reason::BaselineZeroHeld)
    } else {
        FigureJudgement::new(None, TargetOutcome::NotMet, Reason::BaselineZeroNotHeld)
    }
}

fn against(
    value: Option<Fraction>,
    goal: Goal,
    tolerance: TargetTolerance,
    below: bool,
) -> FigureJudgement {
    let Some(number) = value else { return FigureJudgement::open(value, Reason::Missing) };
    if tolerance == TargetTolerance::About {
        return FigureJudgement::new(value, TargetOutcome::About, Reason::About);
    }
    let met = match goal {
        Goal::BelowBase => below,
        Goal::ReducedBy(least) | Goal::AtLeast(least) => number >= least,
        Goal::AtMost(most) => number <= most,
        // Falling ratios are judged by `fall`, which knows the years before.
        Goal::Falls => return FigureJudgement::open(value, Reason::NoPrevious),
    };
    if met {
        FigureJudgement::new(value, TargetOutcome::Met, Reason::Met)
    } else {
        FigureJudgement::new(value, TargetOutcome::NotMet, Reason::Short)
    }
}

/// The highest count that still meets a target about a count.
fn most(goal: Goal, base: i64) -> Option<i64> {
    match goal {
        _ if base == 0 => Some(0),
        Goal::BelowBase => Some(base - 1),
        Goal::ReducedBy(least) => least.rest().map(|rest| rest.most_of(base).max(0)),
        Goal::AtLeast(_) | Goal::AtMost(_) | Goal::Falls => None,
    }
}
