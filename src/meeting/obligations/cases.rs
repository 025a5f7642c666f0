//! Clocks that start with a record: which records, which day starts them, which day ends them, by
//! which rule.
//!
//! Every condition names each field that the state follows from. If the caller may not read one of
//! these fields in a row, the row is left out; otherwise it would look overdue.

use chrono::{Days, NaiveDate, TimeDelta};
use entity::{
    accident,
    catalogue::{Family, Kind as FieldKind},
    occupational_disease_case, work_injury,
};

use super::{DutyKind, ObligationsQuery, OwedItem, Values};
use crate::{
    domain::{
        clock::shanghai_date,
        code::Coded as _,
        deadline::{ClockRule, ClockRun, DueState},
        department::Department,
    },
    error::HubError,
    meeting::{returns::MeetingContext, rulebook::settled},
    store::{
        records::{
            filter::{FieldTest, Filter},
            row::{Row, Selection},
        },
        sql::cell::Cell,
    },
};

/// Days by which a last day moves over holidays at most, with room.
const ROLL: u64 = 20;

/// Records with a clock.
pub(super) struct ClockedFamily {
    /// What is owed.
    pub(super) kind: DutyKind,
    /// Family of the records.
    pub(super) family: &'static str,
    /// Field whose day starts the clock; pages follow it.
    pub(super) start: &'static str,
    /// Field that says it was done; none where a record without it is looked for.
    done: Option<&'static str>,
    /// Further fields the state follows from.
    more: &'static [&'static str],
    /// Rules it may go by.
    rules: &'static [&'static str],
}

/// All sources, in the order of pages.
pub(super) const ALL: [ClockedFamily; 7] = [
    ClockedFamily {
        kind: DutyKind::RecognitionDecision,
        family: work_injury::names::FAMILY,
        start: work_injury::names::ACCEPTED_AT,
        done: Some(work_injury::names::DECIDED_AT),
        more: &[
            work_injury::names::RESULT,
            work_injury::names::SIMPLE_CASE,
            work_injury::names::SUSPENDED_DAYS,
            work_injury::names::SUSPENDED_SINCE,
        ],
        rules: &["RECOGNITION_DECISION", "RECOGNITION_DECISION_SIMPLE"],
    },
    ClockedFamily {
        kind: DutyKind::RecognitionApplication,
        family: work_injury::names::FAMILY,
        start: work_injury::names::INJURED_AT,
        done: Some(work_injury::names::APPLIED_AT),
        more: &[work_injury::names::APPLICANT_KIND],
        rules: &["RECOGNITION_EMPLOYER", "RECOGNITION_WORKER"],
    },
    ClockedFamily {
        kind: DutyKind::RecognitionApplication,
        family: occupational_disease_case::names::FAMILY,
        start: occupational_disease_case::names::DIAGNOSED_AT,
        done: None,
        more: &[occupational_disease_case::names::REPORT_NATURE],
        rules: &["RECOGNITION_EMPLOYER"],
    },
    ClockedFamily {
        kind: DutyKind::DiseaseReport,
        family: occupational_disease_case::names::FAMILY,
        start: occupational_disease_case::names::DIAGNOSED_AT,
        done: Some(occupational_disease_case::names::REPORTED_AT),
        more: &[],
        rules: &["DISEASE_REPORT"],
    },
    ClockedFamily {
        kind: DutyKind::TollChange,
        family: accident::names::FAMILY,
        start: accident::names::OCCURRED_AT,
        done: Some(accident::names::TOLL_REPORTED_AT),
        more: &[
            accident::names::TOLL_CHANGED_AT,
            accident::names::ROAD_TRAFFIC,
            accident::names::FIRE,
        ],
        rules: &["TOLL_CHANGE", "TOLL_CHANGE_TRAFFIC_FIRE"],
    },
    ClockedFamily {
        kind: DutyKind::NoticeHrss,
        family: accident::names::FAMILY,
        start: accident::names::OCCURRED_AT,
        done: Some(accident::names::HRSS_NOTIFIED_AT),
        more: &[accident::names::REPORTED_AT],
        rules: &["NOTICE_HRSS"],
    },
    ClockedFamily {
        kind: DutyKind::NoticeUnion,
        family: accident::names::FAMILY,
        start: accident::names::OCCURRED_AT,
        done: Some(accident::names::UNION_NOTIFIED_AT),
        more: &[accident::names::REPORTED_AT],
        rules: &["NOTICE_UNION"],
    },
];

