//! Which measures an indicator is made of, so that nothing is counted that is not asked for.

use crate::{domain::indicator::Indicator, store::figures::Measure};

/// Whether an indicator is made of a measure.
pub(super) fn uses(indicator: Indicator, measure: Measure) -> bool {
    use Measure::{
        Accidents, Benefits, Deaths, Diseases, HazardsClosed, HazardsDue, HealthTrained, Injuries, Insured, InsuredVictims,
        KeyPosts, MatchedVictims, Minor, Missing, Pneumoconiosis, Points, PointsAbove, Premiums, Prevention, SafetyTrained,
        Serious, ShortExposure,
    };
    match indicator {
        Indicator::I1 => measure == Accidents,
        Indicator::I2 => matches!(measure, Deaths | Missing | Serious | Minor),
        Indicator::I3 => matches!(measure, Pneumoconiosis | ShortExposure | Diseases),
        Indicator::I4 => matches!(measure, KeyPosts | SafetyTrained),
        Indicator::I5 => matches!(measure, KeyPosts | HealthTrained),
        Indicator::I6 => matches!(measure, Injuries | Insured),
        Indicator::I7 => matches!(measure, Benefits | Premiums),
        Indicator::I8 => matches!(measure, Prevention | Premiums),
        Indicator::I9 => matches!(measure, HazardsDue | HazardsClosed),
        Indicator::I10 => false,
        Indicator::I11 => matches!(measure, Points | PointsAbove),
        Indicator::I15 => matches!(measure, InsuredVictims | MatchedVictims),
    }
}
