//! What departments signed for a region and the regions below it, to be shown beside their records.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    cube::RegionTotals, declared::kind_of, frame::IndustryGroup, maker::SheetBuilder,
    sheet::SignedFigure,
};
use crate::{
    authz::meeting::Seat,
    domain::{
        accident::CasualtyBasis,
        code::Coded as _,
        department::Department,
        indicator::Indicator,
        plan::{Finality, ObligationKind},
        region::RegionCode,
        returns::ReturnCount,
    },
    error::HubError,
    meeting::{
        plans::{PlanDuty, PlanSet},
        returns::FrozenReturn,
    },
    services::Services,
};

/// The return that counts: the last version, or the final one if there is one.
#[derive(Clone, Debug)]
pub struct EffectiveReturn {
    /// Provisional or final.
    pub finality: Finality,
    /// The frozen content that was signed.
    pub content: FrozenReturn,
}

/// Region, kind, department and year.
type SignedKey = (String, ObligationKind, String, i32);

/// Signed and requested returns of a region and the regions below it.
#[derive(Clone, Debug, Default)]
pub struct Signatures {
    signed: BTreeMap<SignedKey, EffectiveReturn>,
    asked: BTreeSet<SignedKey>,
}

impl Signatures {
    /// Reads the signed returns, and which returns are requested.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn of(
        services: &Services,
        plans: &PlanSet,
        seat: &Seat,
        regions: &[&RegionCode],
        years: (i32, i32),
        until: i32,
    ) -> Result<Self, HubError> {
        let mut all = Self::default();
        for one in services.database.returns_of(seat, regions, years).await? {
            let (Some(kind), Some(finality)) = (
                ObligationKind::from_code(&one.which.kind),
                Finality::from_code(&one.which.finality),
            ) else {
                continue;
            };
            let key = (one.region.clone(), kind, one.department.clone(), one.which.year);
            let later = all.signed.get(&key).is_none_or(|known| {
                known.finality != Finality::Final || finality == Finality::Final
            });
            if later {
                all.signed
                    .insert(key, EffectiveReturn { finality, content: FrozenReturn::of(&one)? });
            }
        }
        for region in regions {
            for PlanDuty { owed, .. } in plans.obligations(region, until) {
                let key = |department: &String| {
                    (region.as_str().to_owned(), owed.kind, department.clone(), owed.data_year)
                };
                all.asked.extend(owed.departments.iter().map(key));
            }
        }
        Ok(all)
    }

    /// The return that counts for this region, kind, department and year, if any was signed.
    #[must_use]
    pub fn latest(
        &self,
        region: &RegionCode,
        kind: ObligationKind,
        department: &str,
        year: i32,
    ) -> Option<&EffectiveReturn> {
        self.signed.get(&(region.as_str().to_owned(), kind, department.to_owned(), year))
    }

    /// Whether a plan asks for this return.
    #[must_use]
    pub fn asked(
        &self,
        region: &RegionCode,
        kind: ObligationKind,
        department: &str,
        year: i32,
    ) -> bool {
        self.asked.contains(&(region.as_str().to_owned(), kind, department.to_owned(), year))
    }
}

impl SheetBuilder<'_> {
    /// The signed value of a figure in a year, if all of its departments have signed and the asker
    /// may see it.
    pub(super) fn signed_figure(
        &self,
        indicator: Indicator,
        totals: &RegionTotals<'_>,
        group: &IndustryGroup,
        year: i32,
    ) -> Option<SignedFigure> {
        let region = totals.region();
        let kind = kind_of(indicator)?;
        // A share is signed for the region as a whole only, and shown exactly only to those who see
        // exact figures.
        if kind == ObligationKind::DiseaseReturn
            && (*group != IndustryGroup::Dust || self.shade.is_some())
        {
            return None;
        }
        let counts: &[ReturnCount] = match (indicator, self.asked.basis.casualties) {
            (Indicator::I1, _) => &[ReturnCount::Accidents],
            (Indicator::I2, CasualtyBasis::DeathsMissingInjured) => &[
                ReturnCount::Deaths,
                ReturnCount::Missing,
                ReturnCount::Serious,
                ReturnCount::Minor,
            ],
            (Indicator::I2, CasualtyBasis::DeathsSerious) => {
                &[ReturnCount::Deaths, ReturnCount::Missing, ReturnCount::Serious]
            }
            _ => &[ReturnCount::UnderFiveYears],
        };
        let industries: Vec<Option<&str>> = match kind {
            ObligationKind::AccidentReturn => {
                self.frame.members(group).into_iter().map(|code| Some(code.as_str())).collect()
            }
            _ => vec![None],
        };
        let mut found = SignedFigure {
            year,
            finality: Finality::Final,
            signed: 0,
            records: 0,
            whole: None,
            region: (kind == ObligationKind::DiseaseReturn)
                .then(|| self.parts(indicator, totals, &IndustryGroup::All, year)),
            explanations: Vec::new(),
        };
        for industry in industries {
            let department = industry.map_or(Department::HEALTH.code(), |code| {
                crate::store::meeting::figures::responsible(&self.services.reference, code)
            });
            let signed = self.signed.latest(region, kind, department, year)?;
            for count in counts {
                let figure = signed.content.figure(*count, industry)?;
                found.signed += figure.signed;
                found.records += figure.records;
                found.explanations.extend(figure.explanation.clone());
            }
            if indicator == Indicator::I3 {
                let whole = if self.asked.basis.denominator
                    == super::sheet::DenominatorBasis::AllDiseases
                {
                    ReturnCount::Diseases
                } else {
                    ReturnCount::Pneumoconiosis
                };
                let whole = signed.content.figure(whole, None)?;
                found.whole = Some(whole.signed);
                found.explanations.extend(whole.explanation.clone());
            }
            if signed.finality == Finality::Provisional {
                found.finality = Finality::Provisional;
            }
        }
        found.explanations.sort();
        found.explanations.dedup();
        Some(found)
    }
}
