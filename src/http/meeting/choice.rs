//! `GET /meeting`: choosing region and year, and the list of meetings held.

use axum::{http::StatusCode, response::Response};
use chrono::Datelike as _;
use maud::html;

use crate::{
    context::OpCtx,
    domain::{clock, region::RegionCode},
    error::Language,
    http::{
        meeting::{caller, place::MeetingRoute, session::Visitor, shell, visitor_line},
        refusal::Refusal,
        state::AppState,
    },
    meeting::room::{ContentChoice, ContentRequest},
};

/// `GET /meeting`: the page with the form for region and year.
pub(super) async fn page(
    edge: &AppState,
    ctx: &OpCtx,
    visitor: &Visitor,
) -> Result<Response, Refusal> {
    let _place = edge.place().await?;
    let held = caller(edge, ctx, visitor).held().await?;
    let reference = &edge.services.reference;
    let own = visitor.actor.region();
    let below = reference.table("region").into_iter().flat_map(|table| &table.codes);
    let below = below
        .filter(|code| RegionCode::parse(&code.code).is_ok_and(|region| own.contains(&region)));
    let year = clock::shanghai_date(ctx.now()).year();
    let body = html! {
        (visitor_line(edge, visitor, Language::Chinese))
        p { a href=(MeetingRoute::Corrections) { "数据校核" } }
        form method="get" action=(MeetingRoute::Choice) {
            label for="region" { "地区" }
            select #region name="region" {
                @for code in below {
                    option value=(code.code) selected[code.code == own.as_str()] { (code.name_zh) "（" (code.code) "）" }
                }
            }
            label for="year" { "考核年度" }
            input #year type="number" name="year" min="2019" max=(year + 1) value=(year - 1) required;
            button type="submit" { "打开会议材料" }
        }
        h2 { "历次会议" }
        @if held.is_empty() {
            p.note { "本地区尚未召集过联席会议。材料按今日数据编制，随时可以查看。" }
        } @else {
            ul {
                @for meeting in &held {
                    @let wanted = ContentRequest { region: own.clone(), year: meeting.year, number: Some(meeting.number), which: ContentChoice::Shown };
                    li {
                        a href=(MeetingRoute::Page(wanted)) {
                            (meeting.year) "年度第" (meeting.number) "次（"
                            (reference.label("meeting_kind", &meeting.plan.kind).unwrap_or(&meeting.plan.kind)) "）"
                        }
                    }
                }
            }
        }
    };
    Ok(shell::page(StatusCode::OK, Language::Chinese, "工伤预防联席会议材料", &body))
}
