//! What a token says of its caller, checked: department, roles and purpose as codes that the policy
//! has. Three types, so that none can be taken for another; only this folder makes them.

use std::{borrow::Cow, fmt};

use serde::Deserialize;

use crate::{authz::policy::Policy, domain::department::Department, error::HubError};

/// Code of a department of the policy, such as `HRSS`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(transparent)]
pub struct DepartmentCode(Cow<'static, str>);

/// Code of a role of the policy, such as `READER`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(transparent)]
pub struct RoleCode(Cow<'static, str>);

/// Code of a purpose of the policy, such as `ROUTINE_SHARING`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(transparent)]
pub struct PurposeCode(Cow<'static, str>);

impl DepartmentCode {
    /// The department of the tables that the hub keeps for no caller in particular; it answers for
    /// no record and signs nothing.
    pub(super) const NOBODY: Self = Self(Cow::Borrowed(""));

    /// A code that was checked before: of a job whose order was accepted, or of the policy itself.
    pub(super) fn checked(code: &str) -> Self {
        Self(Cow::Owned(code.to_owned()))
    }

    /// As text, for SQL, tokens and audit entries.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl RoleCode {
    /// 报送员: hands records in.
    pub(super) const SUBMITTER: Self = Self(Cow::Borrowed("SUBMITTER"));
    /// 联席会议办公室: puts the meeting together.
    pub(super) const SECRETARY: Self = Self(Cow::Borrowed("SECRETARY"));
    /// 数据管理员: answers for the records of its department.
    pub(super) const STEWARD: Self = Self(Cow::Borrowed("STEWARD"));

    /// As text, for tokens and audit entries.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PurposeCode {
    /// 日常共享: the purpose of whoever names no other.
    pub const ROUTINE: Self = Self(Cow::Borrowed("ROUTINE_SHARING"));
    /// 联席会议: a session for the meeting.
    pub(super) const MEETING: Self = Self(Cow::Borrowed("JOINT_MEETING"));

    /// As text, for tokens and audit entries.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Department> for DepartmentCode {
    fn from(named: Department) -> Self {
        Self(Cow::Borrowed(named.code()))
    }
}

impl PartialEq<Department> for DepartmentCode {
    fn eq(&self, named: &Department) -> bool {
        self.0 == named.code()
    }
}

/// A code compared with that of a record, which may be of any department there ever was.
impl PartialEq<str> for DepartmentCode {
    fn eq(&self, code: &str) -> bool {
        self.0 == code
    }
}

/// As its text: zones are shown so in the digest that cursors of the feed carry.
impl fmt::Debug for DepartmentCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, formatter)
    }
}

impl fmt::Display for DepartmentCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What a token says of its caller besides subject and region.
#[derive(Clone, Debug)]
pub(super) struct Identity {
    pub department: DepartmentCode,
    pub roles: Vec<RoleCode>,
    pub purpose: PurposeCode,
    /// Number of the case or task; always there for a case purpose.
    pub ticket: Option<String>,
}

impl Identity {
    /// Checks the codes of a token against the policy.
    ///
    /// # Errors
    ///
    /// [`HubError::Invalid`] naming the unknown code, the roles that exclude each other, or the
    /// missing ticket.
    pub fn check(
        policy: &Policy,
        department: &str,
        roles: &[String],
        purpose: &str,
        ticket: Option<&str>,
    ) -> Result<Self, HubError> {
        let department =
            policy.departments().find(|code| *code == department).ok_or_else(|| {
                let known = listed(policy.departments().map(DepartmentCode::as_str));
                HubError::invalid(
                    format!("没有部门代码 {department}。可用：{known}。"),
                    format!("There is no department {department}. Known: {known}."),
                )
            })?;
        if roles.is_empty() {
            return Err(HubError::invalid("至少需要一个角色。", "At least one role is needed."));
        }
        let role = |code: &String| policy.roles().find(|known| known.as_str() == code).cloned();
        let mut own = Vec::with_capacity(roles.len());
        for code in roles {
            own.push(role(code).ok_or_else(|| {
                let known = listed(policy.roles().map(RoleCode::as_str));
                HubError::invalid(
                    format!("没有角色 {code}。可用：{known}。"),
                    format!("There is no role {code}. Known: {known}."),
                )
            })?);
        }
        if let Some((one, other)) = policy.excluded(&own) {
            let (one, other) = (one.as_str(), other.as_str());
            return Err(HubError::invalid(
                format!("角色 {one} 与 {other} 不能由同一人担任（三员分立）。"),
                format!("Roles {one} and {other} exclude each other (separation of officers)."),
            ));
        }
        let purpose = policy.purposes().find(|code| code.as_str() == purpose).ok_or_else(|| {
            HubError::invalid(
                format!("没有用途代码 {purpose}。"),
                format!("There is no purpose {purpose}."),
            )
        })?;
        let ticket = ticket.filter(|ticket| !ticket.trim().is_empty());
        if policy.is_case_purpose(purpose) && ticket.is_none() {
            let purpose = purpose.as_str();
            return Err(HubError::invalid(
                format!("用途 {purpose} 须写明案件或任务编号（ticket）。"),
                format!("Purpose {purpose} needs the number of the case or task (ticket)."),
            ));
        }
        Ok(Self {
            department: department.clone(),
            roles: own,
            purpose: purpose.clone(),
            ticket: ticket.map(ToOwned::to_owned),
        })
    }
}

fn listed<'a>(codes: impl Iterator<Item = &'a str>) -> String {
    codes.collect::<Vec<_>>().join(", ")
}
