//! Disease cases: edition, class, exposure, stage.

use entity::occupational_disease_case::Column;

use crate::{
    domain::disease::{catalogue_edition, exposure_months, under_five_years},
    store::{reference::Lookup, sql::cell::Cell},
    submit::{draft::View, rules::RuleContext},
};

/// Computes what follows from the disease and the day of diagnosis. Source: 职业病分类和目录;
/// domain reference §3.5, §3.6.
pub(super) fn apply(row: &mut View<'_, Column>, around: &RuleContext<'_>) {
    let day = row.day(Column::DiagnosedAt);
    if let Some(day) = day {
        row.set(Column::CatalogueEdition, Cell::Text(catalogue_edition(day).to_owned()));
    }
    let mut dust = false;
    let disease = row.text(Column::DiseaseCode).map(ToOwned::to_owned);
    if let Some(Lookup::Valid(code)) = disease
        .as_deref()
        .zip(around.reference.table("disease"))
        .map(|(code, table)| table.look_up(code, day))
    {
        row.set(Column::DiseaseClass, code.parent.clone().map_or(Cell::Null, Cell::Text));
        let kind = code.attributes.get("pneumoconiosis_kind").cloned();
        dust = kind.is_some();
        match (&kind, row.text(Column::PneumoconiosisKind)) {
            (Some(kind), None) => row.set(Column::PneumoconiosisKind, Cell::Text(kind.clone())),
            (kind, Some(given)) if kind.as_deref() != Some(given) => row.finding(
                Column::PneumoconiosisKind,
                "PNEUMOCONIOSIS_KIND_MISMATCH",
                "尘肺类别与病名不一致。请核对。",
                "The kind of pneumoconiosis does not fit the disease. Check it.",
            ),
            _ => {}
        }
        if kind.is_some()
            && row.get(Column::Stage).is_null()
            && row.text(Column::ReportNature) != Some("DEATH")
        {
            row.finding(
                Column::Stage,
                "STAGE_MISSING",
                "尘肺病没有期别。请补充。",
                "A pneumoconiosis without its stage. Add it.",
            );
        }
    }
    if row.day(Column::ExposureStart).zip(day).is_some_and(|(start, day)| start > day) {
        row.finding(
            Column::ExposureStart,
            "DATE_ORDER",
            "开始接触日期晚于诊断日期。请核对。",
            "Exposed for the first time after the diagnosis. Check the dates.",
        );
    }
    if row.get(Column::ExposureYears).is_null() && row.get(Column::ExposureMonths).is_null() {
        // The share of pneumoconiosis with less than five years of exposure rests on it. Source:
        // domain reference §6.2, I3.
        if dust && row.text(Column::ReportNature) == Some("FIRST") {
            row.finding(
                Column::ExposureYears,
                "EXPOSURE_TIME_MISSING",
                "尘肺病首次报告没有接尘工龄，统计时按“接尘工龄不明”另列。请补充接尘工龄的年数、月数。",
                "A first report of pneumoconiosis without its time of exposure is counted apart as not known. Add exposureYears and \
                 exposureMonths.",
            );
        }
        return;
    }
    // What is a year or more belongs to the years.
    if !row.get(Column::ExposureYears).is_null() && row.number(Column::ExposureMonths) > 11 {
        row.fault(
            Column::ExposureMonths,
            "EXPOSURE_MONTHS_OVER_YEAR",
            "已填年数，月数只填不足一年的部分（0 至 11）。如月数是全部工龄，请只留月数一列。",
            "With years given, months are what is left of a year (0 to 11). Where the months are all of it, give them alone.",
        );
        return;
    }
    if row.number(Column::ExposureYears).saturating_mul(12) + row.number(Column::ExposureMonths)
        > 70 * 12
    {
        row.fault(
            Column::ExposureYears,
            "EXPOSURE_TOO_LONG",
            "接害工龄超过七十年，多半是把月数填成了年数。请核对单位。",
            "More than seventy years of exposure; months may stand for years. Check the unit.",
        );
        return;
    }
    let months =
        exposure_months(row.count(Column::ExposureYears), row.count(Column::ExposureMonths));
    row.set(Column::ExposureMonthsTotal, Cell::Int(months.into()));
    row.set(Column::UnderFiveYears, Cell::Bool(under_five_years(months)));
}
