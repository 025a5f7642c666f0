//! Who is asking: a subject of an organisation (department and region) with roles and a purpose.

use crate::domain::region::RegionCode;

/// The purpose of whoever names no other.
pub const ROUTINE: &str = "ROUTINE_SHARING";

/// A signed-in caller.
#[derive(Clone, Debug)]
pub struct Actor {
    pub(super) subject: String,
    pub(super) department: String,
    pub(super) region: RegionCode,
    pub(super) roles: Vec<String>,
    pub(super) purpose: String,
    pub(super) ticket: Option<String>,
    pub(super) expires_at: i64,
}

impl Actor {
    /// Name of the account or system, as in the token.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Code of the department.
    #[must_use]
    pub fn department(&self) -> &str {
        &self.department
    }

    /// Region the organisation serves.
    #[must_use]
    pub const fn region(&self) -> &RegionCode {
        &self.region
    }

    /// Codes of the roles.
    #[must_use]
    pub fn roles(&self) -> &[String] {
        &self.roles
    }

    /// Code of the purpose of this session.
    #[must_use]
    pub fn purpose(&self) -> &str {
        &self.purpose
    }

    /// Number of the case or task that a case purpose serves.
    #[must_use]
    pub fn ticket(&self) -> Option<&str> {
        self.ticket.as_deref()
    }

    /// When the token ends, in seconds since 1970.
    #[must_use]
    pub const fn expires_at(&self) -> i64 {
        self.expires_at
    }

    /// The hub acting for an organisation in an internal task (import from the command line without
    /// a token is not one). It has only the role of a submitter.
    #[must_use]
    pub fn internal(subject: &str, department: &str, region: RegionCode) -> Self {
        Self {
            subject: subject.to_owned(),
            department: department.to_owned(),
            region,
            roles: vec!["SUBMITTER".to_owned()],
            purpose: ROUTINE.to_owned(),
            ticket: None,
            expires_at: i64::MAX,
        }
    }
}
