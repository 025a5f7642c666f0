//! Signing in with an account or a token, and signing out. What proves who somebody is arrives in
//! the body of a form, and a token leaves in a cookie; nothing of it is in an address, page or log.

use std::sync::Arc;

use axum::{
    Extension, Form,
    extract::{State, rejection::FormRejection},
    http::{HeaderMap, StatusCode, Uri, header},
    response::Response,
};
use maud::html;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::{
    accounts::sign_in::Credentials,
    context::OpCtx,
    domain::account::{AccountKind, narrow},
    error::{HubError, Language},
    http::{
        language::language,
        meeting::{
            origin::{self, Reached},
            parameter, password,
            place::MeetingRoute,
            refused::{self, SentCookie},
            session::{self, Signed},
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
    login: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: String,
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
    let language = language(&headers);
    if parameter(&uri, "changed").is_some() {
        let told = say(
            language,
            "口令已修改。请用新口令登录。",
            "The password is changed. Sign in with the new one.",
        );
        return form(language, &place, SignInNote::Told(told));
    }
    form(language, &place, SignInNote::None)
}

/// `POST /sign-in`: checks account or token, sets the session cookie and redirects to `next`.
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
            (entered(&edge, &ctx, &headers, &uri, entry, &place).await, place)
        }
        Err(rejection) => (Err(unread(&rejection)), MeetingRoute::Choice),
    };
    let refused = |refusal| refused::page(&refusal, language, &ctx, Some(&place), SentCookie::Kept);
    entered.unwrap_or_else(refused)
}

