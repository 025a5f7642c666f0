//! Leads as they stand in the materials of a meeting.

use brief::content::{Coded, LeadGroup, LeadLine, Overlap};

use super::{
    about::{NOTE, sentence},
    summary::{CAVEAT, ShownCount, Summary, summary},
};
use crate::{
    authz::meeting::Seat,
    domain::{code::Coded as _, lead::LeadState},
    error::{HubError, Language},
    services::Services,
    store::{
        meeting::leads::{LeadQuery, StoredLeadRow},
        reference::Reference,
    },
};

/// Lines of a kind at most: those found first.
const LINES: u64 = 20;
/// Said where counts are not exact.
const PROTECTED: &str = "两份名单的比对数只向人社部门显示。";
/// Said where the kind is between other departments.
const NOT_YOURS: &str = "该种类不涉及本部门，不向本部门显示，缺数不表示没有差异。";
/// Said where nothing was handed in that could be compared.
const NO_RECORDS: &str = "本地区没有这类线索所涉的记录，无从比对，缺数不表示没有差异。";
/// Said where nobody has searched yet.
const UNSEARCHED: &str = "本地区尚未比对，缺数不表示没有差异。";

/// Groups of a region and year of the events, of the leads that the seat may read.
///
/// # Errors
///
/// [`HubError::Unavailable`] when the database does not answer.
pub async fn groups(
    services: &Services,
    seat: &Seat,
    year: i32,
) -> Result<Vec<LeadGroup>, HubError> {
    let reference = &services.reference;
    let mut groups = Vec::new();
    for own in summary(services, seat, Some(year)).await? {
        // Kinds without an open lead are most of them, and are not asked for.
        if [own.certain, own.candidates]
            .iter()
            .all(|count| !matches!(count, ShownCount::Shown(1..)))
        {
            groups.push(group(reference, &own, &[]));
            continue;
        }
        let wanted = LeadQuery {
            kind: Some(own.about.kind),
            year: Some(year),
            unsettled: true,
            first: LINES,
            ..LeadQuery::default()
        };
        let page = services.database.leads(seat, &wanted).await?;
        groups.push(group(reference, &own, &page.leads));
    }
    Ok(groups)
}

fn group(reference: &Reference, own: &Summary, leads: &[StoredLeadRow]) -> LeadGroup {
    let about = &own.about;
    let mut explanation = format!("{}{}", about.explanation.zh, NOTE.0);
    if own.overlap.as_ref().is_some_and(|overlap| overlap.matched == ShownCount::Protected) {
        explanation.push_str(PROTECTED);
    }
    if own.certain == ShownCount::NotYours {
        explanation.push_str(NOT_YOURS);
    }
    if own.certain == ShownCount::NoRecords {
        explanation.push_str(NO_RECORDS);
    }
    if own.searched.is_none() {
        explanation.push_str(UNSEARCHED);
    }
    let named = |departments: &[String]| {
        let short = |code: &String| {
            let found = reference.table("department").and_then(|table| table.editions(code).next());
            found
                .and_then(|found| found.attributes.get("short_zh").cloned())
                .unwrap_or_else(|| code.clone())
        };
        departments.iter().map(short).collect::<Vec<_>>().join("、")
    };
    let overlap = own.overlap.as_ref().map(|overlap| {
        let whole = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        Overlap {
            here: named(&about.here),
            there: named(&about.there),
            matched: overlap.matched.shown(),
            only_here: overlap.only_here.shown(),
            only_there: overlap.only_there.shown(),
            estimate: overlap.estimate.map(|estimate| whole(estimate.total)),
            low: overlap.estimate.map(|estimate| whole(estimate.low)),
            high: overlap.estimate.map(|estimate| whole(estimate.high)),
            caveat: CAVEAT.0.to_owned(),
        }
    });
    // Where nobody has searched there is no number, and no zero either.
    let searched = |count: ShownCount| count.shown().filter(|_| own.searched.is_some());
    LeadGroup {
        kind: Coded { code: about.kind.code().to_owned(), label: about.label.zh.clone() },
        explanation,
        certain: searched(own.certain),
        candidates: searched(own.candidates),
        closed: searched(own.closed),
        reason: own.certain.reason().map(ToOwned::to_owned),
        overlap,
        lines: leads
            .iter()
            .filter(|lead| lead.state != LeadState::Closed)
            .map(|lead| line(reference, lead))
            .collect(),
    }
}

fn line(reference: &Reference, lead: &StoredLeadRow) -> LeadLine {
    let coded = |code: &str, label: Option<&str>| Coded {
        code: code.to_owned(),
        label: label.unwrap_or(code).to_owned(),
    };
    LeadLine {
        number: lead.number.to_string(),
        region: coded(&lead.found.region, reference.region_name(&lead.found.region)),
        employer: lead.found.employer_name.clone().unwrap_or_default(),
        day: lead.found.day,
        reason: sentence(reference, lead, Language::Chinese),
        assigned: lead
            .assigned
            .as_deref()
            .map(|code| coded(code, reference.label("department", code))),
    }
}
