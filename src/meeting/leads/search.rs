//! The search for leads: all kinds over a region, stored in one step, with an audit entry that
//! states how many were found.

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::{about::about, posts::posts_of_plans};
use crate::{
    audit::entry::{Entry, EntryRecords},
    authz::matching::MatchingPermit,
    context::OpCtx,
    domain::{
        clock::shanghai_date,
        code::Coded as _,
        lead::{LeadKind, Tier},
    },
    error::HubError,
    services::Services,
    store::meeting::leads::{FoundLead, Pair, SearchResult},
};

/// Kinds that are searched for at the same time: each is one statement that reads many rows.
const TOGETHER: usize = 3;

/// The result of a search for one kind.
#[derive(Clone, Copy, Debug)]
pub struct RunKind {
    /// The kind that was searched for.
    pub kind: LeadKind,
    /// Differences that are certain.
    pub certain: i64,
    /// Differences that a person has to check.
    pub candidates: i64,
    /// How many leads are new, changed, unchanged, gone or back again.
    pub kept: SearchResult,
}

/// Searches a region for all leads again. Known leads keep their identity. `progress` counts the
/// kinds that have been searched for.
///
/// # Errors
///
/// [`HubError::Overtaken`] when another search was faster, [`HubError::Unavailable`] when the
/// database does not answer.
pub(super) async fn search(
    services: &Services,
    ctx: &OpCtx,
    matching: &MatchingPermit,
    progress: &(dyn Fn() + Send + Sync),
) -> Result<Vec<RunKind>, HubError> {
    let mut entry = entry(ctx, matching);
    entry.outcome = "BEGUN".to_owned();
    services.audit.append(entry.clone()).await?;
    let result = searched(services, ctx, matching, progress, &mut entry).await;
    entry.outcome = result.as_ref().err().map_or("OK", HubError::code).to_owned();
    services.audit.append(entry).await?;
    result
}

/// What the log says of a search.
pub(super) fn entry(ctx: &OpCtx, matching: &MatchingPermit) -> Entry {
    let region = matching.region();
    let operation = format!("search leads {region}");
    Entry::by(matching.by().clone(), (ctx.now(), ctx.request()), operation, region.to_string())
}

async fn searched(
    services: &Services,
    ctx: &OpCtx,
    matching: &MatchingPermit,
    progress: &(dyn Fn() + Send + Sync),
    entry: &mut Entry,
) -> Result<Vec<RunKind>, HubError> {
    let (database, today) = (&services.database, shanghai_date(ctx.now()));
    let posts = posts_of_plans(&services.reference, matching.region(), today)?;
    let look = |kind: LeadKind| {
        about(&services.reference, kind)
            .map(|about| database.lead_look(matching, today, (about.wait, about.near), &posts))
    };
    let looked = |kind: LeadKind| async move {
        let found = database.leads_found(kind, &look(kind)?).await?;
        progress();
        Ok::<_, HubError>((kind, found))
    };
    let found: Vec<(LeadKind, Vec<FoundLead>)> =
        stream::iter(LeadKind::ALL.iter().copied().map(looked))
            .buffered(TOGETHER)
            .try_collect()
            .await?;
    let mut overlaps = Vec::new();
    for &pair in Pair::ALL {
        let kind = match pair {
            Pair::Deaths => LeadKind::DeathWithoutRecognition,
            Pair::Diseases => LeadKind::DiseaseWithoutApplication,
        };
        overlaps.extend(database.lead_overlaps_found(pair, &look(kind)?).await?);
    }
    let mut kinds = Vec::new();
    for (kind, found) in &found {
        note(entry, *kind, found);
        let certain = found.iter().filter(|found| found.tier == Tier::Certain).count();
        let (certain, candidates) = (number(certain), number(found.len() - certain));
        kinds.push(RunKind { kind: *kind, certain, candidates, kept: SearchResult::default() });
    }
    let look = database.lead_look(matching, today, (0, 0), &posts);
    let kept = database.leads_keep(&look, ctx.now(), found, &overlaps, &|| ctx.new_id()).await?;
    for own in &mut kinds {
        own.kept = kept.get(&own.kind).copied().unwrap_or_default();
    }
    Ok(kinds)
}

/// Counts of leads by kind, and of the records in them by holder.
fn note(entry: &mut Entry, kind: LeadKind, found: &[FoundLead]) {
    let count = u32::try_from(found.len()).unwrap_or(u32::MAX);
    entry
        .shown
        .insert(format!("Lead {}", kind.code()), EntryRecords { count, ..EntryRecords::default() });
    for record in found.iter().flat_map(|found| &found.records) {
        let owner = (record.family.clone(), record.department.clone(), record.region.clone());
        *entry.owners.entry(owner).or_default() += 1;
    }
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
