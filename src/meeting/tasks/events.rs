//! What the hub knows of tasks by itself: returns that were signed, meetings that were held.

use chrono::{Datelike as _, NaiveDate};

use crate::{
    domain::{
        clock::shanghai_date,
        deadline::DueState,
        plan::{Finality, TaskEvent},
    },
    error::HubError,
    meeting::{
        obligations::{DutyKind, ObligationsQuery, OwedItem},
        returns::MeetingContext,
    },
};

/// What the hub knows of a task by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownEvent {
    /// What it is, in Chinese.
    pub text: String,
    /// Whether it happened; `None` while it is not due.
    pub happened: Option<bool>,
    /// Day on which it happened; `None` where it has not.
    pub day: Option<NaiveDate>,
}

impl MeetingContext<'_> {
    /// What the hub knows of the year by itself.
    pub(super) async fn events(&self, year: i32) -> Result<YearEvents, HubError> {
        let meetings = self.services.database.meetings(self.seat, None).await?;
        let held = meetings.iter().filter_map(|meeting| meeting.plan.held_at);
        let held = held.filter(|at| *at <= self.ctx.now()).map(shanghai_date);
        Ok(YearEvents {
            year,
            over: year < self.today().year(),
            returns: self.yearly(&ObligationsQuery::default()).await?,
            meetings: held.filter(|day| day.year() == year).collect(),
        })
    }
}

/// What the hub knows of a year by itself.
pub(super) struct YearEvents {
    year: i32,
    over: bool,
    returns: Vec<OwedItem>,
    meetings: Vec<NaiveDate>,
}

impl YearEvents {
    /// What is known of an event at a department; `None` where nothing of the kind is owed there.
    pub(super) fn told(&self, event: &TaskEvent, department: &str) -> Option<KnownEvent> {
        match event {
            TaskEvent::Return(kind, year, finality) => {
                let own = self.returns.iter().find(|item| {
                    item.kind == DutyKind::Yearly(*kind)
                        && item.department == department
                        && item
                            .yearly
                            .as_ref()
                            .is_some_and(|(_, data_year, own)| data_year == year && own == finality)
                })?;
                let provisional =
                    if *finality == Finality::Provisional { "（预报）" } else { "" };
                let what = format!("{year}年{}{provisional}", kind.subject_zh());
                let (text, happened) = match (own.done, own.state) {
                    (Some(day), _) => (format!("{what}已于{day}签报"), Some(true)),
                    (None, DueState::Overdue) => (format!("{what}逾期未签报"), Some(false)),
                    (None, _) => (format!("{what}未签报，未到期"), None),
                };
                Some(KnownEvent { text, happened, day: own.done })
            }
            TaskEvent::Meeting => {
                let first = self.meetings.iter().min().copied();
                let text = match first {
                    Some(day) => {
                        format!("{}年召开联席会议{}次，首次于{day}", self.year, self.meetings.len())
                    }
                    None => format!("{}年没有召开联席会议的记录", self.year),
                };
                let happened =
                    if first.is_some() { Some(true) } else { self.over.then_some(false) };
                Some(KnownEvent { text, happened, day: first })
            }
        }
    }
}
