//! Where the page leads to. Whoever serves the page knows the addresses; the content does not.

use crate::content::{Coded, Employer, Figure, Hazard, LeadLine};

/// Addresses on the same site. All are optional: what has no address is not a link. Anything that
/// is not a path, a query or a fragment of the same site (`/…`, `?…`, `#…`) is not linked.
pub trait Links {
    /// The document.
    fn docx(&self) -> Option<String> {
        None
    }

    /// The workbook.
    fn xlsx(&self) -> Option<String> {
        None
    }

    /// Where the visitor signs out.
    fn sign_out(&self) -> Option<SignOut> {
        None
    }

    /// The records behind a figure.
    fn figure(&self, _figure: &Figure) -> Option<String> {
        None
    }

    /// The same page of a subordinate region.
    fn region(&self, _region: &Coded) -> Option<String> {
        None
    }

    /// A lead.
    fn lead(&self, _lead: &LeadLine) -> Option<String> {
        None
    }

    /// A hazard.
    fn hazard(&self, _hazard: &Hazard) -> Option<String> {
        None
    }

    /// An employer.
    fn employer(&self, _employer: &Employer) -> Option<String> {
        None
    }
}

/// A form that signs out: a POST to an address, with the token that proves the page asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignOut {
    /// Where to.
    pub action: String,
    /// Who is signed in, for people: `朔州市人力资源和社会保障局`.
    pub who: String,
    /// Name and value of the hidden field against forged requests, where the server asks for one.
    pub token: Option<(String, String)>,
}

/// No links at all: for a file that is read away from the hub.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoLinks;

impl Links for NoLinks {}

/// The address, where it stays on the site.
pub(crate) fn on_site(href: Option<String>) -> Option<String> {
    href.filter(|href| match href.as_bytes() {
        [b'/', b'/' | b'\\', ..] => false,
        [b'/' | b'?' | b'#', ..] => !href.chars().any(char::is_control),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::on_site;

    #[test]
    fn only_addresses_of_the_site_are_linked() {
        for good in ["/meeting/140600/2024.docx", "?year=2024", "#basis", "/"] {
            assert_eq!(on_site(Some(good.to_owned())).as_deref(), Some(good));
        }
        for bad in [
            "",
            "javascript:alert(1)",
            "//evil.example/",
            "/\\evil.example",
            "https://evil.example/",
            "data:,x",
            "/a\nb",
        ] {
            assert_eq!(on_site(Some(bad.to_owned())), None, "{bad}");
        }
    }
}
