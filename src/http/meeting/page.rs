//! `GET /meeting/{region}/{year}`: the page of a meeting.

use std::sync::Arc;

use axum::{http::StatusCode, response::Response};
use brief::{
    content::Coded,
    links::{Links, SignOut},
    page,
};

use crate::{
    authz::{actor::Actor, meeting::Seat, policy::Policy},
    context::OpCtx,
    domain::region::RegionCode,
    http::{
        meeting::{
            content,
            place::{MeetingDownload, MeetingRoute, TasksPlace},
            session::Visitor,
            shell, who,
        },
        refusal::Refusal,
        state::AppState,
    },
    meeting::room::ContentRequest,
};

/// Answers with the page of a meeting.
pub(super) async fn show(
    edge: &AppState,
    ctx: &OpCtx,
    visitor: &Visitor,
    wanted: &ContentRequest,
) -> Result<Response, Refusal> {
    let links = PageLinks {
        wanted: wanted.clone(),
        policy: Arc::clone(&edge.services.policy),
        actor: Arc::clone(&visitor.actor),
        sign_out: visitor.by_cookie.then(|| SignOut {
            action: "/meeting/sign-out".to_owned(),
            who: who(edge, &visitor.actor),
            token: None,
        }),
    };
    let text = content(edge, ctx, visitor, wanted, move |content| Ok(page::html(&content, &links)))
        .await?;
    Ok(shell::answer(StatusCode::OK, &page::style_hash(), text))
}

/// Links on the page: its files, and the pages of those regions below whose meeting the visitor may
/// see as well.
struct PageLinks {
    wanted: ContentRequest,
    policy: Arc<Policy>,
    actor: Arc<Actor>,
    sign_out: Option<SignOut>,
}

impl PageLinks {
    fn file(&self, file: MeetingDownload) -> Option<String> {
        Some(MeetingRoute::File(self.wanted.clone(), file).to_string())
    }
}

impl Links for PageLinks {
    fn docx(&self) -> Option<String> {
        self.file(MeetingDownload::Docx)
    }

    fn xlsx(&self) -> Option<String> {
        self.file(MeetingDownload::Xlsx)
    }

    fn tasks(&self) -> Option<String> {
        let place = TasksPlace { region: self.wanted.region.clone(), year: self.wanted.year };
        Some(MeetingRoute::Tasks(place).to_string())
    }

    fn sign_out(&self) -> Option<SignOut> {
        self.sign_out.clone()
    }

    fn region(&self, region: &Coded) -> Option<String> {
        let region =
            RegionCode::parse(&region.code).ok().filter(|region| *region != self.wanted.region)?;
        Seat::new(&self.policy, &self.actor, &region).ok()?;
        Some(
            MeetingRoute::Page(ContentRequest { region, number: None, ..self.wanted.clone() })
                .to_string(),
        )
    }
}
