//! Work injuries: links, article against result, order of dates.

use chrono::NaiveDate;
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
pub(super) fn apply(row: &mut View<'_, Column>, today: NaiveDate) {
    not_yet(row, today);
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
        event: event(row, article),
        application: row.day(Column::AppliedAt),
        acceptance: row.day(Column::AcceptedAt),
        decision: row.day(Column::DecidedAt),
    };
    for fault in check_dates(&dates) {
        let of_disease = row.get(Column::InjuredAt).is_null();
        let field = if of_disease { Column::DiagnosedAt } else { Column::InjuredAt };
        row.finding(field, fault.code(), fault.message_zh(), fault.message_en());
    }
    let dated = [Column::InjuredAt, Column::DecidedAt, Column::AcceptedAt, Column::AppliedAt];
    if dated.into_iter().all(|column| row.get(column).is_null()) {
        row.finding(
            Column::DecidedAt,
            "INJURY_YEAR_UNKNOWN",
            "没有决定、受理和申请日期，不计入任何年度的工伤人数。请补填。",
            "Without the day of decision, acceptance or application it counts in no year. Add one.",
        );
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
    if article == Some(Article::Art14_4) && row.text(Column::DiseaseCardNo).is_none() {
        row.finding(
            Column::DiseaseCardNo,
            "DISEASE_CARD_MISSING",
            "职业病工伤没有报告卡编号，不能与卫生健康部门的病例关联。",
            "A disease injury without its report card is not linked to the health record.",
        );
    }
}

/// The day of the event. An occupational disease has a day of diagnosis, which is sensitive, and no
/// day of injury: one that is handed in as such is kept as the day of diagnosis. Source:
/// 工伤保险条例 art. 17; domain reference §5.3 (accidentAt, diagnosisAt).
fn event(row: &mut View<'_, Column>, article: Option<Article>) -> Option<NaiveDate> {
    let (injured, diagnosed) = (row.day(Column::InjuredAt), row.day(Column::DiagnosedAt));
    let of_card = article.is_none() && row.text(Column::DiseaseCardNo).is_some();
    if article != Some(Article::Art14_4) && !of_card {
        // Which of both it is may not be known before the decision.
        let day = injured.or(diagnosed.filter(|_| article.is_none()));
        if day.is_none() {
            missing(row, Column::InjuredAt, "受伤日期", "injuredAt");
        }
        return day;
    }
    match (injured, diagnosed) {
        (None, None) => missing(row, Column::DiagnosedAt, "诊断日期", "diagnosedAt"),
        (Some(injured), Some(diagnosed)) if injured != diagnosed => row.fault(
            Column::InjuredAt,
            "DISEASE_HAS_NO_INJURY_DAY",
            "职业病没有受伤日期。请去掉受伤日期；不是职业病的，请核对适用条款和报告卡编号。",
            "An occupational disease has no day of injury. Leave it out, or check article and report card.",
        ),
        (Some(day), stated) => {
            row.set(Column::InjuredAt, Cell::Null);
            row.set(Column::DiagnosedAt, Cell::Date(day));
            if stated.is_none() {
                row.finding(
                    Column::DiagnosedAt,
                    "INJURY_DAY_AS_DIAGNOSIS",
                    "职业病的受伤日期已按诊断日期保存。请在来源系统改报诊断日期。",
                    "The day of injury of a disease is kept as its day of diagnosis; hand it in as diagnosedAt.",
                );
            }
        }
        (None, Some(_)) => {}
    }
    diagnosed.or(injured)
}

/// What has happened has happened until today.
fn not_yet(row: &mut View<'_, Column>, today: NaiveDate) {
    let days = [Column::InjuredAt, Column::DiagnosedAt, Column::AppliedAt, Column::AcceptedAt];
    for column in days.into_iter().chain([Column::DecidedAt]) {
        if row.day(column).is_some_and(|day| day > today) {
            row.fault(
                column,
                "DATE_IN_FUTURE",
                "日期在将来。请核对。",
                "The date lies in the future. Check it.",
            );
        }
    }
}

/// A day that the store knows as a day of diagnosis does not become a day of injury, which more
/// people may see, because the card was left out.
pub(super) fn step(row: &mut View<'_, Column>, from: &str) {
    let injured = row.day(Column::InjuredAt);
    if injured.is_some_and(|day| day.to_string() == from) && row.get(Column::DiagnosedAt).is_null()
    {
        row.fault(
            Column::InjuredAt,
            "DISEASE_HAS_NO_INJURY_DAY",
            "平台已按诊断日期保存这一天。请填入诊断日期，受伤日期留空；并补填报告卡编号或适用条款。",
            "The hub holds this day as the day of diagnosis. Hand it in as diagnosedAt, with the report card or the article.",
        );
    }
}

fn missing(row: &mut View<'_, Column>, column: Column, label: &str, name: &str) {
    row.fault(
        column,
        "REQUIRED",
        format!("缺少“{label}”。请补填。"),
        format!("{name} is missing."),
    );
}
