//! What the small pages have around them, and the headers under which pages run: no script, one
//! style, forms to this site alone, in nobody's frame.

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

use crate::error::Language;

const STYLE: &str = include_str!("style.css");

/// A small page with its title as heading.
pub(super) fn page(status: StatusCode, language: Language, title: &str, body: &Markup) -> Response {
    let (tag, name) = match language {
        Language::Chinese => ("zh-CN", "联防 · 工伤预防联席会议"),
        Language::English => ("en", "Lianfang · joint meetings on work-injury prevention"),
    };
    let text = html! {
        (DOCTYPE)
        html lang=(tag) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · 联防" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header { (name) }
                main {
                    h1 { (title) }
                    (body)
                }
            }
        }
    };
    let hash = format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(STYLE)));
    answer(status, &hash, text.into_string())
}

/// A page whose one style has that hash.
pub(super) fn answer(status: StatusCode, style: &str, text: String) -> Response {
    let mut answer = (status, text).into_response();
    put(&mut answer, header::CONTENT_TYPE, "text/html; charset=utf-8");
    let policy = format!(
        "default-src 'none'; style-src {style}; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    );
    put(&mut answer, header::CONTENT_SECURITY_POLICY, &policy);
    // Under `no-referrer` a browser does not say where a form comes from, and it is refused.
    put(&mut answer, header::REFERRER_POLICY, "same-origin");
    put(&mut answer, header::VARY, "accept-language, authorization, cookie");
    answer
}

/// Leads on, by `GET`.
pub(super) fn led_to(address: &str) -> Response {
    let mut answer = StatusCode::SEE_OTHER.into_response();
    put(&mut answer, header::LOCATION, address);
    answer
}

/// Sets a header, unless no header can hold the value.
pub(super) fn put(answer: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        answer.headers_mut().insert(name, value);
    }
}

/// A sentence in the language of the page.
pub(super) const fn say(language: Language, zh: &'static str, en: &'static str) -> &'static str {
    match language {
        Language::Chinese => zh,
        Language::English => en,
    }
}
