//! Who is asking: a subject of an organisation (department and region) with roles and a purpose.

use uuid::Uuid;

use crate::{
    authz::identity::{DepartmentCode, PurposeCode, RoleCode},
    domain::region::RegionCode,
};

/// A signed-in caller.
#[derive(Clone, Debug)]
pub struct Actor {
    pub(super) subject: String,
    pub(super) department: DepartmentCode,
    pub(super) region: RegionCode,
    pub(super) roles: Vec<RoleCode>,
    pub(super) purpose: PurposeCode,
    pub(super) ticket: Option<String>,
    pub(super) expires_at: i64,
    /// In milliseconds since 1970.
    pub(super) issued_at: i64,
    /// Turn of its account, by which it is revoked: not before it was issued.
    pub(super) turn: i64,
    /// Number of the token; none of a token from before tokens had numbers, and of the hub itself.
    pub(super) token: Option<Uuid>,
}

impl Actor {
    /// Name of the account or system, as in the token.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Code of the department.
    #[must_use]
    pub const fn department(&self) -> &DepartmentCode {
        &self.department
    }

    /// Region the organisation serves.
    #[must_use]
    pub const fn region(&self) -> &RegionCode {
        &self.region
    }

    /// Codes of the roles.
    #[must_use]
    pub fn roles(&self) -> &[RoleCode] {
        &self.roles
    }

    /// Codes of the roles in a fixed order, separated by blanks: for digests.
    #[must_use]
    pub fn sorted_roles(&self) -> String {
        let mut roles: Vec<&str> = self.roles.iter().map(RoleCode::as_str).collect();
        roles.sort_unstable();
        roles.join(" ")
    }

    /// Code of the purpose of this session.
    #[must_use]
    pub const fn purpose(&self) -> &PurposeCode {
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

    /// Number of the token.
    #[must_use]
    pub const fn token(&self) -> Option<Uuid> {
        self.token
    }

    /// The hub acting for an organisation in an internal task (import from the command line without
    /// a token is not one). It has only the role of a submitter.
    #[must_use]
    pub fn internal(subject: &str, department: &str, region: RegionCode) -> Self {
        Self {
            subject: subject.to_owned(),
            department: DepartmentCode::checked(department),
            region,
            roles: vec![RoleCode::SUBMITTER],
            purpose: PurposeCode::ROUTINE,
            ticket: None,
            expires_at: i64::MAX,
            issued_at: i64::MAX,
            turn: i64::MAX,
            token: None,
        }
    }
}
