//! Work injuries: links, article against result, order of dates.

use entity::work_injury::Column;

use crate::{
    domain::{
        code::Coded as _,
        department::Department,
        recognition::{Article, RecognitionDates, RecognitionResult, check_article, check_dates},
    },
    store::sql::cell::Cell,
    submit::{draft::View, rules::reference_of},
};

/// Sets the links to accident and disease case, and notes contradictions. Source: 工伤保险条例 arts
/// 14–17, 20.
pub(super) fn apply(row: &mut View<'_, Column>) {
    if let Some(number) = row.text(Column::AccidentNo).map(ToOwned::to_owned) {
        let department =
            row.text(Column::AccidentDepartment).unwrap_or(Department::EMERGENCY.code()).to_owned();
        let system = row.text(Column::AccidentSourceSystem).unwrap_or_default().to_owned();
        row.set(Column::AccidentDepartment, Cell::Text(department.clone()));
        row.set(Column::AccidentRef, Cell::Text(reference_of(&department, &system, &number)));
    }
    if let Some(number) = row.text(Column::DiseaseCardNo).map(ToOwned::to_owned) {
        let system = row.text(Column::DiseaseCardSourceSystem).unwrap_or_default().to_owned();
        row.set(
            Column::DiseaseCaseRef,
            Cell::Text(reference_of(Department::HEALTH.code(), &system, &number)),
        );
    }
    let article = row.text(Column::Article).and_then(Article::from_code);
    if let Some(result) = row.text(Column::Result).and_then(RecognitionResult::from_code)
        && let Some(warning) = check_article(article, result)
    {
        row.finding(Column::Article, warning.code(), warning.message_zh(), warning.message_en());
    }
    let dates = RecognitionDates {
        event: row.day(Column::InjuredAt),
        application: row.day(Column::AppliedAt),
        acceptance: row.day(Column::AcceptedAt),
        decision: row.day(Column::DecidedAt),
    };
    for fault in check_dates(&dates) {
        row.finding(Column::InjuredAt, fault.code(), fault.message_zh(), fault.message_en());
    }
    if let (Some(accepted), Some(since)) =
        (row.day(Column::AcceptedAt), row.day(Column::SuspendedSince))
        && since < accepted
    {
        row.finding(
            Column::SuspendedSince,
            "DATE_ORDER",
            "中止早于受理。请核对。",
            "Suspended before it was accepted. Check the dates.",
        );
    }
    if !row.get(Column::SuspendedSince).is_null() && !row.get(Column::DecidedAt).is_null() {
        row.finding(
            Column::SuspendedSince,
            "SUSPENDED_AFTER_DECISION",
            "已作出决定而仍在中止。请核对，恢复后应去掉中止起始日期并计入中止天数。",
            "Decided and still suspended. Check it; a suspension that ended is counted in suspendedDays.",
        );
    }
    if row.text(Column::Article) == Some("ART14_4") && row.text(Column::DiseaseCardNo).is_none() {
        row.finding(
            Column::DiseaseCardNo,
            "DISEASE_CARD_MISSING",
            "职业病工伤没有报告卡编号，不能与卫生健康部门的病例关联。",
            "A disease injury without its report card is not linked to the health record.",
        );
    }
}
