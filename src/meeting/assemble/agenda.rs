//! The meeting itself as content: members, agenda, signed parts, resolutions.

use brief::content::{Coded, Meeting, Part, Resolution as Line};

use crate::{
    domain::clock,
    meeting::{
        assemble::{MeetingFile, coded},
        meetings::overdue,
    },
    store::{meeting::resolutions::StoredResolution, reference::Reference},
};

/// Number of a resolution: year, meeting, its own.
#[must_use]
pub fn number(one: &StoredResolution) -> String {
    let (year, meeting) = one.of;
    format!("{year}-{meeting}-{}", one.number)
}

/// The meeting, once it is called. A member that has not signed is there with its part missing.
pub(super) fn meeting(reference: &Reference, table: &MeetingFile) -> Option<Meeting> {
    let meeting = table.meeting.as_ref()?;
    let signed = table.frozen.as_ref().map(|(_, signed)| signed.as_slice()).unwrap_or_default();
    let kind = reference.label("meeting_kind", &meeting.plan.kind).unwrap_or(&meeting.plan.kind);
    let members: Vec<Coded> =
        meeting.plan.members.iter().map(|code| coded(reference, "department", code)).collect();
    let parts = members.iter().map(|member| {
        let own = signed.iter().find(|part| part.department == member.code);
        Part {
            department: member.clone(),
            signed_at: own.map(|part| part.signed_at),
            remark: own.and_then(|part| part.remark.clone()),
        }
    });
    Some(Meeting {
        title: format!("{}年度第{}次（{kind}）", meeting.year, meeting.number),
        held_at: meeting.plan.held_at,
        parts: parts.collect(),
        members,
        agenda: meeting.plan.agenda.clone(),
    })
}

/// Resolutions with their state on the day of the table; what earlier meetings left open is
/// carried.
pub(super) fn resolutions(reference: &Reference, table: &MeetingFile) -> Vec<Line> {
    let today = clock::shanghai_date(table.at);
    let own = table.meeting.as_ref().map(|meeting| meeting.id);
    let line = |one: &StoredResolution| {
        let state = if overdue(one, today) {
            Coded { code: "OVERDUE".to_owned(), label: "逾期".to_owned() }
        } else if one.state == "OPEN" && own.is_some_and(|own| own != one.meeting) {
            Coded { code: "CARRIED".to_owned(), label: "转入本次会议".to_owned() }
        } else {
            coded(reference, "resolution_state", &one.state)
        };
        Line {
            number: number(one),
            text: one.task.content.clone(),
            owner: coded(reference, "department", &one.task.owner),
            due: one.task.due,
            state,
            progress: one.progress.clone(),
        }
    };
    table.resolutions.iter().map(line).collect()
}
