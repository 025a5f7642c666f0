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

use super::{DutyKind, ObligationsQuery};
use crate::{
    domain::{
        code::Coded as _,
        deadline::{ClockRule, DueState},
    },
    error::HubError,
    meeting::returns::MeetingContext,
    store::{
        records::{
            filter::{FieldTest, Filter},
            row::Selection,
        },
        sql::cell::Cell,
    },
};

/// Days by which a last day moves over holidays at most, with room.
const ROLL: u64 = 20;

/// Cards that report a diagnosis; those of a death or a transfer follow from none. Source:
/// 职业病诊断与鉴定管理办法 art. 32 (15 days from the diagnosis).
const DIAGNOSES: [&str; 2] = ["FIRST", "PROGRESSION"];

/// Records with a clock.
pub(super) struct ClockedFamily {
    /// What is owed.
    pub(super) kind: DutyKind,
    /// Family of the records.
    pub(super) family: &'static str,
    /// Field whose day starts the clock; pages follow it.
    pub(super) start: &'static str,
    /// Field that says it was done; none where a record without it is looked for.
    pub(super) done: Option<&'static str>,
    /// Whether there is a record only where it was done, so that at most its day is missing.
    pub(super) recorded: bool,
    /// Further fields the state follows from.
    more: &'static [&'static str],
    /// The rule that it goes by, then that of the cases which the law sets apart.
    pub(super) rules: &'static [&'static str],
}

/// All sources, in the order of pages.
pub(super) const ALL: [ClockedFamily; 8] = [
    ClockedFamily {
        kind: DutyKind::RecognitionDecision,
        family: work_injury::names::FAMILY,
        start: work_injury::names::ACCEPTED_AT,
        done: Some(work_injury::names::DECIDED_AT),
        recorded: false,
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
        recorded: true,
        more: &[work_injury::names::APPLICANT_KIND],
        rules: &["RECOGNITION_EMPLOYER", "RECOGNITION_WORKER"],
    },
    ClockedFamily {
        kind: DutyKind::RecognitionApplication,
        family: occupational_disease_case::names::FAMILY,
        start: occupational_disease_case::names::DIAGNOSED_AT,
        done: None,
        recorded: false,
        more: &[occupational_disease_case::names::REPORT_NATURE],
        rules: &["RECOGNITION_EMPLOYER"],
    },
    ClockedFamily {
        kind: DutyKind::DiseaseReport,
        family: occupational_disease_case::names::FAMILY,
        start: occupational_disease_case::names::DIAGNOSED_AT,
        done: Some(occupational_disease_case::names::REPORTED_AT),
        recorded: true,
        more: &[],
        rules: &["DISEASE_REPORT"],
    },
    ClockedFamily {
        kind: DutyKind::TollChange,
        family: accident::names::FAMILY,
        start: accident::names::OCCURRED_AT,
        done: Some(accident::names::TOLL_REPORTED_AT),
        recorded: false,
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
        recorded: false,
        more: &[accident::names::REPORTED_AT],
        rules: &["NOTICE_HRSS"],
    },
    ClockedFamily {
        kind: DutyKind::NoticeUnion,
        family: accident::names::FAMILY,
        start: accident::names::OCCURRED_AT,
        done: Some(accident::names::UNION_NOTIFIED_AT),
        recorded: false,
        more: &[accident::names::REPORTED_AT],
        rules: &["NOTICE_UNION"],
    },
    // Of an occupational disease the year begins with the diagnosis, which is sensitive.
    ClockedFamily {
        kind: DutyKind::RecognitionApplication,
        family: work_injury::names::FAMILY,
        start: work_injury::names::DIAGNOSED_AT,
        done: Some(work_injury::names::APPLIED_AT),
        recorded: true,
        more: &[work_injury::names::APPLICANT_KIND, work_injury::names::INJURED_AT],
        rules: &["RECOGNITION_EMPLOYER", "RECOGNITION_WORKER"],
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
            DutyKind::DiseaseReport => {
                let natures = DIAGNOSES.map(|code| Cell::Text(code.to_owned())).to_vec();
                all.extend(test(
                    occupational_disease_case::names::REPORT_NATURE,
                    FieldTest::In(natures),
                ));
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
        if let (Some(done), Some(state)) =
            (self.done, asked.state.filter(|state| *state != DueState::Undecided))
            // What a record shows to be done may lack its day.
            && !(state == DueState::Done
                && (self.recorded || self.kind == DutyKind::RecognitionDecision))
        {
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
}
