//! What a browser shows at `/graphql`: where the API is described and how to call it.

use axum::{
    http::{HeaderMap, HeaderValue, Method, header},
    response::{IntoResponse as _, Response},
};
use maud::{DOCTYPE, html};

use crate::http::{
    accept::Accept,
    media::{Media, joined},
};

const HTML: &str = "text/html";

/// Whether this is a browser opening the address, not a query.
pub fn is_visit(method: &Method, headers: &HeaderMap, query: Option<&str>) -> bool {
    let accept = Accept::of(&joined(headers, &header::ACCEPT));
    let offers = [(false, Media::Json.name()), (false, Media::Graphql.name()), (true, HTML)];
    *method == Method::GET
        && query.unwrap_or_default().is_empty()
        && accept.best(offers) == Some(true)
}

/// The page shown at `/graphql`, in Chinese and English.
pub fn page() -> Response {
    let page = html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head { meta charset="utf-8"; title { "联防 GraphQL" } }
            body {
                h1 { "联防 GraphQL 接口 · Lianfang GraphQL" }
                p { "本地址供程序调用：用 POST 发送 JSON（query、variables），在 Authorization 头中附 Bearer 令牌。接口定义见 schema.graphql，用法见 docs/api.md。" }
                p lang="en" {
                    "This address is for programs: POST JSON with query and variables, and a Bearer token in the Authorization header. "
                    "The contract is schema.graphql, how to use it is in docs/api.md."
                }
                pre { "{\"query\": \"{ catalogue { families { name label } } }\"}" }
                p { a href="/meeting" { "联席会议材料 · Materials of meetings" } }
            }
        }
    };
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    ([(header::CONTENT_TYPE, kind)], page.into_string()).into_response()
}
