//! The access policy as data: who may see which class of which family, and who may hand it in.
//!
//! Read from `policy/*.csv` (built into the program; a directory may replace them), checked against
//! the catalogue at start. Source of the shipped rules: domain reference §7.3, each line names its
//! row.

use std::{collections::BTreeMap, path::Path};

use entity::catalogue::{Catalogue, Class, Family};
use serde::Deserialize;

use crate::{
    authz::policy_files::{lines, split, text},
    error::HubError,
};

/// How much of a class is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Openness {
    /// Nothing.
    None,
    /// Only in sums over many rows.
    Aggregate,
    /// Full for a case purpose with its ticket, nothing otherwise.
    Case,
    /// Masked: 王*, last four, county.
    Masked,
    /// Everything.
    Full,
}

impl Openness {
    /// Word used in the matrix.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Aggregate => "aggregate",
            Self::Case => "case",
            Self::Masked => "masked",
            Self::Full => "full",
        }
    }
}

/// Which rows a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RowReach {
    /// All rows of the own region and below.
    Own,
    /// Those of the department's own industries.
    OwnIndustry,
    /// The others of the own region.
    OtherIndustry,
    /// Rows of other regions that are neither below nor above.
    Peer,
}

impl RowReach {
    /// Word used in the matrix.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Own => "OWN",
            Self::OwnIndustry => "OWN_INDUSTRY",
            Self::OtherIndustry => "OTHER_INDUSTRY",
            Self::Peer => "PEER",
        }
    }
}

/// One line of `access.csv`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessLine {
    /// Family.
    pub family: String,
    /// Department of the asker.
    pub department: String,
    /// Rows it is about.
    pub rows: RowReach,
    public: Openness,
    internal: Openness,
    personal: Openness,
    sensitive: Openness,
    writes: Yes,
    /// Rule it follows.
    pub source: String,
}

impl AccessLine {
    /// Outcomes by class, least sensitive first.
    #[must_use]
    pub const fn outcomes(&self) -> [Openness; 4] {
        [self.public, self.internal, self.personal, self.sensitive]
    }

