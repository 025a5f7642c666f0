//! From the meeting to what clients see.

use chrono::NaiveDate;

use super::{
    outer,
    types::{Materials, MaterialsPart, Meeting, Resolution},
};
use crate::{
    authz::meeting::{LEAD, Seat},
    graphql::declared::kinds::{Day, Department, Instant, MeetingKind, ResolutionState},
    meeting::{assemble, meetings::overdue},
    store::{
        meeting::{meetings, resolutions},
        seal::Seal,
    },
};

pub(super) fn meeting(seal: &Seal, meeting: &meetings::StoredMeeting) -> Meeting {
    Meeting {
        id: outer(seal, "Meeting", meeting.id),
        region_code: meeting.region.clone(),
        year: meeting.year,
        number: meeting.number,
        kind: MeetingKind::from(&meeting.plan.kind),
        held_at: meeting.plan.held_at.map(Instant),
        members: meeting.plan.members.iter().map(Department::from).collect(),
        agenda: meeting.plan.agenda.clone(),
        version: meeting.version,
    }
}

/// A part of a member that has not signed is there without an instant. The digest is for those who
/// may sign or lead: whoever is told little of the content is told no digest of all of it.
pub(super) fn materials(
    seat: &Seat,
    meeting: &meetings::StoredMeeting,
    materials: &meetings::StoredMaterials,
    signed: &[meetings::SignedPart],
) -> Materials {
    let part = |member: &String| {
        let own = signed.iter().find(|part| part.department == *member);
        MaterialsPart {
            department: Department::from(member),
            signed_at: own.map(|part| Instant(part.signed_at)),
            remark: own.and_then(|part| part.remark.clone()),
        }
    };
    Materials {
        number: materials.number,
        digest: (*seat.department() == LEAD
            || meeting.plan.members.iter().any(|own| own == seat.department().as_str()))
        .then(|| materials.digest.clone()),
        frozen_at: Instant(materials.frozen_at),
        parts: meeting.plan.members.iter().map(part).collect(),
    }
}

pub(super) fn resolution(
    seal: &Seal,
    own: &resolutions::StoredResolution,
    meeting: Option<&meetings::StoredMeeting>,
    today: NaiveDate,
) -> Resolution {
    Resolution {
        id: outer(seal, "Resolution", own.id),
        number: assemble::number(own),
        content: own.task.content.clone(),
        owner: Department::from(&own.task.owner),
        due: own.task.due.map(Day),
        state: ResolutionState::from(&own.state),
        overdue: overdue(own, today),
        carried: meeting.is_some_and(|meeting| meeting.id != own.meeting),
        progress: own.progress.clone(),
        version: own.version,
    }
}
