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

/// How long an order waits for the result, unless a request may take less than twice as long.
const PATIENCE: Duration = Duration::from_secs(20);

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
    /// It has ended without a result, for this reason; everything is as it was.
    Failed(&'static str, Text),
}

/// The last search of each region since the hub was started.
#[derive(Debug)]
pub struct LeadSearches {
    patience: Duration,
    known: Mutex<HashMap<RegionCode, watch::Receiver<SearchStanding>>>,
}

impl Default for LeadSearches {
    fn default() -> Self {
        Self::patient(PATIENCE)
    }
}

/// Tells how a search ended, however that was.
struct EndingTold(watch::Sender<SearchStanding>);

impl Drop for EndingTold {
    fn drop(&mut self) {
        self.0.send_modify(|standing| {
            if matches!(standing.state, SearchState::Running) {
                let error = HubError::internal("a search ended without a word");
                standing.state = SearchState::Failed(error.code(), error.text());
            }
        });
    }
}

impl LeadSearches {
    /// Searches whose orders wait so long for the result at most, and no longer than half of what a
    /// request may take.
    #[must_use]
    pub fn patient(request: Duration) -> Self {
        Self { patience: PATIENCE.min(request / 2), known: Mutex::default() }
    }

    /// Orders a search of a region and waits a while for its result; it goes on afterwards.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] for actors who do not manage leads there; what the log says; why the
    /// search failed, if it did so meanwhile.
    pub async fn order(
        &self,
        services: &Arc<Services>,
        ctx: &OpCtx,
        actor: &Actor,
        region: &RegionCode,
    ) -> Result<SearchStanding, HubError> {
        let seat = Seat::new(&services.policy, actor, region)?;
        let matching = MatchingPermit::ordered(Managing::new(&seat)?, actor);
        let (mut standing, begun) = self.begin(services, ctx, &matching);
        if !begun {
            services.audit.append(entry(ctx, &matching)).await?;
        }
        let ended = |standing: &SearchStanding| !matches!(standing.state, SearchState::Running);
        // Whether it has ended is said by the state.
        let _ = timeout(self.patience, standing.wait_for(ended)).await;
        let standing = standing.borrow().clone();
        match standing.state {
            SearchState::Failed("UNAVAILABLE", _) => {
                Err(HubError::Unavailable("a search for leads failed".into()))
            }
            SearchState::Failed("CONFLICT", text) => Err(HubError::Conflict(text)),
            SearchState::Failed(..) => Err(HubError::internal("a search for leads failed")),
            SearchState::Running | SearchState::Finished => Ok(standing),
        }
    }

    /// The running search of a region, or the last one that covered it; `None` before the first.
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
        let seat = Seat::new(&services.policy, actor, region)?;
        Managing::new(&seat)?;
        let known = self.known().get(region).map(|standing| standing.borrow().clone());
        // Another hub may have searched since, or somebody all of the city or province.
        let last = services.database.leads_searched(&seat).await?;
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
        let running = known
            .get(region)
            .filter(|standing| matches!(standing.borrow().state, SearchState::Running));
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
        let (hub, ctx, matching) = (Arc::clone(services), ctx.clone(), matching.clone());
        let work = async move {
            let told = EndingTold(told);
            let progress = || told.0.send_modify(|standing| standing.searched += 1);
            let result = search(&hub, &ctx, &matching, &progress).await;
            told.0.send_modify(|standing| match result {
                Ok(kinds) => {
                    standing.state = SearchState::Finished;
                    standing.kinds = kinds;
                }
                Err(error) => {
                    error.warn(Of::Request(ctx.request()), "a search for leads failed");
                    standing.state = SearchState::Failed(error.code(), error.text());
                }
            });
        };
        services.tasks.spawn(work.in_current_span());
        (standing, true)
    }

    fn known(
        &self,
    ) -> std::sync::MutexGuard<'_, HashMap<RegionCode, watch::Receiver<SearchStanding>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