impl ClockedFamily {
    /// Fields that are read.
    pub(super) fn selection(&self, family: &'static Family) -> Selection {
        let mut selection = Selection::default();
        let names = [self.start].into_iter().chain(self.done).chain(self.more.iter().copied());
        for position in names.filter_map(|name| family.position(name)) {
            selection.field(position);
        }
        selection
    }

    /// Records that may fit what is asked; each that is read is judged once more.
    pub(super) fn filter(
        &self,
        sitting: &MeetingContext<'_>,
        family: &'static Family,
        asked: &ObligationsQuery,
    ) -> Result<Filter, HubError> {
        let mut all = Vec::new();
        let test = |name: &str, test: FieldTest| {
            family.field(name).map(|field| Filter::Field(field, test))
        };
        all.extend(test(
            accident::names::REGION_CODE,
            FieldTest::Prefix(sitting.seat.region().prefix().to_owned()),
        ));
        // Says nothing of the values and asks for the right to read them.
        for name in self.done.into_iter().chain(self.more.iter().copied()) {
            let either =
                [true, false].into_iter().filter_map(|null| test(name, FieldTest::IsNull(null)));
            all.push(Filter::Any(either.collect()));
        }
        all.extend(test(self.start, FieldTest::IsNull(false)));
        match self.kind {
            DutyKind::TollChange => {
                all.extend(test(accident::names::TOLL_CHANGED_AT, FieldTest::IsNull(false)))
            }
            DutyKind::RecognitionDecision => {
                let ended =
                    ["NOT_ACCEPTED", "TERMINATED"].map(|code| Cell::Text(code.to_owned())).to_vec();
                all.extend(
                    test(work_injury::names::RESULT, FieldTest::In(ended))
                        .map(|ended| Filter::Not(Box::new(ended))),
                );
            }
            // Where there is a case somebody has applied; without the day nothing can be said of
            // it.
            DutyKind::RecognitionApplication => {
                all.extend(self.done.and_then(|done| test(done, FieldTest::IsNull(false))))
            }
            _ => {}
        }
        if self.done.is_none() {
            all.extend(test(
                occupational_disease_case::names::REPORT_NATURE,
                FieldTest::In(vec![Cell::Text("FIRST".to_owned())]),
            ));
            let injuries =
                sitting.services.catalogue.of::<work_injury::Entity>().ok_or(HubError::NotFound)?;
            let scope = sitting.services.scope(sitting.actor, injuries)?;
            let link = family
                .link(occupational_disease_case::links::WORK_INJURIES)
                .ok_or(HubError::NotFound)?;
            all.push(Filter::Link(link, scope, false, Box::new(Filter::everything())));
        }
        if let (Some(done), Some(state)) = (self.done, asked.state) {
            let finished = matches!(state, DueState::Done | DueState::DoneLate);
            all.extend(test(done, FieldTest::IsNull(!finished)));
        }
        let longest = self.longest(sitting);
        // A clock that is not over yet started less than its length ago; one that is due from a day
        // on, that long before it.
        let open = matches!(asked.state, Some(DueState::NotDue | DueState::DueSoon))
            .then(|| sitting.today());
        let floor = asked
            .from
            .max(open)
            .zip(longest)
            .and_then(|(day, longest)| day.checked_sub_days(Days::new(longest)));
        let bound = |day: NaiveDate, field: FieldKind, plus: u64| {
            let day = day.checked_add_days(Days::new(plus)).unwrap_or(day);
            match field {
                FieldKind::DateTime => {
                    let local = day.and_time(chrono::NaiveTime::MIN);
                    Cell::Instant(
                        local.checked_sub_signed(TimeDelta::hours(8)).unwrap_or(local).and_utc(),
                    )
                }
                _ => Cell::Date(day),
            }
        };
        if let Some(field) = family.field(self.start) {
            let low = floor.map(|day| (bound(day, field.kind, 0), true));
            // Nothing is due before it starts.
            let high = asked.to.map(|day| (bound(day, field.kind, 1), false));
            if low.is_some() || high.is_some() {
                all.push(Filter::Field(field, FieldTest::Range(low, high)));
            }
        }
        Ok(Filter::All(all))
    }

