//! Rights to write at a joint meeting: the chair convenes it and freezes the materials, each
//! department signs its part, the owner of a resolution reports its progress, and what departments
//! report of tasks is confirmed by somebody else. The proofs are made from a [`Seat`].

use crate::{
    authz::{identity::DepartmentCode, meeting::Seat},
    domain::region::RegionCode,
    error::HubError,
};

/// Proof that an actor may convene the meeting of a region, freeze its materials and record its
/// resolutions.
#[derive(Clone, Debug)]
pub struct ConvenePermit(Seat);

/// Proof that an actor may sign for its department at exactly the region of the meeting.
#[derive(Clone, Debug)]
pub struct SignPermit(Seat);

impl ConvenePermit {
    /// The right of the chair, if the seat is that of the office of the leading department.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] for everyone else.
    pub fn of(seat: &Seat) -> Result<Self, HubError> {
        if seat.assembles() {
            return Ok(Self(seat.clone()));
        }
        Err(HubError::forbidden(
            "联席会议由本级人社部门的会议办公室召集和汇总。请使用该办公室（SECRETARY）的令牌。",
            "The meeting is called and put together by the office of 人社 at that level. Use its token with the role SECRETARY.",
        ))
    }

    /// Name of the account that convenes, for the records of who did what.
    #[must_use]
    pub fn subject(&self) -> &str {
        self.0.subject()
    }

    /// Region of the meeting.
    #[must_use]
    pub const fn region(&self) -> &RegionCode {
        self.0.region()
    }
}

impl SignPermit {
    /// The right to sign for the seat's own department.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] without the role, or for a meeting of another region.
    pub fn of(seat: &Seat) -> Result<Self, HubError> {
        if seat.signs(seat.department().as_str()) {
            return Ok(Self(seat.clone()));
        }
        Err(HubError::forbidden(
            "材料由本级成员单位的 SECRETARY 或 STEWARD 签报。请使用该单位的令牌。",
            "Parts are signed by SECRETARY or STEWARD of a member body at exactly that level. Use its token.",
        ))
    }

    /// Name of the account that signs, for the records of who did what.
    #[must_use]
    pub fn subject(&self) -> &str {
        self.0.subject()
    }

    /// Department that signs.
    #[must_use]
    pub fn department(&self) -> &DepartmentCode {
        self.0.department()
    }

    /// Region of the meeting.
    #[must_use]
    pub const fn region(&self) -> &RegionCode {
        self.0.region()
    }
}

/// Proof that an actor may say for its department, at exactly its region, what became of a task.
#[derive(Clone, Debug)]
pub struct ReportPermit(Seat);

/// Proof that an actor may confirm or send back what a department reported of a task.
#[derive(Clone, Debug)]
pub struct ReviewPermit(Seat);

impl ReportPermit {
    /// The right to report for the seat's own department, which has to be one of those that carry
    /// the task out.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] without the role, at another region, or for another department.
    pub fn of(seat: &Seat, departments: &[String]) -> Result<Self, HubError> {
        if !departments.iter().any(|own| *seat.department() == **own) {
            return Err(HubError::forbidden(
                "本部门不承担这项任务，由任务所列的承担部门报告。",
                "Your department does not carry out that task; it is reported by the departments named in it.",
            ));
        }
        if seat.signs(seat.department().as_str()) {
            return Ok(Self(seat.clone()));
        }
        Err(HubError::forbidden(
            "任务由本级承担部门负责共享工作的人员（STEWARD）或会议办公室（SECRETARY）报告。请使用该部门本级的账号。",
            "Tasks are reported by STEWARD or SECRETARY of the department at exactly that region. Use its account.",
        ))
    }

    /// The seat that reports.
    #[must_use]
    pub const fn seat(&self) -> &Seat {
        &self.0
    }
}

impl ReviewPermit {
    /// The right to confirm or send back what a department reported.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] for everyone else, the department itself included.
    pub fn of(seat: &Seat, department: &str) -> Result<Self, HubError> {
        if seat.reviews(department) {
            return Ok(Self(seat.clone()));
        }
        Err(HubError::forbidden(
            "任务报告由本级或上级人社部门的 SECRETARY 或 STEWARD 确认或退回；人社部门自己的报告由上级人社部门确认（省级人社部门的报告报人社部，平台内不确认）。报告的部门不能确认自己的报告。",
            "Reports on tasks are confirmed or sent back by SECRETARY or STEWARD of 人社 at that level or above, those of 人社 itself above it. Nobody confirms their own report.",
        ))
    }

    /// The seat that confirms or sends back.
    #[must_use]
    pub const fn seat(&self) -> &Seat {
        &self.0
    }
}
