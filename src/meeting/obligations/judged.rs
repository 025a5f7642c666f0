//! What is owed of a single record: its state, its last day, and which of its fields leave the state
//! open.

use chrono::{DateTime, NaiveDate, TimeDelta};
use entity::{accident, catalogue::Family, work_injury};

use super::{DutyKind, OwedItem, Values, cases::ClockedFamily};
use crate::{
    domain::{
        clock::shanghai_date,
        deadline::{ClockRule, ClockRun, DueState},
        department::Department,
    },
    error::HubError,
    meeting::{returns::MeetingContext, rulebook::settled},
    store::{
        records::row::{Row, Selection},
        sql::cell::Cell,
    },
};

impl ClockedFamily {
    /// What is owed of a record. Where an empty field leaves open by which rule, or whether it was
    /// done in time, and that makes a difference, the state is undecided.
    pub(super) fn judge(
        &self,
        sitting: &MeetingContext<'_>,
        family: &'static Family,
        selection: &Selection,
        row: &Row,
    ) -> Result<Option<OwedItem>, HubError> {
        let values = Values { family, selection, row };
        let (rules, mut unknown) = self.rules(&values);
        let mut items = Vec::with_capacity(rules.len());
        for rule in rules {
            items.push(self.by_rule(sitting, &values, rule)?);
        }
        // Whether the last day is near is told by the stricter rule.
        let mut states = items.iter().map(|item| match item.as_ref()?.state {
            DueState::DueSoon => Some(DueState::NotDue),
            state => Some(state),
        });
        let first = states.next().flatten();
        let mut open = states.any(|state| state != first);
        // Of several rules the stricter one is told.
        let Some(mut item) = items.into_iter().flatten().min_by_key(|item| item.due) else {
            return Ok(None);
        };
        if self.shows_done(&values) && item.done.is_none() {
            unknown.extend(self.done);
            if item.due < sitting.today() {
                open = true;
            } else if !open {
                // Whenever it was done, it was done in time.
                item.state = DueState::Done;
            }
        }
        open |= !item.unknown_fields.is_empty();
        unknown.append(&mut item.unknown_fields);
        if open {
            item.state = DueState::Undecided;
        }
        item.unknown_fields =
            unknown.iter().filter_map(|name| family.field(name)).map(|field| field.name).collect();
        Ok(Some(item))
    }

    /// Whether the record is there because it was done, or says so: a decision has a result.
    fn shows_done(&self, values: &Values<'_>) -> bool {
        let result = || values.cell(work_injury::names::RESULT).and_then(Cell::as_text);
        self.recorded
            || (self.kind == DutyKind::RecognitionDecision
                && result().is_some_and(|result| result != "SUSPENDED"))
    }

    /// What is owed of a record by a rule.
    fn by_rule(
        &self,
        sitting: &MeetingContext<'_>,
        values: &Values<'_>,
        rule: &str,
    ) -> Result<Option<OwedItem>, HubError> {
        let Some(start) = values.day(self.start) else { return Ok(None) };
        let region = sitting.regional(&values.row.region);
        let Some(rule) = sitting.rules.clock_if_any(rule, &region, start)? else {
            // The duty did not exist on that day.
            return Ok(None);
        };
        let done = self.done.and_then(|name| values.day(name));
        if matches!(self.kind, DutyKind::NoticeHrss | DutyKind::NoticeUnion) {
            return Ok(Some(self.notice(sitting, values, rule)));
        }
        let since = values.day(work_injury::names::SUSPENDED_SINCE).filter(|_| done.is_none());
        let still = since.map_or(0, |since| (sitting.today() - since).num_days().max(0));
        let suspended = values.number(work_injury::names::SUSPENDED_DAYS).saturating_add(still);
        let run = ClockRun {
            start,
            suspended_days: u32::try_from(suspended).unwrap_or_default(),
            extended: false,
        };
        let (due, unknown_year) = settled(rule.due(&sitting.rules.calendar, &run))?;
        if self.kind == DutyKind::TollChange
            && values.day(accident::names::TOLL_CHANGED_AT).is_some_and(|changed| changed > due)
        {
            // What changes after the window changes nothing in the figures.
            return Ok(None);
        }
        let suspended = values.cell(work_injury::names::RESULT).and_then(Cell::as_text)
            == Some("SUSPENDED")
            || since.is_some();
        let state = rule.state(due, done, suspended, sitting.today());
        Ok(Some(self.item(values, rule, (start, due, done), state, unknown_year)))
    }

