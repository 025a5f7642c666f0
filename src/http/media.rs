//! Content negotiation of answers and files. Source: GraphQL over HTTP, sections "Media Types" and
//! "Accept".

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use crate::{
    domain::code::Coded as _,
    error::HubError,
    exchange::format::media::Format,
    http::{
        accept::{Accept, Specific},
        refusal::Refusal,
    },
};

/// Media type of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// `application/json`: document errors are 200.
    Json,
    /// `application/graphql-response+json`: document errors are 400.
    Graphql,
}

impl Media {
    const ALL: [Self; 2] = [Self::Json, Self::Graphql];

    /// The media type as text, without parameters.
    #[must_use]
    pub const fn name(self) -> &'static str {
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

    /// The media type the caller prefers; JSON without a preference.
    #[must_use]
    pub fn negotiated(headers: &HeaderMap) -> Self {
        let accept = Accept::of(&joined(headers, &header::ACCEPT));
        accept.best(Self::ALL.map(|media| (media, media.name()))).unwrap_or(Self::Json)
    }
}

/// Whether the caller asks for a stream of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Events {
    /// Not named, or excluded.
    Unwanted,
    /// Named, but ranked below an immediate answer: used where there is no immediate answer.
    Taken,
    /// Preferred to an immediate answer.
    Preferred,
}

impl Events {
    const NAME: &'static str = "text/event-stream";

    /// What `Accept` says. `*/*` does not count: a caller who accepts anything is not made to read
    /// events.
    #[must_use]
    pub fn negotiated(headers: &HeaderMap) -> Self {
        let accept = Accept::of(&joined(headers, &header::ACCEPT));
        if accept
            .rank(Self::NAME)
            .is_none_or(|rank| rank.weight == 0 || rank.specific == Specific::Any)
        {
            return Self::Unwanted;
        }
        let at_once = Media::ALL.map(|media| (false, media.name()));
        let best = accept.best(at_once.into_iter().chain([(true, Self::NAME)]));
        if best == Some(true) { Self::Preferred } else { Self::Taken }
    }
}

/// All values of a header joined into one list.
#[must_use]
pub fn joined(headers: &HeaderMap, name: &HeaderName) -> String {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect::<Vec<_>>()
        .join(",")
}

/// The file format that `Accept` prefers; NDJSON without a preference.
///
/// # Errors
///
/// 406 when it allows none of them.
pub fn preferred(headers: &HeaderMap) -> Result<Format, Refusal> {
    let accept = joined(headers, &header::ACCEPT);
    if accept.is_empty() {
        return Ok(Format::Ndjson);
    }
    let offers = Format::ALL
        .iter()
        .flat_map(|format| format.asked().iter().map(move |name| (*format, *name)));
    if let Some(format) = Accept::of(&accept).best(offers) {
        return Ok(format);
    }
    let error = HubError::invalid(
        "Accept 须允许 application/x-ndjson、text/csv 或 XLSX，或用 format 指明格式。",
        "`Accept` must allow application/x-ndjson, text/csv or XLSX; or say the format with `format`.",
    );
    Err(Refusal::new(StatusCode::NOT_ACCEPTABLE, error))
}

/// Whether the caller wants to upgrade to a WebSocket.
#[must_use]
pub fn wants_socket(headers: &HeaderMap) -> bool {
    let asked = headers.get_all(header::UPGRADE).iter().filter_map(|value| value.to_str().ok());
    asked
        .flat_map(|value| value.split(','))
        .any(|name| name.trim().eq_ignore_ascii_case("websocket"))
}

/// Whether a body is JSON in UTF-8. Anything else is refused, which also blocks forms of other
/// sites (CSRF).
#[must_use]
pub fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok())
    else {
        return false;
    };
    let mut parts = value.split(';').map(str::trim);
    parts.next().is_some_and(|name| name.eq_ignore_ascii_case("application/json"))
        && parts.all(|part| {
            part.split_once('=')
                .filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
                .is_none_or(|(_, charset)| {
                    charset.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
                })
        })
}
