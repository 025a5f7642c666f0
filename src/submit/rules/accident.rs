//! Accidents: casualties, grade and edition.

use crate::{
    domain::accident::{Casualties, CasualtyBasis, accident_type_edition, casualties, grade},
    store::cell::Cell,
    submit::draft::Draft,
};

/// Computes what follows from counts, loss and date. Source: 生产安全事故报告和调查处理条例 第三条; domain reference §1.7, §3.3.
pub(super) fn apply(draft: &mut Draft) {
    let toll = Casualties {
        deaths: draft.count("deaths"),
        missing: draft.count("missing"),
        serious: draft.count("serious_injuries"),
        acute_poisonings: draft.count("acute_poisonings"),
        minor: draft.count("minor_injuries"),
    };
    let construction = draft.text("key_industry") == Some("CONSTRUCTION");
    let grade = grade(&toll, draft.get("direct_loss_fen").as_int(), construction);
    draft.set("grade", grade.map_or(Cell::Null, |grade| Cell::Text(grade.code().to_owned())));
    draft.set("casualties", Cell::Int(casualties(&toll, CasualtyBasis::DeathsMissingInjured).into()));
    if let Some(day) = draft.day("occurred_at") {
        draft.set("accident_type_edition", Cell::Text(accident_type_edition(day).to_owned()));
    }
    if let (Some(occurred), Some(reported)) = (draft.day("occurred_at"), draft.day("reported_at"))
        && reported < occurred
    {
        draft.finding("reported_at", "DATE_ORDER", "接报早于发生。请核对。", "Reported before it happened. Check it.");
    }
}
