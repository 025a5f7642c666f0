//! Records that a figure cannot count as they should be, because they do not say enough, and how
//! many there are. Where they decide whether a target is met, nothing is judged.

use strum::{IntoStaticStr, VariantArray};

use super::{cube::RegionTotals, frame::IndustryGroup, maker::SheetBuilder, sheet::FigureTerms};
use crate::{
    domain::indicator::{FigureJudgement, Indicator, Reason, YearCount},
    store::meeting::figures::FigureMeasure,
};

/// What the records of a figure do not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum GapKind {
    /// Accidents that are still preliminary (快报) and are counted.
    PreliminaryAccidents,
    /// Records of insured units without the premium paid, which adds nothing to the sum.
    UnitsWithoutPremium,
    /// Records of insured units without the benefits paid, which add nothing to the sum.
    UnitsWithoutBenefits,
    /// Records of insured units without the prevention fee spent, which adds nothing to the sum.
    UnitsWithoutPreventionFee,
    /// Holders of key posts whose only trainings have no result, counted as not trained.
    TrainingsWithoutResult,
    /// Holders of key posts without a first day of insurance, who are not counted.
    PostsWithoutStart,
}

/// How many records of a figure do not say enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FigureGap {
    /// What they do not say.
    pub kind: GapKind,
    /// Calendar year of the records.
    pub year: i32,
    /// How many there are; never zero.
    pub count: i64,
}

impl GapKind {
    /// What it means, in Chinese.
    #[must_use]
    pub const fn name_zh(self) -> &'static str {
        match self {
            Self::PreliminaryAccidents => "其中快报（未认定）事故",
            Self::UnitsWithoutPremium => "未填实缴保险费的单位记录",
            Self::UnitsWithoutBenefits => "未填基金支付待遇的单位记录",
            Self::UnitsWithoutPreventionFee => "未填工伤预防费的单位记录",
            Self::TrainingsWithoutResult => "培训无考核结果的重点岗位人员",
            Self::PostsWithoutStart => "无参保起始日期、未计入的重点岗位人员",
        }
    }

    /// What it means, in English.
    #[must_use]
    pub const fn name_en(self) -> &'static str {
        match self {
            Self::PreliminaryAccidents => "of these accidents, preliminary",
            Self::UnitsWithoutPremium => "records of units without the premium paid",
            Self::UnitsWithoutBenefits => "records of units without the benefits paid",
            Self::UnitsWithoutPreventionFee => "records of units without the prevention fee",
            Self::TrainingsWithoutResult => "holders of key posts whose trainings have no result",
            Self::PostsWithoutStart => {
                "holders of key posts without a first day of insurance, not counted"
            }
        }
    }
}

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
            Indicator::I1 | Indicator::I2 => {
                [counted(GapKind::PreliminaryAccidents, year, M::PreliminaryAccidents), None]
            }
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
