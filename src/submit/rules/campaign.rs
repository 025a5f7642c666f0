//! Campaigns: their days.

use entity::campaign::Column;

use crate::submit::draft::View;

/// Checks that a campaign ends no earlier than it begins.
pub(super) fn apply(row: &mut View<'_, Column>) {
    if row.day(Column::StartedOn).zip(row.day(Column::EndedOn)).is_some_and(|(from, to)| to < from)
    {
        row.fault(
            Column::EndedOn,
            "DATE_ORDER",
            "结束日期早于开始日期。请核对。",
            "It ends before it begins. Check the days.",
        );
    }
}
