//! Steps that people take in handling a lead. Each names the version it is based on; if the lead
//! has changed since, the step is a conflict.

use chrono::{DateTime, Utc};
use sea_orm::Value;
use uuid::Uuid;

use super::StoredLeadRow;
use crate::{
    authz::{
        actor::Actor,
        leads::{Answering, Managing},
        meeting::Seat,
    },
    domain::{
        code::Coded as _,
        lead::{LeadResolution, LeadStep},
    },
    error::{HubError, Race, Text},
    store::sql::{
        database::{Database, Transaction},
        statement::statement,
    },
};

/// A step a person takes, with the right to take it.
#[derive(Clone, Debug)]
pub enum LeadAction<'a> {
    /// Assigns the lead to a department.
    Assign(Managing<'a>, &'a str),
    /// Answers for the assigned department.
    Answer(Answering<'a>),
    /// Closes the lead.
    Close(Managing<'a>, LeadResolution),
}

impl LeadAction<'_> {
    const fn step(&self) -> LeadStep {
        match self {
            Self::Assign(..) => LeadStep::Assign,
            Self::Answer(..) => LeadStep::Answer,
            Self::Close(..) => LeadStep::Close,
        }
    }
}

/// Which lead, which version of it, and the text entered.
#[derive(Clone, Copy, Debug)]
pub struct StepWords<'a> {
    /// Identifier of the lead.
    pub id: Uuid,
    /// Version of the lead that the person saw.
    pub version: i32,
    /// Text entered with the step: the question, the answer or the closing remark.
    pub words: Option<&'a str>,
}

impl Database {
    /// Takes a step in handling a lead. Returns the lead after it.
    ///
    /// # Errors
    ///
    /// [`HubError::NotFound`] when the seat may not read such a lead, [`HubError::Conflict`] or
    /// [`HubError::Overtaken`] when somebody else was faster or the state does not allow the step,
    /// [`HubError::Forbidden`] for the answer of a department that was not asked.
    pub async fn lead_step(
        &self,
        (seat, actor): (&Seat, &Actor),
        words: StepWords<'_>,
        change: &LeadAction<'_>,
        now: DateTime<Utc>,
    ) -> Result<StoredLeadRow, HubError> {
        let transaction = self.begin().await?;
        match transaction.lead_stepped((seat, actor), words, change, now).await {
            Ok(lead) => transaction.commit().await.map(|()| lead),
            Err(error) => {
                transaction.rollback().await;
                Err(error)
            }
        }
    }
}

impl Transaction {
    async fn lead_stepped(
        &self,
        (seat, actor): (&Seat, &Actor),
        StepWords { id, version, words }: StepWords<'_>,
        change: &LeadAction<'_>,
        now: DateTime<Utc>,
    ) -> Result<StoredLeadRow, HubError> {
        let lead = self.lead_held(seat, id).await?.ok_or(HubError::NotFound)?;
        if let LeadAction::Answer(by) = change
            && lead.assigned.as_deref() != Some(by.department().as_str())
        {
            return Err(HubError::forbidden(
                "该线索没有分派给本部门，不能答复。",
                "The lead was not assigned to your department, so it does not answer.",
            ));
        }
        if lead.version != version {
            return Err(HubError::Conflict(Text::new(
                format!("线索已被他人处理（现为第 {} 版）。请重新查看后再操作。", lead.version),
                format!(
                    "Somebody has worked on the lead (it is at version {}). Look at it again first.",
                    lead.version
                ),
            )));
        }
        let state = lead.state.after(change.step()).ok_or_else(|| {
            HubError::Conflict(Text::new(
                format!("线索当前状态为 {}，不能进行此操作。", lead.state.code()),
                format!("The lead is {}: this step is not open.", lead.state.code()),
            ))
        })?;
        let mut next = StoredLeadRow { state, version: lead.version + 1, ..lead };
        match change {
            LeadAction::Assign(_, department) => next.assigned = Some((*department).to_owned()),
            LeadAction::Answer(_) => next.answer = words.map(ToOwned::to_owned),
            LeadAction::Close(_, resolution) => next.resolution = Some(*resolution),
        }
        let sql = "UPDATE leads SET state = ?, assigned = ?, answer = ?, resolution = ?, version = ? WHERE id = ? AND version = ?";
        let resolution = next.resolution.map(LeadResolution::code);
        let values: Vec<Value> = vec![
            next.state.code().into(),
            next.assigned.clone().into(),
            next.answer.clone().into(),
            resolution.into(),
            next.version.into(),
            id.into(),
            version.into(),
        ];
        if self.run(statement(self.backend(), sql, values)).await? != 1 {
            return Err(HubError::Overtaken(Race::Record));
        }
        let sql = "INSERT INTO lead_events (lead_id, version, step, state, tier, assigned, resolution, words, at, subject, department, \
                   region_code) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        let values: Vec<Value> = vec![
            id.into(),
            next.version.into(),
            change.step().code().into(),
            next.state.code().into(),
            next.found.tier.code().into(),
            next.assigned.clone().into(),
            resolution.into(),
            words.map(ToOwned::to_owned).into(),
            now.into(),
            actor.subject().into(),
            actor.department().as_str().into(),
            actor.region().as_str().into(),
        ];
        self.run(statement(self.backend(), sql, values)).await?;
        Ok(next)
    }
}
