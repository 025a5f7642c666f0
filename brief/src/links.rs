//! Where the page links to. The server of the page knows the addresses; the content does not.

use crate::content::{Coded, Employer, Figure, Hazard, LeadLine};

/// Addresses on the same site. All are optional: without an address there is no link. Anything that
/// is not a path, a query or a fragment of the same site (`/…`, `?…`, `#…`) is not linked.
pub trait Links {
    /// Download of the materials as a Word document.
    fn docx(&self) -> Option<String> {
        None
    }

    /// Download of the materials as an Excel workbook.
    fn xlsx(&self) -> Option<String> {
        None
    }

    /// The form with which the visitor signs out.
    fn sign_out(&self) -> Option<SignOut> {
        None
    }

    /// The page on which tasks are reported and confirmed.
    fn tasks(&self) -> Option<String> {
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

    /// The page or query that shows one lead.
    fn lead(&self, _lead: &LeadLine) -> Option<String> {
        None
    }

    /// The page or query that shows one overdue hazard.
    fn hazard(&self, _hazard: &Hazard) -> Option<String> {
        None
    }

    /// The page or query that shows one employer.
    fn employer(&self, _employer: &Employer) -> Option<String> {
        None
    }
}

/// A form for signing out: a POST to an address, with a token that proves that the page sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignOut {
    /// Address that the form is sent to; it must be on the same site.
    pub action: String,
    /// The organisation that is signed in, for display: `朔州市人力资源和社会保障局`.
    pub who: String,
    /// Name and value of the hidden field against forged requests, if the server requires one.
    pub token: Option<(String, String)>,
}

/// No links at all: for a file that is read outside the hub.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoLinks;

impl Links for NoLinks {}

/// The address, if it is on the same site.
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
