//! Keys that link records: employer and industry.

use crate::{
    domain::credit_code,
    store::cell::Cell,
    submit::{
        draft::Draft,
        rules::{Around, reference_of},
    },
};

/// Checks the credit code and sets the employer's key: the code, else the number within the department.
pub(super) fn employer(draft: &mut Draft, around: &Around<'_>) {
    if !draft.has("employer_key") {
        return;
    }
    let column = if draft.has("uscc") { "uscc" } else { "employer_uscc" };
    if let Some(raw) = draft.text(column).map(ToOwned::to_owned) {
        let check = credit_code::check(&raw);
        for fault in &check.faults {
            draft.fault(column, fault.code(), fault.message_zh(), fault.message_en());
        }
        for warning in &check.warnings {
            draft.finding(column, warning.code(), warning.message_zh(), warning.message_en());
        }
        draft.set(column, Cell::Text(check.normalised.clone()));
        draft.set("employer_key", Cell::Text(check.normalised));
        return;
    }
    let Some(number) = draft.text("employer_no").map(ToOwned::to_owned) else { return };
    draft.finding(
        column,
        "EMPLOYER_WITHOUT_CREDIT_CODE",
        "没有统一社会信用代码，只能按部门内编号关联。请尽量补充。",
        "Without a credit code the employer is linked by the department's number only. Add it if you can.",
    );
    draft.set("employer_key", Cell::Text(reference_of(around.department, around.source_system, &number)));
}

/// Infers the key industry from the industry code where the department has not marked one.
pub(super) fn industry(draft: &mut Draft, around: &Around<'_>) {
    if !draft.has("industry_code") || draft.text("key_industry").is_some() {
        return;
    }
    if let Some(industry) = draft.text("industry_code").and_then(|code| around.reference.key_industry(code)) {
        let industry = industry.to_owned();
        draft.set("key_industry", Cell::Text(industry));
    }
}
