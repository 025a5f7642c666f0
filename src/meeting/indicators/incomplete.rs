//! Records that a figure cannot count as they should be, because they do not say enough. Where they
//! decide whether a target is met, nothing is judged.

use chrono::Datelike as _;

use super::{
    cube::RegionTotals,
    frame::IndustryGroup,
    gaps::{FigureGap, GapKind},
    maker::SheetBuilder,
    sheet::FigureTerms,
    taken::NumberStanding,
};
use crate::{
    domain::indicator::{FigureJudgement, Indicator, Reason, YearCount},
    store::meeting::figures::FigureMeasure,
};

impl SheetBuilder<'_> {
    /// What the records of a figure do not say, as far as they may be counted. The numbers are told
    /// with exact figures alone; whether they decide a target holds for everybody.
    pub(super) fn gaps(
        &self,
        indicator: Indicator,
        totals: &RegionTotals<'_>,
        group: &IndustryGroup,
    ) -> Vec<FigureGap> {
        use FigureMeasure as M;
        let year = self.asked.year;
        let known = |year, measure| self.count(totals, group, year, &[measure]).number();
        let counted = |kind, year, measure| {
            let count = known(year, measure)?;
            (count > 0).then_some(FigureGap::of(kind, year, count))
        };
        // Units whose records leave an amount open, where others state it.
        let unstated = |kind, year, stated| {
            let (units, stated) = (known(year, M::Units)?, known(year, stated)?);
            (stated > 0 && units > stated).then_some(FigureGap::of(kind, year, units - stated))
        };
        let posts = |unexamined, unnumbered| {
            let mut found = vec![
                self.without_industry(totals, group, (GapKind::PostsWithoutIndustry, M::KeyPosts)),
                counted(GapKind::TrainingsWithoutResult, year, unexamined),
                counted(GapKind::PostsWithoutStart, year, M::UndatedPosts),
            ];
            // A training of an earlier year of the plan counts as one of this year does.
            let since = self.frame.posts.since.map_or(year, |first| first.year());
            found.extend((since..=year).map(|year| {
                // A training without an industry may be of any.
                let own = self.frame.holds(group, None);
                let holds = |industry: Option<&str>| {
                    industry.is_none() || self.frame.holds(group, industry)
                };
                let open = own
                    || self.taken.standing(unnumbered, |own| own.is_none()) == NumberStanding::Open;
                let known = known(year, unnumbered)?;
                let count = if open { totals.sum(holds, year, unnumbered) } else { known };
                (count > 0).then_some(FigureGap::of(GapKind::TrainingsWithoutNumber, year, count))
            }));
            found
        };
        let found = match indicator {
            Indicator::I1 | Indicator::I2 => vec![
                counted(GapKind::PreliminaryAccidents, year, M::PreliminaryAccidents),
                self.without_industry(
                    totals,
                    group,
                    (GapKind::AccidentsWithoutIndustry, M::AccidentsWithoutIndustry),
                ),
            ],
            Indicator::I3 => vec![self.without_industry(
                totals,
                group,
                (GapKind::CasesWithoutIndustry, M::Pneumoconiosis),
            )],
            Indicator::I4 => posts(M::SafetyUnexamined, M::SafetyUnnumbered),
            Indicator::I5 => posts(M::HealthUnexamined, M::HealthUnnumbered),
            Indicator::I16 => posts(M::AnyUnexamined, M::AnyUnnumbered),
            Indicator::I15 => vec![counted(GapKind::VictimsNotCompared, year, M::UnclearVictims)],
            Indicator::I7 => vec![
                unstated(GapKind::UnitsWithoutBenefits, year, M::BenefitsStated),
                unstated(GapKind::UnitsWithoutPremium, year, M::PremiumsStated),
            ],
            Indicator::I8 => vec![
                unstated(GapKind::UnitsWithoutPreventionFee, year, M::PreventionStated),
                unstated(GapKind::UnitsWithoutPremium, year - 1, M::PremiumsStated),
            ],
            _ => Vec::new(),
        };
        found.into_iter().flatten().collect()
    }

    /// What may belong to a key industry and is in the count of none; told once, with the industries
    /// together.
    fn without_industry(
        &self,
        totals: &RegionTotals<'_>,
        group: &IndustryGroup,
        (kind, measure): (GapKind, FigureMeasure),
    ) -> Option<FigureGap> {
        let year = self.asked.year;
        let none = |industry: Option<&str>| industry.is_none();
        let told = matches!(group, IndustryGroup::Key | IndustryGroup::Dust)
            && self.taken.standing(measure, none) == NumberStanding::Open;
        let count = totals.sum(none, year, measure);
        (told && count > 0).then_some(FigureGap::of(kind, year, count))
    }
}

/// A judgement of a share of trained holders of key posts, unless the holders of whom too little is
/// known decide it: with all of them trained, or none.
pub(super) fn decided(
    plain: FigureJudgement,
    now: FigureTerms,
    gaps: &[FigureGap],
    judge: impl Fn(FigureTerms) -> FigureJudgement,
) -> FigureJudgement {
    let of = |kind| gaps.iter().filter(|gap| gap.kind == kind).map(|gap| gap.count).sum::<i64>();
    let open = of(GapKind::TrainingsWithoutResult) + of(GapKind::TrainingsWithoutNumber);
    let undated = of(GapKind::PostsWithoutStart);
    let (YearCount::Known(trained), YearCount::Known(holders)) = (now.numerator, now.denominator)
    else {
        return plain;
    };
    if open + undated == 0 {
        return plain;
    }
    let with = |trained, holders| {
        judge(FigureTerms {
            numerator: YearCount::Known(trained),
            denominator: YearCount::Known(holders),
            ..now
        })
    };
    let worst = with(trained, holders + undated);
    let best = with((trained + open).min(holders) + undated, holders + undated);
    if worst.outcome == best.outcome { plain } else { plain.undecided(Reason::RecordsIncomplete) }
}
