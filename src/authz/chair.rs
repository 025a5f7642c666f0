//! Rights to write at a joint meeting: the chair convenes it and freezes the materials, each
//! department signs its part, and the owner of a resolution reports its progress. The proofs are
//! made from a [`Seat`].

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
