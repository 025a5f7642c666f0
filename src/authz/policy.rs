//! The access policy as data: who may see which class of which family, and who may hand it in.
//!
//! Read from `policy/*.csv` (built into the program; a directory may replace them), checked against
//! the catalogue at start. Source of the shipped rules: domain reference §7.3, each line names its
//! row.

use std::{collections::BTreeMap, path::Path};

use entity::catalogue::{Catalogue, Class, Family};
use serde::Deserialize;

use crate::{
    authz::{
        identity::{DepartmentCode, PurposeCode, RoleCode},
        policy_files::{key_industries, known_files, lines, once, split, text},
    },
    domain::{code::Coded as _, region::RegionLevel},
};

/// How much of a class of fields is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Openness {
    /// Nothing is shown.
    None,
    /// Only aggregates over many rows are shown.
    Aggregate,
    /// Everything is shown for a case purpose with a ticket, nothing otherwise.
    Case,
    /// Values are masked: 王*, the last four characters, the county.
    Masked,
    /// Everything is shown unmasked.
    Full,
}

impl Openness {
    /// The word for it in `policy/*.csv`.
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

/// Which rows a line of the policy applies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RowReach {
    /// All rows of the own region and the regions below it.
    Own,
    /// Rows of the own region in the industries that the department answers for.
    OwnIndustry,
    /// Rows of the own region in all other industries.
    OtherIndustry,
    /// Rows of other regions that are neither below nor above.
    Peer,
}

impl RowReach {
    /// The word for it in `policy/access.csv`.
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
    /// Name of the family, such as `Accident`.
    pub family: String,
    /// Department of the asker.
    pub department: DepartmentCode,
    /// Rows it is about.
    pub rows: RowReach,
    public: Openness,
    internal: Openness,
    personal: Openness,
    sensitive: Openness,
    writes: Yes,
    /// Rule that it implements, such as `domain §7.3 Employer`.
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
    /// No entries at all.
    None,
    /// Entries about data of the own organisation.
    Own,
    /// All entries of the log.
    All,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleLine {
    role: RoleCode,
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
    department: DepartmentCode,
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
    code: PurposeCode,
    case_purpose: Yes,
}

/// The whole access policy, as read from the files.
#[derive(Clone, Debug)]
pub struct Policy {
    lines: Vec<AccessLine>,
    roles: BTreeMap<RoleCode, RoleLine>,
    departments: BTreeMap<DepartmentCode, Vec<String>>,
    caps: Vec<LevelLine>,
    purposes: BTreeMap<PurposeCode, bool>,
}

impl Policy {
    /// Reads the policy from a directory, taking files missing there from those built in, and
    /// checks it against the catalogue. `more` holds further lines of `access.csv` without a
    /// heading.
    ///
    /// # Errors
    ///
    /// A sentence that names the file and the line.
    pub fn load(
        directory: Option<&Path>,
        more: &str,
        catalogue: &Catalogue,
    ) -> Result<Self, String> {
        // A missing directory is an error: the built-in policy would apply without anybody
        // noticing.
        if let Some(directory) = directory.filter(|given| !given.is_dir()) {
            let shown = directory.display();
            return Err(format!(
                "policy_directory“{shown}”不是目录。 policy_directory `{shown}` is no directory."
            ));
        }
        directory.map_or(Ok(()), known_files)?;
        let mut access = text("access.csv", directory)?;
        access.push_str(more);
        let roles: Vec<RoleLine> = lines("roles.csv", &text("roles.csv", directory)?)?;
        let departments: Vec<DepartmentLine> =
            lines("departments.csv", &text("departments.csv", directory)?)?;
        let purposes: Vec<PurposeLine> = lines("purpose.csv", &text("purpose.csv", directory)?)?;
        once("roles.csv", roles.iter().map(|line| line.role.as_str()))?;
        once("departments.csv", departments.iter().map(|line| line.department.as_str()))?;
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
        self.check_words()?;
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
        department: &'a DepartmentCode,
    ) -> impl Iterator<Item = &'a AccessLine> {
        self.lines
            .iter()
            .filter(move |line| line.family == family.name && line.department == *department)
    }

