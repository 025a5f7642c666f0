//! The meeting over HTTP: its page, its files, the choice of region and year, and signing in.
//!
//! Everything is readable without scripts. The content is that of `jointMeeting` in GraphQL: the
//! same function, rights, limit on concurrent requests and timeout.

mod choice;
mod corrections;
mod files;
mod forms;
mod origin;
mod page;
mod password;
mod place;
mod refused;
mod session;
mod shell;
mod sign_in;
mod tasks;

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, StatusCode, Uri, header},
    response::Response,
    routing::{get, post},
};
use brief::content::Brief;
use maud::{Markup, html};

use crate::{
    authz::actor::Actor,
    context::OpCtx,
    error::{HubError, Language},
    http::{
        language::language,
        meeting::{place::MeetingRoute, session::Visitor},
        refusal::Refusal,
        state::AppState,
    },
    meeting::room::{ContentRequest, MaterialsReader},
};

/// The routes `/meeting…`, `/sign-in` and `/password`.
pub fn routes() -> Router<Arc<AppState>> {
    let form = DefaultBodyLimit::max(sign_in::MOST_BYTES);
    Router::new()
        .route("/meeting", get(visit).fallback(otherwise))
        .route("/meeting/", get(visit).fallback(otherwise))
        .route(
            "/meeting/corrections",
            get(visit)
                .post(corrections::act)
                .layer(DefaultBodyLimit::max(corrections::MOST_BYTES))
                .fallback(otherwise),
        )
        .route(
            "/meeting/{*place}",
            get(visit)
                .post(tasks::act)
                .layer(DefaultBodyLimit::max(tasks::MOST_BYTES))
                .fallback(otherwise),
        )
        .route(
            sign_in::PATH,
            get(sign_in::show).post(sign_in::enter).layer(form).fallback(otherwise),
        )
        .route(
            password::PATH,
            get(password::show).post(password::change).layer(form).fallback(otherwise),
        )
        .route("/meeting/sign-out", post(sign_in::leave).fallback(otherwise))
}

/// The kind of an address, for metrics and logs; its parameters are not repeated.
pub(super) fn known(path: &str) -> &'static str {
    match path {
        "/meeting" => "/meeting",
        "/meeting/sign-out" => "/meeting/sign-out",
        "/meeting/corrections" => "/meeting/corrections",
        _ if path.ends_with("/tasks") => "/meeting/{region}/{year}/tasks",
        _ if path.ends_with("/brief.docx") => "/meeting/{region}/{year}/brief.docx",
        _ if path.ends_with("/brief.xlsx") => "/meeting/{region}/{year}/brief.xlsx",
        _ => "/meeting/{region}/{year}",
    }
}

/// Answers `GET` for everything under `/meeting`.
async fn visit(
    State(edge): State<Arc<AppState>>,
    Extension(ctx): Extension<OpCtx>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let asked = |name: &str| parameter(&uri, name);
    let place = MeetingRoute::of(uri.path(), uri.query().unwrap_or_default());
    let shown = async {
        let visitor = session::visitor(&edge, &headers, &ctx)?;
        let answer = match place.as_ref().ok_or_else(refused::nowhere)? {
            MeetingRoute::Choice => match (asked("region"), asked("year")) {
                (None, None) => choice::page(&edge, &ctx, &visitor).await,
                (region, year) => chosen(&region.unwrap_or_default(), &year.unwrap_or_default()),
            },
            MeetingRoute::Page(wanted) => page::show(&edge, &ctx, &visitor, wanted).await,
            MeetingRoute::File(wanted, file) => {
                files::fetch(&edge, &ctx, &visitor, wanted, *file).await
            }
            MeetingRoute::Corrections => {
                let page =
                    corrections::CorrectionDesk { asked: forms::asked(&edge, &ctx, &headers) };
                forms::show(page.asked, &page, &visitor, asked("done").is_some()).await
            }
            MeetingRoute::Tasks(place) => {
                let page = tasks::TaskPage { asked: forms::asked(&edge, &ctx, &headers), place };
                forms::show(page.asked, &page, &visitor, asked("done").is_some()).await
            }
        };
        answer.map(|mut answer| {
            visitor.goes_on(&mut answer);
            answer
        })
    };
    shown.await.unwrap_or_else(|refusal| {
        refused::page(
            &refusal,
            language(&headers),
            &ctx,
            place.as_ref(),
            refused::SentCookie::Refused,
        )
    })
}

