//! Searches that go on when nobody waits for them any longer. A region is searched by one task at a
//! time: whoever orders it meanwhile is told how far that one is.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use tokio::{sync::watch, time::timeout};
use tracing::Instrument as _;

use super::search::{RunKind, entry, search};
use crate::{
    authz::{actor::Actor, leads::Managing, matching::MatchingPermit, meeting::Seat},
    context::OpCtx,
    domain::{code::Coded as _, lead::LeadKind, region::RegionCode},
    error::{HubError, Of, Text},
    services::Services,
};

/// How long an order waits for the result: less than a request may take.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// How far a search is.
#[derive(Clone, Debug)]
pub struct SearchStanding {
    /// Region that is or was searched.
    pub region: RegionCode,
    /// Time at which the search began.
    pub at: DateTime<Utc>,
    /// Whether it is running, finished or failed.
    pub state: SearchState,
    /// Kinds that have been searched for.
    pub searched: usize,
    /// Results by kind; empty until it is finished, and after the hub was started anew.
    pub kinds: Vec<RunKind>,
}

/// State of a search.
#[derive(Clone, Debug)]
pub enum SearchState {
    /// It goes on.
    Running,
    /// It is finished and its leads are kept.
    Finished,
    /// It has ended without a result; everything is as it was.
    Failed(Text),
}

/// The last search of each region since the hub was started.
#[derive(Debug, Default)]
pub struct LeadSearches(Mutex<HashMap<RegionCode, watch::Receiver<SearchStanding>>>);

impl LeadSearches {
    /// Orders a search of a region and waits a while for its result; it goes on afterwards.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] for actors who do not manage leads there; what the log says.
    pub async fn order(
        &self,
        services: &Arc<Services>,
        ctx: &OpCtx,
        actor: &Actor,
        region: &RegionCode,
        patience: Duration,
    ) -> Result<SearchStanding, HubError> {
        let matching = permit(services, actor, region)?;
        let (mut standing, begun) = self.begin(services, ctx, &matching);
        if !begun {
            services.audit.append(entry(ctx, &matching)).await?;
        }
        let ended = |standing: &SearchStanding| !matches!(standing.state, SearchState::Running);
        let known = timeout(patience, standing.wait_for(ended)).await;
        if let Ok(Err(_)) = known {
            return Err(HubError::internal("a search ended without a word"));
        }
        drop(known);
        Ok(standing.borrow().clone())
    }

    /// The running search of a region, or its last one; `None` before the first.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] for actors who do not manage leads there; what the database says.
    pub async fn standing(
        &self,
        services: &Services,
        actor: &Actor,
        region: &RegionCode,
    ) -> Result<Option<SearchStanding>, HubError> {
        let matching = permit(services, actor, region)?;
        let known = self.known().get(region).map(|standing| standing.borrow().clone());
        let last = services.database.last_search(&matching).await?;
        // Another hub may have searched since.
        let newer = last.filter(|at| known.as_ref().is_none_or(|known| known.at < *at));
        Ok(newer.map(|at| finished_at(region, at)).or(known))
    }

    /// Begins a search, unless one of the region is running; and whether it began one.
    pub(super) fn begin(
        &self,
        services: &Arc<Services>,
        ctx: &OpCtx,
        matching: &MatchingPermit,
    ) -> (watch::Receiver<SearchStanding>, bool) {
        let mut known = self.known();
        let region = matching.region();
        let running = known.get(region).filter(|standing| {
            matches!(standing.borrow().state, SearchState::Running)
                // Whoever panicked says no more.
                && standing.has_changed().is_ok()
        });
        if let Some(running) = running {
            return (running.clone(), false);
        }
        let standing = SearchStanding {
            region: region.clone(),
            at: ctx.now(),
            state: SearchState::Running,
            searched: 0,
            kinds: Vec::new(),
        };
        let (told, standing) = watch::channel(standing);
        known.insert(region.clone(), standing.clone());
        let (services, ctx, matching) = (Arc::clone(services), ctx.clone(), matching.clone());
        let work = async move {
            let progress = || told.send_modify(|standing| standing.searched += 1);
            let result = search(&services, &ctx, &matching, &progress).await;
            told.send_modify(|standing| match result {
                Ok(kinds) => {
                    standing.state = SearchState::Finished;
                    standing.kinds = kinds;
                }
                Err(error) => {
                    error.warn(Of::Request(ctx.request()), "a search for leads failed");
                    standing.state = SearchState::Failed(error.text());
                }
            });
        };
        tokio::spawn(work.in_current_span());
        (standing, true)
    }

    fn known(
        &self,
    ) -> std::sync::MutexGuard<'_, HashMap<RegionCode, watch::Receiver<SearchStanding>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn permit(
    services: &Services,
    actor: &Actor,
    region: &RegionCode,
) -> Result<MatchingPermit, HubError> {
    let seat = Seat::new(&services.policy, actor, region)?;
    Ok(MatchingPermit::ordered(Managing::new(&seat)?, actor))
}

/// A search of which the store keeps no more than when it was.
fn finished_at(region: &RegionCode, at: DateTime<Utc>) -> SearchStanding {
    SearchStanding {
        region: region.clone(),
        at,
        state: SearchState::Finished,
        searched: LeadKind::ALL.len(),
        kinds: Vec::new(),
    }
}
