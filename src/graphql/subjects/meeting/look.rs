//! `jointMeeting` and `jointMeetings`.

use async_graphql::dynamic::ResolverContext;
use brief::content::Brief;

use super::{
    inputs::{JointMeetingOf, JointMeetings},
    types::{JointMeeting, Meeting},
    values,
};
use crate::{
    domain::clock,
    error::HubError,
    graphql::{
        context::{rules, seat, session},
        fault::note_below,
        records::session::Session,
    },
    meeting::{
        assemble::{self, MeetingFile},
        returns::MeetingContext,
    },
};

/// The content is put together only where it is asked for, and once.
pub(super) async fn meeting(
    ctx: &ResolverContext<'_>,
    given: JointMeetingOf,
) -> Result<JointMeeting, HubError> {
    let (session, seat, year) = (session(ctx), seat(ctx, &given.region)?, given.year.0);
    let (seal, database) = (&session.services.seal, &session.services.database);
    let which = (year, given.number);
    let table = MeetingFile::load(database, &seat, which, session.ctx.now()).await?;
    let meeting = table.meeting.as_ref();
    let day = clock::shanghai_date(table.at);
    let mut answer = JointMeeting {
        region_code: seat.region().to_string(),
        year,
        meeting: meeting.map(|meeting| values::meeting(seal, meeting)),
        materials: meeting
            .zip(table.frozen.as_ref())
            .map(|(own, (frozen, signed))| values::materials(&seat, own, frozen, signed)),
        resolutions: table
            .resolutions
            .iter()
            .map(|own| values::resolution(seal, own, meeting, day))
            .collect(),
        brief: None,
        today: None,
    };
    let asked = |name: &str| ctx.ctx.look_ahead().field(name).exists();
    if asked("brief") || asked("today") {
        let sitting = MeetingContext {
            services: &session.services,
            rules: rules(ctx),
            ctx: &session.ctx,
            actor: session.actor()?,
            seat: &seat,
        };
        match assemble::today(&sitting, year, &table).await {
            Ok(today) => {
                if asked("brief") {
                    match table.shown(&sitting, year, &today).await {
                        Ok(shown) => answer.brief = Some(counted(session, shown)),
                        Err(error) => note_below(ctx, "brief", &error),
                    }
                }
                if asked("today") {
                    answer.today = Some(counted(session, today));
                }
            }
            Err(error) => {
                ["brief", "today"].into_iter().for_each(|name| note_below(ctx, name, &error))
            }
        }
    }
    Ok(answer)
}

/// Content that leaves, with its figures counted for the audit log.
fn counted(session: &Session, content: Brief) -> Brief {
    session.count_figures(content.figures.len());
    content
}

pub(super) async fn meetings(
    ctx: &ResolverContext<'_>,
    given: JointMeetings,
) -> Result<Vec<Option<Meeting>>, HubError> {
    let (services, seat) = (&session(ctx).services, seat(ctx, &given.region)?);
    let meetings = services.database.meetings(&seat, None).await?;
    Ok(meetings.iter().map(|meeting| Some(values::meeting(&services.seal, meeting))).collect())
}
