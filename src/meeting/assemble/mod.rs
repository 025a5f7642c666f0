//! Puts the materials of a meeting together: one content out of plan, indicators, returns, leads,
//! hazards, employers and resolutions, under the rights of whoever asks.

mod agenda;
mod ahead;
mod caveats;
mod figures;
mod hazards;
mod head;
mod returns;
mod targets;
mod tasks;
mod visits;

use brief::content::{Brief, Coded, Heat};
use chrono::{DateTime, Utc};

use crate::{
    authz::meeting::{LeadReach, Seat},
    error::HubError,
    meeting::{
        indicators::{self, FigureBasis, SheetQuery},
        leads,
        materials::{self, Eye},
        returns::MeetingContext,
    },
    store::{
        meeting::{
            meetings::{SignedPart, StoredMaterials, StoredMeeting},
            resolutions::StoredResolution,
        },
        reference::Reference,
        sql::database::Database,
    },
};

pub use agenda::number;

/// What lies on the table: the meeting itself, what is frozen of it, what earlier ones resolved.
pub struct MeetingFile {
    /// The meeting that was asked for, else the last one of the year.
    pub meeting: Option<StoredMeeting>,
    /// Its materials and who signed them.
    pub frozen: Option<(StoredMaterials, Vec<SignedPart>)>,
    /// Open resolutions of earlier meetings, and all of this one.
    pub resolutions: Vec<StoredResolution>,
    /// When it was looked at.
    pub at: DateTime<Utc>,
}

impl MeetingFile {
    /// The table of a seat's region and a year: that of its meeting of a number, else of its last
    /// one.
    ///
    /// # Errors
    ///
    /// [`HubError::NotFound`] where the year has no meeting of that number; what the database says.
    pub async fn load(
        database: &Database,
        seat: &Seat,
        (year, number): (i32, Option<i32>),
        at: DateTime<Utc>,
    ) -> Result<Self, HubError> {
        let meetings = database.meetings(seat, None).await?;
        let last = (year, number.unwrap_or(i32::MAX));
        let later = |meeting: &StoredMeeting| (meeting.year, meeting.number) > last;
        let mut until = meetings.into_iter().skip_while(later).peekable();
        let meeting = until.next_if(|meeting| meeting.year == year);
        if number.is_some_and(|own| meeting.as_ref().is_none_or(|meeting| meeting.number != own)) {
            return Err(HubError::NotFound);
        }
        let of: Vec<_> = meeting.iter().chain(until.peek()).map(|meeting| meeting.id).collect();
        let mut resolutions = database.resolutions(seat, &of).await?;
        // What a later meeting resolved is nothing to an earlier one.
        resolutions.retain(|one| one.of <= last);
        let frozen = match &meeting {
            Some(meeting) => database.materials(seat, meeting).await?,
            None => None,
        };
        Ok(Self { meeting, frozen, resolutions, at })
    }

    /// What this meeting resolved.
    fn own(&self) -> impl Iterator<Item = &StoredResolution> {
        let meeting = self.meeting.as_ref().map(|meeting| meeting.id);
        self.resolutions.iter().filter(move |one| Some(one.meeting) == meeting)
    }

