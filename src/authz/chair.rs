//! What may be written at a joint meeting: the chair puts it together, each department signs its
//! part, an owner says how far its resolution is. Proofs made of a [`Seat`].

use crate::{
    authz::{identity::DepartmentCode, meeting::Seat},
    domain::region::RegionCode,
    error::HubError,
};

/// Proof that an actor may call the meeting of a region, freeze its materials and keep its
/// resolutions.
#[derive(Clone, Debug)]
pub struct ConvenePermit(Seat);

/// Proof that an actor may sign for its department at exactly the region of the meeting.
#[derive(Clone, Debug)]
pub struct SignPermit(Seat);

impl ConvenePermit {
    /// The chair, if the seat is that of the office of the leading department.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] for everybody else.
    pub fn of(seat: &Seat) -> Result<Self, HubError> {
        if seat.assembles() {
            return Ok(Self(seat.clone()));
        }
        Err(HubError::forbidden(
            "联席会议由本级人社部门的会议办公室召集和汇总。请使用该办公室（SECRETARY）的令牌。",
            "The meeting is called and put together by the office of 人社 at that level. Use its token with the role SECRETARY.",
        ))
    }

    /// Account.
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
    /// The pen of the seat's own department.
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

    /// Account.
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
