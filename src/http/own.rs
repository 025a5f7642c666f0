//! Every refusal in the hub's own form: what the framework would answer with a sentence of its own,
//! or with nothing, gets a code, the number of the request and what to do next, in the language of
//! whoever asks.

use axum::{
    extract::Request,
    http::{Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{
    context::OpCtx,
    error::Text,
    http::{language::language, media::Media, refusal::said},
};

/// Passes on what the hub answers and replaces what it did not say.
pub async fn words(request: Request, next: Next) -> Response {
    let (media, language) = (Media::negotiated(request.headers()), language(request.headers()));
    let number = request
        .extensions()
        .get::<OpCtx>()
        .map_or_else(String::new, |ctx| ctx.request().to_owned());
    let nothing_but_a_head = request.method() == Method::HEAD;
    let given = next.run(request).await;
    if nothing_but_a_head || !given.status().is_client_error() || is_own(&given) {
        return given;
    }
    let allowed = given.headers().get(header::ALLOW).cloned();
    let (code, text) = sentence(
        given.status(),
        allowed.as_ref().and_then(|value| value.to_str().ok()).unwrap_or_default(),
    );
    let mut answer = said(given.status(), (code, &text), media, language, &number);
    if let Some(allowed) = allowed {
        answer.headers_mut().insert(header::ALLOW, allowed);
    }
    answer
}

/// Answers `HEAD` where an answer is made while it is sent: there is nothing to tell of it before,
/// and making it would be a read.
pub async fn no_head() -> impl IntoResponse {
    (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET")])
}

/// Whether an answer is one of the hub's: those are JSON or pages, the framework's are plain text
/// or empty.
fn is_own(answer: &Response) -> bool {
    let media = answer.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    media.is_some_and(|media| !media.starts_with("text/plain"))
}

/// Code and sentence that go with a status of the framework.
fn sentence(status: StatusCode, allowed: &str) -> (&'static str, Text) {
    match status {
        StatusCode::NOT_FOUND => (
            "NOT_FOUND",
            Text::new(
                "没有这个地址。GraphQL 在 /graphql，文件交换在 /exchange，联席会议页面在 /meeting。请核对地址。",
                "Nothing is at this address. GraphQL is at /graphql, files are under /exchange, meetings under /meeting. Check it.",
            ),
        ),
        StatusCode::METHOD_NOT_ALLOWED if allowed.is_empty() => (
            "BAD_USER_INPUT",
            Text::new(
                "此地址不支持该方法。请按文档使用。",
                "This address does not take that method. See the documents.",
            ),
        ),
        StatusCode::METHOD_NOT_ALLOWED => (
            "BAD_USER_INPUT",
            Text::new(
                format!("此地址不支持该方法。请使用 {allowed}。"),
                format!("This address does not take that method. Use {allowed}."),
            ),
        ),
        StatusCode::PAYLOAD_TOO_LARGE => {
            ("TOO_COMPLEX", Text::new("请求体过大。请分批。", "The body is too large. Split it."))
        }
        StatusCode::UNSUPPORTED_MEDIA_TYPE => (
            "BAD_USER_INPUT",
            Text::new(
                "此地址不接受这种 Content-Type。请按文档填写后重新发送。",
                "This address does not take that Content-Type. Send it as the documents say.",
            ),
        ),
        _ => (
            "BAD_USER_INPUT",
            Text::new(
                "请求无法解析。请检查地址、参数、头和请求体的编码。",
                "The request cannot be read. Check the encoding of address, parameters, headers and body.",
            ),
        ),
    }
}
