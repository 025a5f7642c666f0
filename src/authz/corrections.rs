//! Rights in corrections (数据校核): whoever may see a record says what is wrong with it; the
//! department that holds it answers, at its region or above; nobody answers their own request.

use entity::catalogue::{Class, Field};

use crate::{
    authz::{
        actor::Actor,
        identity::RoleCode,
        policy::{Openness, Policy},
        scope::Scope,
    },
    domain::region::RegionCode,
    error::HubError,
};

/// A department at a region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorrectionParty {
    /// Code of the department.
    pub department: String,
    /// Region of the organisation; of a holder that of the record.
    pub region: RegionCode,
}

/// Proof that an actor reads corrections: those raised by its department in its region or below,
/// and those about records that its department holds there.
#[derive(Clone, Debug)]
pub struct CorrectionSight(CorrectionParty);

/// Proof that an actor may say of a record what is wrong with it.
#[derive(Clone, Debug)]
pub struct ClaimPermit {
    subject: String,
    claimant: CorrectionParty,
    holder: CorrectionParty,
}

/// Proof that an actor may take a step with a request for correction: for the holder of the record,
/// or for the organisation that raised it.
#[derive(Clone, Debug)]
pub struct CorrectionPermit {
    subject: String,
    by: CorrectionParty,
}

impl CorrectionParty {
    fn of(actor: &Actor) -> Self {
        Self { department: actor.department.as_str().to_owned(), region: actor.region.clone() }
    }
}

impl CorrectionSight {
    /// What an actor sees.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] when no role of the actor reads records.
    pub fn of(policy: &Policy, actor: &Actor) -> Result<Self, HubError> {
        reads(policy, actor)?;
        Ok(Self(CorrectionParty::of(actor)))
    }

    /// Department and region whose corrections are seen, with those below the region.
    #[must_use]
    pub const fn of_party(&self) -> &CorrectionParty {
        &self.0
    }
}

/// Whether the words of a request are shown to an actor: its own organisation wrote them, or the
/// record is shown to it, the persons in it and the field in question at least masked.
#[must_use]
pub fn shows_words(
    actor: &Actor,
    scope: &Scope,
    (holder, claimant): (&CorrectionParty, &CorrectionParty),
    field: Option<&Field>,
) -> bool {
    let of_persons = scope.family().fields.iter().any(|own| own.class >= Class::Personal);
    let least = if of_persons { Class::Personal } else { Class::Public };
    let class = field.map_or(least, |field| field.class.max(least));
    let zone = scope.zone_of(holder.region.as_str(), &holder.department, None);
    *claimant == CorrectionParty::of(actor)
        || zone.is_some_and(|zone| zone.outcome(class) >= Openness::Masked)
}

impl ClaimPermit {
    /// The right to raise a request about the record at that place, and about a field of it that is
    /// shown to the actor at least masked; with the field stands what was typed for it.
    ///
    /// # Errors
    ///
    /// [`HubError::NotFound`] for a record that the actor may not see, [`HubError::Forbidden`] for
    /// one that its own department could correct, [`HubError::Invalid`] for a field that is not
    /// shown to it.
    pub fn of(
        (policy, actor): (&Policy, &Actor),
        scope: &Scope,
        (region, department, industry): (&str, &str, Option<&str>),
        field: Option<(&Field, &str)>,
    ) -> Result<Self, HubError> {
        reads(policy, actor)?;
        // What is shown in a case alone is not told to colleagues who do not work on it.
        if policy.is_case_purpose(&actor.purpose) {
            return Err(HubError::forbidden(
                "办案用途下看到的内容不能提出数据校核，以免转给不办案的人员。请以日常用途提出，或直接联系报送部门。",
                "What is shown for the purpose of a case is no matter of a correction, which others read. Raise it for the everyday purpose, or write to the department.",
            ));
        }
        let zone = scope.zone_of(region, department, industry).filter(|zone| zone.listed());
        let zone = zone.ok_or(HubError::NotFound)?;
        if let Some((field, typed)) = field
            && zone.outcome(field.class) < Openness::Masked
        {
            return Err(unknown_field(typed));
        }
        let holder = CorrectionParty {
            department: department.to_owned(),
            region: RegionCode::parse(region).map_err(|_| HubError::NotFound)?,
        };
        if actor.department == *holder.department && actor.region.contains(&holder.region) {
            return Err(HubError::forbidden(
                "这是本部门报送的记录，请直接更正后重新报送，不必提出校核。",
                "Your own department handed in this record: correct it and hand it in again.",
            ));
        }
        Ok(Self { subject: actor.subject.clone(), claimant: CorrectionParty::of(actor), holder })
    }

    /// Account that raises the request.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The organisation that raises it.
    #[must_use]
    pub const fn claimant(&self) -> &CorrectionParty {
        &self.claimant
    }

    /// Department that holds the record, and the region of the record.
    #[must_use]
    pub const fn holder(&self) -> &CorrectionParty {
        &self.holder
    }
}

impl CorrectionPermit {
    /// The right to answer for the holder of a record.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] for everybody else.
    pub fn answer(actor: &Actor, holder: &CorrectionParty) -> Result<Self, HubError> {
        let answers = [RoleCode::STEWARD, RoleCode::SECRETARY];
        if actor.department == *holder.department
            && actor.region.contains(&holder.region)
            && answers.iter().any(|role| actor.roles.contains(role))
        {
            return Ok(Self { subject: actor.subject.clone(), by: CorrectionParty::of(actor) });
        }
        Err(HubError::forbidden(
            "数据校核由报送该记录的部门（本级或上级）负责共享工作的人员（STEWARD 或 SECRETARY）答复。请使用该部门的账号。",
            "A correction is answered by STEWARD or SECRETARY of the department that handed in the record, at its region or above. Use its account.",
        ))
    }

    /// The right to take back what the actor's own organisation raised.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] for everybody else.
    pub fn withdraw(
        (policy, actor): (&Policy, &Actor),
        claimant: &CorrectionParty,
    ) -> Result<Self, HubError> {
        reads(policy, actor)?;
        let by = CorrectionParty::of(actor);
        if by == *claimant {
            return Ok(Self { subject: actor.subject.clone(), by });
        }
        Err(HubError::forbidden(
            "只有提出校核的单位可以撤回。",
            "Only the organisation that raised a correction takes it back.",
        ))
    }

    /// Account that takes the step.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The organisation that takes it.
    #[must_use]
    pub const fn by(&self) -> &CorrectionParty {
        &self.by
    }
}

/// The answer for a field that is none of the record's, or is not shown: the two are not told apart.
#[must_use]
pub fn unknown_field(name: &str) -> HubError {
    let word = |letter: &char| letter.is_alphanumeric() || *letter == '_';
    let name: String = name.chars().filter(word).take(40).collect();
    HubError::invalid(
        format!("该记录没有您可查看的字段 {name}。请核对字段名，或只写记录。"),
        format!(
            "The record has no field {name} that you may see. Check the name, or leave it out."
        ),
    )
}

fn reads(policy: &Policy, actor: &Actor) -> Result<(), HubError> {
    if policy.reads(&actor.roles) {
        return Ok(());
    }
    Err(HubError::forbidden(
        "当前角色不能查看业务记录，也不能提出校核。请使用具有 READER 角色的令牌。",
        "Your roles do not read records and raise no corrections. Use a token with the role READER.",
    ))
}
