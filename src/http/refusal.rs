//! Answers that carry an error and no data.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde_json::json;

use crate::{
    error::{HubError, Language, Text},
    http::media::Media,
};

/// A refused request, before it becomes an answer.
#[derive(Debug)]
pub struct Refusal {
    /// HTTP status of the answer.
    pub status: StatusCode,
    /// The error, with its code and its message in both languages.
    pub error: HubError,
    /// An additional header, such as `Allow`; `None` without one.
    pub header: Option<(header::HeaderName, &'static str)>,
}

impl Refusal {
    /// 400: the request is malformed.
    #[must_use]
    pub fn bad(zh: &str, en: &str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error: HubError::invalid(zh, en), header: None }
    }

    /// A status with an error.
    #[must_use]
    pub const fn new(status: StatusCode, error: HubError) -> Self {
        Self { status, error, header: None }
    }

    /// Adds a header.
    #[must_use]
    pub fn with(mut self, name: header::HeaderName, value: &'static str) -> Self {
        self.header = Some((name, value));
        self
    }

    /// The answer to the client.
    #[must_use]
    pub fn answer(&self, media: Media, language: Language, request: &str) -> Response {
        let text = self.error.text();
        let mut answer = said(self.status, (self.error.code(), &text), media, language, request);
        self.put_headers(answer.headers_mut());
        answer
    }

    /// Sets `Retry-After` if the error knows a time, and the additional header.
    pub(super) fn put_headers(&self, headers: &mut HeaderMap) {
        if let Some(seconds) = self.error.after() {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some((name, value)) = &self.header {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}

/// An answer with a message and a code, and without data.
#[must_use]
pub fn said(
    status: StatusCode,
    (code, text): (&str, &Text),
    media: Media,
    language: Language,
    request: &str,
) -> Response {
    let body = json!({"errors": [{
        "message": text.say(language),
        "extensions": {"code": code, "requestId": request},
    }]});
    (status, [(header::CONTENT_TYPE, media.header())], body.to_string()).into_response()
}

impl From<HubError> for Refusal {
    /// An error with the status that goes with it, outside GraphQL.
    fn from(error: HubError) -> Self {
        let status = match &error {
            HubError::Unauthenticated(_) => StatusCode::UNAUTHORIZED,
            HubError::Forbidden(_) => StatusCode::FORBIDDEN,
            HubError::NotFound => StatusCode::NOT_FOUND,
            HubError::Invalid(_) | HubError::File(..) | HubError::TooComplex(_) => {
                StatusCode::BAD_REQUEST
            }
            HubError::Conflict(_) | HubError::Overtaken(_) => StatusCode::CONFLICT,
            HubError::Resync => StatusCode::GONE,
            HubError::Exhausted { .. } => StatusCode::TOO_MANY_REQUESTS,
            HubError::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            HubError::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let refusal = Self::new(status, error);
        if status == StatusCode::UNAUTHORIZED {
            refusal.with(header::WWW_AUTHENTICATE, "Bearer")
        } else {
            refusal
        }
    }
}
