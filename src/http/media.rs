//! Content negotiation of answers and files. Source: GraphQL over HTTP, sections "Media Types" and "Accept".

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use crate::{error::HubError, exchange::format::media::Format, http::refusal::Refusal};

/// Media type of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// `application/json`: document errors are 200.
    Json,
    /// `application/graphql-response+json`: document errors are 400.
    Graphql,
}

impl Media {
    const fn name(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Graphql => "application/graphql-response+json",
        }
    }

    /// The header of an answer.
    #[must_use]
    pub const fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Json => "application/json; charset=utf-8",
            Self::Graphql => "application/graphql-response+json; charset=utf-8",
        })
    }

    /// What the caller prefers; JSON unless the other is named and weighs as much.
    #[must_use]
    pub fn negotiated(headers: &HeaderMap) -> Self {
        let accept = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join(",");
        let (json, graphql) = (weight(&accept, Self::Json.name()), weight(&accept, Self::Graphql.name()));
        let named = accept.to_ascii_lowercase().contains(Self::Graphql.name());
        if graphql > json || (named && graphql > 0 && graphql == json) { Self::Graphql } else { Self::Json }
    }
}

/// Whether the caller asks for a stream of events.
#[must_use]
pub fn wants_events(headers: &HeaderMap) -> bool {
    let accept = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accept.flat_map(|value| value.split(',')).any(|range| {
        let mut parts = range.split(';').map(str::trim);
        parts.next().is_some_and(|name| name.eq_ignore_ascii_case("text/event-stream"))
            && parts.find_map(|part| part.strip_prefix("q=")).is_none_or(|weight| thousandths(weight) > 0)
    })
}

/// Weight that `Accept` gives a media type, in thousandths; the most specific range decides.
#[must_use]
pub fn weight(accept: &str, media: &str) -> u32 {
    let mut best = (0, 0);
    for range in accept.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().to_ascii_lowercase();
        let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(1_000, thousandths);
        let rank = match name.as_str() {
            name if name == media => 3,
            "*/*" => 1,
            name if name.strip_suffix("/*").is_some_and(|head| media.split('/').next() == Some(head)) => 2,
            _ => 0,
        };
        if rank > best.0 {
            best = (rank, weight);
        }
    }
    best.1
}

/// All values of a header as one list.
#[must_use]
pub fn joined(headers: &HeaderMap, name: &HeaderName) -> String {
    headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join(",")
}

/// The format of files that `Accept` prefers; NDJSON where it does not mind.
///
/// # Errors
///
/// 406 when it allows none.
pub fn preferred(headers: &HeaderMap) -> Result<Format, Refusal> {
    let accept = joined(headers, &header::ACCEPT);
    if accept.is_empty() {
        return Ok(Format::Ndjson);
    }
    let weight = |format: &Format| format.asked().iter().map(|name| weight(&accept, name)).max().unwrap_or_default();
    let mut best = (Format::Ndjson, 0);
    for format in Format::ALL {
        if weight(&format) > best.1 {
            best = (format, weight(&format));
        }
    }
    if best.1 > 0 {
        return Ok(best.0);
    }
    let error = HubError::invalid(
        "Accept 须允许 application/x-ndjson、text/csv 或 XLSX，或用 format 指明格式。",
        "`Accept` must allow application/x-ndjson, text/csv or XLSX; or say the format with `format`.",
    );
    Err(Refusal::new(StatusCode::NOT_ACCEPTABLE, error))
}

/// Whether the caller wants to go over to a WebSocket.
#[must_use]
pub fn wants_socket(headers: &HeaderMap) -> bool {
    let asked = headers.get_all(header::UPGRADE).iter().filter_map(|value| value.to_str().ok());
    asked.flat_map(|value| value.split(',')).any(|name| name.trim().eq_ignore_ascii_case("websocket"))
}

fn thousandths(text: &str) -> u32 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits: String = part.chars().chain("000".chars()).take(3).collect();
    let whole: u32 = whole.parse().unwrap_or(0);
    (whole * 1_000 + digits.parse::<u32>().unwrap_or(0)).min(1_000)
}

/// Whether a body is JSON in UTF-8. Anything else is refused, which also keeps forms of other sites out (CSRF).
#[must_use]
pub fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let mut parts = value.split(';').map(str::trim);
    parts.next().is_some_and(|name| name.eq_ignore_ascii_case("application/json"))
        && parts.all(|part| {
            part.split_once('=')
                .filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
                .is_none_or(|(_, charset)| charset.trim().trim_matches('"').eq_ignore_ascii_case("utf-8"))
        })
}