    /// Whether the department may hand in such rows.
    #[must_use]
    pub const fn writes(&self) -> bool {
        matches!(self.writes, Yes::Yes)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Yes {
    Yes,
    No,
}

/// Which audit entries a role may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuditRight {
    /// None.
    None,
    /// Those about the organisation's own data.
    Own,
    /// All.
    All,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleLine {
    role: String,
    reads: Yes,
    submits: Yes,
    audit: AuditRight,
    excludes: String,
    #[expect(dead_code, reason = "for whoever reads the file")]
    source: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DepartmentLine {
    department: String,
    industries: String,
    #[expect(dead_code, reason = "for whoever reads the file")]
    source: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LevelLine {
    level: String,
    class: String,
    cap: Openness,
    #[expect(dead_code, reason = "for whoever reads the file")]
    source: String,
}

#[derive(Clone, Debug, Deserialize)]
struct PurposeLine {
    code: String,
    case_purpose: Yes,
}

/// The whole policy.
#[derive(Clone, Debug)]
pub struct Policy {
    lines: Vec<AccessLine>,
    roles: BTreeMap<String, RoleLine>,
    departments: BTreeMap<String, Vec<String>>,
    caps: Vec<LevelLine>,
    purposes: BTreeMap<String, bool>,
}

impl Policy {
    /// The policy of that directory, files missing there taken from the shipped ones, checked
    /// against the catalogue. `more` are further lines of `access.csv` without heading.
    ///
    /// # Errors
    ///
    /// A sentence that names the file and line.
    pub fn load(
        directory: Option<&Path>,
        more: &str,
        catalogue: &Catalogue,
    ) -> Result<Self, String> {
        // Without its files the policy would be the shipped one, and nobody would know.
        if let Some(directory) = directory.filter(|given| !given.is_dir()) {
            let shown = directory.display();
            return Err(format!(
                "policy_directory“{shown}”不是目录。 policy_directory `{shown}` is no directory."
            ));
        }
        let mut access = text("access.csv", directory)?;
        access.push_str(more);
        let roles: Vec<RoleLine> = lines("roles.csv", &text("roles.csv", directory)?)?;
        let departments: Vec<DepartmentLine> =
            lines("departments.csv", &text("departments.csv", directory)?)?;
        let purposes: Vec<PurposeLine> = lines("purpose.csv", &text("purpose.csv", directory)?)?;
        let policy = Self {
            lines: lines("access.csv", &access)?,
            roles: roles.into_iter().map(|line| (line.role.clone(), line)).collect(),
            departments: departments
                .into_iter()
                .map(|line| (line.department, split(&line.industries)))
                .collect(),
            caps: lines("levels.csv", &text("levels.csv", directory)?)?,
            purposes: purposes
                .into_iter()
                .map(|line| (line.code, line.case_purpose == Yes::Yes))
                .collect(),
        };
        policy.check(catalogue)?;
        Ok(policy)
    }

    fn check(&self, catalogue: &Catalogue) -> Result<(), String> {
        for line in &self.lines {
            if catalogue.find(&line.family).is_none() {
                return Err(format!(
                    "access.csv names family {}, which is not in the catalogue",
                    line.family
                ));
            }
            if !self.departments.contains_key(&line.department) {
                return Err(format!(
                    "access.csv names department {}, which departments.csv lacks",
                    line.department
                ));
            }
        }
        for family in catalogue.families() {
            for department in self.departments.keys() {
                let own: Vec<RowReach> =
                    self.lines_of(family, department).map(|line| line.rows).collect();
                if own.is_empty() {
                    return Err(format!(
                        "access.csv has no line for {} and {department}",
                        family.name
                    ));
                }
                let split =
                    own.contains(&RowReach::OwnIndustry) || own.contains(&RowReach::OtherIndustry);
                if (own.contains(&RowReach::Own) && split)
                    || own.iter().any(|rows| own.iter().filter(|other| *other == rows).count() > 1)
                {
                    return Err(format!(
                        "access.csv has overlapping lines for {} and {department}",
                        family.name
                    ));
                }
                if split && family.industry.is_none() {
                    return Err(format!(
                        "access.csv splits {} by industry, but it has none",
                        family.name
                    ));
                }
            }
        }
        Ok(())
    }

    /// Lines for a family and department.
    pub fn lines_of<'a>(
        &'a self,
        family: &'a Family,
        department: &'a str,
    ) -> impl Iterator<Item = &'a AccessLine> {
        self.lines
            .iter()
            .filter(move |line| line.family == family.name && line.department == department)
    }

    /// Departments that hand in a family.
    pub fn holders<'a>(&'a self, family: &'a Family) -> impl Iterator<Item = &'a str> {
        self.lines
            .iter()
            .filter(|line| line.family == family.name && line.writes())
            .map(|line| line.department.as_str())
    }

    /// Codes of all departments.
    pub fn departments(&self) -> impl Iterator<Item = &str> {
        self.departments.keys().map(String::as_str)
    }

    /// Codes of all roles.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        self.roles.keys().map(String::as_str)
    }

    /// Key industries a department answers for.
    #[must_use]
    pub fn industries(&self, department: &str) -> &[String] {
        self.departments.get(department).map_or(&[], Vec::as_slice)
    }

    /// Most that a level of government sees of a class.
    #[must_use]
    pub fn cap(&self, level: &str, class: Class) -> Openness {
        self.caps
            .iter()
            .filter(|line| line.level == level && line.class == class.code())
            .map(|line| line.cap)
            .min()
            .unwrap_or(Openness::Full)
    }

    /// Whether one of the roles reads records.
    #[must_use]
    pub fn reads(&self, roles: &[String]) -> bool {
        self.any(roles, |line| line.reads == Yes::Yes)
    }

    /// Whether one of the roles hands in records.
    #[must_use]
    pub fn submits(&self, roles: &[String]) -> bool {
        self.any(roles, |line| line.submits == Yes::Yes)
    }

    /// The widest right to audit entries among the roles.
    #[must_use]
    pub fn audit(&self, roles: &[String]) -> AuditRight {
        roles
            .iter()
            .filter_map(|role| self.roles.get(role))
            .map(|line| line.audit)
            .max()
            .unwrap_or(AuditRight::None)
    }

    /// Whether a purpose opens case data.
    #[must_use]
    pub fn is_case_purpose(&self, purpose: &str) -> bool {
        self.purposes.get(purpose).copied().unwrap_or(false)
    }

    fn any(&self, roles: &[String], test: impl Fn(&RoleLine) -> bool) -> bool {
        roles.iter().filter_map(|role| self.roles.get(role)).any(test)
    }

    /// Whether such a caller can exist.
    ///
    /// # Errors
    ///
    /// [`HubError::Invalid`] naming the unknown code, the roles that exclude each other, or the
    /// missing ticket.
    pub fn check_identity(
        &self,
        department: &str,
        roles: &[String],
        purpose: &str,
        ticket: Option<&str>,
    ) -> Result<(), HubError> {
        let listed = |names: Vec<&str>| names.join(", ");
        if !self.departments.contains_key(department) {
            let known = listed(self.departments().collect());
            return Err(HubError::invalid(
                format!("没有部门代码 {department}。可用：{known}。"),
                format!("There is no department {department}. Known: {known}."),
            ));
        }
        if roles.is_empty() {
            return Err(HubError::invalid("至少需要一个角色。", "At least one role is needed."));
        }
        for role in roles {
            let Some(line) = self.roles.get(role) else {
                let known = listed(self.roles().collect());
                return Err(HubError::invalid(
                    format!("没有角色 {role}。可用：{known}。"),
                    format!("There is no role {role}. Known: {known}."),
                ));
            };
            if let Some(other) = roles.iter().find(|other| split(&line.excludes).contains(other)) {
                return Err(HubError::invalid(
                    format!("角色 {role} 与 {other} 不能由同一人担任（三员分立）。"),
                    format!(
                        "Roles {role} and {other} exclude each other (separation of officers)."
                    ),
                ));
            }
        }
        match self.purposes.get(purpose) {
            None => Err(HubError::invalid(
                format!("没有用途代码 {purpose}。"),
                format!("There is no purpose {purpose}."),
            )),
            Some(true) if ticket.is_none_or(|ticket| ticket.trim().is_empty()) => {
                Err(HubError::invalid(
                    format!("用途 {purpose} 须写明案件或任务编号（ticket）。"),
                    format!("Purpose {purpose} needs the number of the case or task (ticket)."),
                ))
            }
            Some(_) => Ok(()),
        }
    }
}
