//! The content of a meeting for whoever asks: the same for page, file and command line, under the
//! rights that apply to `jointMeeting` in GraphQL.

use crate::{
    audit::{asked::QuestionAudit, collector::Collector, entry::Entry},
    authz::{actor::Actor, meeting::Seat},
    context::OpCtx,
    domain::region::RegionCode,
    error::HubError,
    meeting::{
        assemble::{self, MeetingFile},
        indicators::counted,
        returns::MeetingContext,
        rulebook::Rulebook,
    },
    services::Services,
    store::meeting::meetings::StoredMeeting,
};
use brief::content::Brief;

/// Name of the operation in the audit log.
const READ: &str = "read meeting";

/// Which content of a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentChoice {
    /// The frozen content with today's differences; today's content where nothing is frozen.
    Shown,
    /// The content as of today, even if materials are frozen.
    Today,
}

/// The meeting, by region and year, and which content of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentRequest {
    /// Region of the meeting.
    pub region: RegionCode,
    /// Year that is judged.
    pub year: i32,
    /// Number of the meeting of the year; the last one where none is given.
    pub number: Option<i32>,
    /// Frozen content, or that of today.
    pub which: ContentChoice,
}

/// The asker and the context of the request.
#[derive(Clone, Copy)]
pub struct MaterialsReader<'a> {
    /// The services of the hub, for reading records.
    pub services: &'a Services,
    /// Plans, regions, working days and clocks.
    pub rules: &'a Rulebook,
    /// Time and identifier of the request.
    pub ctx: &'a OpCtx,
    /// The actor who asks, with roles and purpose.
    pub actor: &'a Actor,
}

impl MaterialsReader<'_> {
    /// The content of a meeting. A refusal is written to the audit log before it is returned.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] without a seat at that meeting, [`HubError::Invalid`] for an unknown
    /// region, [`HubError::NotFound`] where no plan covers region and year,
    /// [`HubError::Unavailable`] when database or audit log cannot answer.
    pub async fn content(&self, wanted: &ContentRequest) -> Result<Brief, HubError> {
        let Self { services, rules, ctx, actor } = *self;
        let region = rules.regions.present(wanted.region.as_str())?;
        let seat = self.seated(&region, &format!("{region} {}", wanted.year)).await?;
        let which = (wanted.year, wanted.number);
        let table = MeetingFile::load(&services.database, &seat, which, ctx.now()).await?;
        let sitting = MeetingContext { services, rules, ctx, actor, seat: &seat };
        let today = assemble::today(&sitting, wanted.year, &table).await?;
        let content = match wanted.which {
            ContentChoice::Shown => table.shown(&sitting, wanted.year, &today).await?,
            ContentChoice::Today => today,
        };
        // Holders of closed records that the figures count can see in the audit log who counted
        // them, before the figures are shown.
        let collector = Collector::default();
        let counted = counted((&services.reference, &services.catalogue), None);
        QuestionAudit { policy: &services.policy, actor }.count(
            &collector,
            &counted,
            content.figures.len(),
        );
        if !collector.is_empty() {
            let mut entry = Entry::of(
                actor,
                ctx.now(),
                ctx.request(),
                READ.to_owned(),
                format!("{region} {}", wanted.year),
            );
            collector.drain_into(&mut entry);
            services.audit.append(entry).await?;
        }
        Ok(content)
    }

    /// All meetings of the own region, latest first.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] for roles that take no part; errors of the database.
    pub async fn held(&self) -> Result<Vec<StoredMeeting>, HubError> {
        let region = self.actor.region();
        let seat = self.seated(region, region.as_str()).await?;
        self.services.database.meetings(&seat, None).await
    }

    /// The seat of the actor; a refusal is audited.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] without a seat there; [`HubError::Unavailable`] when the log cannot be
    /// written.
    pub async fn seated(&self, region: &RegionCode, about: &str) -> Result<Seat, HubError> {
        let Self { services, ctx, actor, .. } = *self;
        let seat = Seat::new(&services.policy, actor, region);
        if let Err(error @ HubError::Forbidden(_)) = &seat {
            let mut entry =
                Entry::of(actor, ctx.now(), ctx.request(), READ.to_owned(), about.to_owned());
            entry.outcome = error.code().to_owned();
            services.audit.append(entry).await?;
        }
        seat
    }
}

/// Name of a file with the content, without extension: `朔州市2024年度工伤预防联席会议材料`.
#[must_use]
pub fn file_name(content: &Brief) -> String {
    let region = &content.head.region;
    let label = if region.label.is_empty() { &region.code } else { &region.label };
    // A name from the region table; characters with a meaning to file systems or headers are left
    // out nevertheless.
    let label: String = label.chars().filter(|letter| letter.is_alphanumeric()).collect();
    format!("{label}{}年度工伤预防联席会议材料", content.head.year)
}
