//! Disease cases: edition, class, exposure, stage.

use crate::{
    domain::disease::{catalogue_edition, exposure_months, under_five_years},
    store::{cell::Cell, reference::Lookup},
    submit::{draft::Draft, rules::Around},
};

/// Computes what follows from the disease and the day of diagnosis. Source: 职业病分类和目录; domain reference §3.5, §3.6.
pub(super) fn apply(draft: &mut Draft, around: &Around<'_>) {
    let day = draft.day("diagnosed_at");
    if let Some(day) = day {
        draft.set("catalogue_edition", Cell::Text(catalogue_edition(day).to_owned()));
    }
    let mut dust = false;
    let disease = draft.text("disease_code").map(ToOwned::to_owned);
    if let Some(Lookup::Valid(code)) =
        disease.as_deref().zip(around.reference.table("disease")).map(|(code, table)| table.look_up(code, day))
    {
        draft.set("disease_class", code.parent.clone().map_or(Cell::Null, Cell::Text));
        let kind = code.attributes.get("pneumoconiosis_kind").cloned();
        dust = kind.is_some();
        match (&kind, draft.text("pneumoconiosis_kind")) {
            (Some(kind), None) => draft.set("pneumoconiosis_kind", Cell::Text(kind.clone())),
            (kind, Some(given)) if kind.as_deref() != Some(given) => draft.finding(
                "pneumoconiosis_kind",
                "PNEUMOCONIOSIS_KIND_MISMATCH",
                "尘肺类别与病名不一致。请核对。",
                "The kind of pneumoconiosis does not fit the disease. Check it.",
            ),
            _ => {}
        }
        if kind.is_some() && draft.get("stage").is_null() && draft.text("report_nature") != Some("DEATH") {
            draft.finding("stage", "STAGE_MISSING", "尘肺病没有期别。请补充。", "A pneumoconiosis without its stage. Add it.");
        }
    }
    if draft.get("exposure_years").is_null() && draft.get("exposure_months").is_null() {
        // The share of pneumoconiosis with less than five years of exposure rests on it. Source: domain reference §6.2, I3.
        if dust && draft.text("report_nature") == Some("FIRST") {
            draft.finding(
                "exposure_years",
                "EXPOSURE_TIME_MISSING",
                "尘肺病首次报告没有接尘工龄，统计时按“接尘工龄不明”另列。请补充 exposureYears、exposureMonths。",
                "A first report of pneumoconiosis without its time of exposure is counted apart as not known. Add exposureYears and \
                 exposureMonths.",
            );
        }
        return;
    }
    let months = exposure_months(draft.count("exposure_years"), draft.count("exposure_months"));
    draft.set("exposure_months_total", Cell::Int(months.into()));
    draft.set("under_five_years", Cell::Bool(under_five_years(months)));
}
