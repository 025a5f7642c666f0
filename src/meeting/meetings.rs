//! Calling a meeting, its agenda and members, freezing and signing its materials, and what it
//! resolves.

use chrono::NaiveDate;
use uuid::Uuid;

use brief::content::Brief;

use crate::{
    audit::audited::audited,
    authz::chair::{ConvenePermit, SignPermit},
    domain::text::{free_text, is_readable},
    error::HubError,
    meeting::{materials, returns::MeetingContext},
    store::{
        meeting::{
            meetings::{MeetingDraft, StoredMaterials, StoredMeeting},
            resolutions::{ResolutionTask, StoredResolution},
        },
        reference::Reference,
    },
};

/// Most items of an agenda, and most members.
const MOST_ITEMS: usize = 50;
/// Most characters of an item, a remark, a resolution, a progress.
const MOST_CHARACTERS: usize = 1_000;

impl MeetingContext<'_> {
    /// Calls a meeting that judges a year.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] but for the chair; [`HubError::Invalid`] naming what is wrong with
    /// the plan.
    pub async fn call(&self, year: i32, plan: &MeetingDraft) -> Result<StoredMeeting, HubError> {
        let chair = ConvenePermit::of(self.seat)?;
        let plan = &self.checked(plan)?;
        if !(2000..=2100).contains(&year) {
            return Err(HubError::invalid(
                "年度应在 2000 至 2100 之间。",
                "The year must lie between 2000 and 2100.",
            ));
        }
        let (id, region) = (self.ctx.new_id(), chair.region().as_str());
        let work = self.services.database.meeting_call(&chair, id, year, plan, self.ctx.now());
        audited(
            &self.services.audit,
            self.ctx,
            self.actor,
            ("call meeting", &format!("{region} {year}")),
            work,
        )
        .await
    }

    /// Changes what is planned, from the version that was seen.
    ///
    /// # Errors
    ///
    /// As [`Self::call`]; [`HubError::Conflict`] when it was changed in between,
    /// [`HubError::NotFound`].
    pub async fn change(
        &self,
        id: Uuid,
        version: i32,
        plan: &MeetingDraft,
    ) -> Result<StoredMeeting, HubError> {
        let chair = ConvenePermit::of(self.seat)?;
        let plan = &self.checked(plan)?;
        self.meeting(id).await?;
        let work = async {
            let changed = self
                .services
                .database
                .meeting_change(&chair, (id, version), plan, self.ctx.now())
                .await?;
            changed.ok_or_else(stale)
        };
        audited(
            &self.services.audit,
            self.ctx,
            self.actor,
            ("change meeting", &id.to_string()),
            work,
        )
        .await
    }

    /// Freezes today's content as the materials of a meeting; parts signed before have to be signed
    /// again.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] but for the chair; [`HubError::NotFound`].
    pub async fn freeze(&self, id: Uuid, content: &Brief) -> Result<StoredMaterials, HubError> {
        let chair = ConvenePermit::of(self.seat)?;
        let meeting = self.meeting(id).await?;
        let (text, digest) = materials::frozen(content)?;
        let work = self.services.database.materials_freeze(
            &chair,
            &meeting,
            (&text, &digest),
            self.ctx.now(),
        );
        audited(&self.services.audit, self.ctx, self.actor, ("freeze materials", &digest), work)
            .await
    }

    /// Signs the own department's part of the materials that were seen, named by their digest.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] without the pen or for a department that is no member;
    /// [`HubError::Conflict`] when other materials were frozen since, or the part is signed
    /// already; [`HubError::NotFound`] when nothing is frozen.
    pub async fn sign_materials(
        &self,
        id: Uuid,
        digest: &str,
        remark: Option<&str>,
    ) -> Result<(), HubError> {
        let pen = SignPermit::of(self.seat)?;
        let meeting = self.meeting(id).await?;
        if !meeting.plan.members.iter().any(|member| member == pen.department().as_str()) {
            return Err(HubError::forbidden(
                "本单位不是这次会议的成员单位。请由人社部门先加入成员。",
                "Your body is not a member of this meeting. Ask 人社 to add it first.",
            ));
        }
        let remark = remark.map(|remark| text("说明", "remark", remark)).transpose()?;
        let remark = remark.as_deref();
        let (found, _) = self
            .services
            .database
            .materials(self.seat, &meeting)
            .await?
            .ok_or(HubError::NotFound)?;
        if found.digest != digest {
            return Err(HubError::conflict(
                "摘要不是现行材料的摘要：材料可能已重新冻结，或摘要抄写有误。请查看现行材料后再签报。",
                "The digest is not that of the materials: they may have been frozen again. Look at them, then sign.",
            ));
        }
        let work = async {
            if self.services.database.part_sign(&pen, found.id, remark, self.ctx.now()).await? {
                return Ok(());
            }
            Err(HubError::conflict(
                "本单位已签报这份材料。",
                "Your body has signed these materials already.",
            ))
        };
        audited(&self.services.audit, self.ctx, self.actor, ("sign materials", digest), work).await
    }

    /// Adds a resolution to a meeting.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] but for the chair; [`HubError::Invalid`] naming what is wrong;
    /// [`HubError::NotFound`].
    pub async fn resolve(
        &self,
        id: Uuid,
        task: &ResolutionTask,
    ) -> Result<StoredResolution, HubError> {
        let chair = ConvenePermit::of(self.seat)?;
        let meeting = self.meeting(id).await?;
        let content = text("决议内容", "content", &task.content)?;
        let task = &ResolutionTask { content, ..task.clone() };
        department(&self.services.reference, &task.owner)?;
        let work = async {
            let id = self
                .services
                .database
                .resolution_add(&chair, &meeting, task, self.ctx.now())
                .await?;
            self.resolution(id).await
        };
        audited(
            &self.services.audit,
            self.ctx,
            self.actor,
            ("add resolution", &id.to_string()),
            work,
        )
        .await
    }

    /// Says how far a resolution is: its owner reports progress, the chair also settles it.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] for others; [`HubError::Conflict`] when it was changed in between;
    /// [`HubError::Invalid`].
    pub async fn settle(
        &self,
        id: Uuid,
        version: i32,
        state: &str,
        progress: Option<&str>,
    ) -> Result<StoredResolution, HubError> {
        if !self.seat.signs(self.seat.department().as_str()) {
            ConvenePermit::of(self.seat)?;
        }
        let known = self.resolution(id).await?;
        if state != known.state || !self.seat.signs(&known.task.owner) {
            ConvenePermit::of(self.seat)?;
        }
        if self.services.reference.label("resolution_state", state).is_none() {
            return Err(HubError::invalid(
                "没有这种决议状态。",
                "There is no such state of a resolution.",
            ));
        }
        let progress = progress.map(|progress| text("进展", "progress", progress)).transpose()?;
        let progress = progress.as_deref();
        let work = async {
            let settled = self
                .services
                .database
                .resolution_settle(self.seat, (id, version), (state, progress), self.ctx.now())
                .await?;
            if settled { self.resolution(id).await } else { Err(stale()) }
        };
        audited(
            &self.services.audit,
            self.ctx,
            self.actor,
            ("settle resolution", &id.to_string()),
            work,
        )
        .await
    }

    async fn meeting(&self, id: Uuid) -> Result<StoredMeeting, HubError> {
        self.services.database.meeting(self.seat, id).await?.ok_or(HubError::NotFound)
    }

    async fn resolution(&self, id: Uuid) -> Result<StoredResolution, HubError> {
        self.services.database.resolution(self.seat, id).await?.ok_or(HubError::NotFound)
    }

    /// The plan as it is stored.
    fn checked(&self, plan: &MeetingDraft) -> Result<MeetingDraft, HubError> {
        let reference = &self.services.reference;
        if reference.label("meeting_kind", &plan.kind).is_none() {
            return Err(HubError::invalid("没有这种会议。", "There is no such kind of meeting."));
        }
        if plan.members.is_empty()
            || plan.members.len() > MOST_ITEMS
            || plan.agenda.len() > MOST_ITEMS
        {
            return Err(HubError::invalid(
                format!("成员单位应为 1 至 {MOST_ITEMS} 个，议程不超过 {MOST_ITEMS} 项。"),
                format!("A meeting has 1 to {MOST_ITEMS} members and at most {MOST_ITEMS} items."),
            ));
        }
        plan.members.iter().try_for_each(|member| department(reference, member))?;
        let agenda = plan.agenda.iter().map(|item| text("议程", "agenda", item));
        Ok(MeetingDraft { agenda: agenda.collect::<Result<_, _>>()?, ..plan.clone() })
    }
}

