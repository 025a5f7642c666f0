//! A seat at the table of a region's joint meeting (联席会议): the proof that an organisation may
//! see and do what belongs to the meeting itself: obligations and returns, indicators, leads,
//! materials.
//!
//! A seat opens no records: whoever shows records behind a figure or a lead needs a
//! [`Scope`](super::scope::Scope) as well. Sharing is between departments of the same level and
//! vertical inside a department, so that an organisation sits at the table of its own region and at
//! those below it.

use crate::{
    authz::{
        actor::Actor,
        identity::{DepartmentCode, PurposeCode, RoleCode},
        policy::Policy,
    },
    domain::{
        department::Department,
        region::{RegionCode, RegionRelation, relation},
    },
    error::HubError,
};

/// The department that leads the meeting and receives the returns.
pub const LEAD: Department = Department::HRSS;

/// Proof that an actor's organisation sits at the table of a region.
#[derive(Clone, Debug)]
pub struct Seat {
    subject: String,
    department: DepartmentCode,
    region: RegionCode,
    own: RegionCode,
    home: bool,
    office: bool,
    steward: bool,
    meeting: bool,
}

/// Which leads between departments a seat may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeadReach {
    /// All leads of the region.
    All,
    /// Those that concern records of the own department.
    Own,
}

impl Seat {
    /// The seat of an actor at the table of a region.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] when no role of the actor reads, or when the region lies above or
    /// beside the actor's own: regions are public, so that nothing is told by it.
    pub fn new(policy: &Policy, actor: &Actor, region: &RegionCode) -> Result<Self, HubError> {
        if !policy.reads(&actor.roles) {
            return Err(HubError::forbidden(
                "当前角色不参加联席会议。请使用具有 READER 或 SECRETARY 角色的令牌。",
                "Your roles have no seat at the joint meeting. Use a token with the role READER or SECRETARY.",
            ));
        }
        if relation(&actor.region, region) != RegionRelation::Own {
            return Err(HubError::forbidden(
                format!(
                    "本机构（{}）不参加 {region} 的联席会议。请查询本地区或下级地区。",
                    actor.region
                ),
                format!(
                    "Your organisation ({}) has no seat at the meeting of {region}. Ask for your own region or one below.",
                    actor.region
                ),
            ));
        }
        let has = |role: &RoleCode| actor.roles.contains(role);
        Ok(Self {
            subject: actor.subject.clone(),
            department: actor.department.clone(),
            region: region.clone(),
            own: actor.region.clone(),
            home: actor.region == *region,
            office: has(&RoleCode::SECRETARY),
            steward: has(&RoleCode::STEWARD),
            meeting: actor.purpose == PurposeCode::MEETING,
        })
    }

    /// What the office of the meeting sees at the same table: by it frozen content is compared with
    /// today's, like with like. What comes out is told to the seat only as far as it sees the same
    /// itself. None where it sees the same anyway.
    #[must_use]
    pub fn office(&self) -> Option<(Actor, Self)> {
        if self.home && self.department == LEAD {
            return None;
        }
        let actor = Actor {
            subject: self.subject.clone(),
            department: LEAD.into(),
            region: self.region.clone(),
            roles: vec![RoleCode::SECRETARY],
            purpose: PurposeCode::MEETING,
            ticket: None,
            expires_at: i64::MAX,
            issued_at: i64::MAX,
            turn: i64::MAX,
            token: None,
        };
        let seat = Self {
            department: LEAD.into(),
            own: self.region.clone(),
            home: true,
            office: true,
            steward: false,
            meeting: true,
            ..self.clone()
        };
        Some((actor, seat))
    }

    /// Nobody's seat: by it the hub counts a province for the tables that it keeps ready. It reads
    /// no leads and signs nothing, and what it counts is told to a seat only through a protected
    /// table.
    #[must_use]
    pub(crate) fn of_tables(province: &RegionCode) -> Self {
        Self {
            subject: String::new(),
            department: DepartmentCode::NOBODY,
            region: province.clone(),
            own: province.clone(),
            home: false,
            office: false,
            steward: false,
            meeting: false,
        }
    }

    /// Account that sits there.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Whether it sees the account that signed a department's return: that department does, and
    /// whoever leads the meeting.
    #[must_use]
    pub fn shows_signer(&self, department: &str) -> bool {
        self.department == *department || self.department == LEAD
    }

    /// Department that sits there.
    #[must_use]
    pub const fn department(&self) -> &DepartmentCode {
        &self.department
    }

    /// Region of the table, which may lie below that of the organisation.
    #[must_use]
    pub const fn region(&self) -> &RegionCode {
        &self.region
    }

    /// Region of the organisation that sits there.
    #[must_use]
    pub const fn home(&self) -> &RegionCode {
        &self.own
    }

    /// Whether sensitive counts are shown as they are; otherwise small cells are protected. The
    /// leading department, the offices of the meeting, and whoever asks for the purpose of the
    /// meeting see exact figures.
    #[must_use]
    pub fn exact(&self) -> bool {
        self.department == LEAD || self.office || self.meeting
    }

    /// Which leads may be read.
    #[must_use]
    pub fn leads(&self) -> LeadReach {
        if self.department == LEAD { LeadReach::All } else { LeadReach::Own }
    }

    /// Whether leads may be searched for, assigned and closed.
    #[must_use]
    pub fn manages_leads(&self) -> bool {
        self.department == LEAD && (self.office || self.steward)
    }

    /// Whether a lead assigned to a department may be answered.
    #[must_use]
    pub fn answers(&self, department: &str) -> bool {
        self.department == *department && (self.office || self.steward)
    }

    /// Whether the returns and the part of a department may be signed: by its office or steward, at
    /// exactly that region.
    #[must_use]
    pub fn signs(&self, department: &str) -> bool {
        self.home && self.department == *department && (self.office || self.steward)
    }

    /// Whether what a department reported of a task may be confirmed or sent back: by the office or
    /// steward of the leading department, at that region or above it; what that department reported
    /// itself, above it alone, so that nobody confirms their own report.
    #[must_use]
    pub fn reviews(&self, department: &str) -> bool {
        let own = self.home && LEAD == *department;
        self.department == LEAD && (self.office || self.steward) && !own
    }

    /// Whether the meeting may be called, its materials put together and its resolutions kept.
    #[must_use]
    pub fn assembles(&self) -> bool {
        self.home && self.department == LEAD && self.office
    }
}

#[cfg(test)]
mod tests;
