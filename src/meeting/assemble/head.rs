//! Whose materials these are, and what the figures rest on.

use brief::content::{Coded, Head};
use chrono::Datelike as _;

use crate::{
    domain::clock,
    error::HubError,
    meeting::{
        assemble::{MeetingFile, place},
        returns::MeetingContext,
    },
};

/// The head of the materials of a year.
///
/// # Errors
///
/// [`HubError::NotFound`] where no plan covers region and year.
pub(super) fn head(
    sitting: &MeetingContext<'_>,
    year: i32,
    table: &MeetingFile,
) -> Result<Head, HubError> {
    let region = sitting.seat.region();
    let plan = sitting.rules.plans.nearest(region, year).ok_or(HubError::NotFound)?;
    Ok(Head {
        region: place(&sitting.services.reference, region.as_str()),
        year,
        plan: Coded { code: plan.id.clone(), label: plan.name_zh.clone() },
        base_year: plan.base_year,
        source: plan.source.clone(),
        incomplete_plan: !plan.complete,
        taken_at: table.at,
        position: String::new(),
        // A year that is not over is open, whatever its records say.
        provisional: clock::shanghai_date(table.at).year() <= year,
        basis: Vec::new(),
        protected: !sitting.seat.exact(),
        digest: None,
    })
}