    /// Most days its clocks take; none where they may stand still.
    fn longest(&self, sitting: &MeetingContext<'_>) -> Option<u64> {
        let days = |rule: &ClockRule| {
            let unit = match rule.unit.code() {
                "YEAR" => 366,
                "MONTH" => 31,
                "WORKING_DAY" => 3,
                _ => 1,
            };
            (!rule.suspends).then_some(u64::from(rule.amount) * unit + ROLL)
        };
        let editions = self
            .rules
            .iter()
            .flat_map(|code| sitting.rules.clocks.editions(code, sitting.seat.region()));
        editions.map(days).collect::<Option<Vec<_>>>()?.into_iter().max()
    }

    /// What is owed of a record.
    pub(super) fn judge(
        &self,
        sitting: &MeetingContext<'_>,
        family: &'static Family,
        selection: &Selection,
        row: &Row,
    ) -> Result<Option<OwedItem>, HubError> {
        let values = Values { family, selection, row };
        let Some(start) = values.day(self.start) else { return Ok(None) };
        let region = sitting.regional(&row.region);
        let Some(rule) = sitting.rules.clock_if_any(self.rule(&values), &region, start)? else {
            // The duty did not exist on that day.
            return Ok(None);
        };
        let done = self.done.and_then(|name| values.day(name));
        if matches!(self.kind, DutyKind::NoticeHrss | DutyKind::NoticeUnion) {
            return Ok(Some(self.notice(sitting, &values, rule)));
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
        Ok(Some(self.item(&values, rule, (start, due, done), state, unknown_year)))
    }

    /// A notice is counted in hours, from the report of the accident where one is known.
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
        let end = start.checked_add_signed(TimeDelta::hours(rule.amount.into())).unwrap_or(start);
        let done = self.done.and_then(instant);
        let state = match done {
            Some(done) if done <= end => DueState::Done,
            Some(_) => DueState::DoneLate,
            None if sitting.at() > end => DueState::Overdue,
            None => DueState::NotDue,
        };
        self.item(
            values,
            rule,
            (shanghai_date(start), shanghai_date(end), done.map(shanghai_date)),
            state,
            None,
        )
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
            carried: false,
        }
    }

    fn rule(&self, values: &Values<'_>) -> &'static str {
        let yes = |name: &str| matches!(values.cell(name), Some(Cell::Bool(true)));
        let other = match self.kind {
            DutyKind::RecognitionDecision => yes(work_injury::names::SIMPLE_CASE),
            DutyKind::RecognitionApplication => values
                .cell(work_injury::names::APPLICANT_KIND)
                .and_then(Cell::as_text)
                .is_some_and(|kind| kind != "EMPLOYER"),
            DutyKind::TollChange => {
                yes(accident::names::ROAD_TRAFFIC) || yes(accident::names::FIRE)
            }
            _ => false,
        };
        let place = usize::from(other && self.rules.len() > 1);
        self.rules.get(place).copied().unwrap_or_default()
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
