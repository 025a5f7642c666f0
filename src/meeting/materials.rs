//! Materials as they are frozen: one JSON text with its digest, and what has changed since.

use brief::content::{Brief, Coded, Difference, Figure};
use sha2::{Digest as _, Sha256};

use crate::error::HubError;

/// Most differences that are listed; the rest is said to be there.
const MOST_DIFFERENCES: usize = 200;

/// The text that is frozen, and its SHA-256 in hexadecimal. What stands beside the content is no part of it: its digest, the
/// differences, and the meeting with its signatures, which come afterwards.
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

/// Where two contents of the same meeting differ in what they say: figures, judgements, returns, leads and overdue hazards.
#[must_use]
pub fn differences(then: &Brief, now: &Brief) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(&mut found, &values(then), &values(now));
    if found.len() > MOST_DIFFERENCES {
        let more = found.len() - MOST_DIFFERENCES;
        found.truncate(MOST_DIFFERENCES);
        found.push(Difference { place: "其他".to_owned(), then: "—".to_owned(), now: format!("另有{more}处不同") });
    }
    found
}

type Values = Vec<(String, String)>;

fn compare(found: &mut Vec<Difference>, then: &Values, now: &Values) {
    let value = |of: &Values, place: &str| of.iter().find(|(own, _)| own == place).map(|(_, value)| value.clone());
    for (place, old) in then {
        let new = value(now, place).unwrap_or_else(|| "—".to_owned());
        if *old != new {
            found.push(Difference { place: place.clone(), then: old.clone(), now: new });
        }
    }
    let added = now.iter().filter(|(place, _)| value(then, place).is_none());
    found.extend(added.map(|(place, new)| Difference { place: place.clone(), then: "—".to_owned(), now: new.clone() }));
}

fn values(of: &Brief) -> Values {
    let mut values: Values = of.figures.iter().map(|figure| (place(figure), figure_text(figure))).collect();
    for headline in &of.headlines {
        let industry = headline.industry.as_ref().map_or("", |industry| &industry.label);
        values.push((format!("目标 {} {} {industry}", headline.indicator.code, headline.indicator.label), headline.actual.clone()));
    }
    for owed in &of.returns {
        let signed = owed.signed_at.map_or_else(|| "未报送".to_owned(), |at| at.to_rfc3339());
        values.push((format!("报送 {} {}", owed.department.label, owed.title), signed));
    }
    for group in &of.leads {
        let count = |count: Option<i64>| count.map_or_else(|| "—".to_owned(), |count| count.to_string());
        let [certain, candidates, closed] = [group.certain, group.candidates, group.closed].map(count);
        let text = format!("确定{certain}条，疑似{candidates}条，已关闭{closed}条");
        values.push((format!("线索 {}", group.kind.label), text));
    }
    values.push(("逾期未整改隐患".to_owned(), format!("{}项", of.hazards.len())));
    values
}

fn place(figure: &Figure) -> String {
    let label = |coded: &Coded| coded.label.clone();
    let industry = figure.industry.as_ref().map_or_else(|| "合计".to_owned(), label);
    format!("{} {}，{}，{industry}", figure.indicator.code, figure.indicator.label, figure.region.label)
}

fn figure_text(figure: &Figure) -> String {
    match (figure.numerator, figure.denominator) {
        (Some(numerator), Some(denominator)) => format!("{}（{numerator}/{denominator}）", figure.shown),
        _ => figure.shown.clone(),
    }
}
