//! Who may make and change accounts: whoever runs the hub's machine, and everybody their own
//! password.

use crate::{
    authz::{
        identity::{Identity, PurposeCode},
        matching::SearchAuthor,
        policy::Policy,
    },
    domain::region::RegionCode,
    error::HubError,
};

/// Proof that accounts may be read and changed, and by whom.
#[derive(Clone, Debug)]
pub struct AccountsPermit {
    by: SearchAuthor,
    /// Whether it is for all accounts, or for the own one alone.
    all: bool,
}

impl AccountsPermit {
    /// For commands on the machine of the hub: whoever runs them has the keys.
    #[must_use]
    pub fn machine() -> Self {
        Self { by: SearchAuthor::machine(), all: true }
    }

    /// For the password of an account that has just proved who it is.
    #[must_use]
    pub fn own(author: SearchAuthor) -> Self {
        Self { by: author, all: false }
    }

    /// Name of the account that acts.
    #[must_use]
    pub fn by(&self) -> &str {
        &self.by.subject
    }

    /// Who acts, for the audit log.
    #[must_use]
    pub const fn author(&self) -> &SearchAuthor {
        &self.by
    }

    /// Whether it opens an account that is locked.
    #[must_use]
    pub const fn unlocks(&self) -> bool {
        self.all
    }

    /// Whether it is for the account of that name.
    #[must_use]
    pub fn covers(&self, login: &str) -> bool {
        self.all || self.by.subject == login
    }
}

/// Whether an account may have these roles in this organisation: three officers exclude each other
/// and everybody else (三员分立).
///
/// # Errors
///
/// [`HubError::Invalid`] naming what is unknown, or the roles that exclude each other.
pub fn assignable(
    policy: &Policy,
    department: &str,
    region: &str,
    roles: &[String],
) -> Result<(), HubError> {
    RegionCode::parse(region)
        .map_err(|fault| HubError::invalid(fault.message_zh(), fault.message_en()))?;
    let purpose = PurposeCode::ROUTINE;
    Identity::check(policy, department, roles, purpose.as_str(), None).map(|_| ())
}

/// The refusal of a person whose roles have no page: nobody is left signed in where nothing can be
/// done, and nothing signs out.
#[must_use]
pub fn pageless(roles: &[String]) -> HubError {
    HubError::invalid(
        format!(
            "该账号的角色（{}）还没有可在浏览器中使用的页面，未登录。需要查看会议材料的，请管理员开设具有 READER 或 SECRETARY 角色的账号。",
            roles.join("、")
        ),
        format!(
            "There is no page yet for the roles of this account ({}), so it is not signed in. Materials of a meeting are read with an account of the role READER or SECRETARY.",
            roles.join(", ")
        ),
    )
}
