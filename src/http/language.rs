//! The language of messages. Source: RFC 9110 §12.5.4; RFC 4647 §3.3.1.
//!
//! There are two, and headers of this form are read here already for media types ([`Accept`]), so
//! no crate is asked.

use axum::http::{HeaderMap, header};

use crate::{
    error::Language,
    http::{accept::Accept, media::joined},
};

/// What is spoken, by the language that a range begins with; the first where a caller does not
/// mind.
const SPOKEN: [(Language, &str); 2] = [(Language::Chinese, "zh"), (Language::English, "en")];

/// The language that `Accept-Language` prefers, by quality and then by order; Chinese where it
/// names neither.
#[must_use]
pub fn language(headers: &HeaderMap) -> Language {
    Accept::of_languages(&joined(headers, &header::ACCEPT_LANGUAGE))
        .best(SPOKEN)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header::ACCEPT_LANGUAGE};

    use super::language;
    use crate::error::Language::{Chinese, English};

    #[test]
    fn the_language_of_the_highest_quality_is_spoken() {
        for (header, spoken) in [
            ("en", English),
            ("zh-CN", Chinese),
            ("EN-gb, zh;q=0.9", English),
            ("en;q=0.5, zh;q=0.9", Chinese),
            ("zh-Hans-CN;q=0.1, en-US;q=0.2", English),
            ("zh, en", Chinese),
            ("en, zh", English),
            ("de, fr;q=0.9, en;q=0.3", English),
            ("en;q=0, *", Chinese),
            ("zh;q=0, *;q=0.1", English),
            ("*", Chinese),
            ("de", Chinese),
            ("english", Chinese),
            ("", Chinese),
        ] {
            let headers: HeaderMap =
                [(ACCEPT_LANGUAGE, HeaderValue::from_static(header))].into_iter().collect();
            assert_eq!(language(&headers), spoken, "{header}");
        }
        assert_eq!(language(&HeaderMap::new()), Chinese);
    }
}
