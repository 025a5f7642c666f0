//! Education bases: the days of their state, the step from the state the store has, objections.

use chrono::NaiveDate;
use entity::education_base::Column;

use crate::{
    domain::{
        code::Coded as _,
        education_base::{BaseDay, BaseFault, BaseState, check_days},
    },
    store::sql::cell::Cell,
    submit::draft::View,
};

const fn column(day: BaseDay) -> Column {
    match day {
        BaseDay::Evaluated => Column::EvaluatedOn,
        BaseDay::Published => Column::PublishedOn,
        BaseDay::Named => Column::NamedOn,
        BaseDay::Revoked => Column::RevokedOn,
    }
}

/// Checks what the row says of itself.
pub(super) fn apply(row: &mut View<'_, Column>, today: NaiveDate) {
    let done = [BaseDay::Evaluated, BaseDay::Published, BaseDay::Named, BaseDay::Revoked];
    for column in done.map(column).into_iter().chain([Column::OpenedOn]) {
        if row.day(column).is_some_and(|day| day > today) {
            row.fault(
                column,
                "DATE_IN_FUTURE",
                "日期在将来。请核对；尚未办理的请留空。",
                "The day lies in the future. Check it; leave empty what has not been done.",
            );
        }
    }
    if row.day(Column::PlannedOn).zip(row.day(Column::OpenedOn)).is_some_and(|(from, to)| to < from)
    {
        row.fault(
            Column::OpenedOn,
            "DATE_ORDER",
            "开放日期早于立项日期。请核对。",
            "It was opened before it was planned. Check the days.",
        );
    }
    let Some(state) = row.text(Column::BaseStatus).and_then(BaseState::from_code) else { return };
    let faults = check_days(state, row.day(Column::PlannedOn), |day| row.day(column(day)));
    for fault in faults {
        match fault {
            BaseFault::Missing(day) => row.fault(
                column(day),
                "BASE_DAY_MISSING",
                format!("状态为“{}”的基地须有此日期。请补填，或改正状态。", state.name_zh()),
                "A base in that state has this day. Add it, or mend the state.",
            ),
            BaseFault::Order(day) => row.fault(
                column(day),
                "DATE_ORDER",
                "日期早于应在其前的步骤（立项、评估、公示、命名依次进行）。请核对。",
                "The day lies before a step that comes first (planned, evaluated, published, named). Check the days.",
            ),
        }
    }
    if state.is_named() && *row.get(Column::Objected) == Cell::Bool(true) {
        row.fault(
            Column::Objected,
            "BASE_NAMED_AGAINST_OBJECTION",
            "公示期间有异议的，不能命名。请先处理异议，重新公示后再填报命名。",
            "A base is not named while somebody objects. Settle the objection and publish it again first.",
        );
    }
}

/// Checks the step from the state the store has.
pub(super) fn step(row: &mut View<'_, Column>, from: &str) {
    let (Some(from), Some(to)) =
        (BaseState::from_code(from), row.text(Column::BaseStatus).and_then(BaseState::from_code))
    else {
        return;
    };
    if !from.may_become(to) {
        let open: Vec<&str> = from.next().iter().map(|state| state.name_zh()).collect();
        row.fault(
            Column::BaseStatus,
            "BASE_STATE_STEP",
            format!(
                "基地现为“{}”，不能改为“{}”；可以改为：{}。",
                from.name_zh(),
                to.name_zh(),
                open.join("、")
            ),
            "That state does not follow the one the base is in. The catalogue of `base_status` has the steps.",
        );
    }
}
