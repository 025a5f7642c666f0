//! The page: one HTML document with its style and its pictures inside, without script and without
//! anything from elsewhere.
//!
//! It runs under a content security policy that allows nothing but the one style: `default-src
//! 'none'; style-src` [`style_hash`]`; form-action 'self'; base-uri 'none'; frame-ancestors
//! 'none'`.

mod frame;
mod grid;
mod leads;
mod meeting;
mod pictures;
mod section;
mod targets;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use maud::PreEscaped;
use sha2::{Digest as _, Sha256};

use crate::{clean, content::Brief, links::Links};

/// The style as it stands between `<style>` and `</style>`.
const STYLE: &str = include_str!("style.css");

/// The whole page. Every text of the content is escaped; the same content and links give the same
/// bytes.
#[must_use]
pub fn html(brief: &Brief, links: &dyn Links) -> String {
    let brief = clean::brief(brief);
    frame::document(&brief, links, &PreEscaped(STYLE)).into_string()
}

/// The source expression that allows the page's style in a `Content-Security-Policy` header:
/// `'sha256-…'`.
#[must_use]
pub fn style_hash() -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(STYLE.as_bytes())))
}
