//! What the result of an identity check says about itself, and what it keeps out of logs.

use std::fmt;

use super::{IdentityCheck, IdentityFault, IdentityKind};

impl IdentityCheck {
    /// Whether no error was found; warnings do not count.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.faults.is_empty()
    }

    pub(super) fn empty(normalised: String) -> Self {
        Self {
            normalised,
            kind: IdentityKind::Citizen,
            birth_date: None,
            sex: None,
            address_code: None,
            faults: Vec::new(),
            warnings: Vec::new(),
        }
    }

    pub(super) fn failed(normalised: String, fault: IdentityFault) -> Self {
        Self { faults: vec![fault], ..Self::empty(normalised) }
    }
}

impl fmt::Debug for IdentityCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentityCheck")
            .field("kind", &self.kind)
            .field("faults", &self.faults)
            .field("warnings", &self.warnings)
            .finish_non_exhaustive()
    }
}
