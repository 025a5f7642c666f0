//! Whether a form was sent by one of the hub's own pages, and over what kind of connection the
//! browser reached it.
//!
//! Browsers say both, and a page of another site can forge neither. Over plain HTTP to another
//! machine they do not say where a request comes from in `Sec-Fetch-Site`, but in `Origin` they do.

use std::net::Ipv4Addr;

use axum::http::{HeaderMap, Uri, header};

use crate::error::HubError;

/// How the browser reached the hub, as far as it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reached {
    /// Encrypted, or not said.
    Safely,
    /// Plainly, without leaving the machine.
    OnLoopback,
    /// Plainly, over a network.
    Plainly,
}

/// Refuses a form of another site.
///
/// # Errors
///
/// [`HubError::Forbidden`].
pub(super) fn own(headers: &HeaderMap, uri: &Uri) -> Result<Reached, HubError> {
    let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let origin = said("origin").and_then(|origin| origin.parse::<Uri>().ok());
    let authority = origin.as_ref().and_then(Uri::authority).map(|authority| authority.as_str());
    let own = match said("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => {
            let host = said(header::HOST.as_str())
                .or_else(|| uri.authority().map(|authority| authority.as_str()));
            authority.is_some() && authority == host
        }
    };
    if !own {
        return Err(HubError::forbidden(
            "该请求不是从本站页面发出的，未予处理。请直接打开本站登录页后再试。",
            "The form was not sent by a page of this site and was not looked at. Open the sign-in page of this site and try again.",
        ));
    }
    Ok(match &origin {
        Some(origin) if origin.scheme_str() == Some("http") => {
            if origin.host().is_some_and(is_loopback) {
                Reached::OnLoopback
            } else {
                Reached::Plainly
            }
        }
        _ => Reached::Safely,
    })
}

/// Whether the browser reached the hub by a name of its own machine.
pub(super) fn is_on_loopback(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    host.and_then(|host| host.parse::<Uri>().ok())
        .is_some_and(|uri| uri.host().is_some_and(is_loopback))
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host == "[::1]"
        || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}
