//! What is taken into the room, for whoever asks: the same content by page, file and command line,
//! under the rights that hold for `jointMeeting` in GraphQL.

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

/// What the log calls it.
const READ: &str = "read meeting";

/// Which content of a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentChoice {
    /// As it was frozen, with what differs today; today's where nothing is frozen.
    Shown,
    /// As of today.
    Today,
}

/// Whose meeting, of which year, and which content of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentRequest {
    /// Region of the meeting.
    pub region: RegionCode,
    /// Year that is judged.
    pub year: i32,
    /// Which content.
    pub which: ContentChoice,
}

/// Whoever asks, and what is asked.
#[derive(Clone, Copy)]
pub struct MaterialsReader<'a> {
    /// The hub.
    pub services: &'a Services,
    /// Plans, regions, working days and clocks.
    pub rules: &'a Rulebook,
    /// Time and number of the request.
    pub ctx: &'a OpCtx,
    /// Who asks.
    pub actor: &'a Actor,
}

impl MaterialsReader<'_> {
    /// The content. Who is refused it is in the audit log before being told.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] without a seat at that table, [`HubError::Invalid`] for a region
    /// that is not known, [`HubError::NotFound`] where no plan covers region and year,
    /// [`HubError::Unavailable`] when database or audit log cannot answer.
    pub async fn content(&self, wanted: &ContentRequest) -> Result<Brief, HubError> {
        let Self { services, rules, ctx, actor } = *self;
        let region = rules.regions.present(wanted.region.as_str())?;
        let seat = self.seated(&region, &format!("{region} {}", wanted.year)).await?;
        let table = MeetingFile::load(&services.database, &seat, wanted.year, ctx.now()).await?;
        let sitting = MeetingContext { services, rules, ctx, actor, seat: &seat };
        let today = assemble::today(&sitting, wanted.year, &table).await?;
        let content = match wanted.which {
            ContentChoice::Shown => table.shown(&sitting, wanted.year, &today).await?,
            ContentChoice::Today => today,
        };
        // Whoever holds closed records that the figures count sees who counted them, before the
        // figures are shown.
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

    /// All meetings of the own region, the last first.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] for roles that take no part; what the database says.
    pub async fn held(&self) -> Result<Vec<StoredMeeting>, HubError> {
        let region = self.actor.region();
        let seat = self.seated(region, region.as_str()).await?;
        self.services.database.meetings(&seat, None).await
    }

    /// The seat; that it is refused is audited.
    async fn seated(&self, region: &RegionCode, about: &str) -> Result<Seat, HubError> {
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

/// Name of a file that holds the content, without its ending: `朔州市2024年度工伤预防联席会议材料`.
#[must_use]
pub fn file_name(content: &Brief) -> String {
    let region = &content.head.region;
    let label = if region.label.is_empty() { &region.code } else { &region.label };
    // A name of the region table; what a file system or a header takes for something else is left
    // out all the same.
    let label: String = label.chars().filter(|letter| letter.is_alphanumeric()).collect();
    format!("{label}{}年度工伤预防联席会议材料", content.head.year)
}
