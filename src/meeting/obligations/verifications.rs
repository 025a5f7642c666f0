//! Answers to requests for correction: at the seat's region or below, those that the asker sees.

use crate::{
    domain::{
        clock::shanghai_date,
        code::Coded as _,
        correction::{CLOCK, CorrectionState},
    },
    error::HubError,
    meeting::{
        obligations::{
            CHUNK, DutyKind, FoundObligations, MOST_ROWS, ObligationsQuery, OwedItem, cases, fits,
        },
        returns::MeetingContext,
    },
    sharing::corrections::{CorrectionContext, IDENTIFIER},
    store::{
        records::global_id::{of_name, parse_name},
        sharing::corrections::{CorrectionQuery, StoredCorrection},
    },
};

impl MeetingContext<'_> {
    /// Adds the answers that are owed, in the order in which they were asked for, behind `from`.
    pub(super) async fn verifications(
        &self,
        asked: &ObligationsQuery,
        page: &mut FoundObligations,
        from: Option<&str>,
    ) -> Result<(), HubError> {
        if asked.kind.is_some_and(|kind| kind != DutyKind::Verification) {
            return Ok(());
        }
        let corrections = CorrectionContext {
            services: self.services,
            clocks: &self.rules.clocks,
            calendar: &self.rules.calendar,
            ctx: self.ctx,
            actor: self.actor,
        };
        let seal = &self.services.seal;
        let from = from.map(|from| parse_name(seal, IDENTIFIER, from)).transpose()?;
        let states = CorrectionState::ALL.iter().copied();
        let mut wanted = CorrectionQuery {
            region: Some(self.seat.region().clone()),
            states: states.filter(|state| *state != CorrectionState::Withdrawn).collect(),
            from,
            oldest_first: true,
            most: CHUNK,
            ..CorrectionQuery::default()
        };
        let mut looked = 0;
        loop {
            let found = corrections.list(&wanted).await?;
            let last = (found.len() as u64) < CHUNK;
            for own in found {
                if page.items.len() as u64 >= asked.first || looked >= MOST_ROWS {
                    let place = wanted.from.map(|id| of_name(seal, IDENTIFIER, id));
                    let place = place.unwrap_or_default();
                    page.next = Some(asked.place(cases::ALL.len() + 1, &place));
                    return Ok(());
                }
                looked += 1;
                wanted.from = Some(own.id);
                let item = self.verification(&corrections, &own)?;
                page.items.extend(Some(item).filter(|item| fits(asked, item)));
            }
            if last {
                return Ok(());
            }
        }
    }

    fn verification(
        &self,
        corrections: &CorrectionContext<'_>,
        own: &StoredCorrection,
    ) -> Result<OwedItem, HubError> {
        let due = corrections.due(own)?;
        let family = self.services.catalogue.find(&own.claim.family);
        Ok(OwedItem {
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
        })
    }
}
