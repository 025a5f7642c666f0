//! Contents of versions as earlier versions of the hub kept them, in the form of today. The text
//! that is kept stays as it is: its digest proves it.

use entity::{catalogue::Family, work_injury};
use serde_json::{Map, Value};

/// Brings the values of a content into the form of today; `true` when it was another one.
pub(super) fn renewed(family: &Family, values: &mut Map<String, Value>) -> bool {
    family.name == work_injury::names::FAMILY && day_of_diagnosis(values)
}

/// The day of injury of an occupational disease was that of its diagnosis.
fn day_of_diagnosis(values: &mut Map<String, Value>) -> bool {
    use work_injury::names::{ARTICLE, DIAGNOSED_AT, DISEASE_CARD_NO, INJURED_AT};
    let filled = |name: &str| values.get(name).is_some_and(|value| !value.is_null());
    let article = values.get(ARTICLE).and_then(Value::as_str);
    let disease = article == Some("ART14_4") || (article.is_none() && filled(DISEASE_CARD_NO));
    if !disease || !filled(INJURED_AT) || filled(DIAGNOSED_AT) {
        return false;
    }
    if let Some(day) = values.remove(INJURED_AT) {
        values.insert(DIAGNOSED_AT.to_owned(), day);
    }
    true
}
