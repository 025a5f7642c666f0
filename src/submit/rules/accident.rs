//! Accidents: casualties, grade and edition.

use entity::accident::Column;

use crate::{
    domain::{
        accident::{Casualties, CasualtyBasis, accident_type_edition, casualties, grade},
        code::Coded as _,
    },
    store::sql::cell::Cell,
    submit::draft::View,
};

/// Computes what follows from counts, loss and date. Source: 生产安全事故报告和调查处理条例 第三条;
/// domain reference §1.7, §3.3.
pub(super) fn apply(row: &mut View<'_, Column>) {
    let toll = Casualties {
        deaths: row.count(Column::Deaths),
        missing: row.count(Column::Missing),
        serious: row.count(Column::SeriousInjuries),
        acute_poisonings: row.count(Column::AcutePoisonings),
        minor: row.count(Column::MinorInjuries),
    };
    let construction = row.text(Column::KeyIndustry) == Some("CONSTRUCTION");
    let grade = grade(&toll, row.get(Column::DirectLossFen).as_int(), construction);
    row.set(Column::Grade, grade.map_or(Cell::Null, |grade| Cell::Text(grade.code().to_owned())));
    row.set(
        Column::Casualties,
        Cell::Int(casualties(&toll, CasualtyBasis::DeathsMissingInjured).into()),
    );
    if let Some(day) = row.day(Column::OccurredAt) {
        row.set(Column::AccidentTypeEdition, Cell::Text(accident_type_edition(day).to_owned()));
    }
    if let (Some(occurred), Some(reported)) =
        (row.day(Column::OccurredAt), row.day(Column::ReportedAt))
        && reported < occurred
    {
        row.finding(
            Column::ReportedAt,
            "DATE_ORDER",
            "接报早于发生。请核对。",
            "Reported before it happened. Check it.",
        );
    }
    notices(row);
}

/// Notices and changes of the toll follow the accident; a change is reported after it happened.
fn notices(row: &mut View<'_, Column>) {
    for (first, then) in [
        (Column::OccurredAt, Column::HrssNotifiedAt),
        (Column::OccurredAt, Column::UnionNotifiedAt),
        (Column::OccurredAt, Column::TollChangedAt),
        (Column::TollChangedAt, Column::TollReportedAt),
    ] {
        if let (Some(earlier), Some(later)) = (row.day(first), row.day(then))
            && later < earlier
        {
            row.finding(
                then,
                "DATE_ORDER",
                "日期先后有误。请核对。",
                "It lies before what it follows. Check the dates.",
            );
        }
    }
    if row.get(Column::TollChangedAt).is_null() && !row.get(Column::TollReportedAt).is_null() {
        row.finding(
            Column::TollChangedAt,
            "TOLL_CHANGE_MISSING",
            "有补报日期而没有伤亡人数变化日期。请补充。",
            "A change of the toll was reported, but not when it happened. Add the day.",
        );
    }
}
