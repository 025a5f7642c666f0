//! Work injuries: links, article against result, order of dates.

use crate::{
    domain::recognition::{Article, RecognitionDates, RecognitionResult, check_article, check_dates},
    store::cell::Cell,
    submit::{
        draft::Draft,
        rules::{Around, reference_of},
    },
};

/// Sets the links to accident and disease case, and notes contradictions. Source: 工伤保险条例 arts 14–17, 20.
pub(super) fn apply(draft: &mut Draft, _around: &Around<'_>) {
    if let Some(number) = draft.text("accident_no").map(ToOwned::to_owned) {
        let department = draft.text("accident_department").unwrap_or("EMERGENCY").to_owned();
        let system = draft.text("accident_source_system").unwrap_or_default().to_owned();
        draft.set("accident_department", Cell::Text(department.clone()));
        draft.set("accident_ref", Cell::Text(reference_of(&department, &system, &number)));
    }
    if let Some(number) = draft.text("disease_card_no").map(ToOwned::to_owned) {
        let system = draft.text("disease_card_source_system").unwrap_or_default().to_owned();
        draft.set("disease_case_ref", Cell::Text(reference_of("HEALTH", &system, &number)));
    }
    let article = draft.text("article").and_then(Article::from_code);
    if let Some(result) = draft.text("result").and_then(RecognitionResult::from_code)
        && let Some(warning) = check_article(article, result)
    {
        draft.finding("article", warning.code(), warning.message_zh(), warning.message_en());
    }
    let dates = RecognitionDates {
        event: draft.day("injured_at"),
        application: draft.day("applied_at"),
        acceptance: draft.day("accepted_at"),
        decision: draft.day("decided_at"),
    };
    for fault in check_dates(&dates) {
        draft.finding("injured_at", fault.code(), fault.message_zh(), fault.message_en());
    }
    if let (Some(accepted), Some(since)) = (draft.day("accepted_at"), draft.day("suspended_since"))
        && since < accepted
    {
        draft.finding(
            "suspended_since",
            "DATE_ORDER",
            "中止早于受理。请核对。",
            "Suspended before it was accepted. Check the dates.",
        );
    }
    if !draft.get("suspended_since").is_null() && !draft.get("decided_at").is_null() {
        draft.finding(
            "suspended_since",
            "SUSPENDED_AFTER_DECISION",
            "已作出决定而仍在中止。请核对，恢复后应去掉中止起始日期并计入中止天数。",
            "Decided and still suspended. Check it; a suspension that ended is counted in suspendedDays.",
        );
    }
    if draft.text("article") == Some("ART14_4") && draft.text("disease_card_no").is_none() {
        draft.finding(
            "disease_card_no",
            "DISEASE_CARD_MISSING",
            "职业病工伤没有报告卡编号，不能与卫生健康部门的病例关联。",
            "A disease injury without its report card is not linked to the health record.",
        );
    }
}
