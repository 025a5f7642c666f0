//! Changing one's own password, before or between sign-ins. It ends what the account was signed in
//! with.

use std::sync::Arc;

use axum::{
    Extension, Form,
    extract::{State, rejection::FormRejection},
    http::{HeaderMap, StatusCode, Uri},
    response::Response,
};
use maud::html;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::{
    accounts::sign_in::Credentials,
    context::OpCtx,
    error::Language,
    http::{
        language::language,
        meeting::{
            refused,
            shell::{self, led_to, say},
            sign_in,
        },
        refusal::Refusal,
        state::AppState,
    },
};

/// Address of the form and of its submission.
pub(super) const PATH: &str = "/password";

/// The submitted form.
#[derive(Deserialize)]
pub(super) struct PasswordForm {
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    chosen: String,
    #[serde(default)]
    again: String,
}

/// `GET /password`: the page with the form.
pub(super) async fn show(headers: HeaderMap) -> Response {
    form(language(&headers), None)
}

/// `POST /password`: changes the password and leads to the sign-in page.
pub(super) async fn change(
    State(edge): State<Arc<AppState>>,
    Extension(ctx): Extension<OpCtx>,
    headers: HeaderMap,
    uri: Uri,
    entry: Result<Form<PasswordForm>, FormRejection>,
) -> Response {
    let changed = async {
        sign_in::secured(&edge, &headers, &uri)?;
        let Form(entry) = entry.map_err(|rejection| sign_in::unread(&rejection))?;
        let chosen = Zeroizing::new(entry.chosen);
        if *chosen != entry.again {
            return Err(Refusal::bad(
                "两次填写的新口令不一致。请重新填写。",
                "The new password was not written the same twice. Write it again.",
            ));
        }
        let credentials = Credentials {
            login: sign_in::plain(&entry.login),
            password: Zeroizing::new(entry.password),
            code: entry.code,
        };
        edge.services.sign_ins.change_password(&ctx, credentials, &chosen).await?;
        Ok(led_to("/sign-in?changed=1"))
    };
    changed.await.unwrap_or_else(|refusal: Refusal| {
        let mut answer = form(language(&headers), Some((&refusal, &ctx)));
        refusal.put_headers(answer.headers_mut());
        answer
    })
}

/// The form, with the error of the last attempt. Nothing that was entered is shown again.
pub(super) fn form(language: Language, wrong: Option<(&Refusal, &OpCtx)>) -> Response {
    let body = html! {
        @if let Some((refusal, ctx)) = wrong {
            (refused::sentence(refusal, language, ctx))
        }
        form method="post" action=(PATH) {
            label for="login" { (say(language, "账号", "Account")) }
            input #login name="login" required autocomplete="username" autocapitalize="none" spellcheck="false"
                aria-describedby=[wrong.map(|_| "error")] aria-invalid=[wrong.map(|_| "true")];
            label for="password" { (say(language, "原口令或初始口令", "Present or first password")) }
            input #password type="password" name="password" required autocomplete="current-password";
            label for="code" { (say(language, "动态口令（已登记的填写六位数字）", "Code (six digits, if you have a second factor)")) }
            input #code name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="9";
            label for="chosen" { (say(language, "新口令", "New password")) }
            input #chosen type="password" name="chosen" required autocomplete="new-password" aria-describedby="about";
            label for="again" { (say(language, "再填一次新口令", "The new password again")) }
            input #again type="password" name="again" required autocomplete="new-password";
            p.note #about {
                (say(
                    language,
                    "至少 12 个字符，含小写字母、大写字母、数字、其他字符中的三类，不含账号名称。修改后，此前的登录全部结束。",
                    "At least 12 characters, three of small letters, capitals, digits and others, without the name of the account. What was signed in before ends.",
                ))
            }
            button type="submit" { (say(language, "修改口令", "Change the password")) }
            " "
            a href=(sign_in::PATH) { (say(language, "返回登录", "Back to signing in")) }
        }
    };
    let status = wrong.map_or(StatusCode::OK, |(refusal, _)| refusal.status);
    shell::page(status, language, say(language, "修改口令", "Change the password"), &body)
}
