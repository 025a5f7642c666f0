//! Steps taken by people: a lead is assigned, answered, closed. Each is stored with the account,
//! the time and the text.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::{
    audit::audited::audited,
    authz::{
        actor::Actor,
        leads::{Answering, Managing},
        meeting::Seat,
    },
    context::OpCtx,
    domain::{
        clock::shanghai_date,
        lead::{AnswerFault, LONGEST_ANSWER, LeadResolution, check_answer},
        text::free_text,
    },
    error::HubError,
    services::Services,
    store::meeting::leads::{LeadAction, StepWords, StoredLeadRow},
};

/// A step that a person takes on a lead.
#[derive(Clone, Debug)]
pub enum Act {
    /// Asks a department, with or without an explanation.
    Assign {
        /// Code of the department.
        department: String,
        /// Text of the question, or none.
        words: Option<String>,
    },
    /// Answers on behalf of the department that was asked.
    Answer {
        /// Text of the answer, at most `LONGEST_ANSWER` characters without identity number.
        words: String,
    },
    /// Closes the lead.
    Close {
        /// How the lead was resolved.
        resolution: LeadResolution,
        /// Reason for closing it, at most `LONGEST_ANSWER` characters without identity number.
        words: String,
    },
}

impl Act {
    const fn operation(&self) -> &'static str {
        match self {
            Self::Assign { .. } => "assign lead",
            Self::Answer { .. } => "answer lead",
            Self::Close { .. } => "close lead",
        }
    }
}

/// Takes the step, based on the version that the person saw. Missing rights are reported before
/// anything about the identifier.
///
/// # Errors
///
/// [`HubError::Forbidden`] and [`HubError::NotFound`] by the right of the actor,
/// [`HubError::Invalid`] for a text that is rejected, [`HubError::Conflict`] when somebody was
/// faster or the state does not allow the step.
pub async fn act(
    services: &Services,
    ctx: &OpCtx,
    actor: &Actor,
    (id, version): (Result<Uuid, HubError>, i32),
    act: &Act,
) -> Result<StoredLeadRow, HubError> {
    let seat = Seat::new(&services.policy, actor, actor.region())?;
    let (change, words) = match act {
        Act::Assign { department, words } => {
            (LeadAction::Assign(Managing::new(&seat)?, department), words.as_deref())
        }
        Act::Answer { words } => (LeadAction::Answer(Answering::new(&seat)?), Some(words.as_str())),
        Act::Close { resolution, words } => {
            (LeadAction::Close(Managing::new(&seat)?, *resolution), Some(words.as_str()))
        }
    };
    if let Act::Close { resolution, .. } = act
        && !resolution.by_person()
    {
        return Err(HubError::invalid(
            "RESOLVED_BY_DATA 由平台在数据变化后自动设定。请选择其他办结方式。",
            "RESOLVED_BY_DATA is set by the hub when the data change. Choose another resolution.",
        ));
    }
    let words = words.map(free_text);
    let words = words.as_deref();
    words.map_or(Ok(()), |words| taken(words, shanghai_date(ctx.now())))?;
    let id = id?;
    let words = StepWords { id, version, words };
    let work = services.database.lead_step((&seat, actor), words, &change, ctx.now());
    audited(&services.audit, ctx, actor, (act.operation(), &id.to_string()), work).await
}

fn taken(words: &str, today: NaiveDate) -> Result<(), HubError> {
    check_answer(words, today).map_err(|fault| match fault {
        AnswerFault::Empty => HubError::invalid("请写明内容。", "Say something."),
        AnswerFault::TooLong => HubError::invalid(
            format!("内容不超过 {LONGEST_ANSWER} 字。请精简，材料请在线下附送。"),
            format!("At most {LONGEST_ANSWER} characters. Be brief, and send papers another way."),
        ),
        AnswerFault::Control => {
            HubError::invalid("内容含有控制字符。请删去。", "The text holds control characters. Take them out.")
        }
        AnswerFault::IdentityNumber => HubError::invalid(
            "内容含有证件号码，不予保存。请用记录标识或案号指代，勿写证件号码。",
            "The text holds an identity number and is not kept. Name the record or the case instead.",
        ),
    })
}
