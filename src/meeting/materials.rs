//! Frozen materials: one JSON text with its digest, and what has changed since.

use brief::content::{Brief, Coded, Difference, Figure, Hazard, Headline};
use indexmap::IndexMap;
use sha2::{Digest as _, Sha256};

use crate::{
    authz::meeting::{LEAD, LeadReach, Seat},
    error::HubError,
};

/// Greatest number of differences that are listed; of the rest only their existence is stated.
const MOST_DIFFERENCES: usize = 200;

/// Code of the reason why a target that lies ahead is not judged.
pub(in crate::meeting) const LATER_YEAR: &str = "TARGET_OF_LATER_YEAR";

/// The text to be frozen, and its SHA-256 in hexadecimal. It excludes what belongs to the frozen
/// copy rather than to the content: the digest, the differences, and the meeting with its
/// signatures, which are added later.
///
/// # Errors
///
/// [`HubError::Internal`] when the content cannot be written as JSON.
pub fn frozen(content: &Brief) -> Result<(String, String), HubError> {
    let mut content = content.clone();
    content.head.digest = None;
    content.differences.clear();
    content.meeting = None;
    let text = serde_json::to_string(&content).map_err(HubError::internal)?;
    let digest = Sha256::digest(&text);
    let digest = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((text, digest))
}

/// Reads the content of frozen materials.
///
/// # Errors
///
/// [`HubError::Internal`] when the text does not match the digest or cannot be read.
pub fn thawed(text: &str, digest: &str) -> Result<Brief, HubError> {
    let mut content: Brief = serde_json::from_str(text).map_err(HubError::internal)?;
    let (_, own) = frozen(&content)?;
    if own != digest {
        return Err(HubError::internal("frozen materials and their digest disagree"));
    }
    content.head.digest = Some(digest.to_owned());
    Ok(content)
}

/// The viewer for whom differences are computed.
#[derive(Clone, Copy)]
pub struct Eye<'a> {
    /// Seat of the viewer at the meeting.
    pub seat: &'a Seat,
    /// The content as the viewer sees it today.
    pub today: &'a Brief,
}

/// Differences between the frozen content and what the same office would freeze today: figures,
/// judgements, returns, tasks, leads and overdue hazards. The viewer is shown today's value at a place
/// only if they see the same value there.
#[must_use]
pub fn differences(then: &Brief, now: &Brief, eye: &Eye<'_>) -> Vec<Difference> {
    // What was frozen before tasks were part of it differs in none of them.
    let of = |brief| values(brief, eye, then.tasks.is_some());
    let (old, new, own) = (of(then), of(now), of(eye.today));
    let mut found = Vec::new();
    for place in old.keys().chain(new.keys().filter(|place| !old.contains_key(*place))) {
        let (then, now) = (old.get(place), new.get(place));
        let same = |one: Option<&PlacedValue>, other: Option<&PlacedValue>| {
            one.map(|one| &one.says) == other.map(|other| &other.says)
        };
        if same(then, now) || own.get(place) != now {
            continue;
        }
        let says = |value: Option<&PlacedValue>| {
            value.map_or_else(|| "—".to_owned(), |value| value.says.clone())
        };
        found.push(Difference { place: place.clone(), then: says(then), now: says(now) });
    }
    if found.len() > MOST_DIFFERENCES {
        let more = found.len() - MOST_DIFFERENCES;
        found.truncate(MOST_DIFFERENCES);
        found.push(Difference {
            place: "其他".to_owned(),
            then: "—".to_owned(),
            now: format!("另有{more}处不同"),
        });
    }
    found
}

/// The value shown at a place.
#[derive(PartialEq, Eq)]
struct PlacedValue {
    says: String,
    /// Why nothing more is shown: withheld and missing look alike in print, but are not the same.
    reason: String,
}

fn values(of: &Brief, eye: &Eye<'_>, tasks: bool) -> IndexMap<String, PlacedValue> {
    let mut values = IndexMap::new();
    let mut put = |place: String, says: String, reason: &str| {
        values.insert(place, PlacedValue { says, reason: reason.to_owned() });
    };
    for figure in &of.figures {
        put(place(figure), figure_text(figure), &figure.reason);
    }
    // What lies ahead says nothing of the data.
    let judged = |line: &&Headline| line.reason_code.as_deref() != Some(LATER_YEAR);
    for headline in of.headlines.iter().filter(judged) {
        let industry = headline.industry.as_ref().map_or("", |industry| &industry.label);
        let place = format!(
            "目标 {} {} {industry} {}",
            headline.indicator.code, headline.indicator.label, headline.target
        );
        let outcome = headline.outcome.name_zh();
        put(place, format!("{}，{outcome}", headline.actual), &headline.reason);
    }
    for owed in &of.returns {
        let signed = owed.signed_at.map_or_else(|| "未报送".to_owned(), |at| at.to_rfc3339());
        put(format!("报送 {} {}", owed.department.label, owed.title), signed, "");
    }
    for task in of.tasks.iter().flatten().filter(|_| tasks) {
        let says = format!("{}，{}", task.state.label, task.report.as_deref().unwrap_or("未报告"));
        put(format!("任务 {} {}", task.department.label, task.text), says, "");
    }
    // Other departments see leads about their own records, or protected counts: neither is what was
    // frozen.
    if eye.seat.exact() && eye.seat.leads() == LeadReach::All {
        for group in &of.leads {
            let count = |count: Option<i64>| {
                count.map_or_else(|| "—".to_owned(), |count| count.to_string())
            };
            let [certain, candidates, closed] =
                [group.certain, group.candidates, group.closed].map(count);
            let text = format!("确定{certain}条，疑似{candidates}条，已关闭{closed}条");
            put(format!("线索 {}", group.kind.label), text, "");
        }
    }
    // Of hazards everybody is told about those that they hold.
    let department = eye.seat.department().as_str();
    let own = |hazard: &&Hazard| LEAD == *department || hazard.department.code == department;
    put("逾期未整改隐患".to_owned(), format!("{}项", of.hazards.iter().filter(own).count()), "");
    // As many as before need not be the same ones.
    for hazard in of.hazards.iter().filter(own) {
        let Hazard { department, region, number, .. } = hazard;
        let place = format!("逾期未整改隐患 {} {} {number}", department.label, region.label);
        put(place, "逾期".to_owned(), "");
    }
    values
}

fn place(figure: &Figure) -> String {
    let label = |coded: &Coded| coded.label.clone();
    let industry = figure.industry.as_ref().map_or_else(|| "合计".to_owned(), label);
    format!(
        "{} {}，{}，{industry}",
        figure.indicator.code, figure.indicator.label, figure.region.label
    )
}

fn figure_text(figure: &Figure) -> String {
    match (figure.numerator, figure.denominator) {
        (Some(numerator), Some(denominator)) => {
            format!("{}（{numerator}/{denominator}）", figure.shown)
        }
        _ => figure.shown.clone(),
    }
}
