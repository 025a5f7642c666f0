//! Records that a figure cannot count as they should be, because they do not say enough. Where they
//! decide whether a target is met, nothing is judged.

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
    /// What the records of a figure do not say. Only exact figures are told with it.
    pub(super) fn gaps(
        &self,
        indicator: Indicator,
        totals: &RegionTotals<'_>,
        group: &IndustryGroup,
    ) -> Vec<FigureGap> {
        use FigureMeasure as M;
        if self.shade.is_some() {
            return Vec::new();
        }
        let year = self.asked.year;
        let known = |year, measure| self.count(totals, group, year, &[measure]).number();
        let counted = |kind, year, measure| {
            let count = known(year, measure)?;
            (count > 0).then_some(FigureGap { kind, year, count })
        };
        // Units whose records leave an amount open, where others state it.
        let unstated = |kind, year, stated| {
            let (units, stated) = (known(year, M::Units)?, known(year, stated)?);
            (stated > 0 && units > stated).then_some(FigureGap {
                kind,
                year,
                count: units - stated,
            })
        };
        let found = match indicator {
            Indicator::I1 | Indicator::I2 => [
                counted(GapKind::PreliminaryAccidents, year, M::PreliminaryAccidents),
                self.without_industry(totals, group),
            ],
            Indicator::I4 => self.post_gaps(&counted, M::SafetyUnexamined),
            Indicator::I5 => self.post_gaps(&counted, M::HealthUnexamined),
            Indicator::I16 => self.post_gaps(&counted, M::AnyUnexamined),
            Indicator::I7 => [
                unstated(GapKind::UnitsWithoutBenefits, year, M::BenefitsStated),
                unstated(GapKind::UnitsWithoutPremium, year, M::PremiumsStated),
            ],
            Indicator::I8 => [
                unstated(GapKind::UnitsWithoutPreventionFee, year, M::PreventionStated),
                unstated(GapKind::UnitsWithoutPremium, year - 1, M::PremiumsStated),
            ],
            _ => [None, None],
        };
        found.into_iter().flatten().collect()
    }

    /// Accidents that may belong to a key industry and are in the count of none.
    fn without_industry(
        &self,
        totals: &RegionTotals<'_>,
        group: &IndustryGroup,
    ) -> Option<FigureGap> {
        let (measure, year) = (FigureMeasure::AccidentsWithoutIndustry, self.asked.year);
        let none = |industry: Option<&str>| industry.is_none();
        let told = *group == IndustryGroup::Key
            && self.taken.standing(measure, none) == NumberStanding::Open;
        let count = totals.sum(none, year, measure);
        (told && count > 0).then_some(FigureGap {
            kind: GapKind::AccidentsWithoutIndustry,
            year,
            count,
        })
    }

    fn post_gaps(
        &self,
        counted: &dyn Fn(GapKind, i32, FigureMeasure) -> Option<FigureGap>,
        unexamined: FigureMeasure,
    ) -> [Option<FigureGap>; 2] {
        let year = self.asked.year;
        [
            counted(GapKind::TrainingsWithoutResult, year, unexamined),
            counted(GapKind::PostsWithoutStart, year, FigureMeasure::UndatedPosts),
        ]
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
    let open = of(GapKind::TrainingsWithoutResult);
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
    let best = with(trained + open + undated, holders + undated);
    if worst.outcome == best.outcome { plain } else { plain.undecided(Reason::RecordsIncomplete) }
}
