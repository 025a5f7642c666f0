//! I10: returns of a year's figures that were due by today, and those of them that came in time.

use std::collections::BTreeMap;

use crate::{
    domain::{deadline::DueState, plan::ObligationKind},
    error::HubError,
    meeting::{
        obligations::{DutyKind, ObligationsQuery},
        returns::MeetingContext,
    },
};

/// By year of the figures: in time, and due. A return that was not handed in counts as due once its
/// last day is past.
///
/// # Errors
///
/// What the database says.
pub(super) async fn punctual(
    sitting: &MeetingContext<'_>,
) -> Result<BTreeMap<i32, (i64, i64)>, HubError> {
    let mut years: BTreeMap<i32, (i64, i64)> = BTreeMap::new();
    for item in sitting.yearly(&ObligationsQuery::default()).await? {
        let figures = matches!(
            item.kind,
            DutyKind::Yearly(ObligationKind::AccidentReturn | ObligationKind::DiseaseReturn)
        );
        let Some((_, year, _)) = item.yearly.filter(|_| figures) else { continue };
        let counts = years.entry(year).or_default();
        match item.state {
            DueState::Done => *counts = (counts.0 + 1, counts.1 + 1),
            DueState::DoneLate | DueState::Overdue => counts.1 += 1,
            DueState::NotDue | DueState::DueSoon | DueState::Suspended | DueState::Undecided => {}
        }
    }
    Ok(years)
}
