//! Leads as plain values. Records stand as identifiers only: whoever asks opens them under their own scope.

use async_graphql::{Name, Value};
use uuid::Uuid;

use super::{id, input::cursor};
use crate::{
    error::{Language, Text},
    graphql::{
        records::session::Session,
        value::{object, text},
    },
    meeting::leads::{CAVEAT, Count, Lead, NOTE, Overlap, Page, Run, Summary, sentence},
    store::{
        cell,
        global_id::global_id,
        leads::{Event, Record},
    },
};

fn word(code: &str) -> Value {
    Value::Enum(Name::new(code))
}

fn words(codes: &[String]) -> Value {
    Value::List(codes.iter().map(|code| word(code)).collect())
}

fn label(session: &Session, table: &str, code: &str) -> Value {
    let found = session.services.reference.table(table).and_then(|table| table.editions(code).next());
    text(found.map(|code| code.name_zh.clone()))
}

fn said(session: &Session, (zh, en): (&str, &str)) -> Value {
    Value::from(if session.language == Language::English { en } else { zh })
}

fn spoken(session: &Session, text: &Text) -> Value {
    Value::from(text.say(session.language))
}

/// A page of leads.
pub(super) fn page(session: &Session, page: &Page, events: &[(Uuid, Event)]) -> Value {
    object([
        ("nodes", Value::List(page.leads.iter().map(|own| lead(session, own, events)).collect())),
        ("totalCount", page.total.into()),
        ("hasNextPage", page.more.into()),
        ("endCursor", text(page.leads.last().map(|lead| cursor(&session.services.seal, lead.number)))),
        ("note", said(session, NOTE)),
    ])
}

/// One lead, with those of the events that are its own.
pub(super) fn lead(session: &Session, lead: &Lead, events: &[(Uuid, Event)]) -> Value {
    let found = &lead.found;
    let own = events.iter().filter(|(of, _)| *of == lead.id).map(|(_, event)| shown_event(event));
    let records = found.records.iter().filter_map(|record| shown_record(session, record));
    object([
        ("id", id(&session.services.seal, lead).into()),
        ("number", session.services.seal.lead_number(lead.number).into()),
        ("kind", word(found.kind.code())),
        ("kindLabel", label(session, "lead_kind", found.kind.code())),
        ("tier", word(found.tier.code())),
        ("tierLabel", label(session, "lead_tier", found.tier.code())),
        ("state", word(lead.state.code())),
        ("stateLabel", label(session, "lead_state", lead.state.code())),
        ("gone", lead.gone.into()),
        ("regionCode", found.region.as_str().into()),
        ("regionName", text(session.services.reference.region_name(&found.region))),
        ("employerUscc", text(found.employer_uscc.clone())),
        ("employerName", text(found.employer_name.clone())),
        ("day", text(found.day.map(|day| day.to_string()))),
        ("reasons", words(&found.reasons)),
        ("sentence", sentence(&session.services.reference, lead, session.language).into()),
        ("records", Value::List(records.collect())),
        ("assigned", lead.assigned.as_deref().map_or(Value::Null, word)),
        ("answer", text(lead.answer.clone())),
        ("resolution", lead.resolution.map_or(Value::Null, |resolution| word(resolution.code()))),
        ("version", lead.version.into()),
        ("firstSeen", cell::shown(lead.first_seen).into()),
        ("lastSeen", cell::shown(lead.last_seen).into()),
        ("events", Value::List(own.collect())),
        ("note", said(session, NOTE)),
    ])
}

fn shown_record(session: &Session, record: &Record) -> Option<Value> {
    let family = session.services.catalogue.find(&record.family)?;
    Some(object([
        ("id", global_id(&session.services.seal, family, record.id).into()),
        ("family", record.family.as_str().into()),
        ("familyLabel", family.label.into()),
        ("role", word(record.role.code())),
        ("department", word(&record.department)),
        ("reasons", words(&record.reasons)),
    ]))
}

fn shown_event(event: &Event) -> Value {
    let code = |code: &Option<String>| code.as_deref().map_or(Value::Null, word);
    object([
        ("version", event.version.into()),
        ("step", event.step.as_str().into()),
        ("state", word(&event.state)),
        ("tier", word(&event.tier)),
        ("assigned", code(&event.assigned)),
        ("resolution", code(&event.resolution)),
        ("words", text(event.words.clone())),
        ("at", cell::shown(event.at).into()),
        ("subject", event.subject.as_str().into()),
        ("department", word(&event.department)),
        ("regionCode", event.region.as_str().into()),
    ])
}

/// What a search did.
pub(super) fn run(session: &Session, run: &Run) -> Value {
    let kinds = run.kinds.iter().map(|own| {
        object([
            ("kind", word(own.kind.code())),
            ("kindLabel", label(session, "lead_kind", own.kind.code())),
            ("certain", own.certain.into()),
            ("candidates", own.candidates.into()),
            ("new", own.kept.new.into()),
            ("changed", own.kept.changed.into()),
            ("same", own.kept.same.into()),
            ("gone", own.kept.gone.into()),
            ("returned", own.kept.returned.into()),
        ])
    });
    object([
        ("regionCode", run.region.as_str().into()),
        ("at", cell::shown(run.at).into()),
        ("kinds", Value::List(kinds.collect())),
        ("note", said(session, NOTE)),
    ])
}

/// Leads of one kind in numbers.
pub(super) fn summary(session: &Session, summary: &Summary) -> Value {
    let about = &summary.about;
    object([
        ("kind", word(about.kind.code())),
        ("label", spoken(session, &about.label)),
        ("here", words(&about.here)),
        ("there", words(&about.there)),
        ("tier", word(about.tier.code())),
        ("waitDays", about.wait.into()),
        ("nearDays", about.near.into()),
        ("explanation", spoken(session, &about.explanation)),
        ("basis", about.basis.as_str().into()),
        ("note", said(session, NOTE)),
        ("certain", count(summary.certain)),
        ("candidates", count(summary.candidates)),
        ("closed", count(summary.closed)),
        ("overlap", summary.overlap.as_ref().map_or(Value::Null, |own| overlap(session, own))),
        ("searchedAt", text(summary.searched.map(cell::shown))),
    ])
}

fn count(count: Count) -> Value {
    object([
        ("count", count.shown().map_or(Value::Null, Value::from)),
        ("protected", (count == Count::Protected).into()),
        ("reason", count.reason().map_or(Value::Null, Value::from)),
    ])
}

fn overlap(session: &Session, overlap: &Overlap) -> Value {
    let estimate = overlap.estimate.map_or(Value::Null, |estimate| {
        object([
            ("total", estimate.total.into()),
            ("low", estimate.low.into()),
            ("high", estimate.high.into()),
            ("weak", estimate.weak.into()),
        ])
    });
    object([
        ("matched", count(overlap.matched)),
        ("onlyHere", count(overlap.only_here)),
        ("onlyThere", count(overlap.only_there)),
        ("estimate", estimate),
        ("caveat", said(session, CAVEAT)),
    ])
}
