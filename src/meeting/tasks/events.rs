//! What the hub knows of tasks by itself: returns that were signed, meetings that were held, bases
//! that were named and campaigns that began.

use chrono::{Datelike as _, NaiveDate};
use entity::catalogue::{Class, Family};

use crate::{
    authz::scope::Use,
    domain::{
        clock::shanghai_date,
        code::Coded as _,
        deadline::DueState,
        education_base::BaseState,
        plan::{Finality, TaskEvent},
    },
    error::HubError,
    meeting::{
        obligations::{DutyKind, ObligationsQuery, OwedItem},
        returns::MeetingContext,
    },
    store::{
        records::filter::{FieldTest, Filter},
        sql::cell::Cell,
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
            bases: self.named_bases(year).await?,
            campaigns: [
                self.campaigns(year, "ANNUAL_THEME").await?,
                self.campaigns(year, "CONCENTRATED").await?,
            ],
        })
    }

    /// How many bases of exactly this region carry the name by the end of a year; `None` to whoever
    /// may not list them.
    async fn named_bases(&self, year: i32) -> Result<Option<i64>, HubError> {
        use entity::education_base::names;
        let bound = last_day(year).map(|day| (Cell::Date(day), true));
        let after = last_day(year).map(|day| (Cell::Date(day), false));
        let before = (names::NAMED_ON, FieldTest::Range(None, bound));
        let (named, other): (Vec<BaseState>, Vec<BaseState>) =
            BaseState::ALL.iter().partition(|state| state.is_named());
        let is = |states: Vec<BaseState>| {
            let codes = states.iter().map(|state| Cell::Text(state.code().to_owned()));
            (names::BASE_STATUS, FieldTest::In(codes.collect()))
        };
        let family = self.services.catalogue.of::<entity::education_base::Entity>();
        // Of those that lost the name later it is counted too.
        let later = (names::REVOKED_ON, FieldTest::Range(after, None));
        let tests = [before.clone(), is(named)];
        let kept = self.own(family, names::REGION_CODE, &tests).await?;
        let lost = self.own(family, names::REGION_CODE, &[before, is(other), later]).await?;
        Ok(kept.zip(lost).map(|(kept, lost)| kept + lost))
    }

    /// How many campaigns of a kind exactly this region began in a year; `None` to whoever may not
    /// list them.
    async fn campaigns(&self, year: i32, kind: &str) -> Result<Option<i64>, HubError> {
        use entity::campaign::names;
        let bound = |day: Option<NaiveDate>| day.map(|day| (Cell::Date(day), true));
        let days = (NaiveDate::from_ymd_opt(year, 1, 1), last_day(year));
        let tests = [
            (names::CAMPAIGN_KIND, FieldTest::In(vec![Cell::Text(kind.to_owned())])),
            (names::STARTED_ON, FieldTest::Range(bound(days.0), bound(days.1))),
        ];
        let family = self.services.catalogue.of::<entity::campaign::Entity>();
        self.own(family, names::REGION_CODE, &tests).await
    }

    /// How many records of exactly this region meet the tests.
    async fn own(
        &self,
        family: Option<&'static Family>,
        region: &str,
        tests: &[(&str, FieldTest)],
    ) -> Result<Option<i64>, HubError> {
        let Some(family) = family else { return Ok(None) };
        let scope = self.services.scope(self.actor, family)?;
        if !scope.allows(Use::List, &[Class::Public]) {
            return Ok(None);
        }
        let here = FieldTest::In(vec![Cell::Text(self.seat.region().as_str().to_owned())]);
        let all = [(region, here)].into_iter().chain(tests.iter().cloned());
        let all = all.filter_map(|(name, test)| Some(Filter::Field(family.field(name)?, test)));
        let filter = Filter::All(all.collect());
        Ok(Some(self.services.reader().count(&scope, &filter, &[]).await?))
    }
}

fn last_day(year: i32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, 12, 31)
}

/// What the hub knows of a year by itself.
pub(super) struct YearEvents {
    year: i32,
    over: bool,
    returns: Vec<OwedItem>,
    meetings: Vec<NaiveDate>,
    bases: Option<i64>,
    /// Those of the year's theme, and concentrated ones.
    campaigns: [Option<i64>; 2],
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
            TaskEvent::Base => {
                let count = self.bases?;
                let text = match count {
                    0 => format!("{}年底前没有已命名警示教育基地的记录", self.year),
                    count => format!("{}年底前已命名警示教育基地{count}个", self.year),
                };
                Some(KnownEvent { text, happened: self.happened(count > 0), day: None })
            }
            TaskEvent::Campaign => {
                let [theme, concentrated] = [self.campaigns[0]?, self.campaigns[1]?];
                let text = format!(
                    "{}年有年度主题宣传记录{theme}次、集中宣传活动记录{concentrated}次",
                    self.year
                );
                let happened = self.happened(theme > 0 && concentrated > 0);
                Some(KnownEvent { text, happened, day: None })
            }
            TaskEvent::Meeting => {
                let first = self.meetings.iter().min().copied();
                let text = match first {
                    Some(day) => {
                        format!("{}年召开联席会议{}次，首次于{day}", self.year, self.meetings.len())
                    }
                    None => format!("{}年没有召开联席会议的记录", self.year),
                };
                Some(KnownEvent { text, happened: self.happened(first.is_some()), day: first })
            }
        }
    }
    /// What did not happen yet may happen as long as the year goes on.
    fn happened(&self, yes: bool) -> Option<bool> {
        if yes { Some(true) } else { self.over.then_some(false) }
    }
}
