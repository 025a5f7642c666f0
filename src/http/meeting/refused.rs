//! Refusals as pages: what is wrong, what to do next, and the code and request number that other
//! answers carry as well.

use axum::{http::StatusCode, response::Response};
use maud::{Markup, html};

use crate::{
    context::OpCtx,
    error::{HubError, Language, Of, Text},
    http::{
        meeting::{
            place::MeetingRoute,
            session,
            shell::{self, say},
            sign_in::{self, SignInNote},
        },
        refusal::Refusal,
    },
};

/// Whether the refusal is about the cookie that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SentCookie {
    /// What it holds is refused.
    Refused,
    /// Nothing was said of it.
    Kept,
}

/// The refusal for an unknown address.
pub(super) fn nowhere() -> Refusal {
    HubError::NotFound.into()
}

/// The refusal as a page. Without a session it contains the form for signing in, which then leads
/// to `place`.
pub(super) fn page(
    refusal: &Refusal,
    language: Language,
    ctx: &OpCtx,
    place: Option<&MeetingRoute>,
    cookie: SentCookie,
) -> Response {
    refusal.error.log(Of::Request(ctx.request()), "page refused");
    let mut answer = if refusal.status == StatusCode::UNAUTHORIZED {
        let mut answer = sign_in::form(
            language,
            place.unwrap_or(&MeetingRoute::Choice),
            SignInNote::Wrong(refusal, ctx),
        );
        // Removes a cookie that is no longer valid: not that of somebody who only mistyped elsewhere.
        if cookie == SentCookie::Refused {
            for cookie in session::ended() {
                answer.headers_mut().append(axum::http::header::SET_COOKIE, cookie);
            }
        }
        answer
    } else {
        let body = html! {
            (sentence(refusal, language, ctx))
            p { a href=(MeetingRoute::Choice) { (say(language, "选择地区和年度", "Choose region and year")) } }
            @if refusal.status == StatusCode::FORBIDDEN {
                p { a href="/sign-in" { (say(language, "换用其他账号登录", "Sign in with another account")) } }
            }
        };
        shell::page(refusal.status, language, title(refusal.status, language), &body)
    };
    refusal.put_headers(answer.headers_mut());
    answer
}

/// What is wrong, with code and number.
pub(super) fn sentence(refusal: &Refusal, language: Language, ctx: &OpCtx) -> Markup {
    let text = match &refusal.error {
        HubError::NotFound => Text::new(
            "没有这个地区、年度或文件的会议材料，或该年度没有适用的规划。请核对地址，或重新选择地区和年度。",
            "There are no materials of that region, year or name, or no plan covers that year. Check the address, or choose again.",
        ),
        error => error.text(),
    };
    html! {
        p.alert #error role="alert" { (text.say(language)) }
        p.note { code { (refusal.error.code()) } " · " (say(language, "请求编号 ", "request ")) code { (ctx.request()) } }
    }
}

fn title(status: StatusCode, language: Language) -> &'static str {
    match status {
        StatusCode::FORBIDDEN => say(language, "无权进行此操作", "Not allowed"),
        StatusCode::NOT_FOUND => say(language, "没有找到", "Not found"),
        StatusCode::SERVICE_UNAVAILABLE => {
            say(language, "服务暂时不可用", "Unavailable for the moment")
        }
        status if status.is_server_error() => say(language, "服务内部错误", "Internal error"),
        _ => say(language, "请求无法处理", "The request cannot be answered"),
    }
}
