//! One figure: its numbers, what they wait for, what was signed of them, and the judgement that
//! follows.

use super::{
    cube::RegionTotals,
    frame::{Aim, IndustryGroup},
    gaps::FigureGap,
    incomplete::decided,
    maker::{SheetBuilder, value},
    open::records,
    owed::MissingInput,
    sheet::{FigureTerms, SheetFigure, SignedFigure},
};
use crate::{
    domain::{
        fraction::Fraction,
        indicator::{
            self, FigureFormula, FigureJudgement, Indicator, Ratio, Reason, Share, YearCount,
        },
        region::RegionCode,
    },
    store::meeting::figures::FigureMeasure,
};

impl SheetBuilder<'_> {
    /// A figure with its judgement and what it rests on.
    pub(super) fn figure(
        &self,
        indicator: Indicator,
        region: &RegionCode,
        totals: &RegionTotals<'_>,
        group: IndustryGroup,
    ) -> SheetFigure {
        let (year, base) = (self.asked.year, self.frame.base_year);
        let parts = |year| self.parts(indicator, totals, &group, year);
        let (now, last_year, base_year) = (parts(year), parts(year - 1), parts(base));
        let aim = self.frame.aim(indicator, &group, year);
        let records = records(
            &self.services.reference,
            self.frame,
            self.asked.basis,
            (indicator, region, &group, year),
            self.today,
        );
        let rests = self.rests_on(indicator, year);
        let unsigned: Vec<MissingInput> = rests
            .iter()
            .filter_map(|year| self.unsigned(indicator, region, &group, *year))
            .collect();
        let signed: Vec<_> = rests
            .iter()
            .filter_map(|year| self.signed_figure(indicator, totals, &group, *year))
            .collect();
        let gaps = self.gaps(indicator, totals, &group);
        let silent = self.silent(indicator, totals, &group);
        let judgement = self.judged(indicator, totals, &group, (now, &gaps), aim.as_ref());
        let judgement = self.settled(indicator, (now, aim.as_ref()), judgement, &unsigned, &signed);
        // Whoever may not count is not told of whom there is nothing to count either.
        let silent = if judgement.reason == Reason::Closed { Vec::new() } else { silent };
        let judgement = if silent.is_empty() { judgement } else { judgement.silent() };
        let missing = if judgement.reason == Reason::Missing {
            self.missing(indicator, totals, &group)
        } else {
            Vec::new()
        };
        let unknown =
            self.unknown(indicator, totals, &group, year).filter(|_| self.shade.is_none());
        let reduction = match (indicator, base_year.value, now.value) {
            (Indicator::I6, Some(base), Some(now)) if silent.is_empty() => base.reduced_to(now),
            _ => None,
        };
        let provisional = self.open(year) || !unsigned.is_empty();
        SheetFigure {
            indicator,
            region: region.clone(),
            now,
            last_year,
            base_year,
            aim,
            judgement,
            provisional,
            missing,
            unsigned,
            signed,
            unknown,
            gaps: if self.shade.is_none() { [silent, gaps].concat() } else { silent },
            reduction,
            together: None,
            records,
            group,
        }
    }

    /// Years whose returns a judgement rests on.
    fn rests_on(&self, indicator: Indicator, year: i32) -> Vec<i32> {
        let other = match indicator {
            Indicator::I1 | Indicator::I2 => self.frame.base_year,
            Indicator::I3 => year - 1,
            _ => year,
        };
        if other == year { vec![year] } else { vec![year, other] }
    }

    /// What a figure without a number waits for.
    fn missing(
        &self,
        indicator: Indicator,
        totals: &RegionTotals<'_>,
        group: &IndustryGroup,
    ) -> Vec<MissingInput> {
        let mut halves = self.made_of(indicator, self.asked.year).to_vec();
        if indicator == Indicator::I6 {
            halves.extend(self.made_of(indicator, self.frame.base_year));
        }
        let mut all = Vec::new();
        for (year, measures) in halves {
            for owed in
                measures.iter().flat_map(|measure| self.waits(totals, group, (year, *measure)))
            {
                if !all.contains(&owed) {
                    all.push(owed);
                }
            }
        }
        all
    }

    /// A judgement with what was signed beside it: it stands only where signed and recorded figures
    /// agree in it, and is final only when the returns are.
    fn settled(
        &self,
        indicator: Indicator,
        (now, aim): (FigureTerms, Option<&Aim>),
        judgement: FigureJudgement,
        unsigned: &[MissingInput],
        signed: &[SignedFigure],
    ) -> FigureJudgement {
        if !unsigned.is_empty() {
            return judgement.unsigned();
        }
        if indicator == Indicator::I3 {
            return self.settled_ratio(aim, judgement, signed);
        }
        let recorded = (now.numerator.number(), now.denominator.number());
        let (Some(current), Some(base), true) =
            (recorded.0, recorded.1, indicator.formula() == FigureFormula::Reduction)
        else {
            return judgement;
        };
        let of = |year: i32, recorded| {
            YearCount::Known(
                signed.iter().find(|one| one.year == year).map_or(recorded, |one| one.signed),
            )
        };
        let goal = aim.map(|aim| (aim.goal, aim.tolerance));
        let told = indicator::reduction(
            self.season(),
            of(self.frame.base_year, base),
            of(now.year, current),
            goal,
        );
        if told.outcome == judgement.outcome {
            judgement
        } else {
            judgement.undecided(Reason::Disputed)
        }
    }

    /// The same of a ratio, which is signed for the region as a whole: what was signed is held
    /// against what the records say of the whole region.
    fn settled_ratio(
        &self,
        aim: Option<&Aim>,
        judgement: FigureJudgement,
        signed: &[SignedFigure],
    ) -> FigureJudgement {
        let year = self.asked.year;
        let own = |year| signed.iter().find(|one| one.year == year);
        let (Some(now), Some(before)) = (own(year), own(year - 1)) else { return judgement };
        let (Some(recorded), Some(recorded_before)) = (now.region, before.region) else {
            return judgement;
        };
        let of = |signed: &SignedFigure| Share {
            numerator: YearCount::Known(signed.signed),
            denominator: signed.whole.map_or(YearCount::Missing, YearCount::Known),
        };
        let goal = aim.map(|aim| (aim.goal, aim.tolerance));
        let told = |now: Share, before: Option<Fraction>| {
            let earlier = [Ratio { year: year - 1, value: before }];
            indicator::fall(self.season(), now, &earlier, goal).outcome
        };
        let (FigureTerms { numerator, denominator, .. }, last) = (recorded, of(before));
        let by_records = told(Share { numerator, denominator }, recorded_before.value);
        let by_returns = told(of(now), value(Indicator::I3, last.numerator, last.denominator));
        if by_records == by_returns { judgement } else { judgement.undecided(Reason::Disputed) }
    }

    /// Cases of pneumoconiosis whose exposure nobody handed in.
    fn unknown(
        &self,
        indicator: Indicator,
        totals: &RegionTotals<'_>,
        group: &IndustryGroup,
        year: i32,
    ) -> Option<i64> {
        if indicator != Indicator::I3 {
            return None;
        }
        self.count(totals, group, year, &[FigureMeasure::UnknownExposure]).number()
    }

    fn judged(
        &self,
        indicator: Indicator,
        totals: &RegionTotals<'_>,
        group: &IndustryGroup,
        (now, gaps): (FigureTerms, &[FigureGap]),
        aim: Option<&Aim>,
    ) -> FigureJudgement {
        let season = self.season();
        let goal = aim.map(|aim| (aim.goal, aim.tolerance));
        let share = |parts: FigureTerms| Share {
            numerator: parts.numerator,
            denominator: parts.denominator,
        };
        match indicator {
            Indicator::I1 | Indicator::I2 => {
                indicator::reduction(season, now.denominator, now.numerator, goal)
            }
            Indicator::I3 => {
                // With none, then with all of those whose exposure is not known among the short
                // ones, once of the year and once of the years before: a judgement stands when it
                // is the same in both.
                let fall = |in_now: bool| {
                    let with = |parts: FigureTerms, add: bool| match (
                        parts.numerator,
                        self.unknown(indicator, totals, group, parts.year),
                    ) {
                        (YearCount::Known(number), Some(unknown)) if add => FigureTerms {
                            numerator: YearCount::Known(number + unknown),
                            value: value(
                                indicator,
                                YearCount::Known(number + unknown),
                                parts.denominator,
                            ),
                            ..parts
                        },
                        _ => parts,
                    };
                    let years = (*self.taken.cube.years().start()..now.year).rev();
                    let earlier: Vec<Ratio> = years
                        .map(|year| Ratio {
                            year,
                            value: with(self.parts(indicator, totals, group, year), !in_now).value,
                        })
                        .collect();
                    indicator::fall(season, share(with(now, in_now)), &earlier, goal)
                };
                let (best, worst) = (fall(false), fall(true));
                let plain = FigureJudgement { value: now.value, ..best.clone() };
                if best.outcome == worst.outcome {
                    plain
                } else {
                    plain.undecided(Reason::ExposureUnknown)
                }
            }
            Indicator::I6 => {
                let base = self.parts(indicator, totals, group, self.frame.base_year);
                indicator::rate(season, Some(share(base)), share(now), goal)
            }
            _ => {
                let judge = |parts: FigureTerms| indicator::share(season, share(parts), goal);
                decided(judge(now), now, gaps, judge)
            }
        }
    }
}
