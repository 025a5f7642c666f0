//! Answers that requests for correction wait for: at the seat's region or below, those that the
//! asker sees.

use crate::{
    domain::{
        clock::shanghai_date,
        correction::{CLOCK, CorrectionState},
    },
    error::HubError,
    meeting::{
        obligations::{DutyKind, ObligationsQuery, OwedItem, fits},
        returns::MeetingContext,
    },
    sharing::corrections::CorrectionContext,
    store::sharing::corrections::CorrectionQuery,
};

/// Settled requests that are listed, the latest first.
const SETTLED: u64 = 1_000;

impl MeetingContext<'_> {
    /// The answers that are owed, ordered by day.
    pub(super) async fn verifications(
        &self,
        asked: &ObligationsQuery,
    ) -> Result<Vec<OwedItem>, HubError> {
        if asked.kind.is_some_and(|kind| kind != DutyKind::Verification) {
            return Ok(Vec::new());
        }
        let corrections = CorrectionContext {
            services: self.services,
            clocks: &self.rules.clocks,
            calendar: &self.rules.calendar,
            ctx: self.ctx,
            actor: self.actor,
        };
        let some = async |states: [CorrectionState; 2], most: u64| {
            let region = Some(self.seat.region().clone());
            let states = states.to_vec();
            corrections.list(&CorrectionQuery { region, states, most, ..Default::default() }).await
        };
        // Whatever waits is owed; of what is settled the latest are enough.
        let waiting = some([CorrectionState::Open, CorrectionState::Accepted], u64::MAX).await?;
        let settled =
            some([CorrectionState::Corrected, CorrectionState::Rejected], SETTLED).await?;
        let mut items = Vec::new();
        for own in waiting.into_iter().chain(settled) {
            let due = corrections.due(&own)?;
            let family = self.services.catalogue.find(&own.claim.family);
            let item = OwedItem {
                kind: DutyKind::Verification,
                state: due.state,
                due: due.day,
                enforced_from: None,
                start: Some(shanghai_date(own.claimed_at)),
                done: own.settled_at().map(shanghai_date),
                department: own.holder.department.clone(),
                region: own.holder.region.as_str().to_owned(),
                record: family.map(|family| (family, own.claim.record)),
                yearly: None,
                rule: CLOCK.to_owned(),
                source: due.source,
                unknown_year: due.unknown_year,
                unknown_fields: Vec::new(),
                carried: false,
            };
            if fits(asked, &item) {
                items.push(item);
            }
        }
        items.sort_by_key(|item| item.due);
        Ok(items)
    }
}
