//! The search that nobody has to order: at an hour of every night the hub compares the records of
//! each province that holds any, so that in the morning the leads are those of the day before.
//!
//! Of several hubs on one store each begins at a moment of its own after the hour, and passes over
//! what another has searched since. Two may still search at the same time; both find the same.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use super::background::{LeadSearches, SearchState};
use crate::{
    authz::matching::MatchingPermit,
    context::OpCtx,
    domain::clock::shanghai_date,
    error::{HubError, Of},
    meeting::rulebook::Rulebook,
    services::Services,
};

/// Within this time after the hour a hub begins.
const SPREAD: Duration = Duration::from_secs(30 * 60);

/// Begins to wait for the nights. Ends with the hub.
pub fn begin(services: &Arc<Services>, rules: &Arc<Rulebook>, hour: u32) {
    tokio::spawn(run(Arc::downgrade(services), Arc::downgrade(rules), hour));
}

async fn run(services: Weak<Services>, rules: Weak<Rulebook>, hour: u32) {
    let mut now = OpCtx::begin("night").now();
    // A hub that is started in the night begins in the same one.
    let begun = (now - last(now, hour)).to_std().is_ok_and(|since| since < SPREAD);
    let mut wait = if begun { Duration::ZERO } else { until(now, hour) };
    loop {
        let apart = SPREAD.mul_f64(f64::from(rand::random::<u16>()) / f64::from(u16::MAX));
        tokio::time::sleep(wait + apart).await;
        let (Some(services), Some(rules)) = (services.upgrade(), rules.upgrade()) else { return };
        let ctx = OpCtx::begin("night");
        if let Err(error) = search_all(&services, &rules.searches, &ctx, hour).await {
            error.warn(Of::Hub, "the leads of the night could not be searched");
        }
        now = OpCtx::begin("night").now();
        wait = until(now, hour);
    }
}

/// The last full hour of that number in China.
fn last(now: DateTime<Utc>, hour: u32) -> DateTime<Utc> {
    let at = NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
    let today = (shanghai_date(now).and_time(at) - TimeDelta::hours(8)).and_utc();
    if today <= now { today } else { today - TimeDelta::days(1) }
}

/// Time until the next one.
fn until(now: DateTime<Utc>, hour: u32) -> Duration {
    (last(now, hour) + TimeDelta::days(1) - now).to_std().unwrap_or_default()
}

/// Searches every province that holds records, one after the other, unless that was done since the
/// hour. Returns how many were searched.
///
/// # Errors
///
/// What the database says. A search that fails is told in the log, and the next one is made.
pub async fn search_all(
    services: &Arc<Services>,
    searches: &LeadSearches,
    ctx: &OpCtx,
    hour: u32,
) -> Result<usize, HubError> {
    let (mut searched, tonight) = (0, last(ctx.now(), hour));
    for province in services.database.provinces_with_leads(&services.catalogue).await? {
        if services.tasks.is_closed() {
            break;
        }
        let matching = MatchingPermit::of_the_hub(province);
        let known = services.database.last_search(&matching).await?;
        if known.is_some_and(|at| at >= tonight) {
            continue;
        }
        let (mut standing, begun) = searches.begin(services, ctx, &matching);
        let _ = standing.wait_for(|own| !matches!(own.state, SearchState::Running)).await;
        let finished = matches!(standing.borrow().state, SearchState::Finished);
        searched += usize::from(begun && finished);
    }
    Ok(searched)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_night_begins_at_its_hour_in_china_and_never_at_once() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("an instant");
        let hours = |now: &str, hour| until(at(now), hour).as_secs() / 3_600;
        assert_eq!(hours("2026-11-30T10:00:00Z", 2), 8, "18 o'clock in China");
        assert_eq!(hours("2026-11-29T17:00:00Z", 2), 1, "1 o'clock in China");
        assert_eq!(hours("2026-11-29T18:00:00Z", 2), 24, "now");
    }
}