/// Whether a resolution is past its date on a day.
#[must_use]
pub fn overdue(resolution: &StoredResolution, today: NaiveDate) -> bool {
    resolution.state == "OPEN" && resolution.task.due.is_some_and(|due| due < today)
}

fn department(reference: &Reference, code: &str) -> Result<(), HubError> {
    match reference.label("department", code) {
        Some(_) => Ok(()),
        None => {
            Err(HubError::invalid("没有这个部门代码。", "There is no department of that code."))
        }
    }
}

/// A text as it is stored.
pub(super) fn text(zh: &str, en: &str, value: &str) -> Result<String, HubError> {
    let value = free_text(value);
    let length = value.chars().count();
    if length > MOST_CHARACTERS {
        return Err(HubError::invalid(
            format!("“{zh}”共 {length} 字，最多 {MOST_CHARACTERS} 字。请缩短。"),
            format!(
                "`{en}` has {length} characters and takes at most {MOST_CHARACTERS}. Shorten it."
            ),
        ));
    }
    if is_readable(&value) && !value.chars().any(|letter| letter.is_control() && letter != '\n') {
        return Ok(value);
    }
    Err(HubError::invalid(
        format!("“{zh}”应为 1 至 {MOST_CHARACTERS} 字，有可读的内容，不含控制字符。"),
        format!(
            "`{en}` takes 1 to {MOST_CHARACTERS} readable characters and no control characters."
        ),
    ))
}

pub(super) fn stale() -> HubError {
    HubError::conflict(
        "刚被他人修改。请重新读取后再改。",
        "It was just changed by somebody else. Read it again, then change it.",
    )
}