/// Answers methods that an address does not support.
async fn otherwise(Extension(ctx): Extension<OpCtx>, headers: HeaderMap, uri: Uri) -> Response {
    let error =
        HubError::invalid("此地址不接受这种请求方法。", "This address does not take that method.");
    let allow = match uri.path() {
        "/sign-in" | "/password" => "GET, HEAD, POST",
        "/meeting/sign-out" => "POST",
        "/meeting/corrections" => "GET, HEAD, POST",
        path if path.ends_with("/tasks") => "GET, HEAD, POST",
        _ => "GET, HEAD",
    };
    let refusal = Refusal::new(StatusCode::METHOD_NOT_ALLOWED, error).with(header::ALLOW, allow);
    refused::page(&refusal, language(&headers), &ctx, None, refused::SentCookie::Kept)
}

/// A parameter of the address.
fn parameter(uri: &Uri, name: &str) -> Option<String> {
    let axum::extract::Query(pairs) =
        axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    pairs.into_iter().find_map(|(own, value)| (own == name).then_some(value))
}

/// Redirects to the meeting that was chosen.
fn chosen(region: &str, year: &str) -> Result<Response, Refusal> {
    let place = MeetingRoute::of(&format!("/meeting/{region}/{year}"), "").ok_or_else(|| {
        Refusal::bad(
            "地区须为六位区划代码（如 140600），年度须为四位数字（如 2024）。请返回重选。",
            "A region has a code of six digits, such as 140600; a year has four. Choose again.",
        )
    })?;
    Ok(shell::led_to(&place.to_string()))
}

/// The visitor as a reader of materials.
fn caller<'a>(edge: &'a AppState, ctx: &'a OpCtx, visitor: &'a Visitor) -> MaterialsReader<'a> {
    MaterialsReader { services: &edge.services, rules: &edge.rules, ctx, actor: &visitor.actor }
}

/// The content, produced within the hub's limit on concurrent requests and the timeout of one, and
/// converted by `made`.
async fn content<T: Send + 'static>(
    edge: &AppState,
    ctx: &OpCtx,
    visitor: &Visitor,
    wanted: &ContentRequest,
    made: impl FnOnce(Brief) -> Result<T, HubError> + Send + 'static,
) -> Result<T, Refusal> {
    let _place = edge.place().await?;
    let work = async {
        let content = caller(edge, ctx, visitor).content(wanted).await?;
        tokio::task::spawn_blocking(move || made(content)).await.map_err(HubError::internal)?
    };
    let late = |_| HubError::Unavailable("the page took too long".into());
    Ok(tokio::time::timeout(edge.timeout, work).await.map_err(late)??)
}

/// Who is signed in, and the way out for whoever came by a cookie.
fn visitor_line(edge: &AppState, visitor: &Visitor, language: Language) -> Markup {
    html! {
        div.who {
            span { (who(edge, &visitor.actor)) }
            @if visitor.by_cookie {
                form method="post" action="/meeting/sign-out" {
                    button.quiet type="submit" { (shell::say(language, "退出登录", "Sign out")) }
                }
            }
        }
    }
}

/// The signed-in organisation and account, for people: `朔州市 人社部门 demo`.
fn who(edge: &AppState, actor: &Actor) -> String {
    let reference = &edge.services.reference;
    let region = reference.region_name(actor.region().as_str()).unwrap_or(actor.region().as_str());
    let department = reference
        .label("department", actor.department().as_str())
        .unwrap_or(actor.department().as_str());
    format!("{region} {department} {}", actor.subject())
}
