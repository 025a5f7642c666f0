//! Victims: their accident, and degree against lost workdays.

use crate::{
    domain::injury::{InjuryDegree, check_lost_workdays},
    store::cell::Cell,
    submit::{
        draft::Draft,
        rules::{Around, reference_of},
    },
};

/// Links to the accident of the same department and system; region and industry are taken from it by the pipeline.
pub(super) fn apply(draft: &mut Draft, around: &Around<'_>) {
    if let Some(number) = draft.text("accident_no").map(ToOwned::to_owned) {
        draft.set("accident_ref", Cell::Text(reference_of(around.department, around.source_system, &number)));
    }
    let degree = draft.text("injury_degree").and_then(InjuryDegree::from_code);
    if let (Some(degree), Some(days)) = (degree, draft.get("lost_workdays").as_int().and_then(|days| u32::try_from(days).ok()))
        && let Some(warning) = check_lost_workdays(degree, days)
    {
        draft.finding("lost_workdays", warning.code(), warning.message_zh(), warning.message_en());
    }
    if draft.text("injury_degree") != Some("DEATH") && !draft.get("died_at").is_null() {
        draft.finding(
            "died_at",
            "DEATH_WITHOUT_DEGREE",
            "有死亡日期而伤害程度不是死亡。",
            "A day of death, but the degree is not death.",
        );
    }
}
