//! From leads to what clients see. Records stand as identifiers only: whoever asks opens them under
//! their own scope.

use uuid::Uuid;

use super::{
    cursor::cursor,
    outer,
    types::{
        Lead, LeadCount, LeadEstimate, LeadEvent, LeadOverlap, LeadPage, LeadRecord, LeadRun,
        LeadRunKind, LeadRunState, LeadSummary,
    },
};
use crate::{
    domain::code::Coded as _,
    error::Language,
    graphql::{
        declared::kinds::{Code, Day, Department, Id, Instant, LeadReason},
        records::session::Session,
    },
    meeting::leads::{
        self, CAVEAT, KindOverlap, LeadKind, LeadList, NOTE, SearchStanding, SearchState,
        ShownCount, Summary, sentence,
    },
    store::{
        meeting::leads::{HistoryStep, RecordPointer},
        records::global_id::global_id,
    },
};

fn label(session: &Session, table: &str, code: &str) -> Option<String> {
    let found =
        session.services.reference.table(table).and_then(|table| table.editions(code).next());
    found.map(|code| code.name_zh.clone())
}

fn translated(session: &Session, (zh, en): (&str, &str)) -> String {
    if session.language == Language::English { en.to_owned() } else { zh.to_owned() }
}

fn departments(codes: &[String]) -> Vec<Department> {
    codes.iter().map(Department::from).collect()
}

fn reasons(codes: &[String]) -> Vec<LeadReason> {
    codes.iter().map(LeadReason::from).collect()
}

pub(super) fn page(session: &Session, page: LeadList, events: &[(Uuid, HistoryStep)]) -> LeadPage {
    LeadPage {
        end_cursor: page.leads.last().map(|lead| cursor(&session.services.seal, lead.number)),
        nodes: page.leads.into_iter().map(|own| lead(session, own, events)).collect(),
        total_count: page.total,
        has_next_page: page.more,
        note: translated(session, NOTE),
    }
}

/// One lead, with those of the events that are its own.
pub(super) fn lead(
    session: &Session,
    lead: leads::StoredLeadRow,
    events: &[(Uuid, HistoryStep)],
) -> Lead {
    let sentence = sentence(&session.services.reference, &lead, session.language);
    let found = lead.found;
    Lead {
        id: outer(&session.services.seal, lead.id),
        number: session.services.seal.lead_number(lead.number),
        kind: Code(found.kind),
        kind_label: label(session, "lead_kind", found.kind.code()),
        tier: Code(found.tier),
        tier_label: label(session, "lead_tier", found.tier.code()),
        state: Code(lead.state),
        state_label: label(session, "lead_state", lead.state.code()),
        gone: lead.gone,
        region_name: session
            .services
            .reference
            .region_name(found.region.as_str())
            .map(ToOwned::to_owned),
        region_code: found.region.to_string(),
        employer_uscc: found.employer_uscc,
        employer_name: found.employer_name,
        day: found.day.map(Day),
        reasons: reasons(&found.reasons),
        sentence: sentence.to_string(),
        records: found.records.iter().filter_map(|record| record_of(session, record)).collect(),
        assigned: lead.assigned.as_ref().map(Department::from),
        answer: lead.answer,
        resolution: lead.resolution.map(Code),
        version: lead.version,
        first_seen: Instant(lead.first_seen),
        last_seen: Instant(lead.last_seen),
        events: events
            .iter()
            .filter(|(of, _)| *of == lead.id)
            .map(|(_, event)| event_of(event))
            .collect(),
        note: translated(session, NOTE),
    }
}

fn record_of(session: &Session, record: &RecordPointer) -> Option<LeadRecord> {
    let family = session.services.catalogue.find(&record.family)?;
    Some(LeadRecord {
        id: Id(global_id(&session.services.seal, family, record.id)),
        family: record.family.clone(),
        family_label: family.label.to_owned(),
        role: Code(record.role),
        department: Department::from(&record.department),
        reasons: reasons(&record.reasons),
    })
}

fn event_of(event: &HistoryStep) -> LeadEvent {
    LeadEvent {
        version: event.version,
        step: event.step.clone(),
        state: event.state.clone(),
        tier: event.tier.clone(),
        assigned: event.assigned.as_ref().map(Department::from),
        resolution: event.resolution.clone(),
        words: event.words.clone(),
        at: Instant(event.at),
        subject: event.subject.clone(),
        department: Department::from(&event.department),
        region_code: event.region.clone(),
    }
}

/// What a search did.
pub(super) fn run(session: &Session, run: &SearchStanding) -> LeadRun {
    let kind = |own: &leads::RunKind| LeadRunKind {
        kind: Code(own.kind),
        kind_label: label(session, "lead_kind", own.kind.code()),
        certain: own.certain,
        candidates: own.candidates,
        new: own.kept.new,
        changed: own.kept.changed,
        same: own.kept.same,
        gone: own.kept.gone,
        returned: own.kept.returned,
    };
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let (state, failure) = match &run.state {
        SearchState::Running => (LeadRunState::Running, None),
        SearchState::Finished => (LeadRunState::Finished, None),
        SearchState::Failed(_, text) => {
            (LeadRunState::Failed, Some(text.say(session.language).to_owned()))
        }
    };
    LeadRun {
        region_code: run.region.to_string(),
        at: Instant(run.at),
        state,
        searched: number(run.searched),
        total: number(LeadKind::ALL.len()),
        failure,
        kinds: run.kinds.iter().map(kind).collect(),
        note: translated(session, NOTE),
    }
}

/// Leads of one kind in numbers.
pub(super) fn summary(session: &Session, summary: Summary) -> LeadSummary {
    let about = summary.about;
    LeadSummary {
        kind: Code(about.kind),
        label: about.label.say(session.language).to_owned(),
        here: departments(&about.here),
        there: departments(&about.there),
        tier: Code(about.tier),
        wait_days: about.wait,
        near_days: about.near,
        explanation: about.explanation.say(session.language).to_owned(),
        basis: about.basis.to_string(),
        note: translated(session, NOTE),
        certain: summary.certain.into(),
        candidates: summary.candidates.into(),
        closed: summary.closed.into(),
        overlap: summary.overlap.map(|own| overlap(session, &own)),
        searched_at: summary.searched.map(Instant),
    }
}

impl From<ShownCount> for LeadCount {
    fn from(count: ShownCount) -> Self {
        Self {
            count: count.shown(),
            protected: count == ShownCount::Protected,
            reason: count.reason().map(ToOwned::to_owned),
        }
    }
}

fn overlap(session: &Session, overlap: &KindOverlap) -> LeadOverlap {
    LeadOverlap {
        matched: overlap.matched.into(),
        only_here: overlap.only_here.into(),
        only_there: overlap.only_there.into(),
        estimate: overlap.estimate.map(|own| LeadEstimate {
            total: own.total,
            low: own.low,
            high: own.high,
            weak: own.weak,
        }),
        caveat: translated(session, CAVEAT),
    }
}
