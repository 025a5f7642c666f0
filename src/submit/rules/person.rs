//! Identity documents.

use entity::{catalogue::Family, typed::Shared};

use crate::{
    domain::{
        code::Coded as _,
        identity::{self, AddressKnown, IdentityKind, Sex},
    },
    store::{
        reference::{Lookup, Reference},
        sql::cell::Cell,
    },
    submit::{draft::View, rules::RuleContext},
};

/// Checks the identity number by its kind, and what is said beside it against it. Source: GB
/// 11643-1999.
pub(super) fn identity(row: &mut View<'_, Shared>, around: &RuleContext<'_>) {
    if !row.has(Shared::IdNumber) {
        return;
    }
    let Some(raw) = row.text(Shared::IdNumber).map(ToOwned::to_owned) else {
        if person_itself(row.draft.family()) {
            row.fault(
                Shared::IdNumber,
                "REQUIRED",
                "缺少证件号码。请补填。",
                "The identity number is missing.",
            );
        } else {
            row.finding(
                Shared::IdNumber,
                "PERSON_WITHOUT_IDENTITY",
                "没有证件号码，不能自动关联人员。请补充，或在候选人中人工确认。",
                "Without an identity number no person is linked. Add it, or confirm a candidate by hand.",
            );
        }
        return;
    };
    let kind = row.text(Shared::IdType).unwrap_or("RESIDENT_ID").to_owned();
    row.set(Shared::IdType, Cell::Text(kind.clone()));
    if !matches!(
        kind.as_str(),
        "RESIDENT_ID" | "HMT_RESIDENCE_PERMIT" | "FOREIGN_PERMANENT_RESIDENT"
    ) {
        return;
    }
    let check = identity::check(&raw, around.today, |address| known(around.reference, address));
    for fault in &check.faults {
        row.fault(Shared::IdNumber, fault.code(), fault.message_zh(), fault.message_en());
    }
    for warning in &check.warnings {
        row.finding(Shared::IdNumber, warning.code(), warning.message_zh(), warning.message_en());
    }
    if check.kind == IdentityKind::ForeignPermanentResident && kind == "RESIDENT_ID" {
        row.set(Shared::IdType, Cell::Text("FOREIGN_PERMANENT_RESIDENT".to_owned()));
    }
    row.set(Shared::IdNumber, Cell::Text(check.normalised));
    if let Some(sex) = check.sex {
        let derived = match sex {
            Sex::Male => "MALE",
            Sex::Female => "FEMALE",
        };
        settle(row, Shared::Sex, Cell::Text(derived.to_owned()), "SEX_MISMATCH");
    }
    if let Some(day) = check.birth_date {
        settle(row, Shared::BirthDate, Cell::Date(day), "BIRTH_DATE_MISMATCH");
    }
}

/// Whether a record of the family is nothing without the person.
fn person_itself(family: &Family) -> bool {
    family.is::<entity::person::Entity>() || family.is::<entity::employment::Entity>()
}

/// Fills an empty column with what the number says, or notes that they differ; what was handed in
/// stays.
fn settle(row: &mut View<'_, Shared>, column: Shared, derived: Cell, code: &str) {
    if !row.has(column) {
        return;
    }
    if row.get(column).is_null() {
        row.set(column, derived);
    } else if *row.get(column) != derived {
        // About the number, not the column: whoever may not read the number is not told that it
        // says something else.
        let (zh, en) = if column == Shared::Sex {
            ("性别", "The sex")
        } else {
            ("出生日期", "The date of birth")
        };
        row.finding(
            Shared::IdNumber,
            code,
            format!("{zh}与证件号码所载不一致。请核对。"),
            format!("{en} differs from what the identity number says. Check it."),
        );
    }
}

fn known(reference: &Reference, address: &str) -> AddressKnown {
    let is = |table: &str| {
        reference
            .table(table)
            .is_some_and(|table| !matches!(table.look_up(address, None), Lookup::Unknown))
    };
    if is("region") {
        AddressKnown::Current
    } else if is("abolished_region") {
        AddressKnown::Abolished
    } else {
        AddressKnown::Unknown
    }
}