    /// Departments that hand in a family.
    pub fn holders<'a>(&'a self, family: &'a Family) -> impl Iterator<Item = &'a DepartmentCode> {
        self.lines
            .iter()
            .filter(|line| line.family == family.name && line.writes())
            .map(|line| &line.department)
    }

    /// Whether a department hands in a family.
    #[must_use]
    pub fn hands_in(&self, family: &str, department: &DepartmentCode) -> bool {
        let own = |line: &&AccessLine| line.family == family && line.department == *department;
        self.lines.iter().filter(own).any(AccessLine::writes)
    }

    /// Codes of all departments.
    pub fn departments(&self) -> impl Iterator<Item = &DepartmentCode> {
        self.departments.keys()
    }

    /// Codes of all roles.
    pub fn roles(&self) -> impl Iterator<Item = &RoleCode> {
        self.roles.keys()
    }

    /// Codes of all purposes.
    pub fn purposes(&self) -> impl Iterator<Item = &PurposeCode> {
        self.purposes.keys()
    }

    /// A word that names nothing would cap nothing, exclude nobody, and be nobody's industry.
    fn check_words(&self) -> Result<(), String> {
        for LevelLine { level, class, .. } in &self.caps {
            if RegionLevel::from_code(level).is_none() {
                return Err(format!("levels.csv names level {level}, which does not exist"));
            }
            if !Class::ALL.iter().any(|known| known.code() == class) {
                return Err(format!("levels.csv names class {class}, which does not exist"));
            }
        }
        for (role, line) in &self.roles {
            let known = |code: &String| self.roles.keys().any(|role| role.as_str() == code);
            if let Some(code) = split(&line.excludes).iter().find(|code| !known(code)) {
                let role = role.as_str();
                return Err(format!("roles.csv: {role} excludes {code}, which is no role"));
            }
        }
        let known = key_industries()?;
        for (department, own) in &self.departments {
            if let Some(code) = own.iter().find(|code| !known.contains(*code)) {
                return Err(format!(
                    "departments.csv: {department} answers for {code}, which is no key industry"
                ));
            }
        }
        Ok(())
    }

    /// The first two of these roles that exclude each other (三员分立).
    #[must_use]
    pub fn excluded<'a>(&self, roles: &'a [RoleCode]) -> Option<(&'a RoleCode, &'a RoleCode)> {
        let excludes = |one: &RoleCode, other: &RoleCode| {
            let line = self.roles.get(one);
            line.is_some_and(|line| split(&line.excludes).iter().any(|code| code == other.as_str()))
        };
        roles.iter().find_map(|one| {
            roles.iter().find(|other| excludes(one, other)).map(|other| (one, other))
        })
    }

    /// Codes of the key industries that a department answers for.
    #[must_use]
    pub fn industries(&self, department: &DepartmentCode) -> &[String] {
        self.departments.get(department).map_or(&[], Vec::as_slice)
    }

    /// The most that a level of government may see of a class.
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
    pub fn reads(&self, roles: &[RoleCode]) -> bool {
        self.any(roles, |line| line.reads == Yes::Yes)
    }

    /// Whether one of the roles hands in records.
    #[must_use]
    pub fn submits(&self, roles: &[RoleCode]) -> bool {
        self.any(roles, |line| line.submits == Yes::Yes)
    }

    /// The widest right to audit entries among the roles.
    #[must_use]
    pub fn audit(&self, roles: &[RoleCode]) -> AuditRight {
        roles
            .iter()
            .filter_map(|role| self.roles.get(role))
            .map(|line| line.audit)
            .max()
            .unwrap_or(AuditRight::None)
    }

    /// Whether a purpose gives access to case data.
    #[must_use]
    pub fn is_case_purpose(&self, purpose: &PurposeCode) -> bool {
        self.purposes.get(purpose).copied().unwrap_or(false)
    }

    fn any(&self, roles: &[RoleCode], test: impl Fn(&RoleLine) -> bool) -> bool {
        roles.iter().filter_map(|role| self.roles.get(role)).any(test)
    }
}
