//! What an organisation may do with leads by virtue of its seat at the joint meeting: manage them,
//! or answer for its department. Which leads it may read is decided by [`Seat::leads`].

use crate::{
    authz::{identity::DepartmentCode, meeting::Seat},
    error::HubError,
};

/// Proof that an actor may search for, assign and close leads in the region of its seat.
#[derive(Clone, Copy, Debug)]
pub struct Managing<'a>(&'a Seat);

impl<'a> Managing<'a> {
    /// The proof for a seat that manages leads.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] for the others.
    pub fn new(seat: &'a Seat) -> Result<Self, HubError> {
        if seat.manages_leads() {
            return Ok(Self(seat));
        }
        Err(HubError::forbidden(
            "只有人力资源社会保障部门的共享工作机构或联席会议办公室可以比对、分派和办结线索。请使用具有 STEWARD 或 SECRETARY 角色的令牌。",
            "Only 人社 searches for leads, assigns and closes them. Use a token of it with the role STEWARD or SECRETARY.",
        ))
    }

    /// The seat of the office that manages the leads.
    #[must_use]
    pub const fn seat(self) -> &'a Seat {
        self.0
    }
}

/// Proof that an actor may answer leads for the department of its seat.
#[derive(Clone, Copy, Debug)]
pub struct Answering<'a>(&'a Seat);

impl<'a> Answering<'a> {
    /// The proof for a seat that answers for its own department.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] for the others.
    pub fn new(seat: &'a Seat) -> Result<Self, HubError> {
        if seat.answers(seat.department().as_str()) {
            return Ok(Self(seat));
        }
        Err(HubError::forbidden(
            "当前角色不能代表本部门答复。请使用具有 STEWARD 或 SECRETARY 角色的令牌。",
            "Your roles do not answer for your department. Use a token with the role STEWARD or SECRETARY.",
        ))
    }

    /// Code of the department that answers.
    #[must_use]
    pub fn department(self) -> &'a DepartmentCode {
        self.0.department()
    }
}