async fn entered(
    edge: &AppState,
    ctx: &OpCtx,
    headers: &HeaderMap,
    uri: &Uri,
    entry: SignInForm,
    place: &MeetingRoute,
) -> Result<Response, Refusal> {
    let secure = secured(edge, headers, uri)?;
    let (token, signed) = if entry.token.trim().is_empty() {
        let credentials = Credentials {
            login: plain(&entry.login),
            password: Zeroizing::new(entry.password),
            code: entry.code,
        };
        let sign_ins = &edge.services.sign_ins;
        match sign_ins.sign_in(ctx, AccountKind::Person, credentials).await {
            Err(error @ HubError::Forbidden(_)) => {
                let refusal = Refusal::from(error);
                return Ok(password::form(language(headers), Some((&refusal, ctx))));
            }
            signed_in => (signed_in?.text, Signed::In),
        }
    } else {
        (pasted(&entry.token), Signed::Pasted)
    };
    let actor = edge.services.tokens.check(&edge.services.policy, &token, ctx.now().timestamp())?;
    let mut answer = led_to(&place.to_string());
    for cookie in session::session_cookies((&token, signed), &actor, ctx, secure)? {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(answer)
}

/// Whether a form came over a connection for which the cookie is marked as secure.
///
/// # Errors
///
/// 403 for a form of another site, 400 over plain HTTP where a secure connection is asked for:
/// nothing of such a form is looked at.
pub(super) fn secured(edge: &AppState, headers: &HeaderMap, uri: &Uri) -> Result<bool, Refusal> {
    let reached = origin::own(headers, uri)?;
    let secure = edge.secure_cookies && reached != Reached::OnLoopback;
    if secure && reached == Reached::Plainly {
        return Err(Refusal::bad(
            "浏览器经未加密的连接（http）访问本站，登录信息无法安全保存。请改用 https 地址；确需在内部网络使用 http 的，由运行维护人员设置 secure_cookies = false。",
            "This site was reached over an unencrypted connection, over which a session is not kept. Use its https address; where http inside a network is meant, whoever runs the hub sets `secure_cookies = false`.",
        ));
    }
    Ok(secure)
}

/// The name of an account as it is meant: without blanks around it, in small letters, and in those of
/// a Latin keyboard where an input method made wide ones of them.
pub(super) fn plain(login: &str) -> String {
    login.trim().chars().map(narrow).collect::<String>().to_lowercase()
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

pub(super) fn unread(rejection: &FormRejection) -> Refusal {
    let status = rejection.status();
    let error = if status == StatusCode::PAYLOAD_TOO_LARGE {
        HubError::invalid(
            "提交的内容过长。请只填账号和口令，或只粘贴令牌。",
            "That is too long. Give account and password, or paste the token alone.",
        )
    } else {
        HubError::invalid(
            "提交的内容无法识别。请从本站登录页提交。",
            "The form cannot be read. Send it from the sign-in page.",
        )
    };
    Refusal::new(status, error)
}

/// `POST /meeting/sign-out`, where the cookie is sent: ends the session, removes its cookie and redirects to the form.
pub(super) async fn leave(
    State(edge): State<Arc<AppState>>,
    Extension(ctx): Extension<OpCtx>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let own = origin::own(&headers, &uri);
    let left = match &own {
        Ok(_) => session::left(&edge, &headers, &ctx).await,
        Err(_) => Ok(()),
    };
    let mut answer = match own.map(|_| ()).and(left) {
        Ok(()) => led_to(PATH),
        Err(error @ HubError::Forbidden(_)) => {
            return refused::page(&error.into(), language(&headers), &ctx, None, SentCookie::Kept);
        }
        // The browser forgets it all the same.
        Err(error) => {
            refused::page(&error.into(), language(&headers), &ctx, None, SentCookie::Refused)
        }
    };
    for cookie in session::ended() {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
    answer
}

/// What stands above the form.
#[derive(Clone, Copy)]
pub(super) enum SignInNote<'a> {
    /// Nothing.
    None,
    /// That something went well.
    Told(&'static str),
    /// What was wrong with the last attempt.
    Wrong(&'a Refusal, &'a OpCtx),
}

/// The form, with the error of the last attempt. The text entered is not shown again.
pub(super) fn form(language: Language, place: &MeetingRoute, note: SignInNote<'_>) -> Response {
    let wrong = match note {
        SignInNote::Wrong(refusal, ctx) => Some((refusal, ctx)),
        SignInNote::None | SignInNote::Told(_) => None,
    };
    let body = html! {
        @if let SignInNote::Told(text) = note {
            p role="status" { (text) }
        }
        @if let Some((refusal, ctx)) = wrong {
            (refused::sentence(refusal, language, ctx))
        }
        form method="post" action=(PATH) {
            input type="hidden" name="next" value=(place);
            label for="login" { (say(language, "账号", "Account")) }
            input #login name="login" required autocomplete="username" autocapitalize="none" spellcheck="false"
                aria-describedby=[wrong.map(|_| "error")] aria-invalid=[wrong.map(|_| "true")];
            label for="password" { (say(language, "口令", "Password")) }
            input #password type="password" name="password" required autocomplete="current-password";
            label for="code" { (say(language, "动态口令（已登记的填写六位数字）", "Code (six digits, if you have a second factor)")) }
            input #code name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="9" aria-describedby="about";
            p.note #about {
                (say(
                    language,
                    "账号由平台管理员开设。初次登录先修改初始口令；每个动态口令只能用一次；离开时请退出；三十分钟没有操作或满八小时，须重新登录。",
                    "Whoever runs the hub makes accounts. Change a first password first; a code is good once; sign out when you leave, and sign in again after thirty minutes without use, or eight hours.",
                ))
            }
            button type="submit" { (say(language, "登录", "Sign in")) }
            " "
            a href=(password::PATH) { (say(language, "修改口令", "Change the password")) }
        }
        details {
            summary { (say(language, "用令牌登录", "Sign in with a token")) }
            form method="post" action=(PATH) {
                input type="hidden" name="next" value=(place);
                label for="token" { (say(language, "访问令牌", "Token")) }
                input #token type="password" name="token" required autocomplete="off" autocapitalize="none" spellcheck="false"
                    aria-describedby="about-token";
                p.note #about-token {
                    (say(
                        language,
                        "把令牌粘贴在这里。令牌由本单位负责共享工作的机构或平台运行维护人员签发；登录在令牌到期时自动结束。",
                        "Paste your token. It is issued by the office that is in charge of sharing, or by whoever runs the hub. You stay signed in until it ends.",
                    ))
                }
                button type="submit" { (say(language, "用令牌登录", "Sign in with the token")) }
            }
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
