//! Materials as they are frozen: one JSON text with its digest, and what has changed since.

use brief::content::{Brief, Coded, Difference, Figure, Hazard};
use indexmap::IndexMap;
use sha2::{Digest as _, Sha256};

use crate::{
    authz::meeting::{LEAD, LeadReach, Seat},
    error::HubError,
};

/// Most differences that are listed; the rest is said to be there.
const MOST_DIFFERENCES: usize = 200;

/// The text that is frozen, and its SHA-256 in hexadecimal. What stands beside the content is no
/// part of it: its digest, the differences, and the meeting with its signatures, which come
/// afterwards.
///
/// # Errors
///
/// [`HubError::Internal`] when the content has no JSON.
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

/// The content of frozen materials.
///
/// # Errors
///
/// [`HubError::Internal`] when the text is not what was frozen.
pub fn thawed(text: &str, digest: &str) -> Result<Brief, HubError> {
    let mut content: Brief = serde_json::from_str(text).map_err(HubError::internal)?;
    let (_, own) = frozen(&content)?;
    if own != digest {
        return Err(HubError::internal("frozen materials and their digest disagree"));
    }
    content.head.digest = Some(digest.to_owned());
    Ok(content)
}

/// Through whose eyes differences are looked at.
#[derive(Clone, Copy)]
pub struct Eye<'a> {
    /// Their seat.
    pub seat: &'a Seat,
    /// What they see today.
    pub today: &'a Brief,
}

/// Where frozen content and what the same office would freeze today differ in what they say:
/// figures, judgements, returns, leads and overdue hazards. Whoever looks is told of a place what
/// it says today only where they see the same there.
#[must_use]
pub fn differences(then: &Brief, now: &Brief, eye: &Eye<'_>) -> Vec<Difference> {
    let (old, new, own) = (values(then, eye), values(now, eye), values(eye.today, eye));
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

/// What stands at a place.
#[derive(PartialEq, Eq)]
struct PlacedValue {
    says: String,
    /// Why it says nothing more: withheld is not the same as missing, though both print alike.
    reason: String,
}

fn values(of: &Brief, eye: &Eye<'_>) -> IndexMap<String, PlacedValue> {
    let mut values = IndexMap::new();
    let mut put = |place: String, says: String, reason: &str| {
        values.insert(place, PlacedValue { says, reason: reason.to_owned() });
    };
    for figure in &of.figures {
        put(place(figure), figure_text(figure), &figure.reason);
    }
    for headline in &of.headlines {
        let industry = headline.industry.as_ref().map_or("", |industry| &industry.label);
        let place = format!(
            "目标 {} {} {industry} {}",
            headline.indicator.code, headline.indicator.label, headline.target
        );
        put(place, headline.actual.clone(), &headline.reason);
    }
    for owed in &of.returns {
        let signed = owed.signed_at.map_or_else(|| "未报送".to_owned(), |at| at.to_rfc3339());
        put(format!("报送 {} {}", owed.department.label, owed.title), signed, "");
    }
    // Other departments see leads of their own records, or protected counts: neither is what was
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
