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

    /// Its name.
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

    /// What the caller prefers; JSON where it does not mind.
    #[must_use]
    pub fn negotiated(headers: &HeaderMap) -> Self {
        let accept = Accept::of(&joined(headers, &header::ACCEPT));
        accept.best(Self::ALL.map(|media| (media, media.name()))).unwrap_or(Self::Json)
    }
}

/// Whether a stream of events is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Events {
    /// They are not named, or ruled out.
    Unwanted,
    /// They are named, behind an answer at once: for what cannot be answered at once.
    Taken,
    /// They are preferred to an answer at once.
    Preferred,
}

impl Events {
    const NAME: &'static str = "text/event-stream";

    /// What `Accept` says. A range of all types names nothing: whoever takes anything is not made
    /// to read events.
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

/// All values of a header as one list.
#[must_use]
pub fn joined(headers: &HeaderMap, name: &HeaderName) -> String {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect::<Vec<_>>()
        .join(",")
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

/// Whether the caller wants to go over to a WebSocket.
#[must_use]
pub fn wants_socket(headers: &HeaderMap) -> bool {
    let asked = headers.get_all(header::UPGRADE).iter().filter_map(|value| value.to_str().ok());
    asked
        .flat_map(|value| value.split(','))
        .any(|name| name.trim().eq_ignore_ascii_case("websocket"))
}

/// Whether a body is JSON in UTF-8. Anything else is refused, which also keeps forms of other sites
/// out (CSRF).
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
