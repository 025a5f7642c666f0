//! Keys that link records: employer and industry.

use entity::typed::Shared;

use crate::{
    domain::{code::Coded as _, credit_code},
    store::sql::cell::Cell,
    submit::{
        draft::View,
        rules::{RuleContext, reference_of},
    },
};

/// Checks the credit code and sets the employer's key: the code, else the number within the
/// department.
pub(super) fn employer(row: &mut View<'_, Shared>, around: &RuleContext<'_>) {
    if !row.has(Shared::EmployerKey) {
        return;
    }
    let column = if row.has(Shared::Uscc) { Shared::Uscc } else { Shared::EmployerUscc };
    if let Some(raw) = row.text(column).map(ToOwned::to_owned) {
        let check = credit_code::check(&raw);
        for fault in &check.faults {
            row.fault(column, fault.code(), fault.message_zh(), fault.message_en());
        }
        for warning in &check.warnings {
            row.finding(column, warning.code(), warning.message_zh(), warning.message_en());
        }
        row.set(column, Cell::Text(check.normalised.clone()));
        row.set(Shared::EmployerKey, Cell::Text(check.normalised));
        return;
    }
    let Some(number) = row.text(Shared::EmployerNo).map(ToOwned::to_owned) else { return };
    row.finding(
        column,
        "EMPLOYER_WITHOUT_CREDIT_CODE",
        "没有统一社会信用代码，只能按部门内编号关联。请尽量补充。",
        "Without a credit code the employer is linked by the department's number only. Add it if you can.",
    );
    row.set(
        Shared::EmployerKey,
        Cell::Text(reference_of(around.department, around.source_system, &number)),
    );
}

/// Infers the key industry from the industry code where the department has not marked one.
pub(super) fn industry(row: &mut View<'_, Shared>, around: &RuleContext<'_>) {
    if !row.has(Shared::IndustryCode) || row.text(Shared::KeyIndustry).is_some() {
        return;
    }
    if let Some(industry) =
        row.text(Shared::IndustryCode).and_then(|code| around.reference.key_industry(code))
    {
        let industry = industry.to_owned();
        row.set(Shared::KeyIndustry, Cell::Text(industry));
    }
}
