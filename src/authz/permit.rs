//! The right to hand in rows of a family for an organisation, and what follows from it: the right
//! to the content of one of its jobs, and to rows that move with those of the family.

use entity::catalogue::Family;
use uuid::Uuid;

use crate::{
    authz::{
        actor::Actor,
        identity::DepartmentCode,
        policy::{Policy, RowReach},
    },
    domain::region::{RegionCode, RegionRelation},
    error::HubError,
};

/// Proof that an actor may write records of a family.
#[derive(Clone, Debug)]
pub struct Permit {
    family: &'static Family,
    subject: String,
    department: DepartmentCode,
    region: RegionCode,
    industries: Option<Vec<String>>,
}

impl Permit {
    /// The permit of an actor for a family.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] when no role hands in records or the department does not hold the
    /// family.
    pub fn new(policy: &Policy, actor: &Actor, family: &'static Family) -> Result<Self, HubError> {
        if !policy.submits(&actor.roles) {
            return Err(HubError::forbidden(
                "当前角色不能报送记录。请使用具有 SUBMITTER 角色的令牌。",
                "Your roles do not hand in records. Use a token with the role SUBMITTER.",
            ));
        }
        let Some(line) = policy.lines_of(family, &actor.department).find(|line| line.writes())
        else {
            return Err(HubError::forbidden(
                format!("本部门不是“{}”的提供部门，不能报送。", family.label),
                format!("Your department does not provide {} records.", family.name),
            ));
        };
        let industries = (line.rows == RowReach::OwnIndustry)
            .then(|| policy.industries(&actor.department).to_vec());
        Ok(Self {
            family,
            subject: actor.subject.clone(),
            department: actor.department.clone(),
            region: actor.region.clone(),
            industries,
        })
    }

    /// The family it is for.
    #[must_use]
    pub const fn family(&self) -> &'static Family {
        self.family
    }

    /// Account that writes.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Department that writes.
    #[must_use]
    pub const fn department(&self) -> &DepartmentCode {
        &self.department
    }

    /// Region of the organisation that writes.
    #[must_use]
    pub const fn region(&self) -> &RegionCode {
        &self.region
    }

    /// Whether rows of that region may be written.
    #[must_use]
    pub fn covers_region(&self, region: &RegionCode) -> bool {
        crate::domain::region::relation(&self.region, region) == RegionRelation::Own
    }

    /// Whether rows of that key industry may be written.
    #[must_use]
    pub fn covers_industry(&self, industry: Option<&str>) -> bool {
        self.industries.as_ref().is_none_or(|own| {
            industry.is_some_and(|industry| own.iter().any(|code| code == industry))
        })
    }
}

/// Proof that an actor may hand in, read again and answer the content of one job of their
/// organisation.
#[derive(Clone, Debug)]
pub struct JobPermit {
    permit: Permit,
    job: Uuid,
}

impl Permit {
    /// The permit for a job, which says itself of which family it is and what department and region
    /// sent it.
    ///
    /// # Errors
    ///
    /// [`HubError::NotFound`] for a job of another organisation or family.
    pub fn of_job(
        self,
        job: Uuid,
        family: &str,
        (department, region): (&str, &str),
    ) -> Result<JobPermit, HubError> {
        let own = self.family.name == family
            && self.department == *department
            && self.region.as_str() == region;
        if own { Ok(JobPermit { permit: self, job }) } else { Err(HubError::NotFound) }
    }

    /// The permit to move rows of another family with rows of this one, for a family that takes its
    /// region from this one.
    #[must_use]
    pub fn moving(&self, child: &'static Family) -> Option<ChildPermit<'_>> {
        let link = child.inherited().filter(|link| link.to == self.family.name)?;
        Some(ChildPermit { parent: self, child, column: link.local })
    }
}

impl JobPermit {
    /// Identifier of the job.
    #[must_use]
    pub const fn job(&self) -> Uuid {
        self.job
    }

    /// The permit for rows of the job's family, of the organisation that sent it.
    #[must_use]
    pub const fn rows(&self) -> &Permit {
        &self.permit
    }
}

/// Proof that an actor may move the rows of a family that take their region from rows they may
/// write.
#[derive(Clone, Copy, Debug)]
pub struct ChildPermit<'a> {
    parent: &'a Permit,
    child: &'static Family,
    column: &'static str,
}

impl<'a> ChildPermit<'a> {
    /// The permit for the rows that it follows.
    #[must_use]
    pub const fn parent(&self) -> &'a Permit {
        self.parent
    }

    /// The family that follows.
    #[must_use]
    pub const fn family(&self) -> &'static Family {
        self.child
    }

    /// Its column that names the row it follows.
    #[must_use]
    pub const fn column(&self) -> &'static str {
        self.column
    }
}
