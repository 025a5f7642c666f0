//! Hazards: the dates of their state, the step from the state the store has, and supervision.
//! Source: domain reference §3.12.

use entity::hazard_rectification::Column;

use crate::{
    domain::{
        code::Coded as _,
        hazard::{Dates, HazardState, Milestone, check_dates},
    },
    store::sql::cell::Cell,
    submit::{draft::View, rules::RuleContext},
};

const fn column(milestone: Milestone) -> Column {
    match milestone {
        Milestone::Found => Column::FoundAt,
        Milestone::Ordered => Column::OrderedAt,
        Milestone::Deadline => Column::Deadline,
        Milestone::Extended => Column::ExtendedDeadline,
        Milestone::Submitted => Column::SubmittedAt,
        Milestone::Rechecked => Column::RecheckAt,
        Milestone::Closed => Column::ClosedAt,
        Milestone::Transferred => Column::TransferredAt,
    }
}

const MILESTONES: [Milestone; 8] = [
    Milestone::Found,
    Milestone::Ordered,
    Milestone::Deadline,
    Milestone::Extended,
    Milestone::Submitted,
    Milestone::Rechecked,
    Milestone::Closed,
    Milestone::Transferred,
];

/// Checks what the row says of itself.
pub(super) fn apply(row: &mut View<'_, Column>, around: &RuleContext<'_>) {
    source(row, around);
    let Some(state) = row.text(Column::Status).and_then(HazardState::from_code) else { return };
    let dates = MILESTONES
        .into_iter()
        .fold(Dates::default(), |dates, of| dates.with(of, row.day(column(of))));
    // A missing or future day of finding is told by the declaration already.
    for fault in check_dates(state, &dates, around.today)
        .into_iter()
        .filter(|fault| fault.about() != Milestone::Found)
    {
        row.fault(column(fault.about()), fault.code(), fault.message_zh(), fault.message_en());
    }
    if state == HazardState::Transferred && row.text(Column::TransferredTo).is_none() {
        row.fault(
            Column::TransferredTo,
            "HAZARD_RECEIVER_MISSING",
            "已移送的隐患须写明移送部门。请补填。",
            "A hazard that was handed over says to which department. Add it.",
        );
    }
    if state == HazardState::Supervised {
        if *row.get(Column::Supervised) == Cell::Bool(false) {
            row.fault(
                Column::Supervised,
                "HAZARD_SUPERVISION_CONTRADICTION",
                "治理状态为挂牌督办，而“是否挂牌督办”为否。请核对。",
                "The state says supervised, the field says not. Check them.",
            );
        }
        row.set(Column::Supervised, Cell::Bool(true));
    }
    if row.text(Column::Level) == Some("MAJOR")
        && !row.yes(Column::Supervised)
        && state != HazardState::Transferred
    {
        row.finding(
            Column::Supervised,
            "MAJOR_HAZARD_NOT_SUPERVISED",
            "重大事故隐患应当督办（安全生产法第四十一条）。请核对是否已挂牌督办。",
            "A major hazard has to be supervised (安全生产法 article 41). Check whether it is.",
        );
    }
}

/// Which departments hand in hazards found in which way stands in the code table: 人社 only what
/// its own spot checks found.
fn source(row: &mut View<'_, Column>, around: &RuleContext<'_>) {
    let Some(source) = row.text(Column::Source) else { return };
    let code =
        around.reference.table("hazard_source").and_then(|table| table.editions(source).next());
    let departments = code.and_then(|code| code.attributes.get("departments"));
    if departments
        .is_some_and(|list| list.split('|').all(|department| department != around.department))
    {
        row.fault(
            Column::Source,
            "HAZARD_SOURCE_NOT_YOURS",
            "本部门不报送这一来源的隐患。可报送的来源见代码表 hazard_source 的 departments；人社部门只报送本部门抽查（SPOT_CHECK）发现的隐患。",
            "Your department does not hand in hazards found in this way. The column departments of hazard_source says which; 人社 hands in what its own spot checks (SPOT_CHECK) found.",
        );
    }
}

/// Checks the step from the state the store has.
pub(super) fn step(row: &mut View<'_, Column>, from: &str) {
    let (Some(from), Some(to)) =
        (HazardState::from_code(from), row.text(Column::Status).and_then(HazardState::from_code))
    else {
        return;
    };
    if !from.may_become(to) {
        row.fault(Column::Status, HazardState::STEP_CODE, from.refusal_zh(to), from.refusal_en(to));
    }
}
