//! A GraphQL request from an HTTP request: by POST as JSON, by GET as parameters. Every member is
//! checked by hand.

use async_graphql::{Request, Variables};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use serde_json::{Map, Value};

use crate::{
    error::HubError,
    http::{media::is_json, refusal::Refusal},
};

/// Reads a request.
///
/// # Errors
///
/// 400 for what is no GraphQL request, 405 for other methods, 415 for other content types.
pub fn read(
    method: &Method,
    headers: &HeaderMap,
    query: Option<&str>,
    body: &[u8],
) -> Result<Request, Refusal> {
    if *method == Method::POST {
        if !is_json(headers) {
            let error = HubError::invalid(
                "请求体须为 UTF-8 的 application/json。",
                "The body must be application/json in UTF-8.",
            );
            return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, error));
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(members)) => request(members),
            Ok(_) => Err(Refusal::bad(
                "请求体须为一个 JSON 对象；不支持批量请求。",
                "The body must be one JSON object; batches are not taken.",
            )),
            Err(_) => Err(Refusal::bad("请求体不是有效的 JSON。", "The body is not valid JSON.")),
        }
    } else if *method == Method::GET {
        request(parameters(query)?)
    } else {
        let error = HubError::invalid("请使用 GET 或 POST。", "Use GET or POST.");
        Err(Refusal::new(StatusCode::METHOD_NOT_ALLOWED, error).with(header::ALLOW, "GET, POST"))
    }
}

fn parameters(query: Option<&str>) -> Result<Map<String, Value>, Refusal> {
    let broken = || Refusal::bad("查询参数无法解析。", "The parameters cannot be read.");
    let uri: Uri = format!("/?{}", query.unwrap_or_default()).parse().map_err(|_| broken())?;
    let axum::extract::Query(pairs) =
        axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&uri).map_err(|_| broken())?;
    let mut members = Map::new();
    for (name, value) in pairs {
        if value.is_empty() && name != "query" {
            continue;
        }
        let value = match name.as_str() {
            "query" | "operationName" => Value::String(value),
            "variables" | "extensions" => serde_json::from_str(&value).map_err(|_| broken())?,
            _ => continue,
        };
        members.insert(name, value);
    }
    Ok(members)
}

/// The request that these members are.
///
/// # Errors
///
/// 400 for a member of the wrong type.
pub fn request(mut members: Map<String, Value>) -> Result<Request, Refusal> {
    let query = match members.remove("query") {
        Some(Value::String(query)) => query,
        Some(_) => return Err(Refusal::bad("query 须为文本。", "`query` must be a text.")),
        None => return Err(Refusal::bad("缺少 query。", "`query` is missing.")),
    };
    let mut request = Request::new(query);
    match members.remove("operationName") {
        None | Some(Value::Null) => {}
        Some(Value::String(name)) => request.operation_name = Some(name),
        Some(_) => {
            return Err(Refusal::bad(
                "operationName 须为文本。",
                "`operationName` must be a text.",
            ));
        }
    }
    match members.remove("variables") {
        None | Some(Value::Null) => {}
        Some(map @ Value::Object(_)) => request.variables = Variables::from_json(map),
        Some(_) => return Err(Refusal::bad("variables 须为对象。", "`variables` must be a map.")),
    }
    match members.remove("extensions") {
        None | Some(Value::Null | Value::Object(_)) => Ok(request),
        Some(_) => Err(Refusal::bad("extensions 须为对象。", "`extensions` must be a map.")),
    }
}
