//! Identity documents.

use crate::{
    domain::identity::{self, AddressKnown, IdentityKind, Sex},
    store::{
        cell::Cell,
        reference::{Lookup, Reference},
    },
    submit::{draft::Draft, rules::Around},
};

/// Checks the identity number by its kind, and what is said beside it against it. Source: GB 11643-1999.
pub(super) fn identity(draft: &mut Draft, around: &Around<'_>) {
    if !draft.has("id_number") {
        return;
    }
    let Some(raw) = draft.text("id_number").map(ToOwned::to_owned) else {
        if matches!(draft.family().name, "Person" | "Employment") {
            draft.fault("id_number", "REQUIRED", "缺少证件号码。请补填。", "The identity number is missing.");
        } else {
            draft.finding(
                "id_number",
                "PERSON_WITHOUT_IDENTITY",
                "没有证件号码，不能自动关联人员。请补充，或在候选人中人工确认。",
                "Without an identity number no person is linked. Add it, or confirm a candidate by hand.",
            );
        }
        return;
    };
    let kind = draft.text("id_type").unwrap_or("RESIDENT_ID").to_owned();
    draft.set("id_type", Cell::Text(kind.clone()));
    if !matches!(kind.as_str(), "RESIDENT_ID" | "HMT_RESIDENCE_PERMIT" | "FOREIGN_PERMANENT_RESIDENT") {
        return;
    }
    let check = identity::check(&raw, around.today, |address| known(around.reference, address));
    for fault in &check.faults {
        draft.fault("id_number", fault.code(), fault.message_zh(), fault.message_en());
    }
    for warning in &check.warnings {
        draft.finding("id_number", warning.code(), warning.message_zh(), warning.message_en());
    }
    if check.kind == IdentityKind::ForeignPermanentResident && kind == "RESIDENT_ID" {
        draft.set("id_type", Cell::Text("FOREIGN_PERMANENT_RESIDENT".to_owned()));
    }
    draft.set("id_number", Cell::Text(check.normalised));
    if let Some(sex) = check.sex {
        let derived = match sex {
            Sex::Male => "MALE",
            Sex::Female => "FEMALE",
        };
        settle(draft, "sex", Cell::Text(derived.to_owned()), "SEX_MISMATCH");
    }
    if let Some(day) = check.birth_date {
        settle(draft, "birth_date", Cell::Date(day), "BIRTH_DATE_MISMATCH");
    }
}

/// Fills an empty column with what the number says, or notes that they differ; what was handed in stays.
fn settle(draft: &mut Draft, column: &str, derived: Cell, code: &str) {
    if !draft.has(column) {
        return;
    }
    if draft.get(column).is_null() {
        draft.set(column, derived);
    } else if *draft.get(column) != derived {
        // About the number, not the column: whoever may not read the number is not told that it says something else.
        let (zh, en) = if column == "sex" { ("性别", "The sex") } else { ("出生日期", "The date of birth") };
        draft.finding(
            "id_number",
            code,
            format!("{zh}与证件号码所载不一致。请核对。"),
            format!("{en} differs from what the identity number says. Check it."),
        );
    }
}

fn known(reference: &Reference, address: &str) -> AddressKnown {
    let is = |table: &str| reference.table(table).is_some_and(|table| !matches!(table.look_up(address, None), Lookup::Unknown));
    if is("region") {
        AddressKnown::Current
    } else if is("abolished_region") {
        AddressKnown::Abolished
    } else {
        AddressKnown::Unknown
    }
}
