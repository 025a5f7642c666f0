//! What a signed return says of a count, and whether it says that there was none.

use super::maker::SheetBuilder;
use crate::{
    domain::{
        department::Department,
        indicator::Indicator,
        plan::ObligationKind,
        region::RegionCode,
        returns::{FigureToSign, ReturnCount},
    },
    store::{meeting::figures::responsible, reference::Reference},
};

/// The return an indicator rests on.
pub(super) const fn kind_of(indicator: Indicator) -> Option<ObligationKind> {
    match indicator {
        Indicator::I1 | Indicator::I2 => Some(ObligationKind::AccidentReturn),
        Indicator::I3 => Some(ObligationKind::DiseaseReturn),
        _ => None,
    }
}

/// What a signed return tells of a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Declared {
    /// No return is signed, or it has no such figure.
    Nothing,
    /// That there was none.
    Zero,
    /// That there were some.
    AtLeastOne,
}

impl Declared {
    fn of(figure: Option<&FigureToSign>) -> Self {
        match figure.map(|figure| figure.signed) {
            None => Self::Nothing,
            Some(0) => Self::Zero,
            Some(_) => Self::AtLeastOne,
        }
    }
}

/// Whether a department answers by name for the accidents of an industry.
fn answered(reference: &Reference, industry: &str) -> bool {
    let code = reference.table("key_industry").and_then(|table| table.editions(industry).next());
    code.is_some_and(|code| code.attributes.contains_key("responsible_department"))
}

impl SheetBuilder<'_> {
    /// What the return of a department tells of a count of the region as a whole.
    pub(super) fn declared(
        &self,
        (region, year): (&RegionCode, i32),
        (kind, department): (ObligationKind, Department),
        count: ReturnCount,
    ) -> Declared {
        let signed = self.signed.latest(region, kind, department.code(), year);
        Declared::of(signed.and_then(|signed| signed.content.figure(count, None)))
    }

    /// What the responsible department's return tells of the accidents of an industry.
    pub(super) fn accidents_declared(
        &self,
        region: &RegionCode,
        industry: &str,
        year: i32,
    ) -> Declared {
        let department = responsible(&self.services.reference, industry);
        let signed = self.signed.latest(region, ObligationKind::AccidentReturn, department, year);
        let own =
            signed.map(|signed| signed.content.figure(ReturnCount::Accidents, Some(industry)));
        match own {
            // What no department answers for by name lies in the general statistics, which have no
            // line of its own.
            Some(None) if !answered(&self.services.reference, industry) => Declared::Zero,
            Some(figure) => Declared::of(figure),
            None => Declared::Nothing,
        }
    }
}
