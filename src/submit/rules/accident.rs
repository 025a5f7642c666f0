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
    notices(draft);
}

/// Notices and changes of the toll follow the accident; a change is reported after it happened.
fn notices(draft: &mut Draft) {
    for (first, then) in [
        ("occurred_at", "hrss_notified_at"),
        ("occurred_at", "union_notified_at"),
        ("occurred_at", "toll_changed_at"),
        ("toll_changed_at", "toll_reported_at"),
    ] {
        if let (Some(earlier), Some(later)) = (draft.day(first), draft.day(then))
            && later < earlier
        {
            draft.finding(then, "DATE_ORDER", "日期先后有误。请核对。", "It lies before what it follows. Check the dates.");
        }
    }
    if draft.get("toll_changed_at").is_null() && !draft.get("toll_reported_at").is_null() {
        draft.finding(
            "toll_changed_at",
            "TOLL_CHANGE_MISSING",
            "有补报日期而没有伤亡人数变化日期。请补充。",
            "A change of the toll was reported, but not when it happened. Add the day.",
        );
    }
}