    /// The content that is shown: as it was frozen, with what differs today; today's where nothing
    /// is frozen. Frozen content holds exact figures: it is for the members of the meeting and for
    /// seats that see such figures anyway. It is compared with what the office that froze it would
    /// freeze today, and of what differs the seat is told what it sees today itself. Single records,
    /// employers by name and leads are to others than the leading department what they are today.
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] when the frozen text and its digest disagree; those of [`today`].
    pub async fn shown(
        &self,
        sitting: &MeetingContext<'_>,
        year: i32,
        today: &Brief,
    ) -> Result<Brief, HubError> {
        let seat = sitting.seat;
        let member = |meeting: &StoredMeeting| {
            meeting.plan.members.iter().any(|member| member == seat.department().as_str())
        };
        let open = seat.exact() || self.meeting.as_ref().is_some_and(member);
        let Some((frozen, _)) = self.frozen.as_ref().filter(|_| open) else {
            return Ok(today.clone());
        };
        let mut content = materials::thawed(&frozen.content, &frozen.digest)?;
        let again = match seat.office() {
            Some((actor, office)) => {
                &self::today(
                    &MeetingContext { actor: &actor, seat: &office, ..*sitting },
                    year,
                    self,
                )
                .await?
            }
            None => today,
        };
        content.differences = materials::differences(&content, again, &Eye { seat, today });
        // What the meeting resolved came after its materials: it stands beside them, as it is
        // today.
        let own: Vec<String> = self.own().map(number).collect();
        content.resolutions.retain(|line| !own.contains(&line.number));
        content
            .resolutions
            .extend(today.resolutions.iter().filter(|line| own.contains(&line.number)).cloned());
        content.meeting.clone_from(&today.meeting);
        // Leads between departments are told to the others when they are assigned, and single records
        // and what is counted at an employer to whoever may list them, frozen or not: a record made
        // up before the freeze would bring any employer into the list with what others hold of it.
        if seat.leads() == LeadReach::Own {
            content.hazards.clone_from(&today.hazards);
            content.hazards_note.clone_from(&today.hazards_note);
            content.employers.clone_from(&today.employers);
            content.employers_note.clone_from(&today.employers_note);
            content.leads.clone_from(&today.leads);
            content.head.basis.retain(|sentence| !caveats::is_of_leads(sentence));
            let own = today.head.basis.iter().filter(|sentence| caveats::is_of_leads(sentence));
            content.head.basis.extend(own.cloned());
        }
        Ok(content)
    }
}

/// A code of a table with its Chinese name; the code itself where the table does not know it.
pub(crate) fn coded(reference: &Reference, table: &str, code: &str) -> Coded {
    let label = reference.label(table, code).unwrap_or(code);
    Coded { code: code.to_owned(), label: label.to_owned() }
}

/// A region with its name.
pub(crate) fn place(reference: &Reference, code: &str) -> Coded {
    Coded { code: code.to_owned(), label: reference.region_name(code).unwrap_or(code).to_owned() }
}

/// The content as of today.
///
/// # Errors
///
/// [`HubError::NotFound`] where no plan covers the region and year; those of the parts.
pub async fn today(
    sitting: &MeetingContext<'_>,
    year: i32,
    table: &MeetingFile,
) -> Result<Brief, HubError> {
    let reference = &sitting.services.reference;
    let (hazards, hazards_note) = hazards::overdue(sitting).await?;
    let (employers, employers_note) = visits::employers(sitting, year).await?;
    let mut content = Brief {
        head: head::head(sitting, year, table)?,
        headlines: Vec::new(),
        figures: Vec::new(),
        trends: Vec::new(),
        accident_types: Vec::new(),
        heat: Heat::default(),
        exposure: Vec::new(),
        returns: returns::board(sitting, year).await?,
        tasks: Some(tasks::lines(sitting, year).await?),
        leads: leads::groups(sitting.services, sitting.seat, year).await?,
        hazards,
        hazards_note,
        employers,
        employers_note,
        resolutions: agenda::resolutions(reference, table),
        meeting: agenda::meeting(reference, table),
        differences: Vec::new(),
    };
    let asked = SheetQuery {
        year,
        plan: None,
        industries: None,
        indicators: None,
        basis: FigureBasis::default(),
    };
    let sheet = indicators::sheet(sitting, &asked).await?;
    figures::put(reference, &sheet, &mut content);
    content.headlines.extend(targets::headlines(sitting, &sheet, &content.headlines).await?);
    content.headlines.extend(ahead::headlines(sitting, year));
    caveats::put(sitting, year, &mut content).await?;
    Ok(content)
}
