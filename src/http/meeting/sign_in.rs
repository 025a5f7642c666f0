//! Signing in with a token, and signing out. The token arrives in the body of a form and leaves in
//! a cookie; it is in no address, page or log.

use std::sync::Arc;

use axum::{
    Extension, Form,
    extract::{State, rejection::FormRejection},
    http::{HeaderMap, StatusCode, Uri, header},
    response::Response,
};
use maud::html;
use serde::Deserialize;

use crate::{
    context::OpCtx,
    error::{HubError, Language},
    http::{
        language::language,
        meeting::{
            origin::{self, Reached},
            parameter,
            place::MeetingRoute,
            refused, session,
            shell::{self, led_to, say},
        },
        refusal::Refusal,
        state::AppState,
    },
};

/// Bytes of a form at most.
pub(super) const MOST_BYTES: usize = 16 * 1024;

/// Address of the form and of its submission.
pub(super) const PATH: &str = "/sign-in";

/// The submitted form.
#[derive(Deserialize)]
pub(super) struct SignInForm {
    #[serde(default)]
    token: String,
    #[serde(default)]
    next: String,
}

/// `GET /sign-in`: the page with the form; `next` says where to go afterwards.
pub(super) async fn show(headers: HeaderMap, uri: Uri) -> Response {
    let place = parameter(&uri, "next")
        .and_then(|next| MeetingRoute::parse(&next))
        .unwrap_or(MeetingRoute::Choice);
    form(language(&headers), &place, None)
}

/// `POST /sign-in`: checks the token, sets the session cookie and redirects to `next`.
pub(super) async fn enter(
    State(edge): State<Arc<AppState>>,
    Extension(ctx): Extension<OpCtx>,
    headers: HeaderMap,
    uri: Uri,
    entry: Result<Form<SignInForm>, FormRejection>,
) -> Response {
    let language = language(&headers);
    let (entered, place) = match entry {
        Ok(Form(entry)) => {
            let place = MeetingRoute::parse(&entry.next).unwrap_or(MeetingRoute::Choice);
            (entered(&edge, &ctx, &headers, &uri, &entry, &place), place)
        }
        Err(rejection) => (Err(unread(&rejection)), MeetingRoute::Choice),
    };
    entered.unwrap_or_else(|refusal| refused::page(&refusal, language, &ctx, Some(&place)))
}

fn entered(
    edge: &AppState,
    ctx: &OpCtx,
    headers: &HeaderMap,
    uri: &Uri,
    entry: &SignInForm,
    place: &MeetingRoute,
) -> Result<Response, Refusal> {
    let reached = origin::own(headers, uri)?;
    let token = pasted(&entry.token);
    let actor = edge.services.tokens.check(&edge.services.policy, &token, ctx.now().timestamp())?;
    let secure = edge.secure_cookies && reached != Reached::OnLoopback;
    if secure && reached == Reached::Plainly {
        return Err(Refusal::bad(
            "浏览器经未加密的连接（http）访问本站，登录信息无法安全保存。请改用 https 地址；确需在内部网络使用 http 的，由运行维护人员设置 secure_cookies = false。",
            "This site was reached over an unencrypted connection, over which a session is not kept. Use its https address; where http inside a network is meant, whoever runs the hub sets `secure_cookies = false`.",
        ));
    }
    let mut answer = led_to(&place.to_string());
    answer
        .headers_mut()
        .append(header::SET_COOKIE, session::session_cookie(&token, &actor, ctx, secure)?);
    Ok(answer)
}

/// A pasted token: with or without `Bearer` in front, and with any line breaks.
fn pasted(text: &str) -> String {
    let text = text.trim();
    let token = match text.split_once(char::is_whitespace) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token,
        _ => text,
    };
    token.split_whitespace().collect()
}

fn unread(rejection: &FormRejection) -> Refusal {
    let status = rejection.status();
    let error = if status == StatusCode::PAYLOAD_TOO_LARGE {
        HubError::invalid(
            "提交的内容过长，不是令牌。请只粘贴令牌。",
            "That is too long to be a token. Paste the token alone.",
        )
    } else {
        HubError::invalid(
            "提交的内容无法识别。请从本站登录页提交。",
            "The form cannot be read. Send it from the sign-in page.",
        )
    };
    Refusal::new(status, error)
}

/// `POST /sign-out`: removes the session cookie and redirects to the form.
pub(super) async fn leave(
    Extension(ctx): Extension<OpCtx>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    match origin::own(&headers, &uri) {
        Ok(_) => {
            let mut answer = led_to(PATH);
            if let Some(cookie) = session::ended() {
                answer.headers_mut().append(header::SET_COOKIE, cookie);
            }
            answer
        }
        Err(error) => refused::page(&error.into(), language(&headers), &ctx, None),
    }
}

/// The form, with the error of the last attempt. The text entered is not shown again.
pub(super) fn form(
    language: Language,
    place: &MeetingRoute,
    wrong: Option<(&Refusal, &OpCtx)>,
) -> Response {
    let body = html! {
        @if let Some((refusal, ctx)) = wrong {
            (refused::sentence(refusal, language, ctx))
        }
        form method="post" action=(PATH) {
            input type="hidden" name="next" value=(place);
            label for="token" { (say(language, "访问令牌", "Token")) }
            input #token type="password" name="token" required autocomplete="off" autocapitalize="none" spellcheck="false"
                aria-describedby=(if wrong.is_some() { "about error" } else { "about" }) aria-invalid=[wrong.map(|_| "true")];
            p.note #about {
                (say(
                    language,
                    "把令牌粘贴在这里。令牌由本单位负责共享工作的机构或平台运行维护人员签发；登录在令牌到期时自动结束。",
                    "Paste your token. It is issued by the office that is in charge of sharing, or by whoever runs the hub. You stay signed in until it ends.",
                ))
            }
            button type="submit" { (say(language, "登录", "Sign in")) }
        }
        @if wrong.is_some() {
            p.note {
                (say(language, "已经登录、从别处链接来到这里？", "Signed in already and came here from elsewhere?"))
                " "
                a href=(place) { (say(language, "重新打开", "Open it again")) }
            }
        }
    };
    let status = wrong.map_or(StatusCode::OK, |(refusal, _)| refusal.status);
    shell::page(status, language, say(language, "登录", "Sign in"), &body)
}

#[cfg(test)]
mod tests {
    use super::pasted;

    #[test]
    fn a_token_is_read_however_it_was_copied() {
        for text in ["a.b.c", " a.b.c\n", "Bearer a.b.c", "bearer\ta.b\r\n.c", "a.b\n.c"] {
            assert_eq!(pasted(text), "a.b.c", "{text:?}");
        }
    }
}