    /// A notice is counted in hours, from the report of the accident where one is known. Where none
    /// is, what is late after the accident may be in time after its report; whoever has handed in
    /// the accident had its report by then.
    fn notice(
        &self,
        sitting: &MeetingContext<'_>,
        values: &Values<'_>,
        rule: &ClockRule,
    ) -> OwedItem {
        let instant = |name: &str| match values.cell(name) {
            Some(Cell::Instant(instant)) => Some(*instant),
            _ => None,
        };
        let start = instant(accident::names::REPORTED_AT)
            .or_else(|| instant(self.start))
            .unwrap_or_else(|| sitting.at());
        let hours = TimeDelta::hours(rule.amount.into());
        let end = start.checked_add_signed(hours).unwrap_or(start);
        let done = self.done.and_then(instant);
        let state = match done {
            Some(done) if done <= end => DueState::Done,
            Some(_) => DueState::DoneLate,
            None if sitting.at() > end => DueState::Overdue,
            None => DueState::NotDue,
        };
        let handed_in = || {
            let seconds = values.row.id.get_timestamp()?.to_unix().0;
            DateTime::from_timestamp(i64::try_from(seconds).ok()?, 0)
        };
        let unreported = instant(accident::names::REPORTED_AT).is_none()
            && match state {
                DueState::DoneLate | DueState::Overdue => {
                    let told = done.unwrap_or_else(|| sitting.at());
                    handed_in().is_some_and(|at| told <= at + hours)
                }
                _ => false,
            };
        let days = (shanghai_date(start), shanghai_date(end), done.map(shanghai_date));
        let mut item = self.item(values, rule, days, state, None);
        item.unknown_fields.extend(unreported.then_some(accident::names::REPORTED_AT));
        item
    }

    fn item(
        &self,
        values: &Values<'_>,
        rule: &ClockRule,
        (start, due, done): (NaiveDate, NaiveDate, Option<NaiveDate>),
        state: DueState,
        unknown_year: Option<i32>,
    ) -> OwedItem {
        let department = match self.kind {
            // The employer owes it; 人社 waits for it.
            DutyKind::RecognitionApplication => Department::HRSS.code().to_owned(),
            _ => values.row.department.clone(),
        };
        OwedItem {
            kind: self.kind,
            state,
            due,
            enforced_from: None,
            start: Some(start),
            done,
            department,
            region: values.row.region.clone(),
            record: Some((values.family, values.row.id)),
            yearly: None,
            rule: rule.code.clone(),
            source: rule.source.clone(),
            unknown_year,
            unknown_fields: Vec::new(),
            carried: false,
        }
    }

    /// The rules that a record may go by, and the empty fields that leave open which of them.
    fn rules(&self, values: &Values<'_>) -> (&'static [&'static str], Vec<&'static str>) {
        let (general, apart) = self.rules.split_at(self.rules.len().min(1));
        if apart.is_empty() {
            return (general, Vec::new());
        }
        let yes = |name: &'static str| match values.cell(name) {
            Some(Cell::Bool(yes)) => (name, Some(*yes)),
            _ => (name, None),
        };
        // Whether the case is one that the law sets apart: one fact that says so is enough.
        let facts = match self.kind {
            DutyKind::RecognitionApplication => {
                let kind = values.cell(work_injury::names::APPLICANT_KIND).and_then(Cell::as_text);
                vec![(work_injury::names::APPLICANT_KIND, kind.map(|kind| kind != "EMPLOYER"))]
            }
            DutyKind::TollChange => {
                vec![yes(accident::names::ROAD_TRAFFIC), yes(accident::names::FIRE)]
            }
            // Sixty days hold for every case until it is found to be clear.
            DutyKind::RecognitionDecision => {
                let (name, clear) = yes(work_injury::names::SIMPLE_CASE);
                vec![(name, Some(clear.unwrap_or_default()))]
            }
            _ => Vec::new(),
        };
        if facts.iter().any(|(_, fact)| *fact == Some(true)) {
            return (apart, Vec::new());
        }
        let unknown: Vec<_> =
            facts.iter().filter(|(_, fact)| fact.is_none()).map(|(name, _)| *name).collect();
        (if unknown.is_empty() { general } else { self.rules }, unknown)
    }
}

impl<'a> Values<'a> {
    fn cell(&self, name: &str) -> Option<&'a Cell> {
        let place = self.selection.place(self.family.position(name)?)?;
        self.row.cells.get(place).filter(|cell| !cell.is_null())
    }

    fn day(&self, name: &str) -> Option<NaiveDate> {
        match self.cell(name)? {
            Cell::Date(day) => Some(*day),
            Cell::Instant(instant) => Some(shanghai_date(*instant)),
            _ => None,
        }
    }

    fn number(&self, name: &str) -> i64 {
        match self.cell(name) {
            Some(Cell::Int(number)) => *number,
            _ => 0,
        }
    }
}
