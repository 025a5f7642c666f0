//! Tables are made before anybody asks: when the hub starts, and after records have changed.
//!
//! One task, one table at a time, beside the workers that answer. It rests ten times as long as it
//! worked, so that a store which never comes to rest costs no more than a tenth of one processor;
//! whoever asks meanwhile waits for the table that is being made, or makes what is still missing.
//! What it makes is told to nobody but through a shade.

use std::{
    collections::BTreeSet,
    sync::{Arc, Weak},
    time::{Duration, Instant},
};

use chrono::Datelike as _;

use super::Tables;
use crate::{
    authz::meeting::Seat,
    context::OpCtx,
    domain::{clock::shanghai_date, region::RegionCode},
    error::{HubError, Of},
    meeting::{
        indicators::{frame::JudgingBasis, make::renamed},
        rulebook::Rulebook,
    },
    services::Services,
    store::meeting::figures::DiseaseYear,
};

/// Commits that follow each other within this are looked at together.
const TOGETHER: Duration = Duration::from_secs(2);
/// It rests so many times as long as it worked.
const REST: u32 = 10;

/// Begins. Ends with the hub.
pub fn begin(services: &Arc<Services>, rules: &Arc<Rulebook>) {
    tokio::spawn(run(Arc::downgrade(services), Arc::downgrade(rules)));
}

async fn run(services: Weak<Services>, rules: Weak<Rulebook>) {
    let Some(mut committed) = services.upgrade().map(|services| services.database.committed())
    else {
        return;
    };
    loop {
        committed.borrow_and_update();
        let began = Instant::now();
        let (Some(services), Some(rules)) = (services.upgrade(), rules.upgrade()) else { return };
        if let Err(error) = all(&services, &rules).await {
            error.warn(Of::Hub, "protected tables could not be made ahead");
        }
        drop((services, rules));
        tokio::time::sleep(TOGETHER.max(began.elapsed() * REST)).await;
        if committed.changed().await.is_err() {
            return;
        }
    }
}

/// Makes what is missing, for the figures of this year and of the last.
async fn all(services: &Services, rules: &Rulebook) -> Result<(), HubError> {
    let today = shanghai_date(OpCtx::begin("ahead").now());
    let renamed = renamed(&services.reference);
    let mut provinces: BTreeSet<RegionCode> = rules.shades.asked();
    provinces.extend(services.database.provinces_with_cases(&services.catalogue).await?);
    for province in provinces {
        let seat = Seat::of_tables(&province);
        for year in [today.year() - 1, today.year()] {
            let frame = JudgingBasis::new(&rules.plans, &services.reference, &province, year, None);
            let years = frame.base_year.min(year - 1)..=year;
            let disease_year = DiseaseYear::default();
            let (plans, posts) = (&rules.plans, &frame.posts);
            let tables = Tables {
                services,
                plans,
                seat: &seat,
                posts,
                disease_year,
                years,
                today,
                renamed: &renamed,
            };
            rules.shades.all(&tables).await?;
        }
    }
    Ok(())
}
